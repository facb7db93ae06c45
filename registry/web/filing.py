"""申报页 a request filled in step by step: a group of questions a page, what the rules say beside it, kept
at every step, checked before it is handed on.

What is typed lies aside (``actions/staff/aside``) until it is made a draft of a request; nobody else
reads it before.
"""

from functools import partial
from typing import Any, NamedTuple

import msgspec

from registry.actions import reading
from registry.actions.explaining import ExplainCommand
from registry.actions.office import HIDDEN
from registry.actions.reading import ListQuery
from registry.actions.staff import aside as kept_forms
from registry.api.acting import carried, identity
from registry.api.acts import EXPLAIN
from registry.api.serving import aside
from registry.domain.areas import Area, AreaLevel
from registry.domain.errors import Refusal
from registry.domain.filing import Filing, required_gaps
from registry.domain.request import Request
from registry.domain.vocabulary import Kind as Matter
from registry.domain.vocabulary import Receiver
from registry.web.acting import ADD, AGAIN, DROP, grow, rows
from registry.web.forms.choices import OF, options, referred
from registry.web.forms.fields import Field, fields_of
from registry.web.forms.filled import Filled, Typed, Wrong, as_typed, command_of, typed
from registry.web.offers import BY_NAME
from registry.web.serving import Kind, Line, moved, shown
from registry.web.visit import Visit

