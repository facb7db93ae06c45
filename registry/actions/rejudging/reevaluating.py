"""再评估 what is live judged anew when rules, lists, instruments or exceptions begin or lapse.

In the background, by ``tick``, in chunks: each is one act that keeps what changed and how far the
run has come, so that a run whose process died goes on where it was. Nobody is put out by it: what
no longer stands becomes a 待办 for the body that decided.
"""

from collections.abc import Generator
from contextlib import closing
from datetime import date
from itertools import islice
from typing import NamedTuple

from registry.actions.office import Answer, Call, Desk, Office
from registry.actions.rejudging.changing import Changed, kept_of
from registry.actions.rejudging.inforce import in_force_digest
from registry.actions.rejudging.restating import Restater
from registry.domain.pack import PackRun, RunKind, RunState
from registry.domain.people import Actor
from registry.domain.records import civil
from registry.domain.request import State
from registry.store.scan import WHOLE, Case, Range, count, steady, walk

LIVE = [s.value for s in (State.SUBMITTED, State.ACCEPTED, State.RETURNED, State.IN_REVIEW,
                          State.APPROVED)]  # fmt: skip
CHUNKS = 30
"""Batches of cases judged in one tick; the next goes on."""
ACT, RUN = "tick.reevaluate", "reevaluation"
"""One record a county, whose versions are the runs."""
_KEY = ("county", "id", "version")


class _Chunk(NamedTuple):
    """One batch judged: what changed, and the last case of it."""

    changed: list[Changed]
    last: str
    cases: int


def reevaluate(office: Office, system: Actor) -> int:
    """Judge what is live in the system actor's county anew, as far as one tick goes; returns how
    many answers changed."""
    county, today = system.county, civil(office.clock())
    digest = in_force_digest(office, county, today)
    if digest is None:
        return 0
    run = _run(office, system, digest)
    if run is None:
        return 0
    changed, judged = 0, run.done
    with closing(_judged(office, run, today)) as judging:
        chunks = list(islice(judging, CHUNKS + 1))
    for chunk in chunks[:CHUNKS]:
        judged += chunk.cases
        if chunk.changed:
            kept = _keep(office, system, run, (chunk, judged))
            if kept is None:
                return changed
            run, changed = kept, changed + len(chunk.changed)
    over = len(chunks) <= CHUNKS
    if over or chunks:
        after = chunks[-1 if over else CHUNKS - 1].last if chunks else ""
        _told(office, system, run, (after, judged, over))
    return changed


def _run(office: Office, system: Actor, digest: str) -> PackRun | None:
    """The run that is to be worked on; ``None`` where this state of the rules was judged."""
    county, reader = system.county, office.store.reader
    last = reader.get(PackRun, county, RUN)
    if last is not None and last.digest == digest:
        return last if last.state is RunState.RUNNING else None
    with reader.connect() as connection:
        total = count(connection, county, LIVE)
    if last is None and not total:
        return None

    def verb(desk: Desk) -> Answer:
        desk.post = desk.authorise("system.tick").role
        desk.act = ACT
        held = desk.unit.maybe(PackRun, RUN, lock=True)
        # Where the rules changed again before it was through, it begins anew.
        made = PackRun(
            county=county, id=RUN, pack_id=ACT, kind=RunKind.REEVALUATE, state=RunState.RUNNING,
            digest=digest, by=desk.actor.person_id, began_at=desk.now, total=total,
            summary={"after": "", "changed": 0},
        )  # fmt: skip
        fields = {n: getattr(made, n) for n in made.__struct_fields__ if n not in _KEY}
        kept = desk.unit.add(made) if held is None else desk.unit.change(held, **fields)
        desk.about(kept)
        return Answer(body=kept)

    made: PackRun = office.perform(Call(actor=system, county=county, act=ACT), verb).body
    return made


def _judged(office: Office, run: PackRun, today: date) -> Generator[_Chunk, None, None]:
    book = office.rulebooks.of(run.county, today)
    with steady(office.store.reader) as connection:
        restater = Restater(office, connection, run.county, books=[book], on=today)
        within = Range(after=run.summary["after"])
        for batch in walk(connection, run.county, within, LIVE, size=WHOLE):
            known = kept_of(connection, run.county, [c.id for c in batch])
            found = restater.restated([c for c in batch if _counts(c)])
            changed = [
                one for case, restated in found if restated is not None
                for one in known.differing(case, restated.stands[0], (book.overlay.digest, today))
            ]  # fmt: skip
            yield _Chunk(changed, batch[-1].id if batch else run.summary["after"], len(batch))


def _counts(case: Case) -> bool:
    """Whether there is an answer to compare with."""
    return case.outcome is not None


def _held(desk: Desk, run: PackRun) -> PackRun | None:
    """The run, held against others, where nobody else went on with it, or began another, since it
    was read."""
    desk.post = desk.authorise("system.tick").role
    desk.act = ACT
    held = desk.unit.get(PackRun, run.id, lock=True)
    there = (held.digest, held.state, held.summary["after"])
    return held if there == (run.digest, RunState.RUNNING, run.summary["after"]) else None


def _keep(office: Office, system: Actor, run: PackRun, told: tuple[_Chunk, int]) -> PackRun | None:
    """Keep what changed in one batch and how far the run has come, in one act; ``None`` where
    another tick was quicker: what it found is not kept twice, and its place is not moved."""
    chunk, judged = told

    def verb(desk: Desk) -> Answer:
        held = _held(desk, run)
        if held is None:
            return Answer(body=None)
        for one in chunk.changed:
            one.write(desk, f"{RUN}.{run.digest}", LIVE)
        summary = {"after": chunk.last, "changed": held.summary["changed"] + len(chunk.changed)}
        after = desk.unit.change(held, done=judged, summary=summary)
        desk.about(after)
        return Answer(body=after)

    after: PackRun | None = office.perform(
        Call(actor=system, county=run.county, act=ACT), verb
    ).body
    return after


def _told(office: Office, system: Actor, run: PackRun, told: tuple[str, int, bool]) -> None:
    """How far it has come at the end of a tick, or that it is through."""
    after, judged, over = told

    def verb(desk: Desk) -> Answer:
        held = _held(desk, run)
        if held is None:
            return Answer(body=None)
        fields: dict[str, object] = {"done": judged, "summary": {**held.summary, "after": after}}
        if over:
            fields |= {"state": RunState.DONE, "passed": True, "ended_at": desk.now}
        desk.about(desk.unit.change(held, **fields))
        return Answer(body=None)

    office.perform(Call(actor=system, county=run.county, act=ACT), verb)
