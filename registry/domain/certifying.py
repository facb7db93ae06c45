"""出具证明 what the seal may certify, what is demanded of it, what should be amended (M10, P24).

Never residents' data: a demand is a type and a number, a use of the seal is a count.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

import msgspec

from registry.domain.records import Count, Record
from registry.domain.vocabulary import Outcome

Month = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")]


class Certifying(StrEnum):
    """证明答复 (P24)."""

    MUST = "must"
    """应当出具."""
    MUST_NOT = "must_not"
    """不应出具."""
    DISCRETION = "discretion"
    """可酌情出具."""
    ASK = "ask"
    """请咨询人员."""


CERTIFYING_ZH = {
    Certifying.MUST: "应当出具", Certifying.MUST_NOT: "不应出具",
    Certifying.DISCRETION: "可酌情出具", Certifying.ASK: "请咨询人员",
}  # fmt: skip
ANSWERED: dict[Outcome, Certifying] = {
    Outcome.EXEMPT: Certifying.MUST,
    Outcome.LISTED: Certifying.MUST,
    Outcome.REFUSED: Certifying.MUST_NOT,
    Outcome.DISCRETIONARY: Certifying.DISCRETION,
    Outcome.HUMAN_REVIEW: Certifying.ASK,
    Outcome.OUT_OF_SCOPE: Certifying.ASK,
    Outcome.NEEDS_APPROVAL: Certifying.ASK,
    Outcome.PURCHASE: Certifying.ASK,
    Outcome.ALLOWED: Certifying.ASK,
}
"""What the outcome of the decision table is at the door (P24)."""


class Demander(StrEnum):
    """索要方."""

    GOVERNMENT = "government"
    COURT = "court"
    ENTERPRISE = "enterprise"
    BANK = "bank"
    SCHOOL = "school"
    EMPLOYER = "employer"
    RESIDENT = "resident"
    OTHER = "other"


DEMANDER_ZH = {
    Demander.GOVERNMENT: "政府部门", Demander.COURT: "法院", Demander.ENTERPRISE: "企业",
    Demander.BANK: "银行", Demander.SCHOOL: "学校", Demander.EMPLOYER: "用人单位",
    Demander.RESIDENT: "居民", Demander.OTHER: "其他",
}  # fmt: skip


class CertificateDemand(Record, frozen=True, kw_only=True):
    """证明需求登记: which paper was demanded by which sort of body, and what was answered."""

    organisation_id: str
    area_path: str
    item_id: str | None = None
    """The list item it is; ``None`` = on no list."""
    item: str
    """Its name on the list, or the sort of paper in the worker's words; never the resident's."""
    demander: Demander
    out_of_area: bool = False
    answer: Certifying
    clauses: list[str] = []
    times: Count = 1
    month: Month
    recorded_on: date
    person_id: str
    slip_number: str = ""
    """Of the 一次性告知单, where one was handed over."""
    basis: str | None = None
    """What the demander rested on (``statute``, ``policy``, ``none``); ``None`` = not stated."""
    by_telephone: bool = False
    """Told by telephone and entered by the street (P9)."""
    corrected_on: date | None = None
    corrected_why: str = ""
    """Why it was put right; what was registered before stays as the version before."""


class SealCount(Record, frozen=True, kw_only=True):
    """用印登记: counts alone, by month and sort of use."""

    organisation_id: str
    area_path: str
    month: Month
    use: Literal["certificate", "opinion", "seal"]
    """证明, 意见, 盖章."""
    item_id: str | None = None
    item: str
    copies: Count
    recorded_on: date
    person_id: str


class ProposalState(StrEnum):
    """提请修改的进程."""

    DRAFTED = "drafted"
    SENT = "sent"
    ANSWERED = "answered"


class AmendmentProposal(Record, frozen=True, kw_only=True):
    """提请修改: a statute still asks for a paper that the list forbids; a department must answer."""

    number: str = ""
    item_id: str
    item: str
    statute: str
    """The rule that still asks for it, with its article."""
    clause: str
    """The list that forbids it."""
    why: str = ""
    times: Count = 0
    """How often it was demanded in the county until then."""
    organisation_id: str
    """The office that proposes."""
    department_id: str | None = None
    """Who must answer."""
    state: ProposalState = ProposalState.DRAFTED
    drafted_on: date
    sent_on: date | None = None
    sent_by: str | None = None
    due_on: date | None = None
    due_provisional: bool = False
    overdue: bool = False
    answer: str = ""
    agrees: bool | None = None
    answered_on: date | None = None
    answered_by: str | None = None
    document_id: str | None = None
