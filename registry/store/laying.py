"""落笔 an act's rows and its one entry laid down: sealed first, numbered last, sent at once."""

from collections.abc import Iterable, Sequence
from typing import Any

from msgspec.structs import asdict
from sqlalchemy import Connection, Dialect, Table
from sqlalchemy.engine.interfaces import DBAPICursor

from registry.domain.audit import Event, RowSeal, seal
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.records import Record
from registry.store import compound, prepared, tables
from registry.store.entry import Header, entered
from registry.store.footing import derived
from registry.store.mapping import to_row
from registry.store.prepared import written
from registry.store.statement import Order, at_once

STALE = declare(
    "version.stale", RefusalKind.STALE, "记录已更新为第 {current} 版，请刷新后再办",
    "The record is now at version {current}; reload and try again.",
)  # fmt: skip
MANY = 32
"""Rows of one table that are laid down in the way of the engine for many."""
Rows = dict[str, tuple[Table, list[dict[str, Any]]]]
"""By name of the table, in the order it was first written: row versions with their digests."""


def lay(
    connection: Connection, header: Header, records: Sequence[Record],
    log: tuple[str, int | None],
) -> Event:  # fmt: skip
    """Write row versions and the event that names them; returns it.

    Args:
        log: the county, and the last event of its log where this writer has the county's turn.

    Raises:
        Refusal: ``version.stale`` where another has written a row or the log meanwhile.
    """
    (county, known), dialect = log, connection.dialect
    seals, tabled = _sealed(records)
    taken = prepared.next_seq(dialect)
    orders: list[Order] = []
    if known is None:
        seq = int(taken.rows(connection, {"county": county})[0]["seq"])
    else:
        seq = known + 1
        orders.append((taken, [{"county": county}]))
    event = entered(header, county, seq, seals)
    former = list(_superseding(dialect, tabled, seq))
    # The event first: every row rests on it, and no row waits for one that is not there yet.
    fresh = [(written(dialect, tables.event), [asdict(event)]), *_inserting(dialect, tabled, seq)]
    many = [(table, rows) for table, rows in tabled.values() if len(rows) >= MANY]
    if known is not None and not many and compound.suits(connection, [*former, *fresh]):
        _compounded(connection, (orders[0], former, fresh), seq)
        return event
    cursors = at_once(connection, [*orders, *former, *fresh])
    if known is not None and taken.read(cursors.pop(0))[0]["seq"] != seq:
        raise Refusal(STALE, current="?")
    _check([*former, *fresh], cursors)
    for table, rows in many:
        one = written(dialect, table)
        prepared.write_laid(connection, table, [one.laid(row) for row in _begun(table, rows, seq)])
    return event


def _compounded(
    connection: Connection, parts: tuple[Order, list[Order], list[Order]], seq: int
) -> None:
    taking, former, fresh = parts
    if not former:
        if compound.begun(connection, taking, fresh) != seq:
            raise Refusal(STALE, current="?")
        return
    closed = sum(len(given) for _, given in former)
    if compound.closed(connection, taking, former) != (seq, closed):
        raise Refusal(STALE, current="?")
    compound.inserted(connection, fresh)


def _sealed(records: Sequence[Record]) -> tuple[list[RowSeal], Rows]:
    seals: list[RowSeal] = []
    tabled: Rows = {}
    for record in records:
        table = tables.BY_RECORD[type(record)]
        name = str(table.name)
        row = to_row(record)
        digest = row["digest"] = seal(name, row)
        seals.append(RowSeal(t=name, id=record.id, v=record.version, d=digest))
        tabled.setdefault(name, (table, []))[1].append(row)
    return seals, tabled


def _superseding(dialect: Dialect, tabled: Rows, seq: int) -> Iterable[Order]:
    """Every version before is closed."""
    for table, rows in tabled.values():
        before = [
            {"county": row["county"], "id": row["id"], "before": row["version"] - 1, "seq": seq}
            for row in rows if row["version"] > 1
        ]  # fmt: skip
        if before:
            yield prepared.superseded(dialect, table), before


def _inserting(dialect: Dialect, tabled: Rows, seq: int) -> Iterable[Order]:
    for table, rows in tabled.values():
        if len(rows) < MANY:
            yield written(dialect, table), list(_begun(table, rows, seq))


def _begun(table: Table, rows: Iterable[dict[str, Any]], seq: int) -> Iterable[dict[str, Any]]:
    """Rows as they begin with an event."""
    name, own = str(table.name), {"event_from": seq, "event_to": None}
    for row in rows:
        yield {**row, **own, **derived(name, row["body"])}


def _check(orders: Sequence[Order], cursors: Sequence[DBAPICursor]) -> None:
    """Every statement wrote as many rows as it was given."""
    for (_, given), cursor in zip(orders, cursors, strict=True):
        if cursor.rowcount != len(given):
            raise Refusal(STALE, current="?")
        cursor.close()
