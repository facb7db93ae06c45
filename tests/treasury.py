"""演示国库 a small treasury that speaks real HTTP and misbehaves on command.

It keeps its own books: what it has paid, once by key. ``plan`` names how the next calls go; when it
is empty a payment is paid at once. It pays nobody: all it moves is a number in a dictionary.
"""

import json
import socket
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

Sent = tuple[int, dict[str, str], bytes]


class Heard(NamedTuple):
    """One call as it came in."""

    method: str
    path: str
    headers: dict[str, str]
    body: dict[str, Any]


class Treasury:
    """Its books, and what it is told to do wrong."""

    def __init__(self) -> None:
        self.books: dict[str, dict[str, Any]] = {}
        self.paid: Counter[str] = Counter()
        """Fen paid by key: what left the treasury."""
        self.plan: list[str] = []
        self.heard: list[Heard] = []
        self.late = 0.5
        self.taken: Callable[[str], None] = lambda key: None
        """Called with a key as soon as it is paid, before anything is answered."""
        self.lock = threading.Lock()
        self.url = ""

    def posts(self) -> list[Heard]:
        return [h for h in self.heard if h.path.endswith("/payments")]

    def left(self) -> int:
        """What left the treasury in all, fen."""
        return sum(self.paid.values())

    def answer(self, heard: Heard) -> Iterator[Sent | float | None]:
        """What is sent back, in order: an answer, seconds of silence, the line cut (``None``)."""
        with self.lock:
            self.heard.append(heard)
            key = heard.body.get("key") or heard.path.split("/")[-1]
            cancel = heard.path.endswith("/cancel")
            order = heard.method == "POST" and not cancel
            way = self.plan.pop(0) if self.plan else "pay"
        if way.startswith("before:"):
            yield from WRONG[way.removeprefix("before:")](self, {})
            return
        if heard.method == "GET" and key not in self.books:
            yield told(404, {"title": "no such payment"})
            return
        with self.lock:
            entry = self._cancelled(key, heard) if cancel else self._held(key, heard, way, order)
        if order:
            self.taken(key)
        yield from WRONG.get(way, _right)(self, dict(entry))

    def _cancelled(self, key: str, heard: Heard) -> dict[str, Any]:
        fresh = {"key": key, "amount_fen": heard.body["amount_fen"], "state": "accepted"}
        entry = self.books.setdefault(key, fresh)
        if entry["state"] == "accepted":
            entry["state"] = "cancelled"
        return entry

    def _held(self, key: str, heard: Heard, way: str, order: bool) -> dict[str, Any]:
        if order and key not in self.books:
            self.books[key] = {"key": key, "amount_fen": heard.body["amount_fen"],
                               "state": "accepted"}  # fmt: skip
        entry = self.books[key]
        if entry["state"] == "accepted" and way == "refuse":
            entry |= {"state": "refused", "reason": "账户已销户(演示)"}
        if entry["state"] == "accepted" and way not in ("accept", "refuse"):
            entry |= {"state": "paid", "reference": f"GK-{key[-8:]}", "paid_on": "2026-03-02"}
            self.paid[key] += entry["amount_fen"]
        return entry


def told(status: int, body: Any, **headers: str) -> Sent:
    return status, {"content-type": "application/json"} | headers, json.dumps(body).encode()


Wrong = Callable[[Treasury, dict[str, Any]], Iterator[Sent | float | None]]


def _right(_: Treasury, entry: dict[str, Any]) -> Iterator[Sent | float | None]:
    yield told(200, entry)


def _late(treasury: Treasury, entry: dict[str, Any]) -> Iterator[Sent | float | None]:
    yield treasury.late
    yield told(200, entry)


def _saying(status: int, body: bytes | None = None, **headers: str) -> Wrong:
    def said(_: Treasury, entry: dict[str, Any]) -> Iterator[Sent | float | None]:
        yield status, headers, json.dumps(entry).encode() if body is None else body

    return said


def _cut(_: Treasury, _entry: dict[str, Any]) -> Iterator[Sent | float | None]:
    yield None


def _twice(_: Treasury, entry: dict[str, Any]) -> Iterator[Sent | float | None]:
    yield told(200, entry)
    yield told(200, {**entry, "state": "refused"})


def _changed(**fields: Any) -> Wrong:
    def said(_: Treasury, entry: dict[str, Any]) -> Iterator[Sent | float | None]:
        yield told(200, entry | fields)

    return said


WRONG: dict[str, Wrong] = {
    "late": _late,
    "500": _saying(500, b"<html>out of order</html>"),
    "503": _saying(503, b"", **{"retry-after": "30"}),
    "429": _saying(429, b"", **{"retry-after": "120"}),
    "cut": _cut,
    "twice": _twice,
    "garbage": _saying(200, b'{"key": "pa'),
    "not_json": _saying(200, b"\xff\xfe ok"),
    "long": _saying(200, b'"' + b"x" * 200_000 + b'"'),
    "html": _saying(200, b"<html>welcome to the intranet</html>"),
    "redirect": _saying(307, b"", location="http://127.0.0.1:9/elsewhere"),
    "unauthorised": _saying(401, b"{}"),
    "404": _saying(404, b"{}"),
    "other_amount": _changed(amount_fen=1),
    "other_key": _changed(key="pay-somebody-else"),
    "no_reference": _changed(reference=""),
    "extra_field": _changed(surprise=True),
    "amount_as_text": _changed(amount_fen="100"),
    "unheard_of_amount": _changed(amount_fen=10**30),
    "nul_in_reference": _changed(reference="GK-\x001"),
    "lines_in_reason": _changed(state="refused", reason="一\n二"),
    "long_reason": _changed(state="refused", reason="长" * 201),
    "nul_in_field": _changed(**{"sur\x00prise": 1}),
    "lone_surrogate": _saying(200, b'{"key": "\\ud800", "amount_fen": 1, "state": "paid"}'),
    "depth": _saying(200, b"[" * 20_000),
    "amount_as_float": _changed(amount_fen=100.0),
}
"""Ways in which it answers otherwise than it should; after ``before:``, without having taken it."""


class _Handler(BaseHTTPRequestHandler):
    treasury: Treasury
    protocol_version = "HTTP/1.1"

    def _serve(self) -> None:
        length = int(self.headers.get("content-length", 0))
        body = json.loads(self.rfile.read(length)) if length else {}
        headers = {k.lower(): v for k, v in self.headers.items()}
        with suppress(OSError):
            for part in self.treasury.answer(Heard(self.command, self.path, headers, body)):
                if part is None:
                    self.connection.shutdown(socket.SHUT_RDWR)
                    self.close_connection = True
                    return
                if isinstance(part, float):
                    time.sleep(part)
                else:
                    self._send(part)

    def _send(self, part: Sent) -> None:
        status, headers, body = part
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    do_GET = do_POST = _serve  # noqa: N815 - the names that the server calls

    def log_message(self, *_: Any) -> None:
        """Nothing is printed."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """A client that went away is no fault of the server's."""


@contextmanager
def serving(context: ssl.SSLContext | None = None) -> Iterator[Treasury]:
    """A treasury on a free port of this machine, gone afterwards."""
    treasury = Treasury()
    handler = type("Handler", (_Handler,), {"treasury": treasury})
    server = _Server(("127.0.0.1", 0), handler)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    treasury.url = f"{'https' if context else 'http'}://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield treasury
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
