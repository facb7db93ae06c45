"""各方 whose a matter in a community is: who carries it, who asks it, who decided it."""

from registry.actions.filing import owners
from registry.actions.office import Desk
from registry.domain.approval import Decision
from registry.domain.presence import Presence
from registry.domain.request import Request


def request_of(desk: Desk, presence: Presence) -> Request | None:
    """The admission that a presence rests on; ``None`` = it was there before the registry."""
    return desk.unit.get(Request, presence.request_id) if presence.request_id else None


def asking_side(request: Request | None, presence: Presence) -> list[str]:
    """要求单位: the organisations that ask it of the community."""
    if request is not None:
        return owners(request)
    return [presence.department_id] if presence.department_id else []


def deciding_side(desk: Desk, request: Request | None) -> list[str]:
    """决定单位: the body whose decision it rests on, and who ratified that."""
    if request is None or request.decision_id is None:
        return []
    decision = desk.unit.get(Decision, request.decision_id)
    return [id for id in (decision.organisation_id, decision.ratified_by) if id]
