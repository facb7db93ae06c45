"""凭证表 reading many vouchers of one stage from a sheet: a row is an entry, and rows that bear the
same number are one voucher."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

import msgspec

from registry.domain.accounts import Account, VoucherStage
from registry.domain.amounts import fen_of_cell
from registry.domain.funds import Year
from registry.domain.labelled_sheets import WRONG, called
from registry.domain.opening_sheets import in_chinese, unit_of_sheet
from registry.domain.records import Ident, Line, PositiveFen, Wire
from registry.domain.sheets import Errors, read_sheet, sheet_row, typed

Sheeted = Literal[
    "allot", "order", "dispatch", "street_arrival", "community_arrival", "refund", "surplus"
]
"""Stages that a sheet tells whole. What is spent names its use and payee, what changes a grant
hangs its approval on, what is taken back names what: each by a form of its own."""
SHEETED: tuple[VoucherStage, ...] = (
    VoucherStage.ALLOT, VoucherStage.ORDER, VoucherStage.DISPATCH, VoucherStage.STREET_ARRIVAL,
    VoucherStage.COMMUNITY_ARRIVAL, VoucherStage.REFUND, VoucherStage.SURPLUS,
)  # fmt: skip
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
    "note": "摘要",
}  # fmt: skip
"""Columns in the order of the template, as it heads them."""
MUST = ("number", "item", "community", "amount", "dated_on")
_ALSO = {
    "事项名称": "item", "事项编号": "item", "社区代码": "community", "年度": "year",
    "金额": "amount", "金额(元)": "amount", "金额(万元)": "amount", "金额（万元）": "amount",
    "业务日期": "dated_on", "指标": "indicator", "凭证总额": "total", "凭证总额(元)": "total",
    "备注": "note",
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
_GOING_BACK = (VoucherStage.REFUND, VoucherStage.SURPLUS)
_SPLITTING = (VoucherStage.ALLOT, VoucherStage.ORDER, VoucherStage.REFUND)


def columns_of(stage: VoucherStage) -> tuple[str, ...]:
    """The columns that the template of a stage has."""
    apart = {
        "at": stage in _GOING_BACK, "indicator": stage in _SPLITTING,
        "agent": stage is VoucherStage.DISPATCH,
    }  # fmt: skip
    return tuple(name for name in LABELS if apart.get(name, True))


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
        told, wrong = typed(one | {"at": _PLACES.get(one["at"], one["at"])}, VoucherRow, row)
        errors += wrong
        if told is None:
            continue
        fen, bad = fen_of_cell(told.amount, row, "amount", unit)
        total, odd = fen_of_cell(told.total, row, "total") if told.total else (None, [])
        errors += bad + odd
        if not bad and not odd:
            found.append(VoucherCell(row=row, told=told, fen=fen, total_fen=total))
    if errors:
        return None, called(errors, data, _NAMES, {"at": ("街道代管", "社区账面")})
    return VoucherSheet(cells=found, chinese=in_chinese(data)), []
