"""走势 what a place carried at the end of each month or year, from the log's own versions."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import accumulate

from registry.domain.records import SHANGHAI, Wire, utc
from registry.store import burden as store
from registry.store.burden import County, Step

_MONTHS = 12
PERIODS = {"month": _MONTHS, "year": 5}
"""How many points are told."""


class Point(Wire, frozen=True, kw_only=True):
    """一期: what was there at the end of it; of the running one, on the day asked for."""

    period: str
    """``YYYY-MM`` or ``YYYY``."""
    on: date
    items: int
    items_legacy: int
    hours_year: int
    """Of the items alone: what the registry itself asks is told apart."""


class Since:
    """何时: days of a county as moments of its log."""

    def __init__(self, county: County) -> None:
        self.county = county

    def end_of(self, day: date) -> int:
        """The last event of a civil day."""
        after = utc(datetime.combine(day + timedelta(days=1), time(), SHANGHAI))
        return store.moment_of(self.county, after)


def trend(since: Since, paths: Sequence[str], asked: tuple[date, str]) -> list[Point]:
    """What lies below the paths at the end of the last periods, the oldest first.

    Args:
        asked: the day of the last point, and ``month`` or ``year``.
    """
    periods = _periods(*asked)
    moments = [since.end_of(day) for _, day in periods]
    came, went, late = store.steps(since.county, moments, paths)
    gains = _running(came, len(moments))
    losses = _running(went, len(moments))
    points = []
    for at, (name, day) in enumerate(periods):
        # Written down later than this, and known to have been there by then.
        known = [s for s in late if s.at > at and s.since is not None and s.since <= f"{day}"]
        items, legacy, hours = (
            gain - loss + sum(getattr(step, name) for step in known)
            for gain, loss, name in zip(gains[at], losses[at], _COUNTED, strict=True)
        )
        points.append(Point(period=name, on=day, items=items, items_legacy=legacy,
                            hours_year=hours))  # fmt: skip
    return points


_COUNTED = ("items", "legacy", "hours")


def _running(steps: Sequence[Step], many: int) -> list[tuple[int, ...]]:
    """What had come, or gone, by each moment."""
    columns = []
    for name in _COUNTED:
        by = [0] * (many + 1)
        for step in steps:
            by[step.at] += getattr(step, name)
        columns.append(list(accumulate(by))[:many])
    return list(zip(*columns, strict=True))


def _periods(on: date, by: str) -> list[tuple[str, date]]:
    """The periods that end with the one a day lies in, each with its last day; the last with the
    day itself."""
    found, day = [(_named(on, by), on)], on
    while len(found) < PERIODS[by]:
        day = (day.replace(day=1) if by == "month" else day.replace(month=1, day=1)) - timedelta(1)
        found.insert(0, (_named(day, by), day))
    return found


def _named(day: date, by: str) -> str:
    return f"{day:%Y-%m}" if by == "month" else f"{day:%Y}"
