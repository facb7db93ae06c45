"""补正后续办 a supplemented case goes on where it stood, or begins anew where what it rests on changed.

An opinion holds for the filing it was given on: where the rules read other facts now, what was said
before lapses, and nobody's word is carried over to a filing they have not seen.
"""

from registry.actions.between.relaying import lapse, relay, spoken_from
from registry.actions.bodies import takers
from registry.actions.clocks import run_on
from registry.actions.office import Desk, fingerprint
from registry.actions.outbox import Message, tell
from registry.actions.routing import flow_of, open_case
from registry.actions.steps import keys_of, uncalled, way
from registry.domain.admission import Verdict
from registry.domain.approval import Opinion, StepState, Task
from registry.domain.filing import Filing
from registry.domain.notice import NoticeKind
from registry.domain.request import Request, State


def resume_case(desk: Desk, before: Request, request: Request) -> Request:
    """A supplemented case goes back to the step it came from; its clock goes on.

    If what was changed now belongs to others, it begins anew with them: who had it does not decide
    for them. If the facts differ from those of the filing that was approved so far, or it asks for
    something else, every opinion lapses and the same steps begin at the first, accepted as it was.

    Args:
        before: the case as it was returned.
        request: the case as it is submitted now, with its new verdict.
    """
    if _led_elsewhere(desk, request):
        return _anew(desk, request)
    due, provisional = run_on(desk, request)
    after = State.ACCEPTED if request.accepted_on else State.SUBMITTED
    if request.clock_left is not None:
        request = desk.unit.change(
            request, clock_from=desk.today, clock_days=max(request.clock_left, 1)
        )
    resumed = desk.unit.change(
        request, state=after, due_on=due, due_provisional=provisional, clock_left=None,
        applied_on=request.applied_on or desk.today,
    )  # fmt: skip
    if _rests_elsewhere(desk, before, resumed):
        _approve_anew(desk, resumed)
    return resumed


def _rests_elsewhere(desk: Desk, before: Request, request: Request) -> bool:
    """Whether the rules read other facts now than in what was handed over before, or it asks for
    other areas, another term or other money: nobody has agreed to those. A filing that was refused
    meanwhile was seen by nobody who approves."""
    if before.asks_for and before.asks_for != request.asks_for:
        return True
    rested, rests = before.rests_on or before.verdict_id, request.verdict_id
    if rested is None or rests is None or rested == rests:
        return False
    return _facts(desk, rested) != _facts(desk, rests)


def asked(filing: Filing) -> str:
    """Digest of what an admission would give: to whom, where, from when to when, which money."""
    return fingerprint(
        filing.receivers, filing.targets, filing.starts_on, filing.ends_on, filing.funding
    )


def _facts(desk: Desk, verdict_id: str) -> list[list[tuple[str, str]]]:
    return sorted(sorted(row.items()) for row in desk.unit.get(Verdict, verdict_id).facts)


def _approve_anew(desk: Desk, request: Request) -> None:
    steps = way(desk, request)
    heard = spoken_from(desk, request, steps[0].ordinal)
    if heard:
        relay(desk, request, steps[0].ordinal)
        _tell(desk, request, heard)


def _led_elsewhere(desk: Desk, request: Request) -> bool:
    """Whether the supplemented filing takes another flow, or other bodies in a step begun."""
    if flow_of(desk, request).id != request.flow:
        return True
    for step in way(desk, request):
        if step.state in (StepState.OPEN, StepState.DONE):
            tasks = desk.unit.find(Task, step_id=step.id)
            asked = {t.organisation_id for t in tasks if not t.escalated and not t.asked_by}
            asked |= {s.organisation.id for s in uncalled(desk, request, step)}
            named = takers(desk, request, step, keys_of(desk, request, step))
            if asked != {s.organisation.id for s in named}:
                return True
    return False


def _anew(desk: Desk, request: Request) -> Request:
    steps = way(desk, request)
    heard = spoken_from(desk, request, steps[0].ordinal)
    lapse(desk, steps)
    _tell(desk, request, heard)
    begun = desk.unit.change(
        request, state=State.SUBMITTED, flow=None, accepted_on=None, due_on=None,
        due_provisional=False, overdue=False, clock_left=None,
    )  # fmt: skip
    return open_case(desk, begun)


def _tell(desk: Desk, request: Request, heard: list[Opinion]) -> None:
    message = Message(
        kind=NoticeKind.RETURNED, text=f"补正后事实有变，原意见失效：{request.title}",
        text_en=f"Supplemented with other facts, earlier opinions lapse: {request.title}",
        request_id=request.id,
    )  # fmt: skip
    tell(desk, [o.person_id for o in heard], message, request)
