"""已成草稿 what became of a filing that was handed on: sent twice, or opened again by the back button,
it leads to the draft that was made of it."""

from typing import Any

from registry.actions.answered import answered
from registry.api.acting import identity
from registry.domain.errors import Refusal
from registry.web.filing.paper import Paper
from registry.web.serving import moved
from registry.web.visit import KEY, Visit

TRIES = "_tries"
MOST = 20
"""Times that handing on may have been refused before it was done."""
_DONE = "request.draft"


def key_of(id: str, tries: int) -> str:
    """The key under which a filing is handed on: one a try, so that what was refused and mended is
    tried anew, and what was done is done once, however often it is sent."""
    return f"{id}-{tries}"


def keyed(paper: Paper) -> None:
    """Hand it on under its own key, whatever the form carries."""
    tries = int(paper.given.get(TRIES, ["0"])[0])
    paper.visit.posted.insert(0, (KEY, key_of(paper.id, tries)))


def tried(paper: Paper) -> None:
    """It was refused: the next time is another try."""
    paper.given[TRIES] = [str(int(paper.given.get(TRIES, ["0"])[0]) + 1)]
    paper.keep()


def already(visit: Visit, missing: Refusal) -> Any:
    """To the draft that was made of it.

    Raises:
        Refusal: ``missing``, where none was.
    """
    actor = visit.actor()
    county = visit.county or actor.county
    for tries in range(MOST):
        body = answered(visit.office, actor, county, key_of(visit.id, tries))
        if body is not None:
            return moved(f"/case/{identity(body)}", done=_DONE)
    raise missing
