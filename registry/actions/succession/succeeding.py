"""承继记录 one row for each body or place and who has it, by which old papers keep their names and the
people of the successor see, and may finish, what had ended before.
"""

from collections.abc import Iterable
from typing import Any

from registry.actions.office import Desk
from registry.actions.succession.planning import Found
from registry.actions.succession.successors import BOUND, BodyCommand, ReorganiseCommand, stays
from registry.domain.areas import Area
from registry.domain.people import Organisation
from registry.domain.succession import ChangeKind, Reorganisation, Succession


def successions(
    desk: Desk, record: Reorganisation, command: ReorganiseCommand, made: Found
) -> list[Succession]:
    """The rows, from what everything is called before the change is made."""
    told = list(_told(desk, command, made))
    return [
        Succession(
            county=desk.unit.county, id=f"{record.id}.{n}", reorganisation_id=record.id,
            effective_on=command.effective_on, **fields,
        )
        for n, fields in enumerate(told)
    ]  # fmt: skip


def _told(desk: Desk, command: ReorganiseCommand, made: Found) -> Iterable[dict[str, Any]]:
    if stays(command):
        yield from _renamed(desk, command.successors[0], made.sources[0])
        return
    if command.kind is not ChangeKind.TRANSFER:
        for source in made.sources:
            for body in command.successors:
                yield from _pair(desk, command, source, (body, made))
    for id in sorted(made.heirs.parents):
        place = desk.unit.get(Area, id)
        yield {"object_kind": "area", "object_id": id, "successor_id": id, "path": place.path}


def _renamed(desk: Desk, body: BodyCommand, source: Any) -> Iterable[dict[str, Any]]:
    place = isinstance(source, Area)
    yield {"object_kind": "area" if place else "organisation", "object_id": source.id,
           "successor_id": source.id, "was": source.name, "becomes": body.name}  # fmt: skip
    for seat in desk.places.serving([source.id], list(BOUND)) if place else ():
        yield {"object_kind": "organisation", "object_id": seat.id, "successor_id": seat.id,
               "was": seat.name, "becomes": body.organisation_name or body.name}  # fmt: skip
    for id, becomes in sorted(body.names.items()):
        yield {"object_kind": "organisation", "object_id": id, "successor_id": id,
               "was": desk.unit.get(Organisation, id).name, "becomes": becomes}  # fmt: skip


def _pair(
    desk: Desk, command: ReorganiseCommand, source: Any, to: tuple[BodyCommand, Found]
) -> Iterable[dict[str, Any]]:
    body, made = to
    held = desk.unit.maybe(type(source), body.id)
    # Of several halves the one named for the rest finishes what is left; the others may read.
    acts = command.heir in (None, body.id)
    yield {"object_kind": command.object_kind, "object_id": source.id, "successor_id": body.id,
           "was": source.name, "becomes": body.name or (held.name if held else ""), "acts": acts,
           "path": source.path if isinstance(source, Area) else ""}  # fmt: skip
    seat = made.heirs.seats.get(body.id)
    for old in desk.places.serving([source.id], list(BOUND)) if seat else ():
        new = desk.unit.maybe(Organisation, seat or "")
        yield {"object_kind": "organisation", "object_id": old.id, "successor_id": seat,
               "was": old.name, "acts": acts,
               "becomes": new.name if new else body.organisation_name or body.name}  # fmt: skip
