"""驳回与拿回 a case goes back to an earlier step, or a person takes back their own word."""

from collections.abc import Collection

from registry.actions.between.hearing import SPEAKING
from registry.actions.between.passing import NO_REASON
from registry.actions.between.relaying import head_of, lapse, lay, relay, spoken_from
from registry.actions.between.trail import record
from registry.actions.filing import move
from registry.actions.office import Answer, Desk
from registry.actions.outbox import Message, holders, tell
from registry.actions.steps import open_steps, said, way
from registry.actions.views import view
from registry.actions.voting import NO_TASK, enter, open_case_of, place
from registry.domain.approval import Opinion, Step, StepState, Task, TaskState
from registry.domain.conference import Conference, ConferenceState, ConferenceVote
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.movement import Movement, MovementKind
from registry.domain.notice import NoticeKind
from registry.domain.people import PostView
from registry.domain.records import Ident, Text, Wire
from registry.domain.request import Request

NOT_EARLIER = declare(
    "step.not_earlier", RefusalKind.INVALID, "只能驳回到本案已经办过的前面环节（{steps}）",
    "A case is sent back only to a step done before the one it is in: {steps}.", recorded=True,
)  # fmt: skip
NOT_OWN = declare(
    "task.not_own", RefusalKind.FORBIDDEN, "只能拿回本人作出的意见",
    "Only what one said oneself can be taken back.", recorded=True,
)  # fmt: skip
ACTED_ON = declare(
    "task.acted_on", RefusalKind.CONFLICT, "其后已有人办理，不能拿回",
    "Others have acted on it since: it cannot be taken back.", recorded=True,
)  # fmt: skip

SILENT = frozenset({MovementKind.URGE, MovementKind.COPY})
"""Movements that act on nothing."""


class SendBackCommand(Wire, frozen=True, kw_only=True):
    """驳回: to which earlier step (its key, or its id), and why."""

    step: Ident
    reason: Text


class TakeBackCommand(Wire, frozen=True, kw_only=True):
    """拿回: why."""

    reason: Text


def send_back(desk: Desk, request_id: str, version: int | None, command: SendBackCommand) -> Answer:
    """驳回 to an earlier step: what was said from there on lapses, and the steps begin anew."""
    request, steps = open_case_of(desk, request_id)
    here = place(desk, list(reversed(steps)))
    task = enter(desk, request, here, "request.send_back")
    state = move(request, "send-back")
    desk.check_version(request, version)
    if not command.reason.strip():
        raise Refusal(NO_REASON)
    target = _earlier(way(desk, request), here, command.step)
    heard = [o.person_id for o in spoken_from(desk, request, target.ordinal)]
    changed = desk.unit.change(request, state=state)
    relay(desk, changed, target.ordinal)
    record(desk, MovementKind.SEND_BACK, _post(desk, task), request_id=request.id,
           step_id=here.id, task_id=task.id, to_step_id=target.id, text=command.reason)  # fmt: skip
    words = ("驳回，重新办理", "Sent back, to be done again")
    _tell_anew(desk, changed, [*heard, *waiting(desk, changed)], words)
    desk.about(changed)
    return Answer(body=view(desk, changed), version=changed.version)


def _earlier(steps: list[Step], here: Step, named: str) -> Step:
    """The step named, which was done, in a group before the one that sends back."""
    first = head_of(steps, here.ordinal)
    before = [s for s in steps if s.ordinal < first and s.state is StepState.DONE]
    found = [s for s in before if named in (s.id, s.key)]
    if not found:
        may = "、".join(dict.fromkeys(f"{s.key} {s.name}" for s in before))
        raise Refusal(NOT_EARLIER, steps=may or "—")
    return found[-1]


def take_back(desk: Desk, task_id: str, version: int | None, command: TakeBackCommand) -> Answer:
    """拿回: one's own word, while nobody has acted on what it led to; the step is open again."""
    given = desk.unit.get(Task, task_id)
    request = desk.unit.get(Request, given.request_id, lock=True)
    desk.about(request)
    task = desk.unit.get(Task, task_id)
    post = desk.authorise("task.take_back", owners=[task.organisation_id])
    opinion = _own_word(desk, task)
    desk.check_version(task, version)
    if not command.reason.strip():
        raise Refusal(NO_REASON)
    state = move(request, "take-back")
    step = next((s for s in way(desk, request) if s.id == task.step_id), None)
    if step is None:
        raise Refusal(NO_TASK)
    led = _led_to(desk, request, step)
    _check_untouched(desk, request, task, led)
    desk.unit.change(opinion, lapsed=True)
    _undo(desk, step, led)
    _reopen(desk, step, task)
    record(desk, MovementKind.TAKE_BACK, post, request_id=request.id, step_id=step.id,
           task_id=task.id, text=command.reason)  # fmt: skip
    changed = desk.unit.change(request, state=state)
    desk.about(changed)
    return Answer(body=view(desk, changed), version=changed.version)


