"""批量申报表 the sheet of filings: an xlsx to fill in, what came back, and what is wrong in it."""

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from registry.actions import sheets
from registry.domain.errors import Refusal
from registry.domain.records import Wire
from registry.domain.sheets import read_lines
from registry.policies.drafting.problems import Problem
from registry.policies.drafting.workbook import read_xlsx
from registry.web.filing.columns import AREAS, FILES, NEEDED, ZH, Column, columns
from registry.web.forms.fields import Form

TITLE, CODES, NOTES, ERROR = "申报表", "代码表", "填写说明", "错误"
MOST = 200
"""Lines of one sheet: each is a filing of its own, and shown with its verdict."""
_ZIP = b"PK\x03\x04"
_DATED = datetime.fromisoformat("1980-01-01")
_UNDER = 1_000
"""Lines under which a choice may be made."""
_WIDE, _NARROW = 28, 14


class Told(Wire, frozen=True):
    """一句话, in both languages."""

    zh: str
    en: str


class Row(Wire, frozen=True, kw_only=True):
    """一行 of a sheet that was handed in."""

    number: int
    """As the spreadsheet counts."""
    cells: dict[str, str]
    """By the path of their column."""
    unread: list[Told] = []
    refused: Told | None = None
    """Why no draft came of it, when that was tried."""
    request_id: str = ""
    unattached: list[Told] = []
    """Files that did not come along, and why."""


class Taken(Wire, frozen=True, kw_only=True):
    """收到的表."""

    name: str
    rows: list[Row]


class Names(NamedTuple):
    """名称 that may stand in the sheet: of bodies; of places, with their codes."""

    bodies: list[str]
    areas: list[tuple[str, str]]


def taken(name: str, data: bytes) -> tuple[Taken | None, list[Told]]:
    """The lines of a sheet, or why it is none. A cell that cannot be read is told with its line."""
    try:
        lines, odd = _lines(name, data)
    except Refusal as refusal:
        told = refusal.facts.get("errors", [])
        return None, [Told(e["message"], e["message_en"]) for e in told]
    if not lines or (fatal := odd.pop(0, [])):
        return None, fatal if lines else [Told("表是空的", "The sheet is empty")]
    known = {column.heading: column.path for column in columns()}
    heads = [cell.strip().removesuffix("*").strip() for cell in lines[0][1]]
    if wrong := _heads(heads, known):
        return None, wrong
    rows = [
        Row(number=number, unread=odd.get(number, []), cells={
            known[head]: cell for head, cell in zip(heads, cells, strict=False)
            if head in known and cell.strip()
        }) for number, cells in lines[1:] if any(cell.strip() for cell in cells)
    ]  # fmt: skip
    if not rows or len(rows) > MOST:
        return None, [Told(f"应有 1 至 {MOST} 行，表中有 {len(rows)} 行",
                           f"1 to {MOST} lines are taken, the sheet has {len(rows)}")]  # fmt: skip
    return Taken(name=name[:100], rows=rows), []


def _lines(name: str, data: bytes) -> tuple[list[tuple[int, list[str]]], dict[int, list[Told]]]:
    """Numbered lines, and what is wrong in which; 0 = the file as a whole."""
    if not data.startswith(_ZIP):
        lines, errors = read_lines(sheets.as_csv(name, data))
        return list(enumerate(lines, 1)), {0: [Told(e.message, e.message_en) for e in errors]}
    grids, problems = read_xlsx(name, data)
    grid = grids[0] if grids else None
    rows = grid.rows if grid else []
    held, odd = dict(rows), dict[int, list[Told]]()
    for one in problems:
        if grid is not None and one.file not in (grid.name, name):
            continue
        whole = grid is None or one.code in ("sheet.rows", "sheet.columns") or one.line == 1
        if not _broken(one, held.get(one.line, [])):
            odd.setdefault(0 if whole else one.line, []).append(Told(one.zh, one.en))
    return (rows or [(1, [""])] if odd.get(0) else rows), odd


def _broken(problem: Problem, cells: list[str]) -> bool:
    """Whether it only tells that a cell has several lines, as a cell of words may."""
    at = problem.column - 1
    return (
        problem.code == "sheet.control" and 0 <= at < len(cells)
        and cells[at].replace("\n", "").isprintable()
    )  # fmt: skip


