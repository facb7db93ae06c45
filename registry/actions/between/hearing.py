"""征询 who is asked for a word besides those the flow names: heard, and counted in no quorum."""

from collections.abc import Sequence

from registry.actions.office import Desk
from registry.domain.approval import StepAct, Task, TaskState
from registry.domain.errors import Refusal, RefusalKind, declare

WAITING = declare(
    "task.waiting", RefusalKind.CONFLICT, "已请{organisation}先提出意见，收到或减签后再办理",
    "{organisation} was asked first: wait for the answer, or drop the question.", recorded=True,
)  # fmt: skip

SPEAKING = {
    StepAct.EXAMINE: "task.examine",
    StepAct.OPINION: "task.opinion",
    StepAct.CONSULT: "task.consult",
    StepAct.EXPERT: "task.expert",
    StepAct.DECIDE: "request.approve",
    StepAct.RATIFY: "request.ratify",
    StepAct.RECONSIDER: "task.reconsider",
    StepAct.REVIEW: "review.decide",
}
"""What a person must be allowed to do to finish a task of each kind, as access names it."""


def added(tasks: Sequence[Task]) -> list[Task]:
    """加签: of the tasks of one step, those that another organisation was asked for."""
    whose = {t.id: t.organisation_id for t in tasks}
    return [
        t for t in tasks
        if t.asked_by is not None and whose.get(t.asked_by, t.organisation_id) != t.organisation_id
    ]  # fmt: skip


def check_heard(desk: Desk, task: Task) -> None:
    """Refuse a word that was to wait for another: a colleague's (委派), or that of a body that was
    added to be heard first (加签).

    Raises:
        Refusal: ``task.waiting``.
    """
    for other in desk.unit.find(Task, step_id=task.step_id, state=TaskState.OPEN.value):
        if other.asked_by == task.id and other.awaited:
            name = desk.places.organisation(other.organisation_id).name
            raise Refusal(WAITING, organisation=name, task_id=other.id)
