"""日历: working days by published tables, and the marked guess beyond them."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.domain.calendar import (
    Calendar,
    Clock,
    DayKind,
    Unit,
    calendar_of,
    read_calendar_csv,
)

TABLES = Path(__file__).parents[2] / "seeds" / "calendars"
WEEKDAYS_ONLY = Calendar(years=frozenset({2018}))
"""What a counter that knows no holidays would use."""


def load(*years: int) -> Calendar:
    tables = []
    for year in years:
        table, errors = read_calendar_csv((TABLES / f"{year}.csv").read_bytes())
        assert errors == []
        assert table is not None
        assert table.year == year
        tables.append(table)
    return calendar_of(tables)


C2018 = load(2018)
AHEAD = Clock(days=30, count_first_day=True)
DECIDE = Clock(days=15, count_first_day=False)
ENTRY = date(2018, 11, 1)


def test_applying_on_14_september_is_thirty_days_ahead_when_that_day_counts() -> None:
    assert C2018.days_ahead(AHEAD, date(2018, 9, 14), ENTRY) == (30, False)


def test_applying_on_14_september_is_one_short_when_that_day_does_not_count() -> None:
    excluded = Clock(days=30, count_first_day=False)
    assert C2018.days_ahead(excluded, date(2018, 9, 14), ENTRY) == (29, False)
    assert C2018.days_ahead(excluded, date(2018, 9, 13), ENTRY) == (30, False)


def test_applying_on_20_september_is_too_late() -> None:
    assert C2018.days_ahead(AHEAD, date(2018, 9, 20), ENTRY) == (26, False)


def test_a_counter_without_holidays_would_wrongly_let_20_september_pass() -> None:
    assert WEEKDAYS_ONLY.days_ahead(AHEAD, date(2018, 9, 20), ENTRY) == (30, False)


def test_a_case_of_17_september_is_due_on_12_october() -> None:
    assert C2018.due(DECIDE, date(2018, 9, 17)) == (date(2018, 10, 12), False)
    assert WEEKDAYS_ONLY.due(DECIDE, date(2018, 9, 17)) == (date(2018, 10, 8), False)


def test_a_make_up_saturday_is_a_working_day_and_a_holiday_monday_is_not() -> None:
    assert C2018.is_working(date(2018, 9, 29)) == (True, False)
    assert C2018.is_working(date(2018, 9, 24)) == (False, False)


def test_a_first_day_off_is_never_day_one() -> None:
    sunday = date(2018, 9, 16)
    for counts in (True, False):
        assert C2018.add_working_days(sunday, 1, count_first_day=counts)[0] == date(2018, 9, 17)


def test_where_the_text_is_silent_the_later_reading_is_given() -> None:
    silent, excluded = Clock(days=15), Clock(days=15, count_first_day=False)
    assert C2018.due(silent, date(2018, 9, 17)) == C2018.due(excluded, date(2018, 9, 17))


def test_calendar_days_count_every_day() -> None:
    assert C2018.due(Clock(days=15, unit=Unit.CALENDAR), date(2018, 9, 17)) == (
        date(2018, 10, 2),
        False,
    )
    first = Clock(days=15, unit=Unit.CALENDAR, count_first_day=True)
    assert C2018.due(first, date(2018, 9, 17)) == (date(2018, 10, 1), False)
    assert C2018.days_ahead(first, date(2018, 9, 17), date(2018, 9, 20)) == (3, False)


def test_entry_on_or_before_the_day_of_applying_leaves_no_days() -> None:
    for entry in (date(2018, 9, 14), date(2018, 9, 1), date.min):
        assert C2018.days_ahead(AHEAD, date(2018, 9, 14), entry) == (0, False)


def test_a_clock_of_no_days_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        C2018.add_working_days(ENTRY, 0, count_first_day=True)


def test_a_year_without_a_table_is_provisional() -> None:
    calendar = load(2026)
    assert calendar.is_working(date(2027, 1, 4)) == (True, True)
    assert calendar.due(Clock(days=15, count_first_day=False), date(2026, 12, 25))[1]
    assert not calendar.due(Clock(days=2, count_first_day=False), date(2026, 12, 25))[1]


def test_without_a_table_the_holidays_of_fixed_date_are_known_and_the_lunar_ones_are_not() -> None:
    calendar = load(2026)
    for day in (date(2027, 1, 1), date(2027, 10, 1)):
        assert calendar.is_working(day) == (False, True)
    lunar_new_year = date(2027, 2, 8)
    assert lunar_new_year.weekday() == 0
    assert calendar.is_working(lunar_new_year) == (True, True)


def test_the_table_of_a_year_takes_the_mark_away() -> None:
    text = "date,kind,name,source\n2027-01-01,off,元旦,演示\n2027-01-02,work,元旦,演示\n"
    table, _ = read_calendar_csv(text.encode())
    assert table is not None
    calendar = calendar_of([table])
    assert calendar.is_working(date(2027, 1, 2)) == (True, False)
    assert calendar.is_working(date(2027, 1, 4)) == (True, False)


def test_a_far_date_is_counted_at_once() -> None:
    count, provisional = C2018.working_days_between(date(2018, 1, 1), date.max)
    assert count > 2_000_000
    assert provisional


def test_every_year_from_2015_to_2026_has_a_table_and_2027_has_none() -> None:
    assert load(*range(2015, 2027)).years == frozenset(range(2015, 2027))
    assert not (TABLES / "2027.csv").exists()


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("2018-02-30,off,甲,乙", "date"),
        ("2018/01/02,off,甲,乙", "date"),
        (",off,甲,乙", "date"),
        ("2018-01-02,rest,甲,乙", "kind"),
        ("2018-01-02,off,,乙", "name"),
        ("2018-01-02,off,甲,", "source"),
        ("2018-01-01,work,甲,乙", "date"),
        ("2019-01-01,off,甲,乙", "date"),
        ("2018-01-02,work,甲,乙", "kind"),
    ],
)
def test_a_bad_cell_of_a_calendar_is_named_and_no_table_is_made(line: str, column: str) -> None:
    text = f"date,kind,name,source\n2018-01-01,off,元旦,演示\n{line}\n"
    table, errors = read_calendar_csv(text.encode())
    assert table is None
    assert (3, column) in [(e.row, e.column) for e in errors]


def test_a_calendar_without_days_is_refused() -> None:
    table, errors = read_calendar_csv(b"date,kind,name,source\n")
    assert table is None
    assert errors


def test_tables_hold_both_kinds_of_days() -> None:
    table, _ = read_calendar_csv((TABLES / "2018.csv").read_bytes())
    assert table is not None
    assert {d.kind for d in table.days} == set(DayKind)


ALL = load(*range(2015, 2027))
DAYS = st.dates(date(2014, 1, 1), date(2029, 12, 31))


@given(DAYS, st.integers(1, 400), st.booleans())
def test_the_day_found_by_adding_is_that_many_working_days_away(
    start: date, n: int, counts: bool
) -> None:
    end, provisional = ALL.add_working_days(start, n, count_first_day=counts)
    first = start if counts else start + timedelta(days=1)
    assert ALL.is_working(end)[0]
    assert ALL.working_days_between(first, end) == (n, provisional)


@given(DAYS, st.integers(-5, 900))
def test_counting_by_weeks_agrees_with_counting_by_days(first: date, length: int) -> None:
    days = [first + timedelta(days=i) for i in range(length + 1)]
    last = first + timedelta(days=length)
    asked = [ALL.is_working(d) for d in days]
    assert ALL.working_days_between(first, last) == (
        sum(working for working, _ in asked),
        any(provisional for _, provisional in asked),
    )


@given(DAYS, st.integers(1, 60))
def test_counting_the_first_day_never_ends_later(start: date, n: int) -> None:
    with_first = ALL.add_working_days(start, n, count_first_day=True)[0]
    assert with_first <= ALL.add_working_days(start, n, count_first_day=False)[0]
