"""客户端 a process of its own that asks as fast as it is answered, over kept-alive connections.

Reads one order (JSON) from standard input, writes what it saw (JSON) to standard output. Requests
are made ready before the clock starts, so that the client is not what is measured.
"""

import asyncio
import json
import sys
import time
from collections import Counter
from typing import Any

import uvloop

from bench.forms import bodies

_END = b"\r\n\r\n"
_LENGTH = b"content-length:"
_LAST = b"\r\n0\r\n\r\n"
"""Of an answer told in chunks, of which none says how long it will be."""


class Caller(asyncio.Protocol):
    """一条连接: one request in flight, the next sent when the answer is whole."""

    def __init__(self, run: "Run") -> None:
        self.run = run
        self.buffer = b""
        self.sent_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Start asking."""
        self.transport: Any = transport
        self.ask()

    def ask(self) -> None:
        """Send the next request, or hang up when the time is over."""
        request = self.run.take()
        if request is None:
            self.transport.close()
            return
        self.sent_at = time.perf_counter()
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Collect an answer; when whole, count it and ask again."""
        self.buffer += data
        head = self.buffer.find(_END)
        if head < 0:
            return
        if not _is_whole(self.buffer, head):
            return
        self.run.count(int(self.buffer[9:12]), time.perf_counter() - self.sent_at)
        self.buffer = b""
        self.ask()

    def connection_lost(self, exc: Exception | None) -> None:
        """One caller less; the last one ends the run."""
        self.run.ended(exc)


def _is_whole(answer: bytes, head: int) -> bool:
    """Whether all of an answer has come: as long as it says, or up to its last chunk."""
    lower = answer[:head].lower()
    at = lower.find(_LENGTH)
    if at < 0:
        return answer.endswith(_LAST)
    length = int(lower[at + len(_LENGTH) :].split(b"\r\n", 1)[0])
    return len(answer) >= head + len(_END) + length


class Run:
    """一轮: a stack of ready requests, a deadline, what was seen."""

    def __init__(self, requests: list[bytes], connections: int) -> None:
        self.requests, self.left = requests, connections
        self.statuses: Counter[int] = Counter()
        self.seconds: list[float] = []
        self.deadline = self.last = 0.0
        self.done = asyncio.get_running_loop().create_future()

    def take(self) -> bytes | None:
        """The next request, ``None`` when the time or the stack is used up."""
        if not self.requests or time.perf_counter() >= self.deadline:
            return None
        return self.requests.pop()

    def count(self, status: int, seconds: float) -> None:
        """One answer came."""
        self.statuses[status] += 1
        self.seconds.append(seconds)
        self.last = time.perf_counter()

    def ended(self, error: Exception | None) -> None:
        """One connection closed."""
        if error is not None:
            self.statuses[0] += 1
        self.left -= 1
        if not self.left and not self.done.done():
            self.done.set_result(None)


def requests_of(order: dict[str, Any]) -> list[bytes]:
    """Every request of the order, as bytes on the wire."""
    tokens, made = order["tokens"], []
    texts = bodies(order["first"], order["count"]) if order["method"] == "POST" else None
    for index in range(order["count"]):
        body = texts[index] if texts is not None else b""
        path = order["paths"][index % len(order["paths"])]
        head = (
            f"{order['method']} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n"
            f"authorization: Bearer {tokens[index % len(tokens)]}\r\n"
            f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
        )
        made.append(head.encode() + body)
    return made


async def ask(order: dict[str, Any]) -> dict[str, Any]:
    """Carry out an order."""
    requests = requests_of(order)
    run = Run(requests, order["connections"])
    began = time.perf_counter()
    run.deadline = began + order["seconds"]
    loop = asyncio.get_running_loop()
    for _ in range(order["connections"]):
        await loop.create_connection(lambda: Caller(run), "127.0.0.1", order["port"])
    await run.done
    return {
        "answers": sum(run.statuses.values()),
        "statuses": run.statuses,
        "elapsed": run.last - began,
        "seconds": run.seconds,
        "ran_out": not requests,
    }


def main() -> None:
    """Read the order, run it, tell what was seen."""
    order = json.load(sys.stdin)
    uvloop.install()
    json.dump(asyncio.run(ask(order)), sys.stdout)


if __name__ == "__main__":
    main()
