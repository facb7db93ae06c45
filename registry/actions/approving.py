"""审批 accept, return, examine, opine, approve, reject: what the deciding side does (P3, P14)."""

from typing import Annotated

import msgspec

from registry.actions import evidence
from registry.actions.deciding import issue, settle_parent
from registry.actions.filing import move
from registry.actions.judging import consulted, pass_gate
from registry.actions.office import Answer, Desk
from registry.actions.routing import case_due, current_step, decide_in, deciders, open_step, ties
from registry.actions.views import view
from registry.domain.approval import (
    Ballot,
    DecisionKind,
    Opinion,
    Step,
    StepAct,
    StepState,
    Task,
    TaskState,
    outcome_of,
)
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.records import Ident, Line, Text, Wire
from registry.domain.request import Request, State
from registry.domain.vocabulary import Disclosure, Gate

NO_TASK = declare(
    "task.none", RefusalKind.FORBIDDEN, "此环节没有您单位的待办",
    "Your organisation has nothing to do in this step.", recorded=True,
)  # fmt: skip
NOT_DECIDING = declare(
    "step.not_deciding", RefusalKind.CONFLICT, "当前环节「{step}」不作决定，请先提出意见",
    "The present step {step} decides nothing; give an opinion first.", recorded=True,
)  # fmt: skip
ABSOLUTE = declare(
    "decision.absolute", RefusalKind.CONFLICT, "该规则为绝对禁止，只能作出不予受理决定",
    "The rule is absolute: only 不予受理 can be issued.", recorded=True,
)  # fmt: skip
SECOND_RETURN = declare(
    "return.second", RefusalKind.INVALID, "补正应一次性告知；再次退回须说明首次未能发现的理由",
    "Everything must be asked for at once; a second return needs a reason.", recorded=True,
)  # fmt: skip

ACT_OF = {
    StepAct.EXAMINE: "task.examine",
    StepAct.OPINION: "task.opinion",
    StepAct.CONSULT: "task.consult",
}


class ReturnCommand(Wire, frozen=True, kw_only=True):
    """一次性补正告知: the whole list at once."""

    items: Annotated[list[Line], msgspec.Meta(min_length=1, max_length=50)]
    reason: Text = ""
    """Why this was not seen the first time (only for a second return)."""


class OpinionCommand(Wire, frozen=True, kw_only=True):
    """意见."""

    ballot: Ballot
    text: Text = ""
    documents: list[Ident] = []


class DecideCommand(Wire, frozen=True, kw_only=True):
    """决定意见: with the disclosure class that approval fixes (P8)."""

    reason: Text = ""
    disclosure: Disclosure | None = None
    disclosure_reason: Text = ""


def _case(desk: Desk, request_id: str) -> tuple[Request, Step]:
    request = desk.unit.get(Request, request_id, lock=True)
    desk.about(request)
    step = current_step(desk, request)
    if step is None:
        raise Refusal(NO_TASK)
    return request, step


def _enter(desk: Desk, request: Request, step: Step, act: str) -> Task:
    """Check that the person may act on a task of this step; returns the task."""
    tasks = desk.unit.find(Task, step_id=step.id)
    desk.authorise(
        act, owners=[t.organisation_id for t in tasks],
        ties=ties(desk, request, step),
    )  # fmt: skip
    mine = {p.organisation_id for p in desk.actor.posts if p.role == desk.post}
    for task in tasks:
        if task.organisation_id in mine and task.state is TaskState.OPEN:
            return task
    raise Refusal(NO_TASK)


def accept(desk: Desk, request_id: str, version: int | None) -> Answer:
    """受理: the clock starts here (P14)."""
    request, step = _case(desk, request_id)
    _enter(desk, request, step, "request.accept")
    after = move(request, "accept")
    desk.check_version(request, version)
    due, provisional = case_due(desk, "accepted")
    changed = desk.unit.change(
        request, state=after, accepted_on=desk.today, due_on=due or request.due_on,
        due_provisional=provisional or request.due_provisional,
    )  # fmt: skip
    for task in desk.unit.find(Task, step_id=step.id, state=TaskState.OPEN.value):
        if task.due_on is None:
            desk.unit.change(task, due_on=due, due_provisional=provisional)
    return _shown(desk, changed)


