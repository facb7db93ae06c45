"""公文页 a paper as a page to print, as docx, as PDF: the very thing that the API gives."""

from functools import partial
from typing import Any
from urllib.parse import quote

from litestar.response.base import ASGIResponse

from registry.actions.office import HIDDEN
from registry.actions.papers import archive, blank, drawing, finding, kinds, page
from registry.actions.papers.kinds import BY_WORD, PaperKind
from registry.api.lists import RESOURCES
from registry.api.paper_forms import FORMS
from registry.api.serving import aside
from registry.domain.errors import Refusal
from registry.domain.paper import Paper
from registry.domain.request import Request
from registry.web.serving import HEADERS, PLAIN, Kind, Line, shown
from registry.web.shell import may
from registry.web.visit import Visit

_NAMED = 80
"""Letters of a file's name."""
_TYPED = 200
FINDS = Kind(parameters=frozenset({"number"}))
_BARRED = dict.fromkeys(map(ord, '\\/:*?"<>|\n\t'), "_")


def _kind(visit: Visit) -> PaperKind:
    kind = BY_WORD.get(visit.request.scope["path_params"]["kind"])
    if kind is None:
        raise Refusal(HIDDEN)
    return kind


async def paper(visit: Visit) -> Any:
    """``GET /papers/{kind}/{id}``: the page; with ``.pdf`` and the like behind it, the file."""
    kind, (id, _, form) = _kind(visit), visit.id.rpartition(".")
    if form not in FORMS:
        id, form = visit.id, ""
    made = await aside(_made, visit, kind, id)
    if form:
        return await aside(_file, made, form)
    return await aside(partial(
        shown, visit, "papers/paper.html", kind=kind, id=id, paper=drawing.cleaned(made),
        article=page.article(made), forms=list(FORMS), county=visit.county,
    ))  # fmt: skip


def _made(visit: Visit, kind: PaperKind, id: str) -> Paper:
    call = visit.call(visit.actor(), "paper.read")
    visit.opens = id if kind.record is Request else ""
    return kinds.made(visit.office, call, kind.word, id)


def _file(made: Paper, form: str) -> ASGIResponse:
    how = FORMS[form]
    named = "-".join(filter(None, (made.title, made.number or made.reference)))
    return handed(how.make(made), how.media, f"{named}.{form}")


def handed(body: bytes, media: str, name: str) -> ASGIResponse:
    """A file to keep, by a name that people know it by."""
    stem, _, ending = drawing.plain(name).rpartition(".")
    kept = f"{stem.translate(_BARRED)[:_NAMED]}.{ending}"
    told = f"attachment; filename*=UTF-8''{quote(kept, safe='')}"
    headers = HEADERS | {"content-disposition": told}
    # The framework tells the encoding of a text itself.
    return ASGIResponse(body=body, media_type=media.partition(";")[0], headers=headers)


async def volume(visit: Visit) -> Any:
    """``GET /papers/archive/{id}.zip``: the whole file of a closed case."""
    visit.opens = visit.id.removesuffix(".zip")
    name, octets = await aside(_packed, visit, visit.opens)
    return handed(octets, archive.MEDIA, name)


def _packed(visit: Visit, id: str) -> tuple[str, bytes]:
    return archive.volume(visit.office, visit.call(visit.actor(), "request.read"), id)


async def find(visit: Visit) -> Any:
    """``GET /papers``: what bears a number, or a 查询号, that somebody reads out."""
    return await aside(_found, visit)


def _found(visit: Visit) -> Any:
    number = visit.query.get("number", "")[:_TYPED]
    told = finding.find(visit.office, visit.call(visit.actor(), "paper.read"), number)
    return shown(
        visit, "papers/find.html", number=number, found=told.items, kinds=RESOURCES,
        blank=may(visit.office, visit.actor(), blank.ACT),
    )  # fmt: skip


PAGES: list[Line] = [
    ("GET", "/papers", find, FINDS),
    ("GET", "/papers/archive/{id:str}", volume, PLAIN),
    ("GET", "/papers/{kind:str}/{id:str}", paper, PLAIN),
]
