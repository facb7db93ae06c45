"""健全 what must hold of every case at any moment, told anew from rows and log, not from actions."""

import csv
import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select

from registry.actions.office import Office
from registry.domain.approval import (
    DECIDING,
    Ballot,
    Decision,
    DecisionKind,
    Opinion,
    Quorum,
    Step,
    StepAct,
    StepState,
    Task,
    TaskState,
)
from registry.domain.delegation import Absence, Delegation, DelegationKind
from registry.domain.people import Post
from registry.domain.presence import Presence
from registry.domain.records import civil
from registry.domain.request import MOVES, Request, State
from registry.domain.vocabulary import Outcome
from registry.store import tables
from registry.store.engine import open_engine
from registry.store.mapping import to_record
from registry.store.verify import verify

BESIDES = (StepAct.REVIEW, StepAct.RECONSIDER)
"""Steps that stand beside the way of a case and that no flow names."""
RUNNING = {State.SUBMITTED, State.ACCEPTED, State.IN_REVIEW}
DECIDED = {
    State.APPROVED: {DecisionKind.ADMITTED}, State.REJECTED: {DecisionKind.NOT_ADMITTED},
    State.NOT_ACCEPTED: {DecisionKind.NOT_ACCEPTED}, State.REVOKED: {DecisionKind.REVOKED},
}  # fmt: skip
NEXT = {(a, b) for moves in MOVES.values() for a, b in moves.items()} | {(s, s) for s in State}
BUSINESS = {"request", "step", "task", "opinion", "decision", "presence", "movement", "delegation",
            "absence", "revocation", "review", "serial", "notice", "correction"}  # fmt: skip


def unsound(office: Office, county: str) -> list[str]:
    """Everything that must never be; empty = sound."""
    with office.store.reader.connect() as connection:
        kept = {
            kind: [to_record(kind, row) for row in connection.execute(
                select(table).where(table.c.county == county, table.c.event_to.is_(None))
            ).mappings()]
            for kind, table in tables.BY_RECORD.items()
            if kind in (Request, Step, Task, Opinion, Decision, Presence)
        }  # fmt: skip
    found = [f for request in kept[Request] for f in _case(request, kept)]
    numbers = Counter(d.number for d in kept[Decision])
    found += [f"number {n} given {c} times" for n, c in numbers.items() if c > 1]
    return [*found, *_history(office, county), *_log(office, county)]


def broken(office: Office, county: str) -> list[str]:
    """What ``registry audit verify`` would say: the log against every row."""
    engine = open_engine(office.store.url, readonly=True)
    try:
        fault = verify(engine, county, files=office.store.files).fault
    finally:
        engine.dispose()
    return [] if fault is None else [str(fault)]


def _case(request: Request, kept: dict[type[Any], list[Any]]) -> Iterator[str]:
    def of(kind: type[Any]) -> list[Any]:
        return [r for r in kept[kind] if r.request_id == request.id]

    name = f"{request.id} ({request.state.value})"
    steps, tasks, opinions = of(Step), of(Task), [o for o in of(Opinion) if not o.lapsed]
    way = [s for s in steps if s.state is not StepState.LAPSED and s.act not in BESIDES]
    keys = Counter(s.key for s in way)
    yield from (f"{name}: step {k} stands {c} times" for k, c in keys.items() if c > 1)
    opened = [s for s in way if s.state is StepState.OPEN]
    if request.state in RUNNING and not request.composite and not any(s.required for s in opened):
        yield f"{name}: nothing required is open"
    if request.state not in RUNNING | {State.RETURNED} and opened:
        yield f"{name}: still open: {[s.key for s in opened]}"
    if opened:
        first = min(s.ordinal for s in opened if s.required or len(opened) == 1)
        late = [s.key for s in way if s.ordinal < first and s.state is StepState.WAITING]
        yield from (f"{name}: {key} was passed over" for key in late)
    for step in steps:
        yield from _step(name, step, [t for t in tasks if t.step_id == step.id], opinions)
    spoke = Counter(o.task_id for o in opinions)
    yield from (f"{name}: {t} was answered {c} times" for t, c in spoke.items() if c > 1)
    twice = Counter((o.step_id, p) for o in opinions for p in {o.person_id, o.on_behalf_of} if p)
    yield from (f"{name}: {who} spoke {c} times" for who, c in twice.items()
                if c > 1 and not any(o.conference_id for o in opinions))  # fmt: skip
    # What a change decided stands for its original too, under the change's own case.
    held = next((d for d in kept[Decision] if d.id == request.decision_id), None)
    wanted = DECIDED.get(request.state)
    if wanted and (held is None or held.kind not in wanted or held.voided_on is not None):
        yield f"{name}: its decision is {held and held.kind}"
    yield from _decided(name, request, of(Decision), of(Presence))


