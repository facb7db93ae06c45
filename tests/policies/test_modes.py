"""方式与假日: workload, difficulty, headcount, duration give a mode; counties have own holidays."""

from datetime import date
from typing import Any

import pytest

from registry.domain.calendar import Calendar
from registry.policies.judge import Rulebook
from registry.policies.loader import PackError
from registry.policies.measuring.gauges import observed
from tests.policies.rulebooks import book_of, facts, judged, matter, pack, row, rule

ON = date(2026, 3, 2)
BANDS = [
    {"fact": "workload", "name": "light", "least": 0},
    {"fact": "workload", "name": "heavy", "least": 40},
    {"fact": "headcount", "name": "few", "least": 0},
    {"fact": "headcount", "name": "many", "least": 3},
]
HEAD = "# p,kind,workload,headcount,difficulty,duration,technical,eft,mode\n"
TABLE = HEAD + (
    "p,*,heavy,many,*,long_term,*,allow,project\n"
    "p,*,*,*,high,*,yes,allow,purchase\n"
    "p,*,heavy,*,*,*,*,allow,purchase\n"
    "p,*,light,*,*,*,*,allow,agreement\n"
)
RULES = [rule("OPEN"), rule("MODE")]
ROWS = [row("OPEN", "needs_approval"), row("MODE", "human_review", mode_fit="differs")]
COUNTY = pack("county", RULES, ROWS, document={"band": BANDS}, modes=TABLE)
BOOK = book_of(COUNTY)


def filed(hours: int | None = None, cycle: str | None = None, **fields: Any) -> dict[str, Any]:
    mode = fields.pop("mode", "transfer")
    line = {"key": "F1", "mode": mode, "amount_fen": 100, "fiscal_year": 2026}
    return {"hours_per_cycle": hours, "cycle": cycle, "funding": [line], **fields}


def told(book: Rulebook = BOOK, **fields: Any) -> dict[str, Any]:
    """What stands on the verdict of the mode."""
    found: dict[str, Any] = judged(book, ON, **fields).measured.get("mode", {})
    return found


@pytest.mark.parametrize(
    ("hours", "cycle", "a_month"),
    [(10, "month", 10), (90, "quarter", 30), (120, "year", 10), (10, "week", 43), (2, "day", 60),
     (50, "once", 50), (0, "day", 0)],
)  # fmt: skip
def test_work_is_counted_in_hours_a_month(hours: int, cycle: str, a_month: int) -> None:
    assert told(**filed(hours, cycle))["hours_a_month"] == a_month


@pytest.mark.parametrize(
    ("fields", "line", "mode"),
    [
        (filed(39, "month"), 5, "agreement"),
        (filed(40, "month"), 4, "purchase"),
        (filed(40, "month", headcount=3, duration="long_term"), 2, "project"),
        (filed(40, "month", headcount=2, duration="long_term"), 4, "purchase"),
        (filed(1, "month", difficulty="high", technical=True), 3, "purchase"),
    ],
)
def test_the_first_row_that_matches_names_the_mode(
    fields: dict[str, Any], line: int, mode: str
) -> None:
    assert (told(**fields)["line"], told(**fields)["mode"]) == (line, mode)
    assert (told(**fields)["pack"], told(**fields)["table"]) == ("county", "modes.csv")


@pytest.mark.parametrize(
    ("hours", "mode", "fit"),
    [(10, "transfer", "fits"), (10, "per_case", "fits"), (10, "purchase", "differs"),
     (10, "project", "differs"), (50, "purchase", "fits"), (50, "transfer", "differs"),
     (10, "none", "unset")],
)  # fmt: skip
def test_the_filings_mode_fits_the_one_named_or_differs(hours: int, mode: str, fit: str) -> None:
    assert facts(BOOK, ON, **filed(hours, "month", mode=mode))["mode_fit"] == fit


def test_a_mode_that_differs_goes_where_the_rows_send_it() -> None:
    assert judged(BOOK, ON, **filed(50, "month")).deciding == ["MODE"]
    assert judged(BOOK, ON, **filed(10, "month")).deciding == ["OPEN"]


