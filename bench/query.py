"""查询 lists, words, deep pages and sums at the scale loaded; over HTTP beside Datasette.

In process: what the auditor's list costs from the call to what is written out. Datasette is a
program of its own in ``.bench-venv`` (``make bench-peers``) on the same SQLite file; without it
those figures are left out.
"""

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from sqlalchemy import text

from bench.figures import Board, Figure, median
from bench.programs import ROOT, free_port, order
from registry.actions import reading
from registry.actions.office import Office
from registry.actions.querying import grouping
from registry.actions.reading import ListQuery
from registry.actions.seeding import person_actor
from registry.domain.funds import VoucherLine
from registry.domain.people import Actor
from registry.domain.request import Request
from registry.store import tables
from registry.store.engine import open_engine
from registry.store.filters import Condition
from registry.store.listing import seen, table_of
from registry.store.planned import Page
from registry.store.sums import counted, dimensions
from registry.store.visible import Scope

WHO, COUNTY = "auditor", "990102"
TURNS = 41
DEEP = 10_000
"""The page that is to cost no more than the first; the last there is, where there are fewer."""
MILLI = 1e3
PAGE = 100
SECONDS, READERS, READY, ROUNDS = 2.0, 2, 20_000, 3
PROGRAM = ROOT / ".bench-venv" / "bin" / "datasette"
WAYS = (
    ("Datasette as it comes", ""),
    ("Datasette, the page alone", "&_nocount=1&_nofacet=1&_nosuggest=1"),
)
"""As it comes it also counts all rows and suggests facets; told not to, it hands on a page as we
do: the harder of the two."""
_TRIES, _SLICE = 200, 0.1


def run(board: Board, office: Office, rows: int, folder: Path) -> None:
    """Print the figures in process."""
    actor = person_actor(office, WHO)
    state = [Condition(field="state", value="approved")]
    page = _timed(lambda: _page(office, actor, ListQuery(limit=PAGE, where=state)))
    said = f"{rows:,} requests, page of {PAGE}, in process"
    board.add(Figure(name="filtered page p50", value=page * MILLI, unit="ms", goal=5.0,
                     wants="less", scale=said))  # fmt: skip
    _deep(board, (office, actor), rows)
    word = _timed(lambda: _page(office, actor, ListQuery(limit=PAGE, text="登记")))
    board.add(Figure(name="word of two characters p50", value=word * MILLI, unit="ms", goal=50.0,
                     wants="less", scale=said))  # fmt: skip
    counts = ListQuery()
    look = reading.looked(office, actor, Request, counts)
    cost = _timed(lambda: grouping.counts(look, "requests", counts, (["state", "kind"], None)))
    board.add(Figure(name="requests by state and kind", value=cost * MILLI, unit="ms", goal=300.0,
                     wants="less", scale=f"{rows:,} requests"))  # fmt: skip
    _transfers(board, rows, folder)


def _page(office: Office, actor: Actor, query: ListQuery) -> reading.PageOf:
    return reading.page(office, actor, Request, query, told=True)


def _timed(work: Callable[[], Any]) -> float:
    seconds = []
    for _ in range(TURNS):
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    return median(seconds)


