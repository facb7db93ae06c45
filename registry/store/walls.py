"""牌子、机构计数 what hangs and sits in every community of a county, in one statement for each kind."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, case, func, literal, or_, select

from registry.domain.records import Wire
from registry.domain.walls import HANGING, Board, Bureau, Origin, WallState
from registry.store import tables

_COUNTED = ("standing", "ordered", "disputed", "removed", "before")


class Hung(Wire, frozen=True, kw_only=True):
    """一类的数: one community's boards of one form, place and origin, or its offices."""

    organisation_id: str
    origin: Origin
    form: str = ""
    place: str = ""
    meets: bool | None = None
    standing: int
    ordered: int
    disputed: int
    removed: int
    before: int


def hung(
    connection: Connection, county: str, kind: type[Board | Bureau], since: date | None
) -> list[Hung]:
    """Counts of a whole county.

    Args:
        since: the day to compare with: ``before`` = there at its end, ``removed`` = gone after
            it. ``None`` = ``before`` is what was there when the registry began (存量).
    """
    t = tables.BY_RECORD[kind]
    names = ("form", "place") if kind is Board else ("meets",)
    by = [t.c.organisation_id, t.c.origin, *(t.c[name] for name in names)]
    there = t.c.state.in_(sorted(state.value for state in HANGING))
    sums = (
        _sum(there),
        _sum(t.c.state == WallState.ORDERED.value),
        _sum(t.c.state == WallState.DISPUTED.value),
        _sum(_gone(t, since)),
        _sum(_was_there(t, since)),
    )
    query = (
        select(*by, *(s.label(name) for s, name in zip(sums, _COUNTED, strict=True)))
        .where(t.c.county == county, t.c.event_to.is_(None))
        .group_by(*by)
    )
    rows = connection.execute(query).mappings()
    return [Hung(**{str(k): _whole(k, v) for k, v in row.items()}) for row in rows]


def stood(
    connection: Connection, county: str, kind: type[Board | Bureau], days: Sequence[date]
) -> dict[str, list[int]]:
    """By body, how many were there at the end of each day, as it is known now."""
    t = tables.BY_RECORD[kind]
    sums = [_sum(_was_there(t, day)).label(f"n{n}") for n, day in enumerate(days)]
    query = (
        select(t.c.organisation_id, *sums)
        .where(t.c.county == county, t.c.event_to.is_(None))
        .group_by(t.c.organisation_id)
    )
    return {str(body): [int(n) for n in many] for body, *many in connection.execute(query)}


def _whole(name: Any, value: Any) -> Any:
    if name in _COUNTED:
        return int(value)
    return Origin(value) if name == "origin" else value


def _sum(condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.sum(case((condition, literal(1)), else_=literal(0)))


def _gone(t: Table, since: date | None) -> ColumnElement[bool]:
    gone = t.c.state == WallState.REMOVED.value
    return gone if since is None else and_(gone, t.c.removed_on > since)


def _was_there(t: Table, since: date | None) -> ColumnElement[bool]:
    """What nobody knows the first day of was there before it was written down here; what was
    brought in with the old stock, from the beginning."""
    if since is None:
        return t.c.origin == Origin.LEGACY.value
    first = func.coalesce(t.c.since, t.c.recorded_on)
    return and_(
        or_(first.is_(None), first <= since), or_(t.c.removed_on.is_(None), t.c.removed_on > since)
    )
