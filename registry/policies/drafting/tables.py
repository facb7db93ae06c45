"""决策表与清单 ↔ 表格: a table or a list as a sheet an official fills in, and back again.

A sheet has a row of Chinese column names, a row of wire names, then the rows. Either header row
suffices, and a cell may hold the Chinese or the wire word. Back again it is the canonical text.
"""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from registry.domain.records import Wire
from registry.policies import words
from registry.policies.drafting.grids import Grid
from registry.policies.drafting.problems import Problem, problem
from registry.policies.lists import COLUMNS as ITEM_COLUMNS
from registry.policies.lists import SEPARATOR
from registry.policies.loader import MODE_COLUMNS, ROUTE_COLUMNS, RULE_COLUMNS

Kind = Literal["rules", "routes", "modes", "items"]
ANSWERS: dict[Kind, tuple[str, ...]] = {
    "rules": ("eft", "outcome", "rule"), "routes": ("eft", "flow"), "modes": ("eft", "mode"),
    "items": (),
}  # fmt: skip
KNOWN: dict[Kind, tuple[str, ...]] = {
    "rules": RULE_COLUMNS, "routes": ROUTE_COLUMNS, "modes": (*MODE_COLUMNS, "eft", "mode"),
    "items": ITEM_COLUMNS,
}  # fmt: skip
TITLES: dict[str, str] = {"rules": "规则", "routes": "路径", "modes": "方式"}
MARK, REMARK = "p", "#"
_FIRST = "行"
"""Heading of the first column of a table, which says row or remark."""
_CLOSED_ITEMS = {"role": "role", "ground": "ground", "payer": "payer_kind"}
_NEEDED_ITEMS = ("id", "title", "basis", "grade", "source")


class Canonical(Wire, frozen=True, kw_only=True):
    """规范文本: the text of a file, and where in the sheet each of its lines and cells stood."""

    kind: Kind
    sheet: str
    text: str
    rows: dict[int, int]
    """Line of the text → row of the sheet."""
    columns: list[int]
    """Position of a cell in the text, from 0 → column of the sheet, from 1."""


# ---- out ----------------------------------------------------------------------------------------


def table_grid(kind: Kind, text: str) -> Grid:
    """A decision table of a pack as a sheet."""
    lines = text.splitlines()
    columns = lines[0].removeprefix("# p,").split(",")
    rows = [[_FIRST, *(words.column_zh(c) for c in columns)], [MARK, *columns]]
    for line in lines[1:]:
        if line.lstrip().startswith(REMARK):
            rows.append([REMARK, line.lstrip()[1:].strip()])
        elif line.strip():
            cells = [c.strip() for c in next(csv.reader([line]))]
            rows.append([cells[0], *map(words.value_zh, columns, cells[1:])])
    return Grid(name=TITLES[kind], rows=list(enumerate(rows, start=1)))


def list_grid(name: str, raw: bytes) -> Grid:
    """The items of a list as a sheet, named after the list."""
    head, *body = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    rows = [[words.item_zh(c) for c in head], head]
    rows += [list(map(_item_out, head, line)) for line in body]
    return Grid(name=name, rows=list(enumerate(rows, start=1)))


def _item_out(column: str, text: str) -> str:
    if column == "receivers":
        return SEPARATOR.join(words.value_zh("receiver", one) for one in _parts(text))
    closed = _CLOSED_ITEMS.get(column)
    return words.value_zh(closed, text) if closed and text else text


def _parts(text: str) -> list[str]:
    return [one.strip() for one in text.split(SEPARATOR) if one.strip()]


# ---- in -----------------------------------------------------------------------------------------


def canonical(grid: Grid) -> tuple[Canonical | None, list[Problem]]:
    """A sheet as the canonical text of its file, or what keeps it from being one."""
    if not grid.rows:
        return None, [problem("sheet.header", (grid.name, 1, 1))]
    kind, columns, start = _header(grid)
    if kind is None:
        return None, [problem("sheet.header", (grid.name, grid.rows[0][0], 1))]
    found = _wrong_header(grid, kind, columns)
    found += [
        problem("sheet.beyond", (grid.name, number, column))
        for number, cells in grid.rows[start:]
        for column, one in enumerate(cells, start=1)
        if one and (column > len(columns) or not columns[column - 1])
        and not (kind != "items" and cells[0] == REMARK)
    ]  # fmt: skip
    if found:
        return None, found
    return (_items if kind == "items" else _table)(grid, kind, columns, start), []


