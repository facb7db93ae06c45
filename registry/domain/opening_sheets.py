"""期初余额表 reading what money there was on the day the registry began, community by community (P11).

One row an amount: in which community, for which matter, whose money of which year, where it lies.
"""

from datetime import date
from typing import Annotated

import msgspec

from registry.domain.amounts import MoneyUnit, fen_of_cell, unit_of
from registry.domain.funds import Year
from registry.domain.records import Ident, Line, Wire
from registry.domain.sheets import CellError, Errors, read_sheet, sheet_row, typed
from registry.domain.wording import normalise

Short = Annotated[str, msgspec.Meta(max_length=120, pattern=r"^[^\x00-\x1f\x7f]*$")]


class OpeningRow(Wire, frozen=True, kw_only=True):
    """期初余额表一行."""

    community: Line
    """Code, id or name of the community."""
    title: Short = ""
    """事项名称 as the sheet of what was there has it; or ``number``."""
    number: Ident | None = None
    """登记编号 or 备案号 of the matter."""
    payer: Line
    """付款单位: id or name."""
    year: Year
    """来源年度."""
    amount: Line
    """元 or 万元 as officials write it, exact to the 分."""
    at: str
    """street or community."""
    as_on: date
    document_number: Line
    note: Short = ""


class OpeningSheet(Wire, frozen=True, kw_only=True):
    """期初余额表 as it was read: row ``n`` of the list is row ``n + 2`` of the sheet."""

    file_name: str
    sha256: str
    rows: list[OpeningRow]
    amounts: list[int]
    """分, row by row."""
    chinese: bool = False

    def label(self, column: str) -> str:
        """A column as this sheet names it."""
        return label(column) if self.chinese else column


MUST = ("community", "payer", "year", "amount", "at", "as_on", "document_number")
MAY = ("title", "number", "note")
NAMES: dict[str, str] = {
    "社区": "community", "事项名称": "title", "登记编号": "number", "备案号": "number",
    "付款单位": "payer", "来源年度": "year", "年度": "year", "金额": "amount",
    "金额(元)": "amount", "金额(万元)": "amount", "金额（元）": "amount", "金额（万元）": "amount",
    "存放": "at", "截止日期": "as_on", "文号": "document_number", "备注": "note",
}  # fmt: skip
_PLACES = {"街道": "street", "街道代管": "street", "社区": "community", "社区账面": "community"}
_HELD = frozenset(_PLACES.values())


def label(column: str) -> str:
    """The Chinese name of a column."""
    return next((zh for zh, name in NAMES.items() if name == column), column)


def read_opening(
    data: bytes, *, row_limit: int | None = None
) -> tuple[list[OpeningRow], list[int], Errors]:
    """The rows of a sheet with their amounts, 分, and every bad cell."""
    cells, errors = read_sheet(data, MUST, MAY, row_limit=row_limit, names=NAMES)
    unit = unit_of_sheet(data)
    rows: list[OpeningRow] = []
    amounts: list[int] = []
    for index, one in enumerate(cells):
        number = sheet_row(index)
        row, found = typed({**one, "at": _PLACES.get(one["at"], one["at"])}, OpeningRow, number)
        errors += found
        if row is not None:
            fen, wrong = fen_of_cell(row.amount, number, "amount", unit)
            errors += [*wrong, *_contradictions(row, number)]
            amounts.append(fen)
            rows.append(row)
    if in_chinese(data):
        errors = [msgspec.structs.replace(e, column=label(e.column)) for e in errors]
    return ([], [], errors) if errors else (rows, amounts, errors)


def in_chinese(data: bytes) -> bool:
    """Whether the header names its columns in Chinese."""
    return "社区" in _header(data)


def unit_of_sheet(data: bytes) -> MoneyUnit:
    """The unit that the heading of the amounts names; 元 where it names none."""
    cells = [cell for cell in _header(data).split(",") if "金额" in cell]
    return unit_of(cells[0]) if cells else MoneyUnit.YUAN


def _header(data: bytes) -> str:
    head = data.partition(b"\n")[0]
    try:
        return head.decode("utf-8-sig")
    except UnicodeDecodeError:
        return head.decode("gb18030", errors="replace")


def _contradictions(row: OpeningRow, number: int) -> Errors:
    found = []
    if row.at not in _HELD:
        found.append(CellError(
            row=number, column="at", message="应为街道或者社区", message_en="street or community"
        ))  # fmt: skip
    if not row.title and row.number is None:
        found.append(CellError(
            row=number, column="title", message="请填事项名称或者登记编号",
            message_en="name the matter, or give its number",
        ))  # fmt: skip
    if row.year > row.as_on.year:
        found.append(CellError(
            row=number, column="year", message="来源年度晚于截止日期",
            message_en="the money is of a year after that day",
        ))  # fmt: skip
    return found


def same_again(row: OpeningRow, presence_id: str, payer_id: str) -> str:
    """同一笔: what makes a row the same row again, whatever amount it tells."""
    told = (presence_id, payer_id, str(row.year), row.at, normalise(row.document_number))
    return "\n".join(told)
