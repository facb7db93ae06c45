"""备好的语句 the statements of every act, compiled once per engine and handed to the driver as they are.

Building a statement afresh costs several times what SQLite needs to answer it. The words still come
from the tables, and the types still turn values into what the engine stores and back.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Dialect,
    Insert,
    Table,
    bindparam,
    func,
    insert,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from registry.store import tables
from registry.store.statement import Prepared as Prepared  # noqa: PLC0414 - asked for here too
from registry.store.statement import Row, driven

TOGETHER = 8
"""Rows to a statement where many are written to SQLite: it lays out the words that the CHECKs of a
table allow once a statement. More rows brought no more."""
MOST = 1024
"""Statements kept; one per table and set of columns, so a list of values makes one per length."""
_ONE = 0
# In the shape of a query: one value, against a list of some length.


def current(
    dialect: Dialect, table: Table, *, lock: bool = False, shared: bool = False
) -> Prepared:
    """The current version of one row: ``county``, ``id``. ``lock`` holds it for this act alone,
    ``shared`` against whoever would change it."""
    return _current(dialect, table, lock, shared)


@lru_cache(MOST)
def _current(dialect: Dialect, table: Table, lock: bool, shared: bool) -> Prepared:
    query = select(table).where(
        table.c.county == _named(table, "county"), table.c.id == _named(table, "id"),
        table.c.event_to.is_(None),
    )  # fmt: skip
    held = query.with_for_update(read=shared) if lock or shared else query
    return Prepared(held, dialect, list(table.c))


def matching(
    connection: Connection, table: Table, county: str, equals: Mapping[str, Any]
) -> list[Row]:
    """Current rows of a county in id order, whose columns equal the values given: one value,
    ``None`` for nothing there, or a list that means any of them."""
    if any(value == [] for value in equals.values()):
        return []
    query, given = question(connection.dialect, table, county, equals)
    return query.rows(connection, given)


def question(
    dialect: Dialect, table: Table, county: str, equals: Mapping[str, Any]
) -> tuple[Prepared, Row]:
    """The same as a statement and its values; no list is empty."""
    shape, given = _asked(county, equals)
    return _equal(dialect, table, shape), given


def _asked(county: str, equals: Mapping[str, Any]) -> tuple["Shape", Row]:
    shape: list[tuple[str, int | None]] = []
    given: Row = {"county": county}
    for name, value in equals.items():
        if isinstance(value, list):
            shape.append((name, len(value)))
            given |= {f"{name}_{n}": one for n, one in enumerate(value)}
        else:
            shape.append((name, None if value is None else _ONE))
            given[name] = value
    return tuple(shape), given


Shape = tuple[tuple[str, int | None], ...]
"""Columns that are asked for, and of how many values each."""


@lru_cache(MOST)
def _equal(dialect: Dialect, table: Table, shape: Shape) -> Prepared:
    query = select(table).where(*_among(table, shape), table.c.event_to.is_(None))
    order: Any = table.c.id
    several = any(length is not None and length != _ONE for _, length in shape)
    if dialect.name == "sqlite" and several:
        # Asked for any of several values, SQLite would walk the whole county in id order rather
        # than sort the few that their own index finds.
        order = literal_column(f"+{table.name}.id")
    return Prepared(query.order_by(order), dialect, list(table.c))


@lru_cache(MOST)
def written(dialect: Dialect, table: Table) -> Prepared:
    """A new row of the table, every column given."""
    return Prepared(_insertion(table), dialect, ())


def write_laid(connection: Connection, table: Table, rows: Sequence[list[Any]]) -> None:
    """Write rows that ``written`` laid out: on SQLite some to a statement, on PostgreSQL all of
    them in one COPY."""
    dialect, whole = connection.dialect, 0
    if dialect.name == "postgresql":
        written(dialect, table).copy_laid(connection, str(table.name), rows)
        return
    whole = len(rows) - len(rows) % TOGETHER
    firsts = range(0, whole, TOGETHER)
    bound = [[*chain.from_iterable(rows[n : n + TOGETHER])] for n in firsts]
    if bound:
        driven(connection, _together(dialect, table), bound).close()
    if rows[whole:]:
        written(dialect, table).run_laid(connection, rows[whole:])


@lru_cache(MOST)
def _together(dialect: Dialect, table: Table) -> str:
    # OR FAIL: a statement that could take back its first rows would copy every page it touches;
    # the act's savepoint takes them back anyway.
    one = str(_insertion(table).prefix_with("OR FAIL").compile(dialect=dialect))
    start, values = one.split(" VALUES ")
    return f"{start} VALUES {', '.join([values] * TOGETHER)}"


def _insertion(table: Table) -> Insert:
    names = [str(c.name) for c in table.c]
    return insert(table).inline().values({n: _named(table, n) for n in names})


@lru_cache(MOST)
def superseded(dialect: Dialect, table: Table) -> Prepared:
    """Close the current version ``before`` of ``county``, ``id`` at event ``seq``."""
    whole = table.c.version.type
    closing = update(table).where(
        table.c.county == _named(table, "county"), table.c.id == _named(table, "id"),
        table.c.version == bindparam("before", type_=whole), table.c.event_to.is_(None),
    )  # fmt: skip
    return Prepared(closing.values(event_to=bindparam("seq", type_=whole)), dialect, ())


@lru_cache(MOST)
def next_seq(dialect: Dialect) -> Prepared:
    """Take the next sequence number of a ``county``'s log."""
    head = tables.log_head
    make = pg_insert if dialect.name == "postgresql" else sqlite_insert
    one: ColumnElement[int] = literal_column("1")
    first = make(head).values(county=_named(head, "county"), seq=one)
    taken = first.on_conflict_do_update(index_elements=["county"], set_={"seq": head.c.seq + one})
    return Prepared(taken.returning(head.c.seq), dialect, [head.c.seq])