PATH = "/file"
BEGIN = Kind(parameters=frozenset({"copy", "request"}))
GROUPS: dict[str, tuple[str, ...]] = {
    "what": ("kind", "title", "content", "standard", "process", "necessity", "list_item_id"),
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
CHECK, DOCUMENTS = "check", "documents"
"""附件 come to a draft, once there is one."""
OWN_OF: dict[Matter, str] = {
    Matter.SIGNBOARD: "signboard", Matter.WALL_NOTICE: "signboard",
    Matter.CERTIFICATE: "certificate", Matter.REPORT: "form", Matter.LEDGER: "form",
    Matter.SURVEY: "form", Matter.APP: "app", Matter.INSPECTION: "inspection",
    Matter.CAMPAIGN: "campaign", Matter.MEETING: "meeting", Matter.OFFICE: "office",
    Matter.TARGET: "target",
}  # fmt: skip
"""Kind → what only this kind states."""
REQUEST, VERSION = "_request", "_at"
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

    def groups(self) -> list[str]:
        """The pages it has: what only some kinds state is asked of those alone."""
        own = self.kind is None or self.kind in OWN_OF
        return [name for name in GROUPS if name != "own" or own]

    def fields(self, group: str) -> tuple[Field, ...]:
        """The questions of a page."""
        wanted = GROUPS[group]
        if group == "own" and self.kind in OWN_OF:
            wanted = (OWN_OF[self.kind],)
        by_name = {field.name: field for field in fields_of(Filing)}
        return tuple(by_name[name] for name in wanted if name != DOCUMENTS)

    def take(self, group: str, posted: Typed) -> None:
        """What was typed on a page takes the place of what stood there."""
        names = GROUPS[group]
        self.given = {p: v for p, v in self.given.items() if not _of(p, names)}
        self.given |= {p: v for p, v in posted.items() if _of(p, names) and any(v)}

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


def _of(path: str, names: tuple[str, ...]) -> bool:
    return path.removeprefix("_rows.").partition(".")[0] in names


async def begin(visit: Visit) -> Any:
    """``GET /file``: a new one, perhaps like an earlier request, or a draft to be gone on with."""
    return await aside(_begun, visit)


def _begun(visit: Visit) -> Any:
    actor = visit.actor()
    earlier = visit.query.get("copy") or visit.query.get("request")
    given: Typed = {}
    if earlier:
        request = reading.one(visit.office, actor, Request, earlier, county=visit.county)
        given = as_typed(msgspec.to_builtins(request.filing))
        if visit.query.get("request"):
            given |= {REQUEST: [request.id], VERSION: [str(request.version)]}
    elif actor.posts:
        given = {"applicants.0.organisation_id": [actor.posts[0].organisation_id],
                 "applicants.0.leading": ["true"]}  # fmt: skip
    fields = [(name, one) for name, many in given.items() for one in many]
    title = given.get("title", [visit.tongue.t("filing.untitled")])[0]
    kept = kept_forms.Kept(form=PATH, title=title[:200], fields=fields)
    id = kept_forms.put_aside(visit.office, actor, kept)
    return moved(f"{PATH}/{id}/what")


def _group(visit: Visit) -> str:
    group = str(visit.request.scope["path_params"]["group"])
    if group not in (*GROUPS, CHECK):
        raise Refusal(HIDDEN)
    return group


async def ask(visit: Visit) -> Any:
    """``GET /file/{id}/{group}``: one page of questions, or all answers to be checked."""
    group = _group(visit)
    paper = await aside(Paper, visit, visit.id)
    return await aside(_check if group == CHECK else partial(_page, group=group), paper)


def _page(paper: Paper, group: str, wrong: list[Wrong] | None = None, status: int = 200) -> Any:
    visit, fields = paper.visit, paper.fields(group)
    told = {one.path: visit.tongue.pair(one.zh, one.en) for one in wrong or []}
    names = referred(fields) - {"areas"}
    return shown(
        visit, "filing/group.html", status=status, paper=paper, group=group, fields=fields,
        groups=paper.groups(), given=paper.given, rows=rows(paper.given), why=told,
        wrong=wrong or [], of=OF, streets=paper.streets() if group == "whom" else [],
        options=options(visit.office, paper.actor, names, visit.county),
        hints=hinted(paper) if group == "what" and paper.given.get("title") else None,
    )  # fmt: skip


async def answer(visit: Visit) -> Any:
    """``POST /file/{id}/{group}``: the page's answers kept, and on to the next."""
    group = _group(visit)
    paper = await aside(Paper, visit, visit.id)
    if group == CHECK:
        return await _handed_on(visit, paper)
    return await aside(_answered, visit, paper, group)


def _answered(visit: Visit, paper: Paper, group: str) -> Any:
    posted = typed(visit.posted)
    grow(posted, visit.field(ADD), visit.field(DROP))
    paper.take(group, posted)
    if visit.field(AGAIN) or visit.field(ADD) or visit.field(DROP):
        paper.keep()
        return _page(paper, group)
    paper.keep()
    wrong = [one for one in paper.filled()[1] if _of(one.path, GROUPS[group])]
    typed_wrong = [one for one in wrong if paper.given.get(one.path)]
    if typed_wrong and not visit.field("_anyway"):
        return _page(paper, group, wrong, 422)
    groups = [*paper.groups(), CHECK]
    after = visit.field("_to") or groups[groups.index(group) + 1]
    return moved(f"{PATH}/{paper.id}/{after if after in groups else CHECK}")


def _check(paper: Paper, refusal: Refusal | None = None, status: int = 200) -> Any:
    filing, wrong = paper.filled()
    explained, stopped = None, refusal
    if filing is not None and refusal is None:
        try:
            explained = explained_of(paper, filing)
        except Refusal as raised:
            stopped = raised
    where = {one.path: _where(one.path) for one in wrong}
    from registry.web.named import Named

    return shown(
        paper.visit, "filing/check.html", status=status, paper=paper, groups=paper.groups(),
        filing=filing, wrong=wrong, where=where, explained=explained, refusal=stopped,
        named=Named(paper.visit, [filing] if filing else []), of_group=GROUPS,
        gaps=required_gaps(filing) if filing else [], gap_at=_where,
        key=paper.visit.office.source.token(16).hex(),
    )  # fmt: skip


def _where(path: str) -> str:
    """The page on which a field is asked."""
    return next((group for group, names in GROUPS.items() if _of(path, names)), "what")


def explained_of(paper: Paper, filing: Filing) -> Any:
    """What the rules say of it today, and the way to yes; nothing is recorded.

    Raises:
        Refusal: as handing in would say.
    """
    visit = paper.visit
    command = ExplainCommand(filing=filing, request_id=paper.given.get(REQUEST, [None])[0])
    call = visit.call(paper.actor, EXPLAIN.act)
    return visit.office.ask(call, EXPLAIN.make(visit, command)).body


def hinted(paper: Paper) -> Any:
    """提示: what the lists and prohibitions say of as much as was typed; ``None`` = nothing yet."""
    areas = [s.area.id for s in paper.streets()[:1]]
    guess: Typed = {
        "kind": [Matter.TASK.value], "receivers": [Receiver.RESIDENTS_COMMITTEE.value],
        "targets": areas, "title": [""],
    } | {n: v for n, v in paper.given.items() if any(v)}  # fmt: skip
    filing = command_of(Filing, Filled(fields_of(Filing), guess))
    if filing is None:
        return None
    try:
        return explained_of(paper, filing)
    except Refusal:
        return None


async def hints(visit: Visit) -> Any:
    """``POST /file/{id}/hints``: the same, as it is typed."""
    paper = await aside(Paper, visit, visit.id)
    paper.take("what", typed(visit.posted))
    return await aside(lambda: shown(visit, "filing/hints.html", hints=hinted(paper)))


async def _handed_on(visit: Visit, paper: Paper) -> Any:
    """The answers become a draft of a request, which the head of the department signs."""
    filing, wrong = paper.filled()
    if filing is None or wrong:
        return await aside(_check, paper, None, 422)
    editing = paper.given.get(REQUEST, [""])[0]
    act = BY_NAME["request.edit" if editing else "request.draft"]
    visit.id = editing
    if editing:
        visit.posted.append(("_version", paper.given[VERSION][0]))
    command = filing if editing else msgspec.convert({"filing": filing}, act.command)
    try:
        answered = await carried(visit.office, act, (visit, paper.actor), command)
    except Refusal as refusal:
        return await aside(_check, paper, refusal, 422)
    await aside(kept_forms.drop, visit.office, paper.actor, paper.id)
    return moved(f"/case/{identity(answered.body)}", done=act.act)


PAGES: list[Line] = [
    ("GET", PATH, begin, BEGIN),
    ("GET", PATH + "/{id:str}/{group:str}", ask, Kind()),
    ("POST", PATH + "/{id:str}/{group:str}", answer, Kind()),
    ("POST", PATH + "/{id:str}/hints", hints, Kind()),
]
