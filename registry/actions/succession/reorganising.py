"""机构变动 更名, 合并, 拆分, 职责划转, 撤村改居: one document, one plan that was seen, one act (P15).

Whatever is live gets its successor as a new version; whatever has ended stays as it was.
"""

from collections import Counter
from datetime import timedelta
from typing import Any

import msgspec

from registry.actions.bodies import asking
from registry.actions.conference.agendas import convened
from registry.actions.doubting import keeping
from registry.actions.doubting.cases import NAME, OWN_CASE, RECEIVER
from registry.actions.doubting.keeping import Seen
from registry.actions.office import Answer, Desk
from registry.actions.outbox import Message, heads, tell
from registry.actions.succession.inheriting import THERE
from registry.actions.succession.planning import Found, aimed, found
from registry.actions.succession.succeeding import successions
from registry.actions.succession.successors import (
    ASSIGNMENT,
    BOUND,
    SAME,
    SHAPE,
    SOURCE,
    SUCCESSOR,
    BodyCommand,
    ReorganiseCommand,
    followers,
    stays,
)
from registry.domain.approval import Task, TaskState
from registry.domain.areas import Area, AreaKind, kind_of
from registry.domain.audit import Finding
from registry.domain.document import Document
from registry.domain.doubts import Doubt
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.notice import NoticeKind
from registry.domain.people import Organisation, Post
from registry.domain.presence import Presence
from registry.domain.records import Record
from registry.domain.request import Request, Target
from registry.domain.succession import ChangeKind, Reorganisation
from registry.domain.vocabulary import Receiver
from registry.store.naming import hold
from registry.store.tables import BY_RECORD

__all__ = ["ASSIGNMENT", "SAME", "SHAPE", "SOURCE", "SUCCESSOR", "run"]

EARLY = declare(
    "reorganisation.early", RefusalKind.CONFLICT, "变动自 {effective_on} 起生效，届时才能办理",
    "The change takes effect on {effective_on}; it is carried out from that day on.", recorded=True,
)  # fmt: skip
UNASSIGNED = declare(
    "reorganisation.unassigned", RefusalKind.INVALID, "尚未指定承继者：{named}",
    "No successor is named for: {named}.", recorded=True,
)  # fmt: skip
CHANGED = declare(
    "reorganisation.changed", RefusalKind.CONFLICT,
    "预案已与所见不同，请重新查看后再办", "The plan is no longer what was seen; look again.",
    recorded=True,
)  # fmt: skip


def run(desk: Desk, command: ReorganiseCommand) -> Answer:
    """机构变动: carried out as it was planned, or not at all."""
    hold(desk.unit, Post)
    desk.authorise("reorganisation.run", paths=[desk.places.county().path])
    if command.effective_on > desk.today:
        raise Refusal(EARLY, effective_on=command.effective_on.isoformat())
    if command.document_id is not None:
        desk.unit.get(Document, command.document_id)
    made = found(desk, command)
    if made.plan.unassigned:
        raise Refusal(UNASSIGNED, named="、".join(made.plan.unassigned))
    if command.plan_digest != made.plan.digest:
        raise Refusal(CHANGED, current=made.plan.digest)
    record = _record(desk, command, made)
    for row in successions(desk, record, command, made):
        desk.unit.add(row)
    _bodies(desk, command, made)
    for held, fields in made.rewritten:
        _rewrite(desk, held, fields, command)
    _retarget(desk, made)
    if command.kind is ChangeKind.VILLAGE_TO_COMMUNITY:
        _settle_village(desk, made.sources[0])
    _announce(desk, record, made)
    desk.about(record)
    desk.business_date = command.effective_on
    return Answer(body=record, version=record.version)


def _record(desk: Desk, command: ReorganiseCommand, made: Found) -> Reorganisation:
    moved = Counter(str(BY_RECORD[type(held)].name) for held, _ in made.rewritten)
    return desk.unit.add(
        Reorganisation(
            county=desk.unit.county,
            id=desk.id("rog"),
            kind=command.kind,
            object_kind=command.object_kind,
            sources=command.sources,
            successors=[body.id for body in command.successors],
            document_number=command.document_number,
            document_title=command.document_title,
            document_id=command.document_id,
            effective_on=command.effective_on,
            plan_digest=made.plan.digest,
            moved=dict(sorted(moved.items())),
            done_by=desk.actor.person_id,
            done_on=desk.today,
        )
    )


