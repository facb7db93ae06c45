"""投诉登记 anybody may complain; who did, where and in which words stands in one protected record.

The act itself is veiled in the log: it says that a complaint came in, and not from whom (P10).
"""

from datetime import date
from typing import Annotated

import msgspec

from registry.actions.numbering import take_paper_number
from registry.actions.office import HIDDEN, Answer, Desk
from registry.actions.outbox import Message, holders, tell
from registry.actions.places import above
from registry.actions.redress.handlers import belongs, handling
from registry.actions.redress.subjects import Words
from registry.actions.seeing import knows
from registry.domain.areas import Area, AreaLevel, called
from registry.domain.calendar import Clock
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.notice import NoticeKind
from registry.domain.personal import numbered
from registry.domain.presence import Presence
from registry.domain.records import Ident, Line, Wire
from registry.domain.redress import Complaint, ComplaintSource
from registry.domain.request import Request
from registry.domain.serial import Paper
from registry.policies.judge import Rulebook
from registry.policies.redress import Complaints

TELLS = declare(
    "complaint.tells", RefusalKind.INVALID, "事由会给办理各方看到，不得写明投诉人、所在单位或者社区；这些写在投诉原话里",
    "The subject is read by others: it names neither who complains nor their body or place, which "
    "stand in the wording.",
)  # fmt: skip
WHOSE = declare(
    "complaint.whose", RefusalKind.INVALID, "代录投诉的，写明是居民反映，或者是哪个社区的投诉",
    "Of a complaint that is entered for others say that it is a resident's, or whose it is.",
)  # fmt: skip


PERSONAL = declare(
    "complaint.personal", RefusalKind.INVALID,
    "居民的投诉不记姓名、证件号、电话和账号；原话或者事由里像是写了号码，请改写",
    "Of a resident's complaint no name or number is kept: the words look as if they held one.",
)  # fmt: skip


class ComplaintCommand(Wire, frozen=True, kw_only=True):
    """投诉: against whom, what about, and in which words."""

    against_id: Ident
    subject: Line
    """事由, as others will read it: nothing that tells who complains."""
    wording: Words
    """投诉原话: protected."""
    presence_id: Ident | None = None
    request_id: Ident | None = None
    for_body: bool = False
    """以本单位名义; else in the person's own, and colleagues are not shown it."""
    resident: bool = False
    """居民反映或 12345, entered by the street or the county's office: without name or number."""
    organisation_id: Ident | None = None
    """代录 of a community's, taken by telephone."""
    area_id: Annotated[Ident, msgspec.Meta(description="place of a resident's")] | None = None


class _From(Wire, frozen=True, kw_only=True):
    """投诉来源 before it is kept."""

    area: Area
    organisation_id: str | None = None
    person_id: str | None = None
    recorded_by: str | None = None
    placed: bool = True
    """The area is that of who complains, and not merely of who wrote it down."""


_PLACES = (AreaLevel.STREET, AreaLevel.COMMUNITY)


def complain(desk: Desk, command: ComplaintCommand) -> Answer:
    """投诉登记: it goes to the first body that is not concerned itself, with a number and a day.

    Raises:
        Refusal: ``complaint.tells``, ``complaint.whose``, ``complaint.personal``,
            ``redress.no_body``.
    """
    desk.veil()
    source = _from(desk, command)
    against = desk.places.standing(command.against_id)
    _check_subject(desk, command.subject, source, against.id)
    _check_known(desk, command)
    if first := _said_today(desk, command, source):
        desk.about(first)
        return Answer(body=first, version=first.version)
    rule = _rule(desk, desk.today)
    handler, over = handling(desk, source.area, against.id, rule.bodies if rule else [])
    id = desk.id("cmp")
    due, provisional = due_of(desk, desk.today)
    number = take_paper_number(desk, Paper.COMPLAINT, handler, object_id=id) or id
    complaint = desk.unit.add(
        Complaint(
            county=desk.unit.county, id=id, number=number, against_id=against.id,
            subject=command.subject, handler_id=handler.id, passed_over=over,
            received_on=desk.today, due_on=due, due_provisional=provisional,
            unanswered_is_breach=bool(rule and rule.unanswered_is_breach),
        )
    )  # fmt: skip
    desk.unit.add(
        ComplaintSource(
            county=desk.unit.county, id=desk.id("cms"), complaint_id=id,
            organisation_id=source.organisation_id, area_path=source.area.path,
            person_id=source.person_id, resident=command.resident,
            presence_id=command.presence_id, request_id=command.request_id,
            recorded_by=source.recorded_by, wording=command.wording, received_on=desk.today,
        )
    )  # fmt: skip
    tell_handler(desk, complaint)
    desk.about(complaint)
    return Answer(body=complaint, version=complaint.version)


