"""申报页 a group of questions a page, what the rules say beside it, all answers checked before it is
handed on.

What is typed lies aside (``actions/staff/aside``) until it is made a draft of a request; nobody
else reads it before.
"""

from functools import partial
from typing import Any

import msgspec

from registry.actions import reading
from registry.actions.office import HIDDEN
from registry.actions.staff import aside as kept_forms
from registry.api.documents import LIMIT
from registry.api.serving import aside
from registry.domain.errors import Refusal
from registry.domain.filing import Applicant, Filing, required_gaps
from registry.domain.records import civil
from registry.domain.request import Request
from registry.domain.vocabulary import Duration, Receiver
from registry.domain.vocabulary import Kind as Matter
from registry.web.acting import ADD, DROP, grow, rows
from registry.web.filing.checking import check, hand_on
from registry.web.filing.hinting import NOTHING, hinted
from registry.web.filing.items import shelves
from registry.web.filing.made import already
from registry.web.filing.paper import (
    CHECK,
    COPY,
    GROUPS,
    PATH,
    REQUEST,
    VERSION,
    WHOLE,
    Paper,
    of_group,
    without_papers,
)
from registry.web.forms.choices import OF, options, referred, sought
from registry.web.forms.fields import Field
from registry.web.forms.filled import Typed, Wrong, as_typed, typed
from registry.web.named import Named
from registry.web.serving import Kind, Line, moved, shown
from registry.web.shell import may
from registry.web.uploading import hanging, takes, uploaded
from registry.web.visit import AGAIN, Visit

BEGIN = Kind(parameters=frozenset({"copy", "request"}))
ITEM = "_item"
"""对应此项: an item of a list, picked where it is told that the title is like it."""
PART = {"x-part": "1"}
"""An answer that stands within a page, whatever its status."""


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
        else:
            given = without_papers(given) | {COPY: [request.id]}
    elif actor.posts and may(visit.office, actor, "request.draft"):
        given = _of_body(visit, actor.posts[0].organisation_id)
        for one in kept_forms.of(visit.office, actor):
            if one.form.startswith(PATH) and typed(kept_forms.fields(one)) == given:
                return moved(one.form)
    fields = [(name, one) for name, many in given.items() for one in many]
    title = given.get("title", [visit.tongue.t("filing.untitled")])[0]
    kept = kept_forms.Kept(form=PATH, title=title[:200], fields=fields)
    id = kept_forms.put_aside(visit.office, actor, kept)
    Paper(visit, id).keep()
    return moved(f"{PATH}/{id}/what")


def _of_body(visit: Visit, body: str) -> Typed:
    """What a filing begins with: one's own body asks, and is responsible unless it records for
    others as well."""
    given: Typed = {"applicants.0.organisation_id": [body], "applicants.0.leading": ["true"]}
    name = Named(visit, [{"organisation_id": body}]).link(body)
    if name is None or may(visit.office, visit.actor(), "request.record"):
        return given
    return given | {"responsible_party": [name.name]}


def _group(visit: Visit) -> str:
    group = str(visit.request.scope["path_params"]["group"])
    if group not in (*GROUPS, CHECK):
        raise Refusal(HIDDEN)
    return group


async def ask(visit: Visit) -> Any:
    """``GET /file/{id}/{group}``: one page of questions, or all answers to be checked."""
    group = _group(visit)
    try:
        paper = await aside(Paper, visit, visit.id)
    except Refusal as missing:
        return await aside(already, visit, missing)
    return await aside(check if group == CHECK else partial(_page, group=group), paper)


def _page(paper: Paper, group: str, wrong: list[Wrong] | None = None, status: int = 200) -> Any:
    visit, fields = paper.visit, paper.fields(group)
    told = {one.path: visit.tongue.pair(one.zh, one.en) for one in wrong or []}
    names = referred(fields) - {"areas"}
    hints = hinted(paper) if group == "what" and paper.given.get("title") else NOTHING
    return shown(
        visit, "filing/group.html", status=status, paper=paper, group=group, fields=fields,
        groups=paper.groups(), given=paper.given | sought(visit.posted),
        rows=rows(paper.given), why=told,
        wrong=wrong or [], of=OF, streets=paper.streets() if group == "whom" else [],
        options=options(visit.office, paper.actor, names, visit.county),
        needed=needed_of(paper), hints=hints.hints, later=hints.later,
        shelves=shelves(paper, hints.hints) if group == "what" else [],
        before=_before(paper, group),
        whole=paper.given.get(WHOLE, [""])[0], **_papers(paper, fields),
    )  # fmt: skip


