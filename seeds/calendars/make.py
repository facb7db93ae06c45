"""Write one table a year from the chinesecalendar library; run by hand when it learns a year.

.venv/bin/python seeds/calendars/make.py
"""

import csv
from importlib.metadata import version
from pathlib import Path

from chinese_calendar.constants import holidays, workdays

FIRST_YEAR = 2015
NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "National Day": "国庆节",
    "Mid-autumn Festival": "中秋节",
    "Anti-Fascist 70th Day": "抗战胜利七十周年纪念日",
}


def main() -> None:
    """One file for each year from ``FIRST_YEAR`` that the library knows."""
    source = f"国务院办公厅节假日安排通知(chinesecalendar {version('chinesecalendar')})"
    days = [(day, "off", name) for day, name in holidays.items()]
    days += [(day, "work", name) for day, name in workdays.items()]
    for year in sorted({day.year for day, _, _ in days if day.year >= FIRST_YEAR}):
        path = Path(__file__).with_name(f"{year}.csv")
        with path.open("w", encoding="utf-8", newline="") as file:
            out = csv.writer(file, lineterminator="\n")
            out.writerow(["date", "kind", "name", "source"])
            for day, kind, name in sorted(d for d in days if d[0].year == year):
                out.writerow([day.isoformat(), kind, NAMES[name], source])


if __name__ == "__main__":
    main()
