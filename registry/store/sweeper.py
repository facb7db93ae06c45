"""旁路核验 the other process of a verification: it sweeps the parts it is told, and says no more of
each than what was found just so. It reads only, and ends with who began it.

It is kept light, without SQLAlchemy, so that it is there at once: ``python -m`` and the number of
its end of the line.
"""

import gc
import signal
import sys
from functools import partial
from multiprocessing.connection import Connection as Line
from pathlib import Path
from typing import Any

import msgspec

from registry.domain.records import Wire
from registry.store.files import Files
from registry.store.sweep import PAGE, Plans, Sweep

READY, BEGUN = b"ready", b"begun"


class Order(Wire, frozen=True, kw_only=True):
    """任务: where the records are and how they are read."""

    dialect: str
    args: list[Any]
    kwargs: dict[str, Any]
    """What the driver connects with."""
    county: str
    folder: str
    """Where documents lie; empty = they are not looked at."""
    plans: Plans


class Moment(Wire, frozen=True, kw_only=True, tag="moment"):
    """时刻: begin to read, in the snapshot of that name or else now."""

    snapshot: str = ""


class Part(Wire, frozen=True, kw_only=True, tag="part"):
    """一段 of the log: numbers of its first and last entry."""

    first: int
    last: int


class Swept(Wire, frozen=True, kw_only=True):
    """一段的结果."""

    right: bool
    """All of it is just so, as far as it can be told without what comes before."""
    rows: int = 0
    documents: int = 0
    following: list[tuple[str, str, int, int, int]] = []
    """Of ``Sweep.following`` key and value."""
    earlier: list[tuple[str, str, int, int]] = []
    """Of ``Sweep.earlier`` key and value."""


def swept(sweep: Sweep, part: Part) -> Swept:
    """Sweep one part by itself."""
    sweep.rows = sweep.documents = 0
    sweep.following, sweep.earlier = {}, []
    for first in range(part.first, part.last + 1, PAGE):
        if not sweep.whole(first, min(first + PAGE - 1, part.last)):
            return Swept(right=False)
    return Swept(
        right=True, rows=sweep.rows, documents=sweep.documents,
        following=[(*key, *value) for key, value in sweep.following.items()],
        earlier=[(*key, began) for key, began in sweep.earlier],
    )  # fmt: skip


def main() -> int:
    """Do what is told on the line until it ends."""
    # Who began it is interrupted too, and ends it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()
    line = Line(int(sys.argv[1]))
    try:
        order = msgspec.msgpack.decode(line.recv_bytes(), type=Order)
        raw = _connected(order)
        files = Files(Path(order.folder)) if order.folder else None
        sweep = Sweep(partial(_executed, raw), order.plans, order.county, files)
        line.send_bytes(READY)
        while True:
            told = msgspec.msgpack.decode(line.recv_bytes(), type=Moment | Part)
            if isinstance(told, Part):
                line.send_bytes(msgspec.msgpack.encode(swept(sweep, told)))
            else:
                _begin(raw, order.dialect, told.snapshot)
                line.send_bytes(BEGUN)
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return 0


def _connected(order: Order) -> Any:
    if order.dialect == "sqlite":
        import pysqlite3.dbapi2 as sqlite

        raw = sqlite.connect(*order.args, **order.kwargs, timeout=30, isolation_level=None)
        raw.execute("PRAGMA cache_size=-65536")
        raw.execute("PRAGMA query_only=1")
        return raw
    import psycopg

    return psycopg.connect(*order.args, **order.kwargs, autocommit=True, prepare_threshold=2)


def _begin(raw: Any, dialect: str, snapshot: str) -> None:
    if dialect == "sqlite":
        if raw.in_transaction:
            raw.execute("ROLLBACK")
        raw.execute("BEGIN")
        raw.execute("SELECT 1 FROM log_head LIMIT 1").fetchall()
        return
    raw.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    raw.execute(f"SET TRANSACTION SNAPSHOT '{snapshot}'")


def _executed(raw: Any, sql: str, bound: Any) -> Any:
    cursor = raw.cursor()
    cursor.execute(sql, bound)
    return cursor


if __name__ == "__main__":
    sys.exit(main())
