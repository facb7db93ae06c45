"""报表表格 a statement as CSV or as a workbook: the same snapshot gives the same bytes.

Amounts are 元 with two places. A text that a spreadsheet would take for a formula is marked as text.
"""

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from registry.domain.amounts import told_yuan
from registry.domain.funds import Chain
from registry.domain.records import SHANGHAI
from registry.domain.statement import BY_ZH, By, Statement, StatementRow
from registry.policies.dictionary import code_zh

AMOUNTS: dict[str, str] = {
    "approved_fen": "核定", "opening_fen": "期初", "carried_in_fen": "上年结转",
    "allotted_fen": "指标分解", "ordered_fen": "用款申请", "dispatched_fen": "拨付",
    "transit_fen": "在途", "street_fen": "街道到账", "held_fen": "街道代管",
    "community_fen": "社区到账", "spent_fen": "支出", "balance_fen": "社区账面余额",
    "advanced_fen": "垫付未归", "refunded_fen": "退回", "remitted_fen": "结余上缴",
    "carried_out_fen": "结转下年",
}  # fmt: skip
"""Columns of a statement in the order of the chain."""
RATE, CUSTODY = "执行率", "资金管理模式"
NEW, EXISTING = "新增合计", "存量期初合计"
_RISKY = ("=", "+", "-", "@", "\t", "\r")


def headings(statement: Statement) -> list[str]:
    """The names of the columns: only those in which something can stand."""
    return [*_labels(statement.by), *AMOUNTS.values(), RATE]


def _labels(by: By) -> list[str]:
    """What stands before the amounts."""
    named = {By.PRESENCE: ["事项", "社区", CUSTODY], By.COMMUNITY: [BY_ZH[by], CUSTODY]}
    return ["编号", *named.get(by, [BY_ZH[by]])]


def headlines(statement: Statement) -> list[str]:
    """What stands above the table: title, year, snapshot, custody."""
    kinds = "、".join(f"{code_zh(kind)} {many}个社区" for kind, many in statement.custody.items())
    year = f"{statement.year}年度" if statement.year is not None else "各年度"
    return [
        statement.title, f"{year}　单位：元", f"数据截至：{told_at(statement.snapshot_at)}"
        f"　快照号：{statement.county}-{statement.snapshot}", f"{CUSTODY}：{kinds or '无'}",
    ]  # fmt: skip


def told_at(at: datetime | None) -> str:
    """An instant as officials write it."""
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S") if at is not None else "无"


def texts(statement: Statement, row: StatementRow) -> list[str]:
    """What stands before the amounts."""
    name = f"（存量期初）{row.name}" if row.existing else row.name
    told = [row.code, name, *([row.place] if statement.by is By.PRESENCE else [])]
    custody = code_zh(row.custody) if row.custody else ""
    return [*told, custody][: len(_labels(statement.by))]


def before_sum(statement: Statement, title: str) -> list[str]:
    """What stands before the amounts of a sum."""
    return ["", title, *[""] * (len(_labels(statement.by)) - 2)]


def amounts(chain: Chain) -> list[int]:
    """The amounts of a row, 分."""
    return [getattr(chain, name) for name in AMOUNTS]


def sums(statement: Statement) -> Iterator[tuple[str, Chain, str]]:
    """The sums at the end: what is new, and, apart from it, what was there before."""
    yield NEW, statement.total, statement.execution
    yield EXISTING, statement.total_existing, ""


def safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_RISKY) else text


def as_csv(statement: Statement, encoding: str = "utf-8-sig") -> bytes:
    """CSV in UTF-8 with its mark, or in GB18030."""
    page = io.StringIO(newline="")
    writer = csv.writer(page)
    for line in headlines(statement):
        writer.writerow([safe(line)])
    writer.writerow(headings(statement))
    for row in statement.rows:
        writer.writerow([
            *map(safe, texts(statement, row)), *(_plain(fen) for fen in amounts(row.chain)),
            row.execution,
        ])  # fmt: skip
    for title, chain, rate in sums(statement):
        writer.writerow(
            [*before_sum(statement, title), *(_plain(fen) for fen in amounts(chain)), rate]
        )
    return page.getvalue().encode(encoding)


def _plain(fen: int) -> str:
    return told_yuan(fen).replace(",", "")


def as_xlsx(statement: Statement) -> bytes:
    """A workbook, written row by row."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("报表")
    for line in headlines(statement):
        sheet.append([_cell(sheet, line)])
    sheet.append([_cell(sheet, text) for text in headings(statement)])
    for row in statement.rows:
        sheet.append(_row(sheet, texts(statement, row), row.chain, row.execution))
    for title, chain, rate in sums(statement):
        sheet.append(_row(sheet, before_sum(statement, title), chain, rate))
    out = io.BytesIO()
    book.save(out)
    return _settled(out.getvalue(), statement.snapshot_at)


def _row(sheet: Any, told: list[str], chain: Chain, rate: str) -> list[Any]:
    figures = [_figure(sheet, fen) for fen in amounts(chain)]
    return [*(_cell(sheet, text) for text in told), *figures, _cell(sheet, rate)]


def _cell(sheet: Any, text: str) -> Any:
    """A string by type, so that no text is taken for a formula or a number."""
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet)
    cell.value, cell.data_type = text, "s"
    return cell


def _figure(sheet: Any, fen: int) -> Any:
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, Decimal(_plain(fen)))
    cell.number_format = "#,##0.00"
    return cell


def _settled(data: bytes, at: datetime | None) -> bytes:
    """The same workbook, dated by its snapshot and not by the moment at which it was written."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in sorted(old.namelist()):
            part = old.read(name)
            if name == "docProps/core.xml":
                part = _dated(part, at)
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, part)
    return out.getvalue()


def _dated(part: bytes, at: datetime | None) -> bytes:
    from openpyxl.packaging.core import DocumentProperties
    from openpyxl.xml.functions import fromstring, tostring

    told = DocumentProperties.from_tree(fromstring(part))
    told.created = told.modified = (at or datetime.min.replace(tzinfo=SHANGHAI)).replace(
        tzinfo=None
    )
    made: bytes = tostring(told.to_tree())
    return made
