"""一份申报 what is being filled in： kept aside at every step, read by nobody else."""

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from registry.actions import reading
from registry.actions.office import HIDDEN
from registry.actions.reading import ListQuery
from registry.actions.staff import aside as kept_forms
from registry.domain.areas import Area, AreaLevel
from registry.domain.errors import Refusal
from registry.domain.filing import DETAIL_OF, Filing
from registry.domain.request import Request, State
from registry.domain.vocabulary import Kind as Matter
from registry.web.forms.fields import Field, Form, fields_of
from registry.web.forms.filled import Filled, Typed, Wrong, command_of, typed
from registry.web.visit import Visit

PATH = "/file"
GROUPS: dict[str, tuple[str, ...]] = {
    "what": ("kind", "title", "list_item_id", "content", "standard", "process", "necessity"),
    "whom": ("applicants", "receivers", "community_type", "targets", "role", "responsible_party",
             "concerns_residents"),
    "basis": ("bases", "letter", "consents", "consultations", "government_emergency_decision"),
    "load": ("duration", "starts_on", "ends_on", "hours_per_cycle", "cycle", "headcount",
             "difficulty", "technical", "required_forms", "medium", "medium_reason"),
    "money": ("funding", "conditions", "powers"),
    "own": ("signboard", "certificate", "form", "app", "inspection", "campaign", "meeting",
            "office", "target"),
    "rest": ("disclosure", "disclosure_reason", "late", "documents"),
}  # fmt: skip
"""Groups of questions, in the order of the pages; every field of a filing stands in one."""
REQUEST, VERSION, COPY = "_request", "_at", "_copy"
WHOLE, TITLE, INSEPARABLE = "_whole", "_title", "_inseparable"
"""Of a part of a 组合申报: the paper it stands on; of that paper: its title, 整体申报."""
CHECK, DOCUMENTS = "check", "documents"
"""附件 come to a draft, once there is one."""
MOST_AREAS = 500


class Street(NamedTuple):
    """街道 with its communities, to be ticked."""

    area: Area
    communities: list[Area]


class Paper:
    """一份申报 that is being filled in."""

    def __init__(self, visit: Visit, id: str) -> None:
        self.visit, self.actor = visit, visit.actor()
        held = {one.id: one for one in kept_forms.of(visit.office, self.actor)}
        if id not in held:
            raise Refusal(HIDDEN)
        self.id, self.title = id, held[id].title
        self.given: Typed = typed(kept_forms.fields(held[id]))

    @property
    def kind(self) -> Matter | None:
        """What it is to be, once that was chosen."""
        said = self.given.get("kind", [""])[0]
        return Matter(said) if said in set(Matter) else None

    @property
    def to_add(self) -> list[str]:
        """补正 what it was returned for, while it is out for that."""
        for id in self.given.get(REQUEST, []):
            request = reading.one(self.visit.office, self.actor, Request, id)
            return request.return_items if request.state is State.RETURNED else []
        return []

    @property
    def drafted(self) -> tuple[str, str] | None:
        """The draft that papers hang on, once there is one."""
        return next((("request", id) for id in self.given.get(REQUEST, [])), None)

    def groups(self) -> list[str]:
        """The pages it has: what only some kinds state is asked of those alone."""
        own = self.kind in DETAIL_OF
        return [name for name in GROUPS if name != "own" or own]

    def fields(self, group: str) -> tuple[Field, ...]:
        """The questions of a page."""
        wanted = GROUPS[group]
        if group == "own" and self.kind in DETAIL_OF:
            wanted = (DETAIL_OF[self.kind],)
        by_name = {field.name: field for field in fields_of(Filing)}
        return tuple(by_name[name] for name in wanted if name != DOCUMENTS)

    def take(self, group: str, posted: Typed) -> None:
        """What was typed on a page takes the place of what stood there."""
        names = GROUPS[group]
        self.given = {p: v for p, v in self.given.items() if not of_group(p, names)}
        self.given |= {p: v for p, v in posted.items() if of_group(p, names) and any(v)}

    def keep(self) -> None:
        """Put it aside as it is."""
        fields = [(name, one) for name, many in self.given.items() for one in many]
        title = self.given.get("title", [""])[0] or self.visit.tongue.t("filing.untitled")
        kept = kept_forms.Kept(
            id=self.id, form=f"{PATH}/{self.id}/what", title=title[:200], fields=fields
        )
        kept_forms.put_aside(self.visit.office, self.actor, kept)

    def filled(self) -> tuple[Filing | None, list[Wrong]]:
        """The filing, or what is wrong with it."""
        filled = Filled(fields_of(Filing), self.given)
        return command_of(Filing, filled), filled.wrong

    def streets(self) -> list[Street]:
        """Streets and communities of the county, in the order of their codes."""
        areas, after = list[Area](), None
        while True:
            query = ListQuery(limit=MOST_AREAS, county=self.visit.county, after=after)
            page = reading.page(self.visit.office, self.actor, Area, query)
            areas += page.items
            if (after := page.next) is None:
                break
        below: dict[str | None, list[Area]] = {}
        for area in sorted(areas, key=lambda a: a.code):
            below.setdefault(area.parent_id, []).append(area)
        streets = sorted((a for a in areas if a.level is AreaLevel.STREET), key=lambda a: a.code)
        return [Street(area, below.get(area.id, [])) for area in streets]


def without_papers(given: Typed) -> Typed:
    """The same without papers it names: they hang on another request."""
    return {path: held for path, held in given.items() if not set(path.split(".")) & _papers()}


@cache
def _papers() -> frozenset[str]:
    def named(fields: Iterable[Field]) -> set[str]:
        below = (named(field.fields) for field in fields)
        return {f.name for f in fields if f.form is Form.FILE}.union(*below)

    return frozenset(named(fields_of(Filing)))


def of_group(path: str, names: tuple[str, ...]) -> bool:
    """Whether a path lies under one of the fields."""
    return path.removeprefix("_rows.").partition(".")[0] in names
