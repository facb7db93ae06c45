"""申报 filings per second over HTTP, durable, against a bare handler; then reading at that scale.

One real server process in demo mode, one bare one, one client process; rounds take turns, so that a
slow moment of the machine meets both.
"""

import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import exports, pages, query, simulation
from bench.figures import Board, Figure, at_share, median
from bench.forms import CLERK
from bench.load import county_with, paths
from bench.programs import free_port, order, resident_mib, running, settings
from registry.actions.office import Office
from registry.actions.staff.accounts import issue_token
from registry.clock import Source, wall_clock
from registry.store.engine import open_engine
from registry.store.store import Store
from registry.store.verify import counties, verify

CONNECTIONS = 64
ROUNDS = 5
SECONDS = 4.0
READY_REQUESTS = 30_000
"""Most requests made ready for one round."""
GOAL = 0.35
LOAD_GOAL = 20_000
TOKENS = 16
READERS = {
    "request": "county.office",
    "street's": "street.clerk",
    "one": "county.office",
    "log": "audit.admin",
}
READ_CONNECTIONS = 2
READ_SECONDS = 2.0
MILLI = 1e3


@dataclass(frozen=True)
class Site:
    """场地: a folder with a seeded, loaded database and tokens for those who ask."""

    folder: Path
    url: str
    tokens: dict[str, list[str]]


def run(
    board: Board, rows: int, drafts: Sequence[str] = (), *, paged: bool = True
) -> None:  # fmt: skip
    """Print the figures at ``rows`` requests, those of simulated ``drafts`` among them.

    Args:
        paged: the pages too.
    """
    with tempfile.TemporaryDirectory(prefix="registry-bench-") as name:
        site = _prepare(board, Path(name), rows)
        place = simulation.Place(site.url, site.folder)
        simulation.measured(board, ("SQLite", place), rows, drafts)
        mine, bare = free_port(), free_port()
        serve = ["-m", "registry", "serve"]
        with running(serve, mine, settings(site.folder, mine)) as server:
            with running(["-m", "bench.bare", name, str(bare)], bare):
                made = _rounds(board, site, (mine, bare), rows)
            board.add(Figure(
                name="server memory", value=resident_mib(server), unit="MiB",
                scale=f"{rows:,} requests stored, after {made:,} filings",
            ))  # fmt: skip
            _reading(board, site, mine, rows)
            auditors = site.tokens[query.WHO]
            query.over_http(board, site.folder / "registry.db", (mine, auditors), rows)
        if paged:
            pages.measured(board, site.folder, (site.url, rows))
        _asked(board, site, rows)
        _verified(board, site, made)


def _prepare(board: Board, folder: Path, rows: int) -> Site:
    with county_with(folder, rows) as (office, url, loaded):
        tokens = {
            name: [_token(office, name) for _ in range(TOKENS)]
            for name in (CLERK, query.WHO, *READERS.values())
        }
    size = (folder / "registry.db").stat().st_size / 2**20
    board.add(Figure(
        name="bulk load", value=loaded.rows / loaded.seconds, unit="rows/s", goal=LOAD_GOAL,
        scale=f"{rows:,} requests with verdicts, decisions, presences and events, {loaded.rows:,} "
        f"rows in {loaded.seconds:,.1f} s, {size:,.0f} MiB; titles read and facts computed in "
        f"{loaded.prepared:,.1f} s before: {loaded.rows / (loaded.prepared + loaded.seconds):,.0f} "
        "rows/s with them",
    ))  # fmt: skip
    return Site(folder, url, tokens)


def _token(office: Office, username: str) -> str:
    person = office.store.reader.person_named(username)
    if person is None:
        raise LookupError(username)
    return issue_token(office, person).token


def _rounds(board: Board, site: Site, ports: tuple[int, int], rows: int) -> int:
    """A B A B …; returns how many filings were made."""
    seen: dict[str, list[dict[str, Any]]] = {"filing": [], "bare": []}
    first, ports_of = rows, dict(zip(seen, ports, strict=True))
    for _ in range(ROUNDS):
        for name, path in (("filing", "/api/v1/requests"), ("bare", "/filings")):
            told = order(
                ports_of[name], [path], site.tokens[CLERK], method="POST", first=first,
                count=READY_REQUESTS, connections=CONNECTIONS, seconds=SECONDS,
            )  # fmt: skip
            if set(told["statuses"]) != {"201"}:
                raise RuntimeError(f"{name}: answers {told['statuses']}")
            seen[name].append(told)
            first += READY_REQUESTS
    rates = {name: [r["answers"] / r["elapsed"] for r in runs] for name, runs in seen.items()}
    scale = (
        f"{rows:,} requests stored, {CONNECTIONS} connections, median of {ROUNDS} rounds of "
        f"{SECONDS:.0f} s in turns"
    )
    board.add(Figure(
        name="filings over HTTP, durable", value=median(rates["filing"]), unit="1/s",
        baseline=median(rates["bare"]), goal=GOAL,
        turns=tuple(a / b for a, b in zip(rates["filing"], rates["bare"], strict=True)),
        scale=f"{scale}; baseline: a bare handler, one row",
    ))  # fmt: skip
    waits = [seconds for told in seen["filing"] for seconds in told["seconds"]]
    for share, label in ((0.5, "p50"), (0.99, "p99")):
        board.add(Figure(
            name=f"filing {label}", value=at_share(waits, share) * MILLI, unit="ms", scale=scale,
        ))  # fmt: skip
    return sum(told["answers"] for told in seen["filing"])


def _reading(board: Board, site: Site, port: int, rows: int) -> None:
    for name, addresses in paths(rows):
        who = READERS[name.split()[0]]
        told = order(
            port, addresses, site.tokens[who], method="GET", count=READY_REQUESTS,
            connections=READ_CONNECTIONS, seconds=READ_SECONDS,
        )  # fmt: skip
        if set(told["statuses"]) != {"200"}:
            raise RuntimeError(f"{name}: answers {told['statuses']}")
        board.add(Figure(
            name=f"{name} p50", value=at_share(told["seconds"], 0.5) * MILLI, unit="ms",
            scale=f"{rows:,} requests, {READ_CONNECTIONS} readers; "
            f"p99 {at_share(told['seconds'], 0.99) * MILLI:.3g} ms",
        ))  # fmt: skip


def _asked(board: Board, site: Site, rows: int) -> None:
    """What the auditor asks of what was loaded."""
    store = Store(site.url, site.url, site.folder)
    try:
        office = Office(store, wall_clock, Source())
        query.run(board, office, rows, site.folder)
        exports.measure(board, office, site.folder)
    finally:
        store.close()


def _verified(board: Board, site: Site, made: int) -> None:
    """Everything acknowledged is there, and the log with every row verifies."""
    engine = open_engine(site.url, readonly=True)
    try:
        began, events = time.perf_counter(), 0
        with engine.connect() as connection:
            names = counties(connection)
        for county in names:
            report = verify(engine, county)
            if report.fault is not None:
                raise RuntimeError(f"verification: {report.fault}")
            events += report.head.seq
        taken = time.perf_counter() - began
    finally:
        engine.dispose()
    board.add(Figure(
        name="log verification", value=events / taken, unit="events/s",
        scale=f"{events:,} events with their rows, the {made:,} filings among them",
    ))  # fmt: skip
