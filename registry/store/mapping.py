"""行与结构 the one mapping between a record and its row: columns where the table has them, the rest
in ``body``. A field costs one edit in the domain, and a column only where it is filtered or summed.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, TypeVar

import msgspec
from sqlalchemy import RowMapping

from registry.domain.audit import canonical, wire
from registry.domain.records import Record
from registry.store.tables import BY_RECORD, DATA_COLUMNS

R = TypeVar("R", bound=Record)


def to_row(record: Record) -> dict[str, Any]:
    """A record as the values of its table's data columns, plus ``body``."""
    table = BY_RECORD[type(record)]
    columns = DATA_COLUMNS[table.name]
    row = {name: _plain(getattr(record, name)) for name in columns}
    rest = {n: v for n, v in msgspec.to_builtins(record).items() if n not in row}
    row["body"] = canonical(rest).decode()
    return row


def to_record(kind: type[R], row: Mapping[str, Any] | RowMapping) -> R:
    """The record a row holds."""
    columns = DATA_COLUMNS[BY_RECORD[kind].name]
    fields = msgspec.json.decode(row["body"])
    later = _later(kind)
    for name in columns:
        value = row[name]
        # Absent in a version from before the column was kept: as the field begins.
        if value is not None or name not in later:
            fields[name] = wire(value)
    return msgspec.convert(fields, kind)


@lru_cache(None)
def _later(kind: type[Record]) -> frozenset[str]:
    """Fields that begin as something, so that an empty column says nothing of them."""
    return frozenset(
        f.name for f in msgspec.structs.fields(kind) if f.default is not msgspec.NODEFAULT
    )


def _plain(value: Any) -> Any:
    return value.value if hasattr(value, "value") else value
