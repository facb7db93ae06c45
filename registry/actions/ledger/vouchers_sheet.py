"""批量登记凭证 many vouchers of one stage from a sheet: each is recorded as it would be by
itself, and confirmed by another person; what one would be refused for is told at its cell, and then
none is kept.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from registry.actions.existing.whose import Told, Whose
from registry.actions.ledger.books import READ
from registry.actions.ledger.recording import record
from registry.actions.office import FORBIDDEN, Answer, Desk
from registry.actions.seeing import scopes
from registry.actions.sheets import as_csv, sheet_refused
from registry.domain.accounts import VoucherStage
from registry.domain.budget import Indicator
from registry.domain.document_number import kept, writings
from registry.domain.errors import Refusal
from registry.domain.funds import Entry, VoucherCommand
from registry.domain.presence import Presence
from registry.domain.records import Count, Wire
from registry.domain.sheets import CellError, Errors
from registry.domain.voucher_sheets import VoucherCell, VoucherSheet, read_vouchers
from registry.store.chain import Sought, sums

_NO_ITEM = Told(
    zh="该社区没有这件已准入的事项，事项名称须与准入的一致",
    en="no such admitted item in that community: give its name as it was admitted",
)
_SEVERAL = Told(
    zh="该社区有几件同名的事项，请填事项编号", en="several items of that name there: give the id"
)
_NO_LINE = Told(zh="该事项在该社区没有这个经费项", en="the item has no such funding line there")
_WHICH_LINE = Told(
    zh="该事项有几个经费项，请填经费项", en="the item has several funding lines: say which"
)
_NO_INDICATOR = Told(
    zh="付款单位当年没有这个文号的指标", en="the payer has no indicator of that number in that year"
)
_NO_AGENT = Told(
    zh="没有这个代付单位，或者有几个同名的", en="no such body, or several of that name"
)
_APART = Told(
    zh="与同号凭证的第一行不一致：一张凭证只有一件事项、一个日期",
    en="not as the first row of that number: a voucher has one item and one day",
)
_SHARED = {
    "item": "request_id", "dated_on": "dated_on", "fiscal_year": "fiscal_year",
    "agent": "agent_id", "note": "note", "total": "total_fen",
}  # fmt: skip
"""What all rows of a voucher say alike: by column."""
_TOLD_AT = {
    "voucher.number": "number", "voucher.sum": "total", "voucher.exceeds": "amount",
    "voucher.dated": "dated_on", "voucher.year": "fiscal_year", "voucher.at": "at",
    "voucher.stage": "community", "voucher.gone": "item", "voucher.not_admitted": "item",
    "voucher.payer": "funding_key",
}  # fmt: skip
"""At which column a refusal is told; any other is the whole row's."""


class VouchersTaken(Wire, frozen=True, kw_only=True):
    """批量登记结果."""

    rows: Count
    vouchers: list[str]
    """Ids, in the order of the sheet; each waits for a second person, as its stage asks."""
    total_fen: Count
    """Of all of them, 分."""


class _Row(NamedTuple):
    """A row of which everything is known."""

    cell: VoucherCell
    request_id: str
    entry: Entry
    agent_id: str | None

    def shared(self) -> dict[str, object]:
        told = self.cell.told
        return {
            "request_id": self.request_id, "dated_on": told.dated_on,
            "fiscal_year": told.fiscal_year or told.dated_on.year, "agent_id": self.agent_id,
            "note": told.note, "total_fen": self.cell.total_fen,
        }  # fmt: skip


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
        desk.authorise(f"voucher.{stage}", paths=[desk.places.county().path])
    reading = _Reading(desk, sheet)
    papers = list(reading.papers())
    sheet_refused(reading.errors)
    made: list[str] = []
    for rows in papers:
        try:
            made.append(record(desk, _command(stage, rows)).body.voucher.id)
        except Refusal as no:
            if no.code == FORBIDDEN:
                raise
            reading.refused(rows, no)
    sheet_refused(reading.errors)
    fen = sum(cell.fen for cell in sheet.cells)
    desk.note = {"rows": len(sheet.cells), "vouchers": len(made), "total_fen": fen}
    return Answer(body=VouchersTaken(rows=len(sheet.cells), vouchers=made, total_fen=fen))


def _command(stage: VoucherStage, rows: list[_Row]) -> VoucherCommand:
    said = rows[0].shared()
    said["total_fen"] = said["total_fen"] or sum(row.cell.fen for row in rows)
    number, lines = rows[0].cell.told.number, [row.entry for row in rows]
    told = said | {"stage": stage, "number": number, "lines": lines}
    return msgspec.convert(told, VoucherCommand)


