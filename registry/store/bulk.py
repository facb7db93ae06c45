"""成批写入 many acts at once: each with its own entry and number, but each table written only once.

The same rows, seals and entries as one act after another would leave; for loading and for what the
passing of time does to thousands of records. The county's log head is taken first and held till
COMMIT, so a batch should stay small (some hundred acts).

Sealing asks no database, so it may be done beforehand and elsewhere (``sealed``); only the numbers
in the log are told when it is written (``enter_sealed``).
"""

from collections.abc import Sequence
from enum import Enum
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import Dialect

from registry.domain.audit import RowSeal, leaf, seal
from registry.domain.errors import Refusal
from registry.domain.records import Record
from registry.store import grams, prepared, tables
from registry.store.entry import Header, numbered, opening
from registry.store.footing import derived
from registry.store.mapping import shape_of
from registry.store.statement import driven
from registry.store.unit import STALE, Unit


class Act(NamedTuple):
    """一件办理: what the log says of it, and the row versions it writes."""

    header: Header
    records: Sequence[Record]


class Sheaf(NamedTuple):
    """一捆: acts sealed and laid out as rows of one engine; may be sent to another process.

    Events are counted from 0, and the rows name theirs so.
    """

    county: str
    events: list[list[Any]]
    rows: dict[type[Record], list[list[Any]]]
    former: list[tuple[type[Record], dict[str, Any]]]
    """Versions to end that were written before these."""
    texts: list[grams.Text]
    """What of the rows is found by its words."""

    @property
    def size(self) -> int:
        """Rows of all tables, entries of the log among them."""
        return len(self.events) + sum(len(rows) for rows in self.rows.values())


def enter(unit: Unit, acts: Sequence[Act]) -> int:
    """Write the acts in order; returns the number of the last, 0 where there is none.

    Raises:
        Refusal: ``version.stale`` where a row is not at the version before.
    """
    return enter_sealed(unit, sealed(unit.connection.dialect, unit.county, acts))


def sealed(dialect: Dialect, county: str, acts: Sequence[Act]) -> Sheaf:
    """Seal the acts and lay them out for an engine.

    Raises:
        Refusal: ``version.stale`` where a row does not follow the one before it.
    """
    batch = _Batch(dialect, county)
    for act in acts:
        batch.take(act)
    return batch.sheaf


def enter_sealed(unit: Unit, sheaf: Sheaf) -> int:
    """Write what was sealed, once: the numbers are put into it. Returns the last, 0 for none.

    Raises:
        Refusal: ``version.stale`` where a row that stood before is not at the version before.
    """
    if not sheaf.events:
        return 0
    connection, dialect = unit.connection, unit.connection.dialect
    taken = prepared.next_seqs(dialect)
    many = {"county": unit.county, "count": len(sheaf.events)}
    last = int(taken.rows(connection, many)[0]["seq"])
    first = last - len(sheaf.events) + 1
    _number(dialect, sheaf, first)
    for kind, told in sheaf.former:
        told["seq"] += first
        if prepared.superseded(dialect, tables.BY_RECORD[kind]).run(connection, told) != 1:
            raise Refusal(STALE, current="?")
    # Events first: every row rests on one.
    prepared.write_laid(connection, tables.event, sheaf.events)
    for kind, rows in sheaf.rows.items():
        prepared.write_laid(connection, tables.BY_RECORD[kind], rows)
    grams.write(connection, sheaf.texts)
    unit.touched(sheaf.rows)
    return last


def fold_after(unit: Unit, pages: int) -> None:
    """Let SQLite write its log of changed pages back into the file only after so many pages.

    Every COMMIT is on the disk before it is acknowledged, as always; but the pages that each batch
    touches anew are written back once in a while, not after each. PostgreSQL minds this itself.
    """
    if unit.connection.dialect.name == "sqlite":
        driven(unit.connection, f"PRAGMA wal_autocheckpoint={pages:d}").close()


def _number(dialect: Dialect, sheaf: Sheaf, first: int) -> None:
    """Put the numbers of the log into entries and rows."""
    written = prepared.written(dialect, tables.event)
    seq_at, entry_at, leaf_at = (written.place(name) for name in ("seq", "entry", "leaf"))
    for seq, event in enumerate(sheaf.events, first):
        entry = numbered(event[entry_at], seq)
        event[seq_at], event[entry_at], event[leaf_at] = seq, entry.decode(), leaf(entry)
    for kind, rows in sheaf.rows.items():
        written = prepared.written(dialect, tables.BY_RECORD[kind])
        began, ended = written.place("event_from"), written.place("event_to")
        for row in rows:
            row[began] += first
            if row[ended] is not None:
                row[ended] += first


_OF_HEADER = tuple(
    str(c.name) for c in tables.event.c if c.name not in ("county", "seq", "entry", "leaf")
)
_TOLD = attrgetter(*_OF_HEADER)


def _plain(value: Any) -> Any:
    return value._value_ if isinstance(value, Enum) else value


class _Batch:
    """What the acts write, gathered by table."""

    def __init__(self, dialect: Dialect, county: str) -> None:
        self._dialect = dialect
        self.sheaf = Sheaf(county, [], {}, [], [])
        self._events = prepared.written(dialect, tables.event)
        self._latest: dict[tuple[str, str], tuple[int, list[Any]]] = {}

    def take(self, act: Act) -> None:
        seals, at = [], len(self.sheaf.events)
        for record in act.records:
            kind = type(record)
            shape = shape_of(kind)
            written = prepared.written(self._dialect, shape.table)
            row = shape.row(record)
            row["digest"] = seal(shape.name, row)
            row.update(derived(shape.name, row["body"]))
            seals.append(RowSeal(t=shape.name, id=record.id, v=record.version, d=row["digest"]))
            row["event_from"], row["event_to"] = at, None
            laid = written.laid(row)
            if record.version > 1:
                self._supersede(record, written.place("event_to"), at)
            self._latest[shape.name, record.id] = record.version, laid
            self.sheaf.rows.setdefault(kind, []).append(laid)
            if (text := grams.made(record)) is not None:
                self.sheaf.texts.append(text)
        self.sheaf.events.append(self._event(act.header, seals))

    def _event(self, header: Header, seals: list[RowSeal]) -> list[Any]:
        told = dict(zip(_OF_HEADER, map(_plain, _TOLD(header)), strict=True))
        start = opening(header, self.sheaf.county, seals)
        blank = {"county": self.sheaf.county, "seq": 0, "entry": start, "leaf": ""}
        return self._events.laid(told | blank)

    def _supersede(self, record: Record, ended: int, at: int) -> None:
        before = record.version - 1
        held = self._latest.get((shape_of(type(record)).name, record.id))
        if held is None:
            told = {"county": record.county, "id": record.id, "before": before, "seq": at}
            self.sheaf.former.append((type(record), told))
            return
        version, laid = held
        if version != before:
            raise Refusal(STALE, current=version)
        laid[ended] = at
