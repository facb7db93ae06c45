"""地点 a place that is asked of by its name or code, on pages that narrow by one."""

from registry.api.serving import aside
from registry.web.forms.choices import Option, Shelf, choosing
from registry.web.named import AREAS
from registry.web.visit import Visit


async def placed(visit: Visit) -> None:
    """A place that was typed by its name is asked for by its id."""
    if word := visit.query.get("area", "").strip():
        visit.query["area"] = await aside(_place, visit, word)


def _place(visit: Visit, word: str) -> str:
    """The one place that a word names; else the word, which the question then refuses."""
    if word.isascii():
        return word
    found = _areas(visit).look(word=word)
    exact = [one for one in found if one.name.split()[0] == word]
    return (exact or found)[0].id if len(exact or found) == 1 else word


def _areas(visit: Visit) -> Shelf:
    return Shelf(visit.office, visit.actor(), AREAS, visit.county)


def named_places(visit: Visit) -> list[Option]:
    """Places to pick from as one types, where they are few."""
    held = choosing(_areas(visit))
    return [] if held.more else list(held)