def _step(name: str, step: Step, tasks: list[Task], opinions: list[Opinion]) -> Iterator[str]:
    spoken = {o.task_id: o.ballot for o in opinions}
    opened = [t for t in tasks if t.state is TaskState.OPEN]
    if (step.state is StepState.OPEN) is not bool(opened):
        yield f"{name}: step {step.id} {step.state.value} has {len(opened)} open tasks"
    if step.state is StepState.WAITING and tasks:
        yield f"{name}: step {step.id} waits and has tasks"
    if step.state is StepState.LAPSED or step.act in BESIDES:
        return
    for task in tasks:
        if (task.state is TaskState.DONE) is not (task.id in spoken):
            yield f"{name}: task {task.id} {task.state.value}, said {spoken.get(task.id)}"
    asked = [t for t in tasks if t.asked_by is None]
    above = any(t.escalated for t in asked)
    if step.state is StepState.DONE and not above and not _carried(step, asked, spoken):
        yield f"{name}: step {step.id} is done without its {step.quorum.value}"


def _carried(step: Step, asked: list[Task], spoken: dict[str, Ballot]) -> bool:
    """Whether what was said ends a step, by the words of the law and not by the code's."""
    said = [spoken[t.id] for t in asked if t.id in spoken]
    if not said:
        return False
    if step.act not in DECIDING:
        waiting = [t for t in asked if t.state is TaskState.OPEN]
        return step.quorum is Quorum.ANY or not waiting
    agree, against, all_ = said.count(Ballot.AGREE), said.count(Ballot.DISAGREE), len(asked)
    share = step.percent or 100
    return {
        Quorum.ANY: agree > 0 or against == all_,
        Quorum.ALL: against > 0 or agree == all_,
        Quorum.RATIO: agree * 100 >= share * all_ or (all_ - against) * 100 < share * all_,
        Quorum.EACH: len(said) == all_,
    }[step.quorum]


def _decided(
    name: str, request: Request, decisions: list[Decision], presences: list[Presence]
) -> Iterator[str]:
    first = [d for d in decisions if d.kind is DecisionKind.ADMITTED and d.replaces is None]
    if len(first) > 1:
        yield f"{name}: admitted {len(first)} times"
    if presences and not any(d.kind is DecisionKind.ADMITTED for d in decisions):
        yield f"{name}: work without an admission"
    there = Counter((p.area_id, p.receiver) for p in presences if not p.dropped)
    yield from (f"{name}: {place} has it {c} times" for place, c in there.items() if c > 1)
    ours = {request.drafted_by, request.submitted_by, *request.worked_on_by} - {None}
    for decision in decisions:
        hands = {decision.person_id, decision.on_behalf_of, decision.ratifier_id} & ours
        if hands and decision.conference_id is None:
            yield f"{name}: {hands} filed and decided"


def _history(office: Office, county: str) -> Iterator[str]:
    """Every state a case ever went to is one that ``MOVES`` leads to."""
    table = tables.BY_RECORD[Request]
    with office.store.reader.connect() as connection:
        rows = connection.execute(
            select(table).where(table.c.county == county).order_by(table.c.id, table.c.version)
        ).mappings().all()  # fmt: skip
    before: dict[str, Request] = {}
    for row in rows:
        now: Request = to_record(Request, row)
        was = before.get(now.id)
        if was is None and now.state is not State.DRAFT:
            yield f"{now.id} began as {now.state.value}"
        if was is not None and (was.state, now.state) not in NEXT | _filed(now):
            yield f"{now.id}: {was.state.value} became {now.state.value}"
        if was is not None and now.version != was.version + 1:
            yield f"{now.id}: version {now.version} follows {was.version}"
        before[now.id] = now


def _filed(request: Request) -> set[tuple[State, State]]:
    """A listed or exempt matter may be accepted and approved in one act."""
    filed = request.outcome in (Outcome.LISTED, Outcome.EXEMPT)
    after = (State.IN_REVIEW, State.APPROVED)
    return {(State.SUBMITTED, state) for state in after} if filed else set()


