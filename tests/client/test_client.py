"""客户端: what it sends and does when the line or the registry fails, waiting or not."""

import asyncio
import hashlib
import inspect
import random
from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import httpx
import pytest

from registry.api.resources import RESOURCES
from registry.client import operations
from registry.client.errors import (
    BusyError,
    ConflictError,
    InvalidError,
    MalformedError,
    NotAllowedError,
    NotFoundError,
    NotSignedInError,
    StaleError,
    Unreachable,
)
from registry.client.files import FileError
from registry.client.resources import REQUESTS, TYPED, Kind
from registry.client.session import Got, Patience, Pause, Send, Session, carried
from registry.client.shells import AsyncClient, Client
from registry.clock import Source, fixed_clock

ADDRESS = "http://registry.example"
Answer = Callable[[httpx.Request], httpx.Response]


class Line:
    """A line whose far end answers as a test says, one answer after the other."""

    def __init__(self, *answers: Answer | httpx.Response | Exception) -> None:
        self.answers, self.seen, self.paused = list(answers), list[httpx.Request](), list[float]()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, httpx.Response) else answer(request)

    def run(self, what: str, *args: Any, **named: Any) -> Any:
        """An operation by the waiting client."""
        transport = httpx.MockTransport(self)
        with Client(ADDRESS, "t", transport=transport, source=Source(1), pause=self.paused.append,
                    patience=Patience(tries=4)) as client:  # fmt: skip
            found = getattr(client, what)(*args, **named)
            return list(found) if inspect.isgenerator(found) else found

    def run_awaited(self, what: str, *args: Any, **named: Any) -> Any:
        """The same by the other."""

        async def pause(seconds: float) -> None:
            self.paused.append(seconds)

        async def all() -> Any:
            async with AsyncClient(
                ADDRESS, "t", transport=httpx.MockTransport(self), source=Source(1), pause=pause,
                patience=Patience(tries=4),
            ) as client:  # fmt: skip
                found = getattr(client, what)(*args, **named)
                if inspect.isasyncgen(found):
                    return [one async for one in found]
                return await found

        return asyncio.run(all())


Run = Callable[..., Any]


@pytest.fixture(params=["run", "run_awaited"])
def run(request: pytest.FixtureRequest) -> Run:
    """``run(line, operation, …)`` by each of the two clients."""
    return lambda line, *args, **named: getattr(line, request.param)(*args, **named)


def problem(status: int, code: str = "x", **headers: str) -> httpx.Response:
    return httpx.Response(status, json={"code": code, "detail": "不"}, headers=headers)


def test_both_clients_offer_every_operation_that_is_described() -> None:
    described = {
        name for name, one in vars(operations).items()
        if inspect.isgeneratorfunction(one) and one.__module__ == operations.__name__
        and not name.startswith("_")
    }  # fmt: skip
    for shell in (Client, AsyncClient):
        assert described - {"carried"} <= set(vars(shell))
    offered = [{n for n in vars(s) if not n.startswith("_")} for s in (Client, AsyncClient)]
    assert offered[0] == offered[1]


@pytest.mark.parametrize("name", TYPED)
def test_a_record_has_the_type_that_the_api_gives_it(name: str) -> None:
    answers = RESOURCES[name].answers
    ours = answers.__module__.startswith("registry.domain.")
    assert TYPED[name].record == (answers if ours else dict[str, Any])


def test_who_installs_the_program_gets_its_types() -> None:
    assert files("registry").joinpath("py.typed").is_file()


STATUSES = {
    400: MalformedError, 401: NotSignedInError, 403: NotAllowedError, 404: NotFoundError,
    405: MalformedError, 409: ConflictError, 410: MalformedError, 412: StaleError,
    416: MalformedError, 422: InvalidError, 500: BusyError,
}  # fmt: skip


@pytest.mark.parametrize("status", STATUSES)
def test_a_no_is_an_error_of_its_own_kind_and_is_not_tried_again(run: Run, status: int) -> None:
    line = Line(problem(status, "some.code"))
    with pytest.raises(STATUSES[status]) as caught:
        run(line, "ask", "/me", dict)
    assert (caught.value.code, caught.value.detail) == ("some.code", "不")
    assert len(line.seen) == 1


def test_an_act_that_is_tried_again_bears_the_same_key(run: Run) -> None:
    line = Line(
        httpx.ConnectError("no"), problem(503), problem(409, **{"retry-after": "1"}),
        httpx.Response(200, json={"id": "req-1"}),
    )  # fmt: skip
    told = run(line, "act", "/requests/req-1/submit", {}, answers=dict, version=3)
    assert told == {"id": "req-1"}
    keys = {request.headers["idempotency-key"] for request in line.seen}
    assert len(keys) == 1
    assert len(line.seen) == 4
    assert {request.headers["if-match"] for request in line.seen} == {'"3"'}
    assert line.paused[2] >= 1.0


