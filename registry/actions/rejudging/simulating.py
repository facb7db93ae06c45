"""试算 a pack or the next text of a list asked about every case on record; nothing kept but the run.

Each case is judged by the rules in force and by the draft, as if filed on the day the draft would
take effect. What changed is listed in a file beside the documents; the run tells the sums.
"""

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from shutil import copyfileobj
from typing import IO

from registry.actions.office import Office
from registry.actions.places import above
from registry.actions.rejudging.beside import Other, beside
from registry.actions.rejudging.county_walk import HEADER, Order, walked
from registry.domain.edition import ListEdition
from registry.domain.pack import PublishedPack
from registry.domain.records import Wire, civil
from registry.policies.simulation import Change, Summary, joined
from registry.store.scan import Range, count, ranges, steady

APART = 65_536
"""Cases from which on a second process pays for its start."""
Progress = Callable[[int, int], None]
"""Told (cases judged, cases in all)."""


class Simulated(Wire, frozen=True, kw_only=True):
    """试算结果."""

    summary: Summary
    rows_sha256: str | None = None


Draft = PublishedPack | ListEdition
"""What is simulated: a pack, or the next text of a list."""


def order_of(office: Office, draft: Draft, county: str | None = None) -> Order:
    """What a draft would govern: its own county, or every county below its jurisdiction."""
    on = max(draft.effective_from, civil(office.clock()))
    below = governed(office, draft.county)
    return Order(
        counties=[c for c in below if county in (None, c)], on=on,
        draft=draft if isinstance(draft, PublishedPack) else None,
        matters=draft.text() if isinstance(draft, ListEdition) else None,
    )  # fmt: skip


def governed(office: Office, jurisdiction: str) -> list[str]:
    """A jurisdiction itself, and every county below it."""
    return [c for c in office.store.reader.partitions() if jurisdiction in above(c)]


def simulate(office: Office, order: Order, say: Progress = lambda done, total: None) -> Simulated:
    """Judge every case under both rules; memory does not grow with their number."""
    with steady(office.store.reader) as connection:
        sizes = {c: count(connection, c) for c in order.counties}
    run = _Run(office, order, partial(_told, say, sum(sizes.values())))
    with _rows(office) as (page, stream):
        for county in (c for c in order.counties if sizes[c]):
            run.county(county, sizes[county], stream)
        stream.flush()
        changed = any(set(p.cases) - {Change.SAME.value} for p in run.parts)
        kept = office.store.files.adopt(page) if changed else None
    return Simulated(summary=joined(run.parts or [Summary(on=order.on)]), rows_sha256=kept)


def _told(say: Progress, total: int, done: int) -> None:
    say(done, total)


class _Run:
    """一次试算: counties one after another, a large one by two processes at once."""

    def __init__(self, office: Office, order: Order, say: Callable[[int], None]) -> None:
        self._office, self._order, self._say = office, order, say
        self._done = 0
        self.parts: list[Summary] = []

    def county(self, county: str, size: int, stream: IO[str]) -> None:
        """One county: alone, or the second half of its cases beside."""
        if size < APART:
            self._mine((county, Range(), stream), None)
            return
        with steady(self._office.store.reader) as connection:
            first, second = ranges(connection, county, 2)
        with beside(self._office, self._order, county, second) as other:
            self._mine((county, first, stream), other)
            while (more := other.wait()) is not None:
                self._tell(more)
            self.parts.append(other.summary())
            with other.page.open(encoding="utf-8", newline="") as page:
                copyfileobj(page, stream)

    def _mine(self, part: tuple[str, Range, IO[str]], other: Other | None) -> None:
        def say(judged: int) -> None:
            self._tell(judged + (other.progress() if other else 0))

        self.parts.append(walked(self._office, self._order, part, say))

    def _tell(self, more: int) -> None:
        self._done += more
        self._say(self._done)


@contextmanager
def _rows(office: Office) -> Iterator[tuple[Path, IO[str]]]:
    """A page of rows beside the documents, until it is adopted or dropped."""
    folder = office.store.files.folder
    folder.mkdir(parents=True, exist_ok=True)
    page = folder / f"{office.source.identifier('run', office.clock())}.part"
    try:
        with page.open("w", encoding="utf-8-sig", newline="") as stream:
            csv.writer(stream).writerow(HEADER)
            yield page, stream
    finally:
        page.unlink(missing_ok=True)
