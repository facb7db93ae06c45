"""提醒 what a person is told inside the registry. Every channel reads this one outbox."""

from datetime import date, datetime
from enum import StrEnum

from registry.domain.records import Record


class NoticeKind(StrEnum):
    """提醒种类."""

    DUE = "due"
    """期限将至."""
    DUE_TODAY = "due_today"
    OVERDUE = "overdue"
    UNTOUCHED = "untouched"
    """多日未办: shown to the head of the body (P16)."""
    HANDED = "handed"
    """转来、委派、加签: a task came to the person."""
    URGED = "urged"
    COPIED = "copied"
    RETURNED = "returned"
    """驳回、退回、拿回."""
    DECIDED = "decided"
    AFTERWARDS = "afterwards"
    """决定之后: 更正, 撤销, 复核."""
    DELEGATED = "delegated"
    CONFERENCE = "conference"
    HANDOVER = "handover"
    REORGANISED = "reorganised"


class Notice(Record, frozen=True, kw_only=True):
    """提醒: one sentence for one person. Told once: its id says what of, at which stage.

    What a street entered by telephone (``actions.telephoning``) waits under the body in whose name
    it was entered, for whoever has a post there: ``read`` = checked.
    """

    person_id: str
    kind: NoticeKind
    request_id: str | None = None
    task_id: str | None = None
    object_kind: str = ""
    object_id: str = ""
    text: str
    text_en: str
    made_on: date
    made_at: datetime
    read: bool = False
    read_at: datetime | None = None


NOTICE_ZH: dict[NoticeKind, str] = {
    NoticeKind.DUE: "即将到期",
    NoticeKind.DUE_TODAY: "今日到期",
    NoticeKind.OVERDUE: "已逾期",
    NoticeKind.UNTOUCHED: "多日未办",
    NoticeKind.HANDED: "转来待办",
    NoticeKind.URGED: "催办",
    NoticeKind.COPIED: "抄送",
    NoticeKind.RETURNED: "退回",
    NoticeKind.DECIDED: "决定",
    NoticeKind.AFTERWARDS: "决定之后",
    NoticeKind.DELEGATED: "授权委托",
    NoticeKind.CONFERENCE: "联席会议",
    NoticeKind.HANDOVER: "交接",
    NoticeKind.REORGANISED: "机构变动",
}
