"""凭证表对照 a sheet of vouchers against the books that its sender may read: whose community, item,
line, indicator, file and earlier voucher each cell means; every bad cell.
"""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import msgspec

from registry.actions.existing.whose import Told, Whose
from registry.actions.ledger.books import READ
from registry.actions.ledger.vouchers_spent import Named
from registry.actions.office import Desk
from registry.actions.seeing import scopes
from registry.domain.accounts import VoucherStage
from registry.domain.budget import Indicator
from registry.domain.document_number import kept, writings
from registry.domain.errors import Refusal
from registry.domain.funds import Entry, Voucher, VoucherState
from registry.domain.presence import Presence
from registry.domain.sheets import CellError, Errors
from registry.domain.voucher_sheets import VoucherCell, VoucherSheet, needed_of
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
_NO_VOUCHER = Told(
    zh="该事项没有这个号的已确认凭证", en="the item has no confirmed voucher of that number"
)
_SEVERAL_VOUCHERS = Told(
    zh="该事项有几张同号的凭证，请填凭证编号", en="several vouchers of that number: give the id"
)
_EMPTY = Told(zh="必填，不能空", en="must be filled in")
_SHARED = {
    "item": "request_id", "dated_on": "dated_on", "fiscal_year": "fiscal_year",
    "agent": "agent_id", "note": "note", "total": "total_fen", "document": "document_id",
    "reverses": "reverses_id",
}  # fmt: skip
"""What all rows of a voucher say alike: by column."""
_TOLD_AT = {
    "voucher.number": "number", "voucher.sum": "total", "voucher.exceeds": "amount",
    "voucher.dated": "dated_on", "voucher.year": "fiscal_year", "voucher.at": "at",
    "voucher.stage": "community", "voucher.gone": "item", "voucher.not_admitted": "item",
    "voucher.payer": "funding_key", "voucher.grounds": "document", "voucher.document": "document",
    "document.foreign": "document", "voucher.reason": "note", "voucher.reverses": "reverses",
    "voucher.not_issuer": "reverses", "expenditure.invoice": "invoice", "gate.refused": "use",
    "expenditure.evidence": "evidence", "expenditure.days": "paid_on",
    "expenditure.ended": "served_on", "expenditure.personal": "text",
    "expenditure.community": "community", "expenditure.same_person": "approved",
}  # fmt: skip
"""At which column a refusal is told; any other is the whole row's."""


class Row(NamedTuple):
    """A row of which everything is known."""

    cell: VoucherCell
    request_id: str
    entry: Entry
    agent_id: str | None
    document_id: str | None
    reverses_id: str | None
    spent: dict[str, Any]
    """支出明细 beside the entry."""

    def shared(self) -> dict[str, object]:
        told = self.cell.told
        return {
            "request_id": self.request_id, "dated_on": told.dated_on,
            "fiscal_year": told.fiscal_year or told.dated_on.year, "agent_id": self.agent_id,
            "note": told.note, "total_fen": self.cell.total_fen, "document_id": self.document_id,
            "reverses_id": self.reverses_id,
        }  # fmt: skip


class Reading:
    """一张表 against the books that its sender may read; every bad cell."""

    def __init__(self, desk: Desk, stage: VoucherStage, sheet: VoucherSheet) -> None:
        self._desk, self._stage, self._sheet, self._whose = desk, stage, sheet, Whose(desk)
        self.errors: Errors = []
        self._needed = needed_of(stage)
        self._named = Named(desk, sheet.cells)
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

    def papers(self) -> Iterator[list[Row]]:
        """The rows voucher by voucher, in the order of their first rows."""
        made: dict[str, list[Row]] = {}
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

    def _row(self, cell: VoucherCell) -> Row | None:
        empty = [name for name in self._needed if getattr(cell.told, name) in (None, "")]
        for column in empty:
            self._bad(cell, column, _EMPTY)
        if empty:
            return None
        place = self._place(cell)
        if isinstance(place, tuple):
            self._bad(cell, *place)
            return None
        books = self._lines[place.id]
        key = self._line(cell, books)
        if isinstance(key, Told):
            self._bad(cell, "funding_key", key)
            return None
        entry = Entry(
            presence_id=place.id, funding_key=key, amount_fen=cell.fen, year=cell.told.year,
            at=cell.told.at, indicator_id=None,
        )  # fmt: skip
        payers = {payer for (one, _), payer in books.items() if one == key}
        return self._whole(cell, (place.request_id or "", entry), payers)

    def _whole(self, cell: VoucherCell, known: tuple[str, Entry], payers: set[str]) -> Row | None:
        """The row with what its cells name besides; ``None`` where one of them names nothing."""
        (request_id, entry), told, before = known, cell.told, len(self.errors)
        agent = self._whose.asker(told.agent) if told.agent else None
        if told.agent and agent is None:
            self._bad(cell, "agent", _NO_AGENT)
        entry = msgspec.structs.replace(entry, indicator_id=self._indicator(cell, payers))
        paper = self._named.paper(told.document, request_id) if told.document else None
        original = self._original(told.reverses, request_id) if told.reverses else None
        spent: dict[str, Any] = {}
        if self._stage is VoucherStage.EXPENDITURE:
            line = (request_id, entry.presence_id, entry.funding_key)
            spent, wrong = self._named.particulars(cell, line)
            for column, why in wrong:
                self._bad(cell, column, why)
        for column, one in (("document", paper), ("reverses", original)):
            if isinstance(one, Told):
                self._bad(cell, column, one)
        if isinstance(paper, Told) or isinstance(original, Told) or len(self.errors) > before:
            return None
        return Row(cell, request_id, entry, agent, paper, original, spent)

    def _indicator(self, cell: VoucherCell, payers: set[str]) -> str | None:
        told = cell.told
        if not told.indicator:
            return None
        year = told.year or told.fiscal_year or told.dated_on.year
        for one in self._indicators:
            if one.payer_id in payers and one.year == year and (
                one.number in writings(told.indicator)
            ):  # fmt: skip
                return one.id
        self._bad(cell, "indicator", _NO_INDICATOR)
        return None

    def _original(self, named: str, request_id: str) -> str | Told:
        """The confirmed voucher that a reversal takes back."""
        confirmed = {"request_id": request_id, "state": VoucherState.CONFIRMED.value}
        forms = sorted({*writings(named), named})
        ids = {
            one.id for by in ("number", "id")
            for one in self._desk.unit.find(Voucher, **confirmed, **{by: forms})
        }  # fmt: skip
        if len(ids) != 1:
            return _SEVERAL_VOUCHERS if ids else _NO_VOUCHER
        return ids.pop()

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

    def refused(self, rows: list[Row], no: Refusal) -> None:
        """Tell what a voucher was refused for, at the row that it speaks of."""
        asked = no.facts.get("presence_id"), no.facts.get("funding_key")
        meant = [r for r in rows if (r.entry.presence_id, r.entry.funding_key) == asked]
        at = no.facts.get("line")
        row = rows[at - 1] if isinstance(at, int) else (meant or rows)[0]
        self._bad(row.cell, _TOLD_AT.get(no.code, ""), Told(zh=no.detail, en=no.detail_en))

    def _bad(self, cell: VoucherCell, column: str, told: Told) -> None:
        named = self._sheet.label(column)
        self.errors.append(
            CellError(row=cell.row, column=named, message=told.zh, message_en=told.en)
        )
