"""索引分量 what SQLite is told of how many rows an index finds: it plans by that.

Untold, it takes any column for as telling as any other, so that of two indexes that fit it may take
the one over a state and read half the table. What is told is the same everywhere, whatever a
database holds, so that a plan that was tested is the plan in service. PostgreSQL counts by itself.
"""

from collections.abc import Iterator
from math import ceil

from sqlalchemy import Connection, Index, MetaData, Table

from registry.store.columns import Day, Flag, Instant
from registry.store.statement import driven

ROWS = 1_000_000
"""Rows a table is taken to have: no county's has many more."""
HANDFUL = 1_000
"""Rows of a table of what seldom happens."""
SELDOM = frozenset({"revocation", "review", "conference", "reorganisation", "audit_project"})
KEYS = frozenset({
    "id", "seq", "event_from", "number", "document_number", "username", "amends", "mark", "doc",
    "digest", "leaf", "hash", "position", "key", "sha256", "payee_digest", "serial", "evidence_key",
    "funding_key",
})  # fmt: skip
"""Columns that tell one row, or a handful, from all others; so does what names another record."""
BODIES = frozenset({
    "organisation_id", "to_organisation_id", "department_id", "payer_id", "applicant_id",
    "holder_id", "handler_id", "issuer_id", "against_id", "area_id", "area_path", "path", "beside",
    "person_id", "to_person_id", "from_person_id", "drafted_by", "actor", "account_id", "item_id",
    "pack_id", "party_id", "successor_id", "key_id", "credit", "debit", "provider_key", "series",
})  # fmt: skip
"""Columns that name a body, a person or a place: each has many rows."""
FEW, PLACES, DAYS = 8, 2_000, 4_000
"""Values that a state or kind, a body or place, a day takes."""
_LEAST_OF_KEY = 4
"""Versions and lines that lie under one key."""


def tell(connection: Connection, metadata: MetaData) -> None:
    """Tell SQLite of every index; what it was told before is forgotten."""
    if connection.dialect.name != "sqlite":
        return
    # The table for it is made by the engine alone, when it is asked to count.
    driven(connection, "ANALYZE log_head").close()
    driven(connection, "DELETE FROM sqlite_stat1").close()
    told = [line for table in metadata.sorted_tables for line in _lines(table)]
    driven(connection, "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)", told).close()


def _lines(table: Table) -> Iterator[tuple[str, str, str]]:
    for index in table.indexes:
        yield str(table.name), str(index.name), _weight(table, index)
    names = [column.name for column in table.primary_key.columns]
    if len(names) > 1:
        left = [_left(table, names[: at + 1]) for at in range(len(names))]
        told = " ".join(str(one) for one in (_rows(table), *left[:-1], 1))
        yield str(table.name), f"sqlite_autoindex_{table.name}_1", told


def _weight(table: Table, index: Index) -> str:
    names = [column.name for column in index.columns]
    part = FEW if _of_state(index) else 1
    left = [max(_left(table, names[: at + 1]) // part, 1) for at in range(len(names))]
    last = 1 if index.unique else left[-1]
    return " ".join(str(one) for one in (_rows(table), *left[:-1], last))


def _of_state(index: Index) -> bool:
    """Whether an index holds the rows of one state alone: then there are fewer of them."""
    only = index.dialect_options["sqlite"]["where"]
    return only is not None and "state =" in str(only)


def _rows(table: Table) -> int:
    return HANDFUL if table.name in SELDOM else ROWS


def _left(table: Table, names: list[str]) -> int:
    """Rows that share the values of some columns."""
    left = float(_rows(table))
    for name in names:
        left /= _values(table, name)
    return max(ceil(left), _LEAST_OF_KEY)


def _values(table: Table, name: str) -> int:
    """How many values a column takes, by what it holds."""
    if name in ("county", "version", "tree", "event_to"):
        return 1
    if name in BODIES:
        return PLACES
    if is_key(name):
        # Many rows have nothing in it, and are asked for by that as well.
        return PLACES if table.c[name].nullable else ROWS
    kind = table.c[name].type
    if isinstance(kind, Day | Instant):
        return DAYS
    if isinstance(kind, Flag):
        return 2
    return PLACES if name.endswith("_fen") else FEW


def is_key(name: str) -> bool:
    """Whether a column tells one row, or a handful, from all others."""
    return name not in BODIES and (name in KEYS or name.endswith(("_id", "_key")))
