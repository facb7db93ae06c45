"""负担清点 what each community carries on a day, one statement a figure, over the whole county at once.

A day of the past is read from the versions that stood at its end; what was there before the
registry and was written down later counts from the day it is known to have been there since.
Bodies are not decoded.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, FromClause, and_, case, false, func, or_, select

from registry.domain.areas import Area, AreaLevel
from registry.domain.certifying import CertificateDemand
from registry.domain.existing import Stocktake
from registry.domain.presence import Presence
from registry.domain.records import Record, Wire
from registry.domain.vocabulary import Kind
from registry.domain.walls import Board, Bureau, Origin
from registry.store import tables
from registry.store.counting import THERE

Values = dict[str, int]
"""Name of the figure → its value."""


class County(NamedTuple):
    """区县: one county on one reading connection."""

    connection: Connection
    code: str


class When(Wire, frozen=True, kw_only=True):
    """哪一天: the day, and what was recorded by then."""

    on: date
    snapshot: int | None = None
    """Last event of that day; ``None`` = now."""
    filled_in: list[Kind] = []
    """Kinds that are filled in 填表报数: reports, ledgers, surveys."""


class Place(NamedTuple):
    """社区: as much of a community as its figures stand under."""

    id: str
    code: str
    name: str
    path: str


def communities(county: County, on: date, below: Sequence[str] | None = None) -> list[Place]:
    """Every community there is on a day, in code order: the only order there is (P9).

    Args:
        below: paths of the areas in which they lie; ``None`` = anywhere.
    """
    a = tables.BY_RECORD[Area]
    query = select(a.c.id, a.c.code, a.c.name, a.c.path).where(
        a.c.county == county.code,
        a.c.event_to.is_(None),
        a.c.level == AreaLevel.COMMUNITY.value,
        or_(a.c.valid_from.is_(None), a.c.valid_from <= on),
        or_(a.c.valid_to.is_(None), a.c.valid_to >= on),
    )
    if below is not None:
        under = (a.c.path.startswith(p, autoescape=True) for p in below)
        query = query.where(or_(false(), *under))
    return [Place(*row) for row in county.connection.execute(query.order_by(a.c.code, a.c.id))]


def carried(county: County, when: When, areas: Sequence[str] | None = None) -> dict[str, Values]:
    """Items, hours, reports and meetings by community id: of all, or of some."""
    found: dict[str, Values] = {}
    p = tables.BY_RECORD[Presence]
    for condition in _days(p, county, when):
        query = select(p.c.area_id, *_measures(p, when)).where(*condition).group_by(p.c.area_id)
        if areas is not None:
            query = query.where(p.c.area_id.in_(areas))
        _add(found, county.connection.execute(query).mappings(), "area_id")
    return found


def split(
    county: County, when: When, column: str, areas: Sequence[str]
) -> dict[str, dict[str | None, Values]]:
    """Items and hours of some communities by one column of the presence: its kind, its duration or
    the department that asks it; community id → value → figures."""
    p = tables.BY_RECORD[Presence]
    key = p.c[column].label("key")
    found: dict[str, dict[str | None, Values]] = {}
    for condition in _days(p, county, when):
        query = (
            select(p.c.area_id, key, *_plain(p))
            .where(*condition, p.c.area_id.in_(list(areas)))
            .group_by(p.c.area_id, key)
        )
        for row in county.connection.execute(query).mappings():
            at = found.setdefault(row["area_id"], {})
            _plus(at.setdefault(row["key"], {}), row, ("area_id", "key"))
    return found


def hung(county: County, when: When) -> dict[str, Values]:
    """Boards by community id: those put up by the day and not gone by then."""
    return _standing(county, when, Board, "boards")


def seated(county: County, when: When) -> dict[str, Values]:
    """Bureaus 工作机构 by community id, likewise."""
    return _standing(county, when, Bureau, "bureaus")


def _standing(county: County, when: When, kind: type[Record], name: str) -> dict[str, Values]:
    w = tables.BY_RECORD[kind]
    begun = func.coalesce(w.c.since, w.c.recorded_on)
    legacy = _sum(case((w.c.origin == Origin.LEGACY.value, 1), else_=0))
    query = (
        select(w.c.area_id, func.count().label(name), legacy.label(f"{name}_legacy"))
        .where(
            w.c.county == county.code,
            w.c.event_to.is_(None),
            or_(begun.is_(None), begun <= when.on),
            or_(w.c.removed_on.is_(None), w.c.removed_on > when.on),
        )
        .group_by(w.c.area_id)
    )
    found: dict[str, Values] = {}
    _add(found, county.connection.execute(query).mappings(), "area_id")
    return found


def demanded(county: County, when: When, first: str) -> dict[str, Values]:
    """Certificates demanded, by community id, from the month ``first`` (``YYYY-MM``) to the day.
    The path is that of the day it was registered: the street may be another by now."""
    d = tables.BY_RECORD[CertificateDemand]
    query = (
        select(d.c.area_path, _sum(d.c.times).label("certificates"))
        .where(
            d.c.county == county.code,
            d.c.event_to.is_(None),
            d.c.month >= first,
            d.c.recorded_on <= when.on,
        )
        .group_by(d.c.area_path)
    )
    found: dict[str, Values] = {}
    for path, times in county.connection.execute(query):
        at = found.setdefault(path.strip("/").rpartition("/")[2], {})
        _plus(at, {"certificates": times}, ())
    return found


def moment_of(county: County, at: datetime) -> int:
    """The last event recorded before an instant, found from the end of the log's index."""
    e = tables.event
    query = select(e.c.seq).where(e.c.county == county.code, e.c.at < at)
    query = query.order_by(e.c.at.desc(), e.c.seq.desc()).limit(1)
    return int(county.connection.execute(query).scalar() or 0)


