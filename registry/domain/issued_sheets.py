"""发文目录表 a list of documents as an OA gives it out: number, title, 主送, nothing of the text (P22)."""

from datetime import date

from registry.domain.records import Line, Wire
from registry.domain.sheets import Errors, read_sheet, sheet_row, typed

NAMES = {
    "文号": "number", "发文字号": "number", "标题": "title", "题名": "title", "文件标题": "title",
    "主送": "sent_to", "主送机关": "sent_to", "主送单位": "sent_to", "成文日期": "issued_on",
    "发文日期": "issued_on", "印发日期": "issued_on", "发文单位": "issuer", "发文机关": "issuer",
}  # fmt: skip


class IssuedLine(Wire, frozen=True, kw_only=True):
    """一件发文, as the list says it."""

    number: Line
    title: Line
    sent_to: Line
    issued_on: date
    issuer: str = ""


def read_issued(data: bytes, limit: int) -> tuple[list[IssuedLine], Errors]:
    """The lines of a list, UTF-8 or GB18030; any other column of it is refused by name, so that
    nothing more than was meant is brought in."""
    rows, errors = read_sheet(
        data, ("number", "title", "sent_to", "issued_on"), ("issuer",), row_limit=limit, names=NAMES
    )
    found: list[IssuedLine] = []
    for index, cells in enumerate(rows):
        line, bad = typed(cells, IssuedLine, sheet_row(index))
        errors += bad
        if line is not None:
            found.append(line)
    return ([] if errors else found), errors