class _Reading:
    """一张表 against the books that its sender may read; every bad cell."""

    def __init__(self, desk: Desk, sheet: VoucherSheet) -> None:
        self._desk, self._sheet, self._whose = desk, sheet, Whose(desk)
        self.errors: Errors = []
        self._places = list(self._found())
        self._lines = self._books()
        self._indicators = self._numbered()

    def _found(self) -> Iterator[Presence]:
        """The items named, in the communities named."""
        seats = [self._whose.community(cell.told.community) for cell in self._sheet.cells]
        bodies = sorted({seat.body.id for seat in seats if not isinstance(seat, Told)})
        named = sorted({cell.told.item for cell in self._sheet.cells})
        if not bodies:
            return
        for by in ("title", "request_id"):
            yield from self._desk.unit.find(Presence, organisation_id=bodies, **{by: named})

    def _books(self) -> dict[str, dict[tuple[str, int], str]]:
        """By presence that the sender may read the books of: payer by funding line and year."""
        desk, ids = self._desk, sorted({place.id for place in self._places})
        within = scopes(desk.office, desk.actor, READ, desk.unit.county)
        found: dict[str, dict[tuple[str, int], str]] = {}
        if within and ids:
            sought = Sought(seen=within, presence_ids=ids)
            by = ("presence_id", "funding_key", "year", "payer_id")
            for id, key, year, payer in sums(
                desk.unit.reading, desk.unit.county, sought, by
            ):  # fmt: skip
                found.setdefault(id, {})[key, year] = payer
        return found

    def _numbered(self) -> list[Indicator]:
        named = {cell.told.indicator for cell in self._sheet.cells if cell.told.indicator}
        forms = sorted({form for one in named for form in writings(one)})
        return self._desk.unit.find(Indicator, number=forms) if forms else []

    def papers(self) -> Iterator[list[_Row]]:
        """The rows voucher by voucher, in the order of their first rows."""
        made: dict[str, list[_Row]] = {}
        for cell in self._sheet.cells:
            row = self._row(cell)
            if row is None:
                continue
            first = made.setdefault(kept(cell.told.number), [])
            first.append(row)
            told, own = first[0].shared(), row.shared()
            for column, name in _SHARED.items():
                if own[name] != told[name] and not (column == "total" and own[name] is None):
                    self._bad(cell, column, _APART)
        yield from made.values()

    def _row(self, cell: VoucherCell) -> _Row | None:
        place = self._place(cell)
        if isinstance(place, tuple):
            self._bad(cell, *place)
            return None
        books = self._lines[place.id]
        key = self._line(cell, books)
        if isinstance(key, Told):
            self._bad(cell, "funding_key", key)
            return None
        told, payers = cell.told, {payer for (one, _), payer in books.items() if one == key}
        agent = self._whose.asker(told.agent) if told.agent else None
        if told.agent and agent is None:
            self._bad(cell, "agent", _NO_AGENT)
            return None
        indicator = next((x.id for x in self._indicators if x.payer_id in payers
                          and x.number in writings(told.indicator or "")
                          and x.year == (told.year or told.fiscal_year or told.dated_on.year)),
                         None)  # fmt: skip
        if told.indicator and indicator is None:
            self._bad(cell, "indicator", _NO_INDICATOR)
            return None
        entry = Entry(
            presence_id=place.id, funding_key=key, amount_fen=cell.fen, year=told.year,
            at=told.at, indicator_id=indicator,
        )  # fmt: skip
        return _Row(cell, place.request_id or "", entry, agent)

    def _place(self, cell: VoucherCell) -> Presence | tuple[str, Told]:
        seat = self._whose.community(cell.told.community)
        if isinstance(seat, Told):
            return "community", seat
        named = {
            place.id: place for place in self._places
            if place.organisation_id == seat.body.id and place.id in self._lines
            and cell.told.item in (place.title, place.request_id)
        }  # fmt: skip
        if len(named) != 1:
            return "item", _SEVERAL if named else _NO_ITEM
        return next(iter(named.values()))

    def _line(self, cell: VoucherCell, books: Iterable[tuple[str, int]]) -> str | Told:
        keys = {key for key, _ in books}
        if cell.told.funding_key is not None:
            return cell.told.funding_key if cell.told.funding_key in keys else _NO_LINE
        return keys.pop() if len(keys) == 1 else _WHICH_LINE

    def refused(self, rows: list[_Row], no: Refusal) -> None:
        """Tell what a voucher was refused for, at the row that it speaks of."""
        asked = no.facts.get("presence_id"), no.facts.get("funding_key")
        meant = [r for r in rows if (r.entry.presence_id, r.entry.funding_key) == asked]
        row = (meant or rows)[0]
        self._bad(row.cell, _TOLD_AT.get(no.code, ""), Told(zh=no.detail, en=no.detail_en))

    def _bad(self, cell: VoucherCell, column: str, told: Told) -> None:
        named = self._sheet.label(column)
        self.errors.append(
            CellError(row=cell.row, column=named, message=told.zh, message_en=told.en)
        )
