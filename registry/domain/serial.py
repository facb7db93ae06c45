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


class Serial(Record, frozen=True, kw_only=True):
    """文号流水: one number taken; a number is never given twice, even after 作废."""

    series: str
    year: int
    serial: int
    number: str
    object_id: str
