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
    auditing,
    buying,
    cases,
    community,
    handling,
    living,
    money,
    outcomes,
    paid,
    places,
    queried,
    rules,
    standing,
    successions,
    voices,
)
from registry.store.tables.log import (
    checkpoint,
    cosignature,
    event,
    idempotency,
    log_head,
    log_node,
    log_peer,
    reading,
    sign_in,
    token,
    witnessed,
)
from registry.store.tables.rows import Row, metadata
from registry.store.tables.seats import form_draft, session
from registry.store.tables.words import text_doc

queried.attach(metadata)

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
    "BY_RECORD", "DATA_COLUMNS", "auditing", "buying", "cases", "checkpoint", "community",
    "cosignature", "event", "form_draft", "handling", "idempotency", "living", "log_head",
    "log_node", "log_peer", "metadata", "money", "outcomes", "paid", "places", "reading", "rules",
    "session", "sign_in", "standing", "successions", "text_doc", "token", "voices", "witnessed",
]  # fmt: skip
