"""环节 where a case stands: its steps in order, and who decides in it."""

from typing import Any

from registry.actions.bodies import Seat, book_of, takers
from registry.actions.office import Desk
from registry.actions.ties import ties as ties  # noqa: PLC0414 - named here for those who ask
from registry.domain.approval import Opinion, Step, StepAct, StepState, Task, TaskState
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.request import Request

NO_FLOW = declare(
    "flow.none", RefusalKind.INVALID, "规则包没有为此类申请规定审批流程",
    "The rule packs name no approval flow for this request.", recorded=True,
)  # fmt: skip


def way(desk: Desk, request: Request) -> list[Step]:
    """The steps of a case as its way now stands, in order."""
    steps = desk.unit.find(Step, request_id=request.id)
    return sorted((s for s in steps if s.state is not StepState.LAPSED), key=lambda s: s.ordinal)


def open_steps(desk: Desk, request: Request) -> list[Step]:
    """The steps that wait for somebody now, in order."""
    return [s for s in way(desk, request) if s.state is StepState.OPEN]


def said(desk: Desk, **equals: Any) -> list[Opinion]:
    """The opinions that count, by columns: what lapsed stays on record and counts nowhere."""
    return [o for o in desk.unit.find(Opinion, **equals) if not o.lapsed]


def clear(desk: Desk, request: Request) -> None:
    """Take a case off every desk it lies on: its open steps lapse."""
    for task in desk.unit.find(Task, request_id=request.id, state=TaskState.OPEN.value):
        desk.unit.change(task, state=TaskState.CANCELLED)
    for step in open_steps(desk, request):
        desk.unit.change(step, state=StepState.LAPSED)


def keys_of(desk: Desk, request: Request, step: Step) -> list[str]:
    """The body keys of a step; those of its flow where it was laid out before they were kept."""
    if step.bodies:
        return step.bodies
    for pack in book_of(desk, request).overlay.packs:
        for flow in pack.document.flow:
            if flow.id == request.flow and step.ordinal < len(flow.step):
                return flow.step[step.ordinal].bodies
    raise Refusal(NO_FLOW)


def uncalled(desk: Desk, request: Request, step: Step) -> list[Seat]:
    """依次: those who will be asked in a step, in order, once the one before them has spoken."""
    if not step.in_order:
        return []
    tasks = desk.unit.find(Task, step_id=step.id)
    handed = [t for t in tasks if t.state is not TaskState.CANCELLED and t.asked_by is None]
    asked = {t.organisation_id for t in handed}
    named = takers(desk, request, step, keys_of(desk, request, step))
    return [seat for seat in named if seat.organisation.id not in asked]


def deciders(desk: Desk, request: Request) -> set[str]:
    """Organisations that decide in some step of the case, or do so for those who are late."""
    deciding = [s for s in way(desk, request) if s.act is StepAct.DECIDE]
    named = {
        seat.organisation.id for step in deciding
        for seat in takers(desk, request, step, keys_of(desk, request, step))
    }  # fmt: skip
    tasks = [t for s in deciding for t in desk.unit.find(Task, step_id=s.id)]
    return named | {t.organisation_id for t in tasks if t.asked_by is None}
