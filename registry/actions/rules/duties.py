"""履职事项清单导入 (P35): a street's list of what it must do itself; passing that down is ground R1."""

from datetime import date

from registry.actions.office import Answer, Desk
from registry.actions.rules.publishing import put_list
from registry.actions.sheets import sheet_refused
from registry.domain.areas import Area
from registry.domain.catalogue import ListItem, MatterList
from registry.domain.duty_sheets import DutyRow, read_duties_csv
from registry.domain.records import Wire
from registry.domain.vocabulary import Grade, Kind, Polarity

_OWN = ("基本", "上级收回")
"""Classes that bind the street, or a department above it, and no community."""
_GROUND = "R1"


class Sheet(Wire, frozen=True, kw_only=True):
    """履职事项清单: whose it is, on what instrument it rests, how far its text was read."""

    street: str
    """Area code or id of the street or township."""
    instrument: str
    document_number: str = ""
    valid_from: date | None = None
    grade: Grade = Grade.FULL
    source: str


def import_duties(desk: Desk, data: bytes, sheet: Sheet) -> Answer:
    """All or nothing, as the next version of the street's list."""
    rows, errors = read_duties_csv(data)
    sheet_refused(errors)
    street = desk.places.area(sheet.street, desk.today)
    return put_list(desk, duty_list(desk.unit.county, rows, street, sheet))


def duty_list(county: str, rows: list[DutyRow], street: Area, sheet: Sheet) -> MatterList:
    """The sheet as a list of duties that are not the community's, met in this street alone."""
    id = f"DUTY-{street.code[:9]}"
    return MatterList(
        county=county, id=id, title=f"{street.name}履职事项清单", polarity=Polarity.OWN_DUTY,
        kinds=list(Kind), area=street.path, instrument=sheet.instrument,
        document_number=sheet.document_number, valid_from=sheet.valid_from, grade=sheet.grade,
        source=sheet.source, items=[_item(id, row, sheet) for row in rows],
    )  # fmt: skip


def _item(id: str, row: DutyRow, sheet: Sheet) -> ListItem:
    """配合 items are on the list and bar nothing: their ground is empty."""
    return ListItem(
        id=f"{id}-{row.number}", title=row.title, section=row.duty,
        aliases=[a.strip() for a in row.aliases.split("；") if a.strip()],
        ground=_GROUND if row.duty in _OWN else "", basis=row.basis or sheet.instrument,
        department=row.departments, grade=sheet.grade, source=sheet.source, note=row.note,
        valid_from=row.valid_from, valid_to=row.valid_to,
    )  # fmt: skip
