"""资金 the tables of the ledger: vouchers, the budget behind them, spending, statements of others."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from registry.domain import accounts, bank, budget, closing, funds, paying, spending
from registry.domain.vocabulary import Custody
from registry.store.columns import Day, Flag, Instant, Whole, money, one_of
from registry.store.tables.rows import Row, args, maybe, text_


def _positive(table: str, column: str = "amount_fen") -> CheckConstraint:
    return CheckConstraint(f"{column} BETWEEN 1 AND 1000000000000000", name=f"ck_{table}_{column}")


class VoucherRow(Row, table=True):
    __tablename__ = "voucher"
    record = funds.Voucher
    request_id: str | None = maybe()
    stage: str = text_()
    number: str = text_()
    payer_id: str = text_()
    issuer_id: str = text_()
    fiscal_year: int = Field(sa_type=Whole)
    dated_on: date = Field(sa_type=Day)
    total_fen: int = Field(sa_type=Whole)
    state: str = text_()
    __table_args__ = (
        Index("ux_voucher_number", "county", "issuer_id", "fiscal_year", "number", unique=True,
              sqlite_where=text("version = 1"), postgresql_where=text("version = 1")),
        *args("voucher", "request_id", "stage", "state", "payer_id", "dated_on", checks=(
            one_of("stage", accounts.VoucherStage, "voucher"),
            one_of("state", funds.VoucherState, "voucher"),
            _positive("voucher", "total_fen"))),
    )  # fmt: skip


class VoucherLineRow(Row, table=True):
    __tablename__ = "voucher_line"
    record = funds.VoucherLine
    voucher_id: str = text_()
    request_id: str | None = maybe()
    presence_id: str = text_()
    funding_key: str = text_()
    stage: str = text_()
    amount_fen: int = Field(sa_type=Whole)
    sign: int = Field(sa_type=Whole)
    counted: bool = Field(sa_type=Flag)
    debit: str | None = maybe()
    credit: str | None = maybe()
    year: int | None = maybe(Whole)
    payer_id: str | None = maybe()
    area_path: str | None = maybe()
    indicator_id: str | None = maybe()
    dated_on: date | None = maybe(Day)
    __table_args__ = (
        # What confirmed lines come to is read from this index alone.
        Index("ix_voucher_line_sums", "county", "year", "presence_id", "funding_key", "stage",
              "sign", "debit", "credit", "payer_id", "request_id", "indicator_id", "amount_fen",
              sqlite_where=text("event_to IS NULL AND counted = 1"),
              postgresql_where=text("event_to IS NULL AND counted")),
        *args("voucher_line", "voucher_id", "request_id", "presence_id", "payer_id year",
              "indicator_id", "area_path year", checks=(
            one_of("stage", accounts.VoucherStage, "voucher_line"),
            one_of("debit", accounts.Account, "voucher_line"),
            one_of("credit", accounts.Account, "voucher_line"),
            CheckConstraint("debit <> credit", name="ck_voucher_line_accounts"),
            _positive("voucher_line"),
            CheckConstraint("sign IN (1, -1)", name="ck_voucher_line_sign"))),
    )  # fmt: skip


class BudgetCodeRow(Row, table=True):
    __tablename__ = "budget_code"
    record = budget.BudgetCode
    year: int = Field(sa_type=Whole)
    kind: str = text_()
    code: str = text_()
    __table_args__ = args(
        "budget_code",
        "year kind code",
        checks=(one_of("kind", budget.CodeKind, "budget_code"),),
    )


class IndicatorRow(Row, table=True):
    __tablename__ = "indicator"
    record = budget.Indicator
    number: str = text_()
    year: int = Field(sa_type=Whole)
    payer_id: str = text_()
    organisation_id: str = text_()
    amount_fen: int = Field(sa_type=Whole)
    confirmed_by: str | None = maybe()
    __table_args__ = (
        Index("ux_indicator_number", "county", "organisation_id", "year", "number", unique=True,
              sqlite_where=text("version = 1"), postgresql_where=text("version = 1")),
        *args("indicator", "payer_id year", checks=(_positive("indicator"),)),
    )  # fmt: skip


class CustodyTermRow(Row, table=True):
    __tablename__ = "custody_term"
    record = budget.CustodyTerm
    organisation_id: str = text_()
    area_path: str = text_()
    custody: str = text_()
    since: date = Field(sa_type=Day)
    until: date | None = maybe(Day)
    __table_args__ = args(
        "custody_term",
        "organisation_id since",
        checks=(one_of("custody", Custody, "custody_term"),),
    )


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
            _positive("expenditure"),
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
        checks=(one_of("state", spending.ClaimState, "claim"), _positive("claim", "total_fen")),
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
            _positive("bank_line"))),
    )  # fmt: skip


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
            one_of("direction", bank.Direction, "other_income"), _positive("other_income"))),
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
        checks=(one_of("state", paying.PaymentState, "payment"), _positive("payment")),
    )


class ClearanceRow(Row, table=True):
    __tablename__ = "clearance"
    record = closing.Clearance
    presence_id: str = text_()
    request_id: str = text_()
    funding_key: str = text_()
    year: int = Field(sa_type=Whole)
    area_path: str = text_()
    organisation_id: str = text_()
    state: str = text_()
    __table_args__ = args(
        "clearance",
        "presence_id",
        "request_id",
        "state",
        checks=(one_of("state", closing.ClearanceState, "clearance"),),
    )


class HoldRow(Row, table=True):
    __tablename__ = "hold"
    record = closing.Hold
    presence_id: str = text_()
    request_id: str = text_()
    funding_key: str = text_()
    year: int = Field(sa_type=Whole)
    area_path: str = text_()
    organisation_id: str = text_()
    amount_fen: int = Field(sa_type=Whole)
    released_on: date | None = maybe(Day)
    __table_args__ = args(
        "hold", "presence_id", "request_id", "organisation_id", checks=(_positive("hold"),)
    )


class OpeningBalanceRow(Row, table=True):
    __tablename__ = "opening_balance"
    record = closing.OpeningBalance
    presence_id: str = text_()
    organisation_id: str = text_()
    area_path: str = text_()
    payer_id: str = text_()
    year: int = Field(sa_type=Whole)
    amount_fen: int = Field(sa_type=Whole)
    row_key: str = text_()
    state: str = text_()
    __table_args__ = (
        Index("ux_opening_balance_row_key", "county", "row_key", unique=True,
              sqlite_where=text("version = 1"), postgresql_where=text("version = 1")),
        *args("opening_balance", "presence_id", "organisation_id", "state", checks=(
            one_of("state", closing.OpeningState, "opening_balance"),
            _positive("opening_balance"))),
    )  # fmt: skip


class YearClosingRow(Row, table=True):
    __tablename__ = "year_closing"
    record = closing.YearClosing
    organisation_id: str = text_()
    area_path: str = text_()
    year: int = Field(sa_type=Whole)
    carried_fen: int = Field(sa_type=Whole)
    state: str = text_()
    __table_args__ = (
        Index("ux_year_closing_year", "county", "organisation_id", "year", unique=True,
              sqlite_where=text("version = 1"), postgresql_where=text("version = 1")),
        *args("year_closing", "year", checks=(
            one_of("state", closing.YearState, "year_closing"),
            money("carried_fen", "year_closing"))),
    )  # fmt: skip
