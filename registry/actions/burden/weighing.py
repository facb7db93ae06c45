"""负担 the figures of communities on a day: each its own, in code order, beside the county's median.

Nothing here puts communities in an order of burden, and no community reads another's figures (P9).
Where the county has too few communities for a median to hide whose figure it is, none is told.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from statistics import median
from typing import Annotated, Literal

import msgspec

from registry.actions.burden.formulas import FORMULAS, Formula
from registry.actions.burden.over_time import Point, Since, trend
from registry.actions.office import HIDDEN, Office
from registry.actions.places import above
from registry.actions.reading import NOT_READABLE
from registry.actions.seeing import scopes
from registry.domain.areas import Area
from registry.domain.errors import Refusal
from registry.domain.people import Actor, Organisation
from registry.domain.records import Wire, civil
from registry.domain.vocabulary import ZH, Duration, Kind, OrganisationKind
from registry.domain.workload import HIDES
from registry.policies.living import OwnReport
from registry.policies.measuring.registered import COLLECTING
from registry.policies.words import value_zh
from registry.store import burden as store
from registry.store.burden import County, Place, Values, When

ACT = "burden.read"
KEYS = tuple(formula.key for formula in FORMULAS)
_MONTHS, _CODE = 12, 12
_UNSTATED = "未写明"
KINDS = {kind.value: ZH[kind] for kind in Kind}
DURATIONS = {one.value: value_zh("duration", one.value) for one in Duration}


class BurdenQuery(Wire, frozen=True, kw_only=True):
    """负担条件: which communities, on which day, compared with which, over what time."""

    area: Annotated[str, msgspec.Meta(max_length=120)] | None = None
    """Id or code; absent = all that the person sees."""
    on: date | None = None
    before: date | None = None
    """The day to compare with; absent = that of the first stocktake, where there was one."""
    trend: Literal["month", "year"] | None = None
    after: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{12}$")] | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=500)] = 50
    county: str | None = None


class Part(Wire, frozen=True, kw_only=True):
    """分项: what falls to one kind, duration or department."""

    key: str | None
    """``None`` = not stated."""
    name: str
    items: int
    items_legacy: int
    hours_year: int


class CommunityBurden(Wire, frozen=True, kw_only=True):
    """一个社区的负担."""

    area_id: str
    code: str
    name: str
    organisation_id: str | None
    values: dict[str, int]
    before: dict[str, int] | None = None
    """The same figures on ``before_on``."""
    by_kind: list[Part]
    by_duration: list[Part]
    by_department: list[Part]
    """In the order of the organisations' ids, which are their codes."""


class Told(Wire, frozen=True, kw_only=True):
    """一项数字: its formula beside it, the sum and the median."""

    formula: Formula
    total: int
    """Of the communities the person sees."""
    total_before: int | None = None
    median: float | None = None
    """Of all communities of the county; ``None`` = too few for it to be nobody's."""


class Burden(Wire, frozen=True, kw_only=True):
    """负担: ``next`` is the ``after`` of the following page, a code."""

    county: str
    on: date
    before_on: date | None
    communities: int
    """How many the median is taken over."""
    figures: list[Told]
    items: list[CommunityBurden]
    next: str | None
    trend: list[Point] = []
    registry: list[OwnReport]
    """本系统自身要求 of each community; counted in the figures above."""


def burden(
    office: Office, actor: Actor, query: BurdenQuery, *, parts: bool = True
) -> Burden:  # fmt: skip
    """The figures of the communities that the person may see.

    Args:
        parts: with what the items of each community are made of.

    Raises:
        Refusal: ``access.reading``; ``access.hidden`` for an area that is not theirs to see.
    """
    county = query.county or actor.county
    paths = _paths(office, actor, query.area, county)
    on = query.on or civil(office.clock())
    with office.store.reader.moment() as connection:
        scale = Scale(office, County(connection, county, office.store.reader.kept))
        every = store.communities(scale.county, on)
        ours = [area for area in every if area.path.startswith(tuple(paths))]
        before_on = query.before or scale.live_since(on)
        now = scale.weigh(every, on)
        was = now if before_on == on else None
        if before_on is not None and was is None:
            was = scale.weigh(every, before_on)
        rest = [area for area in ours if query.after is None or area.code > query.after]
        shown = rest[: query.limit]
        over_time = trend(scale.since, paths, (on, query.trend), scale.today) if query.trend else []
        return Burden(
            county=county, on=on, before_on=before_on, communities=len(every),
            figures=[_told(formula, ours, now, was) for formula in FORMULAS],
            items=scale.told(shown, on, now, was, parts=parts), registry=scale.own, trend=over_time,
            next=shown[-1].code if len(rest) > len(shown) else None,
        )  # fmt: skip


def _paths(office: Office, actor: Actor, named: str | None, county: str) -> list[str]:
    """Paths of the areas below which the person sees communities, narrowed to the area named."""
    seen = seen_paths(office, actor, county)
    if named is None:
        return seen
    find = office.store.reader.find
    found = find(Area, county, id=named) or find(Area, county, code=named.ljust(_CODE, "0"))
    paths = [area.path for area in found if area.path.startswith(tuple(seen))]
    if not paths:
        raise Refusal(HIDDEN)
    return paths


