"""申报页 a group of questions a page, what the rules say beside it, all answers checked before it is
handed on.

What is typed lies aside (``actions/staff/aside``) until it is made a draft of a request; nobody
else reads it before.
"""

from functools import partial
from typing import Any

import msgspec

from registry.actions import reading
from registry.actions.explaining import ExplainCommand
from registry.actions.office import HIDDEN
from registry.actions.staff import aside as kept_forms
from registry.api.acting import carried, identity
from registry.api.acts import EXPLAIN
from registry.api.serving import aside
from registry.domain.errors import Refusal
from registry.domain.filing import Filing, required_gaps
from registry.domain.request import Request
from registry.domain.vocabulary import Kind as Matter
from registry.domain.vocabulary import Receiver
from registry.web.acting import ADD, AGAIN, DROP, grow, rows
from registry.web.filing.paper import CHECK, GROUPS, PATH, Paper, of_group
from registry.web.forms.choices import OF, options, referred
from registry.web.forms.fields import fields_of
from registry.web.forms.filled import Filled, Typed, Wrong, as_typed, command_of, typed
from registry.web.named import Named
from registry.web.offers import BY_NAME
from registry.web.serving import Kind, Line, moved, shown
from registry.web.visit import Visit

BEGIN = Kind(parameters=frozenset({"copy", "request"}))
REQUEST, VERSION = "_request", "_at"


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
    wrong = [one for one in paper.filled()[1] if of_group(one.path, GROUPS[group])]
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

    return shown(
        paper.visit, "filing/check.html", status=status, paper=paper, groups=paper.groups(),
        filing=filing, wrong=wrong, where=where, explained=explained, refusal=stopped,
        named=Named(paper.visit, [filing] if filing else []), of_group=GROUPS,
        gaps=required_gaps(filing) if filing else [], gap_at=_where,
        key=paper.visit.office.source.token(16).hex(),
    )  # fmt: skip


def _where(path: str) -> str:
    """The page on which a field is asked."""
    return next((group for group, names in GROUPS.items() if of_group(path, names)), "what")


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
