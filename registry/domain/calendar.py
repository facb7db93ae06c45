"""日历 working days: published tables where there are any, a marked guess where there are none."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated

import msgspec

from registry.domain.records import Line, Record, Wire
from registry.domain.sheets import CellError, read_sheet, sheet_row, typed

SOLAR_HOLIDAYS: frozenset[tuple[int, int]] = frozenset(
    {(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)}
)
"""(month, day) of the statutory holidays fixed on civil dates 全国年节及纪念日放假办法.

春节, 清明, 端午 and 中秋 follow the moon and the sun, so without a table they are not known and
count as ordinary days. That is one reason why such a date is provisional.
"""
_WEEKEND = (5, 6)
_DAY = timedelta(days=1)


class DayKind(StrEnum):
    """放假或上班."""

    OFF = "off"
    WORK = "work"


class Unit(StrEnum):
    """期限单位."""

    WORKING = "working"
    CALENDAR = "calendar"


class CalendarDay(Wire, frozen=True, kw_only=True):
    """放假安排一行: a day off, or a weekend day worked instead 调休上班."""

    date: date
    kind: DayKind
    name: Line
    source: Line


class CalendarTable(Wire, frozen=True, kw_only=True):
    """放假安排表: the days of one year that differ from Monday to Friday."""

    year: int
    days: list[CalendarDay]


class CalendarYear(Record, frozen=True, kw_only=True):
    """放假安排 as the store keeps it: one year's table, replaced by a new version."""

    year: int
    days: list[CalendarDay]


class Clock(Wire, frozen=True, kw_only=True):
    """期限: a length of time as a rule pack states it."""

    days: Annotated[int, msgspec.Meta(ge=1, le=10_000)]
    unit: Unit = Unit.WORKING
    count_first_day: bool | None = None
    """Whether the day of the starting event counts; ``None`` = the text does not say."""


class Calendar(Wire, frozen=True, kw_only=True):
    """日历: every answer says whether it is provisional, i.e. touched a year without a table.

    A provisional date makes nothing overdue, expired or refused: it is shown and recomputed.
    """

    off: frozenset[date] = frozenset()
    work: frozenset[date] = frozenset()
    years: frozenset[int] = frozenset()
    """Years whose table is published and loaded."""
    solar: frozenset[tuple[int, int]] = SOLAR_HOLIDAYS

    def overlaid(self, *, off: Iterable[date], work: Iterable[date]) -> "Calendar":
        """地方假日 this calendar with days off and days worked of one place laid over it.

        What the national table says of such a day gives way; no year becomes known by it.
        """
        resting, worked = frozenset(off), frozenset(work)
        return msgspec.structs.replace(
            self,
            off=(self.off - worked) | resting,
            work=(self.work - resting) | worked,
        )

    def is_working(self, day: date) -> tuple[bool, bool]:
        """(whether ``day`` is a working day, whether that is provisional)."""
        provisional = day.year not in self.years
        if day in self.work or day in self.off:
            return day in self.work, provisional
        usual = day.weekday() not in _WEEKEND
        fixed = provisional and (day.month, day.day) in self.solar
        return usual and not fixed, provisional

    def add_working_days(self, start: date, n: int, *, count_first_day: bool) -> tuple[date, bool]:
        """The ``n``-th working day (n ≥ 1) from ``start``, and whether it is provisional.

        With ``count_first_day`` the start is day one if it is a working day; otherwise counting
        begins the day after.
        """
        if n < 1:
            raise ValueError("a clock has at least one day")
        day = start if count_first_day else start + _DAY
        left, guessed = n, False
        while True:
            working, provisional = self.is_working(day)
            guessed |= provisional
            left -= working
            if left == 0:
                return day, guessed
            day += _DAY

    def working_days_between(self, first: date, last: date) -> tuple[int, bool]:
        """Working days from ``first`` to ``last``, both counted, and whether provisional.

        Counted by weeks and exceptions, so that a far date in a filing costs nothing.
        """
        if last < first:
            return 0, False
        guessed = [y for y in range(first.year, last.year + 1) if y not in self.years]
        fixed = {date(y, month, day) for y in guessed for month, day in self.solar}
        resting = (fixed | self.off) - self.work
        count = _weekdays_before(last.toordinal() + 1) - _weekdays_before(first.toordinal())
        count -= sum(first <= d <= last and d.weekday() not in _WEEKEND for d in resting)
        count += sum(first <= d <= last and d.weekday() in _WEEKEND for d in self.work)
        return count, bool(guessed)

    def due(self, clock: Clock, start: date) -> tuple[date, bool]:
        """The last day of ``clock`` begun by an event on ``start``, and whether provisional.

        Where the text does not say if the first day counts, the later reading is given, so that
        silence makes nobody late; the other one comes from ``Clock(count_first_day=True)``.
        Calendar days are not moved off a holiday: no text read here says so.
        """
        first = clock.count_first_day is True
        if clock.unit is Unit.WORKING:
            return self.add_working_days(start, clock.days, count_first_day=first)
        return start + timedelta(days=clock.days - first), False

    def days_ahead(self, clock: Clock, applied: date, entry: date) -> tuple[int, bool]:
        """Days of ``clock``'s unit that lie before ``entry`` when applied for on ``applied``.

        The day of entry never counts; the day of applying counts where the clock says so. The
        caller compares the number with ``clock.days``.
        """
        if entry <= applied:
            return 0, False
        first = applied if clock.count_first_day is True else applied + _DAY
        if clock.unit is Unit.WORKING:
            return self.working_days_between(first, entry - _DAY)
        return (entry - first).days, False


