"""区划表 reading areas from a sheet, and growing the tree from what was read."""

from collections.abc import Callable, Collection
from datetime import date

from registry.domain.areas import (
    Area,
    AreaCode,
    AreaKind,
    AreaLevel,
    full_code,
    kind_of,
    level_of,
)
from registry.domain.labelled_sheets import called, read_labelled, starred
from registry.domain.records import Line, Wire
from registry.domain.sheets import CellError, Errors, read_sheet, sheet_row, typed
from registry.domain.vocabulary import CommunityType


class AreaRow(Wire, frozen=True, kw_only=True):
    """区划表一行: one community with its street; codes are 12 digits."""

    code: AreaCode
    name: Line
    kind: AreaKind
    street_code: AreaCode
    street_name: Line
    street_kind: AreaKind
    community_type: CommunityType | None = None


class JurisdictionRow(Wire, frozen=True, kw_only=True):
    """省、市、县一行: a place above the streets; the code's zeros say the level and the parent."""

    code: AreaCode
    name: Line
    kind: AreaKind


class _AreaCells(Wire, frozen=True, kw_only=True):
    community_code: str
    community: Line
    street_code: str
    street: Line
    community_type: CommunityType | None = None


LABELS = {
    "community_code": "社区（村）代码", "community": "社区（村）名称",
    "street_code": "街道（乡镇）代码", "street": "街道（乡镇）名称", "community_type": "社区类型",
}  # fmt: skip
"""Columns in the order of the template, as it heads them."""
COLUMNS = (("community_code", "community", "street_code", "street"), ("community_type",))
"""Those a sheet must have, and those it may have."""
_TYPES = {"城市": CommunityType.URBAN.value, "涉农": CommunityType.AGRICULTURAL.value}
_WORDS = {"community_type": tuple(_TYPES)}


def read_area_csv(
    data: bytes, *, row_limit: int | None = None
) -> tuple[list[AreaRow], list[CellError]]:
    """区划表: columns ``community_code, community, street_code, street`` and, if known,
    ``community_type``, or as the template heads them. One county a file; with any error no row is
    returned."""
    sheet, errors = read_labelled(data, COLUMNS, LABELS, row_limit=row_limit)
    rows: list[AreaRow] = []
    streets: dict[str, str] = {}
    codes: set[str] = set()
    for index, cells in enumerate(sheet):
        row, found = _area_row(cells, sheet_row(index))
        if row is not None:
            found += _clashes(row, codes, streets, sheet_row(index))
            codes.add(row.code)
            streets.setdefault(row.street_code, row.street_name)
            rows.append(row)
        errors += found
    return ([], called(errors, data, starred(LABELS), _WORDS)) if errors else (rows, [])


def _area_row(cells: dict[str, str], row: int) -> tuple[AreaRow | None, Errors]:
    named = cells | {"community_type": _TYPES.get(cells["community_type"], cells["community_type"])}
    read, errors = typed(named, _AreaCells, row)
    if read is None:
        return None, errors
    for column, level in (
        ("community_code", AreaLevel.COMMUNITY),
        ("street_code", AreaLevel.STREET),
    ):
        if _level(cells[column]) is not level:
            zh, en = "不是这一级的区划代码", f"not the code of a {level.value}"
            errors.append(CellError(row=row, column=column, message=zh, message_en=en))
    if errors:
        return None, errors
    try:
        return AreaRow(
            code=read.community_code,
            name=read.community,
            kind=kind_of(read.community_code, read.community),
            street_code=full_code(read.street_code),
            street_name=read.street,
            street_kind=kind_of(read.street_code, read.street),
            community_type=read.community_type,
        ), []
    except ValueError:
        zh, en = "代码和名称都看不出类别", "neither code nor name tells the kind"
        return None, [CellError(row=row, message=zh, message_en=en)]


def _level(code: str) -> AreaLevel | None:
    try:
        return level_of(code)
    except ValueError:
        return None


