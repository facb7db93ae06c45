"""导入 areas, organisations, people and posts of a county: all or nothing, every bad row by cell."""

from collections.abc import Iterable
from datetime import date

from registry.actions.office import Answer, Desk
from registry.actions.rules.signing import county_paths
from registry.actions.sheets import sheet_refused
from registry.domain.area_sheets import (
    JurisdictionRow,
    plant,
    plant_jurisdictions,
    read_area_csv,
)
from registry.domain.areas import Area, AreaKind, AreaLevel
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.people import Organisation, Person, Post

NO_COUNTY = declare(
    "import.county", RefusalKind.INVALID, "表中区划不属于本县（市、区） {county}",
    "The sheet is not of this county, {county}.", recorded=True,
)  # fmt: skip

ABOVE = declare(
    "import.above", RefusalKind.CONFLICT, "{name}已导入，其上级与表中不同，不能更换",
    "{name} was imported below another place; it is not moved.", recorded=True,
)  # fmt: skip


def import_jurisdiction(desk: Desk, area: Area) -> Answer:
    """省市县导入: one place above the streets; one that is there already must stand where it is."""
    desk.authorise("area.import", paths=county_paths(desk))
    held = desk.unit.maybe(Area, area.id)
    if held is not None and held.path != area.path:
        raise Refusal(ABOVE, name=area.name)
    desk.about(held or desk.unit.add(area))
    return Answer(body={"added": int(held is None)})


def import_areas(
    desk: Desk, data: bytes, county_name: str, valid_from: date | None = None
) -> Answer:
    """区划导入: a county's list of communities, its county area made where it is missing."""
    desk.authorise("area.import", paths=county_paths(desk))
    rows, errors = read_area_csv(data)
    sheet_refused(errors)
    if not rows or any(row.code[:6] != desk.unit.county for row in rows):
        raise Refusal(NO_COUNTY, county=desk.unit.county)
    county = _county(desk, county_name, valid_from)
    known = {a.code for a in desk.unit.find(Area)}
    areas = [a for a in plant(rows, county, area_id, valid_from) if a.code not in known]
    for area in areas:
        desk.unit.add(area)
    desk.about(county)
    return Answer(body={"areas": len(areas), "kinds": _counted(areas)})


def area_id(code: str) -> str:
    """The id an area gets when it is first imported; it keeps it for life, whatever its code."""
    return f"a-{code}"


def _county(desk: Desk, name: str, valid_from: date | None) -> Area:
    held = desk.unit.find(Area, level=AreaLevel.COUNTY.value)
    if held:
        return held[0]
    code = desk.unit.county
    row = JurisdictionRow(code=code.ljust(12, "0"), name=name, kind=AreaKind.COUNTY)
    return desk.unit.add(plant_jurisdictions([row], area_id, valid_from)[0])


def _counted(areas: Iterable[Area]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for area in areas:
        counts[area.kind.value] = counts.get(area.kind.value, 0) + 1
    return counts


def add_people(desk: Desk, records: Iterable[Organisation | Person | Post | Area]) -> Answer:
    """Keep organisations, people and posts that a reader has made and checked."""
    desk.authorise("organisation.import", paths=county_paths(desk))
    added = 0
    for record in records:
        if desk.unit.maybe(type(record), record.id) is None:
            desk.unit.add(record)
            added += 1
    return Answer(body={"added": added})
