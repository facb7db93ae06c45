"""流转 which steps a case takes, who has it on the desk, and by when."""

from datetime import date

import msgspec

from registry.actions.office import Desk
from registry.domain.approval import (
    Flow,
    FlowStep,
    Opinion,
    Step,
    StepAct,
    StepState,
    Task,
    TaskState,
)
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.people import Organisation
from registry.domain.request import Request, State
from registry.domain.vocabulary import OrganisationKind
from registry.policies.pack import DecideIn

NO_FLOW = declare(
    "flow.none", RefusalKind.INVALID, "规则包没有为此类申请规定审批流程",
    "The rule packs name no approval flow for this request.", recorded=True,
)  # fmt: skip
NO_BODY = declare(
    "flow.body_missing", RefusalKind.INVALID, "「{step}」没有可以办理的单位",
    "No organisation can act in the step {step}.", recorded=True,
)  # fmt: skip

STREETS = [OrganisationKind.STREET, OrganisationKind.TOWNSHIP]


def open_case(desk: Desk, request: Request) -> Request:
    """Lay out the steps of the flow the pack names and open the first.

    Raises:
        Refusal: ``flow.none``, ``flow.body_missing``.
    """
    flow = flow_of(desk, request)
    before = len(desk.unit.find(Step, request_id=request.id))
    for ordinal, wanted in enumerate(flow.step):
        desk.unit.add(
            Step(
                county=desk.unit.county,
                id=f"{request.id}.s{before + ordinal}",
                request_id=request.id,
                ordinal=ordinal,
                key=wanted.key,
                name=wanted.name,
                act=wanted.act,
                quorum=wanted.quorum,
                required=wanted.required,
                days=wanted.days,
                state=StepState.WAITING,
            )
        )
    changed = desk.unit.change(request, flow=flow.id)
    open_step(desk, changed, 0)
    return changed


def flow_of(desk: Desk, request: Request) -> Flow:
    """The flow for the request's kind, applicant, level, outcome, spread and receivers."""
    overlay = desk.rulebook().overlay
    if request.flow is not None:
        for pack in overlay.packs:
            for flow in pack.document.flow:
                if flow.id == request.flow:
                    return flow
    applicant = desk.places.organisation(request.applicant_id)
    targets = [desk.places.area(t, desk.today) for t in request.filing.targets]
    spread = "one_street" if len(desk.places.streets(targets)) == 1 else "several_streets"
    outcome = request.outcome.value if request.outcome else "needs_approval"
    for receiver in request.filing.receivers:
        found = overlay.flow((request.kind.value, applicant.kind.value, applicant.level.value,
                              outcome, spread, receiver.value))  # fmt: skip
        if found is not None:
            return found
    raise Refusal(NO_FLOW)


def open_step(desk: Desk, request: Request, ordinal: int) -> Step:
    """Open one step: a task on the desk of every body that acts in it."""
    step = step_at(desk, request, ordinal)
    wanted = flow_of(desk, request).step[ordinal]
    named = _bodies(desk, request, wanted)
    # Nobody judges their own request (P13): who asks has no task in it.
    bodies = [(body, family) for body, family in named if body.id not in _asking(request)]
    if named and not bodies and wanted.act is not StepAct.DECIDE:
        desk.unit.change(step, state=StepState.SKIPPED)
        return open_step(desk, request, ordinal + 1)
    if not bodies:
        raise Refusal(NO_BODY, step=wanted.name)
    due, provisional = _step_due(desk, step, request)
    opened = desk.unit.change(
        step, state=StepState.OPEN, opened_on=desk.today, due_on=due, due_provisional=provisional
    )
    for index, (organisation, family) in enumerate(bodies):
        desk.unit.add(
            Task(
                county=desk.unit.county,
                id=f"{step.id}.t{index}",
                request_id=request.id,
                step_id=step.id,
                organisation_id=organisation.id,
                family=family,
                act=step.act,
                state=TaskState.OPEN,
                title=f"{step.name}：{request.title}",
                due_on=due,
                due_provisional=provisional,
            )
        )
    return opened


def step_at(desk: Desk, request: Request, ordinal: int) -> Step:
    """The step of a case at a position of its way as it now stands."""
    steps = desk.unit.find(Step, request_id=request.id)
    return next(s for s in steps if s.ordinal == ordinal and s.state is not StepState.LAPSED)


def current_step(desk: Desk, request: Request) -> Step | None:
    """The open step, if any."""
    steps = desk.unit.find(Step, request_id=request.id, state=StepState.OPEN.value)
    return steps[0] if steps else None


