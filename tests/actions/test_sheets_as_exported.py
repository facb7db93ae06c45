"""导出的表: a workbook as banks export it is read; what is no sheet is told what to do instead."""

import io
from datetime import date, datetime
from typing import Any

import pytest
from openpyxl import Workbook

from registry.actions.reconciling import taking
from registry.domain.bank import Direction, LineSource
from registry.domain.errors import Refusal


def exported(*merged: str) -> bytes:
    made = Workbook()
    sheet: Any = made.active
    for row in (
        ["某银行对账单"], ["账号：1"], ["交易日期", "借方发生额", "贷方发生额", "对方户名"],
        [datetime.fromisoformat("2026-03-02T10:11:12"), None, 3000.1, "县民政局"],
        [date(2026, 3, 3), 0.3, None, "乙公司"], ["合计", 0.3, 3000.1],
    ):  # fmt: skip
        sheet.append(row)
    for cells in merged:
        sheet.merge_cells(cells)
    page = io.BytesIO()
    made.save(page)
    return page.getvalue()


def test_titles_and_days_are_read_as_a_bank_exports_them() -> None:
    read = taking.read(LineSource.BANK, "对账单.xlsx", exported("A1:D1", "A2:D2"))
    assert [(line.direction, line.amount_fen, line.dated_on) for line in read.lines] == [
        (Direction.IN, 300_010, date(2026, 3, 2)), (Direction.OUT, 30, date(2026, 3, 3)),
    ]  # fmt: skip


def test_a_cell_that_hides_one_of_another_row_is_refused() -> None:
    with pytest.raises(Refusal) as info:
        taking.read(LineSource.BANK, "对账单.xlsx", exported("C4:C5"))
    assert info.value.code == "import.cells"


@pytest.mark.parametrize(
    ("data", "told"),
    [(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), ".xls"), (b"%PDF-1.4\n", "PDF")],
)
def test_what_is_no_sheet_is_told_what_to_do_instead(data: bytes, told: str) -> None:
    with pytest.raises(Refusal) as info:
        taking.read(LineSource.BANK, "对账单", data)
    (error,) = info.value.facts["errors"]
    assert told in error["message"] and "再导入" in error["message"]
