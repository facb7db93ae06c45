"""称呼 what people call the things that a refusal is about: names and titles instead of ids.

The facts of a refusal keep the ids; beside them ``words`` holds what the sentences say. Of a thing
the person may not read nothing is said but the id they gave themselves.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from registry.actions.places import above
from registry.actions.seeing import knows
from registry.domain.agreement import Agreement
from registry.domain.areas import Area
from registry.domain.document import Document
from registry.domain.errors import Refusal
from registry.domain.funds import Voucher
from registry.domain.people import Organisation, Person
from registry.domain.presence import Presence
from registry.domain.records import Record
from registry.domain.request import Request

if TYPE_CHECKING:
    from registry.actions.office import Desk

CALLED: dict[type[Record], Callable[[Any], str]] = {
    Person: lambda r: r.name, Organisation: lambda r: r.name, Area: lambda r: r.name,
    Request: lambda r: f"「{r.title}」", Presence: lambda r: f"「{r.title}」",
    Document: lambda r: f"「{r.name}」", Voucher: lambda r: r.number,
}  # fmt: skip
_BODIES: tuple[type[Record], ...] = (Organisation, Area)
_ANY: tuple[type[Record], ...] = (Person, Organisation, Request, Area, Document)
KINDS: dict[str, tuple[type[Record], ...]] = {
    "person": (Person,), "name": (Person,), "organisation": (Organisation,), "body": _BODIES,
    "successor": _BODIES, "area": (Area,), "request": (Request,), "change": (Request,),
    "agreement": (Agreement,), "document": (Document,), "presence": (Presence,),
    "voucher": (Voucher,), "named": _ANY,
}  # fmt: skip
"""What may stand behind a fact that is an id, or several."""
_SIGN = "、"


def spoken(desk: "Desk", refusal: Refusal) -> Refusal:
    """A refusal whose sentences name what its facts give by id."""
    words = {
        key: called for key in KINDS.keys() & refusal.facts.keys()
        if (called := _called(desk, key, refusal.facts[key])) != refusal.facts[key]
    }  # fmt: skip
    if not words:
        return refusal
    return Refusal(
        refusal.code, rules=refusal.rules, keep=refusal.keep, **refusal.facts, words=words
    )


def _called(desk: "Desk", key: str, told: Any) -> Any:
    if not isinstance(told, str):
        return told
    return _SIGN.join(_name(desk, key, id) or id for id in told.split(_SIGN))


def _name(desk: "Desk", key: str, id: str) -> str:
    """The name of the first thing that has this id, as far as the person may know of it."""
    for kind in KINDS[key]:
        held = _held(desk, kind, id)
        if isinstance(held, Agreement):
            id = held.request_id
            held = desk.unit.maybe(Request, id)
        if held is None:
            continue
        public = isinstance(held, Person | Organisation | Area)
        if public or knows(desk.office, desk.unit, desk.actor, (type(held), id)):
            return CALLED[type(held)](held)
    return ""


def _held(desk: "Desk", kind: type[Record], id: str) -> Record | None:
    """The record here or, of people, bodies and places, above here."""
    if kind not in (Person, Organisation, Area):
        return desk.unit.maybe(kind, id)
    units = (desk.unit.beside(county) for county in above(desk.unit.county))
    return next((found for unit in units if (found := unit.maybe(kind, id)) is not None), None)
