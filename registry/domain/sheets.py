"""表格 one strict reader for every CSV that an official hands in: errors by row and cell.

All or nothing: a sheet with one error yields no rows, so that half an import never happens.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TypeVar

import msgspec

from registry.domain.records import Wire

HEADER_ROW = 1
"""Rows are counted as a spreadsheet shows them: the header is row 1, the first line row 2."""


class CellError(Wire, frozen=True, kw_only=True):
    """单元格错误: where a sheet cannot be read, and why. ``column`` empty = the whole row."""

    row: int
    column: str = ""
    message: str
    message_en: str


W = TypeVar("W", bound=Wire)
Rows = list[dict[str, str]]
Errors = list[CellError]


def read_sheet(
    data: bytes,
    required: Sequence[str],
    optional: Sequence[str] = (),
    *,
    row_limit: int | None = None,
    names: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Rows, Errors]:
    """Rows of a CSV by column name, each cell trimmed; row ``n`` of the list is sheet row n + 2.

    UTF-8 with or without a mark, or GB18030. A cell that looks like a formula stays text. An
    absent optional column reads as empty cells. With any error the rows are empty.

    Args:
        names: other names of columns, e.g. Chinese ones → the name of the column.
    """
    lines, errors = read_lines(data)
    if errors:
        return [], errors
    while lines and not any(cell.strip() for cell in lines[-1]):
        lines.pop()  # spreadsheets leave empty lines at the end
    if not lines:
        return [], [_whole("文件是空的", "the file is empty")]
    called = {_narrow(name): column for name, column in names.items()}
    header = [called.get(_narrow(cell), cell.strip()) for cell in lines[0]]
    errors = _header_errors(header, required, optional)
    body = lines[1:]
    if row_limit is not None and len(body) > row_limit:
        errors.append(
            _whole(f"行数超过上限{row_limit}行", f"more than {row_limit} rows", row_limit + 2)
        )
    if errors:
        return [], errors
    for number, line in enumerate(body, start=HEADER_ROW + 1):
        errors.extend(_line_errors(header, line, number))
    if errors:
        return [], errors
    blank = dict.fromkeys(optional, "")
    rows = [blank | dict(zip(header, (c.strip() for c in line), strict=True)) for line in body]
    return rows, []


def _narrow(heading: str) -> str:
    """A heading whichever width its brackets and spaces were typed in."""
    return unicodedata.normalize("NFKC", heading).strip()


def sheet_row(index: int) -> int:
    """The spreadsheet's row number of the row at ``index`` of what ``read_sheet`` returned."""
    return index + HEADER_ROW + 1


def typed(cells: Mapping[str, str | list[str]], form: type[W], row: int) -> tuple[W | None, Errors]:
    """One line as the struct ``form``, whose field names are the columns; an empty cell counts
    as not given. Each cell the struct refuses is an error of its column."""
    given = {column: cell for column, cell in cells.items() if cell}
    errors: dict[str, CellError] = {}
    while True:
        try:
            read = msgspec.convert(given, form, strict=False)
        except msgspec.ValidationError as error:
            found = _refused(str(error), row)
            if found.column in errors:  # taken out below, and missed for that
                break
            errors[found.column] = found
            if given.pop(found.column, None) is None:
                break
        else:
            return (None if errors else read), [*errors.values()]
    return None, [*errors.values()]


_AT = re.compile(r"(?:`\$\.|required field `)([A-Za-z_]+)")
_MISSING = "missing required field"
_TOLD: tuple[tuple[str, str], ...] = (
    ("Invalid RFC3339 encoded date", "没有这一天或者写法不对，日期写成 2026-03-01"),
    (r"Expected `int.*`, got", "只能填整数"),
    (r"Expected `bool.*`, got", "只能填是或者否"),
    (r"Expected `(?:int|float)` >= (\S+)", "不得小于 {0}"),
    (r"Expected `(?:int|float)` <= (\S+)", "不得大于 {0}"),
    (r"Expected `str` of length <= (\d+)", "最多 {0} 个字"),
    (r"Invalid enum value ('.*')", "不能填 {0}"),
)
"""What a struct says of a cell, and what an official is told."""


_RISKY = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def written(names: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A sheet to hand out: CSV, UTF-8 with a byte order mark, as spreadsheets in offices open it;
    no cell of text is taken for a formula. ``None`` is an empty cell."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(names)
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _plain(cell: object) -> str:
    told = "" if cell is None else f"{cell}"
    return f"'{told}" if isinstance(cell, str) and told.startswith(_RISKY) else told


def _refused(reason: str, row: int) -> CellError:
    found = _AT.findall(reason)  # the last one is the reader's own word, not the cell's
    empty = _MISSING in reason
    return CellError(
        row=row,
        column=found[-1] if found else "",
        message="必填，不能空" if empty else _in_chinese(reason),
        message_en="must be filled in" if empty else reason,
    )


def _in_chinese(reason: str) -> str:
    for form, zh in _TOLD:
        if found := re.match(form, reason):
            return zh.format(*found.groups())
    return "填写不符合要求"


def _whole(zh: str, en: str, row: int = HEADER_ROW) -> CellError:
    return CellError(row=row, message=zh, message_en=en)


def read_lines(data: bytes) -> tuple[list[list[str]], Errors]:
    """Every line of a CSV with its cells as they are, whatever its columns are called."""
    text = _text(data)
    if text is None:
        return [], [_whole("文字编码不是UTF-8或GB18030", "the text is neither UTF-8 nor GB18030")]
    if "\x00" in text:
        row = text[: text.index("\x00")].count("\n") + 1
        return [], [_whole("含有空字符（NUL）", "contains a NUL character", row)]
    lines: list[list[str]] = []
    try:
        for line in csv.reader(io.StringIO(text, newline=""), strict=True):
            lines.append(line)
    except csv.Error as error:
        return [], [_whole("这一行不是完整的CSV", f"not well-formed CSV: {error}", len(lines) + 1)]
    return lines, []


def _text(data: bytes) -> str | None:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _header_errors(header: list[str], required: Sequence[str], optional: Sequence[str]) -> Errors:
    errors = [
        CellError(
            row=HEADER_ROW, column=name, message=f"缺少列{name}", message_en=f"no column {name}"
        )
        for name in required
        if name not in header
    ]
    known = {*required, *optional}
    for position, name in enumerate(header):
        if name not in known:
            errors.append(
                CellError(
                    row=HEADER_ROW,
                    column=name,
                    message=f"不认识的列{name or '（空）'}",
                    message_en=f"unknown column {name or '(empty)'}",
                )
            )
        elif name in header[:position]:
            errors.append(
                CellError(
                    row=HEADER_ROW,
                    column=name,
                    message=f"列{name}出现了两次",
                    message_en=f"column {name} appears twice",
                )
            )
    return errors


def _line_errors(header: list[str], line: list[str], row: int) -> Errors:
    if not any(cell.strip() for cell in line):
        return [_whole("表格中间有空行", "an empty row inside the sheet", row)]
    if len(line) != len(header):
        return [
            _whole(
                f"应有{len(header)}格，实有{len(line)}格",
                f"expected {len(header)} cells, found {len(line)}",
                row,
            )
        ]
    return [
        CellError(
            row=row,
            column=name,
            message="含有控制字符",
            message_en="contains a control character",
        )
        for name, cell in zip(header, line, strict=True)
        if any(ord(c) < ord(" ") or c == "\x7f" for c in cell.strip())
    ]
