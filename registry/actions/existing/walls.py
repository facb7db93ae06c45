"""存量牌子、机构 the row of a board or office that a sheet tells of: made, or found where the community
had written it down before.
"""

from typing import Any

from registry.actions.office import Desk
from registry.domain.existing import Sheet
from registry.domain.existing_sheets import ExistingRow
from registry.domain.presence import Presence
from registry.domain.walls import HANGING, Board, Bureau, Form, Origin
from registry.domain.wording import normalise

Key = tuple[str, ...]


class Walls:
    """现有牌子、机构: what is written down in the county already, read once for a whole sheet."""

    def __init__(self, desk: Desk, sheet: Sheet) -> None:
        self._desk, self._sheet = desk, sheet
        states = sorted(state.value for state in HANGING)
        kind = {Sheet.BOARDS: Board, Sheet.OFFICES: Bureau}.get(sheet)
        there: list[Any] = desk.unit.find(kind, state=states) if kind is not None else []
        self._there: dict[Key, Board | Bureau] = {_key(w): w for w in reversed(there)}

    def hang(self, row: ExistingRow, presence: Presence) -> None:
        """What the row of a presence hangs or seats there; nothing for other sheets."""
        made = self._made(row, presence)
        if made is None:
            return
        there = self._there.get(_key(made))
        if there is None:
            self._desk.unit.add(made)
        elif there.presence_id is None:
            self._desk.unit.change(
                there, presence_id=presence.id, origin=Origin.LEGACY, row_key=made.row_key,
                since=there.since or made.since,
            )  # fmt: skip

    def _made(self, row: ExistingRow, presence: Presence) -> Board | Bureau | None:
        shared: dict[str, Any] = {
            "county": presence.county, "organisation_id": presence.organisation_id,
            "area_id": presence.area_id, "area_path": presence.area_path,
            "department_id": presence.department_id, "since": row.since,
            "origin": Origin.LEGACY, "presence_id": presence.id,
            "row_key": presence.legacy.row_key if presence.legacy else None,
        }  # fmt: skip
        if self._sheet is Sheet.BOARDS:
            return Board(
                id=self._desk.id("brd"), form=Form(presence.kind.value), wording=row.title,
                place=row.place or "other", orientation=row.orientation, width_cm=row.width_cm,
                height_cm=row.height_cm, maker=row.maker, payer=row.payer, **shared,
            )  # fmt: skip
        if self._sheet is Sheet.OFFICES:
            return Bureau(
                id=self._desk.id("bur"), name=row.title, required_by=row.asked_by,
                basis=row.basis, people=row.people, last_met_on=row.last_met_on, meets=row.meets,
                **shared,
            )  # fmt: skip
        return None


def _key(wall: Board | Bureau) -> Key:
    if isinstance(wall, Board):
        return (wall.organisation_id, wall.form.value, wall.place, normalise(wall.wording))
    return (wall.organisation_id, normalise(wall.name))
