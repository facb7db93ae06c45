"""数据表 every table of the registry, by subject.

For: columns that are filtered, constrained or summed; the rest of a record is its row's ``body``.
Not for: queries.
May import: registry.domain
Start reading at: ``rows.py``.

A row is one version: ``(county, id, version)`` with ``event_from`` and ``event_to``. The current
row is ``event_to IS NULL``; nothing else is ever updated. County leads every key and index.
"""

from sqlalchemy import Table

from registry.domain.records import Record
from registry.store.tables import (
    buying,
    cases,
    community,
    handling,
    living,
    money,
    outcomes,
    paid,
    places,
    rules,
    standing,
    successions,
    voices,
)
from registry.store.tables.log import event, idempotency, log_head, sign_in, token
from registry.store.tables.rows import Row, metadata

BY_RECORD: dict[type[Record], Table] = {}
"""Record type → its table; filled from the classes above."""
DATA_COLUMNS: dict[str, tuple[str, ...]] = {}
"""Table → the columns that hold fields of its record."""
_OWN = ("event_from", "event_to", "digest", "body")

for _row in Row.__subclasses__():
    _table: Table = _row.__table__  # type: ignore[attr-defined]
    BY_RECORD[_row.record] = _table
    DATA_COLUMNS[str(_table.name)] = tuple(
        str(c.name) for c in _table.columns if c.name not in (*_OWN, *_row.derived)
    )

__all__ = [
    "BY_RECORD", "DATA_COLUMNS", "buying", "cases", "community", "event", "handling", "idempotency",
    "living",
    "log_head", "metadata", "money", "outcomes", "paid", "places", "rules", "sign_in", "standing",
    "successions", "token", "voices",
]  # fmt: skip
