"""清单草稿 the text of a list while somebody writes it: cells as typed, judged only when asked.

Pure. Cells hold wire words; what cannot be read stays as it is until it is put right.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from registry.domain.catalogue import ListItem, MatterList
from registry.domain.records import Wire
from registry.policies import words
from registry.policies.drafting import tables
from registry.policies.drafting.grids import Grid
from registry.policies.drafting.lint_texts import WHOLE
from registry.policies.drafting.problems import Problem, problem
from registry.policies.drafting.sheets import why_of
from registry.policies.lists import COLUMNS, MISSING, SEPARATOR, SeedError, scan_items

HEAD = (
    "title", "id", "polarity", "kinds", "receivers", "community_type", "instrument",
    "document_number", "published_on", "valid_from", "valid_to", "year", "count_stated",
    "items_read", "statutory", "advisory", "grade", "source", "title_en", "fictional",
)  # fmt: skip
"""What is told of a list as a whole, in the order in which it is asked."""
MANY = frozenset({"kinds", "receivers"})
"""Columns of the head that hold several words."""
_MANY_CELLS = frozenset({"aliases", "hints", "receivers"})
_ITEM = {f.name: f for f in msgspec.structs.fields(ListItem)}
Row = dict[str, str]


class MatterText(Wire, frozen=True, kw_only=True):
    """清单草稿."""

    head: Row = {}
    rows: list[Row] = []

    def put(self, at: int, row: Mapping[str, str]) -> "MatterText":
        """A row in the place of one, counted from 1; at the end where there is none such."""
        rows = list(self.rows)
        if 1 <= at <= len(rows):
            rows[at - 1] = _kept(row)
        else:
            rows.append(_kept(row))
        return msgspec.structs.replace(self, rows=rows)

    def insert(self, at: int, row: Mapping[str, str]) -> "MatterText":
        """A new row before another."""
        rows = list(self.rows)
        rows.insert(max(at, 1) - 1, _kept(row))
        return msgspec.structs.replace(self, rows=rows)

    def drop(self, at: int) -> "MatterText":
        """One row fewer."""
        rows = [row for n, row in enumerate(self.rows, start=1) if n != at]
        return msgspec.structs.replace(self, rows=rows)

    def swap(self, at: int, up: bool) -> "MatterText":
        """A row one place further up or down."""
        rows, other = list(self.rows), at - 1 if up else at + 1
        if min(at, other) >= 1 and max(at, other) <= len(rows):
            rows[at - 1], rows[other - 1] = rows[other - 1], rows[at - 1]
        return msgspec.structs.replace(self, rows=rows)

    def like(self, text: str) -> list[tuple[int, Row]]:
        """Rows in which every one of some words stands, with their places."""
        wanted = text.casefold().split()
        return [
            (n, row) for n, row in enumerate(self.rows, start=1)
            if all(any(w in cell.casefold() for cell in row.values()) for w in wanted)
        ]  # fmt: skip


def _kept(row: Mapping[str, str]) -> Row:
    """A cell is one line: what was pasted over several becomes one."""
    told = {c: " ".join(row.get(c, "").split()) for c in COLUMNS}
    return {c: t for c, t in told.items() if t}


def text_of(one: MatterList) -> MatterText:
    """A list as it is written."""
    head = {n: _cell(getattr(one, n)) for n in HEAD}
    rows = [{c: t for c in COLUMNS if (t := _cell(getattr(i, c)))} for i in one.items]
    return MatterText(head=head, rows=rows)


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return SEPARATOR.join(str(one) for one in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


# ---- read ---------------------------------------------------------------------------------------


def read(text: MatterText, county: str) -> tuple[MatterList | None, list[Problem]]:
    """The text as a list, or every cell that cannot be read."""
    name = text.head.get("id", "")
    fields, found = _head(text.head, name)
    items = []
    for at, row in enumerate(text.rows, start=1):
        cells, wrong = _item(row, (name, at))
        found += wrong
        if not wrong:
            items.append(msgspec.convert(cells, ListItem))
    if found:
        return None, found
    try:
        return MatterList(county=county, items=items, **fields), []
    except ValueError:  # a cancelled list whose items state no ground
        bare = [n for n, item in enumerate(items, start=1) if not item.ground]
        at = COLUMNS.index("ground") + 1
        return None, [problem("list.item_ground", (name, n, at), id=items[n - 1].id) for n in bare]


def _item(row: Row, at: tuple[str, int]) -> tuple[dict[str, Any], list[Problem]]:
    """The cells of an item that can be read, and every one that cannot: not the first alone."""
    cells: dict[str, Any] = {}
    found: list[Problem] = []
    for place, column in enumerate(COLUMNS, start=1):
        cell, error = row.get(column, "").strip(), ""
        value: Any = parts(cell) if column in _MANY_CELLS else cell
        try:
            if cell:
                cells[column] = msgspec.convert(value, _ITEM[column].type)
            elif _ITEM[column].required:
                error = MISSING
        except msgspec.ValidationError as wrong:
            error = str(wrong)
        if error:
            why = why_of(SeedError(*at, column, error))
            told = problem("sheet.item", (*at, place), {"column": column},
                           column=words.item_zh(column), why=why)  # fmt: skip
            found.append(told)
    return cells, found


def _head(head: Mapping[str, str], name: str) -> tuple[dict[str, Any], list[Problem]]:
    kinds = {f.name: f for f in msgspec.structs.fields(MatterList)}
    fields: dict[str, Any] = {}
    found: list[Problem] = []
    for column in HEAD:
        typed = head.get(column, "").strip()
        field = kinds[column]
        if not typed and not field.required:
            continue
        try:
            value = parts(typed) if column in MANY else typed
            fields[column] = msgspec.convert(value, field.type, strict=False)
        except msgspec.ValidationError:
            found.append(_wrong(name, column, typed))
            continue
        if not typed:
            found.append(_wrong(name, column, typed))
    return fields, found


def _wrong(name: str, column: str, typed: str) -> Problem:
    why = "填写的内容不合这一项的格式 cannot stand here" if typed else "没有填写 missing"
    told = {"column": words.head_zh(column), "why": why}
    return problem("sheet.item", (name, WHOLE, 1), {"column": column}, **told)


def parts(cell: str) -> list[str]:
    """The words of a cell that holds several."""
    return [one.strip() for one in cell.split(SEPARATOR) if one.strip()]


# ---- sheets -------------------------------------------------------------------------------------


def _csv(rows: Sequence[Row]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([row.get(c, "") for c in COLUMNS] for row in rows)
    return out.getvalue()


def grid_of(text: MatterText) -> Grid:
    """The items as a sheet that an official fills in."""
    return tables.list_grid(SHEET, _csv(text.rows).encode())


SHEET = "清单"
"""Name of the sheet."""


def taken(text: MatterText, grid: Grid) -> tuple[MatterText, list[Problem]]:
    """The text with the items of a sheet in the place of its own: all, or none and every problem.

    A problem stands at the cell of the sheet.
    """
    table, found = tables.canonical(grid)
    if table is None or found:
        return text, found
    if table.kind != "items":
        return text, [problem("sheet.stranger", (grid.name, 1, 1), name=grid.name)]
    head, *body = list(csv.reader(io.StringIO(table.text, newline="")))
    items = [{c: t for c, t in zip(head, line, strict=True) if t} for line in body]
    _, errors = scan_items(grid.name, table.text.encode())
    for error in errors:
        at = head.index(error.column) if error.column in head else 0
        place = (grid.name, table.rows.get(error.line, 1), table.columns[at])
        column = words.item_zh(error.column)
        found.append(problem("sheet.item", place, column=column, why=why_of(error)))
    return (text, found) if found else (msgspec.structs.replace(text, rows=items), [])