def _papers(paper: Paper, fields: tuple[Field, ...]) -> dict[str, Any]:
    """附件: what hangs on the draft, to be named; before there is one, nothing can."""
    if not takes(fields):
        return {"multipart": False}
    parent = paper.drafted
    return {"multipart": parent is not None, "hung": parent and hanging(paper.visit, parent)}


def _before(paper: Paper, group: str) -> str:
    """The page before; empty = it is the first."""
    groups = paper.groups()
    return "".join(groups[max(groups.index(group) - 1, 0) : groups.index(group)])


def needed_of(paper: Paper) -> list[str]:
    """What such a filing needs before it is handed in: all that an empty one lacks."""
    said = paper.given.get("duration", [""])[0]
    empty = Filing(
        kind=paper.kind or Matter.TASK, title="-", targets=["-"],
        applicants=[Applicant(organisation_id="-")], receivers=[Receiver.RESIDENTS_COMMITTEE],
        duration=Duration(said) if said in set(Duration) else Duration.TEMPORARY,
    )  # fmt: skip
    return required_gaps(empty)


async def answer(visit: Visit) -> Any:
    """``POST /file/{id}/{group}``: the page's answers kept, and on to the next."""
    group = _group(visit)
    try:
        paper = await aside(Paper, visit, visit.id)
    except Refusal as missing:
        return await aside(already, visit, missing)
    if group == CHECK:
        return await (aside(check, paper) if visit.field(AGAIN) else hand_on(paper))
    return await aside(_answered, paper, group, await _received(paper))


async def _received(paper: Paper) -> tuple[Typed, list[Wrong]]:
    """What was typed, and files hung on the draft; or why one was not taken."""
    visit, posted = paper.visit, typed(paper.visit.posted)
    try:
        await uploaded(visit, paper.drafted, posted)
    except Refusal as no:
        at = next(path for path, file in visit.files.items() if file.filename)
        return posted, [Wrong(at, no.detail, no.detail_en)]
    return posted, []


def _answered(paper: Paper, group: str, received: tuple[Typed, list[Wrong]]) -> Any:
    visit, (posted, refused) = paper.visit, received
    rows(posted)
    grow(posted, visit.field(ADD), visit.field(DROP))
    if visit.field(ADD) == "funding":
        posted |= _paid_by_who_asks(paper, rows(posted)["funding"] - 1)
    if visit.field(ITEM):
        posted["list_item_id"] = [visit.field(ITEM)]
    paper.take(group, posted)
    if visit.field(AGAIN) or visit.field(ADD) or visit.field(DROP) or visit.field(ITEM):
        paper.keep()
        return _page(paper, group)
    paper.keep()
    if refused:
        return _page(paper, group, refused, 422)
    wrong = [one for one in paper.filled()[1] if of_group(one.path, GROUPS[group])]
    typed_wrong = [one for one in wrong if paper.given.get(one.path)]
    if typed_wrong and not visit.field("_anyway"):
        return _page(paper, group, wrong, 422)
    groups = [*paper.groups(), CHECK]
    after = visit.field("_to") or groups[groups.index(group) + 1]
    return moved(f"{PATH}/{paper.id}/{after if after in groups else CHECK}")


def _paid_by_who_asks(paper: Paper, row: int) -> Typed:
    """What one more 经费项 begins with: who asks pays, in the year in which it starts."""
    asked = paper.given.get("applicants.0.organisation_id", [])
    today = civil(paper.visit.office.clock())
    year = paper.given.get("starts_on", [""])[0].partition("-")[0] or str(today.year)
    return {f"funding.{row}.payer_id": asked, f"funding.{row}.fiscal_year": [year]}


async def hints(visit: Visit) -> Any:
    """``POST /file/{id}/hints``: the same, as it is typed; who is signed in no longer is told so in
    that place, and goes on typing."""
    if visit.seat is None:
        return shown(visit, "filing/signed_out.html", status=401, headers=PART)
    visit.actor()
    visit.check_token()
    paper = await aside(Paper, visit, visit.id)
    paper.take("what", typed(visit.posted))
    return await aside(lambda: shown(visit, "filing/hints.html", **hinted(paper)._asdict()))


PAGES: list[Line] = [
    ("GET", PATH, begin, BEGIN),
    ("GET", PATH + "/{id:str}/{group:str}", ask, Kind(parameters=frozenset({"draft"}))),
    ("POST", PATH + "/{id:str}/{group:str}", answer, Kind(limit=2 * LIMIT, again=True)),
    ("POST", PATH + "/{id:str}/hints", hints, Kind(open=True)),
]
