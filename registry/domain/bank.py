"""国库与银行流水 every payment to streets and communities, expected or not, and what it was (P22)."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

import msgspec

from registry.domain.funds import Year
from registry.domain.records import Fen, Ident, Line, Record, Wire


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


WAITING = frozenset({LineState.OPEN, LineState.FINDING})
LINE_MOVES = {"match": WAITING, "classify": WAITING, "flag": frozenset({LineState.OPEN})}
"""What may be said of a line, by how it stands."""


class MatchWay(StrEnum):
    """核对方式: how a line and a voucher were found to belong together."""

    PAYMENT = "payment"
    """支付指令号 or 支付凭证号 of a payment through the gateway."""
    ADMISSION = "admission"
    """准入批准号 and amount."""
    NUMBER = "number"
    """凭证号 and amount."""
    AMOUNT = "amount"
    """Amount, payer and community, each the only one on either side."""
    PERSON = "person"


class BankBatch(Record, frozen=True, kw_only=True):
    """流水导入批次: one file, by its digest; the same file twice is the same batch."""

    source: LineSource
    organisation_id: str
    """Whose account the lines are of, or the treasury."""
    area_path: str
    sha256: str
    name: str
    rows: int
    added: int
    """Lines that were not there before."""
    matched: int = 0
    """Of these, how many found their voucher at once."""
    ignored: list[str] = []
    """Headings of columns that were not read."""
    imported_by: str
    imported_on: date


class BankLine(Record, frozen=True, kw_only=True):
    """流水: one line of a treasury or bank statement, once, whatever file brings it."""

    batch_id: str
    source: LineSource
    external_key: str
    """流水号: unique in its source and account; the same line twice has one effect (E17). Of a line
    that has none: ``=``, the digest of all that is read of it, and which of its like it is."""
    account_id: str
    """Organisation in whose books it stands: the treasury, or whose bank account it is."""
    area_path: str
    """Where the account's holder lies; of a payment by the treasury, where it went."""
    direction: Direction
    """As the account sees it: the treasury pays ``out``."""
    amount_fen: int
    dated_on: date
    party_id: str | None = None
    """对方单位: the other side, where it is a body that is known here; the treasury's payee."""
    payer_id: str | None = None
    """付款单位: the budget unit whose money it is, where the line names one that is known."""
    counterparty: str = ""
    """对方户名 as the line has it."""
    personal: bool = False
    """Taken for a person's name: shown in full to the account's holder and to auditors only."""
    memo: str = ""
    admission_number: str = ""
    """准入批准号 as far as the line tells one."""
    voucher_number: str = ""
    state: LineState = LineState.OPEN
    voucher_id: str | None = None
    """What the whole line was matched with; where it shows several, its parts tell."""
    parted_fen: int = 0
    """已分笔核对: what its parts come to, 分; what is left of the line waits."""
    matched_way: MatchWay | None = None
    matched_by: str | None = None
    """Who matched it; absent = the registry itself."""
    by_hand: bool = False
    """A person took a match back: from then on only a person matches it."""
    classed_as: str = ""
    classed_by: str | None = None
    money_of: str | None = None
    """进驻事项 whose money it was, of what was spent on something else."""
    note: str = ""

    @property
    def answered(self) -> bool:
        """Whether something was said of it that can be taken back."""
        return self.state is not LineState.OPEN or self.parted_fen > 0


class LinePart(Record, frozen=True, kw_only=True):
    """核对明细: what part of a line shows one voucher, where it shows several, or shows one in part
    (一笔总拨多凭证); what is taken back keeps its row and the reason (E12, E14)."""

    line_id: str
    voucher_id: str
    source: LineSource
    account_id: str
    area_path: str
    """Where the side of the voucher lies that is shown."""
    direction: Direction
    amount_fen: int
    way: MatchWay
    matched_by: str | None = None
    """Who matched it; absent = the registry itself."""
    withdrawn: str = ""
    """撤回原因: why it no longer counts."""


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
    """Invoice number as it is compared; absent = none was given."""
    bank_line_id: str | None = None
    note: str = ""
    withdrawn: str = ""
    """Why it no longer counts: the line it came from was something else after all."""


SOURCE_ZH: dict[IncomeSource, str] = {
    IncomeSource.RUNNING: "运转经费", IncomeSource.BENEFIT: "惠民、党组织服务群众经费",
    IncomeSource.DONATION: "捐赠", IncomeSource.OPERATING: "经营收入",
    IncomeSource.AWARD: "表彰奖励", IncomeSource.INTEREST: "利息", IncomeSource.OTHER: "其他",
}  # fmt: skip


class LineClass(StrEnum):
    """流水归类: what a line is that no admission stands behind: a source of other money, or one of
    the words below."""

    RUNNING = "running"
    BENEFIT = "benefit"
    DONATION = "donation"
    OPERATING = "operating"
    AWARD = "award"
    INTEREST = "interest"
    OTHER = "other"
    REFUND = "refund"
    """退款 of something paid by mistake, in or out."""
    OWN_COST = "own_cost"
    """本单位自身支出."""
    TRANSFER = "transfer"
    """本单位账户间划转."""
    UNRELATED = "unrelated"
    """与社区工作事项无关."""


class MatchPart(Wire, frozen=True, kw_only=True):
    """一笔中的一张凭证."""

    voucher_id: Ident
    amount_fen: Fen | None = None
    """What of the line is this voucher's; absent = what no line has shown of it yet."""


class MatchCommand(Wire, frozen=True, kw_only=True):
    """人工核对: the whole line with one voucher, or its parts with several."""

    voucher_id: Ident | None = None
    """What is left of the line shows this voucher."""
    parts: Annotated[list[MatchPart], msgspec.Meta(max_length=500)] = []
    """一笔总拨多凭证."""
    note: Annotated[str, msgspec.Meta(max_length=200)] = ""


class ReasonCommand(Wire, frozen=True, kw_only=True):
    """说明."""

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"\S")]


class ClassifyCommand(Wire, frozen=True, kw_only=True):
    """流水归类."""

    classed_as: LineClass
    year: Year | None = None
    """会计年度 of the money; absent = the year of the line."""
    purpose: Annotated[str, msgspec.Meta(max_length=200)] = ""
    invoice_number: Annotated[str, msgspec.Meta(max_length=40)] = ""
    money_of: Ident | None = None
    """进驻事项 out of whose money it was paid, where it was."""
    note: Annotated[str, msgspec.Meta(max_length=200)] = ""


class NoteCommand(Wire, frozen=True, kw_only=True):
    """未登记事项: what a community is asked to do and finds no admission for, in one line."""

    text: Line
    asked_by: Annotated[str, msgspec.Meta(max_length=120)] = ""
    """要求单位 as the community names it."""
    amount_fen: Fen | None = None
    """Money that came with it."""
    since: date | None = None
    kind: Literal["work", "money"] = "work"
