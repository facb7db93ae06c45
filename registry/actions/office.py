"""办公室 how an act runs: one transaction, one event, one answer, whoever asks.

``Office`` joins the parts; ``Desk`` is what one act sees. A refused act by a known person
is recorded in the same log as a done one.
"""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future
from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from registry.actions.answers import Answer, fingerprint, plain_facts, refusal_facts, settled
from registry.actions.names import spoken
from registry.actions.places import Places
from registry.actions.rules.rulebooks import Rulebooks
from registry.actions.seeing import knows
from registry.actions.staff.bearers import Bearers
from registry.actions.staff.powers import FORBIDDEN, TIED, Powers, Ties, forbidding
from registry.clock import Clock, Source
from registry.domain.areas import Area, full_code
from registry.domain.audit import EventOutcome
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.hashing import TREES
from registry.domain.people import Actor, PostView
from registry.domain.records import Record, Wire, civil
from registry.gateways.treasuries import Treasuries
from registry.policies.access import shipped
from registry.policies.engine import HERE
from registry.policies.judge import Rulebook
from registry.policies.lists import load_tuning
from registry.policies.points import Point
from registry.store.entry import Header
from registry.store.marks import Kept, Marks
from registry.store.store import Store
from registry.store.unit import STALE, Unit

__all__ = ["FORBIDDEN", "TIED", "Answer", "fingerprint", "refusal_facts", "settled"]
HIDDEN = declare(
    "access.hidden", RefusalKind.MISSING, "没有这条记录", "No such record.", recorded=True
)
NEEDS_VERSION = declare(
    "version.required", RefusalKind.PRECONDITION_REQUIRED,
    "请在 If-Match 中带上所看到的版本号", "Send the version you saw in If-Match.",
)  # fmt: skip
REUSED = declare(
    "idempotency.reused", RefusalKind.CONFLICT, "此幂等键已用于另一内容",
    "This Idempotency-Key was used with another body.",
)  # fmt: skip
NEEDS_KEY = declare(
    "idempotency.required", RefusalKind.MALFORMED, "涉及资金的提交须带 Idempotency-Key",
    "Posts that move money need an Idempotency-Key.",
)  # fmt: skip

CHANGE_PEOPLE = (
    "person.", "post.", "organisation.", "handover.", "reorganisation.", "delegation.", "absence.",
    "password.", "session.",
)  # fmt: skip
"""Acts after which who a bearer is must be asked anew."""


VEILED = "veiled"
"""办理人保密: who acts in the log where it is kept from it."""


class Call(Wire, frozen=True, kw_only=True):
    """调用: who does which act, in which county, with which key."""

    actor: Actor
    county: str
    act: str
    key: str | None = None
    fingerprint: str = ""
    about: tuple[type[Record], str] | None = None
    """Kind and id of what the act is done to, where it is named from the start."""


