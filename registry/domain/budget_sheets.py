"""预算表格 sheets of the finance office: code tables of a year, and counts of people by area."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, TypeVar

import msgspec

from registry.domain.budget import Code, CodeKind
from registry.domain.funds import Year
from registry.domain.labelled_sheets import called
from registry.domain.records import Count, Line, Wire
from registry.domain.sheets import CellError, Errors, read_sheet, sheet_row, typed

CODE_COLUMNS = {"年度": "year", "类别": "kind", "编码": "code", "名称": "name"}
"""类别: 支出功能分类、政府预算支出经济分类、部门预算支出经济分类、政府购买服务指导性目录."""
KIND_ZH = {
    "支出功能分类": CodeKind.FUNCTIONAL, "功能分类": CodeKind.FUNCTIONAL,
    "政府预算支出经济分类": CodeKind.GOVERNMENT, "政府经济分类": CodeKind.GOVERNMENT,
    "部门预算支出经济分类": CodeKind.DEPARTMENT, "部门经济分类": CodeKind.DEPARTMENT,
    "政府购买服务指导性目录": CodeKind.DIRECTORY, "购买服务目录": CodeKind.DIRECTORY,
}  # fmt: skip
COUNT_COLUMNS = {
    "区划代码": "area", "口径": "what", "数量": "count", "统计日期": "counted_on", "来源": "source",
}  # fmt: skip


class CodeRow(Wire, frozen=True, kw_only=True):
    """科目一行."""

    year: Year
    kind: CodeKind
    code: Code
    name: Line


class CountRow(Wire, frozen=True, kw_only=True):
    """人口户数一行."""

    area: Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
    """Code or id of the area."""
    what: Line
    count: Count
    counted_on: date
    source: Line


R = TypeVar("R", bound=Wire)


def read_codes(data: bytes, *, row_limit: int | None = None) -> tuple[list[CodeRow], Errors]:
    """科目表: ``年度, 类别, 编码, 名称``; a code stands once in its table and year."""

    def word(cells: dict[str, str]) -> dict[str, str]:
        kind = KIND_ZH.get(cells["kind"])
        return cells | ({"kind": kind.value} if kind else {})

    def key(row: CodeRow) -> str:
        return f"{row.year} {row.kind.value} {row.code}"

    return _read(data, (CODE_COLUMNS, word), (CodeRow, key), row_limit)


def read_counts(data: bytes, *, row_limit: int | None = None) -> tuple[list[CountRow], Errors]:
    """人口户数表: ``区划代码, 口径, 数量, 统计日期, 来源``."""

    def key(row: CountRow) -> str:
        return f"{row.area} {row.what} {row.counted_on}"

    return _read(data, (COUNT_COLUMNS, dict), (CountRow, key), row_limit)


def _read(
    data: bytes,
    columns: tuple[Mapping[str, str], Callable[[dict[str, str]], dict[str, str]]],
    form: tuple[type[R], Callable[[R], str]],
    row_limit: int | None,
) -> tuple[list[R], Errors]:
    (names, word), (kind, key) = columns, form
    sheet, errors = read_sheet(data, list(names.values()), row_limit=row_limit, names=names)
    rows: list[R] = []
    seen: dict[str, int] = {}
    for index, cells in enumerate(sheet):
        number = sheet_row(index)
        row, wrong = typed(word(cells), kind, number)
        errors += wrong
        if row is None:
            continue
        before = seen.setdefault(key(row), number)
        if before != number:
            errors.append(CellError(
                row=number, message=f"与第{before}行重复", message_en=f"repeats row {before}"
            ))  # fmt: skip
        rows.append(row)
    words = {"kind": KIND_ZH} if kind is CodeRow else {}
    return ([], called(errors, data, names, words)) if errors else (rows, [])
