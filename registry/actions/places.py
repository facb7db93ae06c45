"""就地查找 areas and organisations of a county and of the jurisdictions above it."""

from collections.abc import Callable, Collection, Iterable
from datetime import date
from functools import lru_cache, partial

from registry.domain.areas import Area, AreaKind, AreaLevel, full_code
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.people import Organisation
from registry.domain.records import NATION
from registry.domain.succession import Succession, name_then
from registry.domain.vocabulary import Level, OrganisationKind, Receiver
from registry.store.reader import Reader
from registry.store.unit import Unit

UNKNOWN_AREA = declare(
    "area.unknown", RefusalKind.INVALID, "没有这个区划：{area}", "No such area: {area}.",
    recorded=True,
)  # fmt: skip
UNKNOWN_ORGANISATION = declare(
    "organisation.unknown", RefusalKind.INVALID, "没有这个单位：{organisation}",
    "No such organisation: {organisation}.", recorded=True,
)  # fmt: skip
ENDED = declare(
    "organisation.ended", RefusalKind.INVALID, "{organisation}已撤并，现由{successor}承继",
    "{organisation} is no more; {successor} came after it.", recorded=True,
)  # fmt: skip

COMMITTEES: dict[AreaKind, frozenset[Receiver]] = {
    AreaKind.RESIDENTS_COMMITTEE: frozenset(Receiver) - {
        Receiver.VILLAGE_COMMITTEE, Receiver.COLLECTIVE_ECONOMIC, Receiver.STREET},
    AreaKind.VILLAGE_COMMITTEE: frozenset(Receiver) - {
        Receiver.RESIDENTS_COMMITTEE, Receiver.STREET},
    AreaKind.OTHER_COMMITTEE: frozenset(Receiver) - {Receiver.STREET},
}  # fmt: skip
"""Which receivers a place of this kind has (P7): a village has no 居委会, a city block no 村委会."""


@lru_cache(maxsize=512)
def above(county: str) -> tuple[str, ...]:
    """The partitions from a county up to the nation: 990102 → 990102, 990100, 990000, 000000."""
    return tuple(dict.fromkeys((county, county[:4] + "00", county[:2] + "0000", NATION)))


def upwards(path: str) -> list[str]:
    """An area's path and those of all it lies in: /a/b/ → /a/, /a/b/."""
    return [path[: at + 1] for at, sign in enumerate(path) if sign == "/" and at]


Find = Callable[..., list[Succession]]
"""Successions by column: a unit's ``find``, or a reader's for one county."""


def taken_over(find: Find, id: str) -> list[Succession]:
    """承继自何处: every succession that led to a body or place, however far back, its own changes
    of name, class or path among them."""
    found: dict[str, Succession] = {}
    asked, waiting = set[str](), [id]
    while waiting:
        asked.update(waiting)
        rows = {row.id: row for row in find(successor_id=waiting)}
        found |= rows
        waiting = sorted({row.object_id for row in rows.values()} - asked)
    return [found[id] for id in sorted(found)]


def heir_of(reader: Reader, gone: Area, on: date) -> Area:
    """The one place in which a place that is no more lies on a day; where there are several, or
    none, itself."""
    met, waiting = {gone.id}, [gone.id]
    while waiting:
        rows = reader.find(Succession, gone.county, object_id=waiting)
        waiting = sorted({row.successor_id for row in rows} - met)
        met.update(waiting)
    heirs = [a for a in reader.find(Area, gone.county, id=sorted(met)) if a.in_force(on)]
    return heirs[0] if len(heirs) == 1 else gone


def came_to(reader: Reader, body: Organisation, area: Area) -> dict[str, list[str]]:
    """What a post reads besides its own: the bodies its body took over, and the paths its ground
    lay under."""
    bodies = taken_over(partial(reader.find, Succession, body.county), body.id)
    grounds = taken_over(partial(reader.find, Succession, area.county), area.id)
    return {
        "formerly": sorted({row.object_id for row in bodies} - {body.id}),
        "formerly_paths": sorted({row.path for row in grounds} - {"", area.path}),
    }


