"""查找页 what a word finds in a list that a form picks from: asked for as it is typed, by scripts."""

from typing import Any

from registry.actions.office import HIDDEN
from registry.api.serving import aside
from registry.domain.errors import Refusal
from registry.web.forms.choices import MATCHES, OF, Shelf
from registry.web.serving import Kind, Line, shown
from registry.web.visit import LONGEST_NAME, Visit

ASKED = Kind(parameters=frozenset({"q", "path", "many"}))
_LONGEST = 60


async def found(visit: Visit) -> Any:
    """``GET /pick/{list}``: a part of a page, and no page of its own."""
    return await aside(_found, visit)


def _found(visit: Visit) -> Any:
    name = str(visit.request.scope["path_params"]["list"])
    if name not in OF.values():
        raise Refusal(HIDDEN)
    word = visit.query.get("q", "")[:_LONGEST].strip()
    told = Shelf(visit.office, visit.actor(), name, visit.county).look(word=word)
    return shown(
        visit, "parts/picked.html", found=told[:MATCHES], more=len(told) > MATCHES, word=word,
        path=visit.query.get("path", "")[:LONGEST_NAME], several="many" in visit.query,
    )  # fmt: skip


PAGES: list[Line] = [("GET", "/pick/{list:str}", found, ASKED)]
