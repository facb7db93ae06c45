"""改用现行流程 a running case keeps the flow it began with; moving it to the one in force is an act.

What was done and is the same in both stays done, so that no step is repeated; what the flow in
force adds is laid out, so that none is lost.
"""

import hashlib
from collections.abc import Sequence
from enum import StrEnum
from itertools import groupby
from typing import Any, NamedTuple

import msgspec

from registry.actions.between.hearing import SPEAKING
from registry.actions.between.relaying import UNROUTED, lapse
from registry.actions.between.trail import record
from registry.actions.bodies import asking
from registry.actions.filing import target_paths
from registry.actions.office import Answer, Call, Desk, Office
from registry.actions.outbox import Message, holders, tell
from registry.actions.routing import flow_of, open_from, step_of
from registry.actions.steps import said, way
from registry.actions.ties import of_case
from registry.actions.views import view
from registry.domain.approval import (
    DECIDING,
    Flow,
    FlowStep,
    Step,
    StepAct,
    StepState,
    Task,
    TaskState,
)
from registry.domain.audit import canonical
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.movement import MovementKind
from registry.domain.notice import NoticeKind
from registry.domain.records import Text, Wire
from registry.domain.request import MOVES, Request

SAME = declare(
    "reflow.same", RefusalKind.CONFLICT, "本案的流程与现行流程相同，无须改用",
    "The case runs as the flow in force says already.", recorded=True,
)  # fmt: skip
NOT_RUNNING = declare(
    "reflow.not_running", RefusalKind.CONFLICT, "只有正在办理的案件可以改用现行流程",
    "Only a case under way can be moved to another flow.", recorded=True,
)  # fmt: skip
CHANGED = declare(
    "reflow.changed", RefusalKind.CONFLICT, "案件或流程在试排之后已有变化，请重新试排",
    "The case or the flow has changed since the dry run; look again.", recorded=True,
)  # fmt: skip
NOTHING_LEFT = declare(
    "reflow.nothing_left", RefusalKind.CONFLICT, "按现行流程本案已无环节可办，请先在原流程办结",
    "By the flow in force nothing is left to do; finish it where it is.", recorded=True,
)  # fmt: skip
_STANDING = (StepState.DONE, StepState.SKIPPED)


class Fate(StrEnum):
    """环节去向."""

    KEPT = "kept"
    """已办保留: done, and the same in both."""
    STAYS = "stays"
    """在办保留: open, and the same in both."""
    NEW = "new"
    """新排."""
    LAPSES = "lapses"
    """失效, with what was said in it."""


class StepPlan(Wire, frozen=True, kw_only=True):
    """一个环节的去向."""

    key: str
    name: str
    act: StepAct
    bodies: list[str]
    fate: Fate
    step_id: str | None = None
    """The row that stands now; a new step has none yet."""
    opinions: int = 0
    """Opinions that stay, or lapse, with it."""


class ReflowPlan(Wire, frozen=True, kw_only=True):
    """试排: what would become of every step; ``digest`` names exactly this plan."""

    request_id: str
    flow_was: str
    flow_now: str
    steps: list[StepPlan]
    digest: str = ""


class ReflowCommand(Wire, frozen=True, kw_only=True):
    """改用现行流程: the plan that was seen, and why."""

    plan: str
    reason: Text


class _Pair(NamedTuple):
    wanted: FlowStep
    ordinal: int
    held: Step | None


def plan(desk: Desk, request_id: str) -> ReflowPlan:
    """试排: records nothing.

    Raises:
        Refusal: ``reflow.not_running``, ``reflow.same``, ``reflow.nothing_left``, ``flow.none``.
    """
    request = desk.unit.get(Request, request_id)
    desk.about(request)
    _authorise(desk, request)
    return _planned(desk, request)[0]


def asked(office: Office, call: Call, request_id: str) -> ReflowPlan:
    """The plan, on a reading connection."""
    call = msgspec.structs.replace(call, about=(Request, request_id))
    answer = office.ask(call, lambda desk: Answer(body=plan(desk, request_id)))
    found: ReflowPlan = answer.body
    return found


def reflow(desk: Desk, request_id: str, version: int | None, command: ReflowCommand) -> Answer:
    """改用现行流程: carried out exactly as it was seen."""
    request = desk.unit.get(Request, request_id, lock=True)
    desk.about(request)
    post = _authorise(desk, request)
    desk.check_version(request, version)
    seen, pairs = _planned(desk, request)
    if seen.digest != command.plan:
        raise Refusal(CHANGED)
    kept = {pair.held.id for pair in pairs if pair.held is not None}
    lapse(desk, [s for s in way(desk, request) if s.id not in kept])
    changed = desk.unit.change(request, flow=seen.flow_now, flow_on=desk.today)
    _lay_out(desk, changed, pairs)
    open_from(desk, changed, next(p.ordinal for p in pairs if not _done(p)))
    record(desk, MovementKind.REFLOW, post, request_id=request.id, text=command.reason)
    _tell(desk, changed)
    desk.note = {"flow_was": seen.flow_was, "flow_now": seen.flow_now, "reason": command.reason}
    return Answer(body=view(desk, changed), version=changed.version)


def _authorise(desk: Desk, request: Request) -> Any:
    return desk.authorise(
        "request.reflow", paths=target_paths(desk, request), ties=of_case(desk, request)
    )


