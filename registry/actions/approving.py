"""审批 accept, return, examine, opine, approve, reject: what the deciding side does (P3, P14)."""

from typing import Annotated

import msgspec

from registry.actions import evidence
from registry.actions.afterwards.reviewing import check_past_review
from registry.actions.afterwards.settled import check_at_rest, check_unchanging, tell_asking
from registry.actions.clocks import left_of, start_clock
from registry.actions.conference.agendas import check_free
from registry.actions.deciding import issue, settle_parent
from registry.actions.filing import move
from registry.actions.granting import merged
from registry.actions.judging import APPROVED_AT, consulted, pass_gate
from registry.actions.numbering import take_paper_number
from registry.actions.office import Answer, Desk
from registry.actions.owing.lateness import settled_of
from registry.actions.routing import go_on, hand_next
from registry.actions.steps import clear, deciders
from registry.actions.views import view
from registry.actions.voting import (
    ACT_OF,
    NO_TASK,
    OpinionCommand,
    close_step,
    enter,
    open_case_of,
    place,
    rests_on,
    result_of,
    say,
)
from registry.domain.approval import (
    DECIDING,
    Ballot,
    DecisionKind,
    Step,
    StepAct,
    StepState,
    Task,
)
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.grant import GrantCommand, narrowed
from registry.domain.notice import NoticeKind
from registry.domain.records import Line, Text, Wire
from registry.domain.request import Request
from registry.domain.serial import Paper
from registry.domain.vocabulary import Disclosure, Gate

__all__ = ["NO_TASK", "OpinionCommand"]

ABSOLUTE = declare(
    "decision.absolute", RefusalKind.CONFLICT, "该规则为绝对禁止，只能作出不予受理决定",
    "The rule is absolute: only 不予受理 can be issued.", recorded=True,
)  # fmt: skip
NOT_DECIDING = declare(
    "step.not_deciding", RefusalKind.CONFLICT, "当前环节「{step}」不作决定，请先提出意见",
    "The present step {step} decides nothing; give an opinion first.", recorded=True,
)  # fmt: skip
SECOND_RETURN = declare(
    "return.second", RefusalKind.INVALID, "补正应一次性告知；再次退回须说明首次未能发现的理由",
    "Everything must be asked for at once; a second return needs a reason.", recorded=True,
)  # fmt: skip

NO_REVIEW = declare(
    "expert.document", RefusalKind.INVALID, "专家论证须附论证意见书",
    "An expert review is answered with the document of the review attached.", recorded=True,
)  # fmt: skip


class ReturnCommand(Wire, frozen=True, kw_only=True):
    """一次性补正告知: the whole list at once."""

    items: Annotated[list[Line], msgspec.Meta(min_length=1, max_length=50)]
    reason: Text = ""
    """Why this was not seen the first time (only for a second return)."""


class DecideCommand(Wire, frozen=True, kw_only=True):
    """决定意见: with the disclosure class that approval fixes (P8)."""

    reason: Text = ""
    disclosure: Disclosure | None = None
    disclosure_reason: Text = ""
    grant: GrantCommand | None = None
    """准予范围, where less than was asked is approved (P13); absent = as asked."""


def accept(desk: Desk, request_id: str, version: int | None) -> Answer:
    """受理: the clock starts here (P14)."""
    request, steps = open_case_of(desk, request_id)
    task = enter(desk, request, place(desk, steps), "request.accept")
    after = move(request, "accept")
    desk.check_version(request, version)
    body = desk.places.organisation(task.organisation_id)
    number = take_paper_number(desk, Paper.ACCEPTANCE, body, object_id=request.id)
    changed = desk.unit.change(
        request, state=after, accepted_on=desk.today, acceptance_number=number,
        accepted_by_name=body.name,
    )  # fmt: skip
    return _shown(desk, start_clock(desk, changed, "accepted"))


def send_back(desk: Desk, request_id: str, version: int | None, command: ReturnCommand) -> Answer:
    """退回补正: one list; a second return needs a reason and is counted."""
    request, steps = open_case_of(desk, request_id)
    task = enter(desk, request, place(desk, steps), "request.return")
    after = move(request, "return")
    desk.check_version(request, version)
    if request.returns and not command.reason.strip():
        raise Refusal(SECOND_RETURN, returns=request.returns)
    body = desk.places.organisation(task.organisation_id)
    changed = desk.unit.change(
        request, state=after, returns=request.returns + 1, return_items=list(command.items),
        clock_left=left_of(desk, request), returned_by_name=body.name,
        supplement_number=take_paper_number(desk, Paper.SUPPLEMENT, body, object_id=request.id),
    )  # fmt: skip
    desk.note = {"reason": command.reason} if command.reason else {}
    words = ("退回补正", "Returned for supplementing")
    tell_asking(desk, changed, words, changed, kind=NoticeKind.RETURNED)
    return _shown(desk, changed)


def opine(desk: Desk, task_id: str, version: int | None, command: OpinionCommand) -> Answer:
    """提出意见: examine, give an opinion, answer a consultation, or hand in an expert review."""
    request, steps = open_case_of(desk, desk.unit.get(Task, task_id).request_id)
    # Read again now that the case is held: another may have answered it meanwhile.
    task = desk.unit.get(Task, task_id)
    desk.check_version(task, version)
    step = next((s for s in steps if s.id == task.step_id), steps[0])
    if task.act not in ACT_OF:
        raise Refusal(NOT_DECIDING, step=step.name)
    mine = enter(desk, request, step, ACT_OF[task.act], wanted=task)
    evidence.check(desk, command.documents, request.id)
    if task.act is StepAct.EXPERT and not command.documents:
        raise Refusal(NO_REVIEW)
    move(request, "opine")
    say(desk, mine, command)
    return _shown(desk, advance(desk, step, mine))