def _log(office: Office, county: str) -> Iterator[str]:
    """From the log alone: what was refused changed nothing, who filed decided nothing, and whoever
    did something held the post they did it by."""
    with office.store.reader.connect() as connection:
        query = select(tables.event).where(tables.event.c.county == county)
        events = connection.execute(query.order_by(tables.event.c.seq)).all()
    posts, lent = _ever(office, county, Post), _ever(office, county, Delegation)
    away = _ever(office, county, Absence)
    filed: dict[str, set[str]] = {}
    for event in events:
        entry = json.loads(event.entry)
        written = {seal["t"] for seal in entry["rows"]}
        if event.outcome != "done":
            if written & BUSINESS:
                yield f"event {event.seq} {event.act} was refused and wrote {written & BUSINESS}"
            continue
        hands = {event.actor, *filter(None, entry["note"].get("on_behalf_of", "").split(","))}
        if event.act in FILING:
            filed.setdefault(event.object_id, set()).update(hands)
        if event.act in DECIDES and hands & filed.get(event.object_id, set()):
            yield f"event {event.seq}: {hands} filed {event.object_id} and did {event.act}"
        if event.actor != "system" and event.act in GRANTED:
            told = (event, entry["post"], hands - {event.actor})
            yield from _within(told, (posts, lent, away))


def _within(told: tuple[Any, str, set[str]], ever: tuple[Any, Any, Any]) -> Iterator[str]:
    event, role, principals = told
    posts, lent, away = ever
    on = civil(event.at)
    if role and role not in GRANTED[event.act]:
        yield f"event {event.seq}: {event.act} by a {role}"
    own = {p.role for p in _at(posts, event.seq) if p.person_id == event.actor and p.in_force(on)}
    if not principals and role and role not in own:
        yield f"event {event.seq}: {event.act} by {event.actor}, who is no {role}"
    for principal in principals:
        given = [
            d for d in _at(lent, event.seq)
            if d.to_person_id == event.actor and d.from_person_id == principal
            and event.act in d.acts and d.in_force(on)
            and (d.kind is DelegationKind.DELEGATION or _away(away, principal, event.seq, on))
        ]  # fmt: skip
        theirs = {p.role for p in _at(posts, event.seq)
                  if p.person_id == principal and p.in_force(on)}  # fmt: skip
        if not given or role not in theirs:
            yield f"event {event.seq}: {event.act} by {event.actor} for {principal}, not lent"


def _away(absences: Any, person: str, seq: int, on: date) -> bool:
    return any(a.person_id == person and a.in_force(on) for a in _at(absences, seq))


def _ever(office: Office, county: str, kind: type[Any]) -> list[tuple[int, int | None, Any]]:
    table = tables.BY_RECORD[kind]
    with office.store.reader.connect() as connection:
        rows = connection.execute(select(table).where(table.c.county == county)).mappings().all()
    return [(r["event_from"], r["event_to"], to_record(kind, r)) for r in rows]


def _at(ever: list[tuple[int, int | None, Any]], seq: int) -> list[Any]:
    """As it stood just before an event."""
    return [r for start, end, r in ever if start < seq and (end is None or end >= seq)]


def _granted() -> dict[str, set[str]]:
    """Act → roles, read from the access table by itself: inheritance, then what is allowed."""
    lines = Path("registry/policies/access.csv").read_text("utf-8").splitlines()
    rows = [[c.strip() for c in row] for row in csv.reader(lines)]
    heirs: dict[str, set[str]] = {}
    for row in rows:
        if row and row[0] == "g":
            heirs.setdefault(row[2], {row[2]}).add(row[1])
    found: dict[str, set[str]] = {}
    for row in rows:
        if row and row[0] == "p" and row[-1] == "allow" and row[1] != "*":
            found.setdefault(row[2], set()).update(heirs.get(row[1], {row[1]}))
    return found


FILING = {"request.draft", "request.edit", "request.submit", "request.change"}
DECIDES = {"request.approve", "request.reject", "request.not_accept", "request.ratify",
           "request.accept", "request.terminate"}  # fmt: skip
GRANTED = {
    act: roles for act, roles in _granted().items()
    if act in DECIDES | FILING | {"task.transfer", "task.entrust", "task.examine", "task.opinion",
                                  "request.revoke", "review.decide", "request.send_back"}
}  # fmt: skip