def _deep(board: Board, reader: tuple[Office, Actor], rows: int) -> None:
    """A page far into the order, against the first, in turns."""
    office, actor = reader
    at = min(DEEP, rows // PAGE - 1)
    table = tables.BY_RECORD[Request]
    with office.store.reader.connect() as connection:
        found = connection.execute(
            text(f"SELECT id FROM {table.name} WHERE county = :county AND event_to IS NULL"
                 " ORDER BY id LIMIT 1 OFFSET :rows"), {"county": COUNTY, "rows": (at - 1) * PAGE}
        ).scalar_one()  # fmt: skip
    deep = ListQuery(limit=PAGE, after=f"{COUNTY}|{found}")
    first = _timed(lambda: _page(office, actor, ListQuery(limit=PAGE)))
    last = _timed(lambda: _page(office, actor, deep))
    board.add(Figure(name=f"page {at:,} over page 1", value=last / first, unit="times", goal=1.3,
                     wants="less", scale=f"{rows:,} requests, {first * MILLI:.2f} and "
                     f"{last * MILLI:.2f} ms"))  # fmt: skip


def _transfers(board: Board, rows: int, folder: Path) -> None:
    """Money by department and month, from the index alone, over as many lines of vouchers."""
    engine, table = open_engine(f"sqlite:///{folder / 'lines.db'}"), table_of(VoucherLine)
    with engine.connect() as connection:
        raw: Any = connection.connection.dbapi_connection
        raw.execute("PRAGMA foreign_keys=0")  # before a transaction begins
        table.create(connection)
        connection.execute(text(_LINES), {"rows": rows})
        connection.commit()
        known = dimensions(table)
        asked = ([known["payer_id"], known["dated_on.month"]], "amount_fen")
        sight = seen(table, [Scope(county=COUNTY, whole=True)])
        where = [Condition(field="counted", value=True), Condition(field="stage", value="dispatch")]
        page = Page(where=where)
        cost = _timed(lambda: counted(connection, (table, sight), page, asked))
    engine.dispose()
    board.add(Figure(name="transfers, department x month", value=cost * MILLI, unit="ms",
                     goal=300.0, wants="less", scale=f"{rows:,} lines, 40 payers"))  # fmt: skip


_LINES = """
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :rows)
INSERT INTO voucher_line (county, id, version, event_from, digest, body, voucher_id, presence_id,
 funding_key, stage, amount_fen, sign, counted, year, payer_id, dated_on, area_path)
SELECT '990102', printf('vl-%08d', i), 1, i, '', '{}', printf('v-%08d', i),
 printf('p-%06d', i % 9000), 'f1', 'dispatch', 100 + i % 900000, 1, 1, 2024 + i % 3,
 printf('o-990102-d%02d', i % 40), date('2024-01-01', printf('+%d days', i % 1095)), '/' FROM n
"""


def over_http(board: Board, file: Path, mine: tuple[int, list[str]], rows: int) -> None:
    """The same page of the same file, asked of us and of Datasette.

    Args:
        mine: our port, and tokens of the auditor.
    """
    if not PROGRAM.exists():
        board.note("no Datasette (make bench-peers): not measured beside it")
        return
    ours = (mine[0], f"/api/v1/requests?state=approved&limit={PAGE}")
    with _datasette(file) as port:
        for name, besides in WAYS:
            asked = f"/{file.stem}/request.json?state=approved&_size={PAGE}{besides}"
            turns = [[_rate(*one, mine[1]) for one in (ours, (port, asked))] for _ in range(ROUNDS)]
            board.add(Figure(
                name=f"page to {name}", value=median([one for one, _ in turns]), unit="pages/s",
                baseline=median([other for _, other in turns]), goal=5.0,
                turns=tuple(one / other for one, other in turns),
                scale=f"{rows:,} requests, filtered page of {PAGE} over HTTP, {READERS} readers, "
                f"the same SQLite file, median of {ROUNDS} rounds in turns",
            ))  # fmt: skip


def _rate(port: int, path: str, tokens: list[str]) -> float:
    told = order(port, [path], tokens, method="GET", count=READY, connections=READERS,
                 seconds=SECONDS)  # fmt: skip
    if set(told["statuses"]) != {"200"}:
        raise RuntimeError(f"{path}: answers {told['statuses']}")
    rate: float = told["answers"] / told["elapsed"]
    return rate


@contextmanager
def _datasette(file: Path) -> Iterator[int]:
    port = free_port()
    program = subprocess.Popen(
        [str(PROGRAM), "serve", str(file), "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _ in range(_TRIES):
            try:
                urlopen(f"http://127.0.0.1:{port}/-/versions.json", timeout=1).read()
                break
            except (URLError, OSError):
                time.sleep(_SLICE)
        yield port
    finally:
        program.terminate()
        program.wait(timeout=20)
