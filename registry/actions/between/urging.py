"""催办与抄送 a case is asked after, or shown to others for their information; nothing else moves."""

from typing import Annotated

import msgspec

from registry.actions.between.sending_back import waiting
from registry.actions.between.trail import record
from registry.actions.filing import owners, target_paths
from registry.actions.office import HIDDEN, Answer, Desk
from registry.actions.outbox import Message, holders, tell
from registry.actions.places import above
from registry.actions.voting import NO_TASK
from registry.domain.approval import Task, TaskState
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.movement import Movement, MovementKind
from registry.domain.notice import NoticeKind
from registry.domain.people import Person, Post
from registry.domain.records import Ident, Text, Wire, civil
from registry.domain.request import Request

TODAY = declare(
    "urge.today", RefusalKind.CONFLICT, "您今天已就本案催办过", "You asked after this case today.",
    recorded=True,
)  # fmt: skip
NOBODY = declare(
    "copy.nobody", RefusalKind.INVALID, "请写明抄送给哪些人员或单位", "Say whom the copy is for."
)
UNREADABLE = declare(
    "copy.unreadable", RefusalKind.INVALID, "{name}没有查阅申请的岗位，不能抄送",
    "{name} holds no post that reads requests.", recorded=True,
)  # fmt: skip


class UrgeCommand(Wire, frozen=True, kw_only=True):
    """催办."""

    text: Text = ""


class CopyCommand(Wire, frozen=True, kw_only=True):
    """抄送: to people and to organisations, with a word."""

    people: Annotated[list[Ident], msgspec.Meta(max_length=100)] = []
    organisations: Annotated[list[Ident], msgspec.Meta(max_length=100)] = []
    text: Text = ""


class Copies(Wire, frozen=True, kw_only=True):
    """抄送记录: one row for each person or organisation."""

    request_id: str
    copies: list[Movement]


def urge(desk: Desk, request_id: str, command: UrgeCommand) -> Answer:
    """催办: whoever has the case on the desk is told; by one person once a day."""
    request = desk.unit.get(Request, request_id, lock=True)
    desk.about(request)
    tasks = desk.unit.find(Task, request_id=request.id)
    earlier = [t.organisation_id for t in tasks if t.state is TaskState.DONE]
    post = desk.authorise(
        "request.urge", owners=[*owners(request), *earlier], paths=target_paths(desk, request)
    )
    people = waiting(desk, request)
    if not any(t.state is TaskState.OPEN for t in tasks) or not people:
        raise Refusal(NO_TASK)
    urged = desk.unit.find(Movement, request_id=request.id, person_id=desk.actor.person_id)
    if any(m.kind is MovementKind.URGE and civil(m.at) == desk.today for m in urged):
        raise Refusal(TODAY)
    made = record(desk, MovementKind.URGE, post, request_id=request.id, text=command.text)
    message = Message(
        kind=NoticeKind.URGED, text=f"催办：{request.title} {command.text}".strip(),
        text_en=f"Asked after: {request.title}", request_id=request.id,
    )  # fmt: skip
    tell(desk, people, message, made)
    return Answer(body=made, version=made.version)


def copy(desk: Desk, request_id: str, command: CopyCommand) -> Answer:
    """抄送: those named may read the case from now on; it asks nothing of them."""
    request = desk.unit.get(Request, request_id, lock=True)
    desk.about(request)
    handled = [t.organisation_id for t in desk.unit.find(Task, request_id=request.id)]
    post = desk.authorise("request.copy", owners=[*owners(request), *handled])
    people = [_reader(desk, id) for id in dict.fromkeys(command.people)]
    bodies = {id: _readers(desk, id) for id in dict.fromkeys(command.organisations)}
    if not people and not bodies:
        raise Refusal(NOBODY)
    plain = {"request_id": request.id, "text": command.text}
    made = [
        record(desk, MovementKind.COPY, post, to_person_id=person.id, **plain) for person in people
    ]
    made += [record(desk, MovementKind.COPY, post, to_organisation_id=id, **plain) for id in bodies]
    message = Message(
        kind=NoticeKind.COPIED, text=f"抄送：{request.title}",
        text_en=f"Copied to you: {request.title}", request_id=request.id,
    )  # fmt: skip
    told = [*(p.id for p in people), *(one for body in bodies.values() for one in body)]
    tell(desk, told, message, request)
    return Answer(body=Copies(request_id=request.id, copies=made))


def _reader(desk: Desk, person_id: str) -> Person:
    """A person of the county or above it who may read requests by some post today."""
    for county in above(desk.unit.county):
        unit = desk.unit.beside(county)
        person = unit.maybe(Person, person_id)
        if person is None or not person.in_force(desk.today):
            continue
        posts = [p for p in unit.find(Post, person_id=person_id) if p.in_force(desk.today)]
        if any(desk.office.access.relations(p.role, "request.read") for p in posts):
            return person
    raise Refusal(UNREADABLE, name=person_id)


def _readers(desk: Desk, organisation_id: str) -> list[str]:
    body = desk.places.organisation(organisation_id)
    found = holders(desk, body.id, "request.read")
    if not found:
        raise Refusal(UNREADABLE, name=body.name)
    return found


def read(desk: Desk, copy_id: str) -> Answer:
    """已阅: the first time it is opened by whom it was sent to, or by somebody of the body."""
    copied = desk.unit.get(Movement, copy_id, lock=True)
    desk.about(copied)
    mine = copied.to_person_id == desk.actor.person_id
    own = [p.organisation_id for p in desk.actor.posts]
    sent_to = own if mine else [copied.to_organisation_id or ""]
    if copied.kind is not MovementKind.COPY or not (mine or copied.to_organisation_id):
        raise Refusal(HIDDEN)
    desk.authorise("copy.read", owners=sent_to)
    if copied.read_at is None:
        copied = desk.unit.change(copied, read_at=desk.now)
    return Answer(body=copied, version=copied.version)
