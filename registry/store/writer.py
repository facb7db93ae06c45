"""写入 one place that begins and commits. Acts of a county are written one after another, in groups:
nothing is acknowledged before the group's COMMIT. SQLite: one thread for the file. PostgreSQL: one
county, one turn at a time, held by the head of its log against every other process.
"""

import queue
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Protocol

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from registry.domain.errors import Refusal, RefusalKind, declare
from registry.store.grams import Text, write
from registry.store.guard import Guard
from registry.store.heads import drop_unused, heads_of, hold_head
from registry.store.shelf import Shelf
from registry.store.statement import driven
from registry.store.unit import STALE, Unit

Job = Callable[[Unit], Any]

GROUP = 128
"""Most acts in one group commit; bounds how long the first of them waits."""
ABREAST = 48
"""The same on PostgreSQL, which keeps the numbers of 64 savepoints of a transaction at hand."""
RETRIES = 4
"""How often PostgreSQL's serialisation conflicts are tried again before the caller hears."""

FULL = declare(
    "storage.unavailable", RefusalKind.UNAVAILABLE, "存储暂不可写，请稍后重试",
    "Storage cannot be written just now; try again later.",
)  # fmt: skip


_Asked = tuple[Job, "Future[Any]"]
_Outcome = tuple[Any, BaseException | None]
"""What an act answers, or what it failed on."""


def _turned_away(future: "Future[Any]") -> "Future[Any]":
    """Nobody serves any more: told at once, for a thread that waited would never end."""
    future.set_exception(Refusal(FULL))
    return future


class Writer(Protocol):
    """写入口."""

    def submit(self, county: str, job: Job) -> "Future[Any]":
        """Run ``job`` in a transaction of its own on ``county``; resolved after COMMIT. Nothing is
        accepted once the writer was closed: whoever comes then is told ``storage.unavailable``."""

    def close(self) -> None:
        """Finish what was accepted, then stop."""


def open_writer(engine: Engine) -> Writer:
    """The writer that suits the engine."""
    return GroupWriter(engine) if engine.dialect.name == "sqlite" else PoolWriter(engine)


