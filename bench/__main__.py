"""性能测试 ``make bench``: one line a figure, then ``latest.json``; ``--full`` at a million.

What grows with the scale is measured at the scale that each figure names; simulations where every
filing is read anew, and those on PostgreSQL, at a smaller one unless ``--full`` asks for all.
"""

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bench import (
    approvals,
    decider,
    fanout,
    filings,
    offline,
    pages,
    postings,
    simulation,
    start,
    statements,
    verdict,
    verifying,
)
from bench.figures import HEADER, Board, machine

ROWS, FULL_ROWS = 100_000, 1_000_000
"""Requests loaded; each brings some eight rows of all tables."""
LESSER = 10_000
"""Requests for the simulations that take longest."""
FIRST = {
    "verdict": verdict.run, "decider": decider.run, "start": start.run, "fan-out": fanout.run,
    "approvals": approvals.run, "postings": postings.run, "statements": statements.run,
    "offline": offline.run, "verifying": verifying.run,
}  # fmt: skip
BYTES_PER_REQUEST = 20_000
"""Disk a loaded request takes at most, write-ahead log and temporary files included."""


def main() -> int:
    """Measure everything; never fails for a slow figure."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--full", action="store_true", help="at 1,000,000 requests")
    parser.add_argument("--rows", type=int, help="all at another number of requests")
    only = (*FIRST, "filings", "simulation", "pages")
    parser.add_argument("--only", choices=only)
    args = parser.parse_args()
    board, began = Board(), time.perf_counter()
    board.note(machine())
    print(HEADER)
    for name, measure in FIRST.items():
        if args.only in (None, name):
            with _timed(board, name):
                measure(board)
    if args.only in ("fan-out", "approvals", "postings", "statements", "offline", "verifying"):
        return 0
    rows = _rows(board, args.rows or (FULL_ROWS if args.full else ROWS))
    whole = bool(args.full or args.rows)
    if args.only in (None, "filings"):
        with _timed(board, "filings"):
            drafts = tuple(simulation.DRAFTS) if whole else ("rule",)
            filings.run(board, rows, drafts=drafts, paged=not args.full)
    if args.only == "pages" or (args.full and args.only is None):
        with _timed(board, "pages"):
            pages.alone(board, rows)
    if args.only == "simulation" or (args.only is None and not whole):
        with _timed(board, "simulation on SQLite"):
            simulation.on_sqlite(board, rows if args.only else min(rows, LESSER))
    if args.only in (None, "simulation"):
        with _timed(board, "simulation on PostgreSQL"):
            simulation.on_postgresql(board, rows if whole or args.only else min(rows, LESSER))
    board.note(f"measured in {time.perf_counter() - began:,.0f} s")
    if args.only is None:
        board.keep()
    return 0


@contextmanager
def _timed(board: Board, part: str) -> Iterator[None]:
    """Say how long a part took, whatever it measured: all are to end in five minutes."""
    began = time.perf_counter()
    yield
    board.note(f"{part}: {time.perf_counter() - began:,.0f} s")


def _rows(board: Board, wanted: int) -> int:
    """As many as the disk holds, said so where that is fewer."""
    free = shutil.disk_usage(tempfile.gettempdir()).free
    fits = free // 2 // BYTES_PER_REQUEST
    if fits < wanted:
        board.note(f"the disk has room for {fits:,} requests, not {wanted:,}: measured at {fits:,}")
    return min(wanted, fits)


if __name__ == "__main__":
    sys.exit(main())
