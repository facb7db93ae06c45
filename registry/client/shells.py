"""两种外壳 the same operations carried by httpx: one client that waits, one that does not."""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Concatenate, ParamSpec, TypeVar

import httpx

from registry.client import operations
from registry.client.operations import Query
from registry.client.resources import Difference, Kind, PageOf
from registry.client.session import (
    ACCEPTED,
    Came,
    Flow,
    Got,
    Lost,
    Patience,
    Pause,
    Send,
    Session,
)
from registry.clock import Source

T = TypeVar("T")
P = ParamSpec("P")
_FAILED = (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL)
# An OSError is the disk's, and the caller's to know of.


def _settings(patience: Patience, ca_file: Path | None) -> dict[str, Any]:
    """TLS is always verified; redirects and proxies of the environment are not followed, so that a
    token goes nowhere but to the registry that was named."""
    return {
        "timeout": httpx.Timeout(patience.read, connect=patience.connect),
        "verify": ssl.create_default_context(cafile=ca_file),
        "follow_redirects": False, "trust_env": False,
    }  # fmt: skip


def _request(http: httpx.Client | httpx.AsyncClient, send: Send) -> httpx.Request:
    # A link of the API brings its own query; none is put in its place.
    query = dict(send.query) or None
    return http.build_request(
        send.method, send.path, headers=dict(send.headers), params=query, content=send.body
    )


def _got(answer: httpx.Response, body: bytes) -> Got:
    return Got(answer.status_code, {k.lower(): v for k, v in answer.headers.items()}, body)


def _brings(answer: httpx.Response) -> bool:
    """Whether it is the file that was asked for, or some of it."""
    return answer.is_success and answer.status_code != ACCEPTED


def _lost(error: Exception) -> Lost:
    return Lost(f"线路不通 the line failed: {type(error).__name__}")


def waiting(
    described: Callable[Concatenate[Session, P], Flow[T]],
) -> Callable[Concatenate["Client", P], T]:
    """An operation as a method that waits."""

    def method(client: "Client", /, *args: P.args, **named: P.kwargs) -> T:
        return client.carry(described(client.session, *args, **named))

    return _named(method, described)


def awaited(
    described: Callable[Concatenate[Session, P], Flow[T]],
) -> Callable[Concatenate["AsyncClient", P], Awaitable[T]]:
    """An operation as a method that is awaited."""

    async def method(client: "AsyncClient", /, *args: P.args, **named: P.kwargs) -> T:
        return await client.carry(described(client.session, *args, **named))

    return _named(method, described)


M = TypeVar("M", bound=Callable[..., Any])


def _named(method: M, described: Callable[..., Any]) -> M:
    method.__name__, method.__doc__ = described.__name__, described.__doc__
    return method


class Client:
    """客户端, waiting.

    Args:
        address: where the registry is, e.g. ``https://registry.example``.
        token: one that was issued; else ``sign_in``.
        ca_file: who vouches for the registry, where that is nobody whom the machine trusts.
        pause: how it waits between two tries.
    """

    def __init__(
        self, address: str, token: str = "", *, patience: Patience | None = None,
        ca_file: Path | None = None, source: Source | None = None,
        transport: httpx.BaseTransport | None = None, pause: Callable[[float], None] = time.sleep,
    ) -> None:  # fmt: skip
        self.session, self._pause = Session(token, patience, source), pause
        settings = _settings(self.session.patience, ca_file)
        self._http = httpx.Client(base_url=address, transport=transport, **settings)

    sign_in = waiting(operations.sign_in)
    one = waiting(operations.one)
    page = waiting(operations.page)
    ask = waiting(operations.ask)
    differences = waiting(operations.differences)
    act = waiting(operations.act)
    precheck = waiting(operations.precheck)
    may = waiting(operations.may)
    text = waiting(operations.text)
    receipt = waiting(operations.receipt)
    checkpoint = waiting(operations.checkpoint)
    growth = waiting(operations.growth)
    take = waiting(operations.take)

    def pages(self, kind: Kind[T], query: Query | None = None) -> Iterator[PageOf[T]]:
        """Every page, one after the other."""
        found, link = self.page(kind, query)
        yield found
        while link:
            found, link = self.page(kind, link=link)
            yield found

    def items(self, kind: Kind[T], query: Query | None = None) -> Iterator[T]:
        """Every record, page by page."""
        for found in self.pages(kind, query):
            yield from found.items

    def changes(
        self, kind: Kind[Any], since: int | str, until: int | str | None = None
    ) -> Iterator[Difference]:
        """Everything that came, changed or went between two snapshots."""
        # A walk is between two snapshots that are named, so that none moves under it.
        end = self.differences(kind, since, limit=1).last if until is None else until
        after: str | None = ""
        while after is not None:
            found = self.differences(kind, since, end, after=after or None)
            yield from found.items
            after = found.next

    def carry(self, flow: Flow[T]) -> T:
        """Take the steps of a call."""
        came: Came = None
        try:
            while True:
                step = flow.send(came)
                if isinstance(step, Pause):
                    self._pause(step.seconds)
                    came = None
                else:
                    came = self._send(step)
        except StopIteration as done:
            answer: T = done.value
            return answer

    def _send(self, send: Send) -> Came:
        try:
            answer = self._http.send(_request(self._http, send), stream=True)
            try:
                if send.sink is None or not _brings(answer):
                    return _got(answer, answer.read())
                send.sink.begin(answer.status_code, answer.headers)
                for piece in answer.iter_bytes():
                    send.sink.write(piece)
                return _got(answer, b"")
            finally:
                answer.close()
        except _FAILED as error:
            return _lost(error)

    def close(self) -> None:
        """Let go of the line."""
        self._http.close()

    def __enter__(self) -> "Client":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self.close()