def _said_today(desk: Desk, command: ComplaintCommand, source: _From) -> Complaint | None:
    """The same words of the same person, or taken of the same body, today: it is one complaint,
    however often it is sent. Of residents without a name two may say the same, and both are kept.
    """
    if source.person_id is None and source.organisation_id is None:
        return None
    asked = ("organisation_id", "person_id", "recorded_by")
    for held in desk.unit.find(
        ComplaintSource, person_id=source.person_id, organisation_id=source.organisation_id,
        received_on=desk.today,
    ):  # fmt: skip
        if all(getattr(held, n) == getattr(source, n) for n in asked) and all(
            getattr(held, n) == getattr(command, n)
            for n in ("wording", "presence_id", "request_id")
        ):
            first = desk.unit.get(Complaint, held.complaint_id)
            if (first.against_id, first.subject) == (command.against_id, command.subject):
                return first
    return None


def _from(desk: Desk, command: ComplaintCommand) -> _From:
    """Who complains: the person, their body, or whom the street took the call of."""
    if command.resident and (numbered(command.wording) or numbered(command.subject)):
        raise Refusal(PERSONAL)
    if command.resident or command.organisation_id is not None:
        return _recorded(desk, command)
    if command.area_id is not None:
        raise Refusal(WHOSE)
    own = [post.organisation_id for post in desk.actor.posts]
    post = desk.authorise("complaint.register", owners=own)
    body = desk.places.organisation(post.organisation_id)
    return _From(
        area=desk.places.home(body), person_id=desk.actor.person_id,
        organisation_id=body.id if command.for_body else None,
    )  # fmt: skip


def _recorded(desk: Desk, command: ComplaintCommand) -> _From:
    if command.resident and command.organisation_id is not None:
        raise Refusal(WHOSE)
    if command.organisation_id is not None:
        body = desk.places.standing(command.organisation_id)
        area = desk.places.home(body)
        desk.authorise("complaint.record", paths=[area.path])
        return _From(area=area, organisation_id=body.id, recorded_by=desk.actor.person_id)
    named = desk.places.area(command.area_id, desk.today) if command.area_id else None
    # A post's own ground lies below it: a resident's complaint needs no place.
    paths = [named.path] if named else [post.area_path for post in desk.actor.posts]
    post = desk.authorise("complaint.record", paths=paths)
    area = named or desk.places.home(desk.places.organisation(post.organisation_id))
    return _From(area=area, recorded_by=desk.actor.person_id, placed=named is not None)


def _check_subject(desk: Desk, subject: str, source: _From, against: str) -> None:
    """What others read must not tell who complained: neither their name nor their bodies, but that
    which they complain of, nor their place."""
    bodies = {source.organisation_id} if source.organisation_id else set[str]()
    bodies |= {p.organisation_id for p in desk.actor.posts} if source.person_id else set()
    bodies -= {against}
    told = [desk.places.organisation(id).name for id in bodies]
    told += [desk.actor.name] if source.person_id else []
    # What lies over the whole county tells no place.
    told += [source.area.name] if source.placed and source.area.level in _PLACES else []
    if any(name in subject for full in told for name in called(full)):
        raise Refusal(TELLS)


def _check_known(desk: Desk, command: ComplaintCommand) -> None:
    """What is named is there, and whoever complains may know of it."""
    for kind, id in ((Presence, command.presence_id), (Request, command.request_id)):
        if id is not None and not (
            desk.unit.maybe(kind, id) and knows(desk.office, desk.unit, desk.actor, (kind, id))
        ):
            raise Refusal(HIDDEN)


def _rule(desk: Desk, on: date) -> Complaints | None:
    return desk.rulebook(on).overlay.setting(lambda d: d.complaints)


def clock_in(book: Rulebook) -> Clock | None:
    """How long there is to answer; ``None`` = the packs give no time."""
    rule = book.overlay.setting(lambda d: d.complaints)
    return rule.answered_in if rule is not None else None


def due_of(desk: Desk, received_on: date) -> tuple[date | None, bool]:
    """The last day to answer, by the packs of the day it was received, and whether it is a guess;
    none where they give no time."""
    clock = clock_in(desk.rulebook(received_on))
    return (None, False) if clock is None else desk.rulebook().calendar.due(clock, received_on)


def tell_handler(desk: Desk, complaint: Complaint) -> None:
    """Let those who verify know, in the register's words."""
    message = Message(
        kind=NoticeKind.HANDED, text=f"收到投诉 {complaint.number}：{complaint.subject}",
        text_en=f"A complaint came in, {complaint.number}: {complaint.subject}",
    )  # fmt: skip
    able = holders(desk, complaint.handler_id, "complaint.verify")
    told = [one for one in able if not belongs(desk, one, complaint.against_id)]
    tell(desk, told, message, complaint)


def bodies_of(desk: Desk, received_on: date) -> list[str]:
    """Keys of the bodies that handle complaints, by the packs of a day."""
    rule = _rule(desk, received_on)
    return list(rule.bodies) if rule else []


def home_of(desk: Desk, source: ComplaintSource) -> Area:
    """The place a complaint came from."""
    id = source.area_path.strip("/").rpartition("/")[2]
    held = (desk.unit.beside(county).maybe(Area, id) for county in above(desk.unit.county))
    return next((area for area in held if area is not None), None) or desk.places.county()
