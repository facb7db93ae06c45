"""救济与后果 what a pack says follows from no admission, and of complaints about it."""

from typing import Literal

from registry.domain.calendar import Clock
from registry.domain.records import Wire
from registry.domain.vocabulary import Grade

Handling = Literal["correction", "circular", "reminder", "referral"]
"""责令整改, 通报, 提醒函, 移送."""


class Effects(Wire, frozen=True, kw_only=True):
    """未经准入的后果: 拒绝权 and 部门违规 are two answers; absent = the text is silent."""

    refusal_right: bool | None = None
    department_in_breach: bool | None = None
    separate_assessment: bool | None = None
    """单独考核: whether what is admitted may be assessed on its own; the rows carry it out."""
    recalled: bool | None = None
    """收回: what was handed down without admission is taken back by who sent it."""


class Complaints(Wire, frozen=True, kw_only=True):
    """投诉: where one complains, how soon it is answered, what may come of it."""

    where: str
    bodies: list[str] = []
    """Keys of the bodies in ``[bodies]`` that handle it, in order: one that is concerned itself is
    passed over for the next (P10)."""
    answered_in: Clock | None = None
    """Absent = the text gives no time, and nobody is late."""
    handling: list[Handling] = []
    """Empty = the text names none."""
    unanswered_is_breach: bool | None = None
    """不处理投诉本身即违规; absent = the text is silent."""
    grade: Grade
