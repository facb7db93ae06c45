"""经办人姓名 who acted, by name: whoever reads an act that a record tells of reads whose it was.

Names alone: the account, its posts and its days are read by those who may read people.
"""

from registry.actions.office import Office
from registry.actions.places import above
from registry.domain.people import Person


def names_of(office: Office, county: str, ids: list[str]) -> dict[str, str]:
    """Names by id, of people of the county and of the jurisdictions above it."""
    find = office.store.reader.find
    return {p.id: p.name for code in above(county) for p in find(Person, code, id=ids)}
