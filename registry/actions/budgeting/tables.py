"""科目表与人口户数 tables of the finance office come in: all or nothing, the same again is nothing.

A year's table is that year's alone: a code is never read in another year's (E19).
"""

import hashlib
from collections.abc import Sequence
from typing import Literal, TypeVar

import msgspec

from registry.actions.office import Answer, Desk
from registry.actions.sheets import LIMIT_ROWS, as_csv, sheet_refused
from registry.domain.areas import Area
from registry.domain.budget import BudgetCode, CodeKind, PopulationCount
from registry.domain.budget_sheets import CodeRow, CountRow, read_codes, read_counts
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.records import Count, Wire
from registry.domain.sheets import CellError, sheet_row

Table = Literal["codes", "populations"]
TABLES: tuple[Table, ...] = ("codes", "populations")
ACTS = {"codes": "budget_code.import", "populations": "population.import"}

NO_CODE = declare(
    "budget.code", RefusalKind.INVALID,
    "{year}年度的{kind_zh}表中没有编码 {number}（E19 科目以当年度的表为准）",
    "{number} does not stand in the {kind} table of {year} (E19).", recorded=True,
)  # fmt: skip
KIND_NAMES = {
    CodeKind.FUNCTIONAL: "支出功能分类",
    CodeKind.GOVERNMENT: "政府预算支出经济分类",
    CodeKind.DEPARTMENT: "部门预算支出经济分类",
    CodeKind.DIRECTORY: "政府购买服务指导性目录",
}


class TableIn(Wire, frozen=True, kw_only=True):
    """导入结果."""

    rows: Count
    added: Count
    changed: Count
    """Rows whose name or number is another now; the earlier version stays on record."""


def read(table: Table, data: bytes) -> Sequence[CodeRow] | Sequence[CountRow]:
    """The rows of a sheet, CSV (UTF-8 or GB18030) or workbook.

    Raises:
        Refusal: ``import.cells``, every bad cell.
    """
    text = as_csv("", data)
    rows: Sequence[CodeRow] | Sequence[CountRow]
    if table == "codes":
        rows, errors = read_codes(text, row_limit=LIMIT_ROWS)
    else:
        rows, errors = read_counts(text, row_limit=LIMIT_ROWS)
    sheet_refused(errors)
    return rows


def take_in(desk: Desk, table: Table, rows: Sequence[CodeRow] | Sequence[CountRow]) -> Answer:
    """A table comes in."""
    desk.authorise(ACTS[table], paths=[desk.places.county().path])
    if table == "codes":
        made = [_code(desk, row) for row in rows if isinstance(row, CodeRow)]
    else:
        made = _counts(desk, [row for row in rows if isinstance(row, CountRow)])
    told = TableIn(rows=len(rows), added=made.count("added"), changed=made.count("changed"))
    desk.note = msgspec.to_builtins(told)
    return Answer(body=told)


def _code(desk: Desk, row: CodeRow) -> str:
    id = f"code-{row.year}.{row.kind.value}.{row.code}"
    fresh = BudgetCode(
        county=desk.unit.county, id=id, year=row.year, kind=row.kind, code=row.code, name=row.name
    )
    return _kept(desk, fresh, desk.unit.maybe(BudgetCode, id))


R = TypeVar("R", BudgetCode, PopulationCount)
_KEY = ("county", "id", "version", "recorded_by")
"""What says which row it is, and who brought it in: no difference of itself."""


def _kept(desk: Desk, fresh: R, held: R | None) -> str:
    """What becomes of a row: new, another than before, or the same."""
    if held is None:
        desk.unit.add(fresh)
        return "added"
    told = {n: getattr(fresh, n) for n in fresh.__struct_fields__ if n not in _KEY}
    if all(getattr(held, name) == value for name, value in told.items()):
        return "same"
    desk.unit.change(held, **told)
    return "changed"


def _counts(desk: Desk, rows: Sequence[CountRow]) -> list[str]:
    areas = {a.code: a for a in desk.unit.find(Area) if a.code}
    areas |= {a.id: a for a in desk.unit.find(Area)}
    unknown = [
        CellError(row=sheet_row(n), column="area", message="没有这个区划", message_en="no such area")
        for n, row in enumerate(rows) if row.area not in areas
    ]  # fmt: skip
    sheet_refused(unknown)
    made = []
    for row in rows:
        area = areas[row.area]
        told = hashlib.sha256(f"{area.id} {row.what} {row.counted_on}".encode()).hexdigest()
        id = f"pop-{told}"
        fresh = PopulationCount(
            county=desk.unit.county, id=id, area_id=area.id, area_path=area.path, what=row.what,
            count=row.count, counted_on=row.counted_on, source=row.source,
            recorded_by=desk.actor.person_id,
        )  # fmt: skip
        made.append(_kept(desk, fresh, desk.unit.maybe(PopulationCount, id)))
    return made


def code_of(desk: Desk, year: int, kind: CodeKind, code: str) -> BudgetCode:
    """A code as its own year's table has it.

    Raises:
        Refusal: ``budget.code``.
    """
    held = desk.unit.maybe(BudgetCode, f"code-{year}.{kind.value}.{code}")
    if held is None:
        raise Refusal(NO_CODE, year=year, kind=kind.value, kind_zh=KIND_NAMES[kind], number=code)
    return held
