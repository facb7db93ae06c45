"""回避 who asks a matter of a community enters nothing for the community in it, and does not let it
stay (P13).
"""

from registry.actions.bodies import asking
from registry.actions.office import Desk
from registry.actions.ties import Found
from registry.domain.presence import Presence
from registry.domain.request import Request


def by_who_asks(desk: Desk, presence: Presence) -> Found:
    """``applicant``: a street enters for a community what it was told, but nothing of a matter that
    it asks of the community itself."""
    whose = {presence.department_id}
    if presence.request_id is not None:
        whose |= asking(desk.unit.get(Request, presence.request_id))
    return lambda post: ["applicant"] if post.organisation_id in whose else []