def _bodies(desk: Desk, command: ReorganiseCommand, made: Found) -> None:
    """The sources end, what comes after them begins, or one takes its new name."""
    if stays(command):
        _rename(desk, command, made.sources[0])
        return
    if command.kind is not ChangeKind.TRANSFER:
        last = command.effective_on - timedelta(days=1)
        for source in made.sources:
            desk.unit.change(source, valid_to=last)
        for id in made.heirs.bodies if command.object_kind == "area" else ():
            desk.unit.change(desk.unit.get(Organisation, id), valid_to=last)
    gained: dict[str, list[str]] = {}
    for item in made.plan.items:
        if item.kind == "function":
            gained.setdefault(item.to_id, []).append(item.id)
    for body in command.successors:
        _begin(desk, command, body, (made, gained.get(body.id, [])))
    if command.kind is ChangeKind.TRANSFER and gained:
        source = desk.unit.get(Organisation, made.sources[0].id)
        given = {name for names in gained.values() for name in names}
        desk.unit.change(source, functions=[f for f in source.functions if f not in given])


def _begin(
    desk: Desk, command: ReorganiseCommand, body: BodyCommand, given: tuple[Found, list[str]]
) -> None:
    made, functions = given
    source = made.sources[0]
    if isinstance(source, Area):
        if body.name is not None:
            _new_place(desk, command, body, made)
        return
    wanted = [*functions, *body.functions]
    held = desk.unit.maybe(Organisation, body.id)
    if held is None:
        new = {"id": body.id, "version": 1, "name": body.name, "kind": body.kind or source.kind,
               "functions": list(dict.fromkeys(wanted)), "uscc": None,
               "valid_from": command.effective_on, "valid_to": None}  # fmt: skip
        desk.unit.add(msgspec.structs.replace(source, **new))
    elif set(wanted) - set(held.functions):
        desk.unit.change(held, functions=list(dict.fromkeys([*held.functions, *wanted])))


def _new_place(desk: Desk, command: ReorganiseCommand, body: BodyCommand, made: Found) -> None:
    source = made.sources[0]
    new = {"id": body.id, "version": 1, "name": body.name, "code": body.code,
           "kind": kind_of(body.code or "", body.name or ""), "path": made.heirs.paths[body.id],
           "community_type": body.community_type or source.community_type,
           "valid_from": command.effective_on, "valid_to": None}  # fmt: skip
    desk.unit.add(msgspec.structs.replace(source, **new))
    seat = desk.unit.get(Organisation, next(iter(made.heirs.bodies)))
    serving = {"id": body.organisation_id, "version": 1, "area_id": body.id,
               "name": body.organisation_name or body.name, "uscc": None,
               "valid_from": command.effective_on, "valid_to": None}  # fmt: skip
    desk.unit.add(msgspec.structs.replace(seat, **serving))


def _rename(desk: Desk, command: ReorganiseCommand, source: Any) -> None:
    body = command.successors[0]
    if isinstance(source, Organisation):
        desk.unit.change(source, name=body.name)
        return
    told: dict[str, Any] = {"name": body.name, "code": body.code or source.code}
    if command.kind is ChangeKind.VILLAGE_TO_COMMUNITY:
        told["kind"] = AreaKind.RESIDENTS_COMMITTEE
        told["community_type"] = body.community_type or source.community_type
    desk.unit.change(source, **told)
    for seat in desk.places.serving([source.id], list(BOUND)):
        desk.unit.change(seat, name=body.organisation_name or body.name)
    for other in followers(desk, command, source):
        if other.id in body.names:
            desk.unit.change(other, name=body.names[other.id])
        else:
            _asked(desk, other, NAME, before=source.name, after=body.name or "", body=other.name)


def _rewrite(desk: Desk, held: Record, fields: dict[str, Any], command: ReorganiseCommand) -> None:
    if isinstance(held, Post):
        _regrant(desk, held, fields, command)
    elif isinstance(held, Task):
        _hand(desk, held, fields["organisation_id"])
    elif not isinstance(held, Target):
        desk.unit.change(held, **fields)


