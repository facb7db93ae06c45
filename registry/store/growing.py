"""封存同行 the trees over a log as a walk comes by, beside what is kept of it here and elsewhere."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, select

from registry.domain.hashing import SM3
from registry.domain.records import Wire
from registry.store import tables
from registry.store.faults import Fault, Found, Head, Kept, Report
from registry.store.files import Files
from registry.store.sealed import Seals, rotations, trees
from registry.store.swift import Page


def head_of(connection: Connection, county: str) -> int | None:
    """Number of the last entry, as the county's head says."""
    head = tables.log_head
    query = select(head.c.seq).where(head.c.county == county)
    found = connection.execute(query).scalar()
    return None if found is None else int(found)


class Asked(Wire, frozen=True, kw_only=True):
    """核验范围: what is verified of one county."""

    county: str
    files: Any = None
    """The documents on disk (``Files``), if they are to be hashed too."""
    kept: list[Kept] = []
    """What was kept elsewhere."""
    slack: timedelta | None = None
    """As ``Seals.slack``."""

    @property
    def folder(self) -> str:
        """Where the documents lie; empty = they are not looked at."""
        return str(self.files.folder) if isinstance(self.files, Files) else ""


class Sealing:
    """日志树们 of one county, grown from its first entry on."""

    def __init__(self, connection: Connection, asked: Asked) -> None:
        self._connection, self._county = connection, asked.county
        self._kept = sorted(asked.kept, key=lambda one: one.head.seq, reverse=True)
        self._tree = Seals(connection, asked.county)
        self._tree.slack = asked.slack
        second = trees(connection, asked.county, SM3)
        self._beside = Seals(connection, asked.county, SM3) if second else None

    @property
    def size(self) -> int:
        """Entries so far."""
        return self._tree.size

    def add(self, page: Page) -> None:
        """The next entries; as many at a time as nothing is to be compared between.

        Raises:
            Found: ``entry.backdated``, ``checkpoint.…``, ``node.…``, ``log.kept``, ``log.receipt``.
        """
        start = self.size
        while self.size < page.last:
            first = self.size - start
            part = slice(first, first + self._room())
            self._tree.dated(page.times[part], page.texts[part])
            self._tree.add(page.leaves[part])
            if self._beside is not None:
                leaf = self._beside.hashing.leaf
                self._beside.add([leaf(text) for text in page.texts[part]])
            while self._kept and self._kept[-1].head.seq == self.size:
                kept = self._kept.pop()
                if kept.head.root != self._tree.root().hex():
                    self._fail(kept.what, self.size)

    def end(self) -> None:
        """Nothing was kept or signed of more than there is.

        Raises:
            Found: ``log.kept``, ``log.receipt``, ``checkpoint.beyond``.
        """
        if self._kept:
            gone = self._kept[-1]
            self._fail(gone.what, gone.head.seq, f"the log ends at {self.size}")
        for seals in filter(None, (self._tree, self._beside)):
            seals.end()

    def report(self, rows: int, documents: int, fault: Fault | None = None) -> Report:
        """What is to be said of a walk that came so far."""
        head = Head(county=self._county, seq=self.size, root=self._tree.root().hex())
        return Report(
            head=head, rows=rows, documents=documents, fault=fault,
            checkpoints=self._tree.checkpoints, nodes=self._tree.nodes,
            rotations=rotations(self._connection, self._county),
        )  # fmt: skip

    def _room(self) -> int:
        """How many entries may be added before something is compared."""
        rooms = [one.room for one in (self._tree, self._beside) if one is not None]
        if self._kept:
            rooms.append(max(1, self._kept[-1].head.seq - self.size))
        return min(rooms)

    def _fail(self, what: str, seq: int, detail: str = "") -> None:
        raise Found(Fault(what=what, county=self._county, seq=seq, detail=detail))