def _heads(heads: list[str], known: dict[str, str]) -> list[Told]:
    found = [
        Told(f"不认识的列「{head}」，请用模板填写", f"Unknown column {head}; use the template")
        for head in heads if head and head not in known and head != ERROR
    ]  # fmt: skip
    missing = [c.heading for c in columns() if c.path in NEEDED and c.heading not in heads]
    return found + [Told(f"缺少列「{name}」", f"No column {name}") for name in missing]


def written(names: Names, rows: Iterable[tuple[Row, str]] | None = None) -> bytes:
    """The sheet to fill in; with rows, those that are wrong, each with its reason.

    Args:
        rows: a line, and what is wrong in it; ``None`` = the empty template.
    """
    from xlsxwriter import Workbook

    out = io.BytesIO()
    with Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"created": _DATED})
        plain = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        page, codes, notes = (book.add_worksheet(one) for one in (TITLE, CODES, NOTES))
        page.freeze_panes(1, 2)
        heads = [_head(column) for column in columns()]
        heads += [] if rows is None else [ERROR]
        for at, head in enumerate(heads):
            page.set_column(at, at, _WIDE if at < len(_TEXTS) else _NARROW, plain)
            page.write_string(0, at, head, bold)
        for line, (row, why) in enumerate(rows or (), 1):
            cells = [row.cells.get(column.path, "") for column in columns()]
            for at, cell in enumerate([*cells, why]):
                page.write_string(line, at, cell, plain)
        _fill(codes, _choices(page, names), bold)
        _fill(notes, zip(*_NOTES, *([c.heading, _how(c)] for c in columns()), strict=True), bold)
    return out.getvalue()


_TEXTS = ("kind", "title", "content", "standard", "process", "necessity")
_NOTES = (["列", "怎么填"],)


def _head(column: Column) -> str:
    return column.heading + ("*" if column.path in NEEDED else "")


def _choices(page: Any, names: Names) -> list[list[str]]:
    """Columns of the sheet of codes, each tied to its column of the page."""
    listed: list[list[str]] = []
    for at, column in enumerate(columns()):
        if words := list(column.words):
            listed.append([column.heading, *words])
            if column.field.form is not Form.MANY:
                _tie(page, at, len(listed) - 1, len(words))
    listed.append(["单位", *names.bodies])
    listed.append(["街道、社区（村）", *(name for name, _ in names.areas)])
    listed.append(["区划代码", *(code for _, code in names.areas)])
    return listed


def _tie(page: Any, at: int, among: int, count: int) -> None:
    from xlsxwriter.utility import xl_col_to_name

    over = xl_col_to_name(among)
    page.data_validation(1, at, _UNDER, at, {
        "validate": "list", "source": f"='{CODES}'!${over}$2:${over}${count + 1}",
        "error_type": "warning",
    })  # fmt: skip


def _fill(page: Any, listed: Iterable[Sequence[str]], bold: Any) -> None:
    """Write columns one beside another, each with its heading first."""
    for at, column in enumerate(listed):
        page.set_column(at, at, _WIDE)
        for line, cell in enumerate(column):
            page.write_string(line, at, cell, *([] if line else [bold]))


def _how(column: Column) -> str:
    need = "必填；" if column.path in NEEDED else ""
    if column.path == FILES:
        return "附件的文件名，与导入时一并上传的压缩包（zip）中的一致；可填多个，用顿号分开"
    if column.kinds:
        need += f"只有{column.kinds}填；"
    if column.path == AREAS:
        return f"{need}填「代码表」中的名称或者代码，可填多个，用顿号分开"
    if column.words:
        more = "，可填多个，用顿号分开" if column.field.form is Form.MANY else ""
        return f"{need}只能填「代码表」中的词{more}"
    if column.field.form in (Form.WORDS, Form.GROUPS):
        return f"{need}可填多个，用顿号分开"
    return need + _FORMS.get(column.field.form, "文字")


_FORMS = {
    Form.DAY: "日期，写如 2026-03-01", Form.INTEGER: "整数", Form.FLAG: "是、否",
    Form.MONEY: "金额，写如 1450.00 或者 0.3万元",
}  # fmt: skip


def heading_of(path: str) -> str:
    """What the column of a field is called."""
    held = {column.path: column.heading for column in columns()}
    whole = next((h for p, h in held.items() if path.startswith(p + ".")), "")
    return held.get(path) or whole or ZH.at(path, "requests") or path
