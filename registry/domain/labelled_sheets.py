"""有模板的表 sheets whose columns are headed in Chinese: read by either name, errors told in the one
that the sheet bears.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

import msgspec

from registry.domain.sheets import HEADER_ROW, CellError, Errors, Rows, read_lines, read_sheet

WRONG = "错误"
"""列名 in which a sheet that was given back tells what is wrong; it tells nothing back."""


def read_labelled(
    data: bytes,
    columns: tuple[Sequence[str], Sequence[str]],
    labels: Mapping[str, str],
    *,
    row_limit: int | None = None,
) -> tuple[Rows, Errors]:
    """The same for a sheet that has a template: its Chinese headings name the columns too, those
    that must be filled in with a star, and what stands under 错误 is left out.

    Args:
        columns: those a sheet must have, and those it may have.
        labels: column → its heading.
    """
    must, may = columns
    names = starred(labels) | {WRONG: WRONG}
    rows, errors = read_sheet(data, must, (*may, WRONG), row_limit=row_limit, names=names)
    return [{name: cell for name, cell in row.items() if name != WRONG} for row in rows], errors


def starred(labels: Mapping[str, str]) -> dict[str, str]:
    """Heading → column, plain and with the star of what must be filled in."""
    plain = {zh: column for column, zh in labels.items()}
    return plain | {f"{zh}*": column for zh, column in plain.items()}


def is_labelled(data: bytes, headings: Collection[str]) -> bool:
    """Whether the header of a sheet names a column by one of these headings."""
    head, _ = read_lines(data)
    return bool(head) and any(cell.strip() in headings for cell in head[0])


def called(
    errors: Errors, data: bytes, names: Mapping[str, str], words: Mapping[str, Iterable[str]]
) -> Errors:
    """Errors as who filled in the sheet knows its columns, where its header names them in Chinese;
    a cell that takes one of a few words tells which.

    Args:
        names: Chinese names of columns → the name of the column; the first one is told.
        words: what may stand in a column.
    """
    if not is_labelled(data, set(names)):
        return errors
    zh: dict[str, str] = {}
    for name, column in names.items():
        zh.setdefault(column, name)
    return [_called(error, zh, words) for error in errors]


def _called(
    error: CellError, zh: Mapping[str, str], words: Mapping[str, Iterable[str]]
) -> CellError:
    name, message, en = zh.get(error.column, error.column), error.message, error.message_en
    if error.row == HEADER_ROW:
        message = message.replace(error.column, name)
    elif error.column in words and message.startswith("不能填"):
        taken = "、".join(words[error.column])
        message, en = f"{message}，只能填：{taken}", f"{en}; it takes {taken}"
    return msgspec.structs.replace(error, column=name, message=message, message_en=en)