def test_without_hours_and_without_a_table_nothing_is_named() -> None:
    assert facts(BOOK, ON, **filed())["mode_fit"] == "unset"
    assert told(**filed()) == {}
    plain = book_of(pack("plain", RULES, ROWS))
    assert facts(plain, ON, **filed(50, "month"))["mode_fit"] == "unset"


def test_both_deciders_read_the_table_alike() -> None:
    stock = book_of(COUNTY, decider="stock")
    for fields in (filed(10, "month"), filed(50, "month", headcount=5, duration="long_term")):
        assert told(stock, **fields) == told(**fields) != {}


def test_a_child_draws_its_own_bands_over_its_parents_table() -> None:
    lower = [{"fact": "workload", "name": "light", "least": 0},
             {"fact": "workload", "name": "heavy", "least": 8}]  # fmt: skip
    child = pack("child", [rule("C")], [row("C", "needs_approval")], parent="county",
                 document={"band": lower})  # fmt: skip
    both = book_of(child, COUNTY)
    assert told(both, **filed(10, "month"))["mode"] == "purchase"
    named = told(both, **filed(10, "month", headcount=3, duration="long_term"))
    assert named["mode"] == "project", "its parent's bands of headcount stay"


def test_a_childs_table_is_asked_before_its_parents() -> None:
    child = pack("child", [rule("C")], [row("C", "needs_approval")], parent="county",
                 modes=HEAD + "p,survey,*,*,*,*,*,allow,purchase\n")  # fmt: skip
    both = book_of(child, COUNTY)
    assert told(both, **filed(10, "month", kind="survey"))["pack"] == "child"
    assert told(both, **filed(10, "month"))["pack"] == "county"


def test_a_mode_that_no_filing_can_have_is_refused_with_its_place() -> None:
    wrong = TABLE.replace("project", "barter")
    with pytest.raises(PackError, match=r"modes\.csv:2:\d+: mode: 'barter'"):
        pack("county", RULES, ROWS, document={"band": BANDS}, modes=wrong)


# ---- holidays of a county -----------------------------------------------------------------------


def _day(on: date, kind: str) -> dict[str, Any]:
    return {"date": on, "kind": kind, "name": "演示节", "source": "演示县通知（虚构）"}


def _with(id: str, *days: dict[str, Any], **fields: Any) -> Any:
    document = {"holiday": list(days), "clock.apply_ahead": {"days": 2, "unit": "working"}}
    return pack(id, [rule(id.upper())], [row(id.upper(), "needs_approval")], document=document,
                **fields)  # fmt: skip


FRIDAY, SATURDAY, MONDAY = date(2026, 3, 6), date(2026, 3, 7), date(2026, 3, 9)
YEAR = Calendar(years=frozenset({2026}))


def test_a_countys_holiday_is_no_working_day_there() -> None:
    calendar = observed([_with("one", _day(FRIDAY, "off"), _day(SATURDAY, "work"))], YEAR)
    assert calendar.is_working(FRIDAY) == (False, False)
    assert calendar.is_working(SATURDAY) == (True, False)
    assert YEAR.is_working(FRIDAY) == (True, False)


def test_a_childs_day_takes_the_place_of_its_parents_and_of_the_nations() -> None:
    parent = _with("above", _day(FRIDAY, "off"), _day(MONDAY, "off"))
    child = _with("below", _day(FRIDAY, "work"), parent="above")
    nation = Calendar(years=frozenset({2026}), off=frozenset({FRIDAY}))
    calendar = observed([child, parent], nation)
    assert calendar.is_working(FRIDAY) == (True, False)
    assert calendar.is_working(MONDAY) == (False, False)


def test_a_local_holiday_makes_no_year_known() -> None:
    calendar = observed([_with("one", _day(FRIDAY, "off"))], Calendar())
    assert calendar.is_working(FRIDAY) == (False, True)


def test_the_days_before_entry_leave_a_countys_holiday_out() -> None:
    plain, own = _with("one"), _with("one", _day(FRIDAY, "off"))
    found = []
    for one in (plain, own):
        book = book_of(one)
        known = Rulebook(book.overlay, book.lists, observed([one], YEAR))
        vector = known.facts(matter(date(2026, 3, 4), starts_on="2026-03-07")).vectors[0][1]
        found.append("short" in vector)
    assert found == [False, True]