def _own_word(desk: Desk, task: Task) -> Opinion:
    standing = said(desk, step_id=task.step_id)
    mine = [o for o in standing if o.task_id == task.id]
    if task.state is not TaskState.DONE or not mine:
        raise Refusal(NO_TASK)
    own = desk.actor.person_id in (mine[0].person_id, mine[0].on_behalf_of)
    # What a meeting decided is the word of none of its members, nor of who entered it.
    if not own or mine[0].conference_id is not None:
        raise Refusal(NOT_OWN)
    return mine[0]


def _led_to(desk: Desk, request: Request, step: Step) -> list[Step]:
    """The steps that opened, or were passed over, because this one was done."""
    if step.state is not StepState.DONE or not step.required:
        return []
    steps = way(desk, request)
    first = head_of(steps, step.ordinal)
    after = [s for s in steps if head_of(steps, s.ordinal) > first]
    return [s for s in after if s.state is not StepState.WAITING]


def _check_untouched(desk: Desk, request: Request, task: Task, led: list[Step]) -> None:
    """Refuse where somebody acted after: in a step that opened since, or by a vote of the meeting
    it lies before; as the one who had asked for this word, or as the next in turn (依次)."""
    after = {s.id for s in led}
    spoken = any(o.step_id in after for o in said(desk, request_id=request.id))
    moved = any(
        m.step_id in after and m.kind not in SILENT
        for m in desk.unit.find(Movement, request_id=request.id)
    )
    asker = desk.unit.maybe(Task, task.asked_by) if task.asked_by else None
    answered = asker is not None and asker.state is not TaskState.OPEN
    after_it = any(t.state is TaskState.DONE for t in _next(desk, task))
    if spoken or moved or answered or after_it or _voted_on(desk, request, after):
        raise Refusal(ACTED_ON)


def _voted_on(desk: Desk, request: Request, steps: Collection[str]) -> bool:
    """Whether a meeting that is not over has voted on the case as it lies in these steps."""
    votes = desk.unit.find(ConferenceVote, request_id=request.id)
    held = [desk.unit.get(Conference, id) for id in sorted({v.conference_id for v in votes})]
    before = {i.task_id for m in held if m.state is ConferenceState.CONVENED for i in m.agenda}
    tasks = desk.unit.find(Task, request_id=request.id) if before else []
    return any(t.id in before and t.step_id in steps for t in tasks)


def _next(desk: Desk, task: Task) -> list[Task]:
    """依次: the tasks handed out in the step after this one was done."""
    step = desk.unit.get(Step, task.step_id)
    if not step.in_order or task.asked_by is not None:
        return []
    asked = [t for t in desk.unit.find(Task, step_id=step.id) if t.asked_by is None]
    return [t for t in asked if place_of(t) > place_of(task)]


def place_of(task: Task) -> int:
    """In which order a task was handed out in its step."""
    return int(task.id.rsplit(".t", 1)[1])


def _undo(desk: Desk, step: Step, led: list[Step]) -> None:
    """The steps that had opened wait again, in rows of their own."""
    lapse(desk, led)
    for later in led:
        lay(desk, later)
    if step.state is StepState.DONE:
        desk.unit.change(step, state=StepState.OPEN)


def _reopen(desk: Desk, step: Step, task: Task) -> None:
    """The word is asked for again; so is every other that was cut off when the step ended."""
    after = {t.id for t in _next(desk, task)}
    moves = desk.unit.find(Movement, request_id=task.request_id)
    dropped = {m.to_task_id for m in moves if m.kind is MovementKind.DROP}
    for other in desk.unit.find(Task, step_id=step.id):
        if other.id in after:
            if other.state is TaskState.OPEN:
                desk.unit.change(other, state=TaskState.CANCELLED)
        elif other.id not in dropped and _cut_off(step, other):
            desk.unit.change(other, state=TaskState.OPEN, handed_on=desk.today)
    desk.unit.change(task, state=TaskState.OPEN, handed_on=desk.today)


def _cut_off(step: Step, task: Task) -> bool:
    """Whether a task was taken off a desk by the end of its step; in turn nobody else had one."""
    return task.state is TaskState.CANCELLED and (
        not step.in_order or task.asked_by is not None or task.escalated
    )


def waiting(desk: Desk, request: Request) -> list[str]:
    """People on whose desk a case lies now."""
    found = []
    for step in open_steps(desk, request):
        for task in desk.unit.find(Task, step_id=step.id, state=TaskState.OPEN.value):
            able = holders(desk, task.organisation_id, SPEAKING[task.act])
            found += [task.person_id] if task.person_id else able
    return found


def _tell_anew(desk: Desk, request: Request, people: list[str], words: tuple[str, str]) -> None:
    message = Message(
        kind=NoticeKind.RETURNED, text=f"{words[0]}：{request.title}",
        text_en=f"{words[1]}: {request.title}", request_id=request.id,
    )  # fmt: skip
    tell(desk, people, message, request)


def _post(desk: Desk, task: Task) -> PostView:
    """The post in which the act passed."""
    return next(
        p for p in desk.actor.posts
        if p.role == desk.post and p.organisation_id == task.organisation_id
    )  # fmt: skip
