"""存量牌子、机构已清除 the community and the street have both seen that it is gone: what was there
before the registry is there no longer, whatever was to become of it.

A later word of both, or of one against the other, brings it back to be settled as before.
"""

from registry.actions.existing.admitting import close_findings
from registry.actions.living.departing import Why, depart
from registry.actions.office import Desk
from registry.actions.presences import move
from registry.actions.walls.profiling import Wall, hanging_for
from registry.domain.existing import LegacyReview, Settlement, Sheet
from registry.domain.living import Departure, DepartureState
from registry.domain.presence import Presence, PresenceState
from registry.domain.vocabulary import Trigger

SEEN_GONE = "社区和街道（乡镇）都已核实清除"
_ON_WALLS = frozenset({Sheet.BOARDS, Sheet.OFFICES})
"""Sheets whose rows are boards and offices themselves: nothing is left of one once it is gone."""


def end_with(desk: Desk, wall: Wall) -> None:
    """The last that hung or sat there for an old matter of the walls is gone: so is the matter."""
    held = desk.unit.maybe(Presence, wall.presence_id, lock=True) if wall.presence_id else None
    if held is None or held.state is not PresenceState.LEGACY or held.legacy is None:
        return
    if held.legacy.sheet not in _ON_WALLS or hanging_for(desk, [held.id]):
        return
    left = desk.unit.change(
        held, state=move(held, "exit"), ended_from=held.state, ended_why=SEEN_GONE
    )
    depart(desk, [left], Why(trigger=Trigger.ANNUAL_LIST, reason=SEEN_GONE))
    for review in desk.unit.find(LegacyReview, presence_id=held.id):
        desk.unit.change(
            review, settlement=Settlement.CLEARED, settled_on=desk.today,
            settled_by=desk.actor.person_id, reason=SEEN_GONE, request_id=None,
        )  # fmt: skip
        close_findings(desk, review.id)


def back_with(desk: Desk, wall: Wall) -> None:
    """It is not gone, or not surely: the matter that had ended by that is to be settled again."""
    held = desk.unit.maybe(Presence, wall.presence_id, lock=True) if wall.presence_id else None
    if held is None or held.ended_why != SEEN_GONE or held.ended_from is None:
        return
    desk.unit.change(held, state=held.ended_from, ended_from=None, ended_why="")
    for left in desk.unit.find(Departure, presence_id=held.id):
        if left.back_on is None:
            desk.unit.change(left, back_on=desk.today, state=DepartureState.SETTLED)
    for review in desk.unit.find(LegacyReview, presence_id=held.id):
        desk.unit.change(
            review, settlement=None, settled_on=None, settled_by=None, reason="", overdue=False
        )
