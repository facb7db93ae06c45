"""页面 what each page costs the server, and how much of it goes over the wire, with all that was
loaded behind it.

One reader at a time, as an official waits for one page; asked of a server process of its own, whose
processor time is what is held against the goal, so that a busy machine is not measured. That
process does nothing beside (``still``): the work of time is no part of a page. What a
browser keeps (style, script) is weighed apart, once. Figures of a whole county are counted when a
process is first asked for them and brought forward from then on (``store/kept``): the first answer
is told beside the others.
"""

import tempfile
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from subprocess import Popen
from typing import NamedTuple
from urllib.parse import quote

from bench.figures import Board, Figure
from bench.generator import id_of
from bench.multiplied import id_of as copied_id
from bench.multiplied import multiplied
from bench.programs import free_port, running, settings
from registry.actions.office import Office
from registry.actions.staff import seats
from registry.api.lists import RESOURCES
from registry.clock import Source, wall_clock
from registry.domain.people import Person
from registry.store.store import Store
from registry.web.house import address
from registry.web.visit import SESSION

TURNS, GOAL_MS, GOAL_KB = 2, 150.0, 100.0
KILO, MILLI, NANO = 1_000, 1_000.0, 1e9
READERS = ("county.office", "street.clerk", "dept.clerk", "community.head")
"""Who reads the county, a street's part, a department's, a community's."""
OF_LISTS = ("street.clerk", "community.head")
"""Who is asked of every list: of whom it costs most, by what they see (``docs/benchmarks.md``)."""
PAGES = (
    *((f"desk, {box}", who, f"/desk?box={box}")
      for box in ("todo", "done", "started", "copied") for who in ("street.clerk", "dept.clerk")),
    *((f"case {at}", "county.office", f"/case/{{{at}}}") for at in ("early", "middle", "late")),
    ("request", "county.office", "/records/requests/{middle}"),
    *(("requests, a word", who, "/records/requests?text=登记") for who in ("auditor", *READERS)),
    *(("requests, in review", who, "/records/requests?state=in_review") for who in READERS),
    ("log", "auditor", "/records/events"),
    ("form of a filing", "dept.clerk", "/do/request.draft"),
    ("community", "community.head", "/community/a-990102001001"),
    ("list to hang up", "community.head", "/community/a-990102001001/list"),
    ("batch", "street.head", "/desk/batch"),
    ("blank forms", "street.clerk", "/papers/blank"),
    ("paper", "county.office", "/papers/approval/{middle}"),
    ("load of the county", "county.office", "/county"),
    ("load of a street", "street.clerk", "/county"),
    ("admission", "county.office", "/county/flow"),
    ("report", "county.office", "/county/report"),
    *((f"money {at}", "finance.clerk", f"/money{at}")
      for at in ("", "/entries", "/arrears", "/arrears?open=true", "/statement",
                 "/statement?by=presence", "/bank")),
    ("one item's money", "finance.clerk", "/money/items/{middle}"),
    ("findings", "auditor", "/audit"),
    ("rule packs", "county.office", "/packs"),
    ("people", "sec.admin", "/admin/people"),
    ("turn of the year", "finance.head", "/admin/year"),
    ("turn of a year with books", "finance.head", "/admin/year?year=2026"),
    ("public list", "", "/public/990102"),
    ("public list of a community", "", "/public/990102001001"),
)  # fmt: skip
"""(what it is called, who asks, where)."""


class Cost(NamedTuple):
    """一页的代价: processor time of the first answer and the least after it, of the wall clock the
    least, and the octets of one answer."""

    first: float
    seconds: float
    waited: float
    octets: int


def every() -> Iterator[tuple[str, str, str]]:
    """All pages that are measured: those named, and each list for who sees a part of it."""
    yield from PAGES
    for name in RESOURCES:
        yield from ((f"list of {name}", who, f"/records/{name}") for who in OF_LISTS)


def alone(board: Board, rows: int) -> None:
    """The pages and nothing else, at ``rows`` requests: most of them copies (``multiplied``)."""
    with tempfile.TemporaryDirectory(prefix="registry-bench-") as name:
        folder = Path(name)
        url, made = multiplied(folder, rows)
        measured(board, folder, (url, made), copied_id)


