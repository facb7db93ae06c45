"""断电 at every step of a payment: the process is killed, nothing is lost and nothing paid twice."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import httpx
import msgspec
import pytest

from registry.actions.ledger import recording
from registry.actions.office import Office
from registry.actions.staff.accounts import issue_token
from registry.domain.funds import Voucher, VoucherLine, VoucherState, totals
from registry.domain.paying import Payment, PaymentState
from registry.domain.presence import Presence
from registry.store.engine import open_engine
from registry.store.verify import verify
from tests.actions import case
from tests.actions.case import Hands, admitted, voucher
from tests.actions.paid import COUNTY
from tests.cli import dying
from tests.treasury import Treasury, serving

PATIENCE = 60.0
EACH = 1000
"""Fen of every dispatch."""
FILE = """[990102]
name = "demo-treasury"
url = "{url}"
connect_seconds = 1
read_seconds = 1
first_pause_seconds = 1
longest_pause_seconds = 20
failures = 50
rest_seconds = 1
"""


class World:
    """A database, a treasury, a registry that is killed over and over, and a clerk of finance who
    tries again under the same key until the dispatch is acknowledged."""

    def __init__(self, office: Office, presence: Presence, treasury: Treasury) -> None:
        self.office, self.presence, self.treasury = office, presence, treasury
        self.folder: Path = office.store.files.folder.parent
        self.acked: dict[str, str] = {}
        self.process: subprocess.Popen[bytes] | None = None
        self.stop = False
        self.began = str(time.time())
        person = office.store.reader.person_named("finance.clerk")
        assert person is not None
        self.bearer = {"authorization": f"Bearer {issue_token(office, person).token}"}
        (self.folder / "treasuries.toml").write_text(FILE.format(url=treasury.url), "utf-8")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])

    def start(self, point: str) -> None:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("REGISTRY_")}
        told = {
            "REGISTRY_DATA_DIR": str(self.folder), "REGISTRY_MODE": "demo", "REGISTRY_PORT":
            str(self.port), "REGISTRY_DATABASE_URL": self.office.store.url, dying.BEGAN: self.began,
            "REGISTRY_TREASURY_FILE": str(self.folder / "treasuries.toml"),
        }  # fmt: skip
        with (self.folder / "said").open("ab") as said:
            self.process = subprocess.Popen(
                [sys.executable, dying.__file__, point], env=kept | told, stdout=said, stderr=said
            )

    def ready(self) -> None:
        """It answers."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with suppress(httpx.TransportError):
                if httpx.get(f"http://127.0.0.1:{self.port}/readyz").is_success:
                    return
            time.sleep(0.02)
        pytest.fail("it never came up")

    def dies(self) -> None:
        """It is dead of the kill, and of nothing else."""
        assert self.process is not None
        said = self.folder / "said"
        try:
            assert self.process.wait(PATIENCE) == -signal.SIGKILL, said.read_text()[-2000:]
        except subprocess.TimeoutExpired:
            pytest.fail(f"it never came to the point: {said.read_text()[-2000:]}")

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def clerk(self) -> None:
        """Dispatches one after another, each until it is answered."""
        number = 0
        while not self.stop:
            number += 1
            command = msgspec.to_builtins(voucher(self.presence, "dispatch", f"拨{number}", EACH))
            while not self.stop and not self._recorded(f"拨{number}", command):
                time.sleep(0.05)
            time.sleep(0.2)

    def _recorded(self, number: str, command: Any) -> bool:
        url = f"http://127.0.0.1:{self.port}/api/v1/vouchers"
        headers = self.bearer | {"idempotency-key": f"test-{number.encode().hex()}"}
        with suppress(httpx.TransportError):
            answer = httpx.post(url, json=command, headers=headers, timeout=5)
            if answer.status_code == 201:
                self.acked[number] = answer.json()["voucher"]["id"]
                return True
            assert answer.status_code == 503, answer.text
        return False

    def settled(self) -> bool:
        """Nobody waits for an outcome any more."""
        states = [PaymentState.QUEUED.value, PaymentState.SENT.value]
        return not self.office.store.reader.find(Payment, COUNTY, state=states)

    def until_settled(self) -> None:
        until = time.monotonic() + PATIENCE
        while not self.settled():
            assert time.monotonic() < until, "something was lost on the way"
            time.sleep(0.1)


