"""决定之后 what may still become of a decision: corrected, revoked, reviewed (P3, P14)."""

from datetime import date
from enum import StrEnum

from registry.domain.records import Record


class Correction(Record, frozen=True, kw_only=True):
    """更正: a slip of the pen in a decision or a request; the old text stays here."""

    request_id: str
    object_kind: str
    object_id: str
    field: str
    was: str
    becomes: str
    reason: str
    organisation_id: str
    person_id: str
    on_behalf_of: str | None = None
    made_on: date


class RevocationState(StrEnum):
    """撤销准入的进程."""

    PROPOSED = "proposed"
    """已告知 the department of grounds and of its right to be heard."""
    HEARD = "heard"
    DECIDED = "decided"
    DROPPED = "dropped"


class MoneyEffect(StrEnum):
    """撤销对经费的影响; the amounts are the ledger's."""

    NONE = "none"
    STOP = "stop"
    """停止拨付: nothing more is paid."""
    SETTLE = "settle"
    """据实清算: what was done is paid, the rest goes back."""
    REFUND = "refund"
    """全额退回."""


class Revocation(Record, frozen=True, kw_only=True):
    """撤销准入: proposed with its grounds, the department heard, then decided (P14)."""

    request_id: str
    decision_id: str
    organisation_id: str
    """The body that decided, and now revokes."""
    state: RevocationState
    reason: str
    clauses: list[str] = []
    documents: list[str] = []
    money_effect: MoneyEffect
    money_note: str = ""
    proposed_by: str
    proposed_on: date
    answer_by: date | None = None
    """陈述申辩 until this day, by the pack's clock; absent = only an answer ends the hearing."""
    answer_by_provisional: bool = False
    answer: str = ""
    waived: bool = False
    """The department has nothing to say, and said so."""
    answered_by: str | None = None
    answered_on: date | None = None
    answer_documents: list[str] = []
    result_id: str | None = None
    """The decision that revokes."""
    dropped_reason: str = ""


class ReviewState(StrEnum):
    """复核状态."""

    FILED = "filed"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"


class ReviewResult(StrEnum):
    """复核结论."""

    UPHELD = "upheld"
    """维持."""
    REPLACED = "replaced"
    """变更: the reviewing body decides in its place."""
    ANNULLED = "annulled"
    """撤销: the decision falls and the case is decided anew by others."""


class Review(Record, frozen=True, kw_only=True):
    """申请复核: asked once, decided by another person of the body that the pack names (P3)."""

    request_id: str
    decision_id: str
    organisation_id: str
    """The body that reviews."""
    applicant_id: str
    """The organisation that asked."""
    state: ReviewState
    reason: str
    documents: list[str] = []
    asked_by: str
    filed_on: date
    due_on: date | None = None
    due_provisional: bool = False
    task_id: str | None = None
    result: ReviewResult | None = None
    result_reason: str = ""
    result_id: str | None = None
    decided_by: str | None = None
    decided_on: date | None = None
