"""查阅登记 what is read is noted in memory and written later, one entry a sitting, by the tick.

Noting takes a lock and no disk: no reading waits for it. At shutdown every open sitting is written;
a process that is killed loses the sittings that were open in it, and nothing that was written.
"""

import logging
from collections import Counter
from datetime import datetime
from functools import partial
from threading import Lock
from typing import Any

from registry.actions.office import Answer, Call, Desk, Office
from registry.domain.areas import Relation
from registry.domain.auditing import ReadKind
from registry.domain.people import Actor
from registry.domain.records import civil
from registry.domain.request import Request
from registry.policies.sittings import Sittings, shipped
from registry.store.invited import invited
from registry.store.readings import append
from registry.store.unit import Unit

ACT = "reading.recorded"
"""Whose posts may do this act: of them it is on record what they read."""
OPENED = "case.opened"
_log = logging.getLogger("registry.readlog")


class Sitting:
    """查阅时段 of one person in one county, while it is open."""

    def __init__(self, at: datetime) -> None:
        self.began = self.last = at
        self.pages: Counter[str] = Counter()
        self.further = 0
        self.opened: set[str] = set()

    def note(self, page: str, at: datetime, most: int) -> None:
        """One page more."""
        self.last = max(self.last, at)
        if page in self.pages or len(self.pages) < most:
            self.pages[page] += 1
        else:
            self.further += 1

    def told(self) -> dict[str, Any]:
        """What the entry says of it."""
        pages = [{"page": page, "times": many} for page, many in sorted(self.pages.items())]
        return {
            "began": self.began.isoformat(), "ended": self.last.isoformat(), "pages": pages,
            "further": self.further, "times": self.pages.total() + self.further,
        }  # fmt: skip


class ReadLog:
    """阅读留痕 of one serving process."""

    def __init__(self, office: Office, sittings: Sittings | None = None) -> None:
        self._office, self._lock = office, Lock()
        self._rule = sittings or shipped()
        self._open: dict[tuple[str, str], Sitting] = {}
        self._ended: list[tuple[tuple[str, str], Sitting]] = []

    def recorded(self, actor: Actor) -> bool:
        """Whether it is on record what the person reads."""
        allowed = self._office.access.relations
        return any(Relation.OWN in allowed(post.role, ACT) for post in actor.posts)

    def note(self, actor: Actor, county: str, page: str, *, case: str = "") -> None:
        """One page was read; ``case`` = the request that was opened with it, an event of the
        county's log, once in a sitting."""
        if not self.recorded(actor):
            return
        now, key = self._office.clock(), (county, actor.person_id)
        with self._lock:
            held = self._open.get(key)
            if held is not None and self._over(held, now):
                self._ended.append((key, self._open.pop(key)))
                held = None
            if held is None:
                held = self._open[key] = Sitting(now)
            held.note(page, now, self._rule.pages)
            first = bool(case) and case not in held.opened
            held.opened.add(case)
        if first:
            call = Call(actor=actor, county=county, act=OPENED)
            self._office.submit(call, partial(opened, id=case)).add_done_callback(_told_of)

    def query(self, actor: Actor, county: str, told: dict[str, Any]) -> None:
        """自行查询: a statement of one's own over the views, an entry by itself, written before its
        answer is given."""
        self._submit((county, actor.person_id), ReadKind.QUERY, told).result()

    def settle(self, *, everything: bool = False) -> int:
        """Write the sittings that are over; at shutdown all of them. How many were written."""
        now = self._office.clock()
        with self._lock:
            over = [k for k, s in self._open.items() if everything or self._over(s, now)]
            done = [*self._ended, *((key, self._open.pop(key)) for key in over)]
            self._ended = []
        for at, (key, sitting) in enumerate(done):
            try:
                self._submit(key, ReadKind.SITTING, self._told(key, sitting)).result()
            except Exception:
                with self._lock:
                    self._ended += done[at:]
                raise
        return len(done)

    def _over(self, sitting: Sitting, now: datetime) -> bool:
        rule = self._rule
        return now - sitting.last > rule.idle or now - sitting.began > rule.longest

    def _told(self, key: tuple[str, str], sitting: Sitting) -> dict[str, Any]:
        with self._office.store.reader.connect() as connection:
            held = invited(connection, key[1], civil(sitting.last))
        return {**sitting.told(), "projects": [p.id for p in held if p.county == key[0]]}

    def _submit(self, key: tuple[str, str], kind: ReadKind, told: dict[str, Any]) -> Any:
        now = self._office.clock()
        salted = {**told, "salt": self._office.source.token(16).hex()}

        def write(unit: Unit) -> int:
            return append(unit, now, (key[1], kind), salted)

        return self._office.store.writer.submit(key[0], write)


def read_log(office: Office) -> ReadLog:
    """The read log of an office, made when it is first wanted."""
    if office.readlog is None:
        office.readlog = ReadLog(office)
    log: ReadLog = office.readlog
    return log


def _told_of(future: Any) -> None:
    if (error := future.exception()) is not None:
        _log.error("an opened case could not be recorded: %s", error)


def opened(desk: Desk, id: str) -> Answer:
    """查阅案件: an auditor or inspector has opened a case."""
    desk.authorise(ACT, owners=[post.organisation_id for post in desk.actor.posts])
    desk.act = OPENED
    desk.about(desk.unit.get(Request, id))
    return Answer(body=id)
