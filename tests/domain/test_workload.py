"""工时: the hours of a year follow from hours and cycle, and from nothing where one is not stated."""

from typing import get_args, get_type_hints

import pytest

from registry.domain.filing import Filing
from registry.domain.workload import TIMES_A_YEAR, hours_a_year


@pytest.mark.parametrize(
    ("cycle", "year"),
    [("day", 498), ("week", 104), ("month", 24), ("quarter", 8), ("year", 2), ("once", 2)],
)
def test_hours_of_a_cycle_are_told_for_the_year(cycle: str, year: int) -> None:
    assert hours_a_year(2, cycle, 249) == year


def test_what_is_not_stated_is_not_guessed() -> None:
    assert hours_a_year(None, "week", 249) is None
    assert hours_a_year(3, None, 249) is None
    assert hours_a_year(0, "week", 249) == 0


def test_every_cycle_that_may_be_filed_has_its_number() -> None:
    (words,) = [t for t in get_args(get_type_hints(Filing)["cycle"]) if t is not type(None)]
    assert set(get_args(words)) == {"day", *TIMES_A_YEAR}
