"""页面 what each main page costs the server, and how much of it goes over the wire, with all that
was loaded behind it.

One reader at a time, as an official waits for one page; asked of a server process of its own. What
a browser keeps (style, script) is weighed apart, once.
"""

import tempfile
import time
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote

from bench.figures import Board, Figure, at_share, median
from bench.load import fill
from bench.programs import free_port, running, settings
from registry.actions.office import Office
from registry.actions.seeding import seed_demo
from registry.actions.staff import seats
from registry.clock import Source, wall_clock
from registry.domain.people import Person
from registry.store.migrate import migrate
from registry.store.store import Store
from registry.web.house import address
from registry.web.visit import SESSION

TURNS, GOAL_MS, GOAL_KB = 15, 150.0, 100.0
KILO, MILLI = 1_000, 1_000.0
PAGES = (
    ("desk, to do", "street.clerk", "/desk"),
    ("desk, started", "dept.clerk", "/desk?box=started"),
    ("case", "county.office", "/case/{id}"),
    ("request", "county.office", "/records/requests/{id}"),
    ("requests", "county.office", "/records/requests"),
    ("requests, of a street", "street.clerk", "/records/requests"),
    ("requests, a word", "auditor", "/records/requests?text=登记"),
    ("what lives where", "county.office", "/records/presences"),
    ("log", "auditor", "/records/events"),
    ("form of a filing", "dept.clerk", "/do/request.draft"),
    ("community", "community.head", "/community/990102001001"),
    ("batch", "street.head", "/desk/batch"),
    ("public list", "", "/public/990102"),
)
"""(what it is called, who asks, where)."""


def alone(board: Board, rows: int) -> None:
    """The pages and nothing else, at ``rows`` requests."""
    with tempfile.TemporaryDirectory(prefix="registry-bench-") as name:
        folder, port = Path(name), free_port()
        url = f"sqlite:///{folder / 'registry.db'}"
        migrate(url)
        store = Store(url, url, folder)
        try:
            office = Office(store, wall_clock, Source())
            seed_demo(office, passwords=False)
            fill(office, rows)
        finally:
            store.close()
        seated = cookies(url, folder)
        with running(["-m", "registry", "serve"], port, settings(folder, port)):
            measure(board, port, seated, rows)


def cookies(url: str, folder: Path) -> dict[str, str]:
    """Everybody of ``PAGES`` signed in: what their browsers carry."""
    store = Store(url, url, folder)
    try:
        office, found = Office(store, wall_clock, Source()), {"": ""}
        for who in sorted({who for _, who, _ in PAGES if who}):
            person = store.reader.person_named(who)
            assert isinstance(person, Person)
            found[who] = f"{SESSION}={seats.seat(office, person, seats.From()).secret}"
    finally:
        store.close()
    return found


def measure(board: Board, port: int, seated: dict[str, str], rows: int) -> None:
    """Print the figures: for each page, and the heaviest of them all."""
    told: dict[str, tuple[float, float]] = {}
    for name, who, path in PAGES:
        at = path.format(id=f"req-0{rows // 2:010x}")
        seconds, octets = _asked(port, seated[who], at)
        told[name] = (median(seconds), octets / KILO)
        board.add(Figure(
            name=f"page: {name}", value=told[name][0] * MILLI, unit="ms", goal=GOAL_MS,
            wants="less", scale=f"{rows:,} requests, {who or 'anybody'}; at most "
            f"{at_share(seconds, 1.0) * MILLI:,.0f} ms of {TURNS}; {told[name][1]:,.1f} kB",
        ))  # fmt: skip
    heaviest = max(told, key=lambda name: told[name][1])
    kept = sum(_asked(port, "", address(name))[1] for name in ("app.css", "app.js")) / KILO
    board.add(Figure(
        name="heaviest page, transferred", value=told[heaviest][1] + kept, unit="kB",
        goal=GOAL_KB, wants="less", scale=f"{rows:,} requests; {heaviest}, with {kept:,.1f} kB of "
        "style and script that browsers keep",
    ))  # fmt: skip


def _asked(port: int, cookie: str, path: str) -> tuple[list[float], int]:
    """Seconds of each turn, and the octets of one answer, its head not counted."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    asked = quote(path, safe="/?=&%:")
    seconds, octets = [], 0
    for _ in range(TURNS):
        began = time.perf_counter()
        connection.request("GET", asked, headers={
            "Cookie": cookie, "Accept": "text/html", "Accept-Encoding": "gzip",
        })  # fmt: skip
        answer = connection.getresponse()
        octets = len(answer.read())
        seconds.append(time.perf_counter() - began)
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status}")
    connection.close()
    return seconds, octets
