"""行与结构 the one mapping between a record and its row: columns where the table has them, the rest
in ``body``. A field costs one edit in the domain, and a column only where it is filtered or summed.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import Enum
from functools import lru_cache
from operator import attrgetter
from typing import Any, TypeVar

import msgspec
from sqlalchemy import RowMapping, Table

from registry.domain.audit import canonical
from registry.domain.records import Record
from registry.store.tables import BY_RECORD, DATA_COLUMNS
from registry.store.unchecked import unchecked

R = TypeVar("R", bound=Record)


_BARE = frozenset((str, int, bool, type(None), date, datetime))


class Shape:
    """How a record of one type becomes a row: columns by attribute, the rest as canonical JSON."""

    def __init__(self, kind: type[Record]) -> None:
        self.table: Table = BY_RECORD[kind]
        self.name = str(self.table.name)
        self.columns = DATA_COLUMNS[self.name]
        self._values = attrgetter(*self.columns)
        self._rest = tuple(sorted(set(kind.__struct_fields__) - set(self.columns)))
        # Twice the last, so that one name too makes a tuple.
        self._others = attrgetter(*self._rest, self._rest[-1]) if self._rest else _nothing

    def row(self, record: Record) -> dict[str, Any]:
        """A record as the values of its table's data columns, plus ``body``."""
        values = [v if type(v) in _BARE else _plain(v) for v in self._values(record)]
        row = dict(zip(self.columns, values, strict=True))
        rest = dict(zip(self._rest, self._others(record), strict=False))
        row["body"] = canonical(rest).decode()
        return row


def _nothing(_record: Record) -> tuple[Any, ...]:
    return ()


def _plain(value: Any) -> Any:
    return value._value_ if isinstance(value, Enum) else value


_SHAPES: dict[type[Record], Shape] = {}


def shape_of(kind: type[Record]) -> Shape:
    """Worked out once for each type of record."""
    found = _SHAPES.get(kind)
    if found is None:
        found = _SHAPES[kind] = Shape(kind)
    return found


def to_row(record: Record) -> dict[str, Any]:
    """A record as the values of its table's data columns, plus ``body``."""
    return shape_of(type(record)).row(record)


def to_record(kind: type[R], row: Mapping[str, Any] | RowMapping) -> R:
    """The record a row holds."""
    read, columns, must = _reading(kind)
    found: R = read(_whole(row, columns, must))
    return found


def to_told(kind: type[Record], row: Mapping[str, Any] | RowMapping) -> Any:
    """The same, for who only writes it out: see ``unchecked``."""
    _, columns, must = _reading(kind)
    return _telling(kind)(_whole(row, columns, must))


def _whole(
    row: Mapping[str, Any] | RowMapping, columns: tuple[str, ...], must: frozenset[str]
) -> bytes:
    """Columns and body as one text.

    Args:
        must: columns that say something when they are empty.
    """
    # Absent in a version from before the column was kept: as the field begins.
    told = {name: v for name in columns if (v := row[name]) is not None or name in must}
    body, own = row["body"].encode(), _encode(told)
    # The columns last: of a name that stands in both, what comes last is taken.
    return own if body == _NOTHING else b"%b,%b" % (body[:-1], own[1:])


_NOTHING = b"{}"
_encode = msgspec.json.Encoder().encode


@lru_cache(None)
def _reading(kind: type[Record]) -> tuple[Callable[[bytes], Any], tuple[str, ...], frozenset[str]]:
    """What reads a record, its columns, and those of them that say something when they are empty:
    their fields do not begin as anything."""
    columns = DATA_COLUMNS[BY_RECORD[kind].name]
    later = {f.name for f in msgspec.structs.fields(kind) if f.default is not msgspec.NODEFAULT}
    return msgspec.json.Decoder(kind).decode, columns, frozenset(columns) - later


@lru_cache(None)
def _telling(kind: type[Record]) -> Callable[[bytes], Any]:
    return msgspec.json.Decoder(unchecked(kind)).decode
