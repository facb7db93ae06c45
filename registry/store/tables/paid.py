"""支付 the tables of what was paid, and of what treasury and banks say of it."""

from datetime import date, datetime

from sqlalchemy import Index, text
from sqlmodel import Field

from registry.domain import accounts, bank, paying, spending
from registry.store.columns import Day, Instant, Whole, one_of
from registry.store.tables.rows import Row, args, maybe, positive, text_


class ExpenditureRow(Row, table=True):
    __tablename__ = "expenditure"
    record = spending.Expenditure
    voucher_id: str = text_()
    stage: str = text_()
    request_id: str = text_()
    presence_id: str = text_()
    organisation_id: str = text_()
    payer_id: str = text_()
    funding_key: str = text_()
    year: int = Field(sa_type=Whole)
    area_path: str = text_()
    amount_fen: int = Field(sa_type=Whole)
    use: str = text_()
    payee_digest: str | None = maybe()
    invoice_key: str | None = maybe()
    evidence_key: str | None = maybe()
    quantity: int | None = maybe(Whole)
    unit: str = text_()
    means: str = text_()
    paid_on: date = Field(sa_type=Day)
    state: str = text_()
    claim_id: str | None = maybe()
    __table_args__ = args(
        "expenditure",
        "voucher_id",
        "request_id",
        "presence_id",
        "organisation_id paid_on",
        "payee_digest",
        "invoice_key",
        "evidence_key",
        "claim_id",
        checks=(
            one_of("stage", accounts.VoucherStage, "expenditure"),
            one_of("means", spending.PayMeans, "expenditure"),
            one_of("state", spending.SpendingState, "expenditure"),
            positive("expenditure"),
        ),
    )


class ClaimRow(Row, table=True):
    __tablename__ = "claim"
    record = spending.Claim
    organisation_id: str = text_()
    area_path: str = text_()
    first_on: date = Field(sa_type=Day)
    last_on: date = Field(sa_type=Day)
    total_fen: int = Field(sa_type=Whole)
    state: str = text_()
    __table_args__ = args(
        "claim",
        "organisation_id",
        "state",
        checks=(one_of("state", spending.ClaimState, "claim"), positive("claim", "total_fen")),
    )


class BankBatchRow(Row, table=True):
    __tablename__ = "bank_batch"
    record = bank.BankBatch
    source: str = text_()
    organisation_id: str = text_()
    area_path: str = text_()
    sha256: str = text_()
    __table_args__ = args(
        "bank_batch",
        "organisation_id",
        "sha256",
        checks=(one_of("source", bank.LineSource, "bank_batch"),),
    )


class BankLineRow(Row, table=True):
    __tablename__ = "bank_line"
    record = bank.BankLine
    batch_id: str = text_()
    source: str = text_()
    external_key: str = text_()
    account_id: str = text_()
    area_path: str = text_()
    direction: str = text_()
    amount_fen: int = Field(sa_type=Whole)
    dated_on: date = Field(sa_type=Day)
    state: str = text_()
    party_id: str | None = maybe()
    voucher_id: str | None = maybe()
    __table_args__ = (
        Index("ux_bank_line_key", "county", "source", "account_id", "external_key", unique=True,
              sqlite_where=text("version = 1"), postgresql_where=text("version = 1")),
        *args("bank_line", "batch_id", "state dated_on", "account_id dated_on", "voucher_id",
              "party_id", "amount_fen", checks=(
            one_of("source", bank.LineSource, "bank_line"),
            one_of("state", bank.LineState, "bank_line"),
            one_of("direction", bank.Direction, "bank_line"),
            positive("bank_line"))),
    )  # fmt: skip


class LinePartRow(Row, table=True):
    __tablename__ = "line_part"
    record = bank.LinePart
    line_id: str = text_()
    voucher_id: str = text_()
    source: str = text_()
    account_id: str = text_()
    area_path: str = text_()
    direction: str = text_()
    amount_fen: int = Field(sa_type=Whole)
    withdrawn: str = text_()
    __table_args__ = args(
        "line_part",
        "line_id",
        "voucher_id",
        checks=(
            one_of("source", bank.LineSource, "line_part"),
            one_of("direction", bank.Direction, "line_part"),
            positive("line_part"),
        ),
    )


class OtherIncomeRow(Row, table=True):
    __tablename__ = "other_income"
    record = bank.OtherIncome
    organisation_id: str = text_()
    area_path: str = text_()
    source: str = text_()
    year: int = Field(sa_type=Whole)
    external_key: str = text_()
    direction: str = text_()
    amount_fen: int = Field(sa_type=Whole)
    invoice_key: str | None = maybe()
    bank_line_id: str | None = maybe()
    __table_args__ = (
        Index("ux_other_income_key", "county", "organisation_id", "source", "external_key",
              unique=True, sqlite_where=text("version = 1"), postgresql_where=text("version = 1")),
        *args("other_income", "organisation_id year", "invoice_key", "bank_line_id", checks=(
            one_of("source", bank.IncomeSource, "other_income"),
            one_of("direction", bank.Direction, "other_income"), positive("other_income"))),
    )  # fmt: skip


class PaymentRow(Row, table=True):
    __tablename__ = "payment"
    record = paying.Payment
    voucher_id: str = text_()
    request_id: str = text_()
    payer_id: str = text_()
    area_path: str = text_()
    amount_fen: int = Field(sa_type=Whole)
    key: str = text_()
    state: str = text_()
    next_at: datetime | None = maybe(Instant)
    __table_args__ = args(
        "payment",
        "voucher_id",
        "request_id",
        "state next_at",
        checks=(one_of("state", paying.PaymentState, "payment"), positive("payment")),
    )