def cookies(url: str, folder: Path) -> dict[str, str]:
    """Everybody of the pages signed in: what their browsers carry."""
    store = Store(url, url, folder)
    try:
        office, found = Office(store, wall_clock, Source()), {"": ""}
        for who in sorted({who for _, who, _ in every() if who}):
            person = store.reader.person_named(who)
            assert isinstance(person, Person)
            found[who] = f"{SESSION}={seats.seat(office, person, seats.From()).secret}"
    finally:
        store.close()
    return found


def measured(
    board: Board, folder: Path, made: tuple[str, int], named: Callable[[int], str] = id_of
) -> None:  # fmt: skip
    """Print the figures of what was loaded there: a line for each page, of its slowest reader, and
    the heaviest.

    Args:
        made: the address of the database, and how many requests it holds.
        named: the id of a request by its number.
    """
    (url, rows), port = made, free_port()
    seated = cookies(url, folder)
    ids = {n: named(at) for n, at in
           (("early", 0), ("middle", rows // 2), ("late", rows - 1))}  # fmt: skip
    with running(["-m", "bench.still"], port, settings(folder, port)) as process:
        _measure(board, (process, port), (seated, ids), rows)
        board.note(f"pages: {_used(process):,.0f} s of the server's processor time, its start too")


def _measure(
    board: Board, server: tuple["Popen[bytes]", int],
    asking: tuple[dict[str, str], dict[str, str]], rows: int,
) -> None:  # fmt: skip
    seated, ids = asking
    process, port = server
    told: dict[str, tuple[Cost, str]] = {}
    for name, who, path in every():
        cost = _asked(port, seated[who], path.format(**ids), lambda: _used(process))
        if cost is not None and (name not in told or cost.seconds > told[name][0].seconds):
            told[name] = (cost, who or "anybody")
    lists = [name for name in told if name.startswith("list of ")]
    slowest = max(lists, key=lambda name: told[name][0].seconds)
    for name, (cost, who) in told.items():
        if name not in lists or name == slowest:
            board.add(_figure(name, cost, f"{rows:,} requests, {who}"))
    _weight(board, {name: cost for name, (cost, _) in told.items()}, port, rows)


def _figure(name: str, cost: Cost, scale: str) -> Figure:
    return Figure(
        name=f"page: {name}", value=cost.seconds * MILLI, unit="ms", goal=GOAL_MS, wants="less",
        scale=f"{scale}; processor time, first {cost.first * MILLI:,.0f} ms; waited "
        f"{cost.waited * MILLI:,.0f} ms; {cost.octets / KILO:,.1f} kB",
    )  # fmt: skip


def _weight(board: Board, told: dict[str, Cost], port: int, rows: int) -> None:
    heaviest = max(told, key=lambda name: told[name].octets)
    files = [_asked(port, "", address(name), time.process_time) for name in ("app.css", "app.js")]
    kept = sum(cost.octets for cost in files if cost is not None)
    board.add(Figure(
        name="heaviest page, transferred", value=(told[heaviest].octets + kept) / KILO, unit="kB",
        goal=GOAL_KB, wants="less", scale=f"{rows:,} requests; {heaviest}, with "
        f"{kept / KILO:,.1f} kB of style and script that browsers keep",
    ))  # fmt: skip


def _used(process: "Popen[bytes]") -> float:
    """Processor seconds of another process by now (Linux)."""
    total = 0
    for thread in Path(f"/proc/{process.pid}/task").iterdir():
        try:
            total += int((thread / "schedstat").read_text("ascii").split()[0])
        except OSError:  # It ended meanwhile.
            continue
    return total / NANO


def _asked(
    port: int, cookie: str, path: str, used: Callable[[], float]
) -> Cost | None:  # fmt: skip
    """What one page costs; ``None`` where the person may not read it."""
    connection = HTTPConnection("127.0.0.1", port, timeout=120)
    asked = quote(path, safe="/?=&%:")
    spent, waited, octets = [], [], 0
    for _ in range(1 + TURNS):
        began, before = time.perf_counter(), used()
        connection.request("GET", asked, headers={
            "Cookie": cookie, "Accept": "text/html", "Accept-Encoding": "gzip",
        })  # fmt: skip
        answer = connection.getresponse()
        octets = len(answer.read())
        waited.append(time.perf_counter() - began)
        spent.append(used() - before)
        if answer.status in (403, 404):
            connection.close()
            return None
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status}")
    connection.close()
    return Cost(spent[0], min(spent[1:]), min(waited[1:]), octets)
