"""空白表页 blank applications on reserved numbers: those still free, to print, and more (P40)."""

from functools import partial
from typing import Any

import msgspec

from registry.actions.papers import blank, page
from registry.actions.staff.powers import forbidding
from registry.api.acting import carried
from registry.api.paper_forms import FORMS
from registry.api.serving import aside
from registry.domain.errors import Refusal
from registry.domain.paper import Paper
from registry.web.named import Named
from registry.web.offers import BY_NAME
from registry.web.papers import handed
from registry.web.serving import Kind, Line, moved, shown
from registry.web.visit import Visit

PAGE = "/papers/blank"
LISTS = Kind()
PRINTS = Kind(parameters=frozenset({"number"}))


def _bodies(visit: Visit) -> list[str]:
    """Organisations for which the person may reserve, by the posts they hold."""
    actor, access = visit.actor(), visit.office.access
    may = [p for p in actor.posts if p.serves(blank.ACT) and access.relations(p.role, blank.ACT)]
    return list(dict.fromkeys(post.organisation_id for post in may))


async def forms(visit: Visit) -> Any:
    """``GET /papers/blank``: numbers that are free, for each body of the person."""
    return await aside(_listed, visit)


def _listed(visit: Visit, refusal: Refusal | None = None) -> Any:
    call = visit.call(visit.actor(), blank.ACT)
    bodies = _bodies(visit)
    if not bodies:
        raise forbidding(visit.office.access, blank.ACT, ())
    free = [blank.free(visit.office, call, body) for body in bodies]
    named = Named(visit, free)
    key = visit.office.source.token(16).hex()
    return shown(
        visit, "papers/blank.html", status=422 if refusal else 200, free=free, named=named,
        refusal=refusal, key=key, forms=list(FORMS), act=BY_NAME[blank.ACT],
    )  # fmt: skip


async def reserve(visit: Visit) -> Any:
    """``POST /papers/blank``: some more of them."""
    typed = {"organisation_id": visit.field("organisation_id"), "count": visit.field("count")}
    try:
        command = msgspec.convert(typed, blank.ReserveCommand, strict=False)
        await carried(visit.office, BY_NAME[blank.ACT], (visit, visit.actor()), command)
    except msgspec.ValidationError:
        return await aside(_listed, visit, Refusal(blank.COUNT))
    except Refusal as refusal:
        return await aside(_listed, visit, refusal)
    return moved(PAGE)


async def printed(visit: Visit) -> Any:
    """``GET /papers/blank/{id}``: one form; with ``.docx`` or ``.pdf`` behind the id, the file."""
    id, _, form = visit.id.rpartition(".")
    if form not in FORMS:
        id, form = visit.id, ""
    number = visit.query.get("number", "")
    paper = await aside(_form, visit, id, number)
    if form:
        made = await aside(FORMS[form].make, paper)
        return handed(made, FORMS[form].media, f"{paper.title}-{number}.{form}")
    return await aside(partial(
        shown, visit, "papers/paper.html", kind=None, id=id, paper=paper,
        article=page.article(paper),
        forms=list(FORMS), number=number, county=None,
    ))  # fmt: skip


def _form(visit: Visit, id: str, number: str) -> Paper:
    return blank.form(visit.office, visit.call(visit.actor(), blank.ACT), id, number)


PAGES: list[Line] = [
    ("GET", PAGE, forms, LISTS),
    ("POST", PAGE, reserve, LISTS),
    ("GET", PAGE + "/{id:str}", printed, PRINTS),
]
