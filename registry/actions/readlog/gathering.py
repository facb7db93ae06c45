"""查阅登记 what is read is noted in memory and written later, one entry a sitting, by the tick.

Noting takes a lock and no disk: no reading waits for it. At shutdown every open sitting is written;
a process that is killed loses the sittings that were open in it, and nothing that was written.
"""

import logging
from collections import Counter
from concurrent.futures import Future
from datetime import datetime, timedelta
from functools import partial
from threading import Lock
from typing import Any, NamedTuple

from registry.actions.office import Answer, Call, Desk, Office
from registry.actions.trying import Trying
from registry.domain.areas import Relation
from registry.domain.audit import wire
from registry.domain.auditing import ReadKind
from registry.domain.errors import Refusal, RefusalKind
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
LATER = timedelta(minutes=1)
"""From which on an entry says when the case was opened: its own time is another."""
_log = logging.getLogger("registry.readlog")


class _Opened(NamedTuple):
    """查阅 of a case, to be put on record."""

    call: Call
    case: str
    at: datetime


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
        self._missed: list[_Opened] = []

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
            self._record(_Opened(call, case, now))

    def lying(self, actor: Actor, case: str) -> str:
        """In which county a case lies that was opened without naming one: the person's own, or one
        that a project of theirs opens."""
        reader, today = self._office.store.reader, civil(self._office.clock())
        with reader.connect() as connection:
            led = [project.county for project in invited(connection, actor.person_id, today)]
        counties = dict.fromkeys([actor.county, *led])
        found = (one for one in counties if reader.get(Request, one, case) is not None)
        return next(found, actor.county)

    def query(self, actor: Actor, county: str, told: dict[str, Any]) -> None:
        """自行查询: a statement of one's own over the views, an entry by itself, written before its
        answer is given."""
        self._submit((county, actor.person_id), ReadKind.QUERY, told).result()

    def settle(self, trying: Trying | None = None, *, everything: bool = False) -> int:
        """Write the sittings that are over; at shutdown all of them. How many were written: one
        that cannot be written is kept for the next time, as is an opened case that could not."""
        now, trying, written = self._office.clock(), trying or Trying(self._office), 0
        self._again(trying)
        with self._lock:
            over = [k for k, s in self._open.items() if everything or self._over(s, now)]
            done = [*self._ended, *((key, self._open.pop(key)) for key in over)]
            self._ended = []
        for key, sitting in done:
            before = trying.failed
            with trying("readings", key[0]):
                self._submit(key, ReadKind.SITTING, self._told(key, sitting)).result()
                written += 1
            if trying.failed > before:
                with self._lock:
                    self._ended.append((key, sitting))
        return written

    def _again(self, trying: Trying) -> None:
        """Put on record the opened cases that could not be before."""
        with self._lock:
            missed, self._missed = self._missed, []
        for one in missed:
            with trying("cases_opened", one.call.county):
                self._record(one).result()

    def _record(self, one: "_Opened") -> "Future[Answer]":
        future = self._office.submit(one.call, partial(opened, id=one.case, at=one.at))
        future.add_done_callback(partial(self._ended_record, one))
        return future

    def _ended_record(self, one: "_Opened", future: "Future[Answer]") -> None:
        """Whatever is no decision of the registry's own may go well another time."""
        error = future.exception()
        if error is None:
            return
        final = isinstance(error, Refusal) and error.kind is not RefusalKind.UNAVAILABLE
        _log.error("an opened case could not be recorded%s: %s",
                   "" if final else ", and will be tried again", error)  # fmt: skip
        self._office.failed["cases_opened"] += final
        if not final:
            with self._lock:
                self._missed.append(one)

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


def opened(desk: Desk, id: str, at: datetime) -> Answer:
    """查阅案件: an auditor or inspector has opened a case; noted when, where it is written later."""
    desk.authorise(ACT, owners=[post.organisation_id for post in desk.actor.posts])
    desk.act = OPENED
    desk.about(desk.unit.get(Request, id))
    if desk.now - at >= LATER:
        desk.note = {"opened_at": wire(at)}
    return Answer(body=id)
