"""流转 what happens to a case between its steps: one row for each act, whatever the act."""

from datetime import datetime
from enum import StrEnum

from registry.domain.records import Record


class MovementKind(StrEnum):
    """流转动作."""

    TRANSFER = "transfer"
    """转办 to another person of the same body, who has it from then on."""
    ENTRUST = "entrust"
    """委派: a colleague is asked first; the task comes back when they have spoken."""
    ADD = "add"
    """加签: one more body is heard before the step is done."""
    DROP = "drop"
    """减签: a body that was added need not be waited for."""
    SEND_BACK = "send_back"
    """驳回 to an earlier step; what was said from there on lapses."""
    TAKE_BACK = "take_back"
    """拿回 of what one said oneself, while nobody has acted on it."""
    URGE = "urge"
    """催办."""
    COPY = "copy"
    """抄送 for information."""
    REFLOW = "reflow"
    """改用现行流程: moved to the flow that is in force now."""
    HAND_OVER = "hand_over"
    """交接 to a successor (P16)."""
    TO_HEAD = "to_head"
    """逾期未动: a task nobody touched is shown to the head of the body (P16)."""


class Movement(Record, frozen=True, kw_only=True):
    """流转记录: who moved what to whom, and why."""

    request_id: str
    kind: MovementKind
    step_id: str | None = None
    task_id: str | None = None
    person_id: str
    organisation_id: str
    on_behalf_of: str | None = None
    to_person_id: str | None = None
    to_organisation_id: str | None = None
    to_step_id: str | None = None
    to_task_id: str | None = None
    text: str = ""
    at: datetime
    number: str = ""
    """编号 of a 催办单, where the packs give it one."""
    read_at: datetime | None = None
    """A copy was opened by whom it was sent to."""
