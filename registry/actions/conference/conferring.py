"""联席会议 a meeting of the body is called, changed and called off; each case lies on one agenda."""

from datetime import date
from typing import Annotated

import msgspec

from registry.actions.conference.agendas import ON_AGENDA, convened, houses, rule_of
from registry.actions.conference.sitting import check_members
from registry.actions.office import Answer, Desk
from registry.actions.outbox import Message, tell
from registry.actions.rules.signing import county_paths
from registry.domain.approval import DECIDING, Task, TaskState
from registry.domain.conference import (
    AgendaItem,
    Conference,
    ConferenceState,
    ConferenceVote,
    Member,
    seated,
)
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.notice import NoticeKind
from registry.domain.records import Ident, Line, Wire
from registry.domain.request import Request

NO_CASE = declare(
    "conference.no_case", RefusalKind.INVALID,
    "案件 {request} 在该会议没有待决定的事项，不能列入议程",
    "Case {request} has nothing for this conference to decide; it is put on no agenda.",
)  # fmt: skip
TWICE = declare(
    "conference.twice", RefusalKind.INVALID, "成员或者案件重复列入：{named}",
    "Named twice among the members or the cases: {named}.",
)  # fmt: skip
SETTLED = declare(
    "conference.state", RefusalKind.CONFLICT, "会议已经结束或者取消（{state}）",
    "The meeting is {state} already.", recorded=True,
)  # fmt: skip
HAS_VOTES = declare(
    "conference.has_votes", RefusalKind.CONFLICT, "{named} 已有表决记录，不能移出会议",
    "{named} has votes on record and stays in the meeting.", recorded=True,
)  # fmt: skip


