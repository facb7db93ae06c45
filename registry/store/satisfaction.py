"""满意度汇总 what was said in some periods, summed by who was rated and who rated: two statements,
however many communities were asked."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Dialect,
    Integer,
    Select,
    Text,
    cast,
    distinct,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import JSON

from registry.domain.evaluating import Rated, Rater, Satisfaction
from registry.domain.presence import Presence
from registry.domain.records import Wire
from registry.store import tables
from registry.store.columns import said

_ANSWERS = range(5)
_PARTED = "|"


class Tally(Wire, frozen=True, kw_only=True):
    """一组: what one group said of one subject, in all places and by all methods."""

    rater: Rater
    counts: list[int]
    """How many gave each of the five answers."""
    bodies: int
    """In how many communities and streets."""
    name: str
    """Of the subject, as it was told last."""
    told_on: str


class About(Wire, frozen=True, kw_only=True):
    """一组 and what it is of."""

    rated: Rated | None
    """``None`` = an item, in all its communities."""
    id: str
    department_id: str | None = None
    """Of an item: the department that asks it, where it is known."""
    tally: Tally


def tallied(connection: Connection, county: str, periods: Sequence[str]) -> list[About]:
    """What was said, by subject and group; of matters also by item: the request of a presence, or
    itself where it was there before."""
    t = tables.BY_RECORD[Satisfaction]
    sums = _sums(connection.dialect)
    here = (t.c.county == county, t.c.event_to.is_(None), t.c.period.in_(sorted(periods)))
    by = (t.c.rated, t.c.subject_id, t.c.rater)
    apart = select(*by, *sums).where(*here).group_by(*by)
    found = [
        About(rated=Rated(rated), id=id, tally=_tally(rater, told))
        for rated, id, rater, *told in connection.execute(apart)
    ]
    return found + [
        About(rated=None, id=id, department_id=department, tally=_tally(rater, told))
        for id, rater, department, *told in connection.execute(_by_item(sums).where(*here))
    ]


def _by_item(sums: Sequence[ColumnElement[Any]]) -> Select[Any]:
    t, p = tables.BY_RECORD[Satisfaction], tables.BY_RECORD[Presence]
    item = func.coalesce(p.c.request_id, p.c.id)
    return (
        select(item, t.c.rater, func.max(p.c.department_id), *sums)
        .join_from(t, p, (p.c.county == t.c.county) & (p.c.id == t.c.subject_id))
        .where(t.c.rated == Rated.PRESENCE.value, p.c.event_to.is_(None))
        .group_by(item, t.c.rater)
    )


def _sums(dialect: Dialect) -> list[ColumnElement[Any]]:
    t = tables.BY_RECORD[Satisfaction]
    named = func.max(cast(t.c.recorded_on, Text) + _PARTED + said(dialect, t, "subject"))
    answers = [func.sum(_answer(dialect, t.c.body, n)) for n in _ANSWERS]
    return [func.count(distinct(t.c.organisation_id)), named, *answers]


def _answer(dialect: Dialect, body: ColumnElement[Any], place: int) -> ColumnElement[int]:
    if dialect.name == "sqlite":
        return cast(func.json_extract(body, literal_column(f"'$.counts[{place}]'")), Integer)
    counts = cast(body, JSON).op("->")(literal_column("'counts'"))
    return cast(counts.op("->>")(literal_column(str(place))), Integer)


def _tally(rater: str, told: Sequence[Any]) -> Tally:
    bodies, named, *counts = told
    day, _, name = named.partition(_PARTED)
    return Tally(rater=Rater(rater), counts=[int(n) for n in counts], bodies=bodies, name=name,
                 told_on=day)  # fmt: skip
