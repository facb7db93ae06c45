"""随意办理: random acts by random people on cases, the clock moving; the machine of the tests."""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from datetime import timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from registry.actions.between import reflowing
from registry.actions.office import Call, Office
from registry.actions.seeding import person_actor
from registry.actions.staff import staffing
from registry.actions.ticking import tick
from registry.clock import Source
from registry.domain.afterwards import Review, Revocation
from registry.domain.approval import DECIDING, Decision, StepAct, Task
from registry.domain.delegation import Absence, Delegation
from registry.domain.errors import Refusal
from registry.domain.people import Actor, Post
from registry.domain.records import Record, civil
from registry.domain.request import Request, State
from registry.store.store import Store
from tests.actions.by_table import COUNTY, Try, perform
from tests.actions.case import OFF_LIST
from tests.actions.racing import LATER, with_parallel_steps
from tests.actions.soundness import broken, unsound
from tests.conftest import Hand, MovingClock

ASKING = ["dept.clerk", "dept.head", "dept2.clerk", "dept2.head"]
DECIDING_SIDE = [
    "street.clerk", "street.head", "street2.clerk", "street2.clerk2", "street2.head",
    "street2.deputy", "township.clerk", "township.head", "county.office", "county.head",
    "gov.head", "conference.head", "village.head", "community2.head",
]  # fmt: skip
OTHERS = ["auditor", "sec.admin", "finance.head", "other.head", "city.office"]
PEOPLE = ASKING + DECIDING_SIDE + OTHERS
TARGETS = [["990102002001"], ["990102100200"], ["990102001001", "990102002001"], ["990102001001"]]
BODIES = ["o-990102001", "o-990102002", "o-990102100", "o-990102-admission", "o-990102-urban",
          "o-990102-civil", "o-990102-gov"]  # fmt: skip
ROLES = ["dept.head", "street.clerk", "street.head", "county.office", "county.head"]
LENT = ["request.approve", "request.accept", "task.opinion", "task.examine", "request.submit"]
WORDS = {"reason": "依据充分(演示)"}
CASE = {
    "request.submit": {}, "request.accept": {}, "request.close": {}, "request.withdraw": {},
    "request.return": {"items": ["补充依据"], "reason": "首次未发现"}, "request.approve": WORDS,
    "request.reject": WORDS, "request.not_accept": WORDS, "request.terminate": WORDS,
    "request.send_back": {"step": "examine", **WORDS}, "request.urge": {}, "review.ask": WORDS,
    "request.revoke": WORDS, "request.copy": {"organisations": ["o-990102-finance"]},
    "request.correct": {"field": "standard", "becomes": "一处不漏", **WORDS},
}  # fmt: skip
FEW = 4
ENDED = {State.REJECTED, State.NOT_ACCEPTED, State.WITHDRAWN, State.TERMINATED, State.CLOSED}
BUSY = 25
AFTER = ["propose", "answer", "drop", "void"]
PASSED = ["task.transfer", "task.entrust"]
SAID = ["agree", "agree", "disagree", "comment"]
BALLOTS = st.sampled_from(SAID)
people, anybody = st.sampled_from(DECIDING_SIDE), st.sampled_from(PEOPLE)
pick = st.integers(min_value=0, max_value=10**6)


def holds(faults: list[str]) -> None:
    """Nothing is wrong; else the run ends with what is."""
    assert faults == [], faults


