"""重新铺排 steps laid out anew: what stood there lapses with what was said, and keeps its rows."""

from collections.abc import Iterable, Sequence

import msgspec

from registry.actions.office import Desk
from registry.actions.routing import open_from
from registry.actions.steps import said, way
from registry.domain.approval import Opinion, Step, StepAct, StepState, Task, TaskState
from registry.domain.request import Request

UNROUTED = frozenset({StepAct.RECONSIDER, StepAct.REVIEW})
"""Steps that no flow names: they lapse with the others and are not laid out again."""


def relay(desk: Desk, request: Request, ordinal: int) -> None:
    """Begin a case anew at one step: its group and all after it lapse, opinions and tasks with
    them, and the same steps are laid out again and opened from there.

    Args:
        ordinal: the place of any standing step of the group to begin with.
    """
    steps = way(desk, request)
    first = head_of(steps, ordinal)
    later = [s for s in steps if s.ordinal >= first]
    lapse(desk, later)
    for step in later:
        if step.act not in UNROUTED:
            lay(desk, step)
    open_from(desk, request, first)


def head_of(steps: Sequence[Step], ordinal: int) -> int:
    """The place of the first step of a group (并行) that holds the step at ``ordinal``."""
    heads = [s.ordinal for s in steps if s.ordinal <= ordinal and not s.beside]
    return max(heads, default=min(s.ordinal for s in steps))


def lapse(desk: Desk, steps: Iterable[Step]) -> None:
    """失效: steps that stand no more, what was said in them, and what still lies on desks."""
    for step in steps:
        desk.unit.change(step, state=StepState.LAPSED)
        for task in desk.unit.find(Task, step_id=step.id, state=TaskState.OPEN.value):
            desk.unit.change(task, state=TaskState.CANCELLED)
        for opinion in said(desk, step_id=step.id):
            desk.unit.change(opinion, lapsed=True)


def lay(desk: Desk, step: Step) -> Step:
    """The same step once more, waiting: a row of its own, for an id is never used again."""
    before = len(desk.unit.find(Step, request_id=step.request_id))
    return desk.unit.add(
        msgspec.structs.replace(
            step, id=f"{step.request_id}.s{before}", version=1, state=StepState.WAITING,
            opened_on=None, due_on=None, due_provisional=False, overdue=False,
        )
    )  # fmt: skip


def spoken_from(desk: Desk, request: Request, ordinal: int) -> list[Opinion]:
    """What was said in the group of a step and after it, and would lapse with them."""
    steps = way(desk, request)
    first = head_of(steps, ordinal)
    after = {s.id for s in steps if s.ordinal >= first}
    return [o for o in said(desk, request_id=request.id) if o.step_id in after]
