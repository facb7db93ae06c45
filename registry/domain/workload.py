"""工时 the hours that a matter takes of one community in a year, from what its filing states."""

from registry.domain.records import Count

TIMES_A_YEAR: dict[str, int] = {"week": 52, "month": 12, "quarter": 4, "year": 1, "once": 1}
"""周期 → how often a year it comes; a day's work comes on every working day of the calendar."""

HIDES = 3
"""Of fewer communities a median tells another's figure to who knows their own."""


def hours_a_year(hours: Count | None, cycle: str | None, working_days: Count) -> int | None:
    """每年工时 = 每周期工时 × 一年的周期数, in whole hours.

    A matter that lasts less than a year is told at its yearly rate all the same: what it costs
    while it lasts. ``None`` = hours or cycle are not stated.

    Args:
        working_days: of the civil year in which the work begins, by the calendar.
    """
    times = times_a_year(cycle, working_days)
    return None if hours is None or times is None else hours * times


def times_a_year(cycle: str | None, working_days: Count) -> int | None:
    """每年次数 of a cycle; ``None`` = no cycle is stated."""
    return None if cycle is None else TIMES_A_YEAR.get(cycle, working_days)
