"""可选对象 what a field that names a record may be filled with: what the person may read, by name."""

from typing import Any, NamedTuple

from registry.actions import reading
from registry.actions.office import Office
from registry.actions.reading import ListQuery
from registry.api.lists import RESOURCES
from registry.domain.errors import Refusal
from registry.domain.people import Actor
from registry.web.forms.fields import Field, Form

OF = {
    "organisation": "organisations", "area": "areas", "person": "people", "request": "requests",
    "presence": "presences", "department": "organisations", "payer": "organisations",
    "agent": "organisations", "instrument": "instruments", "revocation": "revocations",
    "posting": "postings", "voucher": "vouchers", "project": "audit-projects",
    "expenditure": "expenditures", "holder": "people", "against": "organisations",
    "into": "presences", "indicator": "indicators", "applicant": "organisations",
    "provider": "organisations", "issuer": "organisations", "handler": "organisations",
    "reverses": "vouchers", "accepting": "organisations", "returning": "organisations",
}  # fmt: skip
"""What a field refers to → the list in which it is found."""
_NAMES = ("name", "title", "number", "document_number", "subject", "wording", "code")
MOST = 500


class Option(NamedTuple):
    """可选对象."""

    id: str
    name: str


def name_of(record: Any) -> str:
    """What people call a record; its id where it has no name."""
    for name in _NAMES:
        value = getattr(record, name, None)
        if isinstance(value, str) and value:
            return value
    return str(getattr(record, "id", record))


def referred(fields: tuple[Field, ...]) -> set[str]:
    """Every list that a form picks from."""
    found: set[str] = set()
    for field in fields:
        if field.refers in OF and field.form is not Form.FILE:
            found.add(OF[field.refers])
        found |= referred(field.fields)
    return found


def options(
    office: Office, actor: Actor, wanted: set[str], county: str | None = None
) -> dict[str, list[Option]]:
    """The first that may be picked of each list; a list that may not be read has none."""
    return {name: _options(office, actor, name, county) for name in sorted(wanted)}


def _options(office: Office, actor: Actor, name: str, county: str | None) -> list[Option]:
    query = ListQuery(limit=MOST, county=county)
    try:
        page = reading.page(office, actor, RESOURCES[name].record, query)  # type: ignore[type-var]
    except Refusal:
        return []
    return [Option(row.id, _told(row)) for row in page.items]


def _told(row: Any) -> str:
    code = getattr(row, "code", None)
    name = name_of(row)
    return f"{name} {code}" if code and code != name else name


def codes(field: Field) -> list[str]:
    """The wire words of a field, in order."""
    return [one.value for one in field.codes]


__all__ = ["MOST", "OF", "Option", "codes", "name_of", "options", "referred"]
