"""办理比对 one statement as it is asked, narrowed to what was written since, and shown word for word.

Each names the rows it rests on, so that only what was written since the last look is looked at
again.
"""

from collections.abc import Callable
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Date,
    Dialect,
    FromClause,
    Integer,
    Select,
    Text,
    bindparam,
    cast,
    func,
    literal_column,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import JSON

from registry.domain.records import Record
from registry.store import tables

COUNTY, SINCE, IDS, DAYS = "county", "since", "ids", "days"
Built = tuple[Select[Any], list[FromClause]]
Build = Callable[[Dialect], Built]
Which = tuple[int | None, list[str] | None]


class Row(NamedTuple):
    """所见一行: what one statement says of one object."""

    about: str
    asked: str | None
    path: str | None
    facts: dict[str, Any]


def rows(at: tuple[Connection, str], build: Build, which: Which, told: dict[str, str]) -> list[Row]:
    """What a statement finds, by what it is about; of one object each row in the statement's order.

    Args:
        at: connection and county.
        which: only where one of the rows it rests on was written after this event; besides, or
            where none is given only, what it says of these objects; of all without both.
        told: what else the statement is told: the day.
    """
    (connection, county), (since, ids) = at, which
    query, resting = build(connection.dialect)
    given: dict[str, Any] = {COUNTY: county, **told}
    asked = [query] if since is None and ids is None else []
    if ids:
        about = _element(query.exported_columns["about"])
        asked.append(query.where(about.in_(bindparam(IDS, expanding=True))))
        given[IDS] = ids
    if since is not None:
        # One by one: each is found by the event it was written in; beside an OR nothing is.
        asked += [query.where(_lately(connection.dialect, t)) for t in resting]
        given[SINCE] = since
    found: list[Row] = []
    for one in asked:
        for row in connection.execute(one, given).mappings():
            said_of = dict(row)
            about_id, of, path = (said_of.pop(name) for name in ("about", "asked", "path"))
            found.append(Row(str(about_id), of, path, said_of))
    return sorted(found, key=attrgetter("about"))


def _lately(dialect: Dialect, table: FromClause) -> ColumnElement[bool]:
    """Written since the last look: few rows are, which SQLite is told."""
    lately = table.c.event_from > bindparam(SINCE)
    if dialect.name != "sqlite":
        return lately
    told: ColumnElement[bool] = func.likelihood(lately, literal_column("0.0001"))
    return told


def _element(column: Any) -> ColumnElement[Any]:
    found: ColumnElement[Any] = getattr(column, "element", column)
    return found


def shown(build: Build) -> str:
    """The statement in words of SQL, as SQLite is asked it."""
    dialect = sqlite.dialect()
    query, _ = build(dialect)
    return " ".join(str(query.compile(dialect=sqlite.dialect(paramstyle="named"))).split())


def words(*values: str) -> list[ColumnElement[str]]:
    """Words of our own vocabularies, written out so that the statement reads as it is."""
    return [literal_column(f"'{value}'") for value in sorted(values)]


def named(kind: type[Record], name: str) -> Any:
    """The table of a kind under a short name."""
    return tables.BY_RECORD[kind].alias(name)


def now(*some: Any) -> list[ColumnElement[bool]]:
    """The county's rows as they stand."""
    return [c for t in some for c in (t.c.county == bindparam(COUNTY), t.c.event_to.is_(None))]


def nothing(name: str) -> ColumnElement[Any]:
    """A column in which nothing stands."""
    return cast(literal_column("NULL"), Text).label(name)


def deeper(dialect: Dialect, table: FromClause, *names: str) -> ColumnElement[str]:
    """A word deeper in the body of a row."""
    if dialect.name == "sqlite":
        path = ".".join(("$", *names))
        return cast(func.json_extract(table.c.body, literal_column(f"'{path}'")), Text)
    found: Any = cast(table.c.body, JSON)
    for name in names[:-1]:
        found = found.op("->", return_type=JSON())(literal_column(f"'{name}'"))
    told: ColumnElement[str] = found.op("->>", return_type=Text())(literal_column(f"'{names[-1]}'"))
    return told


def days_before(dialect: Dialect, day: ColumnElement[Any]) -> ColumnElement[str]:
    """The day that lies so many days before another, as text."""
    back: ColumnElement[Any] = bindparam(DAYS, type_=Text())
    if dialect.name == "sqlite":
        return func.date(cast(day, Text), literal_column("'-'") + back + literal_column("' days'"))
    return cast(cast(day, Date) - cast(back, Integer), Text)
