"""核对页 every answer before it is a draft: of one matter, or of several filed together (组合申报), each
with what the rules say of it; who records for another (代录) is told so.
"""

from typing import Any

import msgspec

from registry.actions.explaining import ExplainCommand
from registry.actions.staff import aside as kept_forms
from registry.api.acting import carried, identity
from registry.api.acts import EXPLAIN
from registry.api.serving import aside
from registry.domain.errors import Refusal
from registry.domain.filing import Filing, required_gaps
from registry.web.filing.files import copied, of_request
from registry.web.filing.made import keyed, tried
from registry.web.filing.paper import (
    CHECK,
    COPY,
    GROUPS,
    INSEPARABLE,
    PATH,
    REQUEST,
    TITLE,
    VERSION,
    WHOLE,
    Paper,
    of_group,
)
from registry.web.filing.together import another, cover, parts_of, recorded_for
from registry.web.forms.filled import Wrong
from registry.web.named import Named
from registry.web.offers import BY_NAME
from registry.web.serving import moved, shown
from registry.web.visit import Visit

FILES_TOO = "_with_files"
"""抄来附件: ticked on the page, with the word that none of it is secret."""
PART, DROP_PART, SEPARATE = "_part", "_drop_part", "_whole_form"
LETTER = "letter"


class Checked:
    """一项核对: a matter, what is wrong or missing in it, what the rules say of it today."""

    def __init__(self, paper: Paper) -> None:
        self.paper, self.groups = paper, paper.groups()
        self.filing, self.wrong = paper.filled()
        self.explained: Any = None
        self.refusal: Refusal | None = None
        self.gaps = required_gaps(self.filing) if self.filing else []
        if self.filing is not None:
            try:
                self.explained = explained_of(paper, self.filing)
            except Refusal as raised:
                self.refusal = raised

    def at(self, path: str) -> str:
        """The address of the page on which a field is asked."""
        return f"{PATH}/{self.paper.id}/{where(path)}#f-{path}"


def where(path: str) -> str:
    """The page on which a field is asked."""
    return next((group for group, names in GROUPS.items() if of_group(path, names)), "what")


def explained_of(paper: Paper, filing: Filing) -> Any:
    """What the rules say of it today, and the way to yes; nothing is recorded.

    Raises:
        Refusal: as handing in would say.
    """
    return explained(paper.visit, filing, paper.given.get(REQUEST, [None])[0])


def explained(visit: Visit, filing: Filing, request_id: str | None = None) -> Any:
    """The same of any filing."""
    command = ExplainCommand(filing=filing, request_id=request_id)
    call = visit.call(visit.actor(), EXPLAIN.act)
    return visit.office.ask(call, EXPLAIN.make(visit, command)).body


def check(paper: Paper, refusal: Refusal | None = None, status: int = 200) -> Any:
    """The page; what is a part of a whole is checked with the whole."""
    if whole := paper.given.get(WHOLE, [""])[0]:
        return moved(f"{PATH}/{whole}/{CHECK}")
    visit, matters = paper.visit, [Checked(one) for one in (paper, *parts_of(paper))]
    first, title = matters[0], paper.given.get(TITLE, [""])[0]
    behalf = recorded_for(visit, first.filing) if first.filing else None
    if behalf and first.filing and first.filing.letter is None:
        first.gaps.append(LETTER)
    whole_of = visit.tongue.t("filing.whole_of", title=paper.title, count=len(matters))
    return shown(
        visit, "filing/check.html", status=status, paper=paper, matters=matters, refusal=refusal,
        named=Named(visit, [m.filing for m in matters if m.filing]), of_group=GROUPS,
        earlier=of_request(visit, paper.given[COPY][0]) if COPY in paper.given else [],
        behalf=behalf, whole_title=title or whole_of[:200], part_fields=PART_FIELDS,
        inseparable=bool(paper.given.get(INSEPARABLE)), editing=bool(paper.given.get(REQUEST)),
        key=visit.office.source.token(16).hex(),
    )  # fmt: skip


PART_FIELDS = (TITLE, INSEPARABLE)


async def hand_on(paper: Paper) -> Any:
    """``POST`` of the page: one more matter, one fewer, or the answers become a draft of a request,
    which the head of the department signs."""
    visit = paper.visit
    if visit.field(SEPARATE):
        await aside(_whole_kept, paper)
    if visit.field(PART):
        return moved(f"{PATH}/{await aside(another, paper)}/what")
    if dropped := visit.field(DROP_PART):
        mine = {one.id for one in await aside(parts_of, paper)}
        if dropped in mine:
            await aside(kept_forms.drop, visit.office, paper.actor, dropped)
        return moved(f"{PATH}/{paper.id}/{CHECK}")
    return await _handed_on(paper, await aside(parts_of, paper))


def _whole_kept(paper: Paper) -> None:
    """What was typed of the whole is kept like any answer."""
    for name in PART_FIELDS:
        said = paper.visit.field(name)
        paper.given.pop(name, None)
        if said:
            paper.given[name] = [said]
    paper.keep()


async def _handed_on(paper: Paper, parts: list[Paper]) -> Any:
    visit = paper.visit
    filled: list[tuple[Filing | None, list[Wrong]]] = [p.filled() for p in (paper, *parts)]
    filings = [filing for filing, wrong in filled if filing is not None and not wrong]
    if len(filings) < len(filled):
        return await aside(check, paper, None, 422)
    editing = paper.given.get(REQUEST, [""])[0]
    act = BY_NAME["request.edit" if editing else "request.draft"]
    visit.id = editing
    if editing:
        visit.posted.append(("_version", paper.given[VERSION][0]))
    keyed(paper)
    try:
        command = filings[0] if editing else _command(paper, filings, act.command)
        answered = await carried(visit.office, act, (visit, paper.actor), command)
    except Refusal as refusal:
        await aside(tried, paper)
        return await aside(check, paper, refusal, 422)
    made = identity(answered.body)
    refused = await _with_files(paper, made)
    for one in (*parts, paper):
        await aside(kept_forms.drop, visit.office, paper.actor, one.id)
    return moved(f"/attach/request/{made}" if refused else f"/case/{made}", done=act.act)


async def _with_files(paper: Paper, made: str) -> list[Refusal]:
    """附件 of the request it was copied from, where that was ticked; those that were refused."""
    visit = paper.visit
    if not visit.field(FILES_TOO) or not (earlier := paper.given.get(COPY, [""])[0]):
        return []
    visit.posted.append(("_not_secret", "true"))
    return await copied(visit, await aside(of_request, visit, earlier), made, paper.id)


def _command(paper: Paper, filings: list[Filing], form: Any) -> Any:
    told: dict[str, Any] = {"filing": filings[0]}
    if len(filings) > 1:
        told = {"filing": cover(paper, filings), "children": filings,
                "inseparable": bool(paper.given.get(INSEPARABLE))}  # fmt: skip
    behalf = recorded_for(paper.visit, filings[0])
    return msgspec.convert(told | {"on_behalf_of": behalf}, form)