def _regrant(desk: Desk, post: Post, fields: dict[str, Any], command: ReorganiseCommand) -> None:
    """任职: ended in the old body and begun in the new one, in the same role."""
    first = max(command.effective_on, post.valid_from or command.effective_on)
    desk.unit.change(post, valid_to=first - timedelta(days=1))
    new = msgspec.structs.replace(
        post, id=desk.id("pst"), version=1, valid_from=first, **fields
    )  # fmt: skip
    same = desk.unit.find(Post, person_id=post.person_id, organisation_id=new.organisation_id)
    if not any(p.role == new.role and p.area_id == new.area_id and p.in_force(first)
               for p in same):  # fmt: skip
        desk.unit.add(new)


def _hand(desk: Desk, task: Task, organisation_id: str) -> None:
    """待办 goes to the successor's desk, its day kept; who had it keeps it where they went along.
    A body that has one in the step already is not asked twice: what a meeting votes on stays."""
    beside = desk.unit.find(
        Task, step_id=task.step_id, organisation_id=organisation_id, state=TaskState.OPEN.value
    )
    other = next((t for t in beside if task.asked_by is None and t.asked_by is None), None)
    if other is not None:
        kept = convened(desk, task) is not None and convened(desk, other) is None
        desk.unit.change(other if kept else task, state=TaskState.CANCELLED)
        if not kept:
            return
    posts = desk.unit.find(Post, organisation_id=organisation_id)
    there = {p.person_id for p in posts if p.in_force(desk.today)}
    holder = task.person_id if task.person_id in there else None
    desk.unit.change(task, organisation_id=organisation_id, person_id=holder)
    request = desk.unit.get(Request, task.request_id)
    if organisation_id in asking(request):
        _asked(desk, request, OWN_CASE)


def _retarget(desk: Desk, made: Found) -> None:
    """涉及范围: the rows by which areas find a request, as its filing now names them."""
    ids = {
        held.request_id if isinstance(held, Target) else held.id
        for held, fields in made.rewritten
        if isinstance(held, Target) or (isinstance(held, Request) and "filing" in fields)
    }
    for id in sorted(ids):
        request = desk.unit.get(Request, id)
        areas = {f"{id}.{a.id}": a for a in desk.places.areas(request.filing.targets, desk.today)}
        rows = {row.id: row for row in desk.unit.find(Target, request_id=id)}
        for old in rows.values():
            if old.id not in areas and not old.withdrawn:
                desk.unit.change(old, withdrawn=True, path="/")
        for row_id, area in areas.items():
            row = rows.get(row_id)
            if row is None:
                desk.unit.add(Target(county=desk.unit.county, id=row_id, request_id=id,
                                     area_id=area.id, path=area.path))  # fmt: skip
            elif row.withdrawn or row.path != area.path:
                desk.unit.change(row, withdrawn=False, path=area.path)


def _settle_village(desk: Desk, village: Area) -> None:
    """撤村改居: what lives there has a residents' committee from now on; what is on its way to the
    village committee is for a person."""
    for presence in desk.unit.find(Presence, area_id=village.id):
        if presence.receiver is Receiver.VILLAGE_COMMITTEE and presence.state in THERE:
            desk.unit.change(presence, receiver=Receiver.RESIDENTS_COMMITTEE)
    for request in aimed(desk, village):
        _asked(desk, request, RECEIVER, village=village.name)


def _asked(desk: Desk, about: Request | Organisation, doubt: Doubt, **facts: str) -> None:
    id = f"{about.id}.{doubt.code.rpartition('.')[2]}"
    whose = about.applicant_id if isinstance(about, Request) else about.id
    if desk.unit.maybe(Finding, id) is None:
        keeping.tell(desk, Seen(doubt, id, about.id, whose, facts=facts))


def _announce(desk: Desk, record: Reorganisation, made: Found) -> None:
    """The heads of every successor are told, by the document."""
    bodies = {*record.successors, *made.heirs.seats.values()}
    told = f"{record.document_number}《{record.document_title}》已办理，涉及本单位"
    told_en = f"{record.document_number} has been carried out; it concerns your organisation."
    message = Message(kind=NoticeKind.REORGANISED, text=told, text_en=told_en)
    tell(desk, [p for body in sorted(bodies) for p in heads(desk, body)], message, record)