class AsyncClient:
    """客户端, awaited; as ``Client`` in everything else."""

    def __init__(
        self, address: str, token: str = "", *, patience: Patience | None = None,
        ca_file: Path | None = None, source: Source | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:  # fmt: skip
        self.session, self._pause = Session(token, patience, source), pause
        settings = _settings(self.session.patience, ca_file)
        self._http = httpx.AsyncClient(base_url=address, transport=transport, **settings)

    sign_in = awaited(operations.sign_in)
    one = awaited(operations.one)
    page = awaited(operations.page)
    ask = awaited(operations.ask)
    differences = awaited(operations.differences)
    act = awaited(operations.act)
    precheck = awaited(operations.precheck)
    may = awaited(operations.may)
    text = awaited(operations.text)
    receipt = awaited(operations.receipt)
    checkpoint = awaited(operations.checkpoint)
    growth = awaited(operations.growth)
    take = awaited(operations.take)

    async def pages(self, kind: Kind[T], query: Query | None = None) -> AsyncIterator[PageOf[T]]:
        """Every page, one after the other."""
        found, link = await self.page(kind, query)
        yield found
        while link:
            found, link = await self.page(kind, link=link)
            yield found

    async def items(self, kind: Kind[T], query: Query | None = None) -> AsyncIterator[T]:
        """Every record, page by page."""
        async for found in self.pages(kind, query):
            for record in found.items:
                yield record

    async def changes(
        self, kind: Kind[Any], since: int | str, until: int | str | None = None
    ) -> AsyncIterator[Difference]:
        """Everything that came, changed or went between two snapshots."""
        first = await self.differences(kind, since, limit=1) if until is None else None
        end = until if first is None else first.last
        after: str | None = ""
        while after is not None:
            found = await self.differences(kind, since, end, after=after or None)
            for one in found.items:
                yield one
            after = found.next

    async def carry(self, flow: Flow[T]) -> T:
        """Take the steps of a call."""
        came: Came = None
        try:
            while True:
                step = flow.send(came)
                if isinstance(step, Pause):
                    await self._pause(step.seconds)
                    came = None
                else:
                    came = await self._send(step)
        except StopIteration as done:
            answer: T = done.value
            return answer

    async def _send(self, send: Send) -> Came:
        try:
            answer = await self._http.send(_request(self._http, send), stream=True)
            try:
                if send.sink is None or not _brings(answer):
                    return _got(answer, await answer.aread())
                send.sink.begin(answer.status_code, answer.headers)
                async for piece in answer.aiter_bytes():
                    send.sink.write(piece)
                return _got(answer, b"")
            finally:
                await answer.aclose()
        except _FAILED as error:
            return _lost(error)

    async def close(self) -> None:
        """Let go of the line."""
        await self._http.aclose()

    async def __aenter__(self) -> "AsyncClient":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        await self.close()
