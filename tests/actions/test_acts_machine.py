"""随意办理: random acts by random people, the clock moving; after each, everything still holds."""

import shutil
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

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
from tests.actions.racing import with_parallel_steps
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
BALLOTS = st.sampled_from(["agree", "agree", "disagree", "comment"])
people, anybody = st.sampled_from(DECIDING_SIDE), st.sampled_from(PEOPLE)
pick = st.integers(min_value=0, max_value=10**6)


class Acts(RuleBasedStateMachine):
    """一个县: cases in every state, people who may and who may not."""

    template: Path

    @initialize()
    def open(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="registry-acts-"))
        shutil.copy(self.template, self.folder / "registry.db")
        url = f"sqlite:///{self.folder / 'registry.db'}"
        self.clock = MovingClock()
        self.office = Office(Store(url, url, self.folder), self.clock, Source(3))
        self.actors: dict[str, Actor] = {}
        self.done: dict[str, int] = {}
        with_parallel_steps(lambda name: Hand(self.office, name))

    def teardown(self) -> None:
        if hasattr(self, "office"):
            try:
                assert broken(self.office, COUNTY) == []
            finally:
                self.office.store.close()
                shutil.rmtree(self.folder)

    @invariant()
    def everything_holds(self) -> None:
        if hasattr(self, "office"):
            assert unsound(self.office, COUNTY) == []

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

    def _id(self, by: str) -> str:
        return f"person-{by}"

    @rule(where=st.sampled_from(TARGETS), listed=st.booleans(), both=st.booleans())
    def file(self, where: list[str], listed: bool, both: bool) -> None:
        """Drafted, and as a rule signed at once."""
        village = where == TARGETS[1]
        title = "节水宣传" if listed else f"楼道灯具编号第{len(self._rows(Request))}批"
        filing = OFF_LIST | {
            "targets": where, "title": title,
            "receivers": ["village_committee" if village else "residents_committee"],
        }  # fmt: skip
        made = self._try("dept.clerk" if both else "dept.head", "request.draft", filing=filing)
        if made is not None:
            self._try("dept.head", "request.submit", made.request)

    @rule(number=pick, who=pick, ballot=BALLOTS)
    def goes_on(self, number: int, who: int, ballot: str) -> None:
        """Somebody of the body on whose desk a case lies does what is asked."""
        self._on_the_desk(number, who, ballot)

    def _on_the_desk(self, number: int, who: int, ballot: str) -> None:
        task = self._one(Task, number, state="open")
        if task is None:
            return
        posts = self._rows(Post, organisation_id=task.organisation_id)
        names = [p.person_id.removeprefix("person-") for p in posts]
        by = names[who % len(names)] if names else ""
        if by not in PEOPLE:
            return
        request = self.office.store.reader.get(Request, COUNTY, task.request_id)
        assert request is not None
        if request.state is State.SUBMITTED:
            self._try(by, "request.accept", request)
        elif task.act is StepAct.REVIEW:
            review = self._one(Review, 0, task_id=task.id)
            self._try(by, "review.decide", review, result="annulled", **WORDS)
        elif task.act in DECIDING:
            yes = ballot != "disagree"
            self._try(by, "request.approve" if yes else "request.reject", request, **WORDS)
        else:
            self._try(by, "task.opine", task, ballot=ballot)

    @rule(number=pick, who=pick, ballot=BALLOTS)
    def goes_further(self, number: int, who: int, ballot: str) -> None:
        """Twice as often as anything else, so that cases come to an end."""
        self._on_the_desk(number, who, ballot)

    @rule(by=anybody, act=st.sampled_from(sorted(CASE)), number=pick)
    def on_a_case(self, by: str, act: str, number: int) -> None:
        request = self._one(Request, number)
        if request is not None:
            self._try(by, act, request, **CASE[act])

    @rule(by=st.sampled_from(ASKING), number=pick, change=st.booleans())
    def rewrites(self, by: str, number: int, change: bool) -> None:
        request = self._one(Request, number)
        if request is None:
            return
        filing = msgspec.to_builtins(request.filing) | {"content": f"改为第{number % 7}稿"}
        if change:
            self._try(by, "request.change", request, filing=filing)
        else:
            self._try(by, "request.edit", request, **filing)

    @rule(by=people, number=pick, to=people, act=st.sampled_from(["task.transfer", "task.entrust"]))
    def passes_on(self, by: str, number: int, to: str, act: str) -> None:
        task = self._one(Task, number, state="open")
        if task is not None:
            self._try(by, act, task, person_id=self._id(to), **WORDS)

    @rule(by=people, number=pick, body=st.sampled_from(BODIES))
    def adds(self, by: str, number: int, body: str) -> None:
        task = self._one(Task, number, state="open")
        if task is not None:
            self._try(by, "task.add", task, organisation_id=body, act="opinion", **WORDS)
            self._try(by, "task.drop", task, **WORDS)

    @rule(by=anybody, number=pick, ballot=BALLOTS)
    def answers(self, by: str, number: int, ballot: str) -> None:
        """Any task, whosever and in whatever state."""
        task = self._one(Task, number)
        if task is not None:
            self._try(by, "task.opine", task, ballot=ballot)
            self._try(by, "task.take_back", task, **WORDS)

    @rule(by=people, number=pick, word=st.sampled_from(["propose", "answer", "drop", "void"]))
    def after(self, by: str, number: int, word: str) -> None:
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

    @rule(days=st.integers(0, 6))
    def time_passes(self, days: int) -> None:
        self.clock.at += timedelta(days=days)
        self.actors.clear()
        tick(self.office)


def _machine(template: Path, examples: int, steps: int) -> None:
    Acts.template = template
    case = Acts.TestCase
    case.settings = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None,
        suppress_health_check=list(HealthCheck), print_blob=True,
    )  # fmt: skip
    case().runTest()


def test_random_acts_by_random_people_leave_everything_sound(sqlite_template: Path) -> None:
    _machine(sqlite_template, examples=3, steps=30)


@pytest.mark.long
@pytest.mark.timeout(7200)
def test_thousands_of_random_acts_leave_everything_sound(sqlite_template: Path) -> None:
    _machine(sqlite_template, examples=100, steps=80)