class Acts(RuleBasedStateMachine):
    """一个县: cases in every state, people who may and who may not."""

    fresh: Callable[[Path], AbstractContextManager[str]]
    """A seeded database of its own, on the engine that is tried."""

    @initialize()
    def open(self) -> None:
        self.kept = ExitStack()
        folder = TemporaryDirectory(prefix="registry-acts-", ignore_cleanup_errors=True)
        self.folder = Path(self.kept.enter_context(folder))
        url = self.kept.enter_context(type(self).fresh(self.folder))
        self.clock = MovingClock()
        self.office = Office(Store(url, url, self.folder), self.clock, Source(3))
        self.actors: dict[str, Actor] = {}
        self.done: dict[str, int] = {}
        self.reflowed = False
        self.kept.callback(self.office.store.close)
        with_parallel_steps(self._hand)

    def teardown(self) -> None:
        if hasattr(self, "kept"):
            with self.kept:
                holds(broken(self.office, COUNTY))

    def _hand(self, name: str) -> Hand:
        return Hand(self.office, name)

    @invariant()
    def everything_holds(self) -> None:
        if hasattr(self, "office"):
            holds(unsound(self.office, COUNTY))

    def _rows(self, kind: type[Any], **equals: Any) -> list[Any]:
        return list(self.office.store.reader.find(kind, COUNTY, **equals))

    def _one(self, kind: type[Any], number: int, **equals: Any) -> Any:
        rows = self._rows(kind, **equals)
        return rows[number % len(rows)] if rows else None

    def _try(self, by: str, act: str, record: Record | None = None, /, **body: Any) -> Any:
        """Whether it was done or refused is no matter here, only what it left."""
        if by not in self.actors:  # who somebody is may be old: the act asks again
            self.actors[by] = person_actor(self.office, by)
        one = Try(by=by, act=act, id=record.id if record else "",
                  version=record.version if record else None, body=body)  # fmt: skip
        try:
            found = perform(self.office, self.actors[by], one).body
        except Refusal:
            return None
        self.done[act] = self.done.get(act, 0) + 1
        return found

    def _case(self, number: int) -> Request | None:
        """One of the latest cases; those under way before others."""
        rows = self._rows(Request)
        alive = [r for r in rows if r.state not in ENDED] or rows
        return alive[-1 - number % min(len(alive), 4)] if alive else None

    def _insiders(self, request: Request | None, number: int) -> str:
        """Somebody who has to do with a case: of those who ask, or of those asked."""
        bodies = ["o-990102-civil"]
        if request is not None:
            tasks = self._rows(Task, request_id=request.id)
            bodies += [t.organisation_id for t in tasks] * 3
        return self._of(bodies[number % len(bodies)], number // len(bodies))

    def _of(self, body: str, number: int) -> str:
        posts = self._rows(Post, organisation_id=body)
        names = [p.person_id.removeprefix("person-") for p in posts]
        names = [n for n in names if n in PEOPLE]
        return names[number % len(names)] if names else "county.head"

    def _id(self, by: str) -> str:
        return f"person-{by}"

    @rule(where=st.sampled_from(TARGETS), listed=st.booleans(), both=st.booleans())
    def file(self, where: list[str], listed: bool, both: bool) -> None:
        """Drafted, and as a rule signed at once; a few cases at a time."""
        if sum(r.state not in ENDED for r in self._rows(Request)) >= FEW:
            return
        village = where == TARGETS[1]
        title = "节水宣传" if listed else f"楼道灯具编号第{len(self._rows(Request))}批"
        self._filed("dept.clerk" if both else "dept.head", {
            "targets": where, "title": title,
            "receivers": ["village_committee" if village else "residents_committee"],
        })  # fmt: skip

    def _filed(self, by: str, fields: dict[str, Any]) -> None:
        made = self._try(by, "request.draft", filing=OFF_LIST | fields)
        if made is not None:
            self._try("dept.head", "request.submit", made.request)

    @rule(number=pick, who=pick, ballot=BALLOTS)
    def goes_on(self, number: int, who: int, ballot: str) -> None:
        """Somebody of the body on whose desk a case lies does what is asked."""
        self._on_the_desk(number, who, ballot)

    def _on_the_desk(self, number: int, who: int, ballot: str) -> None:
        case = self._case(number)
        tasks = self._rows(Task, request_id=case.id, state="open") if case else []
        if case is None or not tasks:
            return
        task = tasks[number % len(tasks)]
        for more in range(3):
            if self._done(case, task, self._of(task.organisation_id, who + more), ballot):
                return

    def _done(self, request: Request, task: Task, by: str, ballot: str) -> bool:
        if request.state is State.SUBMITTED:
            return bool(self._try(by, "request.accept", request))
        if task.act is StepAct.REVIEW:
            review = self._one(Review, 0, request_id=request.id, state="filed")
            return bool(self._try(by, "review.decide", review, result="annulled", **WORDS))
        if task.act in DECIDING:
            act = "request.reject" if ballot == "disagree" else "request.approve"
            return bool(self._try(by, act, request, **WORDS))
        return bool(self._try(by, "task.opine", task, ballot=ballot))

    @rule(number=pick, who=pick, ballot=BALLOTS)
    def goes_further(self, number: int, who: int, ballot: str) -> None:
        """Oftener than anything else, so that cases come to an end."""
        self._on_the_desk(number, who, ballot)

    @rule(number=pick, who=pick)
    def goes_well(self, number: int, who: int) -> None:
        self._on_the_desk(number, who, "agree")
        self._on_the_desk(number, who + 1, "agree")

    @rule(by=anybody, act=st.sampled_from(sorted(CASE)), number=pick)
    def anybody_tries(self, by: str, act: str, number: int) -> None:
        request = self._one(Request, number)
        if request is not None:
            self._try(by, act, request, **CASE[act])

    @rule(act=st.sampled_from(sorted(CASE)), number=pick, who=pick)
    def on_a_case(self, act: str, number: int, who: int) -> None:
        request = self._case(number)
        if request is not None:
            by = "dept.head" if act == "review.ask" else self._insiders(request, who)
            self._try(by, act, request, **CASE[act])

    @rule(by=st.sampled_from(ASKING), number=pick, change=st.booleans())
    def rewrites(self, by: str, number: int, change: bool) -> None:
        request = self._case(number)
        if request is None:
            return
        filing = msgspec.to_builtins(request.filing) | {"content": f"改为第{number % 7}稿"}
        if change:
            self._try(by, "request.change", request, filing=filing)
        else:
            self._try(by, "request.edit", request, **filing)

    @rule(number=pick, who=pick, to=pick, act=st.sampled_from(PASSED))
    def passes_on(self, number: int, who: int, to: int, act: str) -> None:
        task = self._one(Task, number, state="open")
        if task is not None:
            by, receiver = self._of(task.organisation_id, who), self._of(task.organisation_id, to)
            self._try(by, act, task, person_id=self._id(receiver), **WORDS)

    @rule(who=pick, number=pick, body=st.sampled_from(BODIES), drop=st.booleans())
    def adds(self, who: int, number: int, body: str, drop: bool) -> None:
        task = self._one(Task, number, state="open")
        if task is None:
            return
        by = self._of(task.organisation_id, who)
        given = self._try(by, "task.add", task, organisation_id=body, act="opinion", **WORDS)
        if given is not None and drop:
            self._try(by, "task.drop", given, **WORDS)

    @rule(by=anybody, number=pick, ballot=BALLOTS)
    def answers(self, by: str, number: int, ballot: str) -> None:
        """Any task, whosever and in whatever state."""
        task = self._one(Task, number)
        if task is not None:
            self._try(by, "task.opine", task, ballot=ballot)

    @rule(number=pick, who=pick)
    def takes_back(self, number: int, who: int) -> None:
        task = self._one(Task, number, state="done")
        if task is not None:
            self._try(self._of(task.organisation_id, who), "task.take_back", task, **WORDS)

    @rule(number=pick, who=pick, word=st.sampled_from(AFTER))
    def after(self, number: int, who: int, word: str) -> None:
        by = self._insiders(self._one(Request, number, state="approved"), who)
        if word == "void":
            decision = self._one(Decision, number)
            if decision is not None:
                self._try(by, "decision.void", decision, **WORDS)
        elif word == "propose":
            request = self._one(Request, number, state="approved")
            if request is not None:
                self._try(by, "revocation.propose", request_id=request.id, money_effect="none",
                          **WORDS)  # fmt: skip
        else:
            held = self._one(Revocation, number)
            told = {"waived": True} if word == "answer" else WORDS
            if held is not None:
                by = "dept.head" if word == "answer" else by
                self._try(by, f"revocation.{word}", held, **told)

    @rule(by=people, to=people, act=st.sampled_from(LENT), days=st.integers(0, 9))
    def lends(self, by: str, to: str, act: str, days: int) -> None:
        posts = self._rows(Post, person_id=self._id(by))
        if not posts:
            return
        today = civil(self.clock.at)
        named = {"to_person_id": self._id(to), "role": posts[0].role,
                 "organisation_id": posts[0].organisation_id}  # fmt: skip
        if days == 0:
            self._try(by, "delegation.deputy", **named)
            self._try(by, "absence.record", valid_from=today.isoformat(),
                      valid_to=(today + timedelta(days=2)).isoformat())  # fmt: skip
        else:
            last = today + timedelta(days=days)
            self._try(by, "delegation.give", acts=[act], valid_from=today.isoformat(),
                      valid_to=last.isoformat(), **named)  # fmt: skip

    @rule(number=pick, by=people, kind=st.sampled_from([Delegation, Absence]))
    def ends(self, number: int, by: str, kind: type[Record]) -> None:
        held = self._one(kind, number)
        if held is not None:
            act = "delegation.end" if kind is Delegation else "absence.end"
            self._try(by, act, held)

    @rule(who=people, role=st.sampled_from(ROLES), body=st.sampled_from(BODIES))
    def changes_post(self, who: str, role: str, body: str) -> None:
        """Somebody moves in mid-case: from today in another post, the old one ended yesterday."""
        command = staffing.PostCommand(role=role, organisation_id=body)
        yesterday = civil(self.clock.at) - timedelta(days=1)
        keeper = person_actor(self.office, "sec.admin")
        for verb in (
            *(lambda d, p=p: staffing.end_post(d, p.id, yesterday)
              for p in self._rows(Post, person_id=self._id(who))),
            lambda d: staffing.grant_post(d, self._id(who), command),
        ):  # fmt: skip
            try:
                self.office.perform(Call(actor=keeper, county=COUNTY, act="post.grant"), verb)
            except Refusal:
                return

    @rule(seed=pick)
    def a_busy_day(self, seed: int) -> None:
        """Many acts one after another, drawn from one number."""
        dice = Random(seed)
        for _ in range(BUSY):
            self._any_act(dice)
            self.everything_holds()

    def _any_act(self, dice: Random) -> None:
        dice.choice(self._acts(dice, dice.randrange(10**6), dice.randrange(10**6)))()

    def _acts(self, dice: Random, some: int, who: int) -> list[Callable[[], None]]:
        """What a busy day is drawn from."""
        said, even = dice.choice(SAID), dice.random() < 0.5
        by, to, lent = dice.choice(DECIDING_SIDE), dice.choice(DECIDING_SIDE), dice.choice(LENT)
        return [
            lambda: self.on_a_case(dice.choice(sorted(CASE)), some, who),
            lambda: self.passes_on(some, who, dice.randrange(9), dice.choice(PASSED)),
            lambda: self.adds(who, some, dice.choice(BODIES), drop=even),
            lambda: self.takes_back(some, who),
            lambda: self.after(some, who, dice.choice(AFTER)),
            lambda: self.lends(by, to, lent, dice.randrange(4)),
            lambda: self.file(dice.choice(TARGETS), listed=even, both=True),
            lambda: self.answers(dice.choice(PEOPLE), some, said),
            lambda: self.rewrites(dice.choice(ASKING), some, change=even),
            lambda: self.reflows(some),
            *[lambda: self._on_the_desk(some, who, said)] * 4,
        ]

    @rule(who=people, to=people, by=people)
    def hands_over(self, who: str, to: str, by: str) -> None:
        """Everything somebody holds goes to another; the account stays, the posts end."""
        self._try(by, "handover.run", person_id=self._id(who), reason="moved", to=self._id(to))

    @rule(number=pick)
    def reflows(self, number: int) -> None:
        """From this day villages are asked in other steps; a case under way is moved to them."""
        today = civil(self.clock.at)
        if not self.reflowed:
            self.reflowed = True
            with_parallel_steps(self._hand, LATER, since=today)
        request = self._case(number)
        if request is None:
            return
        call = Call(actor=person_actor(self.office, "gov.head"), county=COUNTY, act="test")
        try:
            plan = reflowing.asked(self.office, call, request.id)
        except Refusal:
            return
        self._try("gov.head", "request.reflow", request, plan=plan.digest, **WORDS)

    @rule(days=st.integers(0, 6))
    def time_passes(self, days: int) -> None:
        self.clock.at += timedelta(days=days)
        self.actors.clear()
        tick(self.office)
