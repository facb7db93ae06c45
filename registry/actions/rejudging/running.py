"""试算运行 a simulation as the register keeps it: begun, counted on its way, done, failed or broken.

The run is the only thing recorded. It is worked out beside the acts: one act begins it, a few
tell how far it has come, one ends it. A run whose process ended before it did is marked broken when
the registry starts again.
"""

import logging
import threading
from collections.abc import Callable, Iterator

import msgspec

from registry.actions.office import HIDDEN, Answer, Call, Desk, Office
from registry.actions.reading import one
from registry.actions.rejudging.simulating import Draft, order_of, simulate
from registry.actions.rules.editions import SETTLED
from registry.actions.rules.packs import CHANGED
from registry.actions.rules.signing import county_paths
from registry.actions.ticking import system_actor
from registry.domain.edition import OPEN, ListEdition
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.pack import PackRun, PublishedPack, RunKind, RunState
from registry.domain.people import Actor

BUSY = declare(
    "simulation.running",
    RefusalKind.CONFLICT,
    "正在试算，请等它结束",
    "It is being simulated already.",
)
NO_ROWS = declare(
    "simulation.no_rows", RefusalKind.MISSING, "本次试算没有明细：没有任何变化，或尚未完成",
    "This run has no rows: nothing changed, or it is not done.",
)  # fmt: skip
PACK_ACT, LIST_ACT = "pack.simulate", "list.run"
STEPS = 10
"""How often at most a run tells how far it has come: each time is an entry of the log."""
_log = logging.getLogger("registry.simulation")


def begin(desk: Desk, id: str) -> Answer:
    """Begin a simulation of a pack as it stands in the register."""
    held = desk.unit.get(PublishedPack, id, lock=True)
    desk.about(held)
    desk.authorise(PACK_ACT, paths=county_paths(desk))
    return _begun(desk, held)


def begin_edition(desk: Desk, id: str) -> Answer:
    """Begin a simulation of the next text of a list as it stands in the register.

    Raises:
        Refusal: ``list.settled`` of a text in force or given up; ``simulation.running``.
    """
    held = desk.unit.get(ListEdition, id, lock=True)
    desk.about(held)
    desk.authorise(LIST_ACT, paths=county_paths(desk))
    if held.state not in OPEN:
        raise Refusal(SETTLED, state=held.state.value)
    return _begun(desk, held)


def begin_draft(desk: Desk, draft: PublishedPack) -> Answer:
    """Begin a simulation of a pack that lies in a folder; it is told by its digest."""
    desk.authorise(PACK_ACT, paths=county_paths(desk))
    return _begun(desk, draft)


def _begun(desk: Desk, draft: Draft) -> Answer:
    listed = draft if isinstance(draft, ListEdition) else None
    about = listed.list_id if listed else draft.id
    running = desk.unit.find(PackRun, pack_id=about, state=RunState.RUNNING.value)
    if any(run.digest == draft.digest for run in running):
        raise Refusal(BUSY)
    run = desk.unit.add(PackRun(
        county=desk.unit.county, id=desk.id("run"), pack_id=about, kind=RunKind.SIMULATE,
        edition_id=listed.id if listed else None, state=RunState.RUNNING, digest=draft.digest,
        by=desk.actor.person_id, began_at=desk.now,
    ))  # fmt: skip
    desk.about(run)
    desk.pack = _pack_of(run)
    return Answer(body=run, version=run.version)


def _pack_of(run: PackRun) -> str | None:
    """Digest of the pack that an entry of the log is about: the text of a list is none."""
    return run.digest if run.edition_id is None else None


def work_out(
    office: Office, run: PackRun, draft: Draft, *, only: str | None = None,
    say: Callable[[int, int], None] = lambda done, total: None,
) -> PackRun:  # fmt: skip
    """Carry a begun run through and keep what came of it.

    Args:
        only: one county of those the draft would govern.
        say: told (cases judged, cases in all).
    """
    told = _Progress(office, run)

    def both(done: int, total: int) -> None:
        say(done, total)
        told.step(done, total)

    try:
        if draft.digest != run.digest:
            raise Refusal(CHANGED)
        order, whole = order_of(office, draft, only), order_of(office, draft)
        done = simulate(office, order, both)
    except Exception as error:
        _log.exception("simulation %s failed", run.id)
        _change(office, run, state=RunState.FAILED, summary={"error": str(error)})
        raise
    return _change(
        office, run, state=RunState.DONE, passed=order.counties == whole.counties,
        done=done.summary.total, total=done.summary.total,
        summary=msgspec.to_builtins(done.summary), rows_sha256=done.rows_sha256,
        ended_at=office.clock(),
    )  # fmt: skip


def start(office: Office, run: PackRun | dict[str, object]) -> None:
    """Work a begun run out in the background; the server does not wait for it when it stops. An
    answer given again under its key (plain data) begins nothing."""
    if not isinstance(run, PackRun):
        return
    reader = office.store.reader
    draft: Draft | None = (
        reader.get(PublishedPack, run.county, run.pack_id) if run.edition_id is None
        else reader.get(ListEdition, run.county, run.edition_id)
    )  # fmt: skip
    if draft is not None:
        threading.Thread(
            target=_quietly, args=(office, run, draft), name=run.id, daemon=True
        ).start()


def _quietly(office: Office, run: PackRun, draft: Draft) -> None:
    try:
        work_out(office, run, draft)
    except Exception:  # noqa: BLE001 - logged and recorded with the run
        _log.warning("simulation %s was not finished", run.id)


class _Progress:
    """进度 told to the register a few times, however many cases there are."""

    def __init__(self, office: Office, run: PackRun) -> None:
        self._office, self._run, self._last = office, run, 0

    def step(self, done: int, total: int) -> None:
        if done < total and (done - self._last) * STEPS >= total:
            self._last = done
            _change(self._office, self._run, done=done, total=total)


def _change(office: Office, run: PackRun, **fields: object) -> PackRun:
    act = PACK_ACT if run.edition_id is None else LIST_ACT

    def verb(desk: Desk) -> Answer:
        desk.post = desk.authorise("system.tick").role
        desk.act = act
        held = desk.unit.get(PackRun, run.id, lock=True)
        after = desk.unit.change(held, **fields)
        desk.about(after)
        desk.pack = _pack_of(after)
        return Answer(body=after)

    call = Call(actor=system_actor(run.county), county=run.county, act=act)
    after: PackRun = office.perform(call, verb).body
    return after


def mark_broken(office: Office) -> int:
    """What was running when a process ended runs no more; returns how many there were."""
    reader, found = office.store.reader, 0
    for county in reader.partitions():
        for run in reader.find(PackRun, county, state=RunState.RUNNING.value):
            if run.kind is RunKind.SIMULATE:
                _change(office, run, state=RunState.BROKEN)
                found += 1
    return found


def rows(office: Office, actor: Actor, id: str, county: str | None = None) -> Iterator[bytes]:
    """The detail rows of a run, as CSV, piece by piece: there may be a million.

    Raises:
        Refusal: ``access.hidden``, ``simulation.no_rows``.
    """
    run = one(office, actor, PackRun, id, county=county)
    if run.kind is not RunKind.SIMULATE:
        raise Refusal(HIDDEN)
    if run.rows_sha256 is None:
        raise Refusal(NO_ROWS)
    return office.store.files.pieces(run.rows_sha256)