def first_stocktake(county: County) -> date | None:
    """存量登记 the first day on which something that was there before was brought in."""
    s = tables.BY_RECORD[Stocktake]
    query = select(s.c.taken_on).where(s.c.county == county.code, s.c.event_to.is_(None))
    first: date | None = county.connection.execute(query.order_by(s.c.taken_on).limit(1)).scalar()
    return first


# ---- trend 趋势 --------------------------------------------------------------------------------


class Step(Wire, frozen=True, kw_only=True):
    """增减: what came or went between two of the moments asked for."""

    at: int
    """Index of the first moment by which it had come, or gone; as many as there are moments = after
    the last."""
    since: str | None = None
    """It was there from this day on, though it was written down later; else ``None``."""
    items: int
    legacy: int
    hours: int


def steps(
    county: County, moments: Sequence[int], paths: Sequence[str]
) -> tuple[list[Step], list[Step], list[Step]]:
    """What came, what went, and what was written down late, below some paths; three statements
    however many moments there are.

    Args:
        moments: last event of each day asked for, ascending.
    """
    p = tables.BY_RECORD[Presence]
    below = or_(*(lay_in(p, path) for path in paths))
    here = (p.c.county == county.code, below)
    there = p.c.state.in_(THERE)
    came = _stepped(county, p, _bucket(p.c.event_from, moments), (*here, there))
    gone = (*here, there, p.c.event_to.is_not(None))
    went = _stepped(county, p, _bucket(p.c.event_to, moments), gone)
    late = (*here, there, p.c.version == 1, p.c.since.is_not(None))
    return came, went, _stepped(county, p, _bucket(p.c.event_from, moments), late, "since")


def lay_in(table: FromClause, path: str) -> ColumnElement[bool]:
    """Rows of any time that lay in a place, whatever the place itself lay in then."""
    found: ColumnElement[bool] = table.c.area_path.contains(
        f"/{path.strip('/').rpartition('/')[2]}/", autoescape=True
    )
    return found


def _carried(p: FromClause) -> list[ColumnElement[Any]]:
    return [p.c[name] for name in ("row_key", "hours_year", "since")]


def _bucket(seq: ColumnElement[Any], moments: Sequence[int]) -> ColumnElement[int]:
    return case(*((seq <= m, i) for i, m in enumerate(moments)), else_=len(moments))


def _stepped(
    county: County, p: FromClause, at: ColumnElement[int],
    conditions: Iterable[ColumnElement[bool]], *more: str,
) -> list[Step]:  # fmt: skip
    # Named first and grouped outside: the bounds of the moments are the same words in one place.
    rows = select(at.label("bucket"), *_carried(p)).where(*conditions).subquery()
    keys = [rows.c[name] for name in ("bucket", *more)]
    query = select(*keys, *_plain(rows)).group_by(*keys)
    return [
        Step(at=row["bucket"], since=row.get("since"), items=int(row["items"]),
             legacy=int(row["items_legacy"]), hours=int(row["hours_year"]))
        for row in county.connection.execute(query).mappings()
    ]  # fmt: skip


# ---- what is counted ----------------------------------------------------------------------------


def _days(p: FromClause, county: County, when: When) -> list[list[ColumnElement[bool]]]:
    """The rows that count on the day: each list of conditions is one statement."""
    there = [p.c.county == county.code, p.c.state.in_(THERE)]
    if when.snapshot is None:
        return [[*there, p.c.event_to.is_(None)]]
    at = when.snapshot
    stood = and_(p.c.event_from <= at, or_(p.c.event_to.is_(None), p.c.event_to > at))
    later = and_(p.c.version == 1, p.c.event_from > at, p.c.since <= when.on.isoformat())
    return [[*there, stood], [*there, later]]


def _plain(p: FromClause) -> list[ColumnElement[Any]]:
    """Items and hours, those that were there before the registry apart."""
    legacy = p.c.row_key.is_not(None)
    return [
        func.count().label("items"),
        _when(legacy).label("items_legacy"),
        _sum(p.c.hours_year).label("hours_year"),
        _when(legacy, p.c.hours_year).label("hours_legacy"),
        _when(p.c.hours_year.is_(None)).label("hours_unstated"),
    ]


def _measures(p: FromClause, when: When) -> list[ColumnElement[Any]]:
    filled = p.c.kind.in_([kind.value for kind in when.filled_in])
    meeting = p.c.kind == Kind.MEETING.value
    sitting = p.c.times_year * p.c.people
    return [
        *_plain(p),
        _when(filled).label("reports"),
        _when(filled, p.c.times_year).label("reports_year"),
        _when(and_(filled, p.c.times_year.is_(None))).label("reports_unstated"),
        _when(meeting).label("meetings"),
        _when(meeting, p.c.times_year).label("meetings_year"),
        _when(meeting, sitting).label("meeting_people_year"),
        _when(and_(meeting, sitting.is_(None))).label("meetings_unstated"),
    ]


def _when(condition: ColumnElement[bool], value: Any = 1) -> ColumnElement[int]:
    return _sum(case((condition, value), else_=0))


def _sum(value: ColumnElement[Any]) -> ColumnElement[int]:
    total: ColumnElement[int] = func.coalesce(func.sum(value), 0)
    return total


def _add(found: dict[str, Values], rows: Iterable[Mapping[Any, Any]], key: str) -> None:
    for row in rows:
        _plus(found.setdefault(row[key], {}), row, (key,))


def _plus(at: Values, row: Mapping[Any, Any], keys: Sequence[str]) -> None:
    counted = {name: int(value) for name, value in row.items() if name not in keys}
    for name, value in counted.items():
        at[name] = at.get(name, 0) + value