def send_back(desk: Desk, request_id: str, version: int | None, command: ReturnCommand) -> Answer:
    """退回补正: one list; a second return needs a reason and is counted."""
    request, step = _case(desk, request_id)
    _enter(desk, request, step, "request.return")
    after = move(request, "return")
    desk.check_version(request, version)
    if request.returns and not command.reason.strip():
        raise Refusal(SECOND_RETURN, returns=request.returns)
    clock, left = decide_in(desk), None
    if clock is not None and clock.stops_while_supplementing and request.due_on:
        left, _ = desk.rulebook().calendar.working_days_between(desk.today, request.due_on)
    changed = desk.unit.change(
        request, state=after, returns=request.returns + 1, return_items=list(command.items),
        clock_left=left,
    )  # fmt: skip
    desk.note = {"reason": command.reason} if command.reason else {}
    return _shown(desk, changed)


def opine(desk: Desk, task_id: str, version: int | None, command: OpinionCommand) -> Answer:
    """提出意见: examine, give an opinion, or answer a consultation."""
    task = desk.unit.get(Task, task_id)
    request, step = _case(desk, task.request_id)
    desk.check_version(task, version)
    if step.act not in ACT_OF:
        raise Refusal(NOT_DECIDING, step=step.name)
    mine = _enter(desk, request, step, ACT_OF[step.act])
    evidence.check(desk, command.documents, request.id)
    after = move(request, "opine")
    _say(desk, mine, command)
    result = _result(desk, step)
    changed = desk.unit.change(request, state=after)
    if result is not None:
        _close(desk, step, StepState.DONE)
        # An opinion advises: whatever it says, the deciding step hears it and decides.
        open_step(desk, changed, step.ordinal + 1)
    return _shown(desk, changed)


def _say(desk: Desk, task: Task, command: OpinionCommand) -> None:
    desk.unit.add(
        Opinion(
            county=desk.unit.county,
            id=desk.id("opn"),
            request_id=task.request_id,
            step_id=task.step_id,
            task_id=task.id,
            organisation_id=task.organisation_id,
            person_id=desk.actor.person_id,
            ballot=command.ballot,
            text=command.text,
            documents=command.documents,
            given_at=desk.now,
        )
    )
    desk.unit.change(task, state=TaskState.DONE)


def _result(desk: Desk, step: Step) -> Ballot | None:
    """An advising step is done when every body has spoken (任一, under 或签); a deciding step by
    its quorum."""
    tasks = desk.unit.find(Task, step_id=step.id)
    said = {o.task_id: o.ballot for o in desk.unit.find(Opinion, step_id=step.id)}
    ballots = [said.get(t.id) for t in tasks if t.state is not TaskState.CANCELLED]
    if step.act in ACT_OF:
        heard = [Ballot.COMMENT if b is not None else None for b in ballots]
        return outcome_of(step.quorum, list(heard))
    return outcome_of(step.quorum, ballots)


def _close(desk: Desk, step: Step, state: StepState) -> None:
    desk.unit.change(step, state=state)
    for task in desk.unit.find(Task, step_id=step.id, state=TaskState.OPEN.value):
        desk.unit.change(task, state=TaskState.CANCELLED)


def _deciding(
    desk: Desk, request_id: str, version: int | None, act: str
) -> tuple[Request, Step, Task]:
    """The case, its open deciding step and this body's task in it."""
    request, step = _case(desk, request_id)
    task = _enter(desk, request, step, f"request.{act}")
    if request.absolute:
        raise Refusal(ABSOLUTE)
    if step.act in ACT_OF:
        raise Refusal(NOT_DECIDING, step=step.name)
    move(request, act)
    desk.check_version(request, version)
    return request, step, task


