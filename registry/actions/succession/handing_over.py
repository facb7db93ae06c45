"""交接 everything a person held goes to named people in one act; the account is closed behind it.

What the person did keeps their name. Nothing is left without somebody: else nothing is done (P16).
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Annotated, Any

import msgspec

from registry.actions.between.hearing import SPEAKING
from registry.actions.conference.sitting import VOTING, member_of
from registry.actions.numbering import take_paper_number
from registry.actions.office import Answer, Call, Desk, Office
from registry.actions.outbox import Message, heads, holders, posts_in, tell
from registry.actions.succession.holdings import holdings, posts_of
from registry.actions.ties import of_receiver
from registry.domain.approval import Task
from registry.domain.areas import Relation
from registry.domain.conference import Conference, ConferenceVote, seated
from registry.domain.delegation import Absence, Delegation
from registry.domain.document import Document
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.movement import Movement, MovementKind
from registry.domain.notice import Notice, NoticeKind
from registry.domain.people import Person, Post
from registry.domain.phrase import Phrase
from registry.domain.records import Ident, Record, Wire
from registry.domain.request import Request
from registry.domain.serial import Paper
from registry.domain.succession import HandedItem, Handing, Handover, HandoverPlan, Leaving
from registry.store.marks import Marks
from registry.store.naming import hold

LEFT = declare(
    "handover.left", RefusalKind.INVALID, "尚未指定接收人：{named}",
    "Nobody is named to receive: {named}.", recorded=True,
)  # fmt: skip
RECEIVER = declare(
    "handover.receiver", RefusalKind.INVALID, "{person} 不能接收「{title}」：须为该单位在岗、能办此事的人员",
    "{person} cannot receive {title}: it takes somebody of that organisation whose post may do it.",
    recorded=True,
)  # fmt: skip
TIED = declare(
    "handover.tied", RefusalKind.INVALID, "{person} 与「{title}」一案有关联，应当回避",
    "{person} is bound to the case {title} and must stand aside.", recorded=True,
)  # fmt: skip
STRANGE = declare(
    "handover.item", RefusalKind.INVALID, "{named} 不在此人名下，无从交接",
    "{named} is nothing this person holds.", recorded=True,
)  # fmt: skip

KEEPS_ACCOUNT = frozenset({Leaving.MOVED, Leaving.LONG_LEAVE})
"""Reasons after which the account stays, unless it is said otherwise."""


class HandedTo(Wire, frozen=True, kw_only=True):
    """移交一项: what goes to somebody else than the rest."""

    kind: Annotated[str, msgspec.Meta(max_length=40)]
    id: Ident
    to_person_id: Ident


class HandoverCommand(Wire, frozen=True, kw_only=True):
    """交接: who leaves why, who has their things."""

    person_id: Ident
    reason: Leaving
    to: Ident | None = None
    """Who receives everything nobody else is named for."""
    items: Annotated[list[HandedTo], msgspec.Meta(max_length=5000)] = []
    posts: Annotated[list[Ident], msgspec.Meta(max_length=100)] | None = None
    """任职 that end; absent = all. What belongs to an organisation where another post stays is
    kept."""
    freeze: bool | None = None
    """Absent = by the reason: closed on leaving and after an election, else kept."""
    document_id: Ident | None = None


def asked(office: Office, call: Call, person_id: str) -> HandoverPlan:
    """预案: everything a person holds; one's own is always shown."""
    plan: HandoverPlan = office.ask(call, lambda desk: Answer(body=_shown(desk, person_id))).body
    return plan


def _shown(desk: Desk, person_id: str) -> HandoverPlan:
    person = desk.unit.get(Person, person_id)
    desk.about(person)
    posts = posts_of(desk, person.id)
    if desk.actor.person_id != person.id:
        _authorise(desk, "handover.read", posts)
    items = [item for _, item in holdings(desk, person.id)]
    return HandoverPlan(person_id=person.id, person_name=person.name, items=items,
                        posts=[_post_item(p) for p in posts])  # fmt: skip


def _post_item(post: Post) -> HandedItem:
    return HandedItem(kind="post", id=post.id, title=post.role, how=Handing.ENDED,
                      organisation_id=post.organisation_id)  # fmt: skip


