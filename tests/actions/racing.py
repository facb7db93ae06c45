"""争办 what several people try on one case at once, and how much of it may be done."""

import random
import threading
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import msgspec

from registry.actions.office import Office
from registry.actions.seeding import person_actor
from registry.domain.approval import Decision, Step, StepState, Task
from registry.domain.errors import Refusal, RefusalKind
from registry.domain.people import Actor
from registry.domain.request import Request
from registry.policies.loader import read_folder
from tests.actions import flowed
from tests.actions.by_table import COUNTY, Try, perform
from tests.actions.case import OFF_LIST
from tests.conftest import Hand

LOST = {RefusalKind.CONFLICT, RefusalKind.STALE, RefusalKind.FORBIDDEN, RefusalKind.MISSING}
"""What somebody who came too late is told: 409, 412, 403 or 404."""
HERE, TOWN, BOTH = ["990102002001"], ["990102100200"], ["990102001001", "990102002001"]
BESIDE = flowed.flow(
    {"key": "examine", "act": "examine", "bodies": ["street"]},
    {"key": "heard", "act": "consult", "bodies": ["community"], "beside": True},
    {"key": "office", "act": "opinion", "bodies": ["admission_office"], "beside": True},
    {"key": "decide", "act": "decide", "bodies": ["street", "admission_office", "government"],
     "quorum": "ratio", "percent": 60},
    id="beside",
)  # fmt: skip
LATER = flowed.flow(
    {"key": "office", "act": "opinion", "bodies": ["admission_office"]},
    {"key": "examine", "act": "examine", "bodies": ["street"]},
    {"key": "decide", "act": "decide", "bodies": ["street", "government"], "quorum": "all"},
    id="beside",
)  # fmt: skip
"""The same flow as a later pack would have it."""
WAYS = "p,*,*,*,*,*,village_committee,allow,beside\n"


def with_parallel_steps(
    hand: Callable[[str], Hand], flow: str = BESIDE, since: date = date(2026, 2, 1)
) -> None:
    """The demo county, where what a village is asked is examined, heard and advised on at once,
    and decided by a share of three."""
    files = read_folder(flowed.DEMO)
    text = files["pack.toml"].replace("[[flow]]", flow + "\n[[flow]]", 1)
    head, _, rest = files["routes.csv"].partition("\n")
    files |= {"pack.toml": text, "routes.csv": f"{head}\n{WAYS}{rest}"}
    flowed.in_force(hand, files, since)


