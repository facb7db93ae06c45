"""工作单元 one act's view of one county: reads current rows, buffers new versions, flushes once.

New versions are held back until ``flush``, so that the log head is locked last, with every digest
already made. Reads inside the act see what it has written.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple, TypeVar

import msgspec
from sqlalchemy import Connection

from registry.domain.audit import Event
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.records import Record
from registry.store import grams, prepared, tables
from registry.store.entry import Header
from registry.store.heads import Stamp, head_of, standing_rules
from registry.store.laying import STALE as STALE  # noqa: PLC0414 - named here for those who ask
from registry.store.laying import lay
from registry.store.mapping import to_record
from registry.store.recall import Recall, meets
from registry.store.shelf import KINDS, RULES, Key, Shelf
from registry.store.statement import at_once

R = TypeVar("R", bound=Record)
T = TypeVar("T")

MISSING = declare("record.missing", RefusalKind.MISSING, "没有这条记录", "No such record.")


class Mark(NamedTuple):
    """记号: what a unit held at one moment."""

    fresh: dict[tuple[type[Record], str], Record]
    order: list[tuple[type[Record], str]]


class Unit:
    """工作单元."""

    def __init__(
        self, connection: Connection, county: str, shelf: Shelf | None = None, *,
        firm: bool = True, alone: bool = False, guard: Callable[[], None] | None = None,
    ) -> None:  # fmt: skip
        """``firm`` = what it reads may be held against others; not so where nothing is recorded.
        ``alone`` = nobody else writes the county until this act is recorded: no row need be held.
        ``guard`` = called before anybody is given the connection, to write what they like.
        """
        self._connection, self.county, self._guard = connection, county, guard
        self._dialect = connection.dialect
        self.wrote = False
        """It has written: what it read is no more what stands, were it taken back."""
        self.texts: list[grams.Text] = []
        """What of the rows written is searched: for the writer, to lay down before its COMMIT."""
        self._shelf, self._firm = shelf, firm
        self._alone = alone or self._dialect.name == "sqlite"
        self._recall = Recall()
        self._beside: dict[str, Unit] = {}
        self._fresh: dict[tuple[type[Record], str], Record] = {}
        self._order: list[tuple[type[Record], str]] = []

    @property
    def connection(self) -> Connection:
        """The connection, for what is asked or written past this unit."""
        if self._guard is not None:
            self._guard()
        return self._connection

    @property
    def reading(self) -> Connection:
        """The connection, for what is asked past this unit and writes nothing."""
        return self._connection

    def maybe(self, kind: type[R], id: str, *, lock: bool = False) -> R | None:
        """The current version, or ``None``. ``lock`` holds the row against other acts."""
        fresh = self._fresh.get((kind, id))
        if fresh is not None:
            return fresh  # type: ignore[return-value]
        if lock and self._firm and not self._alone:
            return self._stored(kind, id, lock=True)
        read = partial(self._stored, kind, id)
        if self._shelf is None or kind not in KINDS:
            return self._recall.row(kind, self.county, id, read)
        return self._kept(self._shelf, (kind, self.county, id), read)

    def standing(self, kind: type[R], id: str) -> R | None:
        """The current version, which nobody changes before this act is recorded; others may read
        it so beside this act. Where nobody else writes the county it is a plain reading."""
        if not self._firm or self._alone:
            return self.maybe(kind, id)
        return self._stored(kind, id, shared=True)

    def beside(self, county: str) -> "Unit":
        """The same connection's view of another partition, for reading."""
        if county == self.county:
            return self
        if county not in self._beside:
            self._beside[county] = Unit(
                self._connection, county, self._shelf, firm=self._firm, guard=self._guard
            )
        return self._beside[county]

    def rules_standing(self, counties: Sequence[str]) -> Stamp:
        """Which packs, lists and calendars stand in partitions: changes when they do."""
        shelf = self._shelf
        if shelf is None or shelf.unsettled:
            return standing_rules(self._connection, counties)
        for county in counties:
            self._learn_head(shelf, county)
        read = partial(standing_rules, self._connection, counties)
        return self._kept(shelf, (RULES, *counties), read)

    @property
    def unsettled(self) -> bool:
        """The rules were changed by an act that is not yet on the disk: keep nothing of them."""
        return self._shelf is not None and self._shelf.unsettled

    def remembered(self, kind: type[Record], what: Hashable, read: Callable[[], T]) -> T:
        """An answer that depends on rows of one kind in this county alone, as it stood before this
        act; kept until one of them changes, where the kind is kept at all."""
        if self._shelf is None or kind not in KINDS:
            return read()
        return self._kept(self._shelf, (kind, self.county, what), read)

    def _kept(self, shelf: Shelf, key: Key, read: Callable[[], T]) -> T:
        """What lies on the shelf under a key; read and put there where nothing does."""
        if not shelf.holds(key):
            self._learn_head(shelf, self.county)
            shelf.put(key, read())
        return shelf.get(key)  # type: ignore[no-any-return]

    def _learn_head(self, shelf: Shelf, county: str) -> None:
        """The log's head is read before the first row, so that no change slips in between."""
        if shelf.by_heads and county not in shelf.heads:
            shelf.heads[county] = head_of(self._connection, county)

    def _stored(
        self, kind: type[R], id: str, *, lock: bool = False, shared: bool = False
    ) -> R | None:
        table = tables.BY_RECORD[kind]
        query = prepared.current(self._dialect, table, lock=lock, shared=shared)
        wanted = {"county": self.county, "id": id}
        rows = query.rows(self._connection, wanted)
        if not rows and (lock or shared):
            # Another act closed the version we waited for: a new statement sees its successor.
            rows = query.rows(self._connection, wanted)
        return to_record(kind, rows[0]) if rows else None

    def get(self, kind: type[R], id: str, *, lock: bool = False) -> R:
        """The current version.

        Raises:
            Refusal: ``record.missing``.
        """
        found = self.maybe(kind, id, lock=lock)
        if found is None:
            raise Refusal(MISSING, kind=kind.__name__, id=id)
        return found

    def find(self, kind: type[R], **equals: Any) -> list[R]:
        """Current rows whose columns equal the values given (a list means any of), in id order,
        with this act's own writes laid over."""
        found: dict[str, Any] = {record.id: record for record in self._matching(kind, equals)}
        for (fresh_kind, id), record in self._fresh.items():
            if fresh_kind is kind:
                found.pop(id, None)
                if all(meets(getattr(record, c), v) for c, v in equals.items()):
                    found[id] = record
        return [found[id] for id in sorted(found)]

    def _matching(self, kind: type[R], equals: dict[str, Any]) -> list[R]:
        read = partial(self._read, kind, equals)
        if self._shelf is None or kind not in KINDS:
            return self._recall.rows(kind, self.county, equals, read)
        key = (kind, self.county, *((n, _plain(v)) for n, v in sorted(equals.items())))
        return self._kept(self._shelf, key, read)

    def _read(self, kind: type[R], equals: dict[str, Any]) -> list[R]:
        table = tables.BY_RECORD[kind]
        rows = prepared.matching(self._connection, table, self.county, equals)
        return [to_record(kind, row) for row in rows]

    def read_ahead(self, questions: Mapping[Any, dict[str, Any]], parts: str = "") -> None:
        """Ask what this act is about to ask, all at once: for each kind the rows ``find`` gives.

        Args:
            parts: a column that names another of the rows asked for; what names each of them is
                known too. All that does must be among what is asked for.
        """
        asked = []
        for kind, equals in questions.items():
            table = tables.BY_RECORD[kind]
            query, given = prepared.question(self._dialect, table, self.county, equals)
            asked.append((query, [given]))
        cursors = at_once(self._connection, asked)
        found: dict[type[Record], list[Any]] = {}
        for (kind, equals), (query, _), cursor in zip(
            questions.items(), asked, cursors, strict=True
        ):
            found[kind] = [to_record(kind, row) for row in query.read(cursor)]
            self._recall.learn(kind, self.county, equals, found[kind])
        ids = [row.id for rows in found.values() for row in rows]
        for kind, rows in found.items():
            if parts in kind.__struct_fields__:
                split: dict[str, list[Any]] = {id: [] for id in ids}
                for row in rows:
                    split[getattr(row, parts)].append(row)
                for id, some in split.items():
                    self._recall.learn(kind, self.county, {parts: id}, some)

    def largest(self, kind: type[R], column: str, **equals: Any) -> int:
        """The greatest value of a whole-number column among all versions, 0 where there is none."""
        table = tables.BY_RECORD[kind]
        stored = prepared.largest(
            self._connection, table, column, {"county": self.county, **equals}
        )
        for (fresh, _), record in self._fresh.items():
            if fresh is kind and all(getattr(record, n) == v for n, v in equals.items()):
                stored = max(stored, int(getattr(record, column)))
        return stored

    def taken(self, kind: type[Record], **equals: Any) -> bool:
        """Whether any row was ever begun with these values, which no later version changes."""
        fresh = (record for (which, _), record in self._fresh.items() if which is kind)
        if any(all(meets(getattr(one, n), v) for n, v in equals.items()) for one in fresh):
            return True
        return prepared.taken(self._connection, tables.BY_RECORD[kind], self.county, equals)

    def add(self, record: R) -> R:
        """Write a first version."""
        return self._hold(record)

    def change(self, record: R, **fields: Any) -> R:
        """Write the next version of ``record`` with ``fields`` changed."""
        held = self._fresh.get((type(record), record.id))
        version = record.version if held is not None else record.version + 1
        return self._hold(msgspec.structs.replace(record, version=version, **fields))

    def _hold(self, record: R) -> R:
        key = (type(record), record.id)
        if key not in self._fresh:
            self._order.append(key)
        self._fresh[key] = record
        return record

    def touched(self, kinds: Iterable[type[Record]]) -> None:
        """Rows of these kinds were written past this unit (``bulk``): forget what is on the
        shelf of them."""
        self._has_written(set(kinds))

    def forget(self) -> None:
        """Drop what was held: the act was refused."""
        self._fresh.clear()
        self._order.clear()

    def writes(self, kind: type[Record]) -> bool:
        """Whether this act has written rows of a kind so far."""
        return any(fresh is kind for fresh, _ in self._order)

    def mark(self) -> Mark:
        """What is held so far, to come back to where a part of an act is not done after all."""
        return Mark(dict(self._fresh), list(self._order))

    def back_to(self, mark: Mark) -> None:
        """Drop what was held since a mark."""
        self._fresh, self._order = dict(mark.fresh), list(mark.order)

    def flush(self, header: Header) -> Event:
        """Write every held version and the one event that covers them; the head is taken last."""
        self.wrote = True
        known = None if self._shelf is None else self._shelf.heads.get(self.county)
        records = [self._fresh[key] for key in self._order]
        event = lay(self._connection, header, records, (self.county, known))
        self.texts += grams.made_of(records)
        self._has_written({kind for kind, _ in self._order}, event.seq)
        self.forget()
        return event

    def _has_written(self, kinds: set[type[Record]], seq: int | None = None) -> None:
        self.wrote = True
        self._recall.forget(kinds)
        if self._shelf is not None:
            self._shelf.wrote(self.county, kinds, seq)


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
