"""备好的语句 the statements of every act, compiled once per engine and handed to the driver as they are.

Building a statement afresh costs several times what SQLite needs to answer it. The words still come
from the tables, and the types still turn values into what the engine stores and back.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import chain
from operator import itemgetter
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
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DBAPIError

from registry.store import tables

TOGETHER = 8
"""Rows to a statement where many are written to SQLite: it lays out the words that the CHECKs of a
table allow once a statement. More rows brought no more."""
MOST = 1024
"""Statements kept; one per table and set of columns, so a list of values makes one per length."""
Row = dict[str, Any]
_ONE = 0
# In the shape of a query: one value, against a list of some length.


def driven(connection: Connection, sql: str, bound: Sequence[Any] = ()) -> DBAPICursor:
    """Hand words to the driver inside the connection's transaction, begun if need be.

    Raises:
        DBAPIError: whatever the driver raised, under SQLAlchemy's name for it.
    """
    if not connection.in_transaction():
        connection.begin()
    cursor = connection.connection.cursor()
    known: type[Exception] = connection.dialect.loaded_dbapi.Error
    try:
        if len(bound) > 1:
            cursor.executemany(sql, bound)
        else:
            cursor.execute(sql, *bound)
    except known as error:
        cursor.close()
        raise DBAPIError.instance(
            sql, bound, error, known, dialect=connection.dialect, ismulti=len(bound) > 1
        ) from error
    return cursor


class Prepared:
    """一条语句: its text, the order of its values, and what each type does to them."""

    def __init__(self, statement: Any, dialect: Dialect, columns: Sequence[Any]) -> None:
        compiled = statement.compile(dialect=dialect)
        self._sql = str(compiled)
        names = compiled.positiontup or list(compiled.binds)
        self._order, self._names = names, None if compiled.positiontup is not None else names
        self._take = itemgetter(*names, names[0])  # one more, so that it is always a tuple
        writes = [
            compiled.binds[n].type.dialect_impl(dialect).bind_processor(dialect) for n in names
        ]
        self._writes = [(at, write) for at, write in enumerate(writes) if write is not None]
        self._read = [
            (str(c.name), c.type.dialect_impl(dialect).result_processor(dialect, None))
            for c in columns
        ]

    def run(self, connection: Connection, *given: Mapping[str, Any]) -> int:
        """Execute with one set of values, or several at once; returns how many rows it touched."""
        return self.run_laid(connection, [self.laid(values) for values in given])

    def run_laid(self, connection: Connection, laid: Sequence[list[Any]]) -> int:
        """The same with values that ``laid`` put in order."""
        cursor = self._execute(connection, [self._bound(values) for values in laid])
        touched: int = cursor.rowcount
        cursor.close()
        return touched

    def place(self, name: str) -> int:
        """Where a value stands among those that ``laid`` gives."""
        return self._order.index(name)

    def laid(self, given: Mapping[str, Any]) -> list[Any]:
        """The values in the order of the statement, each as the driver takes it."""
        values = list(self._take(given))
        values.pop()
        for at, write in self._writes:
            values[at] = write(values[at])
        return values

    def rows(self, connection: Connection, given: Mapping[str, Any]) -> list[Row]:
        """Every row, each as column → value."""
        cursor = self._execute(connection, [self._bound(self.laid(given))])
        found = cursor.fetchall()
        cursor.close()
        return [
            {
                name: value if read is None else read(value)
                for (name, read), value in zip(self._read, row, strict=True)
            }
            for row in found
        ]

    def _execute(self, connection: Connection, bound: list[Any]) -> DBAPICursor:
        return driven(connection, self._sql, bound)

    def _bound(self, laid: list[Any]) -> Any:
        return laid if self._names is None else dict(zip(self._names, laid, strict=True))


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
    shape: list[tuple[str, int | None]] = []
    given: Row = {"county": county}
    for name, value in equals.items():
        if isinstance(value, list):
            if not value:
                return []
            shape.append((name, len(value)))
            given |= {f"{name}_{n}": one for n, one in enumerate(value)}
        else:
            shape.append((name, None if value is None else _ONE))
            given[name] = value
    return _equal(connection.dialect, table, tuple(shape)).rows(connection, given)


@lru_cache(MOST)
def _equal(dialect: Dialect, table: Table, shape: tuple[tuple[str, int | None], ...]) -> Prepared:
    query = select(table).where(
        table.c.county == _named(table, "county"), table.c.event_to.is_(None)
    )
    for name, length in shape:
        column = table.c[name]
        if length is None:
            query = query.where(column.is_(None))
        elif length == _ONE:
            query = query.where(column == _named(table, name))
        else:
            listed = [bindparam(f"{name}_{n}", type_=column.type) for n in range(length)]
            query = query.where(column.in_(listed))
    return Prepared(query.order_by(table.c.id), dialect, list(table.c))


@lru_cache(MOST)
def written(dialect: Dialect, table: Table) -> Prepared:
    """A new row of the table, every column given."""
    return Prepared(_insertion(table), dialect, ())


def write_laid(connection: Connection, table: Table, rows: Sequence[list[Any]]) -> None:
    """Write rows that ``written`` laid out."""
    dialect, whole = connection.dialect, 0
    if dialect.name == "sqlite":
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
