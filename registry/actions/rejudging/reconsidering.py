"""重新审视 a person of the deciding body says what becomes of a matter that no longer stands.

Saying so ends the task and no more: the matter itself is revoked or leaves by an act of its own.
"""

from registry.actions.office import Answer, Desk
from registry.actions.ties import of_case
from registry.actions.voting import NO_TASK, OpinionCommand, check_hand, say
from registry.domain.approval import StepAct, Task, TaskState
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.request import Request

NO_WORDS = declare(
    "task.reason", RefusalKind.INVALID, "请说明维持或处理的理由", "Say why it is kept, or ended."
)


def reconsider(desk: Desk, task_id: str, version: int | None, command: OpinionCommand) -> Answer:
    """Keep a matter (agree) or say that it must end (disagree), with the reason."""
    task = desk.unit.get(Task, task_id, lock=True)
    request = desk.unit.get(Request, task.request_id)
    desk.about(request)
    bound = of_case(desk, request)
    desk.authorise("task.reconsider", owners=[task.organisation_id], ties=bound)
    if task.act is not StepAct.RECONSIDER or task.state is not TaskState.OPEN:
        raise Refusal(NO_TASK)
    check_hand(desk, task)
    desk.check_version(task, version)
    if not command.text.strip():
        raise Refusal(NO_WORDS)
    say(desk, task, command)
    after = desk.unit.get(Task, task_id)
    return Answer(body=after, version=after.version)