class Places:
    """就地查找 for one act."""

    def __init__(self, unit: Unit, today: date) -> None:
        self._unit, self._today = unit, today

    def organisation(self, id: str) -> Organisation:
        """An organisation of the county or above it.

        Raises:
            Refusal: ``organisation.unknown``.
        """
        found = self._unit.maybe(Organisation, id)
        for county in above(self._unit.county)[1:]:
            if found is not None:
                break
            found = self._unit.beside(county).maybe(Organisation, id)
        if found is None:
            raise Refusal(UNKNOWN_ORGANISATION, organisation=id)
        return found

    def standing(self, id: str) -> Organisation:
        """An organisation that is there today: what is new names no other.

        Raises:
            Refusal: ``organisation.unknown``; ``organisation.ended`` where others came after it.
        """
        found = self.organisation(id)
        if not found.in_force(self._today):
            after = [one for one in self.heirs([id], acting=False) if self._there(one)]
            if after:
                raise Refusal(ENDED, organisation=id, successor="、".join(after))
            raise Refusal(UNKNOWN_ORGANISATION, organisation=id)
        return found

    def _there(self, id: str) -> bool:
        return self.organisation(id).in_force(self._today)

    def area(self, id_or_code: str, on: date) -> Area:
        """An area by its own id, or by a 6-, 9- or 12-digit code valid on that day.

        Raises:
            Refusal: ``area.unknown``.
        """
        found = self._unit.maybe(Area, id_or_code)
        if found is None and id_or_code.isdigit():
            try:
                code = full_code(id_or_code)
            except ValueError:
                raise Refusal(UNKNOWN_AREA, area=id_or_code) from None
            areas = [a for a in self._unit.find(Area, code=code) if a.in_force(on)]
            found = areas[0] if areas else None
        if found is None:
            raise Refusal(UNKNOWN_AREA, area=id_or_code)
        return found

    def areas(self, ids_or_codes: Iterable[str], on: date) -> list[Area]:
        """The same areas as ``area`` finds one by one, read together, in the order given.

        Raises:
            Refusal: ``area.unknown``.
        """
        wanted = list(ids_or_codes)
        held = {area.id: area for area in self._unit.find(Area, id=wanted)}
        return [held.get(one) or self.area(one, on) for one in wanted]

    def home(self, organisation: Organisation) -> Area:
        """The area an organisation serves."""
        area = self._unit.maybe(Area, organisation.area_id)
        for county in above(self._unit.county)[1:]:
            if area is not None:
                break
            area = self._unit.beside(county).maybe(Area, organisation.area_id)
        if area is None:
            raise Refusal(UNKNOWN_AREA, area=organisation.area_id)
        return area

    def county(self) -> Area:
        """The county itself.

        Raises:
            Refusal: ``area.unknown`` where the partition is a city's or the nation's.
        """
        found = self._unit.find(Area, level=AreaLevel.COUNTY.value)
        if not found:
            raise Refusal(UNKNOWN_AREA, area=self._unit.county)
        return found[0]

    def communities(self, targets: Iterable[Area], receiver: Receiver, on: date) -> list[Area]:
        """Every community at or below the targets that has this receiver, in id order."""
        return [
            area for area in self._below(targets)
            if area.in_force(on) and receiver in COMMITTEES.get(area.kind, frozenset())
        ]  # fmt: skip

    def _below(self, targets: Iterable[Area]) -> list[Area]:
        """Communities at or below the targets, in id order; nothing lies below a community."""
        named = {t.id: t for t in targets}
        if all(t.level is AreaLevel.COMMUNITY for t in named.values()):
            return [named[id] for id in sorted(named)]
        paths = {t.path for t in named.values()}
        every = self._unit.find(Area, level=AreaLevel.COMMUNITY.value)
        return [area for area in every if not paths.isdisjoint(upwards(area.path))]

    def streets(self, targets: Iterable[Area]) -> list[str]:
        """Ids of the streets and townships that the targets lie in (or span, for a county)."""
        found: set[str] = set()
        for target in targets:
            if target.level is AreaLevel.STREET:
                found.add(target.id)
            elif target.level is AreaLevel.COMMUNITY and target.parent_id:
                found.add(target.parent_id)
            else:
                streets = self._unit.find(Area, level=AreaLevel.STREET.value)
                here = (s for s in streets if s.in_force(self._today))
                found |= {s.id for s in here if s.path.startswith(target.path)}
        return sorted(found)

    def serving(self, area_ids: list[str], kinds: list[OrganisationKind]) -> list[Organisation]:
        """Organisations of these kinds, there today, whose own area is one of ``area_ids``."""
        return [
            o for o in self._unit.find(Organisation, area_id=area_ids)
            if o.kind in kinds and o.in_force(self._today)
        ]  # fmt: skip

    def carrying(self, function: str, level: Level | None = None) -> list[Organisation]:
        """Organisations that carry a function, of the nearest jurisdiction that has one: the
        county itself, failing that the city above. ``level`` names only those of that level."""
        for county in above(self._unit.county):
            found = self._unit.beside(county).find(Organisation)
            carrying = [
                o for o in found
                if function in o.functions and level in (None, o.level)
                and o.in_force(self._today)
            ]  # fmt: skip
            if carrying:
                return carrying
        return []

    def heirs(self, owners: Collection[str], *, acting: bool = True) -> list[str]:
        """承继单位: the owners and those who act in the place of any of them today; or, where it
        is not asked who acts, everybody who has something of theirs."""
        found, waiting = set(owners), sorted(set(owners))
        while waiting:
            rows = self._unit.find(Succession, object_id=waiting)
            after = {r.successor_id for r in rows if r.acts or not acting}
            waiting = sorted(after - found)
            found.update(waiting)
        return sorted(found)

    def now(self, id: str) -> Organisation:
        """现承继单位: the organisation itself, or, where it is no more, who acts in its place."""
        named = self.organisation(id)
        if named.in_force(self._today):
            return named
        after = [self.organisation(one) for one in self.heirs([id])]
        return next((one for one in after if one.in_force(self._today)), named)

    def before(self, id: str) -> set[str]:
        """原单位: an organisation and all that it took over."""
        find = partial(self._unit.find, Succession)
        return {id, *(row.object_id for row in taken_over(find, id))}

    def heir_paths(self, paths: Collection[str]) -> list[str]:
        """现行路径: the paths, and those under which the same ground lies today."""
        held = {path.strip("/").rpartition("/")[2] for path in paths} - {""}
        now = self._unit.find(Area, id=self.heirs(held)) if held else []
        return sorted({*paths, *(area.path for area in now if area.in_force(self._today))})

    def name_on(self, named: Organisation | Area, on: date) -> str:
        """当日名称: what a body or place was called on a day; old papers go on saying so."""
        return name_then(self._unit.find(Succession, object_id=named.id), named.name, on)
