"""上次以来 what a tick has to look at: what was written since it last looked, and everything once a
day, under other rules and after a restart, for then something may have fallen due or been missed.
"""

from datetime import date
from typing import NamedTuple

from registry.actions.office import Desk, Office
from registry.domain.errors import Refusal
from registry.domain.records import civil
from registry.policies.judge import Rulebook
from registry.store.touched import presences_touched

LIKE_EVERYTHING = 4096
"""Objects touched from which on everything is looked at in one reading."""


def places_since(desk: Desk, since: int | None) -> list[str] | None:
    """Presences of which something was written after an event; ``None`` = look at all."""
    if since is None:
        return None
    found = presences_touched(desk.unit.connection, desk.unit.county, since)
    return found if len(found) < LIKE_EVERYTHING else None


class Mark(NamedTuple):
    """记号: how far a room has looked through a county, on which day and by which rules."""

    head: int
    day: date
    book: Rulebook | None


class Glance:
    """一次查看 of one county by one tick: every room asks it how far back to look."""

    def __init__(self, office: Office, county: str) -> None:
        self._marks: dict[tuple[str, str], Mark] = office.looked
        self.county = county
        today = civil(office.clock())
        try:
            book: Rulebook | None = office.rulebooks.of(county, today)
        except Refusal:
            book = None
        self.now = Mark(office.store.reader.head(county), today, book)

    def idle(self, room: str) -> bool:
        """Nothing was written, no day has begun and no rule has changed since it looked."""
        return self._marks.get((self.county, room)) == self.now

    def since(self, room: str) -> int | None:
        """The event after which a room has to look; ``None`` = at everything."""
        mark = self._marks.get((self.county, room))
        if mark is None or mark.day != self.now.day or mark.book is not self.now.book:
            return None
        return mark.head

    def done(self, room: str, *, left: int) -> None:
        """A room has looked. Where something is left to be set right it will look at the same
        again, lest what cannot be set right this time be forgotten."""
        if not left:
            self._marks[self.county, room] = self.now
