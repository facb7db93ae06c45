"""导入资金管理模式 how every community's money is kept, from a sheet: what one change would be refused
for is told cell by cell, and then nothing of the sheet is kept."""

from registry.actions.existing.whose import Told, Whose
from registry.actions.ledger.custody import CustodyCommand, change
from registry.actions.office import FORBIDDEN, Answer, Desk
from registry.actions.sheets import LIMIT_ROWS, as_csv, sheet_refused
from registry.domain.budget import CustodyTerm
from registry.domain.custody_sheets import CustodyCell, read_custody
from registry.domain.document_number import writings
from registry.domain.errors import Refusal
from registry.domain.instrument import Instrument
from registry.domain.records import Wire
from registry.domain.sheets import CellError, Errors

ACT = "custody.change"
_NO_PAPER = Told(
    zh="没有登记过这个文号的文件，请先登记文件", en="no such document: register it first"
)


class CustodyTaken(Wire, frozen=True, kw_only=True):
    """导入结果."""

    rows: int
    added: int
    known: int
    """Rows that say what stands already."""


def read(name: str, data: bytes) -> list[CustodyCell]:
    """A sheet, CSV or workbook.

    Raises:
        Refusal: ``import.cells``, every bad cell.
    """
    rows, errors = read_custody(as_csv(name, data), LIMIT_ROWS)
    sheet_refused(errors)
    return rows


def bring_in(desk: Desk, rows: list[CustodyCell]) -> Answer:
    """导入资金管理模式, in the order of their days; a row that stands already changes nothing.

    Raises:
        Refusal: ``import.cells``, and no row is kept; ``access.forbidden``.
    """
    errors: Errors = []
    whose, added = Whose(desk), 0
    for row in sorted(rows, key=lambda one: (one.told.since, one.row)):
        seat = whose.community(row.told.community)
        papers = desk.unit.find(Instrument, document_number=writings(row.told.document_number))
        if isinstance(seat, Told):
            errors.append(_bad(row, "community", seat))
        elif len(papers) != 1:
            errors.append(_bad(row, "document_number", _NO_PAPER))
        elif not _stands(desk, seat.body.id, row):
            command = CustodyCommand(organisation_id=seat.body.id, custody=row.told.custody,
                                     since=row.told.since, instrument_id=papers[0].id)  # fmt: skip
            added += _changed(desk, row, command, errors)
    sheet_refused(errors)
    if not rows:
        desk.authorise(ACT, paths=[desk.places.county().path])
    desk.note = {"rows": len(rows), "added": added}
    return Answer(body=CustodyTaken(rows=len(rows), added=added, known=len(rows) - added))


def _stands(desk: Desk, body_id: str, row: CustodyCell) -> bool:
    return any(
        (term.custody, term.since) == (row.told.custody, row.told.since)
        for term in desk.unit.find(CustodyTerm, organisation_id=body_id)
    )


def _changed(desk: Desk, row: CustodyCell, command: CustodyCommand, errors: Errors) -> bool:
    try:
        change(desk, command)
    except Refusal as no:
        if no.code == FORBIDDEN:
            raise
        errors.append(_bad(row, "since", Told(zh=no.detail, en=no.detail_en)))
        return False
    return True


def _bad(row: CustodyCell, column: str, told: Told) -> CellError:
    return CellError(row=row.row, column=column, message=told.zh, message_en=told.en)
