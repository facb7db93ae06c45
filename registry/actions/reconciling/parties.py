"""户名 whom a statement means by a name: a body known here, or somebody else, a person perhaps."""

import re
from collections import defaultdict

from registry.actions.office import Desk
from registry.actions.places import above
from registry.domain.areas import Area
from registry.domain.people import Organisation
from registry.domain.records import Wire
from registry.domain.vocabulary import OrganisationKind
from registry.domain.wording import normalise

PAYING = (OrganisationKind.TREASURY, OrganisationKind.FINANCE)
"""Who pays in other bodies' names, the treasury before the finance body."""
_SHORT = re.compile(r"[\u3400-\u9fff]{1,4}")
_HAN = re.compile(r"[\u3400-\u9fff]")
_DOTS = "·•．"


class Party(Wire, frozen=True, kw_only=True):
    """单位: a body with the path of its place."""

    id: str
    kind: OrganisationKind
    path: str


class Parties:
    """对照: every body of the county and above it by its names, read once for a whole file."""

    def __init__(self, desk: Desk) -> None:
        self._named: dict[str, dict[str, Party]] = defaultdict(dict)
        self._met: dict[str, Party | None] = {}
        self._paying: list[Party] = []
        for county in reversed(above(desk.unit.county)):
            here = desk.unit.beside(county) if county != desk.unit.county else desk.unit
            areas = {area.id: area for area in here.find(Area)}
            for body in here.find(Organisation):
                if body.in_force(desk.today):
                    self._add(body, areas.get(body.area_id), own=county == desk.unit.county)

    def _add(self, body: Organisation, area: Area | None, *, own: bool) -> None:
        party = Party(id=body.id, kind=body.kind, path=area.path if area else "/")
        names = {body.id, normalise(body.name)}
        if area is not None and body.kind in _SEATS:
            names |= {area.id, area.code, normalise(area.name)}
        for name in names:
            self._named[name][body.id] = party
        if own and body.kind in PAYING:
            self._paying.append(party)

    def known(self, name: str) -> Party | None:
        """The body that goes by a name, an id or a code, where it is only one."""
        if name not in self._met:
            found = self._named.get(name) or self._named.get(normalise(name)) or {}
            self._met[name] = next(iter(found.values())) if name and len(found) == 1 else None
        return self._met[name]

    def treasury(self) -> Party | None:
        """Whose books a payment list is of: the county's treasury, else its finance body."""
        for kind in PAYING:
            found = [party for party in self._paying if party.kind is kind]
            if found:
                return found[0] if len(found) == 1 else None
        return None


_SEATS = (OrganisationKind.COMMUNITY, OrganisationKind.STREET, OrganisationKind.TOWNSHIP)
"""Bodies that go by the name and the code of their place as well."""


def personal(name: str) -> bool:
    """Whether a name that is no known body's is taken for a person's: up to four characters, one
    with a dot between its parts, or one that is not written in Chinese at all. In doubt it is."""
    bare = "".join(name.split())
    if not bare:
        return False
    dotted = any(dot in bare for dot in _DOTS)
    return dotted or not _HAN.search(bare) or _SHORT.fullmatch(bare) is not None
