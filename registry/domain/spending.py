"""支出明细 who was paid, by what means, for what, on whose signatures (P20), and 报账单 claims.

Accounts are never kept: what is kept is their last characters and a salted digest.
"""

import hashlib
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

import msgspec

from registry.domain.accounts import VoucherStage
from registry.domain.funds import Year
from registry.domain.records import Count, Ident, Line, PositiveFen, Record, Text, Wire


class PayMeans(StrEnum):
    """支付方式."""

    TRANSFER = "transfer"
    OFFICIAL_CARD = "official_card"
    """公务卡."""
    CHEQUE = "cheque"
    CASH = "cash"
    DIRECT = "direct"
    """财政直接支付."""


MEANS_ZH: dict[PayMeans, str] = {
    PayMeans.TRANSFER: "转账",
    PayMeans.OFFICIAL_CARD: "公务卡",
    PayMeans.CHEQUE: "支票",
    PayMeans.CASH: "现金",
    PayMeans.DIRECT: "财政直接支付",
}


class Signatory(StrEnum):
    """签字: the four whose names stand on what a community spends."""

    HANDLED = "handled"
    """经办."""
    WITNESSED = "witnessed"
    """证明."""
    APPROVED = "approved"
    """审批."""
    SUPERVISED = "supervised"
    """居(村)务监督."""


SIGNATORY_ZH: dict[Signatory, str] = {
    Signatory.HANDLED: "经办",
    Signatory.WITNESSED: "证明",
    Signatory.APPROVED: "审批",
    Signatory.SUPERVISED: "居务监督",
}


AccountNumber = Annotated[str, msgspec.Meta(max_length=40, pattern=r"^[0-9A-Za-z*\- ]*$")]
"""Given once, in full; what is kept is its last digits and a salted digest."""


class Payee(Wire, frozen=True, kw_only=True):
    """收款人 as it is told: the account is masked and compared by digest, and never kept."""

    kind: Literal["unit", "person"]
    name: Line
    account: AccountNumber = ""


class Particulars(Wire, frozen=True, kw_only=True):
    """支出明细 of one line of a voucher that spends, advances or repays."""

    presence_id: Ident
    funding_key: Ident
    amount_fen: PositiveFen
    year: Year | None = None
    """Of the money; absent = the fiscal year of the funding line."""
    use: Ident
    """用途: a word of the pack's list of uses."""
    payee: Payee
    means: PayMeans
    invoice_number: Annotated[str, msgspec.Meta(max_length=40)] = ""
    signatures: dict[Signatory, Ident] = {}
    """Person by signature."""
    quantity: Count | None = None
    unit: Annotated[str, msgspec.Meta(max_length=20)] = ""
    evidence_ids: Annotated[list[Ident], msgspec.Meta(max_length=50)] = []
    """Papers that show the quantity, e.g. a list signed by those who came."""
    paid_on: date
    served_on: date | None = None
    """最后服务日: last day of the work it pays for; needed once the matter has ended (E15)."""
    lender: Payee | None = None
    """垫付人: of an advance, who paid before the money was there."""
    text: Text = ""


class ExpenditureCommand(Wire, frozen=True, kw_only=True):
    """支出登记: one voucher together with the particulars of each of its lines."""

    request_id: Ident
    stage: Literal["expenditure", "advance", "repayment", "dispatch"] = "expenditure"
    """``dispatch``: 直接支付, where what is sent is spent at once."""
    number: Line
    fiscal_year: Year
    dated_on: date
    total_fen: PositiveFen
    lines: Annotated[list[Particulars], msgspec.Meta(min_length=1, max_length=500)]
    document_id: Ident | None = None
    note: Annotated[str, msgspec.Meta(max_length=200)] = ""


class SpendingState(StrEnum):
    """支出状态: that of its voucher, and whether it was taken back."""

    RECORDED = "recorded"
    CONFIRMED = "confirmed"
    VOIDED = "voided"
    REVERSED = "reversed"
    """冲销: taken back whole."""


STANDING = (SpendingState.RECORDED, SpendingState.CONFIRMED)
"""What was spent, or is about to be."""


