"""存量登记表 reading what exists already: eight sheets, one row a matter in one community.

Columns go by their Chinese or their English name, values likewise. Never residents' data.
"""

import re
from datetime import date
from typing import Annotated, Literal

import msgspec

from registry.domain.existing import Sheet
from registry.domain.personal import personal
from registry.domain.records import FEN_MAX, Count, Line, Wire
from registry.domain.sheets import HEADER_ROW, CellError, Errors, read_sheet, sheet_row, typed
from registry.domain.walls import Centimetres, Form, Place
from registry.domain.wording import normalise

Short = Annotated[str, msgspec.Meta(max_length=120, pattern=r"^[^\x00-\x1f\x7f]*$")]
Platform = Literal["app", "mini_program", "public_account", "group", "website"]


class ExistingRow(Wire, frozen=True, kw_only=True):
    """存量表一行: what every sheet asks, then what only some of them do; all but two may be empty."""

    community: Line
    """Code, id or name of the community."""
    title: Line
    """What it is: of a board its wording, of an office its name."""
    asked_by: Short = ""
    """要求单位: id or name; whoever is not known here stays as written."""
    since: date | None = None
    basis: Short = ""
    document_number: Short = ""
    review_on: date | None = None
    note: Short = ""
    hours_year: Count | None = None
    times_year: Count | None = None
    hours_each: Count | None = None
    """每次工时: with the times a year it makes the hours a year."""
    amount_yuan: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,13}(\.[0-9]{1,2})?$")] = ""
    """元, with 角 and 分 after the point."""
    ends_on: date | None = None
    fields: Count | None = None
    people: Count | None = None
    platform: Platform | None = None
    form: Form = Form.SIGNBOARD
    place: Place | None = None
    orientation: Literal["vertical", "horizontal"] | None = None
    width_cm: Centimetres | None = None
    height_cm: Centimetres | None = None
    maker: Short = ""
    payer: Short = ""
    meets: bool | None = None
    last_met_on: date | None = None

    @property
    def amount_fen(self) -> int | None:
        """金额, 分."""
        whole, _, parts = self.amount_yuan.partition(".")
        return int(whole + parts.ljust(_JIAO_FEN, "0")) if whole else None

    @property
    def hours(self) -> int | None:
        """每年工时, hours: as stated, else times × hours each; ``None`` = not stated."""
        if self.hours_year is not None or self.times_year is None or self.hours_each is None:
            return self.hours_year
        return self.times_year * self.hours_each


_JIAO_FEN = 2
"""Digits of a 元 after the point."""


class ExistingSheet(Wire, frozen=True, kw_only=True):
    """一张存量表 as it was read: row ``n`` of the list is row ``n + 2`` of the sheet."""

    sheet: Sheet
    file_name: str
    sha256: str
    rows: list[ExistingRow]
    chinese: bool = False
    """Its header is Chinese: faults name the columns so."""

    def label(self, column: str) -> str:
        """A column as this sheet names it."""
        return label(column, self.sheet) if self.chinese else column


_COMMON = ("asked_by", "since", "basis", "document_number", "review_on", "note", "hours_year")
_OWN: dict[Sheet, tuple[str, ...]] = {
    Sheet.ITEMS: (),
    Sheet.AGREEMENTS: ("amount_yuan", "ends_on"),
    Sheet.REPORTS: ("fields", "times_year", "hours_each"),
    Sheet.BOARDS: ("form", "orientation", "width_cm", "height_cm", "maker", "payer"),
    Sheet.OFFICES: ("people", "meets", "last_met_on"),
    Sheet.CERTIFICATES: ("times_year",),
    Sheet.MEETINGS: ("times_year", "people", "hours_each"),
    Sheet.GROUPS: (),
}
_MUST: dict[Sheet, tuple[str, ...]] = {Sheet.BOARDS: ("place",), Sheet.GROUPS: ("platform",)}
_TITLE: dict[Sheet, str] = {
    Sheet.ITEMS: "事项名称", Sheet.AGREEMENTS: "协议名称", Sheet.REPORTS: "报表名称",
    Sheet.BOARDS: "牌子文字", Sheet.OFFICES: "机构名称", Sheet.CERTIFICATES: "证明名称",
    Sheet.MEETINGS: "会议名称", Sheet.GROUPS: "群组名称",
}  # fmt: skip
_NAMES: dict[str, str] = {
    "社区": "community", "要求单位": "asked_by", "起始日期": "since", "依据": "basis",
    "文号": "document_number", "复核日期": "review_on", "备注": "note", "每年工时": "hours_year",
    "每年次数": "times_year", "每次工时": "hours_each", "金额(元)": "amount_yuan",
    "截止日期": "ends_on", "指标数": "fields", "人数": "people", "平台": "platform",
    "形式": "form", "位置": "place", "方向": "orientation", "宽（厘米）": "width_cm",
    "高（厘米）": "height_cm", "制作单位": "maker", "出资单位": "payer", "是否开会": "meets",
    "最近开会日期": "last_met_on",
}  # fmt: skip
_DAYS = frozenset({"since", "review_on", "ends_on", "last_met_on"})
_DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
_VALUES: dict[str, dict[str, str]] = {
    "form": {"牌子": "signboard", "上墙制度": "wall_notice"},
    "place": {
        "门外": "outside_door", "门上方": "over_door", "室内": "inside", "墙上": "wall",
        "其他": "other",
    },
    "orientation": {"竖": "vertical", "横": "horizontal"},
    "meets": {"是": "true", "否": "false"},
    "platform": {
        "应用程序": "app", "小程序": "mini_program", "公众号": "public_account",
        "工作群": "group", "网站": "website",
    },
}  # fmt: skip