def _header(grid: Grid) -> tuple[Kind | None, list[str], int]:
    """The kind of a sheet, the wire name of each column, and where its rows begin."""
    kind: Kind | None = None
    named: list[str] = []
    start = 0
    for _, cells in grid.rows[:2]:
        guessed = _kind(cells)
        if guessed is None or kind not in (None, guessed):
            break
        read = words.item_of if guessed == "items" else words.column_of
        kind, start = guessed, start + 1
        named = [_wire(cell, guessed, read) for cell in cells]
    return kind, named, start


def _wire(cell: str, kind: Kind, read: Callable[[str], str | None]) -> str:
    if kind != "items" and cell in (_FIRST, MARK, f"{REMARK} {MARK}"):
        return MARK
    return read(cell) or cell


def _kind(cells: Sequence[str]) -> Kind | None:
    columns = {words.column_of(one) for one in cells}
    items = {words.item_of(one) for one in cells}
    if {"outcome", "rule"} <= columns:
        return "rules"
    if {"id", "title"} <= items:
        return "items"
    if "eft" in columns and columns & {"flow", "mode"}:
        return "routes" if "flow" in columns else "modes"
    return None


def _wrong_header(grid: Grid, kind: Kind, columns: list[str]) -> list[Problem]:
    row, found = grid.rows[0][0], []
    allowed = {*KNOWN[kind], *(() if kind == "items" else (MARK,))}
    for at, name in enumerate(columns, start=1):
        if name and name not in allowed:
            found.append(problem("sheet.column_unknown", (grid.name, row, at), name=name))
        elif name and name in columns[: at - 1]:
            found.append(problem("sheet.column_twice", (grid.name, row, at), name=name))
    needed = _NEEDED_ITEMS if kind == "items" else ANSWERS[kind]
    found += [
        problem("sheet.column_missing", (grid.name, row, 1), name=name)
        for name in needed
        if name not in columns
    ]
    return found


def _table(grid: Grid, kind: Kind, columns: list[str], start: int) -> Canonical:
    answers = ANSWERS[kind]
    facts = [c for c in columns if c and c != MARK and c not in answers]
    order = [*facts, *answers]
    mark = columns.index(MARK) if MARK in columns else None
    lines, rows = [f"{REMARK} {MARK}," + ",".join(order)], {}
    for number, cells in grid.rows[start:]:
        first = cells[mark] if mark is not None and mark < len(cells) else ""
        if first == REMARK or first.startswith(f"{REMARK} "):
            lines.append(f"{REMARK} " + " ".join(c for c in [first[1:].strip(), *cells[1:]] if c))
        else:
            given = dict(zip(columns, cells, strict=False))
            read = [words.value_of(c, given.get(c, "")) for c in facts]
            said = [words.value_of(c, given[c]) if given.get(c) else "" for c in answers]
            lines.append(_line([first or MARK, *read, *said]))
        rows[len(lines)] = number
    at = [(mark or 0) + 1, *(columns.index(c) + 1 for c in order)]
    return Canonical(kind=kind, sheet=grid.name, text="\n".join(lines) + "\n", rows=rows,
                     columns=at)  # fmt: skip


def _items(grid: Grid, kind: Kind, columns: list[str], start: int) -> Canonical:
    order = [c for c in columns if c]
    lines, rows = [_line(order)], {}
    for number, cells in grid.rows[start:]:
        given = dict(zip(columns, cells, strict=False))
        lines.append(_line([_item_in(c, given.get(c, "")) for c in order]))
        rows[len(lines)] = number
    return Canonical(kind=kind, sheet=grid.name, text="\n".join(lines) + "\n", rows=rows,
                     columns=[columns.index(c) + 1 for c in order])  # fmt: skip


def _item_in(column: str, text: str) -> str:
    if column == "receivers":
        return SEPARATOR.join(words.value_of("receiver", one) for one in _parts(text))
    closed = _CLOSED_ITEMS.get(column)
    return words.value_of(closed, text) if closed and text else text


def _line(cells: Sequence[str]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="").writerow(cells)
    return out.getvalue()


def placed(found: Problem, tables: Mapping[str, Canonical]) -> Problem:
    """A problem of a file told at the cell of the sheet that the line came from."""
    import msgspec

    table = tables.get(found.file)
    if table is None:
        return found
    line = table.text.splitlines()[found.line - 1]
    before = line[: max(found.column - 1, 0)].count(",")
    row = table.rows.get(found.line, 1)
    column = table.columns[min(before, len(table.columns) - 1)] if found.column > 1 else 1
    return msgspec.structs.replace(found, file=table.sheet, line=row, column=column)
