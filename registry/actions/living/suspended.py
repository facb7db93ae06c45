"""暂停记录 which suspensions of a presence are open, and how they end."""

from typing import Any

from registry.actions.office import Desk
from registry.domain.living import Suspension
from registry.domain.presence import Presence


def open_of(desk: Desk, presence: Presence) -> list[Suspension]:
    """The suspensions of a presence that have not ended."""
    return desk.unit.find(Suspension, presence_id=presence.id, resumed_on=None)


def ended(desk: Desk, why: str) -> dict[str, Any]:
    """What a suspension says once it is one no more."""
    return {"resumed_on": desk.today, "resumed_by": desk.actor.person_id, "resumed_why": why}


def end_suspensions(desk: Desk, presence_ids: list[str], why: str) -> None:
    """Whatever was suspended is over with the matter itself: it was completed, or is gone."""
    for one in desk.unit.find(Suspension, presence_id=presence_ids, resumed_on=None):
        desk.unit.change(one, **ended(desk, why), over=True)
