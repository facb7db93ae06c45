"""表格 a sheet as rows of text, read from CSV; what an xlsx file is read as, too.

Nothing here knows rules or lists: see ``tables``.
"""

import csv
import io
from pathlib import PurePath

from registry.domain.records import Wire
from registry.policies.drafting.problems import Problem, problem

ROWS, COLUMNS = 65_536, 256
"""The most that is read of one sheet."""
_ENCODINGS = (("utf-8", "UTF-8"), ("gb18030", "GB18030"))
_MARK = b"\xef\xbb\xbf"
_RISKY = ("+", "-", "@")
"""A spreadsheet would take a text that begins so for a formula: written with a quote before it."""


class Grid(Wire, frozen=True, kw_only=True):
    """表: its name and its rows, each with the number the spreadsheet shows; cells are trimmed."""

    name: str
    rows: list[tuple[int, list[str]]]


def letters(column: int) -> str:
    """The letters over a column, counted from 1: 1 → A, 28 → AB."""
    told = ""
    while column:
        column, rest = divmod(column - 1, 26)
        told = chr(ord("A") + rest) + told
    return told


def cell(found: Problem) -> str:
    """Where a problem of a sheet is, as the spreadsheet names it: ``规则!B7``."""
    return f"{found.file}!{letters(found.column)}{found.line}"


def read_csv(name: str, data: bytes) -> tuple[Grid | None, str, list[Problem]]:
    """A CSV file as a grid, and how it was written: UTF-8, UTF-8 with a mark, or GB18030."""
    stem = PurePath(name).stem
    text, told = _text(data)
    if text is None:
        return None, "", [problem("file.encoding", (name, 1, 1))]
    rows: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for number, line in enumerate(reader, start=1):
            if number > ROWS:
                return None, told, [problem("sheet.rows", (stem, number, 1), limit=str(ROWS))]
            cells = [_bare(one.strip()) for one in line]
            if any(cells):
                rows.append((number, cells))
    except csv.Error:
        return None, told, [problem("file.csv", (stem, len(rows) + 1, 1))]
    grid = Grid(name=stem, rows=rows)
    return grid, told, odd_cells(grid)


def odd_cells(grid: Grid) -> list[Problem]:
    """Cells that no table may hold: formulas, line breaks, control characters; too many columns."""
    found: list[Problem] = []
    for number, cells in grid.rows:
        if len(cells) > COLUMNS:
            place = (grid.name, number, COLUMNS + 1)
            found.append(problem("sheet.columns", place, limit=str(COLUMNS)))
        for column, one in enumerate(cells[:COLUMNS], start=1):
            if one.startswith("="):
                found.append(problem("sheet.formula", (grid.name, number, column)))
            elif not one.isprintable():
                found.append(problem("sheet.control", (grid.name, number, column)))
    return found


def _text(data: bytes) -> tuple[str | None, str]:
    if data.startswith(_MARK):
        return _decoded(data.removeprefix(_MARK), "utf-8"), "UTF-8 (BOM)"
    for encoding, told in _ENCODINGS:
        text = _decoded(data, encoding)
        if text is not None and "\x00" not in text:
            return text, told
    return None, ""


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _bare(text: str) -> str:
    """A text without the quote that keeps a spreadsheet from reckoning with it."""
    return text[1:] if text[:1] == "'" and text[1:2] in _RISKY else text


def write_csv(grid: Grid) -> bytes:
    """A grid as CSV that a spreadsheet opens as meant: UTF-8 with a mark, nothing reckoned."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    for _, cells in grid.rows:
        writer.writerow([f"'{one}" if one.startswith(_RISKY) else one for one in cells])
    return _MARK + out.getvalue().encode()
