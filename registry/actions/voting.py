"""表态 one body's voice in an open step: whose turn it is, what was said, what it comes to."""

from collections.abc import Collection

from registry.actions.office import Desk
from registry.actions.steps import open_steps, said, ties
from registry.domain.approval import (
    DECIDING,
    Ballot,
    Opinion,
    Step,
    StepAct,
    StepState,
    Task,
    TaskState,
    outcome_of,
)
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.records import Ident, Text, Wire
from registry.domain.request import Request

NO_TASK = declare(
    "task.none", RefusalKind.FORBIDDEN, "此环节没有您单位的待办",
    "Your organisation has nothing to do in this step.", recorded=True,
)  # fmt: skip
ACT_OF = {
    StepAct.EXAMINE: "task.examine",
    StepAct.OPINION: "task.opinion",
    StepAct.CONSULT: "task.consult",
    StepAct.EXPERT: "task.expert",
}
"""What each advising act is called where access asks."""


class OpinionCommand(Wire, frozen=True, kw_only=True):
    """意见."""

    ballot: Ballot
    text: Text = ""
    documents: list[Ident] = []


def open_case_of(desk: Desk, request_id: str) -> tuple[Request, list[Step]]:
    """The case, held against other acts, and the steps now open in it.

    Raises:
        Refusal: ``task.none`` where none is.
    """
    request = desk.unit.get(Request, request_id, lock=True)
    desk.about(request)
    steps = open_steps(desk, request)
    if not steps:
        raise Refusal(NO_TASK)
    return request, steps


def place(desk: Desk, steps: list[Step], acts: Collection[StepAct] = ()) -> Step:
    """The open step the person stands in: where their own body has something left to do, of the
    acts wanted before others."""
    if len(steps) == 1:
        return steps[0]
    own = {p.organisation_id for p in desk.actor.posts}

    def distance(step: Step) -> tuple[bool, bool, int]:
        tasks = desk.unit.find(Task, step_id=step.id, state=TaskState.OPEN.value)
        mine = any(t.organisation_id in own for t in tasks)
        return not mine, step.act not in acts, step.ordinal

    return min(steps, key=distance)


def enter(desk: Desk, request: Request, step: Step, act: str) -> Task:
    """Check that the person may act on a task of this step; returns the task.

    Raises:
        Refusal: ``task.none``; as access says.
    """
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


def say(desk: Desk, task: Task, command: OpinionCommand) -> None:
    """Keep what a body says; its task is done."""
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


def result_of(desk: Desk, step: Step) -> Ballot | None:
    """An advising step is done when every body has spoken (任一, under 或签); a deciding step by
    its quorum. Where it was late and went to a body above, that body speaks for all who have not:
    they may still do so before it."""
    tasks = desk.unit.find(Task, step_id=step.id)
    given = {o.task_id: o.ballot for o in said(desk, step_id=step.id)}
    above = next((given[t.id] for t in tasks if t.escalated and t.id in given), None)
    asked = [t for t in tasks if t.state is not TaskState.CANCELLED and not t.escalated]
    ballots = [given.get(t.id, above) for t in asked]
    if step.act not in DECIDING:
        heard = [Ballot.COMMENT if b is not None else None for b in ballots]
        return outcome_of(step.quorum, list(heard))
    return outcome_of(step.quorum, ballots)


def close_step(desk: Desk, step: Step, state: StepState) -> None:
    """End a step; what still lies on desks for it is taken off."""
    desk.unit.change(step, state=state)
    for task in desk.unit.find(Task, step_id=step.id, state=TaskState.OPEN.value):
        desk.unit.change(task, state=TaskState.CANCELLED)
