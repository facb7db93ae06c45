"""流转 which steps a case takes, who has it on the desk, and by when."""

from typing import Any

from registry.actions.afterwards.amended import original_of, small_flow
from registry.actions.bodies import asking, book_of, seats, takers
from registry.actions.clocks import decide_in, of_step, start_clock
from registry.actions.office import Desk
from registry.actions.steps import NO_FLOW, keys_of, uncalled, way
from registry.domain.approval import (
    Flow,
    FlowStep,
    OnExpiry,
    Step,
    StepAct,
    StepState,
    Task,
    TaskState,
    together,
)
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.request import Purpose, Request
from registry.policies.pack import DecideIn

NO_BODY = declare(
    "flow.body_missing", RefusalKind.INVALID, "「{step}」没有可以办理的单位",
    "No organisation can act in the step {step}.", recorded=True,
)  # fmt: skip

OWN_CASE = declare(
    "flow.own_case", RefusalKind.INVALID,
    "「{step}」只有申请单位自己可以决定；规则包须在流程 {flow} 的这一环节用 instead 写明由哪个上级单位代为决定，"
    "或者在 routes.csv 中为这类申请单位另写一条流程",
    "Only those who ask could decide in the step {step}; the pack must name with instead, in that "
    "step of the flow {flow}, who decides in their place, or route such applicants elsewhere.",
    recorded=True,
)  # fmt: skip


def open_case(desk: Desk, request: Request) -> Request:
    """Lay out the steps of the flow the pack names and open the first.

    Raises:
        Refusal: ``flow.none``, ``flow.body_missing``.
    """
    flow = flow_of(desk, request)
    for ordinal in range(len(flow.step)):
        step_of(desk, request, flow, ordinal)
    changed = start_clock(desk, desk.unit.change(request, flow=flow.id), "applied")
    open_from(desk, changed, 0)
    return changed


def step_of(desk: Desk, request: Request, flow: Flow, ordinal: int) -> Step:
    """One step of a flow laid out for a case, waiting for its turn."""
    wanted = flow.step[ordinal]
    fields: dict[str, Any] = {n: getattr(wanted, n) for n in _KEPT}
    laid = len(desk.unit.find(Step, request_id=request.id))
    late = _escalates(wanted, decide_in(desk, request))
    return desk.unit.add(
        Step(
            county=desk.unit.county, id=f"{request.id}.s{laid}", request_id=request.id,
            ordinal=ordinal, state=StepState.WAITING,
            escalate_to=flow.escalate_to if late else "", **fields,
        )
    )  # fmt: skip


_KEPT = (
    "key", "name", "act", "quorum", "percent", "in_order", "required", "bodies", "beside", "days",
    "unit", "instead",
)  # fmt: skip
"""What a step keeps of the flow, so that a running case never reads a later pack by position."""


def _escalates(wanted: FlowStep, clock: DecideIn | None) -> bool:
    told = wanted.on_expiry or (clock.on_expiry if clock is not None else None)
    return told is OnExpiry.ESCALATE


def flow_of(desk: Desk, request: Request) -> Flow:
    """The flow for the request's kind, applicant, level, outcome, spread and receivers, by the
    packs of the day it was filed on.

    Raises:
        Refusal: ``flow.none``.
    """
    overlay = book_of(desk, request).overlay
    applicant = desk.places.organisation(request.applicant_id)
    targets = [desk.places.area(t, desk.today) for t in request.filing.targets]
    spread = "one_street" if len(desk.places.streets(targets)) == 1 else "several_streets"
    # Who asks to leave goes the way by which the matter came in.
    leaves = request.purpose is Purpose.LEAVE
    entered = (original_of(desk, request) if leaves else None) or request
    outcome = entered.outcome.value if entered.outcome else "needs_approval"
    asked = (request.kind.value, applicant.kind.value, applicant.level.value, outcome, spread)
    named = (overlay.flow((*asked, receiver.value)) for receiver in request.filing.receivers)
    ordinary = next((flow for flow in named if flow is not None), None)
    found = small_flow(desk, request, ordinary) or ordinary
    if found is None:
        raise Refusal(NO_FLOW)
    return found