def _weekdays_before(ordinal: int) -> int:
    """Mondays to Fridays among the days 1 … ``ordinal`` − 1; day 1 of the era is a Monday."""
    weeks, rest = divmod(ordinal - 1, 7)
    return weeks * _WEEKEND[0] + min(rest, _WEEKEND[0])


def calendar_of(tables: Iterable[CalendarTable]) -> Calendar:
    """The calendar of the loaded tables, one a year; a later one of the same year replaces it."""
    by_year = {table.year: table for table in tables}
    days = [day for table in by_year.values() for day in table.days]
    return Calendar(
        off=frozenset(d.date for d in days if d.kind is DayKind.OFF),
        work=frozenset(d.date for d in days if d.kind is DayKind.WORK),
        years=frozenset(by_year),
    )


def read_calendar_csv(
    data: bytes, *, row_limit: int | None = None
) -> tuple[CalendarTable | None, list[CellError]]:
    """放假安排表: columns ``date, kind (off|work), name, source``; one year a file.

    With any error there is no table.
    """
    sheet, errors = read_sheet(data, ("date", "kind", "name", "source"), row_limit=row_limit)
    days: list[CalendarDay] = []
    for index, cells in enumerate(sheet):
        day, found = typed(cells, CalendarDay, sheet_row(index))
        if day is not None:
            found += _misplaced(day, days, sheet_row(index))
            days.append(day)
        errors += found
    if errors or not days:
        return None, errors or [
            CellError(row=1, message="表中没有日期", message_en="no days in the table")
        ]
    return CalendarTable(year=days[0].date.year, days=days), []


def _misplaced(day: CalendarDay, before: Collection[CalendarDay], row: int) -> list[CellError]:
    def error(column: str, zh: str, en: str) -> CellError:
        return CellError(row=row, column=column, message=zh, message_en=en)

    errors = []
    if any(day.date == other.date for other in before):
        errors.append(error("date", "日期重复", "the date appears twice"))
    if any(day.date.year != other.date.year for other in before):
        errors.append(error("date", "一份表只收一个年度", "one year a file"))
    if day.kind is DayKind.WORK and day.date.weekday() not in _WEEKEND:
        errors.append(
            error("kind", "调休上班只能是周六、周日", "a make-up day must be a weekend day")
        )
    return errors
