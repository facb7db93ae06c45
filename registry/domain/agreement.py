"""委托协议书 one versioned text per request, signed per community (M9, P31)."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal

import msgspec

from registry.domain.filing import Filing
from registry.domain.funding import paid_out
from registry.domain.records import Ident, Line, Record, Text, Wire


class AgreementState(StrEnum):
    """协议状态."""

    OFFERED = "offered"
    SUPERSEDED = "superseded"


class Terms(Wire, frozen=True, kw_only=True):
    """协议条款: task and responsibility stated, with acceptance."""

    task: Text
    responsibility: Text
    standard: Text = ""
    acceptance: Text
    """验收 how the work is accepted."""
    starts_on: date | None = None
    ends_on: date | None = None
    money_fen: Annotated[int, msgspec.Meta(ge=0, le=10**15)] = 0
    powers: list[str] = []
    exit_terms: Text = ""

    def of(self, filing: Filing) -> "Terms":
        """The same undertakings for what a filing says: task, standard, term, money, powers."""
        return msgspec.structs.replace(
            self, task=filing.content, standard=filing.standard, starts_on=filing.starts_on,
            ends_on=filing.ends_on, money_fen=paid_out(filing.funding),
            powers=[power.scope for power in filing.powers],
        )  # fmt: skip


class Agreement(Record, frozen=True, kw_only=True):
    """委托协议书: the current text; an amended text is a new version and lapses the signatures."""

    request_id: str
    state: AgreementState = AgreementState.OFFERED
    edition: int = 1
    terms: Terms
    drafted_by: str


class Side(StrEnum):
    """签署方."""

    DEPARTMENT = "department"
    COMMUNITY = "community"


class Signature(Record, frozen=True, kw_only=True):
    """签署: one side's signature for one community. A click is 系统确认, never 签章 (P31)."""

    agreement_id: str
    edition: int
    request_id: str
    presence_id: str
    side: Side
    organisation_id: str
    person_id: str
    on_behalf_of: str | None = None
    """委托人: in whose place the person signed, by a delegation."""
    post: str
    authority: str = ""
    means: Literal["paper", "electronic_seal"]
    document_id: str | None = None
    """Scan of the paper, or the sealed file."""
    original_at: str = ""
    """Where the signed paper lies."""
    signed_on: date
    confirmed_at: datetime
    """系统确认时间."""


class SignCommand(Wire, frozen=True, kw_only=True):
    """签署登记: what the signer tells."""

    presence_id: Ident | None = None
    """Absent: every presence of the request (the department's side)."""
    means: Literal["paper", "electronic_seal"] = "paper"
    document_id: Ident | None = None
    original_at: Annotated[str, msgspec.Meta(max_length=120)] = ""
    authority: Annotated[str, msgspec.Meta(max_length=120)] = ""
    signed_on: date | None = None


class TermsCommand(Wire, frozen=True, kw_only=True):
    """协议文本: offered or amended."""

    request_id: Ident
    responsibility: Text
    acceptance: Text
    exit_terms: Text = ""
    note: Line | None = None
