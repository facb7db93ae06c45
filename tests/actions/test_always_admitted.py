"""时时有准入: whatever is done in whatever order, nothing is at work that is not admitted then; and of
many approvals at once no more pass than a cap lets.
"""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.actions import approving
from registry.actions.office import Call, Office
from registry.actions.seeding import person_actor
from registry.actions.ticking import tick
from registry.clock import Source
from registry.domain.approval import Decision, DecisionKind, StepAct, Task
from registry.domain.errors import Refusal
from registry.domain.living import Acceptance, Departure
from registry.domain.presence import Presence, PresenceState
from registry.domain.records import civil
from registry.domain.request import Request, State
from registry.store.store import Store
from tests.actions import case, decided, lived, measuring
from tests.actions.test_quotas import ROWS, quota, ready
from tests.conftest import ENGINES, Hand, MovingClock
from tests.servers import fresh

ACTS = 30
AT_ONCE, CAP = 50, 3


@contextmanager
def an_office(engine: str, template: Any) -> Iterator[Office]:
    """A seeded county of its own, for one run."""
    with TemporaryDirectory(prefix="registry-living-") as name:
        folder = Path(name)
        if engine == "sqlite":
            shutil.copy(template, folder / "registry.db")
            kept = fresh(folder)
        else:
            kept = fresh(folder, template, "registry_template")
        with kept as url:
            store = Store(url, url, folder)
            try:
                yield Office(store, MovingClock(), Source(5))
            finally:
                store.close()


def unadmitted(office: Office) -> list[str]:
    """Presences at work without an admission that stands today."""
    reader, today = office.store.reader, civil(office.clock())
    found = []
    for p in reader.find(Presence, "990102", state=PresenceState.ACTIVE.value):
        request = reader.get(Request, "990102", p.request_id)
        decision = reader.get(Decision, "990102", request.decision_id)
        stands = decision.kind is DecisionKind.ADMITTED and decision.voided_on is None
        if request.state not in (State.APPROVED, State.CLOSED) or not stands:
            found.append(f"{p.id}: {request.state.value}, {decision.kind.value}")
        if p.ends_on is not None and p.ends_on < today:
            found.append(f"{p.id}: ended on {p.ends_on}, today {today}")
    return found


class Life:
    """一生: a few matters in a community, and everything that may befall them."""

    def __init__(self, office: Office, dice: Random) -> None:
        self.office, self.dice = office, dice

    def hand(self, name: str) -> Hand:
        return Hand(self.office, name)

    def one(self, kind: type[Any], **equals: Any) -> Any:
        rows = list(self.office.store.reader.find(kind, "990102", **equals))
        return self.dice.choice(rows) if rows else None

    def begin(self) -> None:
        """Another matter is admitted, and as a rule is at work then."""
        today = civil(self.office.clock())
        term = {
            "starts_on": str(today + timedelta(days=20)),
            "ends_on": str(today + timedelta(days=60)),
        }
        make = self.dice.choice([lived.statutory, lived.unpaid, case.admitted])
        make(self.hand, **term)

    def befall(self) -> None:
        """One of the things that may happen."""
        dice, hand = self.dice, self.hand
        presence, asked = self.one(Presence), self.one(Acceptance)
        request = self.one(Request, amends=None)
        by = dice.choice(["community.head", "dept.head", "street.head"])
        later = civil(self.office.clock()) + timedelta(days=dice.randrange(1, 120))
        acts = [
            lambda: lived.suspended(hand, presence, by),
            lambda: lived.resumed(hand, presence, by),
            lambda: lived.reported(hand, presence, final=dice.random() < 0.3),
            lambda: lived.given(hand, asked, dice.choice(["passed", "failed"])),
            lambda: lived.completed(hand, presence),
            lambda: lived.left(hand, presence, by),
            lambda: lived.left(hand, request, by),
            lambda: case.started(hand, presence),
            lambda: self.renew(request, later),
            lambda: self.renew(presence, later),
            lambda: self.revoke(request),
            lambda: self.close(request),
            self.begin,
            self.wait,
            self.wait,
        ]
        try:
            dice.choice(acts)()
        except (Refusal, AttributeError, IndexError):
            return  # whether it was done or refused is no matter here, only what it left

    def wait(self) -> None:
        self.office.clock.at += timedelta(days=self.dice.randrange(1, 30))
        tick(self.office)

    def renew(self, what: Any, later: date) -> None:
        asked = case.submitted(self.hand, lived.renewed(self.hand, what, later))
        asked = case.accepted(self.hand, asked)
        (task,) = self.office.store.reader.find(Task, "990102", request_id=asked.id, state="open")
        if task.act is StepAct.EXAMINE:
            asked = case.examined(self.hand, asked)
        decided.approved(self.hand, asked)

    def revoke(self, request: Request) -> None:
        held = decided.proposed(self.hand, request)
        decided.heard(self.hand, held)
        decided.revoked(self.hand, request)

    def close(self, request: Request) -> None:
        held = decided.now(self.hand, request)
        self.hand("street.head").do(lambda d: approving.close(d, held.id, held.version))


def lives(engine: str, template: Any, seed: int) -> None:
    with an_office(engine, template) as office:
        life = Life(office, Random(seed))
        for _ in range(3):
            life.begin()
        for _ in range(ACTS):
            life.befall()
            assert unadmitted(office) == []
        alive = {p.state for p in office.store.reader.find(Presence, "990102")}
        assert len(alive) > 1 or office.store.reader.find(Departure, "990102"), "nothing happened"


QUICK = settings(deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)


@settings(QUICK, max_examples=3)
@given(seed=st.integers(0, 10**6))
def test_nothing_is_at_work_that_is_not_admitted(sqlite_template: Path, seed: int) -> None:
    lives("sqlite", sqlite_template, seed)


@settings(QUICK, max_examples=1)
@given(seed=st.integers(0, 10**6))
def test_nothing_is_at_work_that_is_not_admitted_on_a_server(
    postgres_template: Any, seed: int
) -> None:
    lives("postgres", postgres_template, seed)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("engine", ENGINES)
def test_in_long_lives_nothing_is_at_work_that_is_not_admitted(
    engine: str, request: pytest.FixtureRequest
) -> None:
    name = "sqlite_template" if engine == "sqlite" else "postgres_template"
    for seed in range(60):
        lives(engine, request.getfixturevalue(name), seed)


def test_of_many_approvals_at_once_exactly_the_cap_is_admitted(office: Office, hand: Any) -> None:
    measuring.in_force(office, quota(cap=CAP), *ROWS)
    waiting = [ready(hand, title=f"楼道灯具编号第{n}批") for n in range(AT_ONCE)]
    actor, said = person_actor(office, "street.head"), approving.DecideCommand(reason="同意")
    start = threading.Barrier(AT_ONCE)
    done: list[str] = []

    def approve(request: Request) -> None:
        call = Call(actor=actor, county="990102", act="request.approve")
        start.wait()
        try:
            office.perform(call, lambda d: approving.approve(d, request.id, request.version, said))
            done.append("admitted")
        except Refusal as refusal:
            done.append(refusal.code)

    threads = [threading.Thread(target=approve, args=(one,)) for one in waiting]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == ["admitted"] * CAP + ["gate.refused"] * (AT_ONCE - CAP)
    assert len(office.store.reader.find(Presence, "990102")) == CAP
