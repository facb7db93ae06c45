"""满意度导入 a sheet of counts comes in: each row as if it were recorded by hand, once.

All or nothing, every bad cell told. A row is known by its number where it was taken from, else by
what it is a survey of; told again otherwise, the later word takes the place of the earlier one.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from registry.actions.bodies import STREETS
from registry.actions.evaluating import satisfying
from registry.actions.evaluating.satisfying import ACTS, SatisfactionCommand
from registry.actions.existing.whose import Seat, Told, Whose
from registry.actions.office import Answer, Desk
from registry.actions.sheets import LIMIT_ROWS, as_csv, sheet_refused
from registry.domain.areas import Area, AreaLevel
from registry.domain.errors import Refusal
from registry.domain.evaluating import Rated, Satisfaction
from registry.domain.people import Organisation
from registry.domain.presence import Presence
from registry.domain.records import Count, Wire
from registry.domain.satisfaction_sheets import (
    COUNTED,
    SatisfactionRow,
    SatisfactionSheet,
    read_satisfaction,
)
from registry.domain.sheets import CellError, sheet_row
from registry.domain.wording import normalise
from registry.store.counting import hold

ACT = "satisfaction.import"
_NOBODY = Told(zh="没有这个社区（村）、街道（乡镇）", en="no such community or street")
_ELSEWHERE = Told(zh="不在您的辖区，或者您的岗位不能登记这一评价主体",
                  en="not in your area, or not for your post to record")  # fmt: skip
_TWICE = Told(zh="与上面的行重复", en="repeats a row above")
_OTHER = Told(zh="这个外部编号已经用于另一项评价", en="this number was used for another survey")
_NO_MATTER = Told(zh="这个社区没有这一件事项，或者有几件同名的，请填编号",
                  en="no such matter in this community, or several: give the id")  # fmt: skip
_COLUMN = {
    satisfying.SUBJECT: "subject", satisfying.RATER: "rater", satisfying.AHEAD: "period",
    satisfying.PERSONAL: "method", satisfying.COUNTS: COUNTED[0],
}  # fmt: skip
"""Which column a refusal of a row is about."""


class BroughtIn(Wire, frozen=True, kw_only=True):
    """导入结果."""

    rows: Count
    added: Count
    changed: Count
    """Rows that say otherwise than before: their word stands now, the earlier version stays."""
    known: Count


def read(data: bytes) -> SatisfactionSheet:
    """A sheet, CSV (UTF-8 or GB18030) or workbook.

    Raises:
        Refusal: ``import.cells``, every bad cell.
    """
    text = as_csv("", data)
    given, errors = read_satisfaction(text, row_limit=LIMIT_ROWS)
    sheet_refused(errors)
    return given


def bring_in(desk: Desk, given: SatisfactionSheet) -> Answer:
    """满意度导入.

    Raises:
        Refusal: ``import.cells``, and no row of the sheet is kept.
    """
    hold(desk.unit.connection, desk.unit.county, ACT)
    coming = _Coming(desk, given)
    bodies = [seat for row in given.rows if isinstance(seat := coming.seat(row), Seat)]
    desk.authorise(
        ACT, owners={o for row in given.rows for o in coming.owners(row)},
        paths={seat.area.path for seat in bodies} or {desk.places.county().path},
    )  # fmt: skip
    for index, row in enumerate(given.rows):
        coming.take(row, sheet_row(index))
    sheet_refused(coming.errors)
    told = BroughtIn(rows=len(given.rows), **coming.became)
    desk.note = msgspec.to_builtins(told)
    return Answer(body=told)


class _Coming:
    """一张表 on its way in: what became of each row, and every bad cell."""

    def __init__(self, desk: Desk, given: SatisfactionSheet) -> None:
        self._desk, self._given = desk, given
        self.errors: list[CellError] = []
        self.became = {"added": 0, "changed": 0, "known": 0}
        self._whose = Whose(desk)
        self._seats: dict[str, Seat | Told] = {}
        self._matters: dict[str, list[Presence]] = {}
        self._told: set[str] = set()
        periods = sorted({row.period for row in given.rows})
        held = desk.unit.find(Satisfaction, period=periods) if periods else []
        self._held = {one.id: one for one in held}
        self._keyed = {one.external_key: one for one in held if one.external_key}

    def seat(self, row: SatisfactionRow) -> Seat | Told:
        """The community or street of a row, or what is wrong with its name."""
        cell = row.organisation
        if cell not in self._seats:
            found = self._whose.community(cell)
            self._seats[cell] = found if isinstance(found, Seat) else self._other(cell)
        return self._seats[cell]

    def _other(self, cell: str) -> Seat | Told:
        """A street by name, id or code; or the body that assesses."""
        places, id = self._desk.places, self._whose.asker(cell)
        if id is not None:
            body = places.standing(id)
            return Seat(named=id, body=body, area=places.home(body))
        if cell.isdigit():
            areas = self._desk.unit.find(Area, code=cell, level=AreaLevel.STREET.value)
            for body in places.serving([area.id for area in areas], STREETS):
                return Seat(named=body.id, body=body, area=places.home(body))
        return _NOBODY

    def owners(self, row: SatisfactionRow) -> list[str]:
        """In whose name a row speaks."""
        seat = self.seat(row)
        if not isinstance(seat, Seat):
            return []
        return satisfying.owners(self._desk, ACTS[row.rater], seat.body)

    def take(self, row: SatisfactionRow, number: int) -> None:
        """One row: kept, known already, or its faults."""
        seat = self.seat(row)
        if not isinstance(seat, Seat):
            return self._bad(number, "organisation", seat)
        owners = self.owners(row)
        if self._desk.powers.passing(ACTS[row.rater], owners, [seat.area.path], ()) is None:
            return self._bad(number, "organisation", _ELSEWHERE)
        try:
            made = self._made(row, seat.body, seat.area)
        except Refusal as refusal:
            told = Told(zh=refusal.detail, en=refusal.detail_en)
            return self._bad(number, _COLUMN.get(refusal.code, "subject"), told)
        if made is None:
            return self._bad(number, "subject", _NO_MATTER)
        return self._keep(made, number)

    def _made(self, row: SatisfactionRow, body: Organisation, area: Area) -> Satisfaction | None:
        """A row as it would be recorded by hand; ``None`` = the matter is not to be told."""
        named = self._subject(row, body)
        if row.rated is Rated.PRESENCE and named is None:
            return None
        utility = row.subject if named is None and row.rated is Rated.UTILITY else None
        command = SatisfactionCommand(
            organisation_id=body.id, rated=row.rated, subject_id=named, subject=utility,
            period=row.period, rater=row.rater, method=row.method, counts=row.counts,
            asked=row.asked,
        )  # fmt: skip
        made = satisfying.counted(self._desk, command, body, area)
        return msgspec.structs.replace(made, external_key=row.external_key or None)

    def _subject(self, row: SatisfactionRow, body: Organisation) -> str | None:
        """Id of what a row names."""
        if row.rated is not Rated.PRESENCE:
            return self._whose.asker(row.subject)
        if body.id not in self._matters:
            self._matters[body.id] = self._desk.unit.find(Presence, organisation_id=body.id)
        title = normalise(row.subject)
        every = self._matters[body.id]
        found = [p.id for p in every if p.id == row.subject] or [
            p.id for p in every if normalise(p.title) == title
        ]
        return found[0] if len(found) == 1 else None

    def _keep(self, made: Satisfaction, number: int) -> None:
        keyed = self._keyed.get(made.external_key) if made.external_key else None
        if keyed is not None and not self._same(keyed, made):
            return self._bad(number, "external_key", _OTHER)
        held = keyed or self._held.get(made.id)
        once = held.id if held else made.id
        if once in self._told:
            return self._bad(number, "external_key" if made.external_key else "", _TWICE)
        self._told.add(once)
        if held is None:
            held = self._desk.unit.add(made)
            self.became["added"] += 1
        else:
            held = self._again(held, made)
        self._held[held.id] = held
        if held.external_key:
            self._keyed[held.external_key] = held
        return None

    def _same(self, held: Satisfaction, made: Satisfaction) -> bool:
        """Whether both are of one survey; what was a community's is its heir's."""
        names = ("rated", "subject_id", "rater", "period", "method")
        alike = all(getattr(held, name) == getattr(made, name) for name in names)
        return alike and made.organisation_id in (
            held.organisation_id, self._desk.places.now(held.organisation_id).id
        )  # fmt: skip

    def _again(self, held: Satisfaction, made: Satisfaction) -> Satisfaction:
        """A survey that is known, told once more."""
        after = dict(_word(made))
        after["external_key"] = made.external_key or held.external_key
        if after == dict(_word(held)):
            self.became["known"] += 1
            return held
        self.became["changed"] += 1
        desk = self._desk
        return desk.unit.change(
            held, recorded_on=desk.today, person_id=desk.actor.person_id, **after
        )

    def _bad(self, number: int, column: str, told: Told) -> None:
        named = self._given.label(column) if column else ""
        self.errors.append(CellError(row=number, column=named, message=told.zh, message_en=told.en))


def _word(one: Satisfaction) -> Iterator[tuple[str, Any]]:
    for name in ("counts", "asked", "external_key"):
        yield name, getattr(one, name)