class ConferenceCommand(Wire, frozen=True, kw_only=True):
    """召集会议: who sits, and on which cases."""

    title: Line
    held_on: date
    place: Annotated[str, msgspec.Meta(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")] = ""
    members: Annotated[list[Member], msgspec.Meta(min_length=1, max_length=200)]
    agenda: Annotated[list[Ident], msgspec.Meta(min_length=1, max_length=500)]
    """Ids of the requests."""


class CancelCommand(Wire, frozen=True, kw_only=True):
    """取消会议."""

    reason: Line


def call(desk: Desk, command: ConferenceCommand) -> Answer:
    """召集: the office of the conference sets day, members and agenda.

    Raises:
        Refusal: ``conference.no_rule``, ``conference.no_case``, ``conference.on_agenda``,
            ``conference.member``, ``conference.twice``.
    """
    bodies = [o.id for o in houses(desk)]
    post = desk.authorise("conference.call", owners=bodies, paths=county_paths(desk))
    check_members(desk, command.members)
    _check_once(command)
    held = desk.unit.add(
        Conference(
            county=desk.unit.county, id=desk.id("cnf"), organisation_id=post.organisation_id,
            title=command.title, held_on=command.held_on, place=command.place,
            members=command.members, seated=seated(command.members),
            agenda=_agenda(desk, post.organisation_id, command.agenda),
            called_by=desk.actor.person_id,
        )
    )  # fmt: skip
    _invite(desk, held, held.members)
    return shown(desk, held)


def amend(desk: Desk, id: str, version: int | None, command: ConferenceCommand) -> Answer:
    """变更会议: another day, other members or cases, while it is convened. Who has voted and what
    was voted on stays."""
    held = entered(desk, id, "conference.amend")
    desk.check_version(held, version)
    check_members(desk, command.members)
    _check_once(command)
    _check_voted(desk, held, command)
    kept = {i.request_id: i for i in held.agenda if i.request_id in command.agenda}
    added = [r for r in command.agenda if r not in kept]
    found = {i.request_id: i for i in _agenda(desk, held.organisation_id, added)} | kept
    changed = desk.unit.change(
        held, title=command.title, held_on=command.held_on, place=command.place,
        members=command.members, seated=seated(command.members),
        agenda=[found[r] for r in command.agenda],
    )  # fmt: skip
    _invite(desk, changed, [*held.members, *changed.members])
    return shown(desk, changed)


def cancel(desk: Desk, id: str, version: int | None, command: CancelCommand) -> Answer:
    """取消会议: its cases are free again; what was voted stays on record and decides nothing."""
    held = entered(desk, id, "conference.cancel")
    desk.check_version(held, version)
    changed = desk.unit.change(held, state=ConferenceState.CANCELLED, reason=command.reason)
    inform(
        desk, changed, [m.person_id for m in held.members],
        (f"会议「{held.title}」取消：{command.reason}",
         f"The meeting {held.title} is called off: {command.reason}"),
    )  # fmt: skip
    return shown(desk, changed)


def entered(desk: Desk, id: str, act: str) -> Conference:
    """A meeting that is still to be held, for who runs its office, held against other acts.

    Raises:
        Refusal: ``conference.state``; as access says.
    """
    held = desk.unit.get(Conference, id, lock=True)
    desk.about(held)
    desk.authorise(act, owners=[held.organisation_id], paths=county_paths(desk))
    check_convened(held)
    return held


def check_convened(held: Conference) -> None:
    """Refuse what comes after the meeting was closed or called off."""
    if held.state is not ConferenceState.CONVENED:
        raise Refusal(SETTLED, state=held.state.value)


def inform(desk: Desk, held: Conference, people: list[str], words: tuple[str, str]) -> None:
    """Put a sentence about a meeting in the inbox of people, in Chinese and English."""
    tell(desk, people, Message(kind=NoticeKind.CONFERENCE, text=words[0], text_en=words[1]), held)


def shown(desk: Desk, held: Conference) -> Answer:
    """A meeting as an answer, and the event about it."""
    desk.about(held)
    return Answer(body=held, version=held.version)


def _agenda(desk: Desk, organisation_id: str, requests: list[str]) -> list[AgendaItem]:
    """The cases as items, each with the task by which it lies at the conference; the cases are
    held in one order, so that two calls never wait for each other."""
    found = {id: _item(desk, organisation_id, id) for id in sorted(requests)}
    return [found[id] for id in requests]


def _item(desk: Desk, organisation_id: str, request_id: str) -> AgendaItem:
    request = desk.unit.maybe(Request, request_id, lock=True)
    tasks = [] if request is None else desk.unit.find(
        Task, request_id=request_id, organisation_id=organisation_id, state=TaskState.OPEN.value
    )  # fmt: skip
    # Of a body that carries two functions, what lies there by the other is no case of the meeting.
    keys = (rule_of(desk).body, "")
    at = (t for t in tasks if t.act in DECIDING and t.asked_by is None and t.body in keys)
    task = next(at, None)
    if task is None:
        raise Refusal(NO_CASE, request=request_id)
    other = convened(desk, task)
    if other is not None:
        raise Refusal(ON_AGENDA, conference=other.id, title=other.title)
    return AgendaItem(request_id=request_id, task_id=task.id)


def _check_once(command: ConferenceCommand) -> None:
    people = [m.person_id for m in command.members]
    for named in (people, command.agenda):
        twice = sorted({n for n in named if named.count(n) > 1})
        if twice:
            raise Refusal(TWICE, named="、".join(twice))


def _check_voted(desk: Desk, held: Conference, command: ConferenceCommand) -> None:
    votes = desk.unit.find(ConferenceVote, conference_id=held.id)
    left = {v.person_id for v in votes} - {m.person_id for m in command.members}
    left |= {v.request_id for v in votes} - set(command.agenda)
    if left:
        raise Refusal(HAS_VOTES, named="、".join(sorted(left)))


def _invite(desk: Desk, held: Conference, members: list[Member]) -> None:
    inform(
        desk, held, [m.person_id for m in members],
        (f"会议「{held.title}」定于 {held.held_on} 召开，议题 {len(held.agenda)} 件",
         f"The meeting {held.title} is held on {held.held_on}; cases: {len(held.agenda)}"),
    )  # fmt: skip
