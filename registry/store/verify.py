"""核验 a county's log and rows walked from the first entry on; the first thing wrong is named.

Every entry is re-encoded and hashed, every row version is hashed again from what is stored, and
each must name the other. Batches follow the log, so memory does not grow with the records.

The tree over the log is compared with every checkpoint and every kept node (``sealed``). What no
reader of one database can see is a log written anew together with its rows, and signed anew: for
that an earlier checkpoint, receipt or head must have been kept elsewhere (``Kept``).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, RowMapping, Table, func, select
from sqlalchemy.exc import DBAPIError

from registry.domain.audit import canonical, leaf, seal
from registry.domain.sealing import CHECKPOINT_WITHIN
from registry.store import abreast, swift, tables
from registry.store.faults import Fault, Found, Head, Kept, Report
from registry.store.files import Files
from registry.store.footing import derived
from registry.store.growing import Asked, Sealing, head_of
from registry.store.linked import linked, uncollected
from registry.store.sweep import Named
from registry.store.swift import Page

BATCH = 512
"""Events held in memory at once."""
Progress = Callable[[int, int], None]
"""Told (events verified, events in all)."""


def counties(connection: Connection) -> list[str]:
    """Every county that holds an event, a head or a row, in order."""
    found: set[str] = set()
    for table in (tables.log_head, tables.event, *tables.BY_RECORD.values()):
        found |= set(connection.execute(select(table.c.county).distinct()).scalars())
    return sorted(found)


def snapshot(engine: Engine) -> Connection:
    """A connection whose block sees one moment of the database."""
    connection = engine.connect()
    if engine.dialect.name == "postgresql":
        return connection.execution_options(isolation_level="REPEATABLE READ")
    return connection


def verify(
    engine: Engine,
    county: str,
    on_progress: Progress = lambda done, total: None,
    *,
    files: Files | None = None,
    kept: Head | Sequence[Kept] | None = None,
    slack: timedelta | None = CHECKPOINT_WITHIN,
    processes: int | None = None,
) -> Report:
    """Verify one county from its first event on, as of one moment.

    Args:
        engine: read-only, so that writers are not held up.
        files: the documents on disk, if they are to be hashed too.
        kept: what was kept elsewhere: a head printed earlier, checkpoints, receipts; the log must
            still contain it.
        slack: as ``Seals.slack``.
        processes: how many work at it; ``None`` = as many as there are cores, where the log is
            long. What is found and how it is named is the same.
    """
    held = [Kept(head=kept)] if isinstance(kept, Head) else list(kept or ())
    asked = Asked(county=county, files=files, kept=held, slack=slack)
    with snapshot(engine) as connection, uncollected():
        report = abreast.verified(connection, asked, processes, on_progress)
        if report is None:
            report = _Walk(connection, asked).verified(on_progress)
    return report


class _Walk:
    def __init__(self, connection: Connection, asked: Asked) -> None:
        self.connection, self.county = connection, asked.county
        self.sealing = Sealing(connection, asked)
        self.sweep = swift.sweep(connection, asked.county, asked.files)

    def verified(self, on_progress: Progress) -> Report:
        fault = None
        try:
            self.run(on_progress)
        except Found as found:
            fault = found.fault
        return self.sealing.report(self.sweep.rows, self.sweep.documents, fault)

    def run(self, on_progress: Progress) -> None:
        stated = head_of(self.connection, self.county)
        while self._page(swift.page(self.connection, self.county, self.sealing.size)):
            on_progress(self.sealing.size, stated or 0)
        for (table, id, version), (_, seq) in self.sweep.following.items():
            self._fail("row.closed", seq, (table, id, version - 1))
        if (stated or 0) != self.sealing.size:
            self._fail("log.head", self.sealing.size, detail=f"log_head {stated}")
        self.sealing.end()
        self._strays()

    def _page(self, page: Page | None) -> bool:
        """Whether there was one more; what is not just so is looked at line by line."""
        if page is None:
            return self._slow()
        if not page.leaves:
            return False
        named = self.sweep.named(page.first, page.last)
        if named is None:
            return self._slow()
        self.sealing.add(page)
        for key in (key for key in named if key[0] not in _BUSINESS):
            self._fail("row.table", named[key][0], key)
        for plan in swift.plans(self.connection.dialect).tables:
            if not self.sweep.table(plan, page.first, page.last, named):
                self._table(plan.name, named, (page.first, page.last))
        self._missing(named)
        return True

    def _slow(self) -> bool:
        """One page in which something is not just so, looked at line by line."""
        for events in self._batches():
            named = self._entries(events)
            for name in _BUSINESS:
                self._table(name, named, (events[0]["seq"], events[-1]["seq"]))
            self._missing(named)
            return True
        return False

    def _fail(self, what: str, seq: int, row: Any = None, *, detail: str = "") -> None:
        place = {} if row is None else {"table": row[0], "id": row[1], "version": row[2]}
        raise Found(Fault(what=what, county=self.county, seq=seq, detail=detail, **place))

    def _batches(self) -> Iterator[Sequence[RowMapping]]:
        table, last = tables.event, self.sealing.size
        query = select(table).where(table.c.county == self.county).order_by(table.c.seq)
        while True:
            page = query.where(table.c.seq > last).limit(BATCH)
            try:
                events = self.connection.execute(page).mappings().all()
            except (ValueError, DBAPIError):
                events = self._one_event(last)
            if not events:
                return
            last = events[-1]["seq"]
            yield events

    def _one_event(self, last: int) -> Sequence[RowMapping]:
        """The next event alone, so that what precedes an unreadable one is verified first."""
        table = tables.event
        where = (table.c.county == self.county, table.c.seq > last)
        try:
            return self.connection.execute(
                select(table).where(*where).order_by(table.c.seq).limit(1)
            ).mappings().all()  # fmt: skip
        except (ValueError, DBAPIError):
            seq = self.connection.execute(select(func.min(table.c.seq)).where(*where)).scalar()
            self._fail("entry.unreadable", int(seq or 0))
            raise

    def _entries(self, events: Iterable[RowMapping]) -> dict[tuple[str, str, int], Any]:
        named: dict[tuple[str, str, int], Any] = {}
        for event in events:
            told = self._entry(event)
            for row in told["rows"]:
                if row["t"] not in _BUSINESS:
                    self._fail("row.table", event["seq"], (row["t"], row["id"], row["v"]))
                named[row["t"], row["id"], row["v"]] = (event["seq"], row["d"])
        return named

    def _entry(self, event: RowMapping) -> dict[str, Any]:
        seq, text = event["seq"], event["entry"]
        if seq != self.sealing.size + 1:
            self._fail("log.gap", self.sealing.size + 1)
        try:
            told = msgspec.json.decode(text)
            same = canonical(told) == text.encode()
        except (ValueError, TypeError):
            same = False
        if not same or not isinstance(told, dict):
            self._fail("entry.form", seq)
        if leaf(text.encode()) != event["leaf"]:
            self._fail("entry.leaf", seq)
        try:
            wrong = swift.differing(event, told)
        except (KeyError, msgspec.ValidationError) as error:
            wrong = str(error)
        if wrong:
            self._fail("entry.columns", seq, detail=wrong)
        octets = text.encode()
        page = Page(seq, [event["at"]], [bytes.fromhex(event["leaf"])], [octets])
        self.sealing.add(page)
        return dict(told)

    def _table(self, name: str, named: Named, span: tuple[int, int]) -> None:
        for row in self._read(_BUSINESS[name], *span):
            key = (name, row["id"], row["version"])
            self._row(key, row, named.pop(key, None))

    def _missing(self, named: Named) -> None:
        if named:
            key, (seq, _) = min(named.items(), key=lambda item: item[1][0])
            self._fail("row.missing", seq, key)

    def _read(self, table: Table, first: int, last: int) -> Sequence[RowMapping]:
        rows = (table.c.county == self.county, table.c.event_from.between(first, last))
        try:
            return self.connection.execute(linked(table).where(*rows)).mappings().all()
        except (ValueError, DBAPIError):
            keys = select(table.c.id, table.c.version, table.c.event_from).where(*rows)
            for id, version, seq in self.connection.execute(keys).all():
                one = linked(table).where(*rows, table.c.id == id, table.c.version == version)
                try:
                    self.connection.execute(one).all()
                except (ValueError, DBAPIError):
                    self._fail("row.unreadable", seq, (str(table.name), id, version))
            raise

    def _row(self, key: tuple[str, str, int], row: RowMapping, entry: Any) -> None:
        seq = row["event_from"]
        if entry is None:
            self._fail("row.unlogged", seq, key)
        data = {name: row[name] for name in (*tables.DATA_COLUMNS[key[0]], "body")}
        if seal(key[0], data) != row["digest"]:
            self._fail("row.digest", seq, key)
        if any(row[n] != v for n, v in derived(key[0], row["body"]).items()):
            self._fail("row.derived", seq, key)
        if entry != (seq, row["digest"]):
            self._fail("row.entry", seq, key, detail=f"entry at seq {entry[0]}")
        if row["event_to"] != row["next_from"]:
            self._fail("row.closed", seq, key)
        if row["version"] > 1 and row["before"] is None:
            self._fail("row.first", seq, key)
        self._follows(key, seq, row["event_to"])
        self.sweep.rows += 1
        files = self.sweep.files
        if files is not None and key[0] == "document" and row["event_to"] is None:
            self.sweep.documents += 1
            if not files.intact(row["sha256"]):
                self._fail("document.changed", seq, key, detail=row["sha256"])

    def _follows(self, key: tuple[str, str, int], seq: int, ended: int | None) -> None:
        """A version comes where the one before was closed."""
        (table, id, version), last = key, self.sweep.following.pop(key, (0, seq))
        if version > 1 and last[0] != seq:
            self._fail("row.closed", last[1], (table, id, version - 1))
        if ended is not None:
            self.sweep.following[table, id, version + 1] = ended, seq

    def _strays(self) -> None:
        """Rows that claim an event outside the log."""
        for name, id, version, seq in swift.strays(self.connection, self.county, self.sealing.size):
            self._fail("row.unlogged", seq, (name, id, version))


# A table's name is a subclass of str, which the canonical encoder refuses.
_BUSINESS: dict[str, Table] = {str(table.name): table for table in tables.BY_RECORD.values()}