def _planned(desk: Desk, request: Request) -> tuple[ReflowPlan, list[_Pair]]:
    if request.state not in MOVES["reflow"] or request.composite:
        raise Refusal(NOT_RUNNING)
    now = flow_of(desk, msgspec.structs.replace(request, flow_on=desk.today))
    steps = [s for s in way(desk, request) if s.act not in UNROUTED]
    pairs = _paired(desk, steps, now)
    gone = [s for s in steps if s.id not in {p.held.id for p in pairs if p.held}]
    # What only waits its turn is laid out anew where it must be; alone it is no difference.
    begun = [s for s in gone if s.state is not StepState.WAITING]
    if (
        not begun
        and len(steps) == len(pairs)
        and all(_alike(p.wanted, s) for p, s in zip(pairs, steps, strict=True))
    ):
        raise Refusal(SAME)
    if all(_done(p) for p in pairs):
        raise Refusal(NOTHING_LEFT)
    told = [*(_kept(desk, p) for p in pairs), *(_gone(desk, s) for s in gone)]
    made = ReflowPlan(
        request_id=request.id, flow_was=request.flow or "", flow_now=now.id, steps=told
    )
    about = canonical([msgspec.to_builtins(made), request.version])
    return msgspec.structs.replace(made, digest=hashlib.sha256(about).hexdigest()), pairs


def _paired(desk: Desk, steps: Sequence[Step], flow: Flow) -> list[_Pair]:
    """Each step of the flow in force with the row that already carries it, if one does.

    What only advises stays wherever the flow puts it. A decision, and an open desk, stay only
    where everything before them in the flow was done already: else they would stand on less. A desk
    that came to those who ask (机构变动) is opened anew for whoever answers in their place.
    """
    free = {step.key: step for step in steps if step.state is not StepState.WAITING}
    pairs: list[_Pair] = []
    complete, ordinal = True, 0
    for group in flow.groups():
        found = []
        for wanted in group:
            held = free.get(wanted.key)
            stands = held is not None and _stands(desk, wanted, held, after_all=complete)
            found.append(_Pair(wanted, ordinal, held if stands else None))
            ordinal += 1
        complete = complete and all(p.held is not None and p.held.state in _STANDING for p in found)
        pairs += found
    return pairs


def _done(pair: _Pair) -> bool:
    return pair.held is not None and pair.held.state in _STANDING


def _stands(desk: Desk, wanted: FlowStep, held: Step, *, after_all: bool) -> bool:
    if (wanted.act, wanted.bodies) != (held.act, held.bodies):
        return False
    if held.state is StepState.OPEN:
        return after_all and _alike(wanted, held) and not _own_case(desk, held)
    return after_all or wanted.act not in DECIDING


def _own_case(desk: Desk, held: Step) -> bool:
    tasks = desk.unit.find(Task, step_id=held.id, state=TaskState.OPEN.value)
    asked = {t.organisation_id for t in tasks if t.asked_by is None}
    return not asked.isdisjoint(asking(desk.unit.get(Request, held.request_id)))


_TERMS = ("key", "act", "bodies", "quorum", "percent", "in_order", "required", "beside", "days",
          "unit", "instead")  # fmt: skip


def _alike(wanted: FlowStep, held: Step) -> bool:
    return all(getattr(wanted, name) == getattr(held, name) for name in _TERMS)


def _kept(desk: Desk, pair: _Pair) -> StepPlan:
    held, wanted = pair.held, pair.wanted
    fate = Fate.NEW if held is None else Fate.STAYS
    if _done(pair):
        fate = Fate.KEPT
    return StepPlan(
        key=wanted.key, name=wanted.name, act=wanted.act, bodies=wanted.bodies, fate=fate,
        step_id=held.id if held else None,
        opinions=len(said(desk, step_id=held.id)) if held else 0,
    )  # fmt: skip


def _gone(desk: Desk, step: Step) -> StepPlan:
    return StepPlan(
        key=step.key, name=step.name, act=step.act, bodies=step.bodies, fate=Fate.LAPSES,
        step_id=step.id, opinions=len(said(desk, step_id=step.id)),
    )  # fmt: skip


def _lay_out(desk: Desk, request: Request, pairs: Sequence[_Pair]) -> None:
    """Rows in the order of the flow in force: kept ones moved to their place, new ones waiting."""
    flow = flow_of(desk, request)
    for pair in pairs:
        if pair.held is None:
            step_of(desk, request, flow, pair.ordinal)
        elif (pair.held.ordinal, pair.held.beside) != (pair.ordinal, pair.wanted.beside):
            desk.unit.change(pair.held, ordinal=pair.ordinal, beside=pair.wanted.beside)


def _tell(desk: Desk, request: Request) -> None:
    tasks = desk.unit.find(Task, request_id=request.id, state=TaskState.OPEN.value)
    for body, held in groupby(sorted(tasks, key=lambda t: t.organisation_id),
                              key=lambda t: t.organisation_id):  # fmt: skip
        people = [p for t in held for p in holders(desk, body, SPEAKING[t.act])]
        message = Message(
            kind=NoticeKind.HANDED, request_id=request.id,
            text=f"{request.title}：已改用现行流程，请查看待办",
            text_en=f"{request.title}: moved to the flow in force; see your tasks",
        )  # fmt: skip
        tell(desk, people, message, request)
