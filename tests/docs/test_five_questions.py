"""五个问题: the worked example of the client, run against a demo that is really served."""

import asyncio
import importlib.util
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from registry.cli import demo
from registry.cli.player import Player
from registry.cli.stories import all_stories
from registry.client import AsyncClient, Client, proving
from registry.client.errors import ConflictError, NotSignedInError, StaleError
from registry.client.resources import DECISIONS, REQUESTS
from registry.domain.authzen import Deed, Entity, Question
from tests.house.source import ROOT

EXAMPLE = ROOT / "docs" / "examples" / "five_questions.py"


def _example() -> Any:
    spec = importlib.util.spec_from_file_location("five_questions", EXAMPLE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["five_questions"] = module
    spec.loader.exec_module(module)
    return module


FIVE = _example()
STORIES = {s.id: s for s in all_stories()}
Served = tuple[str, str]
"""Address, and the auditor's password."""


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("five") / "original"
    folder.mkdir()
    demo._seed(folder, next(iter(STORIES.values())).clock)
    return folder


@pytest.fixture(scope="module")
def after(
    seeded: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Served]]:
    """A demo on which a story was played, still serving; each story once."""
    import shutil

    passwords, played = demo._passwords(seeded / demo.PEOPLE), dict[str, Served]()
    with ExitStack() as held:

        def told(name: str) -> Served:
            if name not in played:
                copy = tmp_path_factory.mktemp("story") / name
                shutil.copytree(seeded, copy)
                address, clock, _ = held.enter_context(demo._serving(copy, STORIES[name]))
                with httpx.Client(base_url=address, timeout=60) as http:

                    def bearer(username: str) -> str:
                        body = {"username": username, "password": passwords[username]}
                        return str(http.post("/api/v1/tokens", json=body).json()["token"])

                    done = Player(http, bearer, clock.move).play(STORIES[name])
                assert done[-1].problems == []
                played[name] = (address, passwords["auditor"])
            return played[name]

        yield told


def _auditor(served: Served) -> Client:
    client = Client(served[0])
    client.sign_in("auditor", served[1])
    return client


def test_who_finally_got_the_money_is_told_by_name_and_sum(after: Callable[[str], Served]) -> None:
    with _auditor(after("spending")) as client:
        found = FIVE.who_got_the_money(client)
    assert found
    assert all(one.fen > 0 and one.payments > 0 and one.name for one in found)
    assert found == sorted(found)


def test_what_was_paid_stands_beside_what_the_budget_gave(after: Callable[[str], Served]) -> None:
    with _auditor(after("budget")) as client:
        found = FIVE.was_it_in_the_budget(client)
    assert any(row.indicators_fen for row in found)
    assert all(row.within for row in found if row.indicators_fen)
    with _auditor(after("spending")) as client:
        without = FIVE.was_it_in_the_budget(client)
    assert [row.within for row in without if row.dispatched_fen] == [False]


def test_what_was_taken_back_or_came_back_was_not_paid(after: Callable[[str], Served]) -> None:
    with _auditor(after("chain")) as client:
        (row,) = FIVE.was_it_in_the_budget(client)
    assert row.dispatched_fen == 360000 - 60000 - 80000  # sent, 冲销, 退回: by hand from the story


def test_what_never_entered_is_found(after: Callable[[str], Served]) -> None:
    with _auditor(after("existing")) as client:
        assert any("没有准入" in one.why for one in FIVE.what_never_entered(client))
    with _auditor(after("spending")) as client:
        assert FIVE.what_never_entered(client) == []


def test_who_decided_is_told_and_stood_in_the_chain(after: Callable[[str], Served]) -> None:
    with _auditor(after("spending")) as client:
        found = FIVE.who_decided(client)
    assert [one.doubts for one in found] == [()]
    assert all(one.number and one.person_id and one.body for one in found)


def test_what_changed_between_two_snapshots_is_told(after: Callable[[str], Served]) -> None:
    with _auditor(after("spending")) as client:
        every = FIVE.what_changed(client, 1)
        assert {one.before for one in every} == {""}
        assert {one.after for one in every} >= {"approved"}
        last = client.ask("/events", dict, {"limit": 500})["items"][-1]["seq"]
        assert FIVE.what_changed(client, last) == []
        assert FIVE.what_changed(client, 1, last) == every