NOW = {"date": "Sun, 06 Nov 1994 08:49:30 GMT"}
FORMS = ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
         "Sun Nov  6 08:49:37 1994"]  # fmt: skip
"""The three forms of one date (RFC 9110, 5.6.7), seven seconds on."""


@pytest.mark.parametrize("until", FORMS)
def test_a_day_and_hour_is_waited_for_like_seconds(run: Run, until: str) -> None:
    busy = problem(503, **{"retry-after": until}, **NOW)
    line = Line(busy, httpx.Response(200, json={}))
    run(line, "ask", "/me", dict)
    assert line.paused == [7.0]


def test_a_date_further_off_than_this_client_waits_is_raised_at_once(run: Run) -> None:
    line = Line(problem(429, **{"retry-after": "Mon, 07 Nov 1994 08:49:37 GMT"}, **NOW))
    with pytest.raises(BusyError) as caught:
        run(line, "ask", "/me", dict)
    assert (len(line.seen), line.paused) == (1, [])
    assert caught.value.headers["retry-after"].startswith("Mon, 07 Nov")


@pytest.mark.parametrize(
    "told", ["Sun, 06 Nov 1994 08:49:00 GMT", "soon", "-5", "", "Fri, 31 Dec 99999 23:59:59 GMT",
             "Sun, 06 Nov 1994 48:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 +9999"],
)  # fmt: skip
def test_a_date_gone_by_or_no_date_at_all_asks_for_no_longer_pause(run: Run, told: str) -> None:
    busy = problem(503, **{"retry-after": told}, **NOW)
    line = Line(busy, httpx.Response(200, json={}))
    run(line, "ask", "/me", dict)
    assert 0 <= line.paused[0] < Patience().first


def test_a_date_is_held_against_this_clock_where_the_answer_tells_no_time() -> None:
    clock = fixed_clock(datetime(1994, 11, 6, 8, 49, 34, tzinfo=UTC))
    session = Session("t", source=Source(1), clock=clock)
    flow = carried(session, Send("GET", "/me"))
    assert isinstance(next(flow), Send)
    assert flow.send(Got(503, {"retry-after": FORMS[0]}, b"{}")) == Pause(3.0)


def test_two_acts_bear_two_keys_and_a_key_that_is_given_is_kept(run: Run) -> None:
    made = [httpx.Response(200, json={}) for _ in range(2)]
    line = Line(*made)
    keys = set()
    for key in (None, "mine"):
        run(line, "act", "/requests", {}, answers=dict, key=key)
        keys.add(line.seen[-1].headers["idempotency-key"])
    assert "mine" in keys
    assert len(keys) == 2


def test_patience_ends(run: Run) -> None:
    line = Line(*[httpx.ReadTimeout("slow") for _ in range(4)])
    with pytest.raises(Unreachable):
        run(line, "ask", "/me", dict)
    assert len(line.paused) == 3
    busy = Line(*[problem(503) for _ in range(4)])
    with pytest.raises(BusyError):
        run(busy, "ask", "/me", dict)


def test_pauses_differ_and_stay_within_a_bound_that_doubles() -> None:
    patience, chance = Patience(), random.Random(5)
    for tried in range(12):
        drawn = {patience.pause(tried, chance.random()) for _ in range(50)}
        assert len(drawn) == 50
        assert max(drawn) <= min(patience.longest, patience.first * 2**tried)


def test_pages_are_followed_by_their_links_to_the_end(run: Run) -> None:
    def page(number: int, more: bool) -> httpx.Response:
        after = f"/api/v1/people?limit=1&after=990102%7Cp-{number}"
        headers = {"link": f'<{after}>; rel="next"'} if more else {}
        return httpx.Response(200, json={"items": [{"n": number}], "next": None}, headers=headers)

    line = Line(page(1, True), page(2, True), page(3, False))
    found = run(line, "items", Kind("people", dict), {"limit": 1, "active": True})
    assert [one["n"] for one in found] == [1, 2, 3]
    assert str(line.seen[0].url) == f"{ADDRESS}/api/v1/people?limit=1&active=true"
    assert str(line.seen[2].url) == f"{ADDRESS}/api/v1/people?limit=1&after=990102%7Cp-2"


def test_changes_are_walked_between_two_snapshots_that_stay(run: Run) -> None:
    def page(ids: str, next: str | None) -> httpx.Response:
        items = [{"id": id, "change": "came"} for id in ids]
        return httpx.Response(200, json={"first": 3, "last": 9, "items": items, "next": next})

    line = Line(page("a", "x"), page("ab", "y"), page("", "z"), page("c", None))
    assert [one.id for one in run(line, "changes", REQUESTS, 3)] == ["a", "b", "c"]
    asked = [dict(request.url.params) for request in line.seen]
    assert [one["as_of"] for one in asked] == ["3..", "3..9", "3..9", "3..9"]
    assert [one.get("after") for one in asked] == [None, None, "y", "z"]