def seen_paths(office: Office, actor: Actor, county: str) -> list[str]:
    """Paths of the areas whose communities the person sees.

    Raises:
        Refusal: ``access.reading``.
    """
    seen = {s.path for s in scopes(office, actor, ACT, county) if s.path is not None}
    if not seen:
        raise Refusal(NOT_READABLE)
    return sorted(seen)


class Scale:
    """秤: weighs every community of a county on a day, a statement a figure."""

    def __init__(self, office: Office, county: County) -> None:
        self._office, self.county = office, county
        self.today = civil(office.clock())
        rules = office.rulebooks.of(county.code, self.today).overlay
        self.own: list[OwnReport] = rules.setting(lambda d: d.own_report or None) or []
        self.since = Since(county)

    def live_since(self, on: date) -> date | None:
        """上线日: when what was there before was first brought in, if that was before the day."""
        first = store.first_stocktake(self.county)
        return first if first is not None and first < on else None

    def weigh(self, areas: Sequence[Place], on: date) -> dict[str, Values]:
        """All figures of each community on a day, by its id; what it has none of is 0."""
        when = self._when(on)
        parts = [
            store.carried(self.county, when), store.hung(self.county, when),
            store.seated(self.county, when),
        ]  # fmt: skip
        papers = store.demanded(self.county, when, _year_before(on))
        asked = self._asked()
        found = {}
        for area in areas:
            values = dict.fromkeys(KEYS, 0)
            for held in (*(part.get(area.id) for part in parts), papers.get(area.id), asked):
                for key, value in (held or {}).items():
                    values[key] += value
            found[area.id] = values
        return found

    def carried(self, areas: Sequence[Place]) -> dict[str, Values]:
        """What some communities carry today, by id: of the figures those of items and hours."""
        when = self._when(self.today)
        found = store.carried(self.county, when, [area.id for area in areas])
        asked = self._asked()
        return {
            area.id: {
                key: found.get(area.id, {}).get(key, 0) + asked.get(key, 0)
                for key in ("items", "hours_year")
            }
            for area in areas
        }

    def _when(self, on: date) -> When:
        snapshot = None if on >= self.today else self.since.end_of(on)
        return When(on=on, snapshot=snapshot, filled_in=list(COLLECTING))

    def _asked(self) -> Values:
        """What the registry itself asks of each community counts like all else, and is named."""
        hours = sum(one.hours_year for one in self.own)
        times = sum(one.times_year for one in self.own)
        return {
            "hours_year": hours, "registry_hours": hours, "reports_year": times,
            "registry_times": times, "reports": sum(one.times_year > 0 for one in self.own),
        }  # fmt: skip

    def told(
        self, areas: Sequence[Place], on: date, now: dict[str, Values],
        was: dict[str, Values] | None, *, parts: bool,
    ) -> list[CommunityBurden]:  # fmt: skip
        """The figures of some communities, with what they are made of where that is asked."""
        ids, when = [area.id for area in areas], self._when(on)
        kinds, durations, departments = (
            store.split(self.county, when, column, ids) if parts else {}
            for column in ("kind", "duration", "department_id")
        )
        names = self._names({key for by in departments.values() for key in by if key})
        bodies = self._bodies(ids)
        return [
            CommunityBurden(
                area_id=area.id, code=area.code, name=area.name,
                organisation_id=bodies.get(area.id), values=now[area.id],
                before=was[area.id] if was is not None else None,
                by_kind=_parts(kinds.get(area.id, {}), KINDS),
                by_duration=_parts(durations.get(area.id, {}), DURATIONS),
                by_department=_parts(departments.get(area.id, {}), names),
            )
            for area in areas
        ]  # fmt: skip

    def _names(self, ids: set[str]) -> dict[str, str]:
        """Names of organisations, in the order of their ids."""
        find = self._office.store.reader.find
        held = [o for c in above(self.county.code) for o in find(Organisation, c, id=sorted(ids))]
        return {o.id: o.name for o in sorted(held, key=lambda o: o.id)}

    def _bodies(self, areas: list[str]) -> dict[str, str]:
        held = self._office.store.reader.find(Organisation, self.county.code, area_id=areas)
        own = [o for o in held if o.kind is OrganisationKind.COMMUNITY and o.in_force(self.today)]
        return {o.area_id: o.id for o in reversed(own)}


def _parts(found: Mapping[str | None, Values], names: Mapping[str, str]) -> list[Part]:
    """What is found, in the order of the names; what is not stated comes last."""
    order = [key for key in names if key in found]
    order += sorted(key for key in found if key is not None and key not in names)
    return [
        Part(key=key, name=names.get(key or "", key or _UNSTATED), items=found[key]["items"],
             items_legacy=found[key]["items_legacy"], hours_year=found[key]["hours_year"])
        for key in [*order, *([None] if None in found else [])]
    ]  # fmt: skip


def _told(
    formula: Formula, ours: Sequence[Place], now: dict[str, Values],
    was: dict[str, Values] | None,
) -> Told:  # fmt: skip
    key, every = formula.key, [values[formula.key] for values in now.values()]
    return Told(
        formula=formula, total=sum(now[area.id][key] for area in ours),
        total_before=sum(was[area.id][key] for area in ours) if was is not None else None,
        median=median(every) if len(every) >= HIDES else None,
    )  # fmt: skip


def _year_before(on: date) -> str:
    """The first of the twelve months that end with a day's."""
    months = on.year * _MONTHS + on.month - _MONTHS
    return f"{months // _MONTHS:04}-{months % _MONTHS + 1:02}"
