"""成批写入 many acts at once: each with its own entry and number, but each table written only once.

The same rows, seals and entries as one act after another would leave; for loading and for what the
passing of time does to thousands of records. The county's log head is taken first and held till
COMMIT, so a batch should stay small (some hundred acts).
"""

from collections.abc import Sequence
from operator import attrgetter
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Dialect, Table

from registry.domain.audit import RowSeal, canonical, seal
from registry.domain.errors import Refusal
from registry.domain.records import Record
from registry.store import prepared, tables
from registry.store.footing import derived
from registry.store.unit import STALE, Header, Unit, entered


class Act(NamedTuple):
    """一件办理: what the log says of it, and the row versions it writes."""

    header: Header
    records: Sequence[Record]


def enter(unit: Unit, acts: Sequence[Act]) -> int:
    """Write the acts in order; returns the number of the last.

    Raises:
        Refusal: ``version.stale`` where a row is not at the version before.
    """
    if not acts:
        return 0
    connection, dialect = unit.connection, unit.connection.dialect
    taken = prepared.next_seqs(dialect)
    last = int(taken.rows(connection, {"county": unit.county, "count": len(acts)})[0]["seq"])
    batch = _Batch(unit)
    for seq, act in enumerate(acts, last - len(acts) + 1):
        batch.take(act, seq)
    batch.close_former()
    batch.write(dialect)
    unit.touched(batch.kinds)
    return last


class _Shape:
    """How a record of one type becomes a row: columns by attribute, the rest as canonical JSON."""

    def __init__(self, kind: type[Record]) -> None:
        self.table: Table = tables.BY_RECORD[kind]
        self.name = str(self.table.name)
        self.columns = tables.DATA_COLUMNS[self.name]
        self._values = attrgetter(*self.columns)
        self._rest = tuple(n for n in kind.__struct_fields__ if n not in set(self.columns))
        # Twice the last, so that one name too makes a tuple.
        self._others = attrgetter(*self._rest, self._rest[-1]) if self._rest else _nothing

    def row(self, record: Record) -> dict[str, Any]:
        values = [v.value if hasattr(v, "value") else v for v in self._values(record)]
        row = dict(zip(self.columns, values, strict=True))
        rest = dict(zip(self._rest, self._others(record), strict=False))
        row["body"] = canonical(rest).decode()
        row["digest"] = seal(self.name, row)
        row.update(derived(self.name, row["body"]))
        return row


def _nothing(_record: Record) -> tuple[Any, ...]:
    return ()


_SHAPES: dict[type[Record], _Shape] = {}


def _shape(kind: type[Record]) -> _Shape:
    if kind not in _SHAPES:
        _SHAPES[kind] = _Shape(kind)
    return _SHAPES[kind]


class _Batch:
    """What the acts write, gathered by table."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._events: list[dict[str, Any]] = []
        self._rows: dict[type[Record], list[dict[str, Any]]] = {}
        self._latest: dict[tuple[str, str], dict[str, Any]] = {}
        self._former: list[tuple[Table, dict[str, Any]]] = []

    @property
    def kinds(self) -> set[type[Record]]:
        return set(self._rows)

    def take(self, act: Act, seq: int) -> None:
        seals = []
        for record in act.records:
            shape = _shape(type(record))
            row = shape.row(record)
            seals.append(RowSeal(t=shape.name, id=record.id, v=record.version, d=row["digest"]))
            row["event_from"], row["event_to"] = seq, None
            if record.version > 1:
                self._supersede(shape, row, seq)
            self._latest[shape.name, record.id] = row
            self._rows.setdefault(type(record), []).append(row)
        event = entered(act.header, self._unit.county, seq, seals)
        self._events.append(msgspec.structs.asdict(event))

    def _supersede(self, shape: _Shape, row: dict[str, Any], seq: int) -> None:
        held = self._latest.get((shape.name, row["id"]))
        before = row["version"] - 1
        if held is None:
            told = {"county": row["county"], "id": row["id"], "before": before, "seq": seq}
            self._former.append((shape.table, told))
        elif held["version"] != before:
            raise Refusal(STALE, current=held["version"])
        else:
            held["event_to"] = seq

    def close_former(self) -> None:
        """End the versions that stood before this batch."""
        connection = self._unit.connection
        for table, told in self._former:
            if prepared.superseded(connection.dialect, table).run(connection, told) != 1:
                raise Refusal(STALE, current="?")

    def write(self, dialect: Dialect) -> None:
        """Events first: every row rests on one."""
        connection = self._unit.connection
        prepared.written(dialect, tables.event).run(connection, *self._events)
        for kind, rows in self._rows.items():
            prepared.written(dialect, _shape(kind).table).run(connection, *rows)