def approve(desk: Desk, request_id: str, version: int | None, command: DecideCommand) -> Answer:
    """准予: this body's agreement; with the last one the decision is issued."""
    request, step, task = _deciding(desk, request_id, version, "approve")
    asked = {"consultation": consulted(desk, request)}
    pass_gate(desk, Gate.APPROVE, request, state=asked, about=request)
    _say(desk, task, OpinionCommand(ballot=Ballot.AGREE, text=command.reason))
    return _settle(desk, step, task, command)


def reject(desk: Desk, request_id: str, version: int | None, command: DecideCommand) -> Answer:
    """不予准入: this body's disagreement, with its reason."""
    _, step, task = _deciding(desk, request_id, version, "reject")
    _say(desk, task, OpinionCommand(ballot=Ballot.DISAGREE, text=command.reason))
    return _settle(desk, step, task, command)


def _settle(desk: Desk, step: Step, task: Task, command: DecideCommand) -> Answer:
    request = desk.unit.get(Request, step.request_id)
    result = _result(desk, step)
    if result is None:
        return _shown(desk, desk.unit.change(request, state=State.IN_REVIEW))
    _close(desk, step, StepState.DONE)
    following = [
        s for s in desk.unit.find(Step, request_id=request.id) if s.state is StepState.WAITING
    ]
    if result is Ballot.DISAGREE:
        return _shown(desk, issue(desk, task, DecisionKind.NOT_ADMITTED, command.reason))
    if following:
        changed = desk.unit.change(request, state=State.IN_REVIEW)
        open_step(desk, changed, step.ordinal + 1)
        return _shown(desk, changed)
    desk.unit.change(
        request, disclosure=command.disclosure or request.disclosure,
        disclosure_reason=command.disclosure_reason or request.disclosure_reason,
    )  # fmt: skip
    return _shown(desk, issue(desk, task, DecisionKind.ADMITTED, command.reason))


def not_accept(desk: Desk, request_id: str, version: int | None, command: DecideCommand) -> Answer:
    """不予受理: numbered, in the body's name (P3)."""
    request, step = _case(desk, request_id)
    task = _enter(desk, request, step, "request.not_accept")
    _check_decides(desk, request, step, task)
    move(request, "not-accept")
    desk.check_version(request, version)
    _close(desk, step, StepState.LAPSED)
    return _shown(desk, issue(desk, task, DecisionKind.NOT_ACCEPTED, command.reason))


def terminate(desk: Desk, request_id: str, version: int | None, command: DecideCommand) -> Answer:
    """终止办理: the body ends a case that cannot go on."""
    request, step = _case(desk, request_id)
    task = _enter(desk, request, step, "request.terminate")
    _check_decides(desk, request, step, task)
    after = move(request, "terminate")
    desk.check_version(request, version)
    _close(desk, step, StepState.LAPSED)
    desk.note = {"reason": command.reason}
    changed = desk.unit.change(request, state=after)
    if changed.parent_id is not None:
        settle_parent(desk, changed.parent_id)
    return _shown(desk, changed)


def _check_decides(desk: Desk, request: Request, step: Step, task: Task) -> None:
    """Who only advises ends no case: that is for a body that decides in some step of it (P3)."""
    if task.organisation_id not in deciders(desk, request):
        raise Refusal(NOT_DECIDING, step=step.name)


def close(desk: Desk, request_id: str, version: int | None) -> Answer:
    """归档: by a body that took part, once everything is decided."""
    request = desk.unit.get(Request, request_id, lock=True)
    desk.about(request)
    tasks = desk.unit.find(Task, request_id=request.id)
    desk.authorise("request.close", owners=[t.organisation_id for t in tasks])
    after = move(request, "close")
    desk.check_version(request, version)
    return _shown(desk, desk.unit.change(request, state=after))


def _shown(desk: Desk, request: Request) -> Answer:
    desk.about(request)
    return Answer(body=view(desk, request), version=request.version)
