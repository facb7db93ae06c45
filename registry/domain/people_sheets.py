"""单位、人员、任职表 reading organisations, people and posts from sheets."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from registry.domain.areas import AreaCode, full_code
from registry.domain.labelled_sheets import called, read_labelled, starred
from registry.domain.people import (
    CountyCode,
    FunctionName,
    RoleName,
    Telephone,
    Username,
    is_uscc,
)
from registry.domain.records import Ident, Line, Wire
from registry.domain.sheets import CellError, Errors, sheet_row, typed
from registry.domain.vocabulary import Custody, Level, OrganisationKind


class OrganisationRow(Wire, frozen=True, kw_only=True):
    """单位表一行; ``area_code`` is read as 6, 9 or 12 digits and kept as 12."""

    id: Ident
    county: CountyCode
    name: Line
    kind: OrganisationKind
    level: Level
    area_code: AreaCode
    functions: list[FunctionName] = []
    custody: Custody | None = None
    telephone: Telephone = ""
    uscc: str | None = None
    parent_id: Ident | None = None
    valid_from: date | None = None
    valid_to: date | None = None


class PersonRow(Wire, frozen=True, kw_only=True):
    """人员表一行; ``posts`` names the roles for the reader, the posts sheet says where."""

    username: Username
    name: Line
    county: CountyCode
    posts: list[RoleName] = []


class PostRow(Wire, frozen=True, kw_only=True):
    """任职表一行."""

    username: Username
    organisation_id: Ident
    area_code: AreaCode
    role: RoleName
    valid_from: date
    valid_to: date | None = None


LABELS: dict[str, dict[str, str]] = {
    "organisations": {
        "id": "单位编号", "county": "县（市、区）代码", "name": "名称", "kind": "类别", "level": "层级",
        "area_code": "区划代码", "functions": "职能", "custody": "资金管理模式", "telephone": "电话",
        "uscc": "统一社会信用代码", "parent_id": "上级单位编号", "valid_from": "起始日期",
        "valid_to": "截止日期",
    },
    "people": {"username": "用户名", "name": "姓名", "county": "县（市、区）代码", "posts": "岗位"},
    "posts": {
        "username": "用户名", "organisation_id": "单位编号", "area_code": "区划代码", "role": "岗位",
        "valid_from": "起始日期", "valid_to": "截止日期",
    },
}  # fmt: skip
"""Columns of each sheet in the order of its template, as it heads them."""
Columns = tuple[tuple[str, ...], tuple[str, ...]]
COLUMNS: dict[str, Columns] = {
    "organisations": (
        ("id", "county", "name", "kind", "level", "area_code"),
        ("functions", "custody", "telephone", "uscc", "parent_id", "valid_from", "valid_to"),
    ),
    "people": (("username", "name", "county"), ("posts",)),
    "posts": (("username", "organisation_id", "area_code", "role", "valid_from"), ("valid_to",)),
}
"""Those a sheet must have, and those it may have."""
Words = Mapping[str, Mapping[str, str]]
"""By column: a word in Chinese → what it is on record."""

_NO_WORDS: Words = MappingProxyType({})

R = TypeVar("R", OrganisationRow, PersonRow, PostRow)
_SEPARATOR = re.compile(r"[;;、\s]+")
_LISTS = ("functions", "posts")


def read_organisations_csv(
    data: bytes, *, row_limit: int | None = None, words: Words = _NO_WORDS
) -> tuple[list[OrganisationRow], Errors]:
    """单位表: ``id, county, name, kind, level, area_code`` and what else is known."""
    sheet = _Sheet(data, "organisations", row_limit, words)
    return _read(sheet, OrganisationRow, key=lambda row: row.id)


def read_people_csv(
    data: bytes, *, row_limit: int | None = None, words: Words = _NO_WORDS
) -> tuple[list[PersonRow], Errors]:
    """人员表: ``username, name, county`` and, for the reader, ``posts``. No password stands here."""
    sheet = _Sheet(data, "people", row_limit, words)
    return _read(sheet, PersonRow, key=lambda row: row.username)


def read_posts_csv(
    data: bytes, *, row_limit: int | None = None, words: Words = _NO_WORDS
) -> tuple[list[PostRow], Errors]:
    """任职表: ``username, organisation_id, area_code, role, valid_from`` and ``valid_to``."""

    def key(row: PostRow) -> str:
        return " ".join(
            (row.username, row.organisation_id, row.area_code, row.role, str(row.valid_from))
        )

    return _read(_Sheet(data, "posts", row_limit, words), PostRow, key=key)


class _Sheet(NamedTuple):
    """一张表 as it came, and the words that its columns take."""

    data: bytes
    kind: str
    row_limit: int | None
    words: Words


def _read(given: _Sheet, form: type[R], *, key: Callable[[R], str]) -> tuple[list[R], Errors]:
    labels, columns = LABELS[given.kind], COLUMNS[given.kind]
    sheet, errors = read_labelled(given.data, columns, labels, row_limit=given.row_limit)
    rows: dict[str, R] = {}
    for index, cells in enumerate(sheet):
        number = sheet_row(index)
        said = {name: given.words.get(name, {}).get(cell, cell) for name, cell in cells.items()}
        row, found = _typed(said, form, number)
        if row is not None and key(row) in rows:
            found.append(_error(number, columns[0][0], "与上面的行重复", "repeats a row above"))
        if row is not None:
            rows[key(row)] = row
        errors += found
    if errors:
        return [], called(errors, given.data, starred(labels), given.words)
    return list(rows.values()), []


def _typed(cells: dict[str, str], form: type[R], row: int) -> tuple[R | None, Errors]:
    ready: dict[str, str | list[str]] = {**cells}
    for column in _LISTS:
        if column in cells:
            ready[column] = [word for word in _SEPARATOR.split(cells[column]) if word]
    if cells.get("area_code"):
        try:
            ready["area_code"] = full_code(cells["area_code"])
        except ValueError:
            return None, [_error(row, "area_code", "不是区划代码", "not an area code")]
    read, errors = typed(ready, form, row)
    return read, errors + (_contradictions(read, row) if read is not None else [])


def _contradictions(read: Wire, row: int) -> Errors:
    errors = []
    if isinstance(read, OrganisationRow):
        if read.uscc is not None and not is_uscc(read.uscc):
            errors.append(_error(row, "uscc", "校验码不对", "the check character does not fit"))
        if read.custody is not None and read.kind is not OrganisationKind.COMMUNITY:
            errors.append(
                _error(row, "custody", "只有社区（村）有资金管理模式", "only a community has it")
            )
    if isinstance(read, OrganisationRow | PostRow) and (
        read.valid_from and read.valid_to and read.valid_to < read.valid_from
    ):
        errors.append(_error(row, "valid_to", "止期早于起期", "ends before it begins"))
    return errors


def _error(row: int, column: str, zh: str, en: str) -> CellError:
    return CellError(row=row, column=column, message=zh, message_en=en)
