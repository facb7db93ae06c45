"""逐行修改 a decision table line by line: one row read, changed, moved; every other byte stays.

Pure: text in, text out. Lines count from 1, the header is line 1.
"""

import csv
import io
from collections.abc import Mapping, Sequence

from registry.domain.records import Wire
from registry.policies.words import ANY

HEAD, MARK, REMARK = "# p,", "p", "#"


class Row(Wire, frozen=True, kw_only=True):
    """行: a row of a table, or a remark between rows."""

    line: int
    remark: str = ""
    cells: dict[str, str] = {}
    """Column → word; empty for a remark."""


def columns(text: str) -> list[str]:
    """The columns a table has, in order."""
    head = text.splitlines()[:1]
    return [c.strip() for c in head[0].removeprefix(HEAD).split(",")] if head else []


def rows(text: str) -> list[Row]:
    """Every row and remark, in order; what has too many or too few cells is shown as it is."""
    named, found = columns(text), []
    for number, line in enumerate(text.splitlines()[1:], start=2):
        if line.lstrip().startswith(REMARK):
            found.append(Row(line=number, remark=line.lstrip()[1:].strip()))
        elif line.strip():
            cells = [c.strip() for c in next(csv.reader([line]), [])][1:]
            found.append(Row(line=number, cells=dict(zip(named, cells, strict=False))))
    return found


def row_at(text: str, line: int) -> Row | None:
    """The row that stands on a line."""
    return next((row for row in rows(text) if row.line == line), None)


def put(text: str, line: int, cells: Mapping[str, str], answers: Sequence[str]) -> str:
    """A row in the place of the one on this line, or of none where the line is past the last.

    Args:
        cells: column → word; a column that the table has not yet comes in before the answers.
    """
    told = _widened(text, [c for c, w in cells.items() if w != ANY], answers)
    lines = told.splitlines()
    made = _line([MARK, *(cells.get(c) or ANY for c in columns(told))])
    if 1 < line <= len(lines):
        lines[line - 1] = made
    else:
        lines.append(made)
    return _whole(lines)


def insert(text: str, before: int, cells: Mapping[str, str], answers: Sequence[str]) -> str:
    """A new row before a line; past the last line: at the end."""
    lines = text.splitlines()
    if 1 < before <= len(lines):
        text = _whole([*lines[: before - 1], "", *lines[before - 1 :]])
        return put(text, before, cells, answers)
    return put(text, len(lines) + 1, cells, answers)


def drop(text: str, line: int) -> str:
    """Without the row or remark on a line."""
    lines = text.splitlines()
    if 1 < line <= len(lines):
        del lines[line - 1]
    return _whole(lines)


def swap(text: str, line: int, ahead: bool) -> str:
    """The row changes places with the one before it, or after it; remarks move like rows."""
    lines = text.splitlines()
    held = [row.line for row in rows(text)]
    if line not in held:
        return text
    at = held.index(line) + (-1 if ahead else 1)
    if 0 <= at < len(held):
        other = held[at]
        lines[line - 1], lines[other - 1] = lines[other - 1], lines[line - 1]
    return _whole(lines)


def _widened(text: str, wanted: Sequence[str], answers: Sequence[str]) -> str:
    named = columns(text)
    new = [c for c in wanted if c not in named and c not in answers]
    if not new:
        return text
    facts = [c for c in named if c not in answers]
    order = [*facts, *new, *answers]
    lines = text.splitlines()
    lines[0] = HEAD + ",".join(order)
    for row in rows(text):
        if row.cells:
            lines[row.line - 1] = _line([MARK, *(row.cells.get(c) or ANY for c in order)])
    return _whole(lines)


def _line(cells: Sequence[str]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="").writerow(cells)
    return out.getvalue()


def _whole(lines: Sequence[str]) -> str:
    return "\n".join(lines) + "\n"
