"""导出任务上限 one person has so many exports under way at once and no more: all are made one after
another, and nobody's are to keep everybody else's waiting.
"""

from registry.domain.errors import Refusal, RefusalKind, declare
from registry.policies.queueing import shipped

TOO_MANY = declare(
    "export.too_many", RefusalKind.TOO_MANY, "您已有 {many} 个导出任务在办，请待其完成后再导出",
    "You have {many} exports under way; order another when one of them is done.",
)  # fmt: skip


def room(under_way: int) -> None:
    """Let a person order another export, or not.

    Args:
        under_way: theirs that are made now or wait.

    Raises:
        Refusal: ``export.too_many``.
    """
    rule = shipped()
    if under_way >= rule.each:
        raise Refusal(TOO_MANY, many=under_way, retry_after=rule.again_seconds)
