"""表中单位 whom a cell of a sheet means: a community by code, id or name, and who asks it."""

from collections import defaultdict

from registry.actions.office import Desk
from registry.actions.places import above
from registry.domain.areas import Area, AreaLevel, called, full_code
from registry.domain.people import Organisation
from registry.domain.records import Wire
from registry.domain.succession import Succession
from registry.domain.vocabulary import OrganisationKind
from registry.domain.wording import normalise


class Seat(Wire, frozen=True, kw_only=True):
    """社区: a community's organisation there today, and its place."""

    named: str
    """Id of the community that the cell names, which another may have come after."""
    body: Organisation
    area: Area


class Told(Wire, frozen=True, kw_only=True):
    """格中不符."""

    zh: str
    en: str


NO_COMMUNITY = Told(zh="没有这个社区（村）", en="no such community")
SEVERAL = Told(zh="有几个同名的社区（村），请填代码", en="several of that name: give the code")


class Whose:
    """对照: every community and body by its names, read once for a whole sheet."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._areas = {a.id: a for a in desk.unit.find(Area, level=AreaLevel.COMMUNITY.value)}
        self._bodies = {
            o.id: o for o in desk.unit.find(Organisation)
            if o.kind is OrganisationKind.COMMUNITY and o.area_id in self._areas
        }  # fmt: skip
        self._named: dict[str, list[str]] = defaultdict(list)
        for body in self._bodies.values():
            area = self._areas[body.area_id]
            names = {normalise(n) for held in (body, area) for n in called(held.name)}
            for name in {body.id, area.id, area.code} | names:
                self._named[name].append(body.id)
        self._once = self._called_once()
        self._seats: dict[str, Seat | Told] = {}
        self._askers = self._known()

    def _called_once(self) -> dict[str, list[str]]:
        """曾用名: what each community was called before, until another bears the name."""
        found: dict[str, list[str]] = defaultdict(list)
        bodies = {body.area_id: body.id for body in self._bodies.values()}
        for row in self._desk.unit.find(Succession):
            id = row.object_id if row.object_id in self._bodies else bodies.get(row.object_id)
            if id is not None and row.was:
                for name in {normalise(one) for one in called(row.was)}:
                    found[name] += [id] if id not in found[name] else []
        return found

    def community(self, cell: str) -> Seat | Told:
        """The community a cell means, or what is wrong with it."""
        if cell not in self._seats:
            self._seats[cell] = self._seat(cell)
        return self._seats[cell]

    def asker(self, cell: str) -> str | None:
        """Id of the body that asks, where just one goes by that name today."""
        found = self._askers.get(cell) or self._askers.get(normalise(cell)) or set()
        return next(iter(found)) if len(found) == 1 else None

    def _seat(self, cell: str) -> Seat | Told:
        ids = self._meant(cell)
        if not ids:
            return NO_COMMUNITY
        if len(ids) > 1:
            return SEVERAL
        now = self._desk.places.now(ids[0])
        area = self._areas.get(now.area_id)
        if area is None or not now.in_force(self._desk.today):
            return NO_COMMUNITY
        return Seat(named=ids[0], body=now, area=area)

    def _meant(self, cell: str) -> list[str]:
        """Whoever goes by it today before whoever went by it once."""
        name = normalise(cell)
        found = self._named.get(cell) or self._named.get(name) or self._once.get(name, [])
        if cell.isdigit():
            try:
                found = self._named.get(full_code(cell), [])
            except ValueError:
                return []
        today = [id for id in found if self._bodies[id].in_force(self._desk.today)]
        return today or found

    def _known(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for county in above(self._desk.unit.county):
            for body in self._desk.unit.beside(county).find(Organisation):
                if body.in_force(self._desk.today):
                    found[body.id].add(body.id)
                    found[normalise(body.name)].add(body.id)
        return found
