"""期初导入 what money there was on the day the registry began: brought in by a sheet, all or nothing,
every bad cell told; the same sheet again makes nothing double (P11).

Nothing counts yet: it does once the street and the community have both signed (``signing``).
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator

from registry.actions.existing.whose import Seat, Told, Whose
from registry.actions.office import Answer, Desk
from registry.actions.sheets import LIMIT_ROWS, as_csv, sheet_refused
from registry.actions.years.signing import UNSIGNED
from registry.domain.closing import OpeningBalance, OpeningState, YearClosing
from registry.domain.existing import LegacyReview
from registry.domain.opening_sheets import (
    OpeningRow,
    OpeningSheet,
    in_chinese,
    read_opening,
    same_again,
)
from registry.domain.people import PostView
from registry.domain.presence import Presence, PresenceState
from registry.domain.records import Count, Wire
from registry.domain.sheets import CellError, sheet_row
from registry.domain.wording import normalise
from registry.store.counting import hold

ACT = "opening.import"
_ELSEWHERE = Told(zh="不在您的辖区", en="not in your area")
_TWICE = Told(zh="与上面的行重复", en="repeats a row above")
_AHEAD = Told(zh="日期还没有到", en="has not come yet")
_NO_MATTER = Told(
    zh="该社区没有登记过这件存量事项，请先登记存量事项",
    en="no such matter was brought in for that community; bring it in first",
)
_SEVERAL = Told(zh="有几件同名的存量事项，请填登记编号", en="several of that name: give the number")
_NO_PAYER = Told(
    zh="没有这个付款单位，或者有几个同名的", en="no such payer, or several of that name"
)
_CLOSED = Told(zh="该社区这一年度已年终结转（E9）", en="that year of the community is closed (E9)")


class Otherwise(Wire, frozen=True, kw_only=True):
    """所述不同: a row that is known and tells another amount or day now; nothing of it was taken."""

    row: int
    balance_id: str
    columns: list[str]


class Brought(Wire, frozen=True, kw_only=True):
    """期初导入结果."""

    added: Count
    known: Count
    total_fen: int
    """Of what was added, 分."""
    otherwise: list[Otherwise]
    balances: list[str]
    """Ids of what was added, in the order of the rows."""


def read(file_name: str, data: bytes) -> OpeningSheet:
    """A sheet, CSV or workbook.

    Raises:
        Refusal: ``import.cells``, every bad cell.
    """
    text = as_csv(file_name, data)
    rows, amounts, errors = read_opening(text, row_limit=LIMIT_ROWS)
    sheet_refused(errors)
    return OpeningSheet(
        file_name=file_name, sha256=hashlib.sha256(data).hexdigest(), rows=rows, amounts=amounts,
        chinese=in_chinese(text),
    )  # fmt: skip


def bring_in(desk: Desk, given: OpeningSheet) -> Answer:
    """期初导入.

    Raises:
        Refusal: ``import.cells``, and no row of the sheet is kept.
    """
    hold(desk.unit.connection, desk.unit.county, ACT)
    bringing = _Bringing(desk, given)
    post = desk.authorise(ACT, paths=bringing.paths())
    for index, row in enumerate(given.rows):
        bringing.take(row, index, post)
    sheet_refused(bringing.errors)
    body = bringing.told()
    desk.note = {"added": body.added, "known": body.known, "total_fen": body.total_fen}
    return Answer(body=body)


class _Bringing:
    """一张表 on its way in: what became of each row, and every bad cell."""

    def __init__(self, desk: Desk, given: OpeningSheet) -> None:
        self._desk, self._given = desk, given
        self._id = desk.id("opb")
        self.errors: list[CellError] = []
        self._otherwise: list[Otherwise] = []
        self._added: list[OpeningBalance] = []
        self._known = 0
        self._whose = Whose(desk)
        self._held = {b.row_key: b for b in desk.unit.find(OpeningBalance)}
        self._rows: set[str] = set()
        self._closed = {(c.organisation_id, c.year) for c in desk.unit.find(YearClosing)}
        self._matters: dict[tuple[str, str], list[Presence]] = defaultdict(list)
        self._numbered = _numbered(desk)
        for presence in desk.unit.find(Presence, state=PresenceState.LEGACY.value):
            self._matters[presence.organisation_id, normalise(presence.title)].append(presence)
            self._numbered[presence.id] = presence

    def paths(self) -> list[str]:
        """Where the rows lie; a sheet of nowhere is asked for as the whole county's."""
        seats = [self._whose.community(row.community) for row in self._given.rows]
        found = {seat.area.path for seat in seats if isinstance(seat, Seat)}
        return sorted(found) or [self._desk.places.county().path]

    def take(self, row: OpeningRow, index: int, post: PostView) -> None:
        """One row: kept, known already, or its faults."""
        number = sheet_row(index)
        seat = self._whose.community(row.community)
        if isinstance(seat, Told):
            return self._bad(number, "community", seat)
        matter, payer = self._matter(row, seat), self._whose.asker(row.payer)
        if fault := next(self._faults(row, seat, post), None):
            return self._bad(number, *fault)
        if isinstance(matter, Told):
            return self._bad(number, "number" if row.number else "title", matter)
        made = self._made(row, index, (matter, payer or ""))
        if made.row_key in self._rows:
            return self._bad(number, "title", _TWICE)
        self._rows.add(made.row_key)
        return self._keep(made, number)

    def _faults(self, row: OpeningRow, seat: Seat, post: PostView) -> Iterator[tuple[str, Told]]:
        if not seat.area.path.startswith(post.area_path):
            yield "community", _ELSEWHERE
        if self._whose.asker(row.payer) is None:
            yield "payer", _NO_PAYER
        if row.as_on > self._desk.today:
            yield "as_on", _AHEAD
        if (seat.body.id, row.as_on.year) in self._closed:
            yield "as_on", _CLOSED

    def told(self) -> Brought:
        """What came of the sheet."""
        return Brought(
            added=len(self._added), known=self._known, otherwise=self._otherwise,
            total_fen=sum(b.amount_fen for b in self._added), balances=[b.id for b in self._added],
        )  # fmt: skip

    def _matter(self, row: OpeningRow, seat: Seat) -> Presence | Told:
        """The matter that the money is for, as it was brought in before."""
        if row.number is not None:
            found = self._numbered.get(row.number)
            here = found is not None and found.organisation_id == seat.body.id
            return found if found is not None and here else _NO_MATTER
        named = self._matters.get((seat.body.id, normalise(row.title)), [])
        if len(named) > 1:
            return _SEVERAL
        return named[0] if named else _NO_MATTER

    def _made(self, row: OpeningRow, index: int, of: tuple[Presence, str]) -> OpeningBalance:
        presence, payer = of
        return OpeningBalance(
            county=self._desk.unit.county, id=f"{self._id}.{index + 1}", presence_id=presence.id,
            organisation_id=presence.organisation_id, area_path=presence.area_path,
            payer_id=payer, year=row.year, amount_fen=self._given.amounts[index], at=row.at,
            as_on=row.as_on, document_number=row.document_number, title=presence.title,
            row_key=hashlib.sha256(same_again(row, presence.id, payer).encode()).hexdigest(),
            note=row.note,
        )  # fmt: skip

    def _keep(self, made: OpeningBalance, number: int) -> None:
        held = self._held.get(made.row_key)
        if held is None:
            self._added.append(self._desk.unit.add(made))
        elif held.state is OpeningState.WITHDRAWN:
            told = {n: getattr(made, n) for n in ("amount_fen", "as_on", "note")}
            again = self._desk.unit.change(held, state=OpeningState.IMPORTED, **UNSIGNED, **told)
            self._added.append(again)
        else:
            self._known += 1
            self._compare(held, made, number)

    def _compare(self, held: OpeningBalance, made: OpeningBalance, number: int) -> None:
        said = {"amount": "amount_fen", "as_on": "as_on"}
        columns = [c for c, n in said.items() if getattr(held, n) != getattr(made, n)]
        if columns:
            named = [self._given.label(column) for column in columns]
            self._otherwise.append(Otherwise(row=number, balance_id=held.id, columns=named))

    def _bad(self, number: int, column: str, told: Told) -> None:
        self.errors.append(CellError(
            row=number, column=self._given.label(column), message=told.zh, message_en=told.en
        ))  # fmt: skip


def _numbered(desk: Desk) -> dict[str, Presence]:
    """Matters that were kept under a number (保留备案), by it."""
    kept = {r.presence_id: r.number for r in desk.unit.find(LegacyReview) if r.number}
    found = desk.unit.find(Presence, id=sorted(kept)) if kept else []
    return {kept[p.id]: p for p in found if p.state is PresenceState.LEGACY}
