"""补办准入 what was there becomes what was admitted: the old ends by the decision, boards go over."""

from registry.actions.counting import communities_of
from registry.actions.doubting import keeping
from registry.actions.doubting.communities import LEGACY_OVERDUE
from registry.actions.living.departing import Why, depart
from registry.actions.office import Desk
from registry.actions.presences import move
from registry.actions.walls.closing import lifted
from registry.actions.walls.profiling import LIVE, TOLD, hanging_for, standing_by
from registry.actions.years.handing_on import pass_on
from registry.domain.existing import LegacyReview, Settlement
from registry.domain.presence import Presence, PresenceState
from registry.domain.request import Request, State
from registry.domain.vocabulary import Trigger

PENDING = frozenset({
    State.DRAFT, State.SUBMITTED, State.ACCEPTED, State.RETURNED, State.IN_REVIEW,
})  # fmt: skip
"""Requests that may still be approved."""
UNDER_WAY = frozenset({State.SUBMITTED, State.ACCEPTED, State.IN_REVIEW})
"""Of these, those with whoever decides: the time for settling waits for them, and not for a draft
or for what was returned, which lie with who asks."""
BY_ADMISSION = "已补办准入"


def is_here(desk: Desk, request: Request, presence: Presence) -> bool:
    """Whether a request is for the community in which it is."""
    return presence.area_id in communities_of(desk, request.filing)


def admitted_now(desk: Desk, request: Request) -> None:
    """A request was approved: what was to be admitted by it is, where it reaches so far."""
    named = {review.presence_id: review for review in being_admitted(desk, request.id)}
    for presence in desk.unit.find(Presence, id=sorted(named)) if named else []:
        if presence.state is PresenceState.LEGACY and end_by(desk, request, presence):
            review = named[presence.id]
            desk.unit.change(review, settlement=Settlement.ADMITTED, settled_on=desk.today)
            close_findings(desk, review.id)


def being_admitted(desk: Desk, request_id: str) -> list[LegacyReview]:
    """补办准入 what is to end by the approval of a request."""
    named = desk.unit.find(LegacyReview, request_id=request_id)
    return [one for one in named if one.settlement in (None, Settlement.ADMITTED)]


def close_findings(desk: Desk, review_id: str) -> None:
    """Nobody is late with it any more."""
    for held in keeping.open_of(desk, LEGACY_OVERDUE.code, object_id=review_id):
        keeping.close(desk, held.id)


def end_by(desk: Desk, request: Request, presence: Presence) -> bool:
    """The old ends by the decision on the request; not where that left its community out, or what
    it admitted there is over already."""
    every = desk.unit.find(Presence, request_id=request.id, area_id=presence.area_id)
    there = [one for one in every if one.state in LIVE]
    if not there:
        return False
    new = next((one for one in there if one.receiver is presence.receiver), there[0])
    for wall in hanging_for(desk, [presence.id]):
        after = standing_by(desk, wall, request)
        fields = {name: getattr(after, name) for name in TOLD}
        lifted(desk, desk.unit.change(wall, presence_id=new.id, **fields))
    left = desk.unit.change(
        presence, state=move(presence, "exit"), ended_by=request.decision_id,
        ended_from=presence.state, ended_why=BY_ADMISSION,
    )  # fmt: skip
    pass_on(desk, left, every[0])
    depart(desk, [left], Why(
        trigger=Trigger.ANNUAL_LIST, reason=BY_ADMISSION, decision_id=request.decision_id,
        goes_on=True,
    ))  # fmt: skip
    return True
