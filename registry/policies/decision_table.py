"""决策表文件 one CSV table of a pack read strictly: what pycasbin would drop in silence is refused.

A header names the fact columns the table uses, in any order, then what the rows answer; a column
that is not named means "any". So a column thought of later breaks no table written before.
"""

import csv
import re
from collections.abc import Callable, Mapping

from registry.domain.records import Wire

_NAME = re.compile(r"[A-Za-z0-9_.\-]+")


class PackError(ValueError):
    """规则包有误: where, and what would mend it."""

    def __init__(self, file: str, line: int, column: int, message: str) -> None:
        super().__init__(f"{file}:{line}:{column}: {message}")
        self.file, self.line, self.column, self.message = file, line, column, message


class Cells(Wire, frozen=True, kw_only=True):
    """决策表一行: the facts in full, ``*`` where the header names no such column."""

    line: int
    facts: tuple[str, ...]
    answer: tuple[str, ...]


class Shape(Wire, frozen=True, kw_only=True):
    """决策表的列: fact → the words it takes, then the columns of the answer."""

    facts: Mapping[str, tuple[str, ...]]
    answer: tuple[str, ...]
    needed: tuple[str, ...] = ()
    """Fact columns without which the table makes no sense."""

    @property
    def header(self) -> str:
        """The header that names every column."""
        return "# p," + ",".join((*self.facts, *self.answer))


Check = Callable[[Cells], tuple[str, str] | None]
"""What is wrong with a row as (column, message), or ``None``."""


def read_table(name: str, text: str, shape: Shape, check: Check) -> list[Cells]:
    """Every row of a table.

    Raises:
        PackError: the first thing wrong, with file, line and column.
    """
    found, errors = scan_table(name, text, shape, check)
    if errors:
        raise errors[0]
    return found


def scan_table(
    name: str, text: str, shape: Shape, check: Check
) -> tuple[list[Cells], list[PackError]]:
    """Every row of a table that can be read, and what is wrong with each that cannot."""
    lines = text.splitlines()
    try:
        named = _header(name, lines[0] if lines else "", shape)
    except PackError as error:
        return [], [error]
    found: list[Cells] = []
    errors: list[PackError] = []
    for number, line in enumerate(lines[1:], start=2):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            found.append(_checked(name, number, line, (named, shape, check)))
        except PackError as error:
            errors.append(error)
    return found, errors


def _checked(name: str, number: int, line: str, how: tuple[list[str], Shape, Check]) -> Cells:
    named, shape, check = how
    row = _row(name, number, line, (named, shape))
    wrong = check(row)
    if wrong is not None:
        at = [*named, *shape.answer].index(wrong[0]) + 1 if wrong[0] else 0
        raise PackError(name, number, column_of(line, at), wrong[1])
    return row


def _header(name: str, line: str, shape: Shape) -> list[str]:
    columns = [c.strip() for c in line.removeprefix("# p,").split(",")]
    tail = list(shape.answer)
    named = columns[: -len(tail)]
    if not line.startswith("# p,") or columns[-len(tail) :] != tail:
        raise PackError(name, 1, 1, f"the first line is: # p,<fact columns>,{','.join(tail)}")
    for index, column in enumerate(named, start=1):
        if column not in shape.facts:
            known = " ".join(shape.facts)
            raise PackError(
                name, 1, column_of(line, index), f"no column {column!r}; known: {known}"
            )
        if named.index(column) != index - 1:
            raise PackError(name, 1, column_of(line, index), f"column {column} stands twice")
    for column in shape.needed:
        if column not in named:
            raise PackError(name, 1, 1, f"column {column} is needed")
    return named


def _row(name: str, number: int, line: str, head: tuple[list[str], Shape]) -> Cells:
    named, shape = head
    try:
        cells = [c.strip() for c in next(csv.reader([line]))]
    except csv.Error as error:
        raise PackError(name, number, 1, "a cell is too long to be read") from error
    wanted = len(named) + len(shape.answer)
    if cells[0] != "p":
        raise PackError(name, number, 1, f"a row starts with p, not {cells[0]!r}")
    if len(cells) != wanted + 1:
        raise PackError(name, number, 1, f"{len(cells) - 1} cells where {wanted} are needed")
    given = dict(zip(named, cells[1:], strict=False))
    for index, (fact, word) in enumerate(given.items(), start=1):
        if word != "*" and word not in shape.facts[fact]:
            known = " ".join(shape.facts[fact])
            raise PackError(name, number, column_of(line, index),
                            f"{fact}: {word!r} is none of: * {known}")  # fmt: skip
    for index, cell in enumerate(cells):
        if cell != "*" and not _NAME.fullmatch(cell):
            raise PackError(name, number, column_of(line, index),
                            f"cell {cell!r}: letters, digits, _ . - only")  # fmt: skip
    return Cells(
        line=number,
        facts=tuple(given.get(fact, "*") for fact in shape.facts),
        answer=tuple(cells[len(named) + 1 :]),
    )


def column_of(line: str, index: int) -> int:
    """1-based column of the ``index``-th cell of a line."""
    return len(",".join(line.split(",")[:index])) + 2 if index else 1
