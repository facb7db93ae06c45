"""银行试验: eight people move money among many accounts at once while the serving process is killed
over and over; nothing is lost or made, no account is overdrawn, what was answered is there."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from random import Random
from typing import Any

import httpx
import msgspec
import pytest

from registry.actions.office import Office
from registry.actions.staff.accounts import issue_token
from registry.domain.funds import Voucher, VoucherLine, VoucherState
from registry.domain.presence import Presence
from registry.store.engine import open_engine
from registry.store.verify import verify
from tests.actions import case, spent
from tests.actions.case import Hands
from tests.conftest import NOON

COUNTY = "990102"
PATIENCE = 300.0
"""Seconds for so many answers on a machine that does other things besides."""
WRITERS = 8
CONFIRMS = {
    "dispatch": "finance.head", "street_arrival": "street.head",
    "community_arrival": "community.worker", "expenditure": "community.head",
}  # fmt: skip
RECORDS = {
    "order": "dept.head", "dispatch": "finance.clerk", "street_arrival": "street.clerk",
    "community_arrival": "community.cashier", "expenditure": "community.cashier",
}  # fmt: skip
TAKES_BACK = {
    "order": ("dept.clerk", "dept.head"), "dispatch": ("finance.clerk", "finance.head"),
    "community_arrival": ("community.cashier", "community.worker"),
}  # fmt: skip
TITLES = ["楼道灯具编号拍照", "楼道扶手编号拍照", "楼道窗户编号拍照", "院落节水巡查"]


class Bank:
    """A database, a serving process that is killed, and what was answered to whom."""

    def __init__(self, office: Office, places: list[Presence]) -> None:
        self.office, self.places = office, places
        self.folder = office.store.files.folder.parent
        self.before = {v.id for v in office.store.reader.find(Voucher, COUNTY)}
        self.lock = threading.Lock()
        self.acked: dict[str, dict[str, Any]] = {}
        """Voucher → what the last answer said of it."""
        self.waiting: list[tuple[str, str]] = []
        """(voucher, who confirms it)."""
        self.faults: list[str] = []
        self.answers = 0
        self.stop = False
        self.process: subprocess.Popen[bytes] | None = None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        people = {
            *RECORDS.values(),
            *CONFIRMS.values(),
            *(w for p in TAKES_BACK.values() for w in p),
        }
        self.bearers = {}
        for name in sorted(people):
            person = office.store.reader.person_named(name)
            assert person is not None
            self.bearers[name] = {"authorization": f"Bearer {issue_token(office, person).token}"}

    def start(self) -> None:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("REGISTRY_")}
        told = {
            "REGISTRY_DATA_DIR": str(self.folder), "REGISTRY_MODE": "demo",
            "REGISTRY_PORT": str(self.port), "REGISTRY_DATABASE_URL": self.office.store.url,
            "REGISTRY_CLOCK": NOON.isoformat(),
        }  # fmt: skip
        with (self.folder / "said").open("ab") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "registry", "serve"], env=kept | told, stdout=said,
                stderr=said,
            )  # fmt: skip

    def until(self, many: int) -> None:
        """Wait for so many more answers."""
        wanted, patience = self.answers + many, time.monotonic() + PATIENCE
        while self.answers < wanted:
            said = (self.folder / "said").read_text("utf-8", "replace")[-1500:]
            late = f"{self.answers} of {wanted} answers after {PATIENCE} s"
            assert time.monotonic() < patience, f"{late}\n{said}"
            assert self.process is not None and self.process.poll() is None, said
            time.sleep(0.02)

    def kill(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        assert self.process.wait() == -signal.SIGKILL

    # ---- one writer ------------------------------------------------------------------------------

    def write(self, writer: int) -> None:
        chance = Random(writer)
        with httpx.Client(base_url=f"http://127.0.0.1:{self.port}/api/v1", timeout=20) as client:
            number = 0
            while not self.stop and not self.faults:
                number += 1
                try:
                    self._act(client, chance, f"{writer}-{number}")
                except Exception as error:  # noqa: BLE001 - told by the test, not by a thread
                    self.faults.append(f"writer {writer}: {error!r}")

    def _act(self, client: httpx.Client, chance: Random, number: str) -> None:
        with self.lock:
            taken = self.waiting.pop(0) if self.waiting and chance.random() < 0.6 else None
        if taken is not None:
            id, by = taken
            answer = self._answered(client, f"/vouchers/{id}/confirm", (by, f"c-{id}"), {})
            if answer is not None:
                self._keep(answer, None)
            return
        stage, confirms, command = self._command(chance, number)
        by = command.pop("by")
        path = "/expenditures" if stage == "expenditure" else "/vouchers"
        answer = self._answered(client, path, (by, f"r-{number}"), command)
        if answer is not None:
            self._keep(answer, confirms if stage != "order" else None)

    def _command(self, chance: Random, number: str) -> tuple[str, str, dict[str, Any]]:
        with self.lock:
            done = [one for one in self.acked.values() if one["state"] == "confirmed"
                    and one["stage"] in TAKES_BACK]  # fmt: skip
        if done and chance.random() < 0.15:
            one = chance.choice(done)
            by, confirms = TAKES_BACK[one["stage"]]
            place = next(p for p in self.places if p.id == one["presence"])
            amount = chance.randint(1, one["total_fen"])
            why = {"reverses_id": one["id"], "note": "登记有误", "by": by}
            told = _told(place, "reversal", number, amount) | why
            return "reversal", confirms, told
        stage = chance.choice(list(RECORDS))
        most = 60_000 if stage == "order" else 9_000
        told = _told(chance.choice(self.places), stage, number, chance.randint(1, most))
        return stage, CONFIRMS.get(stage, ""), told | {"by": RECORDS[stage]}

    def _answered(
        self, client: httpx.Client, path: str, who: tuple[str, str], body: dict[str, Any]
    ) -> dict[str, Any] | None:
        """Sent again under its key until it is answered; ``None`` where it was refused."""
        told = self.bearers[who[0]] | {"idempotency-key": who[1], "if-match": '"1"'}
        while True:
            try:
                answer = client.post(path, json=body, headers=told)
            except httpx.TransportError:
                time.sleep(0.05)
                continue
            if answer.status_code == 503:
                time.sleep(0.05)
                continue
            self.answers += 1
            if answer.status_code in (200, 201):
                found: dict[str, Any] = answer.json()
                return found
            code = answer.json()["code"]
            assert code in ("voucher.exceeds", "voucher.reverses"), answer.text
            return None

    def _keep(self, answer: dict[str, Any], confirms: str | None) -> None:
        voucher = answer["voucher"]
        with self.lock:
            self.acked[voucher["id"]] = voucher | {"presence": answer["lines"][0]["presence_id"]}
            if confirms:
                self.waiting.append((voucher["id"], confirms))


def _told(place: Presence, stage: str, number: str, amount: int) -> dict[str, Any]:
    given = case.voucher(place, "order", number, amount)
    if stage == "expenditure":
        return dict(msgspec.to_builtins(spent.telling(msgspec.structs.replace(given, stage=stage))))
    made = msgspec.to_builtins(given) | {"stage": stage}
    return {k: v for k, v in made.items() if v is not None}


@pytest.fixture
def bank(office: Office, hand: Hands) -> Iterator[Bank]:
    places = []
    for title in TITLES:
        told = {"title": title, "content": title, "targets": ["990102001001"]}
        places.append(case.presence_of(hand, case.admitted(hand, **told)))
    for at, place in enumerate(places[:2]):
        case.funded(hand, place, 100_000, series=f"始{at}")
    made = Bank(office, places)
    writers = [threading.Thread(target=made.write, args=(n,)) for n in range(WRITERS)]
    made.start()
    for writer in writers:
        writer.start()
    try:
        yield made
    finally:
        made.stop = True
        for writer in writers:
            writer.join(PATIENCE)
        if made.process is not None and made.process.poll() is None:
            made.kill()


def _run(bank: Bank, kills: int, acts: int, seed: int = 1) -> None:
    chance = Random(seed)
    for _ in range(kills):
        bank.until(acts)
        time.sleep(chance.uniform(0, 0.3))
        bank.kill()
        bank.start()
    bank.until(acts)
    bank.stop = True
    for thread in threading.enumerate():
        if getattr(thread, "_target", None) == bank.write:
            thread.join(PATIENCE)
    assert bank.faults == []
    _check(bank)


def _check(bank: Bank) -> None:
    """Every act was answered in the end: what is there is what was answered, and nothing else."""
    reader = bank.office.store.reader
    vouchers = {v.id: v for v in reader.find(Voucher, COUNTY) if v.id not in bank.before}
    assert set(vouchers) == set(bank.acked), "acknowledged and kept are not the same"
    for id, told in bank.acked.items():
        assert vouchers[id].number == told["number"]
        assert vouchers[id].total_fen == told["total_fen"]
        assert vouchers[id].state.value == told["state"], f"{id}: {told}"
    assert len({(v.issuer_id, v.number) for v in vouchers.values()}) == len(vouchers)
    held: dict[tuple[str, str], int] = {}
    leaving: dict[tuple[str, str], int] = {}
    for line in reader.find(VoucherLine, COUNTY):
        out, into = (line.presence_id, str(line.credit)), (line.presence_id, str(line.debit))
        if line.counted:
            held[out] = held.get(out, 0) - line.amount_fen
            held[into] = held.get(into, 0) + line.amount_fen
        elif not line.voided:
            leaving[out] = leaving.get(out, 0) + line.amount_fen
    assert sum(held.values()) == 0
    inside = {key: fen for key, fen in held.items() if key[1] != "source"}
    assert sum(inside.values()) == 800_000 * len(bank.places), "money was made or lost"
    short = {k: f for k, f in inside.items() if f - leaving.get(k, 0) < 0}
    assert short == {}, "an account was overdrawn"
    states = {v.state for v in vouchers.values()}
    assert {VoucherState.RECORDED, VoucherState.CONFIRMED} >= states
    assert {v.stage.value for v in vouchers.values()} >= {"order", "dispatch"}
    engine = open_engine(bank.office.store.url, readonly=True)
    try:
        assert verify(engine, COUNTY).fault is None
    finally:
        engine.dispose()


def test_eight_writers_and_a_kill_lose_no_fen(bank: Bank) -> None:
    _run(bank, kills=2, acts=40)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_eight_writers_and_many_kills_lose_no_fen(bank: Bank) -> None:
    _run(bank, kills=40, acts=150)
    assert len(bank.acked) > 1000
