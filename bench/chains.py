"""接续客户端 a process of its own that carries cases through their steps, one after another.

Reads chains of ready requests (JSON) from standard input; a connection takes a chain, sends its
requests in order, each once the one before was answered 200, and then takes the next.
"""

import asyncio
import json
import sys
import time
from collections import deque
from typing import Any

import uvloop

from bench.client import Caller, Run


class Carrier(Caller):
    """一条连接: one case at a time."""

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self.rest: deque[bytes] = deque()

    def ask(self) -> None:
        """Send the next step of the case in hand, or begin another."""
        if not self.rest:
            chain: Any = self.run.take()
            if chain is None:
                self.transport.close()
                return
            self.rest.extend(chain)
        self.sent_at = time.perf_counter()
        self.transport.write(self.rest.popleft())


def bytes_of(request: dict[str, Any]) -> bytes:
    """One request on the wire."""
    body = json.dumps(request["body"]).encode() if request["body"] is not None else b""
    told = "".join(f"{name}: {value}\r\n" for name, value in request["headers"].items())
    head = (
        f"POST {request['path']} HTTP/1.1\r\nhost: 127.0.0.1\r\n{told}"
        f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def carry(order: dict[str, Any]) -> dict[str, Any]:
    """Carry every chain of the order to its end."""
    chains: list[Any] = [[bytes_of(r) for r in chain] for chain in order["chains"]]
    cases = len(chains)
    run = Run(chains, order["connections"])
    began = time.perf_counter()
    run.deadline = float("inf")
    loop = asyncio.get_running_loop()
    for _ in range(order["connections"]):
        await loop.create_connection(lambda: Carrier(run), "127.0.0.1", order["port"])
    await run.done
    return {"cases": cases, "statuses": run.statuses, "elapsed": run.last - began,
            "seconds": run.seconds}  # fmt: skip


def main() -> None:
    """Read the order, carry it out, tell what was seen."""
    order = json.load(sys.stdin)
    uvloop.install()
    json.dump(asyncio.run(carry(order)), sys.stdout)


if __name__ == "__main__":
    main()
