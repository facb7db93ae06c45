"""导出任务 exports that take long: begun, looked after and fetched by whoever ordered them, and nobody
else. What a stop of the program left half made goes on when the same is ordered again, and half a
file is never given out."""

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from enum import StrEnum
from functools import partial
from hashlib import sha256
from itertools import islice
from pathlib import Path
from threading import Event, Lock
from typing import IO

import msgspec

from registry.actions.exporting import queueing
from registry.actions.exporting.clearing import folder_of, held, made_now
from registry.actions.exporting.ground import Ground, looks
from registry.actions.exporting.making import Order, make, record
from registry.actions.office import HIDDEN, Office
from registry.clock import instant_of
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.exporting import ENDING, Form, Made
from registry.domain.people import Actor
from registry.domain.records import Wire

NOT_READY = declare(
    "export.not_ready", RefusalKind.CONFLICT, "导出还没有完成：{state} {why}",
    "The export is not there: {state} {why}.",
)  # fmt: skip

_log = logging.getLogger("registry.exporting")
BROKEN_OFF = (
    "服务重启，请按同一快照号重新导出，已完成的部分接着用 the service was restarted: order it anew as of the"
    " same snapshot, and what was made is gone on with"
)


class JobState(StrEnum):
    """任务状态."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class StoppedError(Exception):
    """停机: the program stops while an export is made; what is made stays, to be gone on with."""


class Job(Wire, frozen=True, kw_only=True):
    """导出任务."""

    id: str
    county: str
    person_id: str
    form: Form
    resource: str = ""
    snapshot: int
    state: JobState = JobState.RUNNING
    rows: int = 0
    made: Made | None = None
    why: str = ""
    ground: str = ""
    """Digest of what the person could see when it was ordered."""
    order: str = ""
    """Digest of all that was ordered."""

    def same(self, other: "Job") -> bool:
        """Whether both are the same order of the same person, who sees the same."""
        return msgspec.structs.replace(self, id="") == msgspec.structs.replace(other, id="")


class Jobs:
    """任务台: one export at a time, so that acts are not slowed by several."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="exports")
        self._rows: dict[str, int] = {}
        self._turn, self._stopping = Lock(), Event()

    @property
    def _folder(self) -> Path:
        return folder_of(self._office)

    def begin(self, of: Ground, actor: Actor, order: Order) -> Job:
        """Order an export; the same that is being made is not made twice, and of one that a stop of
        the program broke off what is made stays made.

        Raises:
            Refusal: ``export.too_many``.
        """
        new = Job(
            id=self._office.source.identifier("exp", self._office.clock()), county=of.county,
            person_id=actor.person_id, form=order.form, resource=order.resource,
            snapshot=of.as_of, ground=ground_of(of), order=_digest(order),
        )  # fmt: skip
        with self._turn:
            mine = [j for j in self._kept() if j.person_id == actor.person_id]
            job = next((j for j in mine if j.same(new)), new)
            folder = self._folder / job.id
            going = [j.id for j in mine if j.state is JobState.RUNNING and self._going(j.id)]
            if job.id not in going:
                queueing.room(len(going))
            folder.mkdir(parents=True, exist_ok=True)
            lock = held(folder)
            if lock is None:
                return job
            self._rows[job.id] = 0
            self._keep(job)
            self._pool.submit(self._run, job, of, actor, order).add_done_callback(
                partial(self._ended, job.id, lock)
            )
        return job

    def one(self, actor: Actor, id: str) -> Job:
        """A job of the person's own.

        Raises:
            Refusal: ``access.hidden``.
        """
        page = self._folder / id / "job.json"
        if instant_of(id) is None or not page.is_file():
            raise Refusal(HIDDEN)
        # Asked first: a job that ends while its page is read was no broken one.
        rows = self._rows.get(id)
        going = rows is not None or self._made_now(page.parent)
        job = _read(page)
        if job is None or job.person_id != actor.person_id:
            raise Refusal(HIDDEN)
        if not looks(self._office, actor, job.county):
            raise Refusal(HIDDEN)
        if job.state is JobState.RUNNING:
            if not going:
                return msgspec.structs.replace(job, state=JobState.FAILED, why=BROKEN_OFF)
            return msgspec.structs.replace(job, rows=rows or 0)
        return job

    def file(self, actor: Actor, id: str) -> tuple[Job, Path]:
        """The file of a job that is done.

        Raises:
            Refusal: ``access.hidden``, ``export.not_ready``.
        """
        job = self.one(actor, id)
        if job.state is not JobState.DONE:
            raise Refusal(NOT_READY, state=job.state.value, why=job.why)
        return job, self._file(job)

    def last(self, actor: Actor, county: str) -> Job | None:
        """The person's last audit database of a county."""
        for job in self._kept():
            mine = (job.person_id, job.county) == (actor.person_id, county)
            if mine and job.form is Form.AUDIT_DB and job.state is JobState.DONE:
                return job
        return None

    def mine(self, actor: Actor, county: str, most: int) -> list[Job]:
        """The person's own of a county, the last first, each as far as it is."""
        found = (j for j in self._kept() if (j.person_id, j.county) == (actor.person_id, county))
        return [self.one(actor, job.id) for job in islice(found, most)]

    def _kept(self) -> Iterator[Job]:
        """Every job there is, the last first."""
        for page in sorted(self._folder.glob("*/job.json"), reverse=True):
            if (job := _read(page)) is not None:
                yield job

    def stop(self) -> None:
        """Break off what runs at its next rows: ordered again, it goes on."""
        self._stopping.set()
        self.close()

    def close(self) -> None:
        """Wait for nothing more than what runs."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _going(self, id: str) -> bool:
        """Whether a job is made or waits, here or in another process: one that a stop broke off is
        neither."""
        return id in self._rows or made_now(self._folder / id)

    def _made_now(self, folder: Path) -> bool:
        with self._turn:
            return made_now(folder)

    def _ended(self, id: str, lock: IO[bytes], _future: object) -> None:
        self._rows.pop(id, None)
        lock.close()

    def _run(self, job: Job, of: Ground, actor: Actor, order: Order) -> None:
        def told(rows: int) -> None:
            if self._stopping.is_set():
                raise StoppedError
            self._rows[job.id] = rows

        try:
            made = make(of, order, self._file(job), told)
            told(made.rows)
            record(of, actor, made)
            kept = msgspec.structs.replace(job, state=JobState.DONE, rows=made.rows, made=made)
        except StoppedError:
            return
        except Refusal as refusal:
            kept = msgspec.structs.replace(job, state=JobState.FAILED, why=str(refusal.detail))
        except Exception as error:  # noqa: BLE001 - whoever waits is told, whatever it was
            _log.exception("export %s of %s failed", job.id, job.county)
            kept = msgspec.structs.replace(job, state=JobState.FAILED, why=type(error).__name__)
        self._keep(kept)

    def _file(self, job: Job) -> Path:
        return self._folder / job.id / f"file.{ENDING[job.form]}"

    def _keep(self, job: Job) -> None:
        page = self._folder / job.id / "job.json"
        waiting = page.with_suffix(".part")
        waiting.write_bytes(msgspec.json.encode(job))
        waiting.replace(page)


def _read(page: Path) -> Job | None:
    """A job as its page tells; ``None`` = it was removed meanwhile, or nobody can read it: power
    that failed, another release."""
    with suppress(FileNotFoundError, msgspec.MsgspecError, UnicodeDecodeError):
        return msgspec.json.decode(page.read_bytes(), type=Job)
    return None


def _digest(order: Order) -> str:
    told = (order.form, order.resource, order.filters, order.words, order.history, order.release)
    return sha256(msgspec.json.encode(told, order="deterministic")).hexdigest()


def ground_of(of: Ground) -> str:
    """Digest of what the reader of an export sees: another post, another digest."""
    seen = {name: of.scopes(sheet.record) for name, sheet in of.sheets.items()}
    return sha256(msgspec.json.encode(seen, order="deterministic")).hexdigest()
