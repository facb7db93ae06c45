"""走势 what a place carried at the end of each month or year, from the log's own versions."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from registry.domain.records import SHANGHAI, Wire, utc
from registry.store import burden as store
from registry.store.burden import County, When
from registry.store.kept import folded

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


def trend(since: Since, paths: Sequence[str], asked: tuple[date, str], today: date) -> list[Point]:
    """What lies below the paths at the end of the last periods, the oldest first.

    Args:
        asked: the day of the last point, and ``month`` or ``year``.
    """
    ids = tuple(f"/{path.strip('/').rpartition('/')[2]}/" for path in paths)
    points = []
    for name, day in periods(*asked):
        when = When(on=day, snapshot=None if day >= today else since.end_of(day))
        # Of any time, whatever the place itself lay in then.
        below = folded(
            store.there(since.county, when).items(),
            lambda key: any(id in key[1] for id in ids) or None,
        ).get(True)
        told = dict(zip(store.FIGURES, below or (0,) * len(store.FIGURES), strict=True))
        figures = {field: told[field] for field in ("items", "items_legacy", "hours_year")}
        points.append(Point(period=name, on=day, **figures))
    return points


def periods(on: date, by: str) -> list[tuple[str, date]]:
    """The periods that end with the one a day lies in, each with its last day; the last with the
    day itself."""
    found, day = [(_named(on, by), on)], on
    while len(found) < PERIODS[by]:
        day = (day.replace(day=1) if by == "month" else day.replace(month=1, day=1)) - timedelta(1)
        found.insert(0, (_named(day, by), day))
    return found


def _named(day: date, by: str) -> str:
    return f"{day:%Y-%m}" if by == "month" else f"{day:%Y}"