class Expenditure(Record, frozen=True, kw_only=True):
    """支出: what one voucher line of expenditure was for, and who got it."""

    voucher_id: str
    line_id: str
    """The voucher line that it tells of."""
    stage: VoucherStage
    request_id: str
    presence_id: str
    organisation_id: str
    """The community."""
    payer_id: str
    funding_key: str
    year: int
    area_path: str
    amount_fen: int
    use: str
    payee_kind: Literal["unit", "person"]
    payee_name: str
    payee_masked: str = ""
    """Account with all but its last characters hidden."""
    payee_digest: str | None = None
    """Salted digest of name and account: the same payee again is found by it, and nothing else."""
    means: PayMeans
    invoice_number: str = ""
    invoice_key: str | None = None
    """The invoice number as it is compared; absent = none was given."""
    evidence_key: str | None = None
    """Digest of the papers behind the quantity: the same papers twice are found by it."""
    signatures: dict[str, str] = {}
    quantity: int | None = None
    unit: str = ""
    evidence_ids: list[str] = []
    paid_on: date
    served_on: date | None = None
    lender_kind: Literal["unit", "person"] | None = None
    lender_name: str = ""
    """垫付人 of an advance; the payer of the funding line owes it."""
    text: str = ""
    state: SpendingState = SpendingState.RECORDED
    claim_id: str | None = None
    """报账单 it was handed in with."""
    needs_second: bool = False
    """Its use lets it pass only with a second approver (E18)."""
    second_approver: str | None = None
    """Who let a use on the blocked list pass, where the pack provides for it (E18)."""
    second_for: str | None = None
    second_on: date | None = None


class ClaimState(StrEnum):
    """报账进程."""

    DRAWN = "drawn"
    RETURNED = "returned"
    """退回: its expenditures may be handed in again."""
    REVIEWED = "reviewed"
    REIMBURSED = "reimbursed"


CLAIM_ZH: dict[ClaimState, str] = {
    ClaimState.DRAWN: "已提交，待审核",
    ClaimState.RETURNED: "已退回",
    ClaimState.REVIEWED: "已审核，待支付",
    ClaimState.REIMBURSED: "已支付",
}
CLAIM_MOVES: dict[str, dict[ClaimState, ClaimState]] = {
    "return": {ClaimState.DRAWN: ClaimState.RETURNED, ClaimState.REVIEWED: ClaimState.RETURNED},
    "review": {ClaimState.DRAWN: ClaimState.REVIEWED},
    "reimburse": {ClaimState.REVIEWED: ClaimState.REIMBURSED},
}
"""The only table of moves: act → {state before: state after}."""


class Claim(Record, frozen=True, kw_only=True):
    """报账单: what one community spent in a period, handed in, reviewed by its street, reimbursed."""

    organisation_id: str
    area_path: str
    first_on: date
    last_on: date
    total_fen: int
    """Sum of its expenditures, 分."""
    expenditures: list[str]
    """In order of their ids."""
    state: ClaimState = ClaimState.DRAWN
    drawn_by: str
    drawn_for: str | None = None
    drawn_on: date
    reviewed_by: str | None = None
    reviewed_for: str | None = None
    reviewed_on: date | None = None
    returned_why: str = ""
    reimbursed_by: str | None = None
    reimbursed_on: date | None = None
    means: PayMeans | None = None
    reference: str = ""
    """支付凭证号 by which it was reimbursed."""
    document_id: str | None = None
    note: str = ""


def plain(text: str) -> str:
    """As names, accounts and invoice numbers are compared: one width, one case, no blanks or
    hyphens."""
    folded = unicodedata.normalize("NFKC", text).upper()
    return "".join(c for c in folded if not c.isspace() and c not in "-‐‑–—－")


_SHOWN = 4
"""Last characters of an account that are kept in clear: as bank slips show it."""


def masked(account: str) -> str:
    """账号掩码: all but the last characters hidden; one too short to hide anything shows none."""
    bare = plain(account)
    if not bare:
        return ""
    return "*" * _SHOWN + (bare[-_SHOWN:] if len(bare) >= 2 * _SHOWN else "")


def veiled(name: str) -> str:
    """姓名掩码: the first character stays."""
    return name[:1] + "*" * max(len(name) - 1, 1)


def papers_key(digests: Iterable[str]) -> str | None:
    """One key for a set of papers, by their content and whatever they are called."""
    kept = sorted(set(digests))
    return hashlib.sha256("\n".join(kept).encode()).hexdigest() if kept else None


class Uses(Wire, frozen=True, kw_only=True):
    """用途规则 that speak of one funding line, put together."""

    allowed: Mapping[str, str]
    """Word → name; empty = every word that is not blocked."""
    blocked: Mapping[str, str]
    approved: str | None = None
    """用途 that the funding line was granted for, where it states one."""
    purposes: Collection[str] = ()
    """Words that such a purpose may be."""

    def fact(self, use: str) -> str:
        """within 在核定用途内, outside 不在, blocked 在禁列用途内 (E18)."""
        if use in self.blocked:
            return "blocked"
        if self.allowed and use not in self.allowed:
            return "outside"
        if self.approved is not None and use in self.purposes and use != self.approved:
            return "outside"
        return "within"
