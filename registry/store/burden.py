"""负担清点 what each community carries on a day, one statement a figure, over the whole county at once.

A day of the past is read from the versions that stood at its end; what was there before the
registry and was written down later counts from the day it is known to have been there since.
Bodies are not decoded.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
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
from registry.store.below import below
from registry.store.counting import THERE
from registry.store.kept import Kept, Sheet, Sums, counted, folded

Values = dict[str, int]
"""Name of the figure → its value."""


class County(NamedTuple):
    """区县: one county on one reading connection."""

    connection: Connection
    code: str
    kept: Kept
    """What is known of its figures already."""


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


def communities(county: County, on: date, paths: Sequence[str] | None = None) -> list[Place]:
    """Every community there is on a day, in code order: the only order there is (P9).

    Args:
        paths: of the areas in which they lie; ``None`` = anywhere.
    """
    a = tables.BY_RECORD[Area]
    query = select(a.c.id, a.c.code, a.c.name, a.c.path).where(
        a.c.county == county.code,
        a.c.event_to.is_(None),
        a.c.level == AreaLevel.COMMUNITY.value,
        or_(a.c.valid_from.is_(None), a.c.valid_from <= on),
        or_(a.c.valid_to.is_(None), a.c.valid_to >= on),
    )
    if paths is not None:
        under = (below(a.c.path, path) for path in paths)
        query = query.where(or_(false(), *under))
    return [Place(*row) for row in county.connection.execute(query.order_by(a.c.code, a.c.id))]


def carried(county: County, when: When, areas: Sequence[str] | None = None) -> dict[str, Values]:
    """Items, hours, reports and meetings by community id: of all, or of some."""
    p = tables.BY_RECORD[Presence]
    if areas is None:
        by_area = folded(there(county, when).items(), lambda key: key[0])
        return {id: dict(zip(FIGURES, told, strict=True)) for id, told in by_area.items()}
    found: dict[str, Values] = {}
    for condition in _days(p, county, when):
        query = select(p.c.area_id, *_measures(p, when)).where(*condition).group_by(p.c.area_id)
        query = query.where(p.c.area_id.in_(areas))
        _add(found, county.connection.execute(query).mappings(), "area_id")
    return found


def there(county: County, when: When) -> Sums:
    """The same of the whole county, by id and path of the community: the figures in the order of
    ``FIGURES``. What stood at an event of the past stands so for good and is counted once; of
    now it is brought forward."""
    p = tables.BY_RECORD[Presence]
    kinds = tuple(kind.value for kind in when.filled_in)
    sheet = Sheet(p, [p.c.area_id, p.c.area_path], _measures(p, when), [p.c.state.in_(THERE)])
    if when.snapshot is None:
        return county.kept.standing(county.connection, (county.code, "there", kinds), sheet)
    stood, _ = _then(p, county, when)
    count = partial(counted, county.connection, sheet, stood)
    known = county.kept.settled((county.code, "stood", kinds, when.snapshot), count)
    came = [p.c.area_id, p.c.area_path, p.c.event_from, p.c.since]
    later = Sheet(p, came, sheet.measures, [*sheet.where, p.c.row_key.is_not(None)])
    late = [
        ((area, path), told)
        for (area, path, at, since), told in county.kept.grown(
            county.connection, (county.code, "late", kinds), later
        ).items()
        if at > when.snapshot and since is not None and since <= when.on.isoformat()
    ]
    return folded([*known.items(), *late], lambda key: key)


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


def lay_in(table: FromClause, path: str) -> ColumnElement[bool]:
    """Rows of any time that lay in a place, whatever the place itself lay in then."""
    found: ColumnElement[bool] = table.c.area_path.contains(
        f"/{path.strip('/').rpartition('/')[2]}/", autoescape=True
    )
    return found


# ---- what is counted ----------------------------------------------------------------------------


def _days(p: FromClause, county: County, when: When) -> list[list[ColumnElement[bool]]]:
    """The rows that count on the day: each list of conditions is one statement."""
    there = p.c.state.in_(THERE)
    if when.snapshot is None:
        return [[p.c.county == county.code, there, p.c.event_to.is_(None)]]
    return [[*one, there] for one in _then(p, county, when)]


def _then(p: FromClause, county: County, when: When) -> list[list[ColumnElement[bool]]]:
    """Rows that stood at an event, and those written down later of what was there by the day: all
    of these came with a stocktake, and few have its key."""
    at, here = when.snapshot, p.c.county == county.code
    stood = [p.c.event_from <= at, or_(p.c.event_to.is_(None), p.c.event_to > at)]
    later = [p.c.version == 1, p.c.event_from > at, p.c.since <= when.on.isoformat()]
    return [[here, *stood], [here, p.c.row_key.is_not(None), *later]]


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


FIGURES = tuple(one.name for one in _measures(tables.BY_RECORD[Presence], When(on=date.min)))
"""What ``there`` tells of each community, in its order."""
