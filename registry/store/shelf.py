"""架上 areas, organisations, people and their posts, kept between acts by the thread that writes.

Every act on a case asks for the same few of them. They are forgotten as soon as any act touches
one, when an act or a group is rolled back, and when another process has written the file; so an
act sees what it would have read.
"""

from typing import Any

from sqlalchemy import Connection

from registry.domain.areas import Area
from registry.domain.delegation import Absence, Delegation
from registry.domain.people import Organisation, Person, Post
from registry.domain.records import Record
from registry.domain.succession import Succession

KINDS: frozenset[type[Record]] = frozenset(
    {Area, Organisation, Succession, Person, Post, Delegation, Absence}
)
MOST = 50_000
"""Answers kept: bounds memory."""
Key = tuple[Any, ...]


class Shelf:
    """架子 of one writing connection to SQLite."""

    def __init__(self) -> None:
        self._held: dict[Key, Any] = {}
        self._seen: int | None = None

    def renew(self, connection: Connection) -> None:
        """At the start of a group: forget what another process may have changed."""
        seen = connection.exec_driver_sql("PRAGMA data_version").scalar()
        if seen != self._seen:
            self.clear()
        self._seen = seen

    def clear(self) -> None:
        """Forget everything."""
        self._held.clear()

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
