"""语句 one statement compiled once, handed to the driver as it is; and many handed over at once."""

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Dialect
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DBAPIError

Row = dict[str, Any]


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


Order = tuple["Prepared", Sequence[Mapping[str, Any]]]
"""A statement and the values it is given, once for each."""


def at_once(connection: Connection, orders: Sequence[Order]) -> list[DBAPICursor]:
    """Execute statements one after another, without waiting for PostgreSQL's answer to each.

    Raises:
        DBAPIError: of the first that failed; those after it were not executed.
    """
    bound = [(one, [one.bound(values) for values in given]) for one, given in orders]
    if connection.dialect.name == "sqlite":
        return [driven(connection, one.sql, values) for one, values in bound]
    raw: Any = connection.connection.dbapi_connection
    known: type[Exception] = connection.dialect.loaded_dbapi.Error
    try:
        with raw.pipeline():
            return [_sent(connection, one.sql, values) for one, values in bound]
    except known as error:
        raise DBAPIError.instance("", None, error, known, dialect=connection.dialect) from error


def _sent(connection: Connection, sql: str, bound: Sequence[Any]) -> DBAPICursor:
    if not connection.in_transaction():
        connection.begin()
    cursor = connection.connection.cursor()
    if len(bound) > 1:
        cursor.executemany(sql, bound)
    else:
        cursor.execute(sql, *bound)
    return cursor


class Prepared:
    """一条语句: its text, the order of its values, and what each type does to them."""

    def __init__(self, statement: Any, dialect: Dialect, columns: Sequence[Any]) -> None:
        compiled = statement.compile(dialect=dialect)
        self.sql = str(compiled)
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
        cursor = driven(connection, self.sql, [self._named(values) for values in laid])
        touched: int = cursor.rowcount
        cursor.close()
        return touched

    def copy_laid(self, connection: Connection, table: str, laid: Sequence[list[Any]]) -> None:
        """Write rows that ``laid`` put in order into a table of PostgreSQL, all at once; for the
        values of a new row, which bear the names of its columns.

        Raises:
            DBAPIError: whatever the driver raised.
        """
        if not connection.in_transaction():
            connection.begin()
        columns = ", ".join(f'"{name}"' for name in self._order)
        sql = f'COPY "{table}" ({columns}) FROM STDIN'
        known: type[Exception] = connection.dialect.loaded_dbapi.Error
        raw: Any = connection.connection.dbapi_connection
        try:
            with raw.cursor() as cursor, cursor.copy(sql) as copy:
                for values in laid:
                    copy.write_row(values)
        except known as error:
            raise DBAPIError.instance(
                sql, None, error, known, dialect=connection.dialect
            ) from error

    @property
    def plain(self) -> tuple[str, list[str] | None]:
        """Its text, and the order of its values, or ``None`` where they are told by name; for who
        hands it to the driver by himself.

        Raises:
            ValueError: a type turns a value into another one before the driver takes it.
        """
        if self._writes:
            raise ValueError(f"values are turned: {self.sql}")
        return self.sql, list(self._order) if self._names is None else None

    def place(self, name: str) -> int:
        """Where a value stands among those that ``laid`` gives."""
        return self._order.index(name)

    @property
    def width(self) -> int:
        """How many values ``laid`` gives."""
        return len(self._order)

    def laid(self, given: Mapping[str, Any]) -> list[Any]:
        """The values in the order of the statement, each as the driver takes it."""
        values = list(self._take(given))
        values.pop()
        for at, write in self._writes:
            values[at] = write(values[at])
        return values

    def rows(self, connection: Connection, given: Mapping[str, Any]) -> list[Row]:
        """Every row, each as column → value."""
        return self.read(driven(connection, self.sql, [self.bound(given)]))

    def read(self, cursor: DBAPICursor) -> list[Row]:
        """Every row of an answer to this statement."""
        found = cursor.fetchall()
        cursor.close()
        return [
            {
                name: value if read is None else read(value)
                for (name, read), value in zip(self._read, row, strict=True)
            }
            for row in found
        ]

    def bound(self, given: Mapping[str, Any]) -> Any:
        """The values as the driver takes them."""
        return self._named(self.laid(given))

    def _named(self, laid: list[Any]) -> Any:
        return laid if self._names is None else dict(zip(self._names, laid, strict=True))
