"""凭证表 reading many vouchers of one stage from a sheet: a row is an entry, and rows that bear the
same number are one voucher. What is spent tells its use and payee in further columns (P20).
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal, get_args

import msgspec

from registry.domain.accounts import Account, VoucherStage
from registry.domain.amounts import fen_of_cell
from registry.domain.funds import Year
from registry.domain.labelled_sheets import WRONG, called
from registry.domain.opening_sheets import in_chinese, unit_of_sheet
from registry.domain.records import Count, Ident, Line, PositiveFen, Text, Wire
from registry.domain.sheets import Errors, read_sheet, sheet_row, typed
from registry.domain.spending import MEANS_ZH, AccountNumber, PayMeans

Sheeted = Literal[
    "allot",
    "order",
    "dispatch",
    "street_arrival",
    "community_arrival",
    "expenditure",
    "refund",
    "surplus",
    "increase",
    "decrease",
    "reversal",
]
"""Stages that a sheet tells whole. 调剂 has two sides, 垫付 a lender, 归垫 what it pays back: each by
a form of its own."""
SHEETED: tuple[VoucherStage, ...] = tuple(VoucherStage(one) for one in get_args(Sheeted))
MOST = 500
"""Rows of one sheet: it is one act, and the county waits for it."""


class VoucherRow(Wire, frozen=True, kw_only=True):
    """凭证表一行: one entry, with what its voucher says repeated in each of its rows."""

    number: Line
    """凭证号."""
    item: Line
    """事项: its name as it was admitted, or its id."""
    community: Line
    """Code, id or name."""
    funding_key: Ident | None = None
    """经费项; absent where the item has one there."""
    year: Year | None = None
    """年度 of the money, where the line has money of several."""
    amount: Line
    """元 or 万元 as officials write it, exact to the 分."""
    dated_on: date
    fiscal_year: Year | None = None
    """Absent = the year of the day."""
    at: Account | None = None
    """Where money that goes back lies."""
    indicator: Line | None = None
    """指标文号."""
    agent: Line | None = None
    """代付单位: id or name."""
    total: Line | None = None
    """凭证总额 as the paper has it, held against the rows."""
    note: Annotated[str, msgspec.Meta(max_length=200)] = ""
    document: Line | None = None
    """附件: name or id of a file that hangs on the item."""
    reverses: Line | None = None
    """原凭证号 of what a reversal takes back."""
    use: Line | None = None
    """用途: as the packs name it, or its word."""
    payee: Line | None = None
    payee_kind: Literal["unit", "person"] | None = None
    account: AccountNumber = ""
    means: PayMeans | None = None
    paid_on: date | None = None
    """Absent = the day of the voucher."""
    served_on: date | None = None
    invoice: Annotated[str, msgspec.Meta(max_length=40)] = ""
    quantity: Count | None = None
    unit: Annotated[str, msgspec.Meta(max_length=20)] = ""
    evidence: Line | None = None
    """数量凭据: names of files, separated."""
    handled: Line | None = None
    """Who signed: user name or name; so the next three."""
    witnessed: Line | None = None
    approved: Line | None = None
    supervised: Line | None = None
    text: Text = ""


class VoucherCell(Wire, frozen=True, kw_only=True):
    """一行 and where it stands in the sheet."""

    row: int
    told: VoucherRow
    fen: PositiveFen
    total_fen: PositiveFen | None = None


class VoucherSheet(Wire, frozen=True, kw_only=True):
    """凭证表 as it was read."""

    cells: list[VoucherCell]
    chinese: bool = False

    def label(self, column: str) -> str:
        """A column as this sheet names it."""
        return LABELS.get(column, column) if self.chinese else column


LABELS: dict[str, str] = {
    "number": "凭证号", "item": "事项", "community": "社区", "funding_key": "经费项",
    "year": "资金年度", "amount": "金额（元）", "dated_on": "日期", "fiscal_year": "会计年度",
    "at": "款项所在", "indicator": "指标文号", "agent": "代付单位", "total": "凭证总额（元）",
    "note": "摘要", "document": "附件", "reverses": "原凭证号", "use": "用途", "payee": "收款人",
    "payee_kind": "收款人类别", "account": "收款账号", "means": "支付方式", "paid_on": "付款日期",
    "served_on": "最后服务日", "invoice": "发票号码", "quantity": "数量", "unit": "计量单位",
    "evidence": "数量凭据", "handled": "经办人", "witnessed": "证明人", "approved": "审批人",
    "supervised": "居务监督人", "text": "说明",
}  # fmt: skip
"""Columns in the order of the template, as it heads them."""
MUST = ("number", "item", "community", "amount", "dated_on")
SPENDING = ("use", "payee", "payee_kind", "means")
"""What is told of whatever is spent (P20)."""
_CHANGES = (VoucherStage.INCREASE, VoucherStage.DECREASE)
_ALSO = {
    "事项名称": "item", "事项编号": "item", "社区代码": "community", "年度": "year",
    "金额": "amount", "金额(元)": "amount", "金额(万元)": "amount", "金额（万元）": "amount",
    "业务日期": "dated_on", "指标": "indicator", "凭证总额": "total", "凭证总额(元)": "total",
    "备注": "note", "批准文件": "document", "发票号": "invoice",
}  # fmt: skip
_NAMES: Mapping[str, str] = {**{zh: name for name, zh in LABELS.items()}, **_ALSO}
_MAY = tuple(name for name in LABELS if name not in MUST)
LEFT = "可用（元）"
_BESIDE = {LEFT: "left", WRONG: "wrong"}
"""Columns that a template or a sheet given back tells something in, and that tell nothing back."""
_PLACES = {
    "街道": Account.STREET.value, "街道代管": Account.STREET.value,
    "社区": Account.COMMUNITY.value, "社区账面": Account.COMMUNITY.value,
}  # fmt: skip
_SPOKEN: dict[str, dict[str, str]] = {
    "at": _PLACES, "payee_kind": {"单位": "unit", "个人": "person"},
    "means": {zh: word.value for word, zh in MEANS_ZH.items()},
}  # fmt: skip
"""By column: a word in Chinese → what it is on record."""
_TAKEN = {
    "at": ("街道代管", "社区账面"), "payee_kind": ("单位", "个人"), "means": (*MEANS_ZH.values(),),
}  # fmt: skip
_GOING_BACK = (VoucherStage.REFUND, VoucherStage.SURPLUS)
_SPLITTING = (VoucherStage.ALLOT, VoucherStage.ORDER, VoucherStage.REFUND)
_OF_SPENDING = tuple(LABELS)[tuple(LABELS).index("use") :]
_APART: dict[str, tuple[VoucherStage, ...]] = {
    "at": _GOING_BACK, "indicator": _SPLITTING, "agent": (VoucherStage.DISPATCH,),
    "reverses": (VoucherStage.REVERSAL,),
    **dict.fromkeys(_OF_SPENDING, (VoucherStage.EXPENDITURE,)),
}  # fmt: skip
"""Columns that some stages alone have."""


def columns_of(stage: VoucherStage) -> tuple[str, ...]:
    """The columns that the template of a stage has."""
    return tuple(name for name in LABELS if stage in _APART.get(name, (stage,)))


def needed_of(stage: VoucherStage) -> tuple[str, ...]:
    """Those of them that every row of the stage fills in."""
    if stage in _CHANGES:
        return (*MUST, "document", "note")
    if stage is VoucherStage.REVERSAL:
        return (*MUST, "reverses", "note")
    return (*MUST, *SPENDING) if stage is VoucherStage.EXPENDITURE else MUST


def read_vouchers(data: bytes) -> tuple[VoucherSheet | None, Errors]:
    """The rows of a sheet with their amounts, or every bad cell; a row with neither number nor
    amount is one that nobody filled in."""
    beside = tuple(_BESIDE.values())
    names = {**_NAMES, **_BESIDE}
    rows, errors = read_sheet(data, MUST, (*_MAY, *beside), row_limit=MOST, names=names)
    unit = unit_of_sheet(data)
    found: list[VoucherCell] = []
    for index, cells in enumerate(rows):
        if not cells["number"] and not cells["amount"]:
            continue
        row, one = sheet_row(index), {n: v for n, v in cells.items() if n not in beside}
        spoken = {name: said.get(one[name], one[name]) for name, said in _SPOKEN.items()}
        told, wrong = typed(one | spoken, VoucherRow, row)
        errors += wrong
        if told is None:
            continue
        fen, bad = fen_of_cell(told.amount, row, "amount", unit)
        total, odd = fen_of_cell(told.total, row, "total") if told.total else (None, [])
        errors += bad + odd
        if not bad and not odd:
            found.append(VoucherCell(row=row, told=told, fen=fen, total_fen=total))
    if errors:
        return None, called(errors, data, _NAMES, _TAKEN)
    return VoucherSheet(cells=found, chinese=in_chinese(data)), []
