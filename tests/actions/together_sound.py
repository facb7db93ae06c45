"""共同办理的健全 what must hold of meetings, of deputies and of who speaks for which body."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from registry.actions.office import Office
from registry.domain.approval import Ballot, Decision, Opinion, Task, TaskState
from registry.domain.conference import Conference, ConferenceState, ConferenceVote
from registry.domain.delegation import Delegation, DelegationKind
from registry.domain.people import Post
from registry.domain.request import Request
from registry.domain.succession import Succession
from registry.store import tables
from registry.store.mapping import to_record

QUORUM, CARRIED = 50, 51
"""Shares of a hundred, as the demo county's pack gives them."""
Ever = list[tuple[int, int | None, Any]]


def unsound_together(office: Office, county: str) -> list[str]:
    """Everything that must never be; empty = sound."""
    kinds = (Conference, ConferenceVote, Decision, Delegation, Opinion, Post, Request, Succession,
             Task)  # fmt: skip
    ever = {kind: _ever(office, county, kind) for kind in kinds}
    now = {kind: [r for _, end, r in rows if end is None] for kind, rows in ever.items()}
    return [
        *_meetings(now),
        *_issued(now),
        *_agendas(now),
        *_circles(now[Delegation]),
        *_spoke(ever),
    ]


def _ever(office: Office, county: str, kind: type[Any]) -> Ever:
    table = tables.BY_RECORD[kind]
    with office.store.reader.connect() as connection:
        rows = connection.execute(select(table).where(table.c.county == county)).mappings().all()
    return [(r["event_from"], r["event_to"], to_record(kind, r)) for r in rows]


def _meetings(now: dict[type[Any], list[Any]]) -> Iterator[str]:
    """A meeting that decided had its quorum, each case its share of votes by who may, each once."""
    requests = {r.id: r for r in now[Request]}
    for held in now[Conference]:
        votes = [v for v in now[ConferenceVote] if v.conference_id == held.id]
        members = {m.person_id for m in held.members}
        if len(votes) > len({(v.request_id, v.person_id) for v in votes}):
            yield f"{held.id}: second votes"
        if not {v.person_id for v in votes} | set(held.present) <= members:
            yield f"{held.id}: strangers sat or voted"
        if held.state is not ConferenceState.CLOSED:
            continue
        if len(held.present) * 100 < QUORUM * len(held.members):
            yield f"{held.id}: {len(held.present)} of {len(held.members)} decided"
        for item in held.agenda:
            cast = [v for v in votes if v.request_id == item.request_id]
            yield from _counted(held, item, requests[item.request_id], cast)


def _issued(now: dict[type[Any], list[Any]]) -> Iterator[str]:
    """What a meeting decided was entered when it was closed, by nobody who filed the case."""
    requests = {r.id: r for r in now[Request]}
    closed = {c.id for c in now[Conference] if c.state is ConferenceState.CLOSED}
    for decision in now[Decision]:
        if decision.conference_id is None:
            continue
        if decision.conference_id not in closed:
            yield f"{decision.id}: no such meeting was closed"
        if decision.person_id in _ours(requests[decision.request_id]):
            yield f"{decision.id}: entered by who filed"


def _counted(held: Conference, item: Any, request: Request, votes: list[Any]) -> Iterator[str]:
    if item.result is None or item.skipped:
        return
    ours = _ours(request)
    agreed = [v for v in votes if v.ballot is Ballot.AGREE and v.person_id in held.present]
    carried = item.agree * 100 >= CARRIED * item.may_vote
    if carried is not (item.result is Ballot.AGREE):
        yield f"{held.id}: {item.agree} of {item.may_vote} made {item.result}"
    if item.agree > len([v for v in agreed if v.person_id not in ours]):
        yield f"{held.id}: {item.agree} agreed on {request.id}, more than may"
    if item.may_vote > len(held.present):
        yield f"{held.id}: {item.may_vote} may vote of {len(held.present)}"


def _ours(request: Request) -> set[str]:
    return {p for p in (request.drafted_by, request.submitted_by, *request.worked_on_by) if p}


def _agendas(now: dict[type[Any], list[Any]]) -> Iterator[str]:
    """A case lies on one agenda, with an open task there or none any more."""
    seen: dict[str, str] = {}
    tasks = {t.id: t for t in now[Task]}
    for held in now[Conference]:
        if held.state is not ConferenceState.CONVENED:
            continue
        for item in held.agenda:
            if tasks[item.task_id].state is TaskState.OPEN and item.task_id in seen:
                yield f"{item.request_id} lies in {held.id} and {seen[item.task_id]}"
            seen[item.task_id] = held.id


def _circles(given: list[Delegation]) -> Iterator[str]:
    """What was lent never comes back to who lent it, on any day."""
    lent = [d for d in given if d.kind is DelegationKind.DELEGATION and d.ended_on is None]
    for day in {d.valid_from for d in lent}:
        after: dict[tuple[str, str], dict[str, set[str]]] = {}
        for one in lent:
            for act in one.acts if one.in_force(day) else ():
                hands = after.setdefault((one.organisation_id, act), {})
                hands.setdefault(one.from_person_id, set()).add(one.to_person_id)
        for (body, act), hands in after.items():
            yield from (f"{act} of {body} comes back to {start} on {day}"
                        for start, to in hands.items() if start in _reached(to, hands))  # fmt: skip


def _reached(ahead: set[str], after: dict[str, set[str]]) -> set[str]:
    """Everything one comes to from some, themselves among it."""
    found, ahead = set[str](), set(ahead)
    while ahead - found:
        one = (ahead - found).pop()
        found.add(one)
        ahead |= after.get(one, set())
    return found


def _spoke(ever: dict[type[Any], Ever]) -> Iterator[str]:
    """Whoever spoke or decided for a body held a post in it then, or stood in for who did."""
    after: dict[str, set[str]] = {}
    for _, _, row in ever[Succession]:
        after.setdefault(row.object_id, set()).add(row.successor_id)
    for kind in (Opinion, Decision):
        for start, _, row in ever[kind]:
            if row.version != 1 or row.conference_id is not None:
                continue
            bodies = _reached({row.organisation_id}, after)
            principal = row.on_behalf_of or row.person_id
            held = [
                p.organisation_id
                for began, end, p in ever[Post]
                if p.person_id == principal and began < start and (end is None or end >= start)
            ]
            if not bodies & set(held):
                yield f"{kind.__name__} {row.id}: {principal} of {held} for {row.organisation_id}"