def test_the_example_runs_as_it_is_told_to(after: Callable[[str], Served], tmp_path: Path) -> None:
    address, password = after("spending")
    kept = tmp_path / "password"
    kept.write_text(password, "utf-8")
    done = subprocess.run(
        [sys.executable, EXAMPLE, address, "auditor", "--password-file", kept],
        capture_output=True, text=True, check=False, timeout=120, cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert [line[:2] for line in done.stdout.splitlines() if not line.startswith(" ")] == [
        "1.", "2.", "3.", "4.", "5.",
    ]  # fmt: skip


def test_a_receipt_and_the_growth_of_the_log_are_checked_by_the_client(
    after: Callable[[str], Served],
) -> None:
    with _auditor(after("spending")) as client:
        (decision,) = client.items(DECISIONS)
        octets, told = client.receipt(decision.id), client.text("/log/990102/keys")
        keys = proving.keys_of(told, [told.decode().split()[0]])
        proven = proving.receipt(octets, keys)
        named = {(row["t"], row["id"], row["v"]) for row in proven.entry["rows"]}
        assert ("decision", decision.id, decision.version) in named
        old = client.checkpoint("990102")
        size = int(old.splitlines()[1])
        client.receipt(decision.id)  # taking one is an entry, so that the log grows
        proof = client.growth(size, county="990102")
        new = proof.checkpoint.encode() or client.checkpoint("990102")
        assert proving.grew(old, new, proof.path, keys).head.size >= size


def test_an_act_is_done_once_and_a_file_is_taken_as_it_is(
    after: Callable[[str], Served], seeded: Path, tmp_path: Path
) -> None:
    address, _ = after("spending")
    passwords = demo._passwords(seeded / demo.PEOPLE)
    filing = {
        "kind": "task", "title": "演示登记", "applicants": [{"organisation_id": "o-990102-civil"}],
        "receivers": ["residents_committee"], "targets": ["990102001001"],
    }  # fmt: skip
    with Client(address) as client:
        client.sign_in("dept.clerk", passwords["dept.clerk"])
        made = [
            client.act("/requests", {"filing": filing}, answers=dict, key="once")["request"]
            for _ in range(2)
        ]
        assert made[0] == made[1]
        with pytest.raises(ConflictError):
            client.act(
                "/requests", {"filing": filing | {"title": "别的"}}, answers=dict, key="once"
            )
        path = f"/requests/{made[0]['id']}"
        kept = client.take(path, tmp_path / "request.json")
        assert kept.path.read_bytes() == client.text(f"/api/v1{path}")
        with pytest.raises(StaleError):
            client.act(path, filing, answers=dict, version=7, method="PUT")


def test_the_client_that_does_not_wait_reads_the_same(after: Callable[[str], Served]) -> None:
    address, password = after("spending")

    async def read() -> list[str]:
        async with AsyncClient(address) as client:
            await client.sign_in("auditor", password)
            return [one.id async for one in client.items(REQUESTS, {"limit": 1})]

    with _auditor((address, password)) as client:
        assert asyncio.run(read()) == [one.id for one in client.items(REQUESTS)]


def test_who_has_no_token_is_told_so_and_who_asks_first_is_answered(
    after: Callable[[str], Served], seeded: Path
) -> None:
    address, _ = after("spending")
    question = Question(
        subject=Entity(type="organisation", id="o-990102-civil"), action=Deed(name="task"),
        resource=Entity(type="area", id="990102001001", properties={
            "title": "由社区实施行政处罚", "receivers": ["residents_committee"],
        }),
    )  # fmt: skip
    with Client(address) as client:
        with pytest.raises(NotSignedInError):
            client.may(question)
        client.sign_in("dept.clerk", demo._passwords(seeded / demo.PEOPLE)["dept.clerk"])
        told = client.may(question)
    assert (told.decision, told.context["reason"]) == (False, "refused")
