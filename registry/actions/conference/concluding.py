"""会议纪要 a meeting is closed with its minutes: votes are counted and the cases are decided by them.

One act: without a quorum, or with a vote of somebody who was not there, nothing is decided at all.
A case that can no longer be decided is skipped and says why; one without a vote is put off.
"""

from typing import Annotated

import msgspec

from registry.actions import evidence
from registry.actions.approving import ABSOLUTE, DecideCommand, pass_approval, settle
from registry.actions.between.hearing import check_heard
from registry.actions.conference.agendas import rule_of
from registry.actions.conference.casting import check_day
from registry.actions.conference.conferring import entered, inform, shown
from registry.actions.conference.sitting import ASIDE, may_vote
from registry.actions.filing import move
from registry.actions.office import Answer, Desk
from registry.actions.ties import bonds
from registry.actions.voting import NO_TASK, OpinionCommand, say
from registry.domain.approval import Ballot, Step, StepState, Task, TaskState
from registry.domain.areas import Relation
from registry.domain.conference import (
    AgendaItem,
    Conference,
    ConferenceState,
    ConferenceVote,
    Member,
    least,
    result_of,
    tally,
)
from registry.domain.document import Document, DocumentType
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.records import Ident, Line, Wire
from registry.domain.request import Request
from registry.policies.procedure import ConferenceRule

CLOSING = "conference.close"
NOT_SEATED = declare(
    "conference.present", RefusalKind.INVALID, "{named} 不是会议成员，不能计入出席",
    "{named} is no member of the meeting and cannot be counted present.",
)  # fmt: skip
NO_QUORUM = declare(
    "conference.no_quorum", RefusalKind.INVALID,
    "出席 {present} 人，不足法定的 {quorum} 人（成员 {members} 人），会议不能作出决定",
    "{present} of {members} members sat; it takes {quorum}. The meeting decides nothing.",
    recorded=True,
)  # fmt: skip
ABSENT_VOTE = declare(
    "conference.absent_vote", RefusalKind.INVALID, "{named} 未出席会议，却有表决记录",
    "{named} did not sit and yet has votes on record.", recorded=True,
)  # fmt: skip
NO_MINUTES = declare(
    "conference.minutes", RefusalKind.INVALID, "附件 {document} 不是会议纪要",
    "Document {document} is not the minutes of a meeting.", recorded=True,
)  # fmt: skip


class CloseCommand(Wire, frozen=True, kw_only=True):
    """会议结束: who sat, and the minutes."""

    present: Annotated[list[Ident], msgspec.Meta(max_length=200)]
    """Ids of the members who sat."""
    minutes_number: Line
    document_id: Ident
    """会议纪要, uploaded to the meeting with type ``minutes``."""


class Sitting(Wire, frozen=True, kw_only=True):
    """到会情况: what the cases of a meeting are counted by."""

    held: Conference
    rule: ConferenceRule
    present: list[Member]
    votes: list[ConferenceVote]
    minutes_number: str


def close(desk: Desk, id: str, version: int | None, command: CloseCommand) -> Answer:
    """会议结束: the minutes are kept, and the cases voted on are decided in the conference's name.

    Raises:
        Refusal: ``conference.no_quorum``, ``conference.absent_vote``, ``conference.present``,
            ``conference.minutes``, ``conference.too_early``, ``conference.state``.
    """
    held = entered(desk, id, CLOSING)
    desk.check_version(held, version)
    check_day(desk, held)
    _check_minutes(desk, held, command.document_id)
    sitting = _sitting(desk, held, command)
    # Cases are taken in one order, so that two meetings never wait for each other.
    done = {i.request_id: _taken(desk, sitting, i)
            for i in sorted(held.agenda, key=lambda i: i.request_id)}  # fmt: skip
    changed = desk.unit.change(
        held, state=ConferenceState.CLOSED, agenda=[done[i.request_id] for i in held.agenda],
        present=[m.person_id for m in sitting.present],
        quorum=least(len(held.members), sitting.rule.quorum),
        minutes_number=command.minutes_number, document_id=command.document_id,
        closed_by=desk.actor.person_id, closed_on=desk.today,
    )  # fmt: skip
    inform(desk, changed, _told(changed), _outcome(changed))
    return shown(desk, changed)


def _check_minutes(desk: Desk, held: Conference, document_id: str) -> None:
    evidence.check(desk, [document_id], held.id)
    if desk.unit.get(Document, document_id).type is not DocumentType.MINUTES:
        raise Refusal(NO_MINUTES, document=document_id)


