"""地点 a place that is asked of by its name or code, on pages that narrow by one."""

from registry.api.serving import aside
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.web.forms.choices import MATCHES, Option, Shelf, choosing
from registry.web.named import AREAS
from registry.web.visit import Visit

NAMED = declare(
    "place.named", RefusalKind.INVALID, "「{word}」不是一个地方的名称，请写全名或者代码；名称相近的：{found}",
    "{word} names no one place: write its whole name or its code. Like it: {found}.",
)  # fmt: skip


async def placed(visit: Visit) -> None:
    """A place that was typed by its name is asked for by its id."""
    if word := visit.query.get("area", "").strip():
        visit.query["area"] = await aside(_place, visit, word)


def _place(visit: Visit, word: str) -> str:
    """The one place that a word names; a code or an id as it stands.

    Raises:
        Refusal: ``place.named`` where it names none, or several, which it tells.
    """
    if word.isascii():
        return word
    found = _areas(visit).look(word=word)
    exact = [one for one in found if one.name.split()[0] == word]
    if len(exact or found) != 1:
        names = "、".join(one.name for one in (exact or found)[:MATCHES])
        raise Refusal(NAMED, word=word, found=names or "—")
    return (exact or found)[0].id


def _areas(visit: Visit) -> Shelf:
    return Shelf(visit.office, visit.actor(), AREAS, visit.county)


def named_places(visit: Visit) -> list[Option]:
    """Places to pick from as one types, where they are few."""
    held = choosing(_areas(visit))
    return [] if held.more else list(held)
