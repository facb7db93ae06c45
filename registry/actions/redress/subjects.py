"""所指事项 what a community speaks of: a presence, a request aimed at it, or one line (P22).

Who speaks is the community itself, or the street that enters what it said by telephone (P9).
"""

from typing import Annotated

import msgspec

from registry.actions.filing import owners
from registry.actions.office import HIDDEN, Desk
from registry.actions.outbox import Message, heads, tell
from registry.actions.seeing import knows
from registry.domain.areas import Area
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.notice import NoticeKind
from registry.domain.people import Organisation, PostView
from registry.domain.presence import Presence
from registry.domain.records import Ident, Line, Record, Wire
from registry.domain.request import Request, Target
from registry.domain.vocabulary import OrganisationKind

NOTHING = declare(
    "redress.subject", RefusalKind.INVALID, "请写明所指的进驻事项或者申请；没有登记的，用一句话写明是什么事",
    "Name the presence or the request; of what is not registered, say in one line what it is.",
)  # fmt: skip
NOT_AIMED = declare(
    "redress.not_aimed", RefusalKind.INVALID, "该申请不涉及这个社区",
    "The request does not concern this community.", recorded=True,
)  # fmt: skip
NO_COMMUNITY = declare(
    "redress.community", RefusalKind.INVALID, "请写明是哪个社区的意见",
    "Say which community speaks.",
)  # fmt: skip

Words = Annotated[str, msgspec.Meta(min_length=1, max_length=20_000, pattern=r"\S")]


class AboutCommand(Wire, frozen=True, kw_only=True):
    """所指事项: one of presence and request, or the matter in one line."""

    presence_id: Ident | None = None
    request_id: Ident | None = None
    subject: Line | None = None
    department_id: Ident | None = None
    """要求单位 of what is not registered, where it is known."""
    organisation_id: Ident | None = None
    """社区: needed where the street enters what it was told by telephone."""


class Subject(Wire, frozen=True, kw_only=True):
    """所指事项 as found on record."""

    presence: Presence | None
    request: Request | None
    title: str
    community: Organisation
    area: Area
    department_id: str | None
    asking: list[str]
    """Who asks it of the community: nobody of them judges what is said of it."""
    recorded: bool
    """Entered by another than the community."""

    @property
    def request_id(self) -> str | None:
        return self.request.id if self.request is not None else None

    @property
    def presence_id(self) -> str | None:
        return self.presence.id if self.presence is not None else None


RECORDING = "redress.record"
"""The act by which the street enters what a community said."""


def subject_of(desk: Desk, command: AboutCommand, act: str) -> tuple[Subject, PostView]:
    """What is spoken of and for whom, and the post that may say so.

    Raises:
        Refusal: ``redress.subject``, ``redress.community``, ``redress.not_aimed``, and access.
    """
    presence = desk.unit.get(Presence, command.presence_id) if command.presence_id else None
    if presence is not None:
        desk.about(presence)
    community = _community(desk, command, presence)
    area = desk.places.home(community)
    own = any(community.id in (p.organisation_id, *p.formerly) for p in desk.actor.posts)
    if own:
        post = desk.authorise(act, owners=[community.id])
    else:
        post = desk.authorise(RECORDING, paths=[area.path])
    request = _request(desk, command, presence, area)
    named = presence or request
    if named is None and command.subject is None:
        raise Refusal(NOTHING)
    asking = owners(request) if request else []
    department = _department(desk, command, presence, request)
    return Subject(
        presence=presence, request=request, community=community, area=area,
        title=command.subject or (named.title if named else ""), department_id=department,
        asking=sorted({*asking, *([department] if department else [])}),
        recorded=not own or bool(desk.beside),
    ), post  # fmt: skip


def _community(desk: Desk, command: AboutCommand, presence: Presence | None) -> Organisation:
    """The community that speaks: the presence's, the one named, or the person's own."""
    own = [
        p.organisation_id for p in desk.actor.posts
        if p.organisation_kind is OrganisationKind.COMMUNITY
    ]  # fmt: skip
    named = presence.organisation_id if presence else command.organisation_id
    id = named or next(iter(own), None)
    if id is None:
        raise Refusal(NO_COMMUNITY)
    found = desk.places.now(id)
    if found.kind is not OrganisationKind.COMMUNITY:
        raise Refusal(NO_COMMUNITY)
    return found


def _request(
    desk: Desk, command: AboutCommand, presence: Presence | None, area: Area
) -> Request | None:
    """The admission a presence rests on, or the request named: one aimed at the community."""
    if presence is not None:
        return desk.unit.get(Request, presence.request_id) if presence.request_id else None
    if command.request_id is None:
        return None
    request = desk.unit.maybe(Request, command.request_id)
    if request is None or not knows(desk.office, desk.unit, desk.actor, (Request, request.id)):
        raise Refusal(HIDDEN)
    targets = desk.unit.find(Target, request_id=request.id)
    if not any(area.path.startswith(t.path) for t in targets if not t.withdrawn):
        raise Refusal(NOT_AIMED)
    return request


def _department(
    desk: Desk, command: AboutCommand, presence: Presence | None, request: Request | None
) -> str | None:
    known = presence.department_id if presence else None
    known = known or (request.applicant_id if request else None)
    if known is None and command.department_id is not None:
        return desk.places.standing(command.department_id).id
    return known


def told_of(desk: Desk, subject: Subject, said: tuple[str, str], about: Record) -> None:
    """Let department and street know in both languages, and the community where another entered it
    for them."""
    street = subject.community.parent_id
    bodies = [*subject.asking, *([street] if street else [])]
    bodies += [subject.community.id] if subject.recorded else []
    people = [person for body in dict.fromkeys(bodies) for person in heads(desk, body)]
    message = Message(
        kind=NoticeKind.AFTERWARDS, text=f"{said[0]}：{subject.title}",
        text_en=f"{said[1]}: {subject.title}", request_id=subject.request_id,
    )  # fmt: skip
    tell(desk, people, message, about)
