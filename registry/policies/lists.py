"""清单读入 reference lists from ``lists.toml`` and their CSV files, strictly.

An unknown key or column, a value outside its closed list, a row without basis, source or grade:
each refuses the whole with file, line and column, so that no row is half understood.
"""

import csv
import io
import tomllib
from pathlib import Path
from typing import Any

import msgspec

from registry.domain.catalogue import ListItem, MatterList
from registry.domain.wording import Tuning

CATALOGUE = "lists.toml"
SEPARATOR = "；"
COLUMNS = (
    "id", "title", "title_en", "aliases", "hints", "section", "ground", "basis", "department",
    "department_grade", "role", "receivers", "payer", "payer_note", "cycle", "evidence",
    "verifier", "verifier_grade", "purpose", "process", "form", "time_limit", "valid_from",
    "valid_to", "grade", "source", "note",
)  # fmt: skip
"""Columns a file of items may have, in any order; one it does not name is empty for every item."""
_MANY = frozenset({"aliases", "hints", "receivers"})
_NEEDED = ("id", "title", "basis", "grade", "source")
MISSING = "missing"
"""What is said of a cell that is needed and empty."""
_JURISDICTION_DIGITS = 6
_OTHER_CODE = (
    "不是 UTF-8 编码：另存为“CSV UTF-8”，或者用 registry pack import 读入 "
    "not UTF-8: save it as CSV UTF-8, or read it in with registry pack import"
)


class SeedError(ValueError):
    """清单有误: where a seed file is wrong. Lines count from 1; column is its name, or empty."""

    def __init__(self, file: str, line: int, column: str, message: str) -> None:
        super().__init__(f"{file}:{line}:{column or '-'}: {message}")
        self.file, self.line, self.column, self.message = file, line, column, message


def parse_lists(lists_toml: bytes, files: dict[str, bytes]) -> list[MatterList]:
    """Every list of the catalogue, in its order; ``files`` maps file names to CSV bytes."""
    text = _decoded(CATALOGUE, lists_toml)
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SeedError(CATALOGUE, 1, "", str(error)) from error
    if set(document) != {"list"}:
        raise SeedError(CATALOGUE, 1, "", f"only [[list]] is known, found {sorted(document)}")
    lines = [n for n, line in enumerate(text.split("\n"), 1) if line.strip() == "[[list]]"]
    tables: list[dict[str, Any]] = document["list"]
    lists = [_list(t, n, files) for t, n in zip(tables, lines, strict=True)]
    _unique(lists, lines)
    unread = sorted(set(files) - {t.get("file") for t in tables})
    if unread:
        raise SeedError(unread[0], 1, "", "no list names this file")
    return lists


def load_lists(folder: Path) -> list[MatterList]:
    """The lists of ``folder``: ``lists.toml`` and every CSV beside it."""
    files = {path.name: path.read_bytes() for path in sorted(folder.glob("*.csv"))}
    return parse_lists((folder / CATALOGUE).read_bytes(), files)


def load_tuning(path: Path) -> Tuning:
    """比对参数 from ``matching.toml``."""
    try:
        return msgspec.toml.decode(path.read_bytes(), type=Tuning)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise SeedError(path.name, 1, "", str(error)) from error


def _decoded(file: str, raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")  # spreadsheets put a mark before "CSV UTF-8"
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise SeedError(file, line, "", _OTHER_CODE) from error


def _list(table: dict[str, Any], line: int, files: dict[str, bytes]) -> MatterList:
    fields = dict(table)
    file = fields.pop("file", None)
    code = str(fields.pop("jurisdiction", ""))
    if not (len(code) == _JURISDICTION_DIGITS and code.isascii() and code.isdigit()):
        raise SeedError(CATALOGUE, line, "jurisdiction", f"not six digits: {code!r}")
    for needed in ("instrument", "source", "grade"):
        if not str(fields.get(needed, "")).strip():
            raise SeedError(CATALOGUE, line, needed, "missing")
    for fixed in ("county", "version", "items"):
        if fixed in fields:
            raise SeedError(CATALOGUE, line, fixed, "not a key of a list")
    if file is not None and file not in files:
        raise SeedError(CATALOGUE, line, "file", f"no such file: {file}")
    if file is None and fields.get("items_read", True):
        raise SeedError(CATALOGUE, line, "file", "missing, and items_read is not false")
    items = _items(file, files[file]) if file is not None else []
    whole = {**fields, "county": code, "version": 1, "items": items}
    try:
        found = msgspec.convert(whole, MatterList)
    except msgspec.ValidationError as error:
        raise SeedError(CATALOGUE, line, "", str(error)) from error
    _counted(found, line)
    return found


def _counted(found: MatterList, line: int) -> None:
    """A list whose items were read holds as many as its instrument states."""
    if found.items_read and found.count_stated not in {None, len(found.items)}:
        message = f"states {found.count_stated}, holds {len(found.items)}"
        raise SeedError(CATALOGUE, line, "count_stated", message)


def _unique(lists: list[MatterList], lines: list[int]) -> None:
    seen: set[str] = set()
    for found, line in zip(lists, lines, strict=True):
        for name in (found.id, *(item.id for item in found.items)):
            if name in seen:
                raise SeedError(CATALOGUE, line, "id", f"twice: {name}")
            seen.add(name)


def _items(file: str, raw: bytes) -> list[ListItem]:
    items, errors = scan_items(file, raw)
    if errors:
        raise errors[0]
    return items


def scan_items(file: str, raw: bytes) -> tuple[list[ListItem], list[SeedError]]:
    """The items of one file that can be read, and what is wrong with each that cannot."""
    items: list[ListItem] = []
    errors: list[SeedError] = []
    try:
        reader = csv.reader(io.StringIO(_decoded(file, raw), newline=""), strict=True)
        head = _head(file, next(reader, []))
        for row in reader:
            try:
                items.append(_item(file, reader.line_num, row, head))
            except SeedError as error:
                errors.append(error)
    except SeedError as error:
        return [], [error]
    except csv.Error as error:
        errors.append(SeedError(file, reader.line_num, "", str(error)))
    return items, errors


def _head(file: str, head: list[str]) -> list[str]:
    for index, column in enumerate(head):
        if column not in COLUMNS:
            raise SeedError(file, 1, column, "unknown column")
        if column in head[:index]:
            raise SeedError(file, 1, column, "column stands twice")
    for column in _NEEDED:
        if column not in head:
            raise SeedError(file, 1, column, "column is needed")
    return head


def _item(file: str, line: int, row: list[str], head: list[str]) -> ListItem:
    if len(row) != len(head):
        raise SeedError(file, line, "", f"{len(row)} cells, {len(head)} columns")
    cells = {column: cell.strip() for column, cell in zip(head, row, strict=True)}
    for column in _NEEDED:
        if not cells[column]:
            raise SeedError(file, line, column, MISSING)
    fields: dict[str, Any] = {}
    for column, cell in cells.items():
        if cell:
            fields[column] = cell.split(SEPARATOR) if column in _MANY else cell
    try:
        return msgspec.convert(fields, ListItem)
    except msgspec.ValidationError as error:
        column = str(error).rpartition("$.")[2].partition("[")[0].rstrip("`")
        raise SeedError(file, line, column if column in COLUMNS else "", str(error)) from error