def _bodies(desk: Desk, request: Request, wanted: FlowStep) -> list[tuple[Organisation, str]]:
    targets = [desk.places.area(t, desk.today) for t in request.filing.targets]
    named = desk.rulebook().overlay
    found: list[tuple[Organisation, str]] = []
    for key in wanted.bodies:
        if key == "street":
            serving = desk.places.serving(desk.places.streets(targets), STREETS)
            found += [(o, o.kind.value) for o in serving]
        elif key == "community":
            areas = {
                area.id for receiver in request.filing.receivers
                for area in desk.places.communities(targets, receiver, desk.today)
            }  # fmt: skip
            serving = desk.places.serving(sorted(areas), [OrganisationKind.COMMUNITY])
            found += [(o, o.kind.value) for o in serving]
        else:
            body = named.setting(lambda d, key=key: d.bodies.get(key))  # type: ignore[misc]
            if body is not None:
                found += [(o, body.family) for o in desk.places.carrying(body.function)]
    return found


def deciders(desk: Desk, request: Request) -> set[str]:
    """Organisations that decide in some step of the case."""
    return {
        body.id for step in flow_of(desk, request).step if step.act is StepAct.DECIDE
        for body, _ in _bodies(desk, request, step)
    }  # fmt: skip


def decide_in(desk: Desk) -> DecideIn | None:
    """办理时限 of the county's packs; ``None`` = the texts are silent: no clock."""
    return desk.rulebook().overlay.setting(lambda d: d.clock.decide_in)


def case_due(desk: Desk, event: str) -> tuple[date | None, bool]:
    """Due date of the whole case, if the clock starts at ``event`` (accepted, applied)."""
    clock = decide_in(desk)
    if clock is None or clock.start != event:
        return None, False
    return desk.rulebook().calendar.due(clock, desk.today)


def _step_due(desk: Desk, step: Step, request: Request) -> tuple[date | None, bool]:
    if step.days is None:
        return request.due_on, request.due_provisional
    return desk.rulebook().calendar.add_working_days(desk.today, step.days, count_first_day=False)


def resume_case(desk: Desk, request: Request) -> Request:
    """A supplemented case goes back to the step it came from; its clock goes on. If what was
    changed now belongs to others, it begins anew with them: who had it does not decide for them."""
    if _led_elsewhere(desk, request):
        return _anew(desk, request)
    step = current_step(desk, request)
    due, provisional = request.due_on, request.due_provisional
    if request.clock_left is not None and due is not None:
        due, provisional = desk.rulebook().calendar.add_working_days(
            desk.today, max(request.clock_left, 1), count_first_day=False
        )
    for task in desk.unit.find(Task, request_id=request.id, state=TaskState.OPEN.value):
        desk.unit.change(task, due_on=due, due_provisional=provisional)
    if step is not None:
        desk.unit.change(step, due_on=due, due_provisional=provisional)
    after = State.ACCEPTED if request.accepted_on else State.SUBMITTED
    return desk.unit.change(
        request, state=after, due_on=due, due_provisional=provisional, clock_left=None,
        applied_on=request.applied_on or desk.today,
    )  # fmt: skip


def _led_elsewhere(desk: Desk, request: Request) -> bool:
    """Whether the supplemented filing takes another flow, or other bodies in a step begun."""
    flow = flow_of(desk, msgspec.structs.replace(request, flow=None))
    if flow.id != request.flow:
        return True
    asking = _asking(request)
    for step in desk.unit.find(Step, request_id=request.id):
        if step.state in (StepState.OPEN, StepState.DONE) and step.ordinal < len(flow.step):
            asked = {t.organisation_id for t in desk.unit.find(Task, step_id=step.id)}
            bodies = {b.id for b, _ in _bodies(desk, request, flow.step[step.ordinal])}
            if asked != bodies - asking:
                return True
    return False


def _anew(desk: Desk, request: Request) -> Request:
    for step in desk.unit.find(Step, request_id=request.id):
        desk.unit.change(step, state=StepState.LAPSED)
    for task in desk.unit.find(Task, request_id=request.id, state=TaskState.OPEN.value):
        desk.unit.change(task, state=TaskState.CANCELLED)
    begun = desk.unit.change(
        request, state=State.SUBMITTED, flow=None, accepted_on=None, due_on=None,
        due_provisional=False, overdue=False, clock_left=None,
    )  # fmt: skip
    return open_case(desk, begun)


def ties(desk: Desk, request: Request, step: Step) -> list[str]:
    """What binds the person to the case already, by person and not by post (P13, P37)."""
    person = desk.actor.person_id
    found = []
    if person in (request.drafted_by, request.submitted_by, *request.worked_on_by):
        found.append("filed")
    own = {p.organisation_id for p in desk.actor.posts}
    if own & _asking(request):
        found.append("applicant")
    if desk.unit.find(Opinion, step_id=step.id, person_id=person):
        found.append("voted")
    return found


def _asking(request: Request) -> set[str]:
    return {a.organisation_id for a in request.filing.applicants}
