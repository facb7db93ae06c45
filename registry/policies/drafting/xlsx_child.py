"""xlsx 子进程 reads one workbook from standard input, within the memory and time it is given.

Run as a program of its own, so that a file made to exhaust a machine exhausts only this process.
It imports nothing of ours and answers one JSON document: sheets with their rows, or what is wrong.
"""

import io
import json
import os
import re
import resource
import sys
import warnings
import zipfile
from datetime import date, datetime, time
from typing import Any

_MERGED = re.compile(
    rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3}\d{1,7}(?::[A-Z]{1,3}\d{1,7})?)"'
)
_ROW = re.compile(rb"<(?:\w+:)?row[\s/>]")
_CORNER = re.compile(r"([A-Z]+)(\d+)")


def limit(memory: int, seconds: int) -> None:
    """Let this process have so many bytes and seconds, and write no file."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def text_of(value: object) -> str:
    """A cell's value as text: 3.0 is 3, midnight is a day."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time.min else value.isoformat(" ")
    return value.isoformat() if isinstance(value, date) else str(value).strip()


class Most:
    """上限: how many rows and columns of a sheet are read, and how many characters in all."""

    def __init__(self, rows: int, columns: int, characters: int) -> None:
        self.rows, self.columns, self.characters = rows, columns, characters

    def spend(self, text: str) -> str:
        """Count a text; one stored once may be shown in a million cells."""
        self.characters -= len(text)
        if self.characters < 0:
            raise SystemExit("too much text")
        return text


def read(data: bytes, most: Most, skipped: str) -> dict[str, Any]:
    """Every sheet but the one named ``skipped``: its rows, and what stands in it that may not."""
    # defusedxml refuses entities; lxml, where it is installed, would only leave them unread.
    os.environ["OPENPYXL_LXML"] = "False"
    from openpyxl import load_workbook

    crowded = _crowded(data, most)
    if crowded:
        return {"sheets": [], "problems": crowded}
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    answer: dict[str, Any] = {"sheets": [], "problems": []}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for sheet in book.worksheets:
            if sheet.title == skipped:
                continue
            inside = archive.read(sheet._worksheet_path)
            for merged in _MERGED.findall(inside)[: most.rows]:
                answer["problems"].append(_merge(sheet.title, merged.decode()))
            sheet.reset_dimensions()
            answer["sheets"].append(_sheet(sheet, most, answer["problems"]))
    return answer


def _crowded(data: bytes, most: Most) -> list[dict[str, Any]]:
    """Sheets of more rows than are read, counted before anything is parsed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [
            {"code": "sheet.rows", "place": [part.rpartition("/")[2], most.rows + 1, 1],
             "told": {"limit": str(most.rows)}}
            for part in archive.namelist()
            if part.startswith("xl/worksheets/")
            and sum(1 for _ in _ROW.finditer(archive.read(part))) > most.rows
        ]  # fmt: skip


def _merge(title: str, cells: str) -> dict[str, Any]:
    corner = _CORNER.match(cells)
    column = 0
    for letter in corner[1] if corner else "A":
        column = column * 26 + ord(letter) - ord("A") + 1
    row = int(corner[2]) if corner else 1
    return {"code": "sheet.merged", "place": [title, row, column], "told": {"cells": cells}}


def _sheet(sheet: Any, most: Most, problems: list[dict[str, Any]]) -> dict[str, Any]:
    found: list[tuple[int, list[str]]] = []
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        if number > most.rows:
            told = {"limit": str(most.rows)}
            problems.append({"code": "sheet.rows", "place": [sheet.title, number, 1], "told": told})
            break
        texts = []
        for column, cell in enumerate(cells[: most.columns + 1], start=1):
            kind = getattr(cell, "data_type", "n")
            text = most.spend(text_of(cell.value))
            place = [sheet.title, number, column]
            if kind == "f":
                problems.append({"code": "sheet.formula", "place": place, "told": {}})
            elif kind == "e":
                told = {"value": text}
                problems.append({"code": "sheet.error_value", "place": place, "told": told})
            texts.append("" if kind in {"f", "e"} else text)
        while texts and not texts[-1]:
            texts.pop()
        if texts:
            found.append((number, texts))
    return {"name": sheet.title, "rows": found}


def main() -> None:
    """``memory seconds rows columns characters skipped`` on the command line, the workbook on
    the input."""
    memory, seconds, *most = (int(word) for word in sys.argv[1:6])
    warnings.simplefilter("ignore")
    data = sys.stdin.buffer.read()
    limit(memory, seconds)
    sys.stdout.write(json.dumps(read(data, Most(*most), sys.argv[6])))


if __name__ == "__main__":
    main()