def _deciding(
    desk: Desk, request_id: str, version: int | None, act: str
) -> tuple[Request, Step, Task]:
    """The case, its open deciding step and this body's task in it."""
    request, steps = open_case_of(desk, request_id)
    step = place(desk, steps, DECIDING)
    asked = "request.ratify" if step.act is StepAct.RATIFY else f"request.{act}"
    task = enter(desk, request, step, asked)
    if request.absolute:
        raise Refusal(ABSOLUTE)
    if step.act not in DECIDING:
        raise Refusal(NOT_DECIDING, step=step.name)
    check_free(desk, task)
    move(request, act)
    desk.check_version(request, version)
    return request, step, task


def approve(desk: Desk, request_id: str, version: int | None, command: DecideCommand) -> Answer:
    """准予, or 审定 what was decided below: this body's agreement; with the last one the decision
    is issued."""
    request, step, task = _deciding(desk, request_id, version, "approve")
    said = OpinionCommand(ballot=Ballot.AGREE, text=command.reason, grant=command.grant)
    say(desk, task, said)
    pass_approval(desk, request)
    return settle(desk, step, task, command)


def pass_approval(desk: Desk, request: Request) -> None:
    """Let a case through the gate of approval, or refuse it by the rules that stand there: they
    are asked about what would be given, as far as bodies have agreed to it by now.

    Raises:
        Refusal: ``decision.absolute``, ``gate.refused``, ``grant.nothing``.
    """
    if request.absolute:
        raise Refusal(ABSOLUTE)
    asked = {"consultation": consulted(desk, request)}
    given = narrowed(request.filing, merged(desk, request))
    gate = APPROVED_AT.get(request.purpose, Gate.APPROVE)
    if gate is not Gate.APPROVE:
        asked |= settled_of(desk, request)
    pass_gate(desk, gate, request, state=asked, about=request, filing=given)


def reject(desk: Desk, request_id: str, version: int | None, command: DecideCommand) -> Answer:
    """不予准入: this body's disagreement, with its reason."""
    _, step, task = _deciding(desk, request_id, version, "reject")
    say(desk, task, OpinionCommand(ballot=Ballot.DISAGREE, text=command.reason))
    return settle(desk, step, task, command)


def settle(desk: Desk, step: Step, task: Task, command: DecideCommand) -> Answer:
    """What follows from what was said in a deciding step: it waits, goes on, or is decided."""
    request = desk.unit.get(Request, step.request_id)
    desk.unit.change(
        request, disclosure=command.disclosure or request.disclosure,
        disclosure_reason=command.disclosure_reason or request.disclosure_reason,
    )  # fmt: skip
    return _shown(desk, advance(desk, step, task))


def advance(desk: Desk, step: Step, task: Task) -> Request:
    """What follows when somebody spoke in an open step, or need not be heard any more: the next
    body is asked (依次), the next step opens, or the decision is issued by whom it rests on.

    Args:
        task: whose speaking it was, or who is heard no more.
    """
    request = desk.unit.get(Request, step.request_id)
    begun = desk.unit.change(request, state=move(request, "opine"))
    result = result_of(desk, step)
    if result is None:
        hand_next(desk, begun, step)
        return begun
    close_step(desk, step, StepState.DONE)
    refused = step.act in DECIDING and result is Ballot.DISAGREE
    # Advice advises: whatever it says, the deciding step hears it and decides.
    if not refused and (not go_on(desk, begun) or step.act not in DECIDING):
        return begun
    kind = DecisionKind.NOT_ADMITTED if refused else DecisionKind.ADMITTED
    return issue(desk, rests_on(desk, step, task, result), kind, "")


def not_accept(desk: Desk, request_id: str, version: int | None, command: DecideCommand) -> Answer:
    """不予受理: numbered, in the body's name (P3)."""
    request, task = _ending(desk, request_id, "request.not_accept")
    move(request, "not-accept")
    desk.check_version(request, version)
    return _shown(desk, issue(desk, task, DecisionKind.NOT_ACCEPTED, command.reason))


def terminate(desk: Desk, request_id: str, version: int | None, command: DecideCommand) -> Answer:
    """终止办理: the body ends a case that cannot go on."""
    request, _ = _ending(desk, request_id, "request.terminate")
    after = move(request, "terminate")
    desk.check_version(request, version)
    clear(desk, request)
    desk.note = {"reason": command.reason}
    changed = desk.unit.change(request, state=after)
    if changed.parent_id is not None:
        settle_parent(desk, changed.parent_id)
    return _shown(desk, changed)


def _ending(desk: Desk, request_id: str, act: str) -> tuple[Request, Task]:
    """Who only advises ends no case: that is for a body that decides in some step of it (P3)."""
    request, steps = open_case_of(desk, request_id)
    step = place(desk, steps, DECIDING)
    task = enter(desk, request, step, act)
    if task.organisation_id not in deciders(desk, request):
        raise Refusal(NOT_DECIDING, step=step.name)
    check_free(desk, task)
    return request, task


def close(desk: Desk, request_id: str, version: int | None) -> Answer:
    """归档: by a body that took part, once everything is decided."""
    request = desk.unit.get(Request, request_id, lock=True)
    desk.about(request)
    tasks = desk.unit.find(Task, request_id=request.id)
    took_part = [t.organisation_id for t in tasks if t.asked_by is None]
    desk.authorise("request.close", owners=took_part)
    after = move(request, "close")
    desk.check_version(request, version)
    check_at_rest(desk, request)
    check_unchanging(desk, request)
    check_past_review(desk, request)
    return _shown(desk, desk.unit.change(request, state=after))


def _shown(desk: Desk, request: Request) -> Answer:
    desk.about(request)
    return Answer(body=view(desk, request), version=request.version)
