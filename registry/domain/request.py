"""申请 a request on its way, and the states it passes through."""

from datetime import date
from enum import StrEnum

from registry.domain.filing import Filing
from registry.domain.records import Record
from registry.domain.vocabulary import Disclosure, Kind, Outcome, Trigger


class State(StrEnum):
    """申请状态 (contract, States)."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    NOT_ACCEPTED = "not_accepted"
    RETURNED = "returned"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    TERMINATED = "terminated"
    REVOKED = "revoked"
    CLOSED = "closed"


class Purpose(StrEnum):
    """申请目的."""

    ENTER = "enter"
    """准入."""
    CHANGE = "change"
    """变更."""
    RENEW = "renew"
    """续期."""
    LEAVE = "leave"
    """退出."""


STATE_ZH: dict[State, str] = {
    State.DRAFT: "草稿",
    State.SUBMITTED: "待受理",
    State.ACCEPTED: "已受理",
    State.NOT_ACCEPTED: "不予受理",
    State.RETURNED: "退回补正",
    State.IN_REVIEW: "审核中",
    State.APPROVED: "准予准入",
    State.REJECTED: "不予准入",
    State.WITHDRAWN: "申请单位撤回",
    State.TERMINATED: "终止办理",
    State.REVOKED: "撤销准入",
    State.CLOSED: "归档",
}

MOVES: dict[str, dict[State, State]] = {
    "edit": {State.DRAFT: State.DRAFT, State.RETURNED: State.RETURNED},
    "submit": {State.DRAFT: State.SUBMITTED, State.RETURNED: State.SUBMITTED},
    "accept": {State.SUBMITTED: State.ACCEPTED},
    "not-accept": {
        State.SUBMITTED: State.NOT_ACCEPTED,
        State.ACCEPTED: State.NOT_ACCEPTED,
        # Under an absolute rule the deciding step has no other way out.
        State.IN_REVIEW: State.NOT_ACCEPTED,
    },
    "return": {
        State.SUBMITTED: State.RETURNED,
        State.ACCEPTED: State.RETURNED,
        State.IN_REVIEW: State.RETURNED,
    },
    "opine": {State.ACCEPTED: State.IN_REVIEW, State.IN_REVIEW: State.IN_REVIEW},
    "ask": {State.ACCEPTED: State.ACCEPTED, State.IN_REVIEW: State.IN_REVIEW},
    "send-back": {State.ACCEPTED: State.ACCEPTED, State.IN_REVIEW: State.IN_REVIEW},
    "take-back": {State.ACCEPTED: State.ACCEPTED, State.IN_REVIEW: State.IN_REVIEW},
    "approve": {State.ACCEPTED: State.APPROVED, State.IN_REVIEW: State.APPROVED},
    "reject": {State.ACCEPTED: State.REJECTED, State.IN_REVIEW: State.REJECTED},
    "withdraw": {
        State.DRAFT: State.WITHDRAWN,
        State.SUBMITTED: State.WITHDRAWN,
        State.ACCEPTED: State.WITHDRAWN,
        State.RETURNED: State.WITHDRAWN,
        State.IN_REVIEW: State.WITHDRAWN,
    },
    "reflow": {
        State.SUBMITTED: State.SUBMITTED,
        State.ACCEPTED: State.ACCEPTED,
        State.IN_REVIEW: State.IN_REVIEW,
    },
    "terminate": {
        State.SUBMITTED: State.TERMINATED,
        State.ACCEPTED: State.TERMINATED,
        State.RETURNED: State.TERMINATED,
        State.IN_REVIEW: State.TERMINATED,
    },
    "revoke": {State.APPROVED: State.REVOKED},
    # 变更: what was approved is now the next edition of its original; it has nothing of its own.
    "take-effect": {
        State.ACCEPTED: State.CLOSED,
        State.IN_REVIEW: State.CLOSED,
        State.NOT_ACCEPTED: State.CLOSED,
        State.REJECTED: State.CLOSED,
    },
    # 复核 that replaces a decision, or annuls it.
    "replace": {
        State.REJECTED: State.APPROVED,
        State.NOT_ACCEPTED: State.APPROVED,
        State.REVOKED: State.APPROVED,
        State.APPROVED: State.APPROVED,
    },
    "annul": {
        State.REJECTED: State.IN_REVIEW,
        State.NOT_ACCEPTED: State.SUBMITTED,
        State.REVOKED: State.APPROVED,
    },
    "settle": {State.SUBMITTED: State.CLOSED},
    # What was archived with one of its parts, or beside a change, when a review opens that again.
    "unsettle": {State.CLOSED: State.SUBMITTED},
    "reinstate": {State.CLOSED: State.APPROVED},
    "close": {
        State.APPROVED: State.CLOSED,
        State.NOT_ACCEPTED: State.CLOSED,
        State.REJECTED: State.CLOSED,
        State.WITHDRAWN: State.CLOSED,
        State.TERMINATED: State.CLOSED,
        State.REVOKED: State.CLOSED,
    },
}
"""The only table of moves: act → {state before: state after}. A state not named refuses the act."""

MOVE_ZH: dict[str, str] = {
    "edit": "修改", "submit": "提交", "accept": "受理", "not-accept": "不予受理", "return": "退回补正",
    "opine": "提出意见", "ask": "加签、转办或者委派", "send-back": "驳回", "take-back": "拿回",
    "approve": "准予准入", "reject": "不予准入", "withdraw": "撤回", "terminate": "终止办理",
    "revoke": "撤销准入", "replace": "变更", "annul": "复核撤销", "close": "归档",
    "reflow": "改用现行流程", "take-effect": "变更生效", "settle": "办结", "unsettle": "恢复未办结",
    "reinstate": "恢复准入",
}  # fmt: skip
"""What a refused act is called."""


class Request(Record, frozen=True, kw_only=True):
    """申请: one filing on its way. A parent (组合申报) holds no verdict; its children do."""

    state: State = State.DRAFT
    kind: Kind
    title: str
    applicant_id: str
    """Leading organisation."""
    recorded_by_organisation_id: str | None = None
    """代录单位 (P12), where another organisation recorded it."""
    beside: str | None = None
    """Those who ask beside the leading organisation, ``|id|id|``: they read what they may edit."""
    letter_number: str | None = None
    """发文字号 of its letter: the same number twice from one organisation is flagged (P2)."""
    parent_id: str | None = None
    composite: bool = False
    inseparable: bool = False
    filing: Filing
    drafted_by: str
    submitted_by: str | None = None
    """签发人 (P14)."""
    worked_on_by: list[str] = []
    """Who else edited or submitted it before: they decide nothing in it either."""
    outcome: Outcome | None = None
    verdict_id: str | None = None
    insisted: bool = False
    insist_reason: str = ""
    absolute: bool = False
    """The verdict rests on an absolute rule: the body may only issue 不予受理."""
    applied_on: date | None = None
    accepted_on: date | None = None
    due_on: date | None = None
    due_provisional: bool = False
    overdue: bool = False
    clock_left: int | None = None
    """Days left when it was returned, in its clock's unit, where the pack stops it meanwhile."""
    clock_from: date | None = None
    """The day its clock last began; absent = on the day it was accepted, or applied for."""
    clock_days: int | None = None
    """What was left to run then, in the clock's unit; absent = the whole time."""
    returns: int = 0
    return_items: list[str] = []
    number: str = ""
    """申请编号, by the packs' ``[numbering.of] request``; empty = they give none."""
    acceptance_number: str = ""
    """文号 of the 受理通知书."""
    accepted_by_name: str = ""
    """受理单位 by its name of that day; empty = accepted before it was kept."""
    supplement_number: str = ""
    """文号 of the latest 补正通知书."""
    returned_by_name: str = ""
    """退回补正的单位 by its name of that day; empty = returned before it was kept."""
    flow: str | None = None
    flow_on: date | None = None
    """The day whose packs give its flow, where it was moved to a later one (改用现行流程)."""
    pack: str | None = None
    """Digest of the rule overlay the case runs under."""
    disclosure: Disclosure | None = None
    disclosure_reason: str = ""
    decision_id: str | None = None
    holder_id: str | None = None
    """经办人 on the asking side: who drafted it, or who took it over (P16)."""
    rests_on: str | None = None
    """The verdict with which it was last handed over: what was said since was said on that."""
    asks_for: str = ""
    """Digest of areas, term and money as it was last handed over; empty = before it was kept."""
    amends: str | None = None
    """变更: the admitted request that this one would change (P14)."""
    purpose: Purpose = Purpose.ENTER
    """What it asks of the admitted request that it amends, where it amends one."""
    trigger: Trigger | None = None
    """退出事由, where it asks to leave."""
    leave_reason: str = ""
    """Why it asks to leave, in the words of who asks."""
    reopened: bool = False
    """复核撤销后重新办理: a review annulled the decision; who took part in it decides no more in it."""
    narrowed_by: str | None = None
    """部分准予: the decision by which less is in force than was asked; absent = as asked."""
    edition: int = 1
    """第几版 of what is admitted: a change that is approved makes the next."""


class Target(Record, frozen=True, kw_only=True):
    """涉及范围: one area a request is meant for; kept as rows so that areas find requests."""

    request_id: str
    area_id: str
    path: str
    withdrawn: bool = False
    """True once an edit took the area out of the request."""
