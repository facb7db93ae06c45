"""转办与委派 a task goes to another person of the same body, or a colleague is asked first."""

from registry.actions.between.hearing import SPEAKING
from registry.actions.between.trail import record
from registry.actions.filing import move
from registry.actions.office import Answer, Desk
from registry.actions.outbox import Message, holders, posts_in, tell
from registry.actions.ties import of_case, of_receiver
from registry.actions.voting import NO_TASK, check_hand
from registry.domain.approval import Step, StepAct, Task, TaskState
from registry.domain.areas import Relation
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.movement import MovementKind
from registry.domain.notice import NoticeKind
from registry.domain.people import PostView
from registry.domain.records import Ident, Text, Wire
from registry.domain.request import Request

NO_REASON = declare(
    "task.no_reason", RefusalKind.INVALID, "请写明理由", "Give a reason.", recorded=True
)
ONESELF = declare(
    "transfer.self", RefusalKind.INVALID, "不能转办或委派给本人",
    "A task is not passed to oneself.", recorded=True,
)  # fmt: skip
OUTSIDE = declare(
    "transfer.outside", RefusalKind.INVALID, "接办人不是本单位在岗人员",
    "The person holds no post in this organisation today.", recorded=True,
)  # fmt: skip
UNABLE = declare(
    "transfer.unable", RefusalKind.INVALID, "接办人的岗位不能办理：{act_zh}",
    "The person's post may not {act_en}.", recorded=True,
)  # fmt: skip
TIED = declare(
    "transfer.tied", RefusalKind.INVALID, "接办人与本案有关联，应当回避",
    "The person is bound to this case and must stand aside.", recorded=True,
)  # fmt: skip


class PassCommand(Wire, frozen=True, kw_only=True):
    """转办、委派: to whom, and why."""

    person_id: Ident
    reason: Text


def held(desk: Desk, task_id: str) -> tuple[Request, Task]:
    """A case, held against other acts, and a task of it that is still open.

    Raises:
        Refusal: ``task.none``; as access says of who may know of it.
    """
    task = desk.unit.get(Task, task_id)
    request = desk.unit.get(Request, task.request_id, lock=True)
    desk.about(request)
    return request, desk.unit.get(Task, task_id)


def transfer(desk: Desk, task_id: str, version: int | None, command: PassCommand) -> Answer:
    """转办: from now on that person alone has the task; the head of the body may take it back."""
    request, task = held(desk, task_id)
    post = mover(desk, request, task, "task.transfer")
    check_open(desk, task, version, command.reason)
    if command.person_id == desk.actor.person_id and desk.act == "task.transfer":
        raise Refusal(ONESELF)
    check_receiver(desk, request, task, command.person_id)
    moved = desk.unit.change(task, person_id=command.person_id, handed_on=desk.today)
    record(desk, MovementKind.TRANSFER, post, request_id=request.id, step_id=task.step_id,
           task_id=task.id, to_person_id=command.person_id,
           to_organisation_id=task.organisation_id, text=command.reason)  # fmt: skip
    tell(desk, [command.person_id], handed(task, "转办"), moved)
    return Answer(body=moved, version=moved.version)


def entrust(desk: Desk, task_id: str, version: int | None, command: PassCommand) -> Answer:
    """委派: a colleague speaks first; the task itself waits and stays with who has it."""
    request, task = held(desk, task_id)
    post = mover(desk, request, task, "task.entrust")
    check_open(desk, task, version, command.reason)
    move(request, "ask")
    if command.person_id == desk.actor.person_id:
        raise Refusal(ONESELF)
    act = _advising(desk, task, command.person_id)
    given = ask(desk, task, act=act, person_id=command.person_id, awaited=True)
    check_receiver(desk, request, given, command.person_id)
    record(desk, MovementKind.ENTRUST, post, request_id=request.id, step_id=task.step_id,
           task_id=task.id, to_task_id=given.id, to_person_id=command.person_id,
           to_organisation_id=task.organisation_id, text=command.reason)  # fmt: skip
    tell(desk, [command.person_id], handed(given, "委派"), given)
    return Answer(body=given, version=given.version)