@pytest.mark.parametrize("address", ["https://elsewhere.example/x", "//elsewhere.example/x"])
def test_a_link_that_leads_elsewhere_is_not_followed(run: Run, address: str) -> None:
    headers = {"link": f'<{address}>; rel="next"'}
    line = Line(httpx.Response(200, json={"items": []}, headers=headers))
    assert run(line, "items", Kind("people", dict)) == []
    assert len(line.seen) == 1


def test_a_token_is_sent_nowhere_else(run: Run) -> None:
    line = Line(httpx.Response(302, headers={"location": "https://elsewhere.example/"}))
    with pytest.raises(BusyError):
        run(line, "ask", "/me", dict)
    assert len(line.seen) == 1


def test_an_answer_of_another_form_is_an_error(run: Run) -> None:
    line = Line(httpx.Response(200, json={"items": [{"id": 1}]}))
    with pytest.raises(BusyError):
        run(line, "items", REQUESTS)


def _file(octets: bytes, told: bytes | None = None) -> httpx.Response:
    digest = b64encode(hashlib.sha256(told or octets).digest()).decode()
    headers = {"repr-digest": f"sha-256=:{digest}:", "x-snapshot": "990102-42"}

    async def pieces() -> Any:
        yield octets[:7]
        yield octets[7:]

    class Both(httpx.SyncByteStream, httpx.AsyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            yield from (octets[:7], octets[7:])

        async def __aiter__(self) -> Any:
            async for piece in pieces():
                yield piece

    return httpx.Response(200, headers=headers, stream=Both())


def test_a_file_is_kept_whole_with_its_digest(run: Run, tmp_path: Path) -> None:
    line = Line(_file("编号,标题\r\n".encode() * 1000))
    kept = run(line, "take", "/exports", tmp_path / "x.csv", command={"form": "csv"})
    assert kept.path.read_bytes() == "编号,标题\r\n".encode() * 1000
    assert (kept.sha256, kept.snapshot, kept.checked) == (
        hashlib.sha256(kept.path.read_bytes()).hexdigest(), 42, True,
    )  # fmt: skip
    assert line.seen[0].headers["accept-encoding"] == "identity"


def test_a_file_that_is_not_what_was_told_is_not_kept(run: Run, tmp_path: Path) -> None:
    for line, expected in ((Line(_file(b"one" * 9, b"two")), ""), (Line(_file(b"one")), "ab" * 32)):
        with pytest.raises(FileError):
            run(line, "take", "/exports", tmp_path / "x.csv", expected=expected)
        assert list(tmp_path.iterdir()) == []


def test_a_file_that_breaks_off_is_fetched_anew(run: Run, tmp_path: Path) -> None:
    class Broken(httpx.SyncByteStream, httpx.AsyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            yield b"half"
            raise httpx.ReadError("gone")

        async def __aiter__(self) -> Any:
            yield b"half"
            raise httpx.ReadError("gone")

    line = Line(httpx.Response(200, stream=Broken()), _file(b"the whole file"))
    kept = run(line, "take", "/exports", tmp_path / "x.csv")
    assert kept.path.read_bytes() == b"the whole file"


def test_a_file_that_is_made_beside_is_waited_for(run: Run, tmp_path: Path) -> None:
    def told(status: int, state: str, why: str = "") -> httpx.Response:
        return httpx.Response(status, json={"id": "exp-1", "state": state, "why": why})

    line = Line(told(202, "running"), told(200, "running"), problem(503), told(200, "done"),
                _file(b"a package"))  # fmt: skip
    kept = run(line, "take", "/exports", tmp_path / "p.zip", command={"form": "package"},
               query={"county": "990102"})  # fmt: skip
    assert (kept.path.read_bytes(), kept.checked) == (b"a package", True)
    paths = ["", "/exp-1", "/exp-1", "/exp-1", "/exp-1/content"]
    assert [one.url.path for one in line.seen] == ["/api/v1/exports" + path for path in paths]
    assert {one.url.params["county"] for one in line.seen} == {"990102"}
    failed = Line(told(202, "running"), told(200, "failed", "磁盘已满"))
    with pytest.raises(FileError, match="磁盘已满"):
        run(failed, "take", "/exports", tmp_path / "q.zip", command={"form": "package"})
    assert [one.name for one in tmp_path.iterdir()] == ["p.zip"]


def test_a_no_instead_of_a_file_is_an_error_and_leaves_none(run: Run, tmp_path: Path) -> None:
    with pytest.raises(NotAllowedError):
        run(Line(problem(403)), "take", "/exports", tmp_path / "x.csv")
    assert list(tmp_path.iterdir()) == []
