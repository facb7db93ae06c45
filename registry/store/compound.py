"""合句 what an act writes, as two statements of PostgreSQL: one closes versions and takes the number,
one inserts every row of every table; as one where nothing is closed. Each costs the server one plan
and the client one message.

The words are those of the single statements, put together once for each shape: which tables, and
how many rows of each. Every value is sent as text, so that an absent one makes no other shape.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from psycopg import RawCursor
from psycopg.types.string import StrDumperUnknown
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from registry.store.statement import Order, Prepared

MOST_ROWS = 32
"""Rows of one act written in this way; larger acts are rare, and each would be a shape of its own.
"""
_SHAPES = 256
"""Shapes whose words are kept."""
Shape = tuple[tuple[Prepared, int], ...]
_VALUE = re.compile(r"%\((\w+)\)s")


def suits(connection: Connection, orders: Sequence[Order]) -> bool:
    """Whether an act is to be written in this way."""
    return (
        connection.dialect.name == "postgresql"
        and sum(len(given) for _, given in orders) <= MOST_ROWS
    )


def closed(connection: Connection, taking: Order, orders: Sequence[Order]) -> tuple[int, int]:
    """Take the log's number and close versions; the number, and how many were closed."""
    parts = [taking, *orders]
    row = _run(connection, _closing(_shape(parts)), parts).fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)


def inserted(connection: Connection, orders: Sequence[Order]) -> None:
    """Insert every row."""
    _run(connection, _inserting(_shape(orders)), orders)


def begun(connection: Connection, taking: Order, orders: Sequence[Order]) -> int:
    """Take the log's number and insert every row, where no version is closed; the number."""
    parts = [taking, *orders]
    row = _run(connection, _beginning(_shape(parts)), parts).fetchone()
    return int(row[0]) if row else 0


def _run(connection: Connection, sql: str, orders: Sequence[Order]) -> Any:
    if not connection.in_transaction():
        connection.begin()
    raw: Any = connection.connection.dbapi_connection
    cursor = RawCursor(raw)
    cursor.adapters.register_dumper(str, StrDumperUnknown)
    values = [_told(v) for one, given in orders for held in given for v in one.laid(held)]
    known: type[Exception] = connection.dialect.loaded_dbapi.Error
    try:
        return cursor.execute(sql.encode(), values)
    except known as error:
        raise DBAPIError.instance(sql, None, error, known, dialect=connection.dialect) from error


def _shape(orders: Sequence[Order]) -> Shape:
    return tuple((one, len(given)) for one, given in orders)


@lru_cache(_SHAPES)
def _closing(shape: Shape) -> str:
    numbers = _Numbers()
    taking, *closing = [numbers.of(one, one.sql) for one, many in shape for _ in range(many)]
    parts = [f"head AS ({taking})", *(f"c{n} AS ({s} RETURNING 1)" for n, s in enumerate(closing))]
    counts = ["0", *(f"(SELECT count(*) FROM c{n})" for n in range(len(closing)))]  # noqa: S608
    return f"WITH {', '.join(parts)} SELECT seq, {' + '.join(counts)} FROM head"  # noqa: S608


@lru_cache(_SHAPES)
def _inserting(shape: Shape) -> str:
    numbers = _Numbers()
    *first, last = [numbers.rows(one, many) for one, many in shape]
    told = ", ".join(f"i{n} AS ({sql})" for n, sql in enumerate(first))
    return f"WITH {told} {last}" if told else last


@lru_cache(_SHAPES)
def _beginning(shape: Shape) -> str:
    numbers, (taking, *others) = _Numbers(), shape
    parts = [f"head AS ({numbers.of(taking[0], taking[0].sql)})"]
    parts += [f"i{n} AS ({numbers.rows(*one)})" for n, one in enumerate(others)]
    return f"WITH {', '.join(parts)} SELECT seq FROM head"  # noqa: S608


class _Numbers:
    """Numbers the values of one statement after another; no word of a statement is a value."""

    def __init__(self) -> None:
        self._taken = 0

    def of(self, one: Prepared, sql: str) -> str:
        """The words with a number for each name."""
        first = self._taken + 1
        self._taken += one.width
        return _VALUE.sub(lambda found: f"${first + one.place(found[1])}", sql).replace("%%", "%")

    def rows(self, one: Prepared, many: int) -> str:
        """The words of an insertion, for so many rows."""
        start, row = one.sql.split(" VALUES ")
        return f"{start} VALUES {', '.join(self.of(one, row) for _ in range(many))}"


def _told(value: Any) -> str | None:
    """A value as PostgreSQL reads it from text."""
    if value is None or isinstance(value, str):
        return value
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