def _clashes(row: AreaRow, codes: set[str], streets: dict[str, str], number: int) -> Errors:
    def error(column: str, zh: str, en: str) -> CellError:
        return CellError(row=number, column=column, message=zh, message_en=en)

    errors = []
    if row.code[:9] != row.street_code[:9]:
        errors.append(error("street_code", "社区代码不在这个街道下", "not the community's street"))
    if row.code in codes:
        errors.append(error("community_code", "代码重复", "the code appears twice"))
    if streets and row.code[:6] != next(iter(streets))[:6]:
        errors.append(error("community_code", "一份表只收一个区县", "one county a sheet"))
    if streets.get(row.street_code, row.street_name) != row.street_name:
        errors.append(error("street", "同一街道代码有两个名称", "two names for one street code"))
    return errors


class _JurisdictionCells(Wire, frozen=True, kw_only=True):
    code: str
    name: Line


def read_jurisdiction_csv(data: bytes) -> tuple[list[JurisdictionRow], list[CellError]]:
    """省市县表: columns ``code, name``; 6-digit codes, a parent before its children."""
    sheet, errors = read_sheet(data, ("code", "name"))
    rows: list[JurisdictionRow] = []
    for index, cells in enumerate(sheet):
        number = sheet_row(index)
        read, found = typed(cells, _JurisdictionCells, number)
        errors += found
        if read is None:
            continue
        if _level(read.code) in (None, AreaLevel.STREET, AreaLevel.COMMUNITY):
            zh, en = "应为6位省、市、县代码", "not a 6-digit code of a province, city or county"
            errors.append(CellError(row=number, column="code", message=zh, message_en=en))
            continue
        kind = kind_of(read.code, read.name)
        rows.append(JurisdictionRow(code=full_code(read.code), name=read.name, kind=kind))
    return ([], errors) if errors else (rows, [])


def plant_jurisdictions(
    rows: Collection[JurisdictionRow],
    new_id: Callable[[str], str],
    valid_from: date | None = None,
) -> list[Area]:
    """Provinces, cities and counties as areas, each in the partition of its own 6-digit code.

    A place whose parent is not among the rows stands at the top of its tree.
    """
    areas: dict[str, Area] = {}
    for row in sorted(rows, key=lambda r: r.code):
        above = (f"{row.code[:4]}00000000", f"{row.code[:2]}0000000000")
        parent = next((areas[c] for c in above if c in areas), None)
        own_id = new_id(row.code)
        areas[row.code] = Area(
            county=row.code[:6],
            id=own_id,
            code=row.code,
            name=row.name,
            level=level_of(row.code),
            kind=row.kind,
            parent_id=parent.id if parent else None,
            path=f"{parent.path if parent else '/'}{own_id}/",
            valid_from=valid_from,
        )
    return list(areas.values())


def plant(
    rows: Collection[AreaRow],
    county: Area,
    new_id: Callable[[str], str],
    valid_from: date | None = None,
) -> list[Area]:
    """Streets and communities of a sheet as areas below ``county``, each street before its own.

    ``new_id`` gives the stable id for a 12-digit code.
    """
    areas: dict[str, Area] = {}
    for row in rows:
        if row.street_code not in areas:
            street = (row.street_code, row.street_name, row.street_kind)
            areas[row.street_code] = area_below(county, new_id(row.street_code), street, valid_from)
        community = (row.code, row.name, row.kind)
        areas[row.code] = area_below(
            areas[row.street_code],
            new_id(row.code),
            community,
            valid_from,
            community_type=row.community_type,
        )
    return list(areas.values())


def area_below(
    parent: Area,
    own_id: str,
    facts: tuple[str, str, AreaKind],
    valid_from: date | None = None,
    *,
    community_type: CommunityType | None = None,
) -> Area:
    """A new area below ``parent``; ``facts`` are its 12-digit code, name and kind."""
    code, name, kind = facts
    return Area(
        county=parent.county,
        id=own_id,
        code=code,
        name=name,
        level=level_of(code),
        kind=kind,
        parent_id=parent.id,
        path=f"{parent.path}{own_id}/",
        community_type=community_type,
        valid_from=valid_from,
    )
