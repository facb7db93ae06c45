"""离线核验 verify.py at 100,000 entries, beside reading them and building the same tree bare."""

import importlib.util
import sqlite3
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

from bench.figures import Board, Figure, median
from tests.packages import Log, package, to_folder

ENTRIES, TURNS = 100_000, 5
PROGRAM = Path(__file__).parents[1] / "verify.py"


def bare(path: Path) -> bytes:
    """The tree's root, by lines read and hashed one by one and nothing else."""
    peaks: list[tuple[int, bytes]] = []
    with path.open("rb") as stream:
        for line in stream:
            node, width = sha256(b"\0" + line[:-1]).digest(), 1
            while peaks and peaks[-1][0] == width:
                node, width = sha256(b"\1" + peaks.pop()[1] + node).digest(), width * 2
            peaks.append((width, node))
    root = peaks[-1][1]
    for _, left in peaks[-2::-1]:
        root = sha256(b"\1" + left + root).digest()
    return root


def program() -> Any:
    """verify.py as a module."""
    spec = importlib.util.spec_from_file_location("verify_offline", PROGRAM)
    if spec is None or spec.loader is None:
        raise RuntimeError("no verify.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(board: Board) -> None:
    """Print the figures of the offline verifier."""
    verify = program()
    with tempfile.TemporaryDirectory() as folder:
        made = Log(1, plain=True).grow(ENTRIES)
        to_folder(package(made, leaves=False), Path(folder))
        given = verify.Package(folder)
        signed = verify.Checkpoint(given.read("log/checkpoint"), [verify.vkey(_key(given))])
        path = Path(folder) / "log" / "entries.jsonl"
        if bare(path) != signed.root:
            raise AssertionError("the trees differ")
        turns = [(_time(lambda: bare(path)), _log(verify, given, signed)) for _ in range(TURNS)]
        swept = [_rows(verify, given) for _ in range(TURNS)]
        rows, took = swept[0][0], median([one for _, one in swept])
    ratios = tuple(plain / ours for plain, ours in turns)
    board.add(Figure(
        name="offline: entries", value=ENTRIES / median([ours for _, ours in turns]), unit="1/s",
        baseline=ENTRIES / median([plain for plain, _ in turns]), turns=ratios, goal=0.7,
        scale=f"{ENTRIES:,} entries of {path_size(path, made)} octets: the file's digest, "
        "the tree and its root; processor time; baseline: lines read, the same tree, bare hashlib",
    ))  # fmt: skip
    board.add(Figure(
        name="offline: rows", value=rows / took, unit="1/s", goal=100_000.0,
        scale=f"{rows:,} rows: form, number and time of the entries, what they name, "
        "each row hashed and laid beside it, versions and money checked; processor time",
    ))  # fmt: skip


def path_size(path: Path, made: Log) -> int:
    """Octets of an entry, on average; the files are gone by then."""
    return sum(map(len, made.entries)) // len(made.entries)


def _key(given: Any) -> str:
    return str(given.read("log/keys.txt").decode().strip())


def _time(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _log(verify: Any, given: Any, signed: Any) -> float:
    return _time(lambda: verify.walk(given, [signed], None))


def _rows(verify: Any, given: Any) -> tuple[int, float]:
    """How many rows, and the time for everything that is asked of them and of the entries' form."""
    with closing(sqlite3.connect("")) as db:
        db.executescript("PRAGMA cache_size = -65536; CREATE TABLE held (name, id, version, told)")
        took = _time(lambda: verify.lay_side_by_side(given, db))
        took += _time(lambda: verify.add_up(given, db))
    return sum(one.get("rows", 0) for n, one in given.files.items() if n[:5] == "rows/"), took
