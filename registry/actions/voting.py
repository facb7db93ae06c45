"""表态 one body's voice in an open step: whose turn it is, what was said, what it comes to."""

from collections.abc import Collection

from registry.actions.between.hearing import SPEAKING, added, check_heard
from registry.actions.granting import checked
from registry.actions.office import Desk
from registry.actions.steps import open_steps, said, ties, uncalled
from registry.domain.approval import (
    DECIDING,
    Ballot,
    Opinion,
    Quorum,
    Step,
    StepAct,
    StepState,
    Task,
    TaskState,
    outcome_of,
)
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.grant import GrantCommand
from registry.domain.records import Ident, Text, Wire
from registry.domain.request import Request

NO_TASK = declare(
    "task.none", RefusalKind.FORBIDDEN, "此环节没有您单位的待办",
    "Your organisation has nothing to do in this step.", recorded=True,
)  # fmt: skip
HELD = declare(
    "task.held", RefusalKind.FORBIDDEN, "该待办已转由他人承办；负责人可以收回",
    "Another person of your organisation has this task; its head may take it back.", recorded=True,
)  # fmt: skip
ACT_OF = {
    act: SPEAKING[act]
    for act in (StepAct.EXAMINE, StepAct.OPINION, StepAct.CONSULT, StepAct.EXPERT)
}
"""What each advising act is called where access asks."""


class OpinionCommand(Wire, frozen=True, kw_only=True):
    """意见."""

    ballot: Ballot
    text: Text = ""
    documents: list[Ident] = []
    grant: GrantCommand | None = None
    """准予范围 the body would give, where that is less than was asked; of no use with a no."""


def open_case_of(desk: Desk, request_id: str) -> tuple[Request, list[Step]]:
    """The case, held against other acts, and the steps now open in it.

    Raises:
        Refusal: ``task.none`` where none is.
    """
    of_case = {"request_id": request_id}
    wanted = {Request: {"id": request_id}, Step: of_case, Task: of_case, Opinion: of_case}
    desk.unit.read_ahead(wanted, parts="step_id")
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


def enter(
    desk: Desk, request: Request, step: Step, act: str, *, wanted: Task | None = None
) -> Task:
    """Check that the person may act on a task of this step; returns the task.

    Args:
        wanted: the task that is meant, and no other: a body may have several, its own and one it
            was asked besides (加签, 委派), which decides nothing.

    Raises:
        Refusal: ``task.none``, ``task.held``; as access says.
    """
    tasks = desk.unit.find(Task, step_id=step.id)
    desk.authorise(
        act, owners=[t.organisation_id for t in tasks], ties=ties(desk, request, step),
        whose=_whose(desk, tasks if wanted is None else [wanted]),
    )  # fmt: skip
    mine = {
        p.organisation_id for p in desk.actor.posts
        if p.role == desk.post and p.on_behalf_of == desk.on_behalf_of and p.serves(act)
    }  # fmt: skip
    meant = [t for t in tasks if (t.asked_by is None if wanted is None else t.id == wanted.id)]
    for task in meant:
        if task.organisation_id in mine and task.state is TaskState.OPEN:
            check_hand(desk, task)
            return task
    raise Refusal(NO_TASK)


def _whose(desk: Desk, tasks: list[Task]) -> str | None:
    """Of those the person acts for, the one who has an open task of these."""
    principals = {p.on_behalf_of for p in desk.actor.posts if p.on_behalf_of}
    held = [t.person_id for t in tasks if t.state is TaskState.OPEN]
    return next((p for p in held if p in principals), None)


def check_hand(desk: Desk, task: Task) -> None:
    """Refuse whoever is not the one person that has a task (承办人), nor acts for them.

    Raises:
        Refusal: ``task.held``.
    """
    if task.person_id not in (None, desk.actor.person_id, desk.on_behalf_of):
        raise Refusal(HELD)


def say(desk: Desk, task: Task, command: OpinionCommand) -> Opinion:
    """Keep what a body says; its task is done.

    Raises:
        Refusal: ``task.waiting``, ``grant.beyond``, ``grant.shared``.
    """
    check_heard(desk, task)
    request = desk.unit.get(Request, task.request_id)
    opinion = desk.unit.add(
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
            grant=checked(desk, request, task, command.grant),
            on_behalf_of=desk.on_behalf_of,
            given_at=desk.now,
        )
    )
    desk.unit.change(task, state=TaskState.DONE)
    return opinion


def result_of(desk: Desk, step: Step) -> Ballot | None:
    """An advising step is done when every body has spoken (任一, under 或签); a deciding step by
    its quorum, of all who are asked now or will be after them (依次). Where it was late and went to
    a body above, that body speaks for all who have not: they may still do so before it. Whoever
    was added (加签) is heard first and counts in no quorum."""
    held = desk.unit.find(Task, step_id=step.id)
    tasks = [t for t in held if t.state is not TaskState.CANCELLED]
    given = {o.task_id: o.ballot for o in said(desk, step_id=step.id)}
    if any(t in tasks and t.id not in given for t in added(held)):
        return None
    above = next((given[t.id] for t in tasks if t.escalated and t.id in given), None)
    asked = [t for t in tasks if not t.escalated and t.asked_by is None]
    later = uncalled(desk, desk.unit.get(Request, step.request_id), step)
    ballots = [given.get(t.id, above) for t in asked] + [above for _ in later]
    if step.act in DECIDING:
        return outcome_of(step.quorum, ballots, step.percent)
    heard = [Ballot.COMMENT if b is not None else None for b in ballots]
    return outcome_of(Quorum.ANY if step.quorum is Quorum.ANY else Quorum.ALL, heard)


def rests_on(desk: Desk, step: Step, task: Task, result: Ballot) -> Task:
    """The task of the body by which a deciding step came to its result: the one that spoke just
    now, or the last that said so; what was said against it bears no name under it."""
    spoken = {o.task_id: o for o in said(desk, step_id=step.id)}
    asked = [t for t in desk.unit.find(Task, step_id=step.id) if t.asked_by is None]
    given = [(spoken[t.id], t) for t in asked if t.id in spoken]
    same = [(o, t) for o, t in given if o.ballot is result] or given
    return max(same, key=lambda s: (s[1].id == task.id, s[0].given_at, s[0].id))[1]


def close_step(desk: Desk, step: Step, state: StepState) -> None:
    """End a step; what still lies on desks for it is taken off."""
    desk.unit.change(step, state=state)
    for task in desk.unit.find(Task, step_id=step.id, state=TaskState.OPEN.value):
        desk.unit.change(task, state=TaskState.CANCELLED)
