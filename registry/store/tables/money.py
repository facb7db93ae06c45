"""资金 the tables of the ledger: vouchers, the budget behind them, and what is reckoned up."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from registry.domain import accounts, budget, closing, funds
from registry.domain.vocabulary import Custody
from registry.store.columns import Day, Flag, Whole, money, one_of
from registry.store.tables.rows import Row, args, maybe, positive, text_


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
            positive("voucher", "total_fen"))),
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
        # What confirmed lines come to is read from this index alone: for SQLite it must hold
        # whatever a statement names, the word by which it is partial too.
        Index("ix_voucher_line_sums", "county", "year", "presence_id", "funding_key", "debit",
              "credit", "indicator_id", "stage", "sign", "payer_id", "request_id", "amount_fen",
              "event_to", sqlite_where=text("event_to IS NULL AND counted = 1"),
              postgresql_where=text("event_to IS NULL AND counted")),
        # What waits for confirmation is little, and asked for by every posting.
        Index("ix_voucher_line_waiting", "county", "presence_id", "funding_key",
              sqlite_where=text("event_to IS NULL AND counted = 0"),
              postgresql_where=text("event_to IS NULL AND NOT counted")),
        Index("ix_voucher_line_indicator_id", "county", "indicator_id", "id",
              sqlite_where=text("indicator_id IS NOT NULL"),
              postgresql_where=text("indicator_id IS NOT NULL")),
        *args("voucher_line", "voucher_id", "request_id", "presence_id", "payer_id year", checks=(
            one_of("stage", accounts.VoucherStage, "voucher_line"),
            one_of("debit", accounts.Account, "voucher_line"),
            one_of("credit", accounts.Account, "voucher_line"),
            CheckConstraint("debit <> credit", name="ck_voucher_line_accounts"),
            positive("voucher_line"),
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
        *args("indicator", "payer_id year", checks=(positive("indicator"),)),
    )  # fmt: skip


class PopulationCountRow(Row, table=True):
    __tablename__ = "population_count"
    record = budget.PopulationCount
    area_id: str = text_()
    area_path: str = text_()
    what: str = text_()
    counted_on: date = Field(sa_type=Day)
    __table_args__ = args("population_count", "area_id what counted_on")


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


class ClearanceRow(Row, table=True):
    __tablename__ = "clearance"
    record = closing.Clearance
    presence_id: str = text_()
    request_id: str = text_()
    funding_key: str = text_()
    year: int = Field(sa_type=Whole)
    area_path: str = text_()
    organisation_id: str = text_()
    payer_id: str = text_()
    state: str = text_()
    refund_due_on: date | None = maybe(Day)
    __table_args__ = args(
        "clearance",
        "presence_id",
        "request_id",
        "state refund_due_on",
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
        "hold", "presence_id", "request_id", "organisation_id", checks=(positive("hold"),)
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
            positive("opening_balance"))),
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
        *args("year_closing", "year", "organisation_id year", checks=(
            one_of("state", closing.YearState, "year_closing"),
            money("carried_fen", "year_closing"))),
    )  # fmt: skip
