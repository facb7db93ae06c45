"""造卷 acts made and sealed ahead of the writer: batch after batch, in processes of their own
where there are many.

Each process has the whole batches of its turn, and so its own part of the titles; it reads them
against the lists before it says that it is ready. It reads the database and never writes it.
"""

import gc
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from bench.forms import COUNTY
from bench.generator import Generator
from bench.matters import Matters
from bench.programs import ROOT
from registry.actions.office import Office
from registry.clock import Source, fixed_clock
from registry.domain.areas import Area
from registry.domain.people import Organisation
from registry.store.bulk import Sheaf, sealed
from registry.store.store import Store

TOGETHER = 1_000
"""Requests in one act of the writer; a whole number of times in ``TITLES``."""
ALONE = 5_000
"""Up to so many requests are made in this process: another would not have started by then."""


@dataclass(frozen=True)
class Part:
    """分工: all that another process must know."""

    url: str
    read_url: str
    data_dir: Path
    decider: str
    at: datetime
    county: str
    count: int
    turn: int
    turns: int


class Maker:
    """造卷人 of one process: its batches, in order."""

    def __init__(self, office: Office, county: str, firsts: list[tuple[int, int]]) -> None:
        find = office.store.reader.find
        book = office.rulebooks.of(county, office.clock().date())
        places = find(Area, county, level="community")
        self._matters = Matters(book, places, find(Organisation, COUNTY))
        self._county, self._ranges = county, [range(*ends) for ends in firsts]
        self._dialect = office.store.engine.dialect

    def prepare(self) -> None:
        """Read every title against the lists, and let the rulebook judge each matter."""
        for numbers in self._ranges:
            for number in numbers:
                self._matters.at(number)

    def sheaves(self) -> Iterator[Sheaf]:
        """The batches."""
        generator = Generator(self._county, self._matters)
        for numbers in self._ranges:
            yield sealed(self._dialect, self._county, list(generator.acts(numbers)))


@contextmanager
def made(office: Office, county: str, count: int) -> Iterator[Iterator[Sheaf]]:
    """The batches of so many requests in order, their titles read and judged beforehand."""
    turns = os.cpu_count() or 1
    if count <= ALONE:
        maker = Maker(office, county, batches(count))
        maker.prepare()
        yield maker.sheaves()
        return
    store = office.store
    with ExitStack() as ends:
        others = []
        for turn in range(turns):
            part = Part(
                store.url, store.read_url, store.data_dir, office.rulebooks.decider,
                office.clock(), county, count, turn, turns,
            )  # fmt: skip
            others.append(ends.enter_context(_other(part)))
        for other in others:
            other.ready()
        yield _in_turns(others, len(batches(count)))


def batches(count: int, turn: int = 0, turns: int = 1) -> list[tuple[int, int]]:
    """First number and the one after the last of each batch that has this turn."""
    firsts = range(0, count, TOGETHER)
    return [(first, min(first + TOGETHER, count)) for first in firsts[turn::turns]]


class _Other:
    """Another process, as this one sees it."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process

    def tell(self, told: Any) -> None:
        assert self._process.stdin is not None
        pickle.dump(told, self._process.stdin)
        self._process.stdin.flush()

    def ready(self) -> None:
        """Wait until its titles are read."""
        self.next()

    def next(self) -> Any:
        """What it says next."""
        assert self._process.stdout is not None
        return pickle.load(self._process.stdout)  # noqa: S301 - our own process


def _in_turns(others: list[_Other], count: int) -> Iterator[Sheaf]:
    for other in others:
        other.tell("go")
    for number in range(count):
        yield others[number % len(others)].next()


@contextmanager
def _other(part: Part) -> Iterator[_Other]:
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.making"],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    try:
        other = _Other(process)
        other.tell(part)
        yield other
    finally:
        process.terminate()
        process.communicate()


def main() -> int:
    """What another process does: prepare, say so, and send each batch as it is asked for."""
    from_, to = sys.stdin.buffer, sys.stdout.buffer
    part: Part = pickle.load(from_)  # noqa: S301 - our own process
    store = Store(part.url, part.read_url, part.data_dir)
    try:
        office = Office(store, fixed_clock(part.at), Source(), decider=part.decider)
        maker = Maker(office, part.county, batches(part.count, part.turn, part.turns))
        # Nothing here forms a circle, and what is prepared stays: the collector would only walk.
        gc.disable()
        maker.prepare()
        _send(to, "ready")
        pickle.load(from_)  # noqa: S301
        for sheaf in maker.sheaves():
            _send(to, sheaf)
    finally:
        store.close()
    return 0


def _send(to: IO[bytes], told: Any) -> None:
    pickle.dump(told, to, pickle.HIGHEST_PROTOCOL)
    to.flush()


if __name__ == "__main__":
    sys.exit(main())