def _authorise(desk: Desk, act: str, posts: list[Post]) -> None:
    """For each organisation by itself: a head hands over their own people's things."""
    county = desk.places.county().path
    if not posts:
        desk.authorise(act, paths=[county])
    for id in sorted({p.organisation_id for p in posts}):
        home = desk.places.home(desk.places.organisation(id))
        desk.authorise(act, owners=[id], paths=[home.path])


def hand_over(desk: Desk, command: HandoverCommand) -> Answer:
    """交接: one act, after which nothing lies in the person's hands."""
    hold(desk.unit, Post)
    person = desk.unit.get(Person, command.person_id, lock=True)
    desk.about(person)
    held = posts_of(desk, person.id)
    ending = [p for p in held if command.posts is None or p.id in command.posts]
    _authorise(desk, "handover.run", ending or held)
    strange = sorted(set(command.posts or ()) - {p.id for p in held})
    if strange:
        raise Refusal(STRANGE, named=strange[0])
    if command.document_id is not None:
        desk.unit.get(Document, command.document_id)
    lines = _lines(desk, command, [p for p in held if p not in ending] if ending else [])
    for record, line in lines:
        _pass_on(desk, record, line)
    for post in ending:
        # Not held on this day any more: nobody acts by it after the handover.
        desk.unit.change(post, valid_to=desk.today - timedelta(days=1))
    handover = _record(desk, command, (person, ending), [line for _, line in lines])
    if handover.frozen:
        desk.unit.change(person, active=False)
        Marks(desk.unit.connection, desk.unit.county).drop_tokens(person.id)
    _announce(desk, handover)
    desk.about(handover)
    return Answer(body=handover, version=handover.version)


def _lines(
    desk: Desk, command: HandoverCommand, staying: list[Post]
) -> list[tuple[Record, HandedItem]]:
    """Each thing with its receiver, all of them able to have it.

    Raises:
        Refusal: ``handover.item``, ``.left``, ``.receiver``, ``.tied``.
    """
    kept = {p.organisation_id for p in staying}
    named = {(i.kind, i.id): i.to_person_id for i in command.items}
    lines, left = [], []
    for record, item in holdings(desk, command.person_id):
        if item.organisation_id in kept or (staying and item.organisation_id is None):
            continue
        if item.how is Handing.ENDED:
            lines.append((record, item))
            named.pop((item.kind, item.id), None)
            continue
        to = named.pop((item.kind, item.id), command.to)
        if to is None:
            left.append((item.title, f"{item.kind} {item.id}"))
            continue
        _check_receiver(desk, command.person_id, record, (item, to))
        lines.append((record, msgspec.structs.replace(item, to_person_id=to)))
    if named:
        raise Refusal(STRANGE, named=" ".join(next(iter(named))))
    if left:
        titles = "、".join(dict.fromkeys(title for title, _ in left))
        raise Refusal(LEFT, named=titles, items=[item for _, item in left])
    return lines


def _check_receiver(
    desk: Desk, leaving: str, record: Record, given: tuple[HandedItem, str]
) -> None:
    item, to = given
    person = desk.unit.maybe(Person, to)
    told: dict[str, Any] = {"person": person.name if person else to, "title": item.title}
    if person is None or not person.in_force(desk.today) or to == leaving:
        raise Refusal(RECEIVER, **told)
    where = item.organisation_id
    if where is None:
        return
    roles = [(p.role, Relation.OWN) for p in posts_in(desk, where) if p.person_id == to]
    act = _act_of(record, leaving)
    if not roles or (act and to not in holders(desk, where, act)):
        raise Refusal(RECEIVER, **told)
    if isinstance(record, Task):
        request = desk.unit.get(Request, record.request_id)
        if desk.office.access.may(roles, act, of_receiver(desk, request, record, to)) is None:
            raise Refusal(TIED, **told)


def _act_of(record: Record, leaving: str) -> str:
    """What the receiver must be allowed to do; empty = it is enough to belong there."""
    if isinstance(record, Conference) and member_of(record, leaving) is not None:
        return VOTING
    if isinstance(record, Request):
        return "request.record_edit" if record.recorded_by_organisation_id else "request.edit"
    return SPEAKING[record.act] if isinstance(record, Task) else ""


