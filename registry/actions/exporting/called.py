"""名称旁注 what the ids of a sheet that people read are called, in columns of their own beside them: of
what the reader may not see, nothing is told.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from registry.actions.exporting.ground import Ground
from registry.actions.exporting.writing import Batch
from registry.domain.exporting import Column, Holds, Sheet
from registry.store.called import called
from registry.store.engine import Reading

_WORDS = (("number", "title"), ("number", "name"), ("title",), ("name",), ("number",))
"""Fields by which a kind of record is called; the first that it has count."""
OF_OBJECT = "object_id"
BESIDE: dict[str, dict[str, tuple[str, str]]] = {
    "findings": {
        OF_OBJECT: ("", "对象名称"), "organisation_id": ("organisations", "被问单位名称"),
        "project_id": ("audit-projects", "审计项目名称"),
    },
}  # fmt: skip
"""By sheet: column of ids → the sheet that they are of (``""`` = as ``object_kind`` says), and the
heading."""


class Called:
    """旁注 of one sheet, as it stood."""

    def __init__(self, of: Ground, moment: Reading, sheet: Sheet) -> None:
        self._of, self._moment = of, moment
        told, self._kind = BESIDE.get(sheet.name, {}), 0
        self._places: list[_Place] = []
        for n, column in enumerate(sheet.columns):
            if column.name == "object_kind":
                self._kind = n
            if column.name in told:
                self._places.append(_Place(n, *told[column.name]))
        self._sheets = {s.record.__name__.lower(): s for s in of.sheets.values()}

    def columns(self, own: Sequence[Column]) -> list[Column]:
        """The columns with those of the names."""
        found = list(own)
        for place in reversed(self._places):
            name = f"{own[place.at].name}_called"
            found.insert(place.at + 1, Column(name, place.zh, Holds.TEXT, ()))
        return found

    def lines(self, batch: Batch) -> list[list[Any]]:
        """Rows with the names beside their ids."""
        found = [list(row) for row in batch]
        for place in reversed(self._places):
            words = self._words(batch, place)
            for row, before in zip(found, batch, strict=True):
                row.insert(place.at + 1, words.get((self._sheet(place, before), before[place.at])))
        return found

    def _sheet(self, place: "_Place", row: Sequence[Any]) -> str:
        return place.sheet or str(row[self._kind]).replace("_", "")

    def _words(self, batch: Batch, place: "_Place") -> dict[tuple[str, Any], str]:
        ids: dict[str, set[str]] = {}
        for row in batch:
            if row[place.at]:
                ids.setdefault(self._sheet(place, row), set()).add(row[place.at])
        return {
            (name, id): said
            for name, some in ids.items()
            for id, said in self._named(name, some).items()
        }

    def _named(self, name: str, ids: set[str]) -> dict[str, str]:
        sheet = self._of.sheets.get(name) or self._sheets.get(name)
        rows = None if sheet is None else self._of.rows(self._moment, sheet)
        if sheet is None or rows is None:
            return {}
        own = {column.name for column in sheet.columns}
        fields = next((some for some in _WORDS if own.issuperset(some)), ())
        return called(rows, ids, fields) if fields else {}


class _Place(NamedTuple):
    at: int
    sheet: str
    zh: str
