"""加签与减签 one more organisation is heard in a step; it advises and never decides there."""

from typing import Annotated, Literal

import msgspec

from registry.actions.approving import advance
from registry.actions.between.hearing import SPEAKING
from registry.actions.between.passing import ask, check_open, handed, held, mover
from registry.actions.between.trail import record
from registry.actions.bodies import asking
from registry.actions.filing import move
from registry.actions.office import Answer, Desk
from registry.actions.outbox import Message, holders, tell
from registry.actions.voting import NO_TASK
from registry.domain.approval import Step, StepAct, StepState, Task, TaskState
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.movement import MovementKind
from registry.domain.notice import NoticeKind
from registry.domain.people import Organisation
from registry.domain.records import Ident, Text, Wire
from registry.domain.request import MOVES, Request

NOBODY = declare(
    "add.nobody", RefusalKind.INVALID, "{organisation}没有可以办理此事的在岗人员",
    "Nobody in {organisation} holds a post that may do this.", recorded=True,
)  # fmt: skip
APPLICANT = declare(
    "add.applicant", RefusalKind.INVALID, "申请单位不能在本案中被加签",
    "Those who ask are not added to their own case.", recorded=True,
)  # fmt: skip
ENDED = declare(
    "add.ended", RefusalKind.INVALID, "{organisation}已撤销或尚未成立",
    "{organisation} does not exist today.", recorded=True,
)  # fmt: skip
THERE = declare(
    "add.there", RefusalKind.CONFLICT, "{organisation}已在本环节中",
    "{organisation} has a task in this step already.", recorded=True,
)  # fmt: skip


class AddCommand(Wire, frozen=True, kw_only=True):
    """加签: which organisation is heard, in which form, and whether who asks waits for it."""

    organisation_id: Ident
    act: Literal["opinion", "consult", "expert"]
    reason: Text
    before: Annotated[bool, msgspec.Meta(description="wait for it before speaking")] = True


class DropCommand(Wire, frozen=True, kw_only=True):
    """减签: why it need not be waited for."""

    reason: Text


def add(desk: Desk, task_id: str, version: int | None, command: AddCommand) -> Answer:
    """加签: another organisation is heard in the same step; its word counts in no quorum."""
    request, task = held(desk, task_id)
    post = mover(desk, request, task, "task.add")
    check_open(desk, task, version, command.reason)
    move(request, "ask")
    if task.asked_by is not None:
        raise Refusal(NO_TASK)
    act, body = StepAct(command.act), _heard(desk, request, task, command)
    given = ask(
        desk, task, act=act, organisation_id=body.id, family=body.kind.value,
        awaited=command.before,
    )  # fmt: skip
    record(desk, MovementKind.ADD, post, request_id=request.id, step_id=task.step_id,
           task_id=task.id, to_task_id=given.id, to_organisation_id=body.id,
           text=command.reason)  # fmt: skip
    tell(desk, holders(desk, body.id, SPEAKING[act]), handed(given, "加签"), given)
    return Answer(body=given, version=given.version)


def _heard(desk: Desk, request: Request, task: Task, command: AddCommand) -> Organisation:
    """The organisation to be added, which must be there, able, and no party to the case."""
    body, act = desk.places.organisation(command.organisation_id), StepAct(command.act)
    if body.id in asking(request):
        raise Refusal(APPLICANT)
    if not body.in_force(desk.today):
        raise Refusal(ENDED, organisation=body.name)
    there = desk.unit.find(Task, step_id=task.step_id, organisation_id=body.id)
    if any(t.state is TaskState.OPEN for t in there) or body.id == task.organisation_id:
        raise Refusal(THERE, organisation=body.name)
    if not holders(desk, body.id, SPEAKING[act]):
        raise Refusal(NOBODY, organisation=body.name)
    return body


def drop(desk: Desk, task_id: str, version: int | None, command: DropCommand) -> Answer:
    """减签: who asked for a word, or their head, needs it no more; what waited for it goes on."""
    request, task = held(desk, task_id)
    asker = desk.unit.get(Task, task.asked_by) if task.asked_by else task
    post = mover(desk, request, asker, "task.drop")
    if asker is task:
        raise Refusal(NO_TASK)
    check_open(desk, task, version, command.reason)
    dropped = desk.unit.change(task, state=TaskState.CANCELLED)
    record(desk, MovementKind.DROP, post, request_id=request.id, step_id=task.step_id,
           task_id=asker.id, to_task_id=task.id, to_person_id=task.person_id,
           to_organisation_id=task.organisation_id, text=command.reason)  # fmt: skip
    told = [task.person_id] if task.person_id else holders(
        desk, task.organisation_id, SPEAKING[task.act]
    )  # fmt: skip
    tell(desk, told, _spared(task), dropped)
    step = desk.unit.maybe(Step, task.step_id)
    if step is not None and step.state is StepState.OPEN and request.state in MOVES["opine"]:
        advance(desk, step, dropped)
    return Answer(body=dropped, version=dropped.version)


def _spared(task: Task) -> Message:
    return Message(
        kind=NoticeKind.RETURNED, text=f"减签，不必再办：{task.title}",
        text_en=f"No longer asked of you: {task.title}", request_id=task.request_id,
        task_id=task.id,
    )  # fmt: skip