def mover(desk: Desk, request: Request, task: Task, act: str) -> PostView:
    """Let who has the task move it, or else the head of the body who assigns it."""
    if task.person_id is None:
        mine = any(
            p.organisation_id == task.organisation_id
            and desk.office.access.may([(p.role, Relation.OWN)], SPEAKING[task.act])
            for p in desk.actor.posts
        )
    else:
        # Who acts for its holder in something else only does not have it.
        mine = task.person_id == desk.actor.person_id or any(
            p.on_behalf_of == task.person_id and p.serves(act)
            for p in desk.actor.posts
            if p.organisation_id == task.organisation_id
        )
    post = desk.authorise(
        act if mine else "task.assign", owners=[task.organisation_id],
        ties=of_case(desk, request), whose=task.person_id,
    )  # fmt: skip
    if mine:
        check_hand(desk, task)
    return post


def check_open(desk: Desk, task: Task, version: int | None, reason: str) -> None:
    """Refuse what is done on a task that is over, that has changed, or without a reason."""
    if task.state is not TaskState.OPEN:
        raise Refusal(NO_TASK)
    desk.check_version(task, version)
    if not reason.strip():
        raise Refusal(NO_REASON)


def check_receiver(desk: Desk, request: Request, task: Task, person_id: str) -> None:
    """Refuse a person who could not act on the task: outside, away for good, unable, or bound.

    Raises:
        Refusal: ``transfer.outside``, ``transfer.unable``, ``transfer.tied``.
    """
    roles = roles_of(desk, task.organisation_id, person_id)
    if not roles:
        raise Refusal(OUTSIDE)
    act = SPEAKING[task.act]
    if person_id not in holders(desk, task.organisation_id, act):
        zh, en = desk.office.access.named(act)
        raise Refusal(UNABLE, act_zh=zh, act_en=en)
    if desk.office.access.may(roles, act, of_receiver(desk, request, task, person_id)) is None:
        raise Refusal(TIED)


def roles_of(desk: Desk, organisation_id: str, person_id: str) -> list[tuple[str, Relation]]:
    """The posts a person holds in an organisation today, as access is asked of them."""
    posts = posts_in(desk, organisation_id)
    return [(p.role, Relation.OWN) for p in posts if p.person_id == person_id]


def ask(desk: Desk, task: Task, **fields: object) -> Task:
    """A further task in the same step, asked for by whoever has this one."""
    step = desk.unit.get(Step, task.step_id)
    made = len(desk.unit.find(Task, step_id=step.id))
    plain: dict[str, object] = {
        "organisation_id": task.organisation_id, "family": task.family, "due_on": step.due_on,
        "due_provisional": step.due_provisional,
    }  # fmt: skip
    return desk.unit.add(
        Task(
            county=desk.unit.county, id=f"{step.id}.t{made}", request_id=task.request_id,
            step_id=step.id, asked_by=task.id, state=TaskState.OPEN, title=task.title,
            handed_on=desk.today,
            **{**plain, **fields},  # type: ignore[arg-type]
        )
    )  # fmt: skip


def handed(task: Task, how: str) -> Message:
    """What the new holder of a task is told."""
    return Message(
        kind=NoticeKind.HANDED, text=f"{how}：{task.title}",
        text_en=f"Handed to you: {task.title}", request_id=task.request_id, task_id=task.id,
    )  # fmt: skip


def _advising(desk: Desk, task: Task, person_id: str) -> StepAct:
    """In which form the colleague may speak: as the step asks, else as an opinion or an
    examination, whichever their post allows."""
    roles = roles_of(desk, task.organisation_id, person_id)
    wanted = (task.act, StepAct.OPINION, StepAct.EXAMINE, StepAct.CONSULT)
    for act in (a for a in wanted if a in ADVISING):
        if desk.office.access.may(roles, SPEAKING[act]):
            return act
    return StepAct.OPINION


ADVISING = frozenset({StepAct.EXAMINE, StepAct.OPINION, StepAct.CONSULT, StepAct.EXPERT})
"""What may be asked of another: to advise, never to decide in one's place."""
