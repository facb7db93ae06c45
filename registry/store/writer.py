"""写入 one place that begins and commits. SQLite: one thread groups acts, each a savepoint with its
event, nothing acknowledged before the group's COMMIT. PostgreSQL: one transaction per act.
"""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from registry.domain.errors import Refusal, RefusalKind, declare
from registry.store.prepared import driven
from registry.store.shelf import Shelf
from registry.store.unit import STALE, Unit

T = TypeVar("T")
Job = Callable[[Unit], Any]

GROUP = 128
"""Most acts in one group commit; bounds how long the first of them waits."""
RETRIES = 4
"""How often PostgreSQL's serialisation conflicts are tried again before the caller hears."""

FULL = declare(
    "storage.unavailable", RefusalKind.UNAVAILABLE, "存储暂不可写，请稍后重试",
    "Storage cannot be written just now; try again later.",
)  # fmt: skip


class Writer(Protocol):
    """写入口."""

    def submit(self, county: str, job: Job) -> "Future[Any]":
        """Run ``job`` in a transaction of its own on ``county``; resolved after COMMIT."""

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
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    def submit(self, county: str, job: Job) -> "Future[Any]":
        future: Future[Any] = Future()
        self._jobs.put((county, job, future))
        return future

    def close(self) -> None:
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
                self._shelf.renew(connection)
                results = [self._saved(connection, county, job) for county, job, _ in batch]
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
        self, connection: Connection, county: str, job: Job
    ) -> tuple[Any, BaseException | None]:
        # The driver is told in so many words: SQLAlchemy's own savepoints cost more than the act.
        driven(connection, "SAVEPOINT act")
        try:
            result = job(Unit(connection, county, self._shelf))
        except Exception as error:
            self._shelf.clear()
            driven(connection, "ROLLBACK TO act")
            if isinstance(error, OperationalError):
                raise  # the disk, not the act: the whole group fails
            driven(connection, "RELEASE act")
            return None, error
        driven(connection, "RELEASE act")
        return result, None


class PoolWriter:
    """写线程池 for PostgreSQL: one transaction per act, conflicts tried again."""

    def __init__(self, engine: Engine, size: int = 8) -> None:
        self._engine = engine
        self._pool = ThreadPoolExecutor(size, thread_name_prefix="writer")

    def submit(self, county: str, job: Job) -> "Future[Any]":
        return self._pool.submit(self._run, county, job)

    def close(self) -> None:
        self._pool.shutdown(wait=True)

    def _run(self, county: str, job: Job) -> Any:
        for attempt in range(RETRIES + 1):
            try:
                with self._engine.begin() as connection:
                    return job(Unit(connection, county))
            except DBAPIError as error:
                if attempt == RETRIES or not _conflict(error):
                    raise _told(error) from error
            except Refusal as error:
                # Another act took the row between our read and our write: look again.
                if error.code != STALE or error.facts.get("current") != "?" or attempt == RETRIES:
                    raise
        raise AssertionError("unreachable")


def _conflict(error: DBAPIError) -> bool:
    state = getattr(error.orig, "sqlstate", None)
    return isinstance(error, IntegrityError) or state in ("40001", "40P01")


def _told(error: BaseException) -> BaseException:
    return Refusal(FULL) if isinstance(error, OperationalError) else error
