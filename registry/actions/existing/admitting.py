"""补办准入 what was there becomes what was admitted: the old ends by the decision, boards go over."""

from registry.actions.counting import communities_of
from registry.actions.living.departing import Why, depart
from registry.actions.office import Desk
from registry.actions.presences import move
from registry.actions.walls.closing import lifted
from registry.actions.walls.profiling import TOLD, hanging_for, standing_by
from registry.actions.years.handing_on import pass_on
from registry.domain.existing import LegacyReview, Settlement
from registry.domain.presence import Presence, PresenceState
from registry.domain.request import Request, State
from registry.domain.vocabulary import Trigger

PENDING = frozenset({
    State.DRAFT, State.SUBMITTED, State.ACCEPTED, State.RETURNED, State.IN_REVIEW,
})  # fmt: skip
"""Requests that may still be approved."""
BY_ADMISSION = "已补办准入"


def is_here(desk: Desk, request: Request, presence: Presence) -> bool:
    """Whether a request is for the community in which it is."""
    return presence.area_id in communities_of(desk, request.filing)


def admitted_now(desk: Desk, request: Request) -> None:
    """A request was approved: what was to be admitted by it is, where it reaches so far."""
    named = desk.unit.find(
        LegacyReview, request_id=request.id, settlement=Settlement.ADMITTED.value
    )
    ids = [review.presence_id for review in named]
    for presence in desk.unit.find(Presence, id=ids) if ids else []:
        if presence.state is PresenceState.LEGACY:
            end_by(desk, request, presence)


def end_by(desk: Desk, request: Request, presence: Presence) -> None:
    """The old ends by the decision on the request; nothing where that left its community out."""
    every = desk.unit.find(Presence, request_id=request.id, area_id=presence.area_id)
    if not every:
        return
    for wall in hanging_for(desk, [presence.id]):
        after = standing_by(desk, wall, request)
        fields = {name: getattr(after, name) for name in TOLD}
        lifted(desk, desk.unit.change(wall, presence_id=every[0].id, **fields))
    left = desk.unit.change(
        presence, state=move(presence, "exit"), ended_by=request.decision_id,
        ended_from=presence.state, ended_why=BY_ADMISSION,
    )  # fmt: skip
    pass_on(desk, left, every[0])
    depart(desk, [left], Why(
        trigger=Trigger.ANNUAL_LIST, reason=BY_ADMISSION, decision_id=request.decision_id
    ))  # fmt: skip