class Desk:
    """办公桌: one act's view of its county."""

    def __init__(self, office: "Office", unit: Unit, call: Call) -> None:
        self.office, self.unit, self.call = office, unit, call
        self.actor = call.actor
        self.now: datetime = office.clock()
        self.today: date = civil(self.now)
        self.places = Places(unit, self.today)
        self._books: dict[date, Rulebook] = {}
        self.subject: Record | None = None
        self.post = ""
        self.on_behalf_of: str | None = None
        """委托人 of the post the act was last let pass by."""
        self._principals: list[str] = []
        self.powers = Powers(office.access, unit, self.actor, self.today)
        self._let_pass = self._veiled = False
        self.pack: str | None = None
        self.note: dict[str, Any] = {}
        self.beside: dict[str, Any] = {}  # what the entry says besides, whatever the act notes
        self.act = call.act
        self.business_date = self.today

    def id(self, prefix: str) -> str:
        """A fresh id."""
        return self.office.source.identifier(prefix, self.now)

    def rulebook(self, on: date | None = None) -> Rulebook:
        """The county's rules, lists and calendar, by the pack in force on a day (today): asked for
        once, so that one act never mixes what was published meanwhile."""
        day = on or self.today
        if day not in self._books:
            self._books[day] = self.office.rulebooks.of(self.unit.county, day, self.unit)
        return self._books[day]

    def veil(self) -> None:
        """Keep from the log who acts, done or refused: it tells what was done, and the record that
        it seals tells by whom (投诉人保护, P10)."""
        self._veiled = True

    def about(self, subject: Record) -> None:
        """Name the object of the act, for the event."""
        self.subject = subject

    def authorise(
        self, act: str, owners: Collection[str] = (), paths: Collection[str] = (),
        ties: Ties = (), *, whose: str | None = None,
    ) -> PostView:  # fmt: skip
        """Let the act pass by Casbin, or refuse it; returns the post it is done in: one of the
        person's own before one held for another, but first of all that of ``whose`` the matter is.

        Raises:
            Refusal: ``access.tied`` where only what binds the person to the object stands in the
                way, else ``access.forbidden``; who may not know of it learns neither (``told``).
        """
        self.act, self.on_behalf_of, self._let_pass = act, None, False
        post = self.powers.passing(act, owners, paths, ties, whose=whose)
        if post is None:
            # Nobody stands there under that name: those who took over from them are asked too.
            owners, paths = self.places.heirs(owners), self.places.heir_paths(paths)
            post = self.powers.passing(act, owners, paths, ties, whose=whose)
        if post is not None:
            self.post, self.on_behalf_of, self._let_pass = post.role, post.on_behalf_of, True
            self._principals += [post.on_behalf_of] if post.on_behalf_of else []
            return post
        raise self.forbidden(act, self.powers.binding(act, owners, paths, ties))

    def forbidden(self, act: str, tied: Collection[str] = ()) -> Refusal:
        """The refusal of an act that no post of the person may do, or none that is not tied."""
        return forbidding(self.office.access, act, tied)

    def sight(self) -> None:
        """Raises ``access.hidden`` for an act on what the person may not know of, before anything
        is looked up for it: what lies elsewhere takes as long as what is nowhere."""
        at = self.call.about
        if at and not knows(self.office, self.unit, self.actor, at, there=True):
            raise Refusal(HIDDEN)

    def told(self, refusal: Refusal) -> Refusal:
        """A refusal as who may not read the object may hear it: there is none, and no more."""
        about = [self.call.about] if self.call.about else []
        if self.subject is not None:
            about.append((type(self.subject), self.subject.id))
        known = self._let_pass or all(
            knows(self.office, self.unit, self.actor, at) for at in dict.fromkeys(about)
        )
        return spoken(self, refusal) if known else Refusal(HIDDEN)

    def check_version(self, record: Record, version: int | None) -> None:
        """Refuse an act on a version the person has not seen (``If-Match``)."""
        if version is None:
            raise Refusal(NEEDS_VERSION)
        if version != record.version:
            raise Refusal(STALE, current=record.version)

    def header(self, outcome: EventOutcome, code: str, refused_object: str = "") -> Header:
        """What the event says besides the rows."""
        subject = self.subject
        return Header(
            actor=VEILED if self._veiled else self.actor.person_id,
            post="" if self._veiled else self.post, act=self.act, outcome=outcome, code=code,
            object_kind=type(subject).__name__.lower() if subject else "county",
            object_id=subject.id if subject else refused_object or self.unit.county,
            object_version=subject.version if subject else 0,
            business_date=self.business_date, at=self.now, pack=self.pack,
            clock_fixed=self.office.clock_fixed, note=self._noted(),
            salt=self.office.source.token(16).hex(),
        )  # fmt: skip

    def _noted(self) -> dict[str, Any]:
        """The note, with everybody in whose place the act was done."""
        if self._veiled:
            return {}
        whose = ",".join(dict.fromkeys(self._principals))
        return self.note | self.beside | ({"on_behalf_of": whose} if whose else {})


Verb = Callable[[Desk], Answer]


