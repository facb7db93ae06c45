"""国库与银行流水 every payment to streets and communities, expected or not, and what it was (P22)."""

from datetime import date
from enum import StrEnum

from registry.domain.records import Record


class LineSource(StrEnum):
    """流水来源: whose books the line stands in."""

    TREASURY = "treasury"
    """国库支付明细."""
    BANK = "bank"
    """银行对账单 of a street or community."""


class Direction(StrEnum):
    """收支方向."""

    IN = "in"
    OUT = "out"


class LineState(StrEnum):
    """核对情况."""

    OPEN = "open"
    """未对上: stands in the report of one-sided items until it is matched or classed."""
    MATCHED = "matched"
    CLASSED = "classed"
    """A person said what it is: money from another source, nothing of the registry's."""
    FINDING = "finding"
    """No admission stands behind it: 未登记拨款."""


class BankBatch(Record, frozen=True, kw_only=True):
    """流水导入批次: one file, by its digest; the same file twice is the same batch."""

    source: LineSource
    organisation_id: str
    """Whose account the lines are of, or the treasury."""
    sha256: str
    name: str
    rows: int
    added: int
    """Lines that were not there before."""
    imported_by: str
    imported_on: date


class BankLine(Record, frozen=True, kw_only=True):
    """流水: one line of a treasury or bank statement, once, whatever file brings it."""

    batch_id: str
    source: LineSource
    external_key: str
    """流水号: unique in its source and account; the same line twice has one effect (E17)."""
    account_id: str
    """Organisation whose account it is."""
    area_path: str
    direction: Direction
    amount_fen: int
    dated_on: date
    counterparty: str = ""
    memo: str = ""
    admission_number: str = ""
    """准入批准号 as far as the line tells one."""
    voucher_number: str = ""
    state: LineState = LineState.OPEN
    voucher_id: str | None = None
    """What it was matched with."""
    matched_by: str = ""
    """key, amount, person: how the match was made."""
    classed_as: str = ""
    classed_by: str | None = None
    note: str = ""


class IncomeSource(StrEnum):
    """其他资金来源 (P21)."""

    RUNNING = "running"
    """运转经费."""
    BENEFIT = "benefit"
    """惠民、党组织服务群众经费."""
    DONATION = "donation"
    """捐赠."""
    OPERATING = "operating"
    """经营收入."""
    AWARD = "award"
    """表彰奖励."""
    INTEREST = "interest"
    OTHER = "other"


class OtherIncome(Record, frozen=True, kw_only=True):
    """其他来源资金 of a community: a total or a line, so that double funding is seen (P21)."""

    organisation_id: str
    area_path: str
    source: IncomeSource
    year: int
    external_key: str
    direction: Direction
    amount_fen: int
    dated_on: date | None = None
    """Absent = a total of the year."""
    counterparty: str = ""
    purpose: str = ""
    invoice_key: str | None = None
    bank_line_id: str | None = None
    note: str = ""
