"""交接权限 who may read a handover, and who may add to its papers."""

from registry.actions.office import Desk
from registry.domain.succession import Handover


def parties(handover: Handover) -> set[str | None]:
    """Who handed over, and to whom."""
    return {handover.person_id, *(i.to_person_id for i in handover.items)}


def authorise_all(desk: Desk, act: str, organisations: list[str]) -> None:
    """For each organisation that a handover concerns; for none, the county's."""
    for id in organisations or [""]:
        home = desk.places.home(desk.places.organisation(id)) if id else desk.places.county()
        desk.authorise(act, owners=[id], paths=[home.path])
