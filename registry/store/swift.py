"""快扫语句 what a verification asks the database, made once for each kind of engine: the leaves of
a page, its entries beside their columns, the rows of each table, rows outside the log.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import (
    Connection,
    Dialect,
    RowMapping,
    Table,
    Text,
    bindparam,
    cast,
    literal_column,
    or_,
    select,
    union_all,
)

from registry.store import tables
from registry.store.columns import Flag, Instant
from registry.store.files import Files
from registry.store.statement import Prepared, driven
from registry.store.sweep import ABREAST, PAGE, Plan, Plans, Statement, Sweep

EVENT_COLUMNS = (
    "county", "seq", "actor", "act", "outcome", "code", "object_kind", "object_id",
    "object_version",
)  # fmt: skip
_COLUMNS = (
    "seq", "at", "actor", "act", "outcome", "code", "object_kind", "object_id", "object_version",
    "business_date", "entry",
)  # fmt: skip


class Page(NamedTuple):
    """一页 of the log as its tree takes it."""

    first: int
    times: list[datetime]
    leaves: list[bytes]
    texts: list[bytes]

    @property
    def last(self) -> int:
        """Number of the last entry."""
        return self.first + len(self.leaves) - 1


def page(connection: Connection, county: str, last: int) -> Page | None:
    """The next entries after one, each hashed and of its number; ``None`` = look more slowly."""
    query = _leaves_of(connection.dialect)
    found = Page(last + 1, [], [], [])
    try:
        bound = [query.bound({"county": county, "last": last})]
        cursor = driven(connection, query.sql, bound)
        while rows := cursor.fetchmany(ABREAST):
            if not _taken(found, rows):
                return None
    except Exception:  # noqa: BLE001 - whatever it is, the slow walk says where
        return None
    return found


def _taken(found: Page, rows: Sequence[Any]) -> bool:
    seqs, times, texts, leaves = zip(*rows, strict=True)
    octets = [text.encode() for text in texts]
    hashed = [sha256(b"\x00" + one).digest() for one in octets]
    after = found.last + 1
    found.times.extend(map(datetime.fromisoformat, times))
    found.texts.extend(octets)
    found.leaves.extend(hashed)
    numbered = seqs == tuple(range(after, after + len(seqs)))
    return numbered and [one.hex() for one in hashed] == [*leaves]


def sweep(connection: Connection, county: str, files: Files | None) -> Sweep:
    """A sweep in the moment that a connection sees."""
    execute = partial(_executed, connection)
    return Sweep(execute, plans(connection.dialect), county, files)


def _executed(connection: Connection, sql: str, bound: Any) -> Any:
    return driven(connection, sql, [bound])


def strays(connection: Connection, county: str, size: int) -> list[tuple[str, str, int, int]]:
    """(table, id, version, entry) of rows that claim an entry outside a log of this size."""
    if (name := connection.dialect.name) not in _strays:
        _strays[name] = _outside(connection.dialect)
    query = _strays[name]
    found = driven(connection, query.sql, [query.bound({"county": county, "last": size})])
    return [(str(one[0]), str(one[1]), int(one[2]), int(one[3])) for one in found.fetchall()]


def _outside(dialect: Dialect) -> Prepared:
    asked = []
    for table in tables.BY_RECORD.values():
        began = table.c.event_from
        last = bindparam("last", type_=began.type)
        outside = or_(began < literal_column("1"), began > last)
        named: Any = literal_column(f"'{table.name}'")
        asked.append(
            select(named, table.c.id, table.c.version, began).where(
                table.c.county == bindparam("county", type_=table.c.county.type), outside
            )
        )
    return Prepared(union_all(*asked), dialect, ())


_plans: dict[str, Plans] = {}
_leaves: dict[str, Prepared] = {}
_strays: dict[str, Prepared] = {}
"""Made once for each kind of engine, not for each that is opened."""


def plans(dialect: Dialect) -> Plans:
    """How entries and rows are read."""
    if dialect.name not in _plans:
        found = [_planned(dialect, table) for table in tables.BY_RECORD.values()]
        _plans[dialect.name] = Plans(events=_told(_between(dialect)), tables=found)
    return _plans[dialect.name]


def _leaves_of(dialect: Dialect) -> Prepared:
    if dialect.name not in _leaves:
        _leaves[dialect.name] = _after(dialect)
    return _leaves[dialect.name]


def _after(dialect: Dialect) -> Prepared:
    table = tables.event
    named = [bindparam(name, type_=table.c[c].type) for name, c in
             (("county", "county"), ("last", "seq"))]  # fmt: skip
    # As text: the driver would make an instant of it at the price of everything else.
    at = cast(table.c.at, Text) if dialect.name == "postgresql" else table.c.at
    query = (
        select(table.c.seq, at, table.c.entry, table.c.leaf)
        .where(table.c.county == named[0], table.c.seq > named[1])
        .order_by(table.c.seq)
        .limit(literal_column(str(PAGE)))
        .offset(literal_column("0"))
    )
    return Prepared(query, dialect, ())


def _between(dialect: Dialect) -> Prepared:
    table = tables.event
    query = (
        select(*(table.c[name] for name in _COLUMNS))
        .where(*_span(table, table.c.seq))
        .order_by(table.c.seq)
    )
    return Prepared(query, dialect, ())


def _span(table: Any, number: Any) -> tuple[Any, ...]:
    return (
        table.c.county == bindparam("county", type_=table.c.county.type),
        number >= bindparam("first", type_=number.type),
        number <= bindparam("last", type_=number.type),
    )


def _told(query: Prepared) -> Statement:
    sql, order = query.plain
    return Statement(sql=sql, order=order)


def _planned(dialect: Dialect, table: Table) -> Plan:
    name = str(table.name)
    columns = sorted((*tables.DATA_COLUMNS[name], "body"))
    own = ("id", "version", "event_from", "event_to", "digest")
    rest = [str(c.name) for c in table.c if str(c.name) not in ("county", *own, *columns)]
    kinds = [table.c[column].type for column in columns]
    sqlite = dialect.name == "sqlite"
    query = select(*(table.c[c] for c in (*own, *columns, *rest)))
    return Plan(
        name=name, columns=columns, derived=rest,
        statement=_told(Prepared(query.where(*_span(table, table.c.event_from)), dialect, ())),
        flags=[at for at, kind in enumerate(kinds) if isinstance(kind, Flag) and sqlite],
        instants=[at for at, kind in enumerate(kinds) if isinstance(kind, Instant) and not sqlite],
    )  # fmt: skip


def differing(event: RowMapping, told: dict[str, Any]) -> str:
    """Name of the first column that differs from the entry, or the empty string."""
    for column in EVENT_COLUMNS:
        if told[column] != event[column]:
            return column
    for column in ("at", "business_date"):
        if msgspec.convert(told[column], type(event[column])) != event[column]:
            return column
    return ""
