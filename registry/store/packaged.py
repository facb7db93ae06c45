"""审计包读法 the log and the rows under it, as the very octets that were hashed, streamed."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Table, func, or_, select

from registry.domain.audit import sealed
from registry.store import tables
from registry.store.exported import AT_ONCE
from registry.store.visible import Scope, visible

TABLES: dict[str, Table] = {
    name: table
    for name, table in sorted((str(t.name), t) for t in tables.BY_RECORD.values())
}  # fmt: skip
"""Every table that entries name rows of."""


class Log(NamedTuple):
    """日志 of a county up to one entry, as one connection sees it."""

    connection: Connection
    county: str
    upto: int


def entries(log: Log) -> Iterator[list[tuple[int, bytes, str]]]:
    """(number, entry, leaf) from the first to one, some at a time."""
    t, last = tables.event, 0
    query = select(t.c.seq, t.c.entry, t.c.leaf).where(t.c.county == log.county).order_by(t.c.seq)
    while last < log.upto:
        page = query.where(t.c.seq > last, t.c.seq <= log.upto).limit(AT_ONCE)
        found = [(seq, entry.encode(), leaf) for seq, entry, leaf in log.connection.execute(page)]
        if not found:
            return
        yield found
        last = found[-1][0]


def lines(
    log: Log, name: str, scopes: Sequence[Scope] | None = None
) -> Iterator[list[tuple[int, bytes]]]:
    """(number of the entry that wrote it, octets under its digest) of every version, in the order
    in which they were written."""
    table = TABLES[name]
    told = [*tables.DATA_COLUMNS[name], "body"]
    query = (
        select(table.c.event_from.label("event_from"), *(table.c[n] for n in told))
        .where(*_meant(table, log, scopes))
        .order_by(table.c.event_from, table.c.id, table.c.version)
    )
    with log.connection.execute(query, execution_options={"yield_per": AT_ONCE // 4}) as found:
        for rows in found.partitions():
            yield [(row[0], sealed(name, dict(zip(told, row[1:], strict=True)))) for row in rows]


def written(log: Log, name: str, scopes: Sequence[Scope]) -> Iterator[Sequence[Any]]:
    """(number of an entry, how many rows it wrote that may be seen), some at a time."""
    table = TABLES[name]
    query = (
        select(table.c.event_from, func.count())
        .where(*_meant(table, log, scopes))
        .group_by(table.c.event_from)
    )
    with log.connection.execute(query, execution_options={"yield_per": AT_ONCE}) as found:
        yield from found.partitions()


def _meant(table: Table, log: Log, scopes: Sequence[Scope] | None) -> list[ColumnElement[bool]]:
    found = [table.c.county == log.county, table.c.event_from <= log.upto]
    if scopes is not None:
        found.append(or_(*(visible(table, scope) for scope in scopes)))
    return found
