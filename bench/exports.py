"""导出 CSV of all requests beside ``csv.writer`` over the same cursor (SQLite) and beside COPY of the
same columns (PostgreSQL); memory above idle."""

import csv
import io
import time
from pathlib import Path
from typing import Any

from bench.figures import Board, Figure, median
from bench.forms import COUNTY
from registry.actions.exporting.ground import ground
from registry.actions.exporting.making import Order, make
from registry.actions.office import Office
from registry.api.exporting import sheets
from registry.clock import Source, wall_clock
from registry.domain.exporting import Form
from registry.store.exported import AT_ONCE, Rows
from registry.store.scan import steady
from registry.store.store import Store

ROUNDS, GOAL, GOAL_COPY, GOAL_MB = 3, 1.0, 0.5, 60.0
RESIDENT = Path("/proc/self/statm")


def at(board: Board, url: str, folder: Path) -> None:
    """The same of a database that nobody has open."""
    store = Store(url, url, folder)
    try:
        measure(board, Office(store, wall_clock, Source()), folder)
    finally:
        store.close()


def measure(board: Board, office: Office, folder: Path) -> None:
    """Print the figures of a loaded office."""
    of = ground(office, COUNTY, None, sheets())
    order = Order(Form.CSV, "requests", words=False)
    idle, peak, ours, plain, rows = _resident(), 0.0, [], [], 0

    def watched(_rows: int) -> None:
        nonlocal peak
        peak = max(peak, _resident())

    for _ in range(ROUNDS):
        began = time.perf_counter()
        rows = make(of, order, folder / "ours.csv", watched).rows
        ours.append(time.perf_counter() - began)
        began = time.perf_counter()
        with steady(office.store.reader) as moment, (folder / "plain.csv").open("wb") as out:
            found = of.rows(moment, of.sheets["requests"])
            assert found is not None
            (_plain if found.sqlite else _copied)(found, out)
        plain.append(time.perf_counter() - began)
    engine = office.store.engine.dialect.name
    beside = "csv.writer over the same cursor" if engine == "sqlite" else "COPY of the same columns"
    board.add(Figure(
        name=f"CSV of requests, {engine}", value=rows / median(ours), unit="rows/s",
        baseline=rows / median(plain), goal=GOAL if engine == "sqlite" else GOAL_COPY,
        turns=tuple(b / a for a, b in zip(ours, plain, strict=True)),
        scale=f"{rows:,} rows, {len(of.sheets['requests'].columns)} columns, beside {beside}",
    ))  # fmt: skip
    board.add(Figure(
        name=f"CSV, memory above idle, {engine}", value=peak - idle, unit="MB", goal=GOAL_MB,
        wants="less", scale=f"{rows:,} rows",
    ))  # fmt: skip


def _plain(rows: Rows, out: Any) -> None:
    told = rows.values().compile(rows.connection, compile_kwargs={"literal_binds": True})
    raw: Any = rows.connection.connection
    cursor = raw.cursor()
    cursor.execute(str(told))
    text = io.TextIOWrapper(out, "utf-8", newline="", write_through=False)
    page = csv.writer(text)
    while batch := cursor.fetchmany(AT_ONCE):
        page.writerows(batch)
    text.flush()
    text.detach()


def _copied(rows: Rows, out: Any) -> None:
    told = rows.values().compile(rows.connection, compile_kwargs={"literal_binds": True})
    raw: Any = rows.connection.connection
    with raw.cursor().copy(f"COPY ({told}) TO STDOUT (FORMAT csv)", ()) as copy:
        for piece in copy:
            out.write(piece)


def _resident() -> float:
    return int(RESIDENT.read_text().split()[1]) * 4096 / 2**20
