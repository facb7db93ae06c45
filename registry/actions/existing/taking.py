"""存量登记 a sheet of what exists comes in: each row one matter of one community, 存量待核, once (P11).

All or nothing, every bad cell told. The same sheet again makes nothing double; what it says
otherwise of a row that is known is told, never silently taken.
"""

import hashlib
from typing import Any

from registry.actions.existing.walls import Walls
from registry.actions.existing.whose import Seat, Told, Whose
from registry.actions.office import Answer, Desk
from registry.actions.sheets import LIMIT_ROWS, as_csv, sheet_refused
from registry.actions.walls.profiling import receiver_of
from registry.domain.existing import KIND, Legacy, Sheet, Stocktake
from registry.domain.existing_sheets import ExistingRow, ExistingSheet, read_existing, same_again
from registry.domain.people import PostView
from registry.domain.presence import Presence, PresenceState
from registry.domain.records import Wire
from registry.domain.sheets import CellError, sheet_row
from registry.domain.vocabulary import Custody, Disclosure, Kind
from registry.store.counting import hold

ACT = "existing.import"
_ELSEWHERE = Told(zh="不在您的辖区", en="not in your area")
_TWICE = Told(zh="与上面的行重复", en="repeats a row above")
_AHEAD = Told(zh="日期还没有到", en="has not come yet")


class Otherwise(Wire, frozen=True, kw_only=True):
    """所述不同: a row that is known and says something else now; nothing of it was taken."""

    row: int
    presence_id: str
    columns: list[str]


class Taken(Wire, frozen=True, kw_only=True):
    """登记结果: the stocktake, and what it says otherwise of what was known."""

    stocktake: Stocktake
    otherwise: list[Otherwise]


def read(sheet: Sheet, file_name: str, data: bytes) -> ExistingSheet:
    """A sheet, CSV or workbook.

    Raises:
        Refusal: ``import.cells``, every bad cell.
    """
    text = as_csv(file_name, data)
    rows, errors, chinese = read_existing(sheet, text, row_limit=LIMIT_ROWS)
    sheet_refused(errors)
    return ExistingSheet(
        sheet=sheet, file_name=file_name, sha256=hashlib.sha256(data).hexdigest(), rows=rows,
        chinese=chinese,
    )  # fmt: skip


def bring_in(desk: Desk, given: ExistingSheet) -> Answer:
    """存量登记.

    Raises:
        Refusal: ``import.cells``, and no row of the sheet is kept.
    """
    hold(desk.unit.connection, desk.unit.county, ACT)
    taking = _Taking(desk, given)
    post = desk.authorise(ACT, paths=taking.paths())
    for index, row in enumerate(given.rows):
        taking.take(row, sheet_row(index), post)
    sheet_refused(taking.errors)
    kept = desk.unit.add(
        Stocktake(
            county=desk.unit.county, id=taking.id, sheet=given.sheet,
            organisation_id=post.organisation_id, person_id=desk.actor.person_id,
            file_name=given.file_name, sha256=given.sha256, taken_on=desk.today,
            rows=len(given.rows), added=taking.added, known=taking.known,
        )
    )  # fmt: skip
    desk.about(kept)
    desk.note = {"sheet": given.sheet.value, "added": kept.added, "known": kept.known}
    return Answer(body=Taken(stocktake=kept, otherwise=taking.otherwise), version=kept.version)


