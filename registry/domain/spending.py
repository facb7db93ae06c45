"""支出明细 who was paid, by what means, for what, on whose signatures (P20)."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

import msgspec

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


class Payee(Wire, frozen=True, kw_only=True):
    """收款人 as it is told: the account is masked and compared by digest, and never kept."""

    kind: Literal["unit", "person"]
    name: Line
    account: Annotated[str, msgspec.Meta(max_length=40, pattern=r"^[0-9A-Za-z*\- ]*$")] = ""
    """Given once, in full; what is kept is its last digits and a salted digest."""


class ExpenditureCommand(Wire, frozen=True, kw_only=True):
    """支出登记: the particulars of one line of expenditure."""

    presence_id: Ident
    funding_key: Ident
    amount_fen: PositiveFen
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
    paid_on: date
    text: Text = ""


class Expenditure(Record, frozen=True, kw_only=True):
    """支出: what one voucher line of expenditure was for, and who got it."""

    voucher_id: str
    request_id: str
    presence_id: str
    funding_key: str
    year: int
    area_path: str
    amount_fen: int
    use: str
    payee_kind: Literal["unit", "person"]
    payee_name: str
    payee_masked: str = ""
    """Account with all but its last digits hidden."""
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
    text: str = ""
    second_approver: str | None = None
    """Who let a use on the blocked list pass, where the pack provides for it (E18)."""