def _pass_on(desk: Desk, record: Record, line: HandedItem) -> None:
    """What becomes of one thing; a paper somebody made keeps their name."""
    field = {Request: "holder_id", Task: "person_id", Phrase: "person_id", Notice: "person_id",
             Delegation: "ended_on", Absence: "ended_on"}.get(type(record))  # fmt: skip
    if isinstance(record, Conference):
        _seat(desk, record, line)
    elif field is not None:
        value: Any = desk.today if field == "ended_on" else line.to_person_id
        desk.unit.change(record, **{field: value})
    if isinstance(record, Request | Task):
        task = record if isinstance(record, Task) else None
        desk.unit.add(
            Movement(
                county=desk.unit.county, id=desk.id("mov"), kind=MovementKind.HAND_OVER,
                request_id=task.request_id if task else record.id,
                task_id=task.id if task else None, step_id=task.step_id if task else None,
                person_id=desk.actor.person_id, organisation_id=line.organisation_id or "",
                to_person_id=line.to_person_id, to_organisation_id=line.organisation_id,
                on_behalf_of=desk.on_behalf_of, at=desk.now,
            )
        )  # fmt: skip


def _seat(desk: Desk, meeting: Conference, line: HandedItem) -> None:
    """Who leaves sits no more; who follows takes the seat, unless they sit already."""
    leaving = desk.subject.id if isinstance(desk.subject, Person) else ""
    voted = desk.unit.find(ConferenceVote, conference_id=meeting.id, person_id=leaving)
    if voted:
        return  # one seat has one vote: it stays with who has cast it
    there = {m.person_id for m in meeting.members}
    members = [
        msgspec.structs.replace(m, person_id=line.to_person_id)
        if m.person_id == leaving and line.to_person_id not in there else m
        for m in meeting.members
        if m.person_id != leaving or line.to_person_id not in there
    ]  # fmt: skip
    if members != meeting.members:
        desk.unit.change(meeting, members=members, seated=seated(members))


def _number(desk: Desk, body_id: str | None, id: str) -> str:
    """编号 of the 交接清单; empty where nobody's body is known."""
    if body_id is None:
        return ""
    return take_paper_number(desk, Paper.HANDOVER, desk.places.organisation(body_id), object_id=id)


def _record(
    desk: Desk, command: HandoverCommand, who: tuple[Person, list[Post]], items: list[HandedItem]
) -> Handover:
    person, ending = who
    bodies = {p.organisation_id for p in ending} | {
        i.organisation_id for i in items if i.organisation_id
    }  # fmt: skip
    frozen = command.reason not in KEEPS_ACCOUNT if command.freeze is None else command.freeze
    id, first = desk.id("hov"), ending[0].organisation_id if ending else min(bodies, default=None)
    return desk.unit.add(
        Handover(
            county=desk.unit.county, id=id, number=_number(desk, first, id), person_id=person.id,
            person_name=person.name, reason=command.reason,
            organisation_id=first,
            organisations=sorted(bodies), document_id=command.document_id, items=items,
            posts_ended=[p.id for p in ending], frozen=frozen,
            done_by=desk.actor.person_id, done_on=desk.today,
        )
    )  # fmt: skip


def _announce(desk: Desk, handover: Handover) -> None:
    """Whoever received something is told how much, and the heads that it is done."""
    name = handover.person_name
    for to in dict.fromkeys(i.to_person_id for i in handover.items):
        if to is not None:
            count = sum(i.to_person_id == to for i in handover.items)
            told = f"{name}的{count}项工作已交接给您"
            _tell(desk, [to], (told, f"{count} things of {name} were handed to you."), handover)
    chiefs = [p for body in handover.organisations for p in heads(desk, body)]
    _tell(desk, chiefs, (f"{name}的工作交接已办理", f"The handover of {name} is done."), handover)


def _tell(desk: Desk, people: Iterable[str], words: tuple[str, str], handover: Handover) -> None:
    message = Message(kind=NoticeKind.HANDOVER, text=words[0], text_en=words[1])
    tell(desk, [p for p in people if p != handover.person_id], message, handover)
