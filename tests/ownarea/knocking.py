"""敲门 one request at the door without a server between: what it answers, and how many statements
the answer cost."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import msgspec
from litestar import Litestar
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.pool import Pool


class Told(NamedTuple):
    """答复."""

    status: int
    headers: dict[str, str]
    body: bytes
    statements: int

    @property
    def text(self) -> str:
        """Everything that was said, headers and all."""
        said = "\n".join(f"{k}: {v}" for k, v in self.headers.items())
        return said + "\n" + self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        return msgspec.json.decode(self.body)


class Counting:
    """计数: the statements that any connection was given."""

    def __init__(self) -> None:
        self.many = 0

    def __call__(self, *_: Any) -> None:
        self.many += 1


@contextmanager
def counted() -> Iterator[Counting]:
    """Every statement on connections that are opened from here on is counted."""
    counting = Counting()

    def opened(connection: Any, _: Any) -> None:
        if hasattr(connection, "set_trace_callback"):
            connection.set_trace_callback(counting)

    def executed(connection: Any, *_: Any) -> None:
        if connection.dialect.name != "sqlite":
            counting()

    event.listen(Pool, "connect", opened)
    event.listen(Engine, "before_cursor_execute", executed)
    try:
        yield counting
    finally:
        event.remove(Pool, "connect", opened)
        event.remove(Engine, "before_cursor_execute", executed)


class Door:
    """门: the application, asked one thing at a time."""

    def __init__(self, app: Litestar, counting: Counting) -> None:
        self._app, self._counting = app, counting
        self._loop = asyncio.new_event_loop()
        self.asked = 0

    def close(self) -> None:
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()

    def ask(self, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> Told:
        """One request; ``path`` with its query."""
        before = self._counting.many
        self.asked += 1
        status, told, said = self._loop.run_until_complete(self._asked(method, path, headers, body))
        return Told(status, told, said, self._counting.many - before)

    async def _asked(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        where, _, query = path.partition("?")
        scope: Any = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http",
            "method": method, "path": where, "raw_path": where.encode(),
            "query_string": query.encode(), "root_path": "", "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 8000), "state": {},
            "headers": [(k.encode(), v.encode()) for k, v in headers.items()]
            + [(b"content-length", str(len(body)).encode())],
        }  # fmt: skip
        given = iter([{"type": "http.request", "body": body, "more_body": False}])
        sent: list[Any] = []

        async def receive() -> Any:
            return next(given, {"type": "http.disconnect"})

        async def send(message: Any) -> None:
            sent.append(message)

        await self._app(scope, receive, send)
        start = next(m for m in sent if m["type"] == "http.response.start")
        said = b"".join(m.get("body", b"") for m in sent if m["type"] == "http.response.body")
        return start["status"], {k.decode(): v.decode() for k, v in start["headers"]}, said