class Table:
    """办公现场: people at one or more offices on one database."""

    def __init__(self, offices: Sequence[Office]) -> None:
        self.offices = offices
        self._actors: dict[str, Actor] = {}
        self._count = 0

    def actor(self, by: str) -> Actor:
        if by not in self._actors:
            self._actors[by] = person_actor(self.offices[0], by)
        return self._actors[by]

    def do(self, by: str, act: str, record: Any = None, /, **body: Any) -> Any:
        """One act that must pass, on the version that stands."""
        if record is not None:
            record = self.now(record)
        one = Try(by=by, act=act, id=record.id if record else "",
                  version=record.version if record else None, body=body)  # fmt: skip
        return perform(self.offices[0], self.actor(by), one).body

    def now(self, record: Any) -> Any:
        return self.offices[0].store.reader.get(type(record), COUNTY, record.id)

    def find(self, kind: type[Any], **equals: Any) -> list[Any]:
        return list(self.offices[0].store.reader.find(kind, COUNTY, **equals))

    def filed(self, targets: list[str], **changes: Any) -> Request:
        self._count += 1
        village = targets == TOWN
        filing = OFF_LIST | {
            "targets": targets, "title": f"楼道灯具编号第{self._count}批",
            "receivers": ["village_committee" if village else "residents_committee"], **changes,
        }  # fmt: skip
        request: Request = self.do("dept.clerk", "request.draft", filing=filing).request
        return request

    def submitted(self, targets: list[str], **changes: Any) -> Request:
        request: Request = self.do(
            "dept.head", "request.submit", self.filed(targets, **changes)
        ).request
        return request

    def task(self, request: Request, org: str) -> Task:
        found: Task = self.find(
            Task, request_id=request.id, organisation_id=org, state="open"
        )[-1]  # fmt: skip
        return found

    def accepted(self, targets: list[str], by: str = "street2.clerk") -> Request:
        done: Request = self.do(by, "request.accept", self.submitted(targets)).request
        return done

    def at_decision(self) -> Request:
        """One street is to decide; both its heads may."""
        request = self.accepted(HERE)
        task = self.task(request, "o-990102002")
        done: Request = self.do("street2.clerk", "task.opine", task, ballot="agree").request
        return done

    def rush(self, tries: Sequence[Try], seed: random.Random) -> list[Try]:
        """Everybody at once, each at one of the offices; returns what was done.

        Raises:
            AssertionError: somebody was refused in another way than by coming too late.
        """
        done: list[Try] = []
        wrong: list[str] = []
        start = threading.Barrier(len(tries))

        def go(one: Try, office: Office) -> None:
            actor = self.actor(one.by)
            start.wait()
            try:
                perform(office, actor, one)
                done.append(one)
            except Refusal as refusal:
                if refusal.kind not in LOST:
                    wrong.append(f"{one.by} {one.act}: {refusal.code} {refusal.detail}")
            except Exception as error:  # noqa: BLE001 - told to the test below
                wrong.append(f"{one.by} {one.act}: {error!r}")

        for one in tries:
            self.actor(one.by)
        mixed = seed.sample(tries, len(tries))
        threads = [
            threading.Thread(target=go, args=(one, self.offices[i % len(self.offices)]))
            for i, one in enumerate(mixed)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert wrong == []
        return done


def on(by: str, act: str, record: Any, /, **body: Any) -> Try:
    return Try(by=by, act=act, id=record.id, version=record.version, body=body)


Race = tuple[list[Try], Callable[[list[Try]], bool]]


def one_of(done: list[Try]) -> bool:
    return len(done) == 1


def deciding(table: Table) -> Race:
    """One step, two heads, who ask and who accepted: one transition."""
    r = table.at_decision()
    yes: dict[str, Any] = {"reason": "同意"}
    return [
        on("street2.head", "request.approve", r, **yes), on("dept.head", "request.withdraw", r),
        on("street2.deputy", "request.approve", r, **yes),
        on("street2.head", "request.reject", r, **yes),
        on("street2.deputy", "request.terminate", r, **yes),
        on("street2.deputy", "request.send_back", r, step="examine", reason="户数不符"),
        on("street2.head", "request.return", r, items=["补充依据"]),
        on("street2.head", "request.not_accept", r, **yes),
    ], one_of  # fmt: skip


def accepting(table: Table) -> Race:
    """Taken in once, or sent back once."""
    r = table.submitted(HERE)
    return [
        on("street2.clerk", "request.accept", r), on("street2.clerk2", "request.accept", r),
        on("street2.head", "request.accept", r), on("dept.head", "request.withdraw", r),
        on("street2.deputy", "request.return", r, items=["补充依据"]),
    ], one_of  # fmt: skip


def submitting(table: Table) -> Race:
    """Signed as it was seen, or edited and not signed."""
    r = table.filed(HERE)
    edited = {**OFF_LIST, "targets": HERE, "content": "改过的内容"}
    return [
        on("dept.head", "request.submit", r), on("dept.head", "request.submit", r),
        on("dept.clerk", "request.edit", r, **edited), on("dept.head", "request.withdraw", r),
    ], one_of  # fmt: skip


def examining(table: Table) -> Race:
    """One body, one task: said once, or passed on once."""
    t = table.task(table.accepted(HERE), "o-990102002")
    return [
        on("street2.clerk", "task.opine", t, ballot="agree"),
        on("street2.clerk2", "task.opine", t, ballot="disagree"),
        on("street2.clerk", "task.transfer", t, person_id="person-street2.clerk2", reason="分工"),
        on("street2.head", "task.transfer", t, person_id="person-street2.clerk", reason="分工"),
    ], one_of  # fmt: skip


def asking(table: Table) -> Race:
    """Who is asked first is waited for: a word and a question never both pass over each other."""
    t = table.task(table.accepted(HERE), "o-990102002")
    tries = [
        on("street2.clerk", "task.opine", t, ballot="agree"),
        on("street2.clerk2", "task.entrust", t, person_id="person-street2.clerk", reason="核对"),
        on("street2.clerk2", "task.add", t, organisation_id="o-990102-urban", act="opinion",
           reason="请提意见"),
        on("street2.clerk", "task.add", t, organisation_id="o-990102-urban", act="opinion",
           reason="请提意见"),
    ]  # fmt: skip

    def fits(done: list[Try]) -> bool:
        acts = [one.act for one in done]
        return acts == ["task.opine"] or (
            "task.opine" not in acts and acts.count("task.add") == 1 == acts.count("task.entrust")
        )

    return tries, fits


def together(table: Table) -> Race:
    """会签: each street speaks once, whoever of its people is first."""
    r = table.accepted(BOTH, by="street.clerk")
    one, two = table.task(r, "o-990102001"), table.task(r, "o-990102002")
    tries = [
        on("street.head", "task.opine", one, ballot="agree"),
        on("street.head", "task.opine", one, ballot="disagree"),
        on("street2.head", "task.opine", two, ballot="agree"),
        on("street2.deputy", "task.opine", two, ballot="disagree"),
    ]

    def fits(done: list[Try]) -> bool:
        steps = {s.key: s.state for s in table.find(Step, request_id=r.id)}
        return sorted(t.id for t in done) == sorted([one.id, two.id]) and (
            steps["streets"] is StepState.DONE and steps["examine"] is StepState.OPEN
        )

    return tries, fits


def either(table: Table) -> Race:
    """或签: two bodies may; the first carries, the other has nothing left to do."""
    campaign = {"approval_document": "演创〔2026〕1号", "approved_by_level": "county"}
    r = table.submitted(HERE, kind="campaign", campaign=campaign)
    r = table.do("county.office", "request.accept", r).request
    t = table.task(r, "o-990102-admission")
    r = table.do("county.office", "task.opine", t, ballot="agree").request
    return [
        on("county.head", "request.approve", r, reason="同意"),
        on("conference.head", "request.approve", r, reason="同意"),
        on("dept.head", "request.withdraw", r),
    ], one_of  # fmt: skip


def parallel(table: Table) -> Race:
    """Three steps of one case at once: each done once, what follows opened once."""
    r = table.accepted(TOWN, by="township.clerk")
    town, village = table.task(r, "o-990102100"), table.task(r, "o-990102100200")
    office = table.task(r, "o-990102-admission")
    tries = [
        on("township.clerk", "task.opine", town, ballot="agree"),
        on("township.clerk", "task.opine", town, ballot="comment"),
        on("village.head", "task.opine", village, ballot="agree"),
        on("village.head", "task.opine", village, ballot="disagree"),
        on("county.office", "task.opine", office, ballot="agree"),
        on("county.head", "task.opine", office, ballot="agree"),
    ]

    def fits(done: list[Try]) -> bool:
        steps = table.find(Step, request_id=r.id)
        states = [s.state for s in steps if s.key == "decide"]
        said = sorted(one.id for one in done)
        return said == sorted(t.id for t in (town, village, office)) and states == [StepState.OPEN]

    return tries, fits


def by_share(table: Table) -> Race:
    """票签 of three: two agreements carry, the decision is issued once."""
    r = table.accepted(TOWN, by="township.clerk")
    for by, org in (("township.clerk", "o-990102100"), ("village.head", "o-990102100200"),
                    ("county.office", "o-990102-admission")):  # fmt: skip
        r = table.do(by, "task.opine", table.task(r, org), ballot="agree").request
    # Each says it on the version they saw: only one word is given on each version.
    tries = [
        on(by, "request.approve", r, reason="同意")
        for by in ("township.head", "county.head", "gov.head")
    ]
    return tries, one_of


def taking_back(table: Table) -> Race:
    """One's own word, or what others made of it: never both."""
    r = table.at_decision()
    said = table.find(Task, request_id=r.id, state="done")[-1]
    return [
        on("street2.clerk", "task.take_back", said, reason="附件有误"),
        on("street2.head", "request.approve", r, reason="同意"),
        on("street2.deputy", "request.approve", r, reason="同意"),
    ], one_of  # fmt: skip


def changing(table: Table) -> Race:
    """Of what was admitted: one change, one revocation, or the two of them one after another."""
    r = table.do("street2.head", "request.approve", table.at_decision(), reason="同意").request
    filing = msgspec.to_builtins(r.filing) | {"content": "加一项内容"}
    propose = {"request_id": r.id, "reason": "依据有误", "money_effect": "none"}
    tries = [
        on("dept.clerk", "request.change", r, filing=filing),
        on("dept.head", "request.change", r, filing=filing),
        Try(by="street2.head", act="revocation.propose", body=propose),
        Try(by="street2.deputy", act="revocation.propose", body=propose),
    ]

    def fits(done: list[Try]) -> bool:
        acts = [one.act for one in done]
        return 1 <= len(acts) == len(set(acts))

    return tries, fits


def voiding(table: Table) -> Race:
    """A number dies once."""
    r = table.do("street2.head", "request.approve", table.at_decision(), reason="同意").request
    held = next(d for d in table.find(Decision, request_id=r.id) if d.id == r.decision_id)
    return [
        on("street2.head", "decision.void", held, reason="跳号"),
        on("street2.deputy", "decision.void", held, reason="跳号"),
        on("street2.head", "decision.void", held, reason="跳号"),
    ], one_of  # fmt: skip


def reviewing(table: Table) -> Race:
    """A review is asked once."""
    r = table.do("street2.head", "request.reject", table.at_decision(), reason="可自行办理").request
    return [
        on("dept.head", "review.ask", r, reason="有依据"),
        on("dept.head", "review.ask", r, reason="另有依据"),
        on("street2.head", "request.close", r), on("street2.deputy", "request.close", r),
    ], lambda done: 1 <= len(done) <= 2 and sorted({t.act for t in done}) == sorted(
        t.act for t in done)  # fmt: skip


RACES: tuple[Callable[[Table], Race], ...] = (
    deciding, accepting, submitting, examining, asking, together, either, parallel, by_share,
    taking_back, changing, voiding, reviewing,
)  # fmt: skip


def run(table: Table, rounds: int, seed: int) -> int:
    """Race after race, two to eight people each; returns how many."""
    dice = random.Random(seed)
    for number in range(rounds):
        race = RACES[number % len(RACES)]
        tries, fits = race(table)
        done = table.rush(tries, dice)
        assert fits(done), (race.__name__, [(one.by, one.act, one.id) for one in done])
    return rounds
