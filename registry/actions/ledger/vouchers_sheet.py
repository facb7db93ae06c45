"""批量登记凭证 many vouchers of one stage from a sheet: each is recorded as it would be by
itself, and confirmed by another person; what one would be refused for is told at its cell, and then
none is kept.
"""

from typing import Any

import msgspec

from registry.actions.ledger import recording
from registry.actions.ledger.vouchers_read import Reading, Row
from registry.actions.office import FORBIDDEN, Answer, Desk
from registry.actions.sheets import as_csv, sheet_refused
from registry.actions.spending import recording as spending
from registry.domain.accounts import VoucherStage
from registry.domain.errors import Refusal
from registry.domain.funds import VoucherCommand
from registry.domain.records import Count, Wire
from registry.domain.spending import ExpenditureCommand
from registry.domain.voucher_sheets import VoucherSheet, read_vouchers


class VouchersTaken(Wire, frozen=True, kw_only=True):
    """批量登记结果."""

    rows: Count
    vouchers: list[str]
    """Ids, in the order of the sheet; each waits for a second person, as its stage asks."""
    total_fen: Count
    """Of all of them, 分."""


def read(name: str, data: bytes) -> VoucherSheet:
    """A sheet, CSV or workbook.

    Raises:
        Refusal: ``import.cells``, every bad cell.
    """
    sheet, errors = read_vouchers(as_csv(name, data))
    sheet_refused(errors)
    return sheet or VoucherSheet(cells=[])


def bring_in(desk: Desk, stage: VoucherStage, sheet: VoucherSheet) -> Answer:
    """批量登记凭证: all of them, or none.

    Raises:
        Refusal: ``import.cells``, and no voucher is kept; ``access.forbidden``.
    """
    if not sheet.cells:
        desk.authorise(recording.act_of(stage), paths=[desk.places.county().path])
    reading = Reading(desk, stage, sheet)
    papers = list(reading.papers())
    sheet_refused(reading.errors)
    made: list[str] = []
    for rows in papers:
        try:
            made.append(_recorded(desk, stage, rows).body.voucher.id)
        except Refusal as no:
            if no.code == FORBIDDEN:
                raise
            reading.refused(rows, no)
    sheet_refused(reading.errors)
    fen = sum(cell.fen for cell in sheet.cells)
    desk.note = {"rows": len(sheet.cells), "vouchers": len(made), "total_fen": fen}
    return Answer(body=VouchersTaken(rows=len(sheet.cells), vouchers=made, total_fen=fen))


def _recorded(desk: Desk, stage: VoucherStage, rows: list[Row]) -> Answer:
    """One of them, by the very act that records it alone."""
    said = rows[0].shared()
    said["total_fen"] = said["total_fen"] or sum(row.cell.fen for row in rows)
    said |= {"stage": stage, "number": rows[0].cell.told.number}
    if stage is not VoucherStage.EXPENDITURE:
        told = said | {"lines": [row.entry for row in rows]}
        return recording.record(desk, msgspec.convert(told, VoucherCommand))
    known = {name: value for name, value in said.items() if name not in _OF_VOUCHERS}
    lines = [_spent(row) for row in rows]
    return spending.record(desk, msgspec.convert(known | {"lines": lines}, ExpenditureCommand))


_OF_VOUCHERS = ("agent_id", "reverses_id")
"""What no expenditure tells."""


def _spent(row: Row) -> dict[str, Any]:
    entry = row.entry
    told = {"presence_id": entry.presence_id, "funding_key": entry.funding_key,
            "amount_fen": entry.amount_fen, "year": entry.year}  # fmt: skip
    return told | row.spent
