"""旁路进程 a second process that judges half of a large county, on a connection of its own.

It is started afresh (never forked from a process with threads), reads only, and ends with the run.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection as Pipe
from pathlib import Path

import msgspec

from registry.actions.office import Office
from registry.actions.rejudging.county_walk import Order, walked
from registry.clock import Source, fixed_clock
from registry.domain.records import Wire
from registry.policies.simulation import Summary
from registry.store.scan import Range
from registry.store.store import Store

_ENDING = 10
"""Seconds a process that was told to end has for it."""


class Part(Wire, frozen=True, kw_only=True):
    """分工: all that the other process must know."""

    url: str
    read_url: str
    data_dir: str
    decider: str
    at: datetime
    order: Order
    county: str
    within: Range
    page: str


class Broken(RuntimeError):  # noqa: N818 - the run says so
    """旁路中断: the other process ended before its part was done."""


@contextmanager
def broken_off() -> Iterator[None]:
    """Say that the other process is gone, where its end of the pipe is."""
    try:
        yield
    except (EOFError, OSError) as error:
        raise Broken("the second process ended early") from error


class Other:
    """另一进程 as this one sees it: numbers of cases come, then the sums."""

    def __init__(self, pipe: Pipe, page: Path) -> None:
        self._pipe, self.page = pipe, page
        self._sums: bytes | None = None

    def progress(self) -> int:
        """Cases judged there since last asked, without waiting."""
        done = 0
        while self._sums is None and self._ready():
            done += self.wait() or 0
        return done

    def _ready(self) -> bool:
        with broken_off():
            return self._pipe.poll()

    def wait(self) -> int | None:
        """Cases judged there since, waited for; ``None`` when there are no more."""
        if self._sums is not None:
            return None
        with broken_off():
            told = self._pipe.recv_bytes()
        if told.startswith(b"{"):
            self._sums = told
            return None
        return int(told)

    def summary(self) -> Summary:
        """The sums of its part."""
        return msgspec.json.decode(self._sums or b"", type=Summary)


@contextmanager
def beside(office: Office, order: Order, county: str, within: Range) -> Iterator[Other]:
    """Let another process walk a range of a county's cases meanwhile."""
    store = office.store
    page = store.files.folder / f"{office.source.identifier('run', office.clock())}.half.part"
    part = Part(
        url=store.url, read_url=store.read_url, data_dir=str(store.data_dir),
        decider=office.rulebooks.decider, at=office.clock(), order=order, county=county,
        within=within, page=str(page),
    )  # fmt: skip
    context = get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=work, args=(there,), daemon=True)
    process.start()
    there.close()
    try:
        # Told when it listens: what stands in a process's arguments is written before anybody
        # may have died of it, and a pack is larger than a pipe holds.
        with broken_off():
            here.send_bytes(msgspec.json.encode(part))
        yield Other(here, page)
    finally:
        process.terminate()
        process.join(_ENDING)
        here.close()
        page.unlink(missing_ok=True)


def work(pipe: Pipe) -> None:
    """What the other process does."""
    part = msgspec.json.decode(pipe.recv_bytes(), type=Part)
    store = Store(part.url, part.read_url, Path(part.data_dir))
    try:
        office = Office(store, fixed_clock(part.at), Source(), decider=part.decider)
        with Path(part.page).open("w", encoding="utf-8", newline="") as stream:
            place = (part.county, part.within, stream)
            sums = walked(
                office, part.order, place, lambda judged: pipe.send_bytes(str(judged).encode())
            )
        pipe.send_bytes(msgspec.json.encode(sums))
    finally:
        store.close()