class _Taking:
    """一张表 on its way in: what became of each row, and every bad cell."""

    def __init__(self, desk: Desk, given: ExistingSheet) -> None:
        self._desk, self._given = desk, given
        self.id = desk.id("stk")
        self.errors: list[CellError] = []
        self.otherwise: list[Otherwise] = []
        self.added = self.known = 0
        self._whose = Whose(desk)
        self._walls = Walls(desk, given.sheet)
        self._held = {
            (p.organisation_id, p.legacy.row_key): p
            for p in desk.unit.find(Presence, request_id=None) if p.legacy is not None
        }  # fmt: skip
        self._rows: set[tuple[str, str]] = set()
        money = desk.rulebook().overlay.setting(lambda d: d.money)
        self._custody = money.custody if money else Custody.STREET_CUSTODY

    def paths(self) -> list[str]:
        """Where the rows lie; a sheet of nowhere is asked for as the sender's own."""
        cells = dict.fromkeys(row.community for row in self._given.rows)
        seats = [self._whose.community(cell) for cell in cells]
        found = {seat.area.path for seat in seats if isinstance(seat, Seat)}
        return sorted(found) or [post.area_path for post in self._desk.actor.posts]

    def take(self, row: ExistingRow, number: int, post: PostView) -> None:
        """One row: kept, known already, or its faults."""
        seat = self._whose.community(row.community)
        if isinstance(seat, Told):
            return self._bad(number, "community", seat)
        if not seat.area.path.startswith(post.area_path):
            return self._bad(number, "community", _ELSEWHERE)
        for column in ("since", "last_met_on"):
            day = getattr(row, column)
            if day is not None and day > self._desk.today:
                self._bad(number, column, _AHEAD)
        asker = self._whose.asker(row.asked_by) if row.asked_by else None
        written, key = (
            _digest(same_again(self._given.sheet, row, whose))
            for whose in (row.asked_by, asker or row.asked_by)
        )
        if (seat.named, key) in self._rows:
            return self._bad(number, "title", _TWICE)
        self._rows.add((seat.named, key))
        # Who asks may have become known since it was brought in as written.
        held = self._held.get((seat.body.id, key)) or self._held.get((seat.body.id, written))
        made = self._made(row, seat, key, asker)
        if held is not None:
            self.known += 1
            self._compare(held, made, number)
            return None
        self.added += 1
        self._held[seat.body.id, key] = self._desk.unit.add(made)
        self._walls.hang(row, made)
        return None

    def _bad(self, number: int, column: str, told: Told) -> None:
        self.errors.append(
            CellError(
                row=number, column=self._given.label(column), message=told.zh, message_en=told.en
            )
        )

    def _made(self, row: ExistingRow, seat: Seat, key: str, asker: str | None) -> Presence:
        sheet, body = self._given.sheet, seat.body
        kind = Kind(row.form.value) if sheet is Sheet.BOARDS else KIND[sheet]
        return Presence(
            county=self._desk.unit.county, id=f"{self.id}.{len(self._rows)}", kind=kind,
            title=row.title, area_id=seat.area.id, area_path=seat.area.path,
            receiver=receiver_of(seat.area), organisation_id=body.id,
            custody=body.custody or self._custody, state=PresenceState.LEGACY,
            disclosure=Disclosure.INTERNAL,
            department_id=asker,
            hours_year=row.hours, times_year=row.times_year,
            people=row.people if kind is Kind.MEETING else None,
            legacy=Legacy(
                sheet=sheet, row_key=key, stocktake_id=self.id, demanded_by=row.asked_by,
                basis=row.basis, document_number=row.document_number, since=row.since,
                review_on=row.review_on, fields=row.fields, times_a_year=row.times_year,
                amount_fen=row.amount_fen, ends_on=row.ends_on, platform=row.platform or "",
                note=row.note,
            ),
        )  # fmt: skip

    def _compare(self, held: Presence, made: Presence, number: int) -> None:
        """What the row says, and what is known says otherwise; an empty cell says nothing."""
        before, after = _details(held), _details(made)
        columns = [n for n, v in after.items() if v not in (None, "") and v != before[n]]
        if columns:
            named = [self._given.label(column) for column in columns]
            self.otherwise.append(Otherwise(row=number, presence_id=held.id, columns=named))


def _details(presence: Presence) -> dict[str, Any]:
    """What a row tells besides what makes it the same row, by column."""
    legacy = presence.legacy
    if legacy is None:
        return {}
    return {
        "since": legacy.since, "basis": legacy.basis, "document_number": legacy.document_number,
        "review_on": legacy.review_on, "note": legacy.note, "hours_year": presence.hours_year,
        "times_year": legacy.times_a_year, "amount_yuan": legacy.amount_fen,
        "ends_on": legacy.ends_on, "fields": legacy.fields, "people": presence.people,
        "platform": legacy.platform,
    }  # fmt: skip


def _digest(told: str) -> str:
    return hashlib.sha256(told.encode()).hexdigest()
