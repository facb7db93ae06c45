"""文号流水 the numbers that decisions have taken."""

from enum import StrEnum

from registry.domain.records import Record


class Paper(StrEnum):
    """文书: what is numbered besides decisions, each in a series of its own."""

    SLIP = "slip"
    """一次性告知单."""
    PROPOSAL = "proposal"
    """提请修改."""
    REFUSAL = "refusal"
    """不予承接告知书."""
    CLEANUP = "cleanup"
    """牌子清理通知单."""
    NOTICE = "notice"
    """准入通知书."""
    MEASURE = "measure"
    """责令改正、通报、提醒函、移送."""
    OBJECTION = "objection"
    """异议答复."""
    COMPLAINT = "complaint"
    """投诉登记."""
    EXISTING = "existing"
    """存量保留备案."""
    APPLICATION = "application"
    """空白准入申请表: reserved before it is filled in."""
    REQUEST = "request"
    """申请编号: taken when a request is first submitted."""
    ACCEPTANCE = "acceptance"
    """受理通知书."""
    SUPPLEMENT = "supplement"
    """补正通知书."""
    URGING = "urging"
    """催办单."""
    SUSPENSION = "suspension"
    """暂停执行通知书."""
    RESUMPTION = "resumption"
    """恢复执行通知书."""
    DEPARTURE = "departure"
    """退出通知书."""
    OBJECTION_RAISED = "objection_raised"
    """异议单; ``objection`` numbers its answer."""
    CLEARANCE = "clearance"
    """清算单."""
    HANDOVER = "handover"
    """交接清单."""


class Serial(Record, frozen=True, kw_only=True):
    """文号流水: one number taken; a number is never given twice, even after 作废."""

    series: str
    year: int
    serial: int
    number: str
    object_id: str
