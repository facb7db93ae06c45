"""其他来源资金表 reading what communities get and spend from other sources: totals and lines (P21)."""

import hashlib
from collections import Counter
from datetime import date
from typing import Annotated

import msgspec

from registry.domain.amounts import NoAmount, parse_fen
from registry.domain.bank import SOURCE_ZH, Direction, IncomeSource
from registry.domain.funds import Year
from registry.domain.labelled_sheets import called
from registry.domain.records import Line, Wire
from registry.domain.sheets import CellError, Errors, read_sheet, sheet_row, typed

Short = Annotated[str, msgspec.Meta(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]


class IncomeRow(Wire, frozen=True, kw_only=True):
    """其他来源资金表一行."""

    community: Line
    """Code, id or name."""
    source: IncomeSource
    year: Year
    amount: Line
    """元, or with its unit behind it."""
    direction: Direction = Direction.IN
    external_key: Annotated[str, msgspec.Meta(max_length=100)] = ""
    dated_on: date | None = None
    """Absent = a total of the year."""
    counterparty: Short = ""
    purpose: Short = ""
    invoice_number: Annotated[str, msgspec.Meta(max_length=40)] = ""
    note: Short = ""


class Income(Wire, frozen=True, kw_only=True):
    """一行 with its amount and its key."""

    row: int
    key: str
    fen: int
    told: IncomeRow


_NAMES = {
    "社区": "community", "资金来源": "source", "来源": "source", "年度": "year", "会计年度": "year",
    "金额": "amount", "金额(元)": "amount", "金额（元）": "amount", "收支方向": "direction",
    "收支": "direction", "流水号": "external_key", "日期": "dated_on", "对方单位": "counterparty",
    "用途": "purpose", "事项": "purpose", "发票号": "invoice_number", "备注": "note",
}  # fmt: skip
_MUST = ("community", "source", "year", "amount")
_MAY = (
    "direction",
    "external_key",
    "dated_on",
    "counterparty",
    "purpose",
    "invoice_number",
    "note",
)
_WORDS = {
    "source": {zh: source.value for source, zh in SOURCE_ZH.items()}
    | {"惠民": "benefit", "惠民资金": "benefit", "党组织服务群众经费": "benefit"},
    "direction": {"收": "in", "收入": "in", "支": "out", "支出": "out"},
}


def read_incomes(data: bytes, limit: int) -> tuple[list[Income], Errors]:
    """The rows of a sheet, or every bad cell; a row without a number of its own is known by all
    that it says, and by which of its like it is."""
    cells, errors = read_sheet(data, _MUST, _MAY, row_limit=limit, names=_NAMES)
    found: list[Income] = []
    met: Counter[str] = Counter()
    for index, one in enumerate(cells):
        row = sheet_row(index)
        spoken = {n: _WORDS.get(n, {}).get(cell, cell) for n, cell in one.items()}
        told, wrong = typed(spoken, IncomeRow, row)
        errors += wrong
        if told is None:
            continue
        try:
            fen = parse_fen(told.amount)
        except NoAmount as no:
            errors.append(CellError(row=row, column="amount", message=no.zh, message_en=no.en))
            continue
        digest = _digest(told, fen)
        met[digest] += 1
        key = told.external_key or f"={digest}.{met[digest]}"
        found.append(Income(row=row, key=key, fen=fen, told=told))
    words = {"source": SOURCE_ZH.values(), "direction": ("收入", "支出")}
    return ([] if errors else found), called(errors, data, _NAMES, words)


def _digest(told: IncomeRow, fen: int) -> str:
    said = msgspec.json.encode(
        [fen, *(v for n, v in msgspec.structs.asdict(told).items() if n != "amount")]
    )
    return hashlib.sha256(said).hexdigest()