_NO_ROWS = CellError(
    row=HEADER_ROW + 1, message="表中没有一行内容", message_en="the sheet has no rows"
)


def columns(sheet: Sheet) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The columns a sheet must have, and those it may have."""
    must = ("community", "title", *_MUST.get(sheet, ()))
    return must, (*_COMMON, *_OWN[sheet])


def label(column: str, sheet: Sheet) -> str:
    """The Chinese name of a column."""
    if column == "title":
        return _TITLE[sheet]
    return next((zh for zh, name in _NAMES.items() if name == column), column)


def read_existing(
    sheet: Sheet, data: bytes, *, row_limit: int | None = None
) -> tuple[list[ExistingRow], Errors, bool]:
    """The rows of a sheet, every bad cell, and whether its header is Chinese."""
    names = {**_NAMES, _TITLE[sheet]: "title"}
    names |= {zh.replace("(", "（").replace(")", "）"): name for zh, name in names.items()}
    cells, errors = read_sheet(data, *columns(sheet), row_limit=row_limit, names=names)
    if not cells and not errors:
        errors = [_NO_ROWS]
    chinese = _in_chinese(data)
    rows: list[ExistingRow] = []
    for index, one in enumerate(cells):
        spoken = {n: _VALUES.get(n, {}).get(cell, _plain(n, cell)) for n, cell in one.items()}
        row, found = typed(spoken, ExistingRow, sheet_row(index))
        found = [_choices(e) for e in found]
        if row is not None:
            number = sheet_row(index)
            found += [*_contradictions(row, number), *_residents(sheet, row, number)]
        rows += [row] if row is not None else []
        errors += found
    errors = [_named(e, sheet, chinese) for e in errors]
    return ([] if errors else rows), errors, chinese


def _plain(column: str, cell: str) -> str:
    """A day as it stands in sheets, 2020/3/1 or 2020年3月1日, in the form in which days are read."""
    found = _DAY.fullmatch(cell) if column in _DAYS else None
    return "-".join(part.zfill(2) for part in found.groups()) if found else cell


def _choices(error: CellError) -> CellError:
    """A cell that takes one of a few words, or a sum, tells which."""
    told = "、".join(_VALUES.get(error.column, {}))
    if error.column == "amount_yuan":
        return msgspec.structs.replace(error, message="只能填数字，单位元，最多两位小数，不加逗号")
    return msgspec.structs.replace(error, message=f"只能填：{told}") if told else error


def _named(error: CellError, sheet: Sheet, chinese: bool) -> CellError:
    """The column as the sheet calls it; one that is not there by its Chinese name first."""
    name = label(error.column, sheet)
    if name == error.column:
        return error
    if error.row == HEADER_ROW:
        message = error.message.replace(
            error.column, name if chinese else f"{name}({error.column})"
        )
        error = msgspec.structs.replace(error, message=message)
    return msgspec.structs.replace(error, column=name) if chinese else error


def _in_chinese(data: bytes) -> bool:
    head = data.partition(b"\n")[0]
    return any("社区".encode(code) in head for code in ("utf-8", "gb18030"))


def _contradictions(row: ExistingRow, number: int) -> Errors:
    found = []
    if row.since and row.ends_on and row.ends_on < row.since:
        found.append(CellError(
            row=number, column="ends_on", message="止期早于起期", message_en="ends before it begins"
        ))  # fmt: skip
    if (row.amount_fen or 0) > FEN_MAX:
        found.append(CellError(
            row=number, column="amount_yuan", message="金额太大", message_en="too much"
        ))  # fmt: skip
    return found


def _residents(sheet: Sheet, row: ExistingRow, number: int) -> Errors:
    """Papers are told by their sort; whose they were is no business of the registry's."""
    if sheet is not Sheet.CERTIFICATES or not personal(row.title):
        return []
    return [CellError(
        row=number, column="title", message="像是写了姓名、证件号或者电话；只写证明的种类",
        message_en="it looks like a person's name or number: name the sort of paper only",
    )]  # fmt: skip


def same_again(sheet: Sheet, row: ExistingRow, asked_by: str) -> str:
    """同一事项: what makes a row the same row in its community, whatever else is told of it.

    Args:
        asked_by: who asks it: the id where the registry knows them, else as written.
    """
    told = (sheet.value, row.form.value, row.place or "", normalise(row.title),
            normalise(asked_by))  # fmt: skip
    return "\n".join(told)
