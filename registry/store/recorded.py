"""整条记录 the rows of an export as records, for whoever may not see all that stands in them."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from registry.domain.records import Record
from registry.store.exported import AT_ONCE, Rows
from registry.store.mapping import to_record

_FEW = AT_ONCE // 4


def records(rows: Rows) -> Iterator[list[tuple[Record, list[Any]]]]:
    """Each record, and the numbers of the entries that wrote and replaced it where versions are
    asked for; some at a time."""
    table, wanted = rows.table, rows.wanted
    kind: Any = rows.sheet.record
    query = select(table).where(*rows.where()).order_by(table.c.county, table.c.id, table.c.version)
    with rows.connection.execute(query, execution_options={"yield_per": _FEW}) as found:
        for batch in found.mappings().partitions():
            yield [
                (to_record(kind, row), _ends(row, wanted.as_of) if wanted.history else [])
                for row in batch
            ]


def _ends(row: Any, as_of: int) -> list[Any]:
    end = row["event_to"]
    return [row["event_from"], end if end is not None and end <= as_of else None]