@pytest.fixture
def world(office: Office, hand: Hands) -> Iterator[World]:
    presence = case.presence_of(hand, admitted(hand))
    order = voucher(presence, "order", "令1", 800_000)
    hand("dept.head").do(lambda d: recording.record(d, order))
    with serving() as treasury:
        treasury.late = 1.5
        made = World(office, presence, treasury)
        clerk = threading.Thread(target=made.clerk)
        clerk.start()
        try:
            yield made
        finally:
            made.stop = True
            clerk.join()
            if made.process is not None:
                made.kill()


def checked(world: World) -> None:
    """Every dispatch that was acknowledged is there once, and what the treasury paid is what the
    books say was dispatched."""
    reader = world.office.store.reader
    vouchers = reader.find(Voucher, COUNTY, stage="dispatch")
    payments = {p.voucher_id: p for p in reader.find(Payment, COUNTY)}
    assert set(world.acked.values()) <= {v.id for v in vouchers}
    assert len({v.number for v in vouchers}) == len(vouchers)
    assert sorted(payments) == sorted(v.id for v in vouchers)
    for kept in vouchers:
        payment = payments[kept.id]
        paid = kept.state is VoucherState.CONFIRMED
        assert (payment.state is PaymentState.SETTLED) is paid
        assert paid or (kept.state, payment.state) == (VoucherState.VOIDED, PaymentState.VOIDED)
        assert world.treasury.paid[payment.key] == (EACH if paid else 0)
    lines = reader.find(VoucherLine, COUNTY)
    sent = sum(fen for key, fen in totals(lines).items() if key[2].value == "dispatch")
    assert sent == world.treasury.left()
    engine = open_engine(world.office.store.url, readonly=True)
    try:
        assert verify(engine, COUNTY).fault is None
    finally:
        engine.dispose()


FEW = (
    "recording: committed, not answered",
    "act 1: committed, nobody called",
    "act 2: written, not committed",
)
"""Where most hangs on what is on the disk; the long test takes them all."""


def killed_at(world: World, points: tuple[str, ...]) -> None:
    """Killed at each of them, and once while the treasury has paid and not yet answered."""
    for point in points:
        if point.startswith("asking"):
            world.treasury.plan = ["cut"]
        world.start(point)
        world.dies()
    world.treasury.taken = lambda _: world.kill() if _armed(world) else None
    world.start("none")
    world.dies()
    world.treasury.taken = lambda _: None
    world.treasury.plan = ["refuse"]
    world.start("none")
    many = len(world.acked)
    until = time.monotonic() + PATIENCE
    while len(world.acked) < many + 3:
        assert time.monotonic() < until
        time.sleep(0.05)
    world.stop = True
    world.until_settled()
    checked(world)
    assert world.treasury.left() >= len(FEW) * EACH


def _armed(world: World) -> bool:
    assert world.process is not None
    return world.process.poll() is None


def test_killed_between_its_steps_nothing_is_lost_and_nothing_paid_twice(world: World) -> None:
    assert set(FEW) < set(dying.POINTS)
    killed_at(world, FEW)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_killed_at_every_step_nothing_is_lost_and_nothing_paid_twice(world: World) -> None:
    killed_at(world, dying.POINTS)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_killed_at_any_moment_under_a_treasury_that_misbehaves(world: World) -> None:
    chance = Random(20260302)
    ways = ["pay", "pay", "cut", "500", "late", "accept", "refuse", "garbage", "twice",
            "before:cut", "before:500", "before:429", "other_amount", "404"]  # fmt: skip
    for _ in range(20):
        world.treasury.plan = [chance.choice(ways) for _ in range(30)]
        world.start("none")
        world.ready()
        time.sleep(chance.uniform(0, 2.5))
        world.kill()
    world.treasury.plan = []
    world.start("none")
    world.ready()
    world.stop = True
    world.until_settled()
    checked(world)
    assert len(world.acked) > 10
