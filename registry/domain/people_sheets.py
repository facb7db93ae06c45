"""单位、人员、任职表 reading organisations, people and posts from sheets."""

import re
from collections.abc import Callable
from datetime import date
from typing import TypeVar

from registry.domain.areas import AreaCode, full_code
from registry.domain.people import (
    CountyCode,
    FunctionName,
    RoleName,
    Telephone,
    Username,
    is_uscc,
)
from registry.domain.records import Ident, Line, Wire
from registry.domain.sheets import CellError, Errors, read_sheet, sheet_row, typed
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


R = TypeVar("R", OrganisationRow, PersonRow, PostRow)
_SEPARATOR = re.compile(r"[;;、\s]+")
_LISTS = ("functions", "posts")


def read_organisations_csv(
    data: bytes, *, row_limit: int | None = None
) -> tuple[list[OrganisationRow], list[CellError]]:
    """单位表: ``id, county, name, kind, level, area_code`` and what else is known."""
    columns = (
        ("id", "county", "name", "kind", "level", "area_code"),
        ("functions", "custody", "telephone", "uscc", "parent_id", "valid_from", "valid_to"),
    )
    return _read(data, columns, OrganisationRow, row_limit, key=lambda row: row.id)


def read_people_csv(
    data: bytes, *, row_limit: int | None = None
) -> tuple[list[PersonRow], list[CellError]]:
    """人员表: ``username, name, county`` and, for the reader, ``posts``. No password stands here."""
    columns = (("username", "name", "county"), ("posts",))
    return _read(data, columns, PersonRow, row_limit, key=lambda row: row.username)


def read_posts_csv(
    data: bytes, *, row_limit: int | None = None
) -> tuple[list[PostRow], list[CellError]]:
    """任职表: ``username, organisation_id, area_code, role, valid_from`` and ``valid_to``."""
    columns = (
        ("username", "organisation_id", "area_code", "role", "valid_from"),
        ("valid_to",),
    )

    def key(row: PostRow) -> str:
        return " ".join(
            (row.username, row.organisation_id, row.area_code, row.role, str(row.valid_from))
        )

    return _read(data, columns, PostRow, row_limit, key=key)


def _read(
    data: bytes,
    columns: tuple[tuple[str, ...], tuple[str, ...]],
    form: type[R],
    row_limit: int | None,
    *,
    key: Callable[[R], str],
) -> tuple[list[R], Errors]:
    sheet, errors = read_sheet(data, *columns, row_limit=row_limit)
    rows: dict[str, R] = {}
    for index, cells in enumerate(sheet):
        number = sheet_row(index)
        row, found = _typed(cells, form, number)
        if row is not None and key(row) in rows:
            found.append(_error(number, columns[0][0], "与上面的行重复", "repeats a row above"))
        if row is not None:
            rows[key(row)] = row
        errors += found
    return ([], errors) if errors else (list(rows.values()), [])


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
