"""装载 many requests in a county before anything is measured, each with all that hangs on it.

They go through the writer and the unit of work like any act, so every row is sealed and every entry
stands in the log (``registry audit verify`` walks them), but hundreds share one commit.
"""

import csv
import gc
import os
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from bench.forms import COUNTY
from bench.generator import STATES, id_of
from bench.making import batches, made
from registry.actions.importing import import_areas
from registry.actions.office import Office
from registry.actions.seeding import Seeder, seed_demo
from registry.clock import Source, wall_clock
from registry.store.bulk import enter_sealed, fold_after
from registry.store.migrate import migrate
from registry.store.store import Store

AHEAD = 2
"""Batches handed to the writer before the first is waited for: bounds memory."""
FOLD_AFTER, FOLD_ALWAYS = 20_000, 1_000
"""Pages of SQLite's write-ahead log before it is written back: while loading (some 80 MB), and
SQLite's own measure."""


@dataclass(frozen=True)
class Loaded:
    """装载结果: rows of every table, entries of the log among them, and the time each part took."""

    rows: int
    seconds: float
    prepared: float
    """Seconds in which titles were read and facts computed by the rulebook, before loading."""


def fill(office: Office, count: int, county: str = COUNTY) -> Loaded:
    """Bring ``count`` requests into a county."""
    began, rows, last = time.perf_counter(), 0, len(batches(count))
    submit = partial(office.store.writer.submit, county)
    with made(office, county, count) as sheaves, _uncollected():
        ready = time.perf_counter()
        waiting: list[Future[Any]] = [submit(partial(fold_after, pages=FOLD_AFTER))]
        for number, sheaf in enumerate(sheaves, 1):
            rows += sheaf.size
            if number == last:  # its commit writes back all that is left, in our time
                waiting.append(submit(partial(fold_after, pages=FOLD_ALWAYS)))
            waiting.append(submit(partial(enter_sealed, sheaf=sheaf)))
            if len(waiting) > AHEAD:
                waiting.pop(0).result()
        for future in waiting:
            future.result()
        return Loaded(rows, time.perf_counter() - ready, ready - began)


@contextmanager
def county_with(folder: Path, count: int) -> Iterator[tuple[Office, str, Loaded]]:
    """The demo county in a folder with so many requests: its office, until the block ends, where
    its database is, and what was loaded."""
    url = f"sqlite:///{folder / 'registry.db'}"
    migrate(url)
    store = Store(url, url, folder)
    try:
        office = Office(store, wall_clock, Source())
        seed_demo(office, passwords=False)
        yield office, url, fill(office, count)
    finally:
        store.close()


@contextmanager
def _uncollected() -> Iterator[None]:
    """What comes and goes here forms no circle: the collector would only walk over it."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def county_of(office: Office, county: str, chosen: int = 0) -> str:
    """Lay out a fictional county with as many streets and communities as a real one has; returns
    what it was modelled on."""
    streets, committees, villages, said = _size(chosen)
    sheet = ["community_code,community,street_code,street,community_type"]
    for number in range(committees + villages):
        street = number % streets + 1
        place = number // streets + 1
        village = number >= committees
        code = f"{county}{street:03d}{place + (200 if village else 0):03d}"
        name = f"演示{street}街{place}{'村村民' if village else '社区居民'}委员会"
        type_ = "agricultural" if village else "urban"
        sheet.append(f"{code},{name},{county}{street:03d},演示{street}街道,{type_}")
    data = "\n".join(sheet).encode("utf-8-sig")
    Seeder(office).act(
        county, "area.import", partial(import_areas, data=data, county_name="演示区")
    )
    return said


def _size(chosen: int) -> tuple[int, int, int, str]:
    """Streets, residents' and village committees of a county drawn from the real ones."""
    folder = os.environ.get("REGISTRY_TEST_DATA")
    if not folder:
        return 12, 60, 80, "no REGISTRY_TEST_DATA: a county of 140 communities is assumed"
    with (Path(folder) / "counties.csv").open(encoding="utf-8-sig") as page:
        rows = list(csv.DictReader(page))
    row = Random(chosen).choice(rows)
    streets = max(1, int(row["streets"]) + int(row["towns_and_townships"]))
    committees, villages = int(row["residents_committees"]), int(row["village_committees"])
    return streets, committees, villages, f"laid out like county {row['county_code']}"


def paths(count: int) -> Iterator[tuple[str, list[str]]]:
    """What is read back: name of the figure, and addresses spread over what was loaded."""
    requests, events = "/api/v1/requests", "/api/v1/events"
    spread = [count * n // 97 for n in range(97)]
    yield "request list, by state", [f"{requests}?state={s.value}&limit=50" for s in STATES]
    yield (
        "request list, deep page",
        [f"{requests}?limit=50&after={COUNTY}%7C{id_of(n)}" for n in spread],
    )
    yield (
        "street's request list",
        [f"{requests}?limit=50&after={COUNTY}%7C{id_of(n)}" for n in spread],
    )
    yield "one request", [f"{requests}/{id_of(n)}" for n in spread]
    yield "log page", [f"{events}?limit=100&after={COUNTY}%7C{n}" for n in spread]
    yield "log of one object", [f"{events}?limit=100&object_id={id_of(n)}" for n in spread]
