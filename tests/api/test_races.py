"""争办 over HTTP: of many who act at once one is answered 200, the others 409, 412, 403 or 404."""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import httpx
import msgspec
import pytest

from registry.actions.office import Office
from registry.api.acts import ACTS
from registry.app import create_app, server
from tests.actions.by_table import COUNTY, Try
from tests.actions.racing import RACES, Table, with_parallel_steps
from tests.actions.soundness import broken, unsound
from tests.api.conftest import SignIn
from tests.joined import settings_for

PATHS = {act.act: (act.method, act.path) for act in ACTS}
LATE = {403, 404, 409, 412}
ROUNDS = 2


@pytest.fixture
def address(office: Office, tmp_path: Path) -> Iterator[str]:
    """A real server on a free port of this machine."""
    settings = msgspec.structs.replace(settings_for(tmp_path), port=0)
    running = server(create_app(office, settings), settings)
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    while not running.started:
        assert thread.is_alive()
        threading.Event().wait(0.01)
    yield f"http://127.0.0.1:{running.servers[0].sockets[0].getsockname()[1]}"
    running.should_exit = True
    thread.join()


class Crowd:
    """众人: each over a connection of their own."""

    def __init__(self, client: httpx.Client, sign_in: SignIn) -> None:
        self.client, self.sign_in = client, sign_in

    def rush(self, tries: list[Try]) -> tuple[list[Try], Counter[int]]:
        """Everybody at once; who was answered 200, and every status."""
        done, seen = list[Try](), Counter[int]()
        start = threading.Barrier(len(tries))

        def go(one: Try, headers: dict[str, str]) -> None:
            method, path = PATHS[one.act]
            version = {} if one.version is None else {"if-match": f'"{one.version}"'}
            start.wait()
            answer = self.client.request(
                method, "/api/v1" + path.replace("{id}", one.id), content=json.dumps(one.body),
                headers=headers | version | {"content-type": "application/json"},
            )  # fmt: skip
            seen[answer.status_code] += 1
            if answer.is_success:
                done.append(one)

        threads = [threading.Thread(target=go, args=(one, self.sign_in(one.by))) for one in tries]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return done, seen


def test_whoever_comes_too_late_is_told_so_by_the_promised_status(
    office: Office, hand: Any, address: str, both_sign_in: SignIn
) -> None:
    with_parallel_steps(hand)
    table, dice, told = Table([office]), Random(6), Counter[int]()
    with httpx.Client(base_url=address, timeout=60) as client:
        crowd = Crowd(client, both_sign_in)
        for race in RACES * ROUNDS:
            tries, fits = race(table)
            done, seen = crowd.rush(dice.sample(tries, len(tries)))
            assert fits(done), (race.__name__, [(one.by, one.act) for one in done])
            told += seen
    assert set(told) <= LATE | {200, 201}, told
    assert told[409] and told[412]
    assert unsound(office, COUNTY) == []
    assert broken(office, COUNTY) == []