class Office:
    """办公室: the joined parts; made once, shared by the API, the command line and the seeds."""

    def __init__(
        self, store: Store, clock: Clock, source: Source, *, decider: str = "indexed",
        clock_fixed: bool = False, secret: str = "", treasuries: Treasuries | None = None,
        site: str = "localhost", trees: tuple[str, ...] = TREES[:1],
        points: Sequence[Point] = (), exports_kept: timedelta | None = None,
        backup_within: timedelta | None = None,
    ) -> None:  # fmt: skip
        """``secret`` = with what one-time codes are sealed; it is kept apart from the database.
        ``treasuries`` = who carries payments out; without them nothing is sent.
        ``site`` = host under which a new log is named; ``trees`` = the hashes it is sealed with.
        ``points`` = tables that answer questions which are not about filings.
        ``exports_kept`` = how long what was exported can be fetched; ``None`` = for good.
        ``backup_within`` = how old the newest backup may be; ``None`` = nobody judges that."""
        self.store, self.clock, self.source = store, clock, source
        self.clock_fixed, self.secret, self.backup_within = clock_fixed, secret, backup_within
        self.access = shipped(decider)
        self.rulebooks = Rulebooks(store.reader, decider, load_tuning(HERE / "matching.toml"))
        self.treasuries, self.points = treasuries or Treasuries(), tuple(points)
        self.site, self.trees = site, trees
        self.bearers, self.exports_kept = Bearers(), exports_kept
        self.looked: dict[tuple[str, str], Any] = {}  # how far, by county and room (``glancing``)
        self.failed = Counter[str]()  # what time was to bring and could not be done (``trying``)
        self.readlog: Any = None  # 查阅日志 of this process, once something was read
        self.exports: Any = None  # 导出任务 (``exporting.jobs``), once its doors stand
        self.letterhead: Any = None  # 版头 of papers (``papers.book``), likewise

    def submit(self, call: Call, verb: Verb) -> "Future[Answer]":
        """Queue an act; the future is resolved after it is durable."""
        return self.store.writer.submit(call.county, lambda unit: self._run(unit, call, verb))

    def perform(self, call: Call, verb: Verb) -> Answer:
        """Do an act and wait.

        Raises:
            Refusal: as the act decided; recorded where a known person was refused.
        """
        return settled(self.submit(call, verb).result())

    def ask(self, call: Call, verb: Verb) -> Answer:
        """Run a verb that records nothing: on a read connection, always rolled back."""
        with self.store.reader.connect() as connection:
            desk = Desk(self, Unit(connection, call.county, firm=False), call)
            try:
                desk.sight()
                return verb(desk)
            except Refusal as refusal:
                raise desk.told(refusal) from refusal

    def county_path(self, county: str) -> str | None:
        """The path of a jurisdiction's own area: a county's, or a city's or province's, whose
        officials write packs of their own."""
        areas = self.store.reader.find(Area, county, code=full_code(county))
        return areas[0].path if areas else None

    def _run(self, unit: Unit, call: Call, verb: Verb) -> Answer:
        marks = None if call.key is None else Marks(unit.connection, call.county)
        kept = marks.answer(call.actor.person_id, call.key or "") if marks else None
        desk = Desk(self, unit, call)
        if kept is not None and desk.powers.present():
            return _replayed(kept, call)
        try:
            if kept is not None:
                raise desk.forbidden(call.act)
            desk.sight()
            answer = verb(desk)
            outcome, code = EventOutcome.DONE, ""
            if answer.refused is not None:
                outcome, code = EventOutcome.REFUSED, answer.refused["code"]
        except Refusal as raised:
            unit.forget()
            refusal = desk.told(raised)
            if not refusal.recorded:
                raise
            for record in refusal.keep:
                unit.add(record)
            desk.note = {
                "rules": [hit.rule for hit in refusal.rules],
                "facts": plain_facts(refusal),
            }
            answer = Answer(body=None, refused=refusal_facts(refusal))
            outcome, code = EventOutcome.REFUSED, refusal.code
        unit.flush(desk.header(outcome, code))
        if desk.act.startswith(CHANGE_PEOPLE):
            self.bearers.forget()
        if marks and kept is None:
            told = Kept(fingerprint=call.fingerprint, answer=_encoded(answer))
            marks.keep(call.actor.person_id, call.key or "", told, desk.now)
        return answer


def _encoded(answer: Answer) -> bytes:
    return msgspec.json.encode(answer)


def _replayed(kept: Kept, call: Call) -> Answer:
    if kept.fingerprint != call.fingerprint:
        raise Refusal(REUSED)
    return msgspec.json.decode(kept.answer, type=Answer)
