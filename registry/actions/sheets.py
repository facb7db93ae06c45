"""表格 what every raw sheet shares on its way in: who may send one, its bytes, its bad cells."""

import csv
import io

import msgspec

from registry.actions.office import FORBIDDEN, Office
from registry.actions.rules.publishing import CELLS
from registry.domain.errors import Refusal
from registry.domain.people import Actor
from registry.domain.sheets import CellError, Errors
from registry.policies.drafting.workbook import read_xlsx

LIMIT_ROWS = 50_000
"""Rows of one sheet: more than any county has people; a larger file is a mistake."""
_ZIP = b"PK\x03\x04"


def may(office: Office, actor: Actor, act: str) -> None:
    """Refuse a sheet before it is read, where its sender could bring none in anyway.

    Raises:
        Refusal: ``access.forbidden``.
    """
    if not any(office.access.relations(post.role, act) for post in actor.posts):
        zh, en = office.access.named(act)
        raise Refusal(FORBIDDEN, act=act, act_zh=zh, act_en=en)


def as_csv(name: str, data: bytes) -> bytes:
    """The first sheet of a workbook as the CSV it would be saved as; anything else as it is."""
    if not data.startswith(_ZIP):
        return data
    grids, problems = read_xlsx(name, data)
    sheet_refused([
        CellError(row=p.line, column=str(p.column), message=p.zh, message_en=p.en)
        for p in problems
    ])  # fmt: skip
    page = io.StringIO()
    writer = csv.writer(page)
    for grid in grids[:1]:
        width = max((len(row) for _, row in grid.rows), default=0)
        for _, row in grid.rows:
            writer.writerow([*row, *[""] * (width - len(row))])
    return page.getvalue().encode()


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