def _sitting(desk: Desk, held: Conference, command: CloseCommand) -> Sitting:
    """Who sat and what was voted, if that makes a meeting that may decide."""
    rule = rule_of(desk, held.held_on)
    present = [m for m in held.members if m.person_id in command.present]
    foreign = sorted(set(command.present) - {m.person_id for m in present})
    if foreign:
        raise Refusal(NOT_SEATED, named="、".join(foreign))
    quorum = least(len(held.members), rule.quorum)
    if len(present) < quorum:
        raise Refusal(NO_QUORUM, present=len(present), quorum=quorum, members=len(held.members))
    votes = desk.unit.find(ConferenceVote, conference_id=held.id)
    absent = sorted({v.person_id for v in votes} - {m.person_id for m in present})
    if absent:
        raise Refusal(ABSENT_VOTE, named="、".join(absent))
    return Sitting(held=held, rule=rule, present=present, votes=votes,
                   minutes_number=command.minutes_number)  # fmt: skip


def _taken(desk: Desk, sitting: Sitting, item: AgendaItem) -> AgendaItem:
    """One case: counted, and decided where it can be."""
    request = desk.unit.get(Request, item.request_id, lock=True)
    counted = _counted(desk, sitting, item, request)
    if counted.result is None:
        return counted
    before = desk.unit.mark()
    try:
        _speak(desk, sitting, _ready(desk, request, counted), counted)
    except Refusal as refusal:
        # What one case cannot be carried out for holds up no other.
        desk.unit.back_to(before)
        for row in refusal.keep:
            desk.unit.add(row)
        return msgspec.structs.replace(counted, skipped=refusal.code)
    return counted


def _counted(
    desk: Desk, sitting: Sitting, item: AgendaItem, request: Request
) -> AgendaItem:  # fmt: skip
    """The votes of those present who need not stand aside."""
    voting = {m.person_id for m in sitting.present if may_vote(desk, request, item, m)}
    ballots = [
        v.ballot for v in sitting.votes if v.request_id == request.id and v.person_id in voting
    ]
    told = tally(ballots, len(voting))
    return msgspec.structs.replace(
        item, agree=told.agree, disagree=told.disagree, abstain=told.abstain,
        may_vote=told.may_vote, needed=least(told.may_vote, sitting.rule.carried),
        result=result_of(told, sitting.rule.carried),
    )  # fmt: skip


def _ready(desk: Desk, request: Request, item: AgendaItem) -> Task:
    """The conference's task, if its word can be entered now by who closes the meeting.

    Raises:
        Refusal: ``task.none``, ``conference.stands_aside``, ``request.state``,
            ``decision.absolute``, ``gate.refused``, ``task.waiting``.
    """
    task = desk.unit.get(Task, item.task_id)
    step = desk.unit.get(Step, task.step_id)
    if task.state is not TaskState.OPEN or step.state is not StepState.OPEN:
        raise Refusal(NO_TASK)
    check_heard(desk, task)
    _check_recorder(desk, request)
    if request.absolute:
        raise Refusal(ABSOLUTE)
    if item.result is Ballot.AGREE:
        move(request, "approve")
        pass_approval(desk, request)
    else:
        move(request, "reject")
    return task


def _check_recorder(desk: Desk, request: Request) -> None:
    """Who filed a case, or belongs to who asks, does not enter what was decided on it either."""
    people = [p for p in (desk.actor.person_id, desk.on_behalf_of) if p]
    ties = bonds(desk, request, people)
    if desk.office.access.may([(desk.post, Relation.OWN)], CLOSING, ties) is None:
        raise Refusal(ASIDE, person=desk.actor.person_id)


def _speak(desk: Desk, sitting: Sitting, task: Task, item: AgendaItem) -> None:
    """Enter the conference's word; the decision it leads to names the meeting and its minutes."""
    held, ballot = sitting.held, item.result or Ballot.COMMENT
    reason = (
        f"经「{held.title}」（{held.held_on}）表决：同意 {item.agree}、不同意 {item.disagree}、"
        f"弃权 {item.abstain}，见会议纪要 {sitting.minutes_number}"
    )
    given = say(desk, task, OpinionCommand(ballot=ballot, text=reason))
    desk.unit.change(given, conference_id=held.id)
    settle(desk, desk.unit.get(Step, task.step_id), task, DecideCommand(reason=reason))


def _told(held: Conference) -> list[str]:
    return [held.called_by, *(m.person_id for m in held.members)]


def _outcome(held: Conference) -> tuple[str, str]:
    """What came of a meeting, in one sentence."""
    agenda = held.agenda
    decided = [i for i in agenda if i.result is not None and not i.skipped]
    carried = sum(i.result is Ballot.AGREE for i in decided)
    put_off, skipped = sum(i.result is None for i in agenda), sum(bool(i.skipped) for i in agenda)
    zh = (
        f"会议「{held.title}」结束，纪要 {held.minutes_number}：通过 {carried} 件，"
        f"未通过 {len(decided) - carried} 件，缓议 {put_off} 件，未能办理 {skipped} 件"
    )
    en = (
        f"The meeting {held.title} is closed, minutes {held.minutes_number}: carried {carried}, "
        f"not carried {len(decided) - carried}, put off {put_off}, skipped {skipped}"
    )
    return zh, en  # fmt: skip