def open_from(desk: Desk, request: Request, ordinal: int) -> None:
    """Open a step with those beside it, and what follows them where they hold nothing up."""
    steps = way(desk, request)
    group = together(steps, ordinal)
    waiting = StepState.WAITING
    opened = [_open(desk, request, s) if s.state is waiting else s for s in group]
    if any(s.state is StepState.OPEN and s.required for s in opened):
        return
    following = [s for s in steps if s.ordinal > group[-1].ordinal]
    if following:
        open_from(desk, request, following[0].ordinal)


def go_on(desk: Desk, request: Request) -> bool:
    """Open what comes next once nothing required is open any more.

    Returns whether the case is at its end: nothing required is open and nothing waits.
    """
    steps = way(desk, request)
    if any(s.state is StepState.OPEN and s.required for s in steps):
        return False
    waiting = [s for s in steps if s.state is StepState.WAITING]
    if waiting:
        open_from(desk, request, waiting[0].ordinal)
    return not waiting


def _open(desk: Desk, request: Request, step: Step) -> Step:
    """Open one step: a task on the desk of every body that acts in it."""
    keys = keys_of(desk, request, step)
    named, taking = seats(desk, request, keys), takers(desk, request, step, keys)
    dispensable = not step.required or (bool(named) and step.act is not StepAct.DECIDE)
    if not taking and dispensable and step.act is not StepAct.RATIFY:
        return desk.unit.change(step, state=StepState.SKIPPED)
    if not taking:
        raise Refusal(OWN_CASE if named else NO_BODY, step=step.name, flow=request.flow)
    due, provisional = of_step(desk, step, request)
    opened = desk.unit.change(
        step, state=StepState.OPEN, opened_on=desk.today, due_on=due, due_provisional=provisional
    )
    for seat in taking[:1] if step.in_order else taking:
        _hand(desk, request, opened, key=seat.key, family=seat.family,
              organisation_id=seat.organisation.id)  # fmt: skip
    return opened


def hand_next(desk: Desk, request: Request, step: Step) -> None:
    """依次: the next body named has it once nobody asked before it still does."""
    waiting = uncalled(desk, request, step)
    held = desk.unit.find(Task, step_id=step.id, state=TaskState.OPEN.value)
    if waiting and all(t.escalated for t in held):
        seat = waiting[0]
        _hand(desk, request, step, key=seat.key, family=seat.family,
              organisation_id=seat.organisation.id)  # fmt: skip


def _hand(desk: Desk, request: Request, step: Step, **seat: Any) -> None:
    fields: dict[str, Any] = {"due_on": step.due_on, "due_provisional": step.due_provisional}
    fields |= {"body": seat.pop("key"), **seat}
    given = len(desk.unit.find(Task, step_id=step.id))
    desk.unit.add(
        Task(
            county=desk.unit.county,
            id=f"{step.id}.t{given}",
            request_id=request.id,
            step_id=step.id,
            act=step.act,
            state=TaskState.OPEN,
            handed_on=desk.today,
            title=f"{step.name}：{request.title}",
            **fields,
        )
    )


def escalate(desk: Desk, step: Step) -> None:
    """逾期提级: a late step also goes to the body the flow names; it changes nothing else."""
    if not step.escalate_to or step.state is not StepState.OPEN:
        return
    request = desk.unit.get(Request, step.request_id)
    away = asking(request) | {t.organisation_id for t in desk.unit.find(Task, step_id=step.id)}
    for seat in seats(desk, request, [step.escalate_to]):
        if seat.organisation.id not in away:
            # No text gives the body above a day of its own, so none is counted for it.
            _hand(
                desk,
                request,
                step,
                key=seat.key,
                family=seat.family,
                escalated=True,
                organisation_id=seat.organisation.id,
                due_on=None,
                due_provisional=False,
            )
