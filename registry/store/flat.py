"""展开 rows laid flat: what stands in columns of their own as the engine tells it, and what stands in
the body read here, once a row: an engine that picks a hundred values out of a text reads it a
hundred times.
"""

from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from typing import Any

import msgspec
from sqlalchemy import LargeBinary, Select, cast

from registry.domain.exporting import Column, Holds
from registry.store.exported import AT_ONCE, Rows

Row = list[Any]


def flat(rows: Rows) -> Iterator[list[Row]]:
    """Each row as texts, whole numbers and nothing, in the order of its columns; some at a time."""
    unfold = _Unfolding(rows)
    query = unfold.query()
    for batch in _read(rows, query):
        yield list(map(unfold.row, batch))


def _read(rows: Rows, query: Select[Any]) -> Iterator[Sequence[Any]]:
    if not rows.sqlite:
        yield from rows.batches(query)
        return
    # A row that the driver hands over as it is costs a third of one that is dressed up.
    told = query.compile(rows.connection, compile_kwargs={"literal_binds": True})
    held: Any = rows.connection.connection
    cursor = held.cursor()
    cursor.execute(str(told))
    try:
        while batch := cursor.fetchmany(AT_ONCE):
            yield batch
    finally:
        cursor.close()


class _Unfolding:
    """展开法 of one sheet: which part of a row each of its columns is."""

    def __init__(self, rows: Rows) -> None:
        self._rows, self._columns = rows, rows.columns()
        own = [c for c in self._columns if rows.kept(c)]
        inside = [c for c in self._columns if not rows.kept(c)]
        self._own = own
        groups: dict[str, list[Column]] = {}
        for column in inside:
            groups.setdefault(column.path[0], []).append(column)
        plain = [told[0] for told in groups.values() if len(told[0].path) == 1]
        nested = {name: told for name, told in groups.items() if len(told[0].path) > 1}
        fields = [_field(c) for c in plain]
        fields += [(name, _struct(told) | None, None) for name, told in nested.items()]
        self._decode = None
        if inside:
            form = msgspec.defstruct("Body", fields, kw_only=True)
            self._decode = msgspec.json.Decoder(form).decode
        self._plain, self._empty = len(plain), [(None,) * len(t) for t in nested.values()]
        flat = [*own, *plain, *(c for told in nested.values() for c in told)]
        self._pick = itemgetter(*(flat.index(c) for c in self._columns))
        self._turned = [
            (n, turn) for n, c in enumerate(self._columns)
            if not rows.kept(c) and (turn := _TURNED.get(c.holds)) is not None
        ]  # fmt: skip
        self._defaults = [
            (n, c.default) for n, c in enumerate(self._columns) if c.default is not None
        ]

    def query(self) -> Select[Any]:
        """The statement: own columns, then the body whole."""
        told: list[Any] = [self._rows.value(c).label(f"c{n}") for n, c in enumerate(self._own)]
        if self._decode is not None:
            body = self._rows.table.c.body
            # As bytes: it is read here, and SQLite need not make letters of it first.
            told.append(cast(body, LargeBinary) if self._rows.sqlite else body)
        return self._rows.told(told)

    def row(self, held: Any) -> Row:
        """One row as the engine gave it, laid out."""
        if self._decode is None:
            made = list(self._pick(held))
        else:
            *own, body = held
            parts = msgspec.structs.astuple(self._decode(body))
            found = [*own, *parts[: self._plain]]
            for part, empty in zip(parts[self._plain :], self._empty, strict=True):
                found += empty if part is None else msgspec.structs.astuple(part)
            made = list(self._pick(found))
        for n, turn in self._turned:
            value = made[n]
            if value is not None:
                made[n] = turn(value)
        for n, default in self._defaults:
            if made[n] is None:
                made[n] = default
        return made


def _struct(told: Sequence[Column]) -> Any:
    return msgspec.defstruct(f"In_{told[0].path[0]}", [_field(c) for c in told], kw_only=True)


def _field(column: Column) -> tuple[str, Any, Any]:
    form: Any = msgspec.Raw if column.holds is Holds.JSON else Any
    return column.path[-1], form, None


def _json(held: msgspec.Raw) -> str | None:
    """JSON as it stands there; a text that is one by itself without its marks."""
    text = bytes(held)
    if text == b"null":
        return None
    return str(msgspec.json.decode(text)) if text[:1] == b'"' else text.decode()


_TURNED: dict[Holds, Callable[[Any], Any]] = {Holds.FLAG: int, Holds.JSON: _json}