@lru_cache(MOST)
def next_seqs(dialect: Dialect) -> Prepared:
    """Take ``count`` sequence numbers of a ``county``'s log at once; answers the last of them."""
    head = tables.log_head
    make = pg_insert if dialect.name == "postgresql" else sqlite_insert
    count = bindparam("count", type_=head.c.seq.type)
    first = make(head).values(county=_named(head, "county"), seq=count)
    taken = first.on_conflict_do_update(index_elements=["county"], set_={"seq": head.c.seq + count})
    return Prepared(taken.returning(head.c.seq), dialect, [head.c.seq])


def taken(connection: Connection, table: Table, county: str, equals: Mapping[str, Any]) -> bool:
    """Whether any row was ever begun with these values, as unique indexes over first versions
    tell."""
    shape, given = _asked(county, equals)
    return bool(first_with(connection.dialect, table, shape).rows(connection, given))


@lru_cache(MOST)
def first_with(dialect: Dialect, table: Table, shape: Shape) -> Prepared:
    """First versions with values of this shape."""
    # The version is written out: else no engine would see that the index speaks of it.
    first = table.c.version == literal_column("1")
    query = select(table.c.version).where(*_among(table, shape), first)
    return Prepared(query, dialect, [table.c.version])


def _among(table: Table, shape: Shape) -> list[ColumnElement[bool]]:
    """Rows of a county whose columns have the values of a question."""
    found = [table.c.county == _named(table, "county")]
    for name, length in shape:
        column = table.c[name]
        if length is None:
            found.append(column.is_(None))
        elif length == _ONE:
            found.append(column == _named(table, name))
        else:
            listed = [bindparam(f"{name}_{n}", type_=column.type) for n in range(length)]
            found.append(column.in_(listed))
    return found


def largest(connection: Connection, table: Table, column: str, equals: Row) -> int:
    """The greatest value of a column among all versions with these values, 0 for none."""
    found = _largest(connection.dialect, table, column, tuple(equals)).rows(connection, equals)
    return int(found[0]["largest"] or 0)


@lru_cache(MOST)
def _largest(dialect: Dialect, table: Table, column: str, names: tuple[str, ...]) -> Prepared:
    top = func.max(table.c[column]).label("largest")
    query = select(top).where(*(table.c[n] == _named(table, n) for n in names))
    return Prepared(query, dialect, [top])


def _named(table: Table, name: str) -> BindParameter[Any]:
    return bindparam(name, type_=table.c[name].type)
