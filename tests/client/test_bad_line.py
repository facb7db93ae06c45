"""不可靠的线路: a real server behind a line that loses answers, cuts files and turns callers away."""

import asyncio
import hashlib
import json
import shutil
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from registry.actions.office import Office
from registry.actions.staff.accounts import issue_token
from registry.app import create_app, server
from registry.client import AsyncClient, Client, proving
from registry.client.errors import BusyError, NotSignedInError
from registry.client.proving import ProofError
from registry.client.resources import AREAS, REQUESTS
from registry.client.session import Patience
from registry.clock import Source
from registry.domain.request import Request
from registry.store.store import Store
from tests.actions.case import filing_of
from tests.client.crooked import Crooked, crooked, half, lost, turned_away
from tests.conftest import MovingClock
from tests.joined import settings_for
from tests.packages import to_folder

PATIENCE = Patience(tries=4, connect=5, read=20)


@pytest.fixture(scope="module")
def seeded(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """One office for the file, which its server closes: laying it out takes longer than asking."""
    folder = tmp_path_factory.mktemp("line")
    shutil.copy(sqlite_template, folder / "registry.db")
    url = f"sqlite:///{folder / 'registry.db'}"
    return Office(Store(url, url, folder), MovingClock(), Source(11))


@pytest.fixture(scope="module")
def served(seeded: Office, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crooked]:
    folder = tmp_path_factory.mktemp("settings")
    settings = msgspec.structs.replace(settings_for(folder), port=0)
    running = server(create_app(seeded, settings), settings)
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    while not running.started:
        assert thread.is_alive()
        time.sleep(0.01)
    with crooked(running.servers[0].sockets[0].getsockname()[1]) as made:
        yield made
    running.should_exit = True
    thread.join()


@pytest.fixture
def line(served: Crooked) -> Crooked:
    served.spoils.clear()
    served.carried = 0
    served.asked.clear()
    return served


Calling = Callable[[str], Client]


@pytest.fixture
def calling(line: Crooked, seeded: Office, paused: list[float]) -> Iterator[Calling]:
    """A client in somebody's name, which writes down how long it would have waited."""
    made: list[Client] = []

    def waited(seconds: float) -> None:
        paused.append(seconds)
        time.sleep(0.02)

    def calling(username: str) -> Client:
        person = seeded.store.reader.person_named(username)
        assert person is not None
        token = issue_token(seeded, person).token
        made.append(Client(
            line.address, token, patience=PATIENCE, source=Source(1), pause=waited
        ))  # fmt: skip
        return made[-1]

    yield calling
    for one in made:
        one.close()


@pytest.fixture
def paused() -> list[float]:
    return []


def test_an_act_whose_answer_is_lost_is_done_once(
    line: Crooked, calling: Calling, seeded: Office
) -> None:
    client = calling("dept.clerk")
    line.spoils.extend([lost, half, turned_away(503, "1")])
    told = client.act("/requests", {"filing": filing_of()}, answers=dict)
    assert line.carried == 4
    kept = seeded.store.reader.find(Request, "990102")
    assert [one.id for one in kept] == [told["request"]["id"]]


def test_a_file_that_is_cut_off_is_whole_in_the_end_and_nothing_else_is_left(
    line: Crooked, calling: Calling, tmp_path: Path
) -> None:
    client, folder = calling("auditor"), tmp_path / "taken"
    folder.mkdir()
    line.spoils.extend([half, lost])
    order = {"form": "csv", "resource": "areas"}
    kept = client.take("/exports", folder / "areas.csv", command=order)
    assert kept.checked
    assert kept.sha256 == hashlib.sha256(kept.path.read_bytes()).hexdigest()
    assert kept.octets == kept.path.stat().st_size
    assert [one.name for one in folder.iterdir()] == ["areas.csv"]


def test_a_package_that_is_cut_off_goes_on_where_it_was_and_passes(
    line: Crooked, calling: Calling, tmp_path: Path
) -> None:
    client = calling("auditor")
    line.of_content = half
    kept = client.take("/exports", tmp_path / "p.zip", command={"form": "package"})
    told = client.text("/log/990102/keys")
    keys = proving.keys_of(told, [told.decode().split()[0]])
    assert kept.checked
    assert proving.package(kept.path, keys).head.size > 0
    parts = [one for one in line.asked if b"/content " in one]
    assert [b"range: bytes=" in one.lower() for one in parts] == [False, True]
    with zipfile.ZipFile(kept.path) as held:
        files = {name: held.read(name) for name in held.namelist()}
    assert not json.loads(files["manifest.json"])["whole"]
    entries = files["log/entries.jsonl"].splitlines(keepends=True)
    for name, changed in {
        "log/entries.jsonl": entries[0].replace(b'"seq":', b'"seq": ') + b"".join(entries[1:]),
        "log/proofs/2.tlog-proof": files["log/proofs/1.tlog-proof"],
    }.items():
        digest = {"sha256": hashlib.sha256(changed).hexdigest(), "bytes": len(changed)}
        manifest = json.loads(files["manifest.json"])
        manifest["files"][name] |= digest
        other = files | {name: changed, "manifest.json": json.dumps(manifest).encode()}
        with pytest.raises(ProofError):
            proving.package(to_folder(other, tmp_path / name.replace("/", "-")), keys)


def test_who_is_turned_away_waits_as_long_as_told_or_does_not_come_again_too_early(
    line: Crooked, calling: Calling, paused: list[float]
) -> None:
    client = calling("auditor")
    line.spoils.extend([turned_away(429, "7"), turned_away(503, "3")])
    assert client.ask("/me", dict)
    assert [int(one) for one in paused] == [7, 3]
    line.spoils.append(turned_away(429, "86400"))
    carried = line.carried
    with pytest.raises(BusyError) as caught:
        client.ask("/me", dict)
    assert (line.carried - carried, caught.value.headers["retry-after"]) == (1, "86400")


def test_a_list_is_read_to_its_end_each_record_once(line: Crooked, calling: Calling) -> None:
    client = calling("auditor")
    whole = [one.id for one in client.items(AREAS, {"limit": 500})]
    line.spoils.extend([None, half, None, lost, turned_away(502, "0"), None])
    found = [one.id for one in client.items(AREAS, {"limit": 60})]
    assert found == whole
    assert len(set(found)) == len(found) > 200


def test_the_client_that_does_not_wait_reads_it_as_well(line: Crooked, calling: Calling) -> None:
    client = calling("auditor")
    whole = [one.id for one in client.items(AREAS, {"limit": 500})]

    async def pause(_seconds: float) -> None: ...

    async def read() -> list[str]:
        async with AsyncClient(
            line.address, client.session.token, patience=PATIENCE, source=Source(2), pause=pause
        ) as other:
            return [one.id async for one in other.items(AREAS, {"limit": 60})]

    line.spoils.extend([half, None, lost, turned_away(503, "0"), None])
    assert asyncio.run(read()) == whole


def test_a_no_comes_through_as_it_is(line: Crooked, calling: Calling) -> None:
    client = calling("auditor")
    client.session.token = "nobody's"
    line.spoils.append(half)
    with pytest.raises(NotSignedInError):
        list(client.items(REQUESTS))
    assert line.carried == 2
