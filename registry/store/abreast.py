"""并行核验 a long log swept by several processes, each on a connection of its own, all in the one
moment of the database.

They may only say that everything is just so. Whatever is not is left to the walk that goes alone
and names the first thing wrong, so that the name is the same however many looked.
"""

import os
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from multiprocessing import Pipe
from multiprocessing.connection import Connection as Line
from multiprocessing.connection import wait

import msgspec
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from registry.store import swift
from registry.store.faults import Found, Report
from registry.store.growing import Asked, Sealing, head_of
from registry.store.sweep import PAGE, Following
from registry.store.sweeper import BEGUN, READY, Moment, Order, Part, Swept, swept

FROM = 20_000
"""Entries from which on it pays to begin another process."""
AHEAD = 2
"""Parts given to a process at once, so that it need not wait for the next."""
_TRIES = 50
"""How often the processes begin to read, until nothing was written between the first and last."""
_ENDING, _WAITING = 10, 60
"""Seconds a process has to end when told, and to be there when begun."""
_PLAIN = (str, int, float)
"""What the driver connects with and can be told; the rest is about types that no row here has."""
Progress = Callable[[int, int], None]


class Broken(OSError):  # noqa: N818 - what a person is told
    """核验中断: a process ended before its part was done, so that nothing can be told."""


