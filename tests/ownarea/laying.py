"""铺陈 the records of the stories laid down in every place, with what reaches from one to another."""

from typing import Any

import msgspec

from registry.actions.office import Answer, Office
from registry.domain.areas import Area
from registry.domain.conference import Conference
from registry.domain.movement import Movement
from registry.domain.presence import Presence
from registry.domain.records import Record
from registry.domain.request import Request
from registry.domain.vocabulary import Disclosure
from tests.conftest import Hand
from tests.ownarea import placed
from tests.ownarea.placed import NEIGHBOUR, PLACES, Place, World, like, marked
from tests.ownarea.richer import letting, more


def lay(office: Office, found: list[Record]) -> World:
    """The records, laid down in every place."""
    world = World({}, {})
    ids = sorted({r.id for r in found}, key=len, reverse=True)
    for place in PLACES:
        by = Hand(office, "other.head" if place.county == NEIGHBOUR else "county.head",
                  place.county)  # fmt: skip
        moved = placed.moving(place, ids)
        laid = [marked(moved(record), place, world.marks) for record in found]
        besides = [*_crossing(place, laid), *more(place, laid)]
        laid += [marked(r, place, world.marks) for r in besides]
        laid = [_classed(r, place) for r in laid]
        laid = [placed.kept(office, r, world.marks, place) for r in laid]
        laid += letting(place, _path(office, place))

        def verb(desk: Any, laid: list[Record] = laid) -> Answer:
            for record in laid:
                desk.unit.add(record)
            return Answer(body=None)

        by.do(verb)
        world.placed[place.name] = laid
    return world


def _path(office: Office, place: Place) -> str:
    area = office.store.reader.get(Area, place.county, f"a-{place.community}")
    assert area is not None
    return area.path


def _crossing(place: Place, laid: list[Record]) -> list[Record]:
    """What reaches from one place into another: a copy, a word that was asked for, a seat."""
    request = next(r for r in laid if isinstance(r, Request))
    copy = next(r for r in laid if isinstance(r, Movement))
    sat = next(r for r in laid if isinstance(r, Conference))
    fields: dict[str, Any] = {"request_id": request.id, "kind": "copy", "to_person_id": None,
                              "to_organisation_id": None}  # fmt: skip
    if place.name == "here":
        return [
            like(copy, id="cross-copy-body", **fields | {"to_organisation_id": "o-990102-urban"}),
            like(sat, id="cross-seat", seated="|o-990102002|"),
        ]
    if place.name == "next":
        return [like(copy, id="cross-copy-own", **fields | {"to_person_id": "person-street.clerk"})]
    return []


CLASSES = {"beside": "residents", "far": "internal"}
"""Places of which nothing is for the public (P8); of the others what the stories say."""


def _classed(record: Record, place: Place) -> Record:
    """The record with the class of disclosure of its place."""
    kind = CLASSES.get(place.name)
    if kind is None or not isinstance(record, Request | Presence):
        return record
    return msgspec.structs.replace(record, disclosure=Disclosure(kind))
