"""进程 starts the programs that are measured, each a process of its own, and ends them by id."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).parents[1]
READY_WITHIN = 120.0
_STOP_WITHIN = 40.0
_SLICE = 0.005


def free_port() -> int:
    """A port of the loopback that nobody holds."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def settings(folder: Path, port: int) -> dict[str, str]:
    """Environment of a demo registry on SQLite in ``folder``."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("REGISTRY_")}
    return kept | {
        "REGISTRY_MODE": "demo",
        "REGISTRY_DATA_DIR": str(folder),
        "REGISTRY_PORT": str(port),
    }


@contextmanager
def running(
    arguments: list[str], port: int, environment: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A Python program that answers on ``port``, from ready to stopped.

    Raises:
        RuntimeError: it ended by itself, or was not ready in time.
    """
    process = subprocess.Popen(
        [sys.executable, *arguments], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
    )
    try:
        wait_ready(process, port)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(_STOP_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_ready(process: subprocess.Popen[bytes], port: int) -> None:
    """Wait until ``/readyz`` answers 200."""
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"the program ended with {process.returncode}")
        try:
            with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1) as answer:
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(_SLICE)
    raise RuntimeError("the program was not ready in time")


def resident_mib(process: subprocess.Popen[bytes]) -> float:
    """Memory the process holds, MiB (Linux)."""
    status = Path(f"/proc/{process.pid}/status").read_text("ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def order(port: int, paths: list[str], tokens: list[str], **more: Any) -> dict[str, Any]:
    """Let a client process of its own carry out one order; returns what it saw."""
    told = {"port": port, "paths": paths, "tokens": tokens, "first": 0, **more}
    done = subprocess.run(
        [sys.executable, "-m", "bench.client"],
        cwd=ROOT, input=json.dumps(told).encode(), stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    seen: dict[str, Any] = json.loads(done.stdout)
    return seen
