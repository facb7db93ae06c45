"""架上 bodies, places, people, papers, custodies and exceptions, kept between acts by the writer.

Every act on a case asks for the same few of them. They are forgotten as soon as any act touches
one, when an act or a group is rolled back, and when another process has written: on SQLite the
file, on PostgreSQL the log of a county they come from. So an act sees what it would have read.
"""

from collections.abc import Collection
from typing import Any

from registry.domain.areas import Area
from registry.domain.budget import CustodyTerm
from registry.domain.calendar import CalendarYear
from registry.domain.catalogue import MatterList
from registry.domain.closing import YearClosing
from registry.domain.delegation import Absence, Delegation
from registry.domain.edition import ListEdition
from registry.domain.instrument import Instrument
from registry.domain.pack import PublishedPack
from registry.domain.people import Organisation, Person, Post
from registry.domain.records import Record
from registry.domain.succession import Succession
from registry.domain.waiver import Waiver

KINDS: frozenset[type[Record]] = frozenset(
    {
        Area, Organisation, Succession, Person, Post, Delegation, Absence, Instrument, Waiver,
        CustodyTerm, YearClosing,
    }
)  # fmt: skip
RULES: frozenset[type[Record]] = frozenset({PublishedPack, MatterList, ListEdition, CalendarYear})
"""What rulebooks are made of: too large to lie here, but which of them stand is kept."""
MOST = 50_000
"""Answers kept: bounds memory."""
Key = tuple[Any, ...]
"""The kind asked for, or ``RULES``, then what was asked."""


class Shelf:
    """架子 of one writing connection, or of one county's writer."""

    def __init__(self, *, by_heads: bool = False) -> None:
        """``by_heads`` = other processes write beside this one, and the logs tell whether."""
        self.by_heads = by_heads
        self.heads: dict[str, int] = {}
        """County → last event of its log before the first of its rows was put here. Kept apart
        from what lies here, for rows may be dropped and read again."""
        self.unsettled = False
        """The rules were changed in this group, which may yet be rolled back."""
        self._held: dict[Key, Any] = {}
        self._stamp: object = None

    def renew(self, stamp: object) -> None:
        """At the start of a group: forget everything where the stamp is another than before.

        Args:
            stamp: whatever changes when another process writes.
        """
        self.unsettled = False
        if stamp != self._stamp:
            self.clear()
        self._stamp = stamp

    def renew_by(self, heads: dict[str, int]) -> None:
        """At the start of a group: forget everything where a log has gone on without this writer.

        Args:
            heads: last event of every county known here, and of the one that is written.
        """
        self.unsettled = False
        if any(heads.get(county, 0) != seq for county, seq in self.heads.items()):
            self.clear()
        self.heads |= heads

    def wrote(self, county: str, kinds: Collection[type[Record]], seq: int | None = None) -> None:
        """An act of this writer wrote rows of these kinds; ``seq`` = as this one event,
        ``None`` = as many, whose last is not told."""
        if self.by_heads and seq is None:
            self.clear()
        elif county in self.heads:
            self.heads[county] = seq or 0
        gone: set[Any] = {kind for kind in kinds if kind in KINDS}
        if not RULES.isdisjoint(kinds):
            self.unsettled = True
            gone.add(RULES)
        if gone:
            for key in [key for key in self._held if key[0] in gone]:
                del self._held[key]

    def clear(self) -> None:
        """Forget everything."""
        self._held.clear()
        self.heads.clear()

    def get(self, key: Key) -> Any:
        """What is held under the key: a record, ``None`` for a known absence, a list."""
        return self._held[key]

    def holds(self, key: Key) -> bool:
        """Whether anything, an absence too, is held under the key."""
        return key in self._held

    def put(self, key: Key, found: Any) -> None:
        """Keep an answer."""
        if len(self._held) >= MOST:
            self._held.clear()
        self._held[key] = found
