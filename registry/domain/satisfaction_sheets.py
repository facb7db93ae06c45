"""满意度表 reading counts of satisfaction from a sheet: one row one survey of one subject.

Columns go by their Chinese or their English name, values likewise. Counts alone, never persons.
"""

from typing import Annotated

import msgspec

from registry.domain.evaluating import Counts, Rated, Rater
from registry.domain.records import Count, Line, Wire
from registry.domain.sheets import Errors, read_sheet, sheet_row, typed

Key = Annotated[str, msgspec.Meta(max_length=120, pattern=r"^[^\x00-\x1f\x7f]*$")]
COUNTED = ("very_dissatisfied", "dissatisfied", "neither", "satisfied", "very_satisfied")
"""Columns of the five answers, in order."""
_MUST = ("organisation", "rated", "subject", "rater", "period", "method", *COUNTED)
_MAY = ("asked", "external_key")
_NAMES: dict[str, str] = {
    "登记单位": "organisation", "对象类别": "rated", "评价对象": "subject", "评价主体": "rater",
    "期间": "period", "方式": "method", "很不满意": "very_dissatisfied", "不满意": "dissatisfied",
    "一般": "neither", "满意": "satisfied", "很满意": "very_satisfied", "调查人数": "asked",
    "外部编号": "external_key",
}  # fmt: skip
_VALUES: dict[str, dict[str, str]] = {
    "rated": {
        "事项": Rated.PRESENCE.value, "部门": Rated.DEPARTMENT.value,
        "公共服务单位": Rated.UTILITY.value,
    },
    "rater": {
        "居民": Rater.RESIDENTS.value, "社区": Rater.COMMUNITY.value, "街道": Rater.STREET.value,
        "乡镇": Rater.STREET.value, "工作考评": Rater.WORK.value,
    },
}  # fmt: skip


class SatisfactionRow(Wire, frozen=True, kw_only=True):
    """满意度表一行."""

    organisation: Line
    """Code, id or name of the community or street in which it was asked."""
    rated: Rated
    subject: Line
    """Id or name: of a matter its title in that community; of a utility any name."""
    rater: Rater
    period: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{4}(Q[1-4])?$")]
    method: Line
    very_dissatisfied: Count
    dissatisfied: Count
    neither: Count
    satisfied: Count
    very_satisfied: Count
    asked: Count | None = None
    external_key: Key = ""

    @property
    def counts(self) -> Counts:
        """The five counts in order."""
        return [getattr(self, name) for name in COUNTED]


class SatisfactionSheet(Wire, frozen=True, kw_only=True):
    """满意度表 as it was read: row ``n`` of the list is row ``n + 2`` of the sheet."""

    rows: list[SatisfactionRow]
    chinese: bool
    """Its header is Chinese: faults name the columns so."""

    def label(self, column: str) -> str:
        """A column as this sheet names it."""
        return label(column) if self.chinese else column


def label(column: str) -> str:
    """The Chinese name of a column."""
    return next((zh for zh, name in _NAMES.items() if name == column), column)


def read_satisfaction(
    data: bytes, *, row_limit: int | None = None
) -> tuple[SatisfactionSheet, Errors]:
    """The rows of a sheet, and every bad cell; with one there is no row."""
    cells, errors = read_sheet(data, _MUST, _MAY, row_limit=row_limit, names=_NAMES)
    rows: list[SatisfactionRow] = []
    for index, one in enumerate(cells):
        spoken = {n: _VALUES.get(n, {}).get(cell, cell) for n, cell in one.items()}
        row, found = typed(spoken, SatisfactionRow, sheet_row(index))
        rows += [row] if row is not None else []
        errors += found
    head = data.partition(b"\n")[0]
    chinese = any("评价对象".encode(code) in head for code in ("utf-8", "gb18030"))
    if chinese:
        errors = [msgspec.structs.replace(e, column=label(e.column)) for e in errors]
    return SatisfactionSheet(rows=[] if errors else rows, chinese=chinese), errors