class GroupWriter:
    """单写线程 for SQLite: the only thread that writes the file."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._shelf = Shelf()
        self._jobs: queue.SimpleQueue[tuple[str, Job, Future[Any]] | None] = queue.SimpleQueue()
        self._door, self._closed = threading.Lock(), False
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    def submit(self, county: str, job: Job) -> "Future[Any]":
        future: Future[Any] = Future()
        with self._door:
            if self._closed:
                return _turned_away(future)
            self._jobs.put((county, job, future))
        return future

    def close(self) -> None:
        with self._door:
            self._closed = True
            self._jobs.put(None)
        self._thread.join()

    def _run(self) -> None:
        with self._engine.connect() as connection:
            while (first := self._jobs.get()) is not None:
                stop = self._group(connection, first)
                if stop:
                    return

    def _group(self, connection: Connection, first: tuple[str, Job, "Future[Any]"]) -> bool:
        batch, stop = [first], False
        while len(batch) < GROUP and not self._jobs.empty():
            item = self._jobs.get()
            if item is None:
                stop = True
                break
            batch.append(item)
        # Whoever has gone away meanwhile wants no act; from here on nobody can go.
        batch = [item for item in batch if item[2].set_running_or_notify_cancel()]
        try:
            with connection.begin() as transaction:
                self._shelf.renew(connection.exec_driver_sql("PRAGMA data_version").scalar())
                texts: list[Text] = []
                results = [self._saved(connection, texts, asked) for asked in batch]
                # Beneath a savepoint SQLite would write its index of words out for every act.
                write(connection, texts)
                transaction.commit()
        except BaseException as error:  # noqa: BLE001 - every waiting caller must hear of it
            self._shelf.clear()
            for _, _, future in batch:
                future.set_exception(_told(error))
            return stop
        for (_, _, future), (result, failure) in zip(batch, results, strict=True):
            future.set_result(result) if failure is None else future.set_exception(failure)
        return stop

    def _saved(
        self, connection: Connection, texts: list[Text], asked: tuple[str, Job, "Future[Any]"]
    ) -> _Outcome:
        county, job, _ = asked
        # The driver is told in so many words: SQLAlchemy's own savepoints cost more than the act.
        driven(connection, "SAVEPOINT act")
        unit = Unit(connection, county, self._shelf)
        try:
            result = job(unit)
        except Exception as error:
            if unit.wrote or not isinstance(error, Refusal):
                self._shelf.clear()
            driven(connection, "ROLLBACK TO act")
            if isinstance(error, OperationalError):
                raise  # the disk, not the act: the whole group fails
            driven(connection, "RELEASE act")
            return None, error
        driven(connection, "RELEASE act")
        texts += unit.texts
        return result, None


class _Lane:
    """一县的队列: what waits to be written there, and what its writer remembers."""

    def __init__(self, county: str) -> None:
        self.county = county
        self.waiting: deque[_Asked] = deque()
        self.busy = False
        self.shelf = Shelf(by_heads=True)


class PoolWriter:
    """写线程池 for PostgreSQL: counties beside one another, the acts of each in turn."""

    def __init__(self, engine: Engine, size: int = 8) -> None:
        self._engine = engine
        self._pool = ThreadPoolExecutor(size, thread_name_prefix="writer")
        self._lanes: dict[str, _Lane] = {}
        self._changed, self._closed = threading.Condition(), False

    def submit(self, county: str, job: Job) -> "Future[Any]":
        future: Future[Any] = Future()
        with self._changed:
            if self._closed:
                return _turned_away(future)
            lane = self._lanes.setdefault(county, _Lane(county))
            lane.waiting.append((job, future))
            if not lane.busy:
                self._pool.submit(self._turn, lane)
                lane.busy = True
        return future

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.wait_for(lambda: not any(lane.busy for lane in self._lanes.values()))
        self._pool.shutdown(wait=True)

    def _turn(self, lane: _Lane) -> None:
        """One group of a county; what waits behind it gets another turn after other counties."""
        with self._changed:
            many = min(len(lane.waiting), ABREAST)
            taken = [lane.waiting.popleft() for _ in range(many)]
        # Whoever has gone away meanwhile wants no act; from here on nobody can go.
        batch = [one for one in taken if one[1].set_running_or_notify_cancel()]
        if len(batch) == 1 or not self._together(lane, batch):
            for job, future in batch:
                self._alone(lane, job, future)
        with self._changed:
            lane.busy = bool(lane.waiting)
            if lane.busy:
                self._pool.submit(self._turn, lane)
            self._changed.notify_all()

    def _together(self, lane: _Lane, batch: list[_Asked]) -> bool:
        """Write acts in one transaction. Where one of them fails nothing is written and nobody
        told: what it met may be no matter of the others. Where COMMIT fails nobody can tell
        whether they were written, so all hear of it and none is tried again."""
        try:
            with self._engine.connect() as connection, connection.begin() as transaction:
                told = self._told_by(connection, lane, batch)
                if told is None:
                    transaction.rollback()
                    return False
                transaction.commit()
        except Exception as error:  # noqa: BLE001 - whoever waits must hear of it
            lane.shelf.clear()
            told = [(None, _told(error))] * len(batch)
        for (_, future), (result, failure) in zip(batch, told, strict=True):
            future.set_result(result) if failure is None else future.set_exception(failure)
        return True

    def _told_by(
        self, connection: Connection, lane: _Lane, batch: list[_Asked]
    ) -> list[_Outcome] | None:
        """What each act of a group answers; ``None`` where one has spoilt the transaction."""
        try:
            with self._turn_of(connection, lane):
                texts: list[Text] = []
                told = [self._saved(connection, texts, (lane, job)) for job, _ in batch]
                write(connection, texts)
                return told
        except Exception:  # noqa: BLE001 - each is told when it has been tried by itself
            lane.shelf.clear()
            return None

    def _alone(self, lane: _Lane, job: Job, future: "Future[Any]") -> None:
        """Write one act, again where it met another."""
        for attempt in range(RETRIES + 1):
            try:
                with self._engine.begin() as connection, self._turn_of(connection, lane):
                    unit = Unit(connection, lane.county, lane.shelf, alone=True)
                    result = job(unit)
                    write(connection, unit.texts)
            except BaseException as error:  # noqa: BLE001 - whoever waits must hear of it
                lane.shelf.clear()
                if attempt < RETRIES and _conflict(error):
                    continue
                future.set_exception(_told(error))
            else:
                future.set_result(result)
            return

    @contextmanager
    def _turn_of(self, connection: Connection, lane: _Lane) -> Iterator[None]:
        """Take the county's turn, from whatever process writes it now; see what was written there
        and in the counties that were read."""
        own = hold_head(connection, lane.county)
        others = [county for county in lane.shelf.heads if county != lane.county]
        known = heads_of(connection, others) if others else {}
        lane.shelf.renew_by({**known, lane.county: own})
        yield
        if not own:
            drop_unused(connection, lane.county)

    def _saved(
        self, connection: Connection, texts: list[Text], asked: tuple[_Lane, Job]
    ) -> _Outcome:
        """One act of several. It writes at its very end, so there is nothing to take back where it
        was refused before, unless it was given the connection for something else.

        Raises:
            Exception: what cannot be taken back by itself.
        """
        (lane, job), guard = asked, Guard(connection)
        unit = Unit(connection, lane.county, lane.shelf, alone=True, guard=guard)
        try:
            result = job(unit)
        except Exception as error:
            if unit.wrote or isinstance(error, DBAPIError) or _conflict(error):
                raise
            guard.take_back()
            return None, error
        guard.release()
        texts += unit.texts
        return result, None


def _conflict(error: BaseException) -> bool:
    """Whether what another writer did was met: it may go well when tried again."""
    if isinstance(error, Refusal):
        return error.code == STALE and error.facts.get("current") == "?"
    state = getattr(getattr(error, "orig", None), "sqlstate", None)
    return isinstance(error, IntegrityError) or state in ("40001", "40P01")


def _told(error: BaseException) -> BaseException:
    return Refusal(FULL) if isinstance(error, OperationalError) else error
