"""xlsx 工作簿 grids as a workbook with drop-down words, and a workbook as grids.

A workbook from outside is looked at as a zip first, unpacked while counting, and then read by a
process of its own with little memory and time (``xlsx_child``).
"""

import io
import json
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path
from typing import Any

from registry.policies import words
from registry.policies.drafting.grids import COLUMNS, ROWS, Grid, letters, odd_cells
from registry.policies.drafting.problems import Problem, problem

_CHILD = Path(__file__).with_name("xlsx_child.py")
_OLD_FORM = bytes.fromhex("D0CF11E0A1B11AE1")
"""How a file of the old form begins, and one with a password."""
_PARTS = 1024
_UNPACKED = 64 * 1024 * 1024
_MEMORY = 512 * 1024 * 1024
_SECONDS = 30
_PIECE = 65_536
_WORDS = "词表"
"""The sheet that holds the words of the drop-downs; not read back."""
_ENCRYPTED = 0x1


def read_xlsx(name: str, data: bytes) -> tuple[list[Grid], list[Problem]]:
    """Every sheet of a workbook, or what keeps it from being read."""
    refused = _unsafe(data)
    if refused:
        return [], [problem(refused, (name, 1, 1))]
    answer = _asked(data)
    if answer is None:
        return [], [problem("file.unreadable", (name, 1, 1))]
    found = [problem(one["code"], tuple(one["place"]), **one["told"]) for one in answer["problems"]]
    grids = [
        Grid(name=one["name"], rows=[(number, cells) for number, cells in one["rows"]])
        for one in answer["sheets"]
    ]
    # A text that begins with = is no formula here, but would be one in the CSV it becomes.
    return grids, [*found, *(p for grid in grids for p in odd_cells(grid))]


def _unsafe(data: bytes) -> str:
    """The code of what is wrong with the file as a zip, or ``""``."""
    if data.startswith(_OLD_FORM):
        return "file.encrypted"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _wrong_parts(archive) or ("file.bomb" if _too_large(archive) else "")
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, zlib.error):
        return "file.not_zip"


def _wrong_parts(archive: zipfile.ZipFile) -> str:
    parts = archive.infolist()
    names = {part.filename.lower() for part in parts}
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        return "file.encrypted"
    if any(name.endswith("vbaproject.bin") for name in names):
        return "file.macros"
    whole = {"[content_types].xml", "xl/workbook.xml"} <= names
    return "" if whole else "file.not_zip"


def _too_large(archive: zipfile.ZipFile) -> bool:
    """Whether it unpacks to more than is read: first as it says of itself, then in fact."""
    parts = archive.infolist()
    if len(parts) > _PARTS or sum(part.file_size for part in parts) > _UNPACKED:
        return True
    unpacked = 0
    for part in parts:
        with archive.open(part) as inside:
            while piece := inside.read(_PIECE):
                unpacked += len(piece)
                if unpacked > _UNPACKED:
                    return True
    return False


def _asked(data: bytes) -> dict[str, Any] | None:
    """What the child answers, or ``None`` where it could not read the file within its limits."""
    command = [sys.executable, "-I", str(_CHILD), str(_MEMORY), str(_SECONDS), str(ROWS),
               str(COLUMNS), str(_UNPACKED), _WORDS]  # fmt: skip
    try:
        done = subprocess.run(  # noqa: S603 - our own program; the file goes in as bytes only
            command, input=data, capture_output=True, timeout=_SECONDS * 2, check=False
        )
    except subprocess.TimeoutExpired:
        return None
    if done.returncode != 0:
        return None
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        return None
    return answer


# ---- out ----------------------------------------------------------------------------------------

_HEADERS = 2


def write_xlsx(grids: list[Grid], closed: dict[str, dict[str, list[str]]]) -> bytes:
    """Grids as one workbook, each cell a text.

    Args:
        closed: name of a grid → wire name of a column → the words that may stand in it.
    """
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    lists = book.create_sheet(_WORDS)
    for grid in grids:
        sheet = book.create_sheet(grid.name)
        for row, cells in grid.rows:
            for column, text in enumerate(cells, start=1):
                cell = sheet.cell(row=row, column=column)
                # Set as a string by type, so that no text is taken for a formula or a number.
                cell.value, cell.data_type, cell.number_format = text, "s", "@"
        sheet.freeze_panes = "A3"
        _choices(sheet, lists, grid, closed.get(grid.name, {}))
    book.move_sheet(lists, len(grids))
    lists.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _choices(sheet: Any, lists: Any, grid: Grid, closed: dict[str, list[str]]) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    head = grid.rows[1][1]
    for column, name in enumerate(head, start=1):
        if name not in closed:
            continue
        at = lists.max_column + 1 if lists.max_row > 1 else 1
        for row, word in enumerate([f"{grid.name}.{name}", *closed[name]], start=1):
            lists.cell(row=row, column=at, value=word).data_type = "s"
        over = letters(at)
        choice = DataValidation(
            type="list", formula1=f"'{_WORDS}'!${over}$2:${over}${len(closed[name]) + 1}",
            allow_blank=True, showErrorMessage=False,
        )  # fmt: skip
        under = letters(column)
        choice.add(f"{under}{_HEADERS + 1}:{under}{ROWS}")
        sheet.add_data_validation(choice)


def choices(columns: dict[str, tuple[str, ...]], any_word: bool) -> dict[str, list[str]]:
    """The Chinese words that may stand in closed columns, from their wire words."""
    first = [words.value_zh("", words.ANY)] if any_word else []
    return {
        name: [*first, *(words.value_zh(name, word) for word in known)]
        for name, known in columns.items()
    }