def cores() -> int:
    """How many processes this one may run at once."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def verified(
    connection: Connection, asked: Asked, processes: int | None, on_progress: Progress
) -> Report | None:
    """What a verification by several processes says; ``None`` = go alone: the log is too short,
    there is but one core, no other process is to be had, or something is not just so.

    Args:
        processes: this one among them; ``None`` = as many as there are cores, for a long log.

    Raises:
        Broken: a process ended early.
    """
    size = head_of(connection, asked.county) or 0
    many = processes or (cores() if size >= FROM else 1)
    if many == 1 or size <= PAGE:
        return None
    with ExitStack() as stack:
        try:
            others = [stack.enter_context(_begun(connection, asked)) for _ in range(many - 1)]
            moment = _one_moment(connection, others)
        except (OSError, EOFError, DBAPIError, ValueError):
            moment = False
        if not moment:
            connection.rollback()
            return None
        return _Abreast(connection, asked, others).run(on_progress)


@contextmanager
def _begun(connection: Connection, asked: Asked) -> Iterator[Line]:
    """Another process, as the line to it."""
    here, there = Pipe()
    words = [sys.executable, "-m", "registry.store.sweeper", str(there.fileno())]
    with there:
        process = subprocess.Popen(  # noqa: S603 - our own program, no shell
            words, pass_fds=[there.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            start_new_session=True,
        )  # fmt: skip
    try:
        args, kwargs = connection.dialect.create_connect_args(connection.engine.url)
        here.send_bytes(msgspec.msgpack.encode(Order(
            dialect=connection.dialect.name, args=list(args), county=asked.county,
            kwargs={name: value for name, value in kwargs.items() if isinstance(value, _PLAIN)},
            folder=asked.folder, plans=swift.plans(connection.dialect),
        )))  # fmt: skip
        yield here
    finally:
        here.close()
        process.terminate()
        try:
            process.wait(_ENDING)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _one_moment(connection: Connection, others: Sequence[Line]) -> bool:
    """Whether all read the database as it stood at one moment, this connection among them."""
    for one in others:
        _answered(one, READY)
    if connection.dialect.name == "postgresql":
        name = connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar()
        _begin(others, str(name))
        return True
    watch = connection.engine.raw_connection()
    try:
        for _ in range(_TRIES):
            before = _version(watch)
            connection.rollback()
            connection.exec_driver_sql("SELECT 1 FROM log_head LIMIT 1").fetchall()
            _begin(others, "")
            # It changes with whatever another connection writes.
            if _version(watch) == before:
                return True
    finally:
        watch.close()
    return False


def _version(watch: object) -> object:
    cursor = watch.cursor()  # type: ignore[attr-defined]
    found = cursor.execute("PRAGMA data_version").fetchone()
    cursor.close()
    return found


def _begin(others: Sequence[Line], snapshot: str) -> None:
    told = msgspec.msgpack.encode(Moment(snapshot=snapshot))
    for one in others:
        one.send_bytes(told)
    for one in others:
        _answered(one, BEGUN)


def _answered(one: Line, wanted: bytes) -> None:
    if not one.poll(_WAITING) or one.recv_bytes() != wanted:
        raise ValueError("no such answer")


class _Abreast:
    def __init__(self, connection: Connection, asked: Asked, others: Sequence[Line]) -> None:
        self._connection, self._county, self._others = connection, asked.county, others
        self._sealing = Sealing(connection, asked)
        self._sweep = swift.sweep(connection, asked.county, asked.files)
        self._size = head_of(connection, asked.county) or 0
        firsts = range(1, self._size + 1, PAGE)
        self._todo = deque(Part(first=n, last=min(n + PAGE - 1, self._size)) for n in firsts)
        self._given: dict[Line, deque[Part]] = {one: deque() for one in others}
        self._done: dict[int, Swept] = {}
        """First entry → what was swept from there on, until its turn comes."""
        self._joined = self._rows = self._documents = 0
        self._following = Following()

    def run(self, on_progress: Progress) -> Report | None:
        """The report; ``None`` = something is not just so.

        Raises:
            Broken: a process ended early.
        """
        told = 0
        while self._joined < self._size:
            try:
                right = self._hand_out() and self._look() and self._join()
            except (EOFError, ConnectionError, BrokenPipeError) as error:
                raise Broken("核验进程中断 a process of the verification ended early") from error
            if not right:
                return None
            if told != self._joined:
                told = self._joined
                on_progress(told, self._size)
        return self._ended()

    def _hand_out(self) -> bool:
        """Give the others their next parts; the log is walked as far as they are."""
        for one, given in self._given.items():
            while self._todo and len(given) < AHEAD:
                given.append(self._todo.popleft())
                one.send_bytes(msgspec.msgpack.encode(given[-1]))
        return True

    def _look(self) -> bool:
        """Sweep the next part and take what the others have done, or wait for them."""
        own = self._todo.popleft() if self._todo else None
        if own:
            self._done[own.first] = swept(self._sweep, own)
        waiting = [one for one, given in self._given.items() if given]
        for one in wait(waiting, 0 if own else None):
            told = msgspec.msgpack.decode(one.recv_bytes(), type=Swept)  # type: ignore[union-attr]
            self._done[self._given[one].popleft().first] = told  # type: ignore[index]
        return all(one.right for one in self._done.values()) and self._walk()

    def _walk(self) -> bool:
        """The trees over the log, as far as its parts are given out."""
        last = self._todo[0].first - 1 if self._todo else self._size
        try:
            while self._sealing.size < last:
                page = swift.page(self._connection, self._county, self._sealing.size)
                if page is None or not page.leaves:
                    return False
                self._sealing.add(page)
        except Exception:  # noqa: BLE001 - whatever it is, the walk that goes alone says where
            return False
        return True

    def _join(self) -> bool:
        """Whether what was swept follows from what comes before it, part by part."""
        while one := self._done.pop(self._joined + 1, None):
            for table, id, version, began in one.earlier:
                if self._following.pop((table, id, version), (0, 0))[0] != began:
                    return False
            for table, id, version, ended, began in one.following:
                self._following[table, id, version] = ended, began
            self._rows, self._documents = self._rows + one.rows, self._documents + one.documents
            self._joined = min(self._joined + PAGE, self._size)
        return True

    def _ended(self) -> Report | None:
        more = swift.page(self._connection, self._county, self._size)
        whole = more is not None and not more.leaves and self._sealing.size == self._size
        if not whole or self._following:
            return None
        if swift.strays(self._connection, self._county, self._size):
            return None
        try:
            self._sealing.end()
        except Found:
            return None
        return self._sealing.report(self._rows, self._documents)
