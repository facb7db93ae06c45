"""表格 what every raw sheet shares on its way in: who may send one, its bytes, its bad cells."""

import csv
import io
import re

import msgspec

from registry.actions.office import FORBIDDEN, Office
from registry.actions.rules.publishing import CELLS
from registry.domain.errors import Refusal
from registry.domain.people import Actor
from registry.domain.sheets import CellError, Errors
from registry.policies.drafting.problems import Problem
from registry.policies.drafting.workbook import read_xlsx

LIMIT_ROWS = 50_000
"""Rows of one sheet: more than any county has people; a larger file is a mistake."""
_ZIP = b"PK\x03\x04"
_RANGE = re.compile(r"[A-Z]+([0-9]+):[A-Z]+([0-9]+)")
_OTHER = {
    b"\xd0\xcf\x11\xe0": (
        "这是旧版 Excel 的 .xls 文件，或者加了密码，请另存为 .xlsx 或者 CSV 再导入",
        "this is an old .xls workbook, or a protected one: save it as .xlsx or CSV",
    ),
    b"%PDF": (
        "这是 PDF 文件，读不出单元格，请导出 Excel 或者 CSV 再导入",
        "this is a PDF without cells: export it as a workbook or CSV",
    ),
}
"""With what files begin that people hand in for a sheet, and what they are told."""


def may(office: Office, actor: Actor, act: str) -> None:
    """Refuse a sheet before it is read, where its sender could bring none in anyway.

    Raises:
        Refusal: ``access.forbidden``.
    """
    if not any(office.access.relations(post.role, act) for post in actor.posts):
        zh, en = office.access.named(act)
        raise Refusal(FORBIDDEN, act=act, act_zh=zh, act_en=en)


def as_csv(name: str, data: bytes, *, titled: bool = False) -> bytes:
    """The first sheet of a workbook as the CSV it would be saved as; anything else as it is.

    Args:
        titled: titles and sums may stand in cells merged within their row, as banks export them.

    Raises:
        Refusal: ``import.cells``.
    """
    for mark, (zh, en) in _OTHER.items():
        if data.startswith(mark):
            sheet_refused([CellError(row=1, message=zh, message_en=en)])
    if not data.startswith(_ZIP):
        return data
    grids, problems = read_xlsx(name, data)
    sheet_refused([
        CellError(row=p.line, column=str(p.column), message=p.zh, message_en=p.en)
        for p in problems if not (titled and _within_a_row(p))
    ])  # fmt: skip
    page = io.StringIO()
    writer = csv.writer(page)
    for grid in grids[:1]:
        width = max((len(row) for _, row in grid.rows), default=0)
        for _, row in grid.rows:
            writer.writerow([*row, *[""] * (width - len(row))])
    return page.getvalue().encode()


def _within_a_row(problem: Problem) -> bool:
    """Whether it is a merged cell that hides no cell of another row."""
    rows = _RANGE.search(problem.zh)
    return problem.code == "sheet.merged" and rows is not None and rows[1] == rows[2]


def sheet_refused(errors: Errors) -> None:
    """Import nothing of a sheet that has an error.

    Raises:
        Refusal: ``import.cells``, every bad row by cell.
    """
    if errors:
        raise cells(errors)


def cells(errors: Errors) -> Refusal:
    """The refusal of a sheet, every bad cell told."""
    return Refusal(CELLS, count=len(errors), errors=msgspec.to_builtins(errors))
