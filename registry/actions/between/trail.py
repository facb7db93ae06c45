"""流转记录 what happened to a case between its steps: one row for each act, whatever the act."""

from typing import Any

from registry.actions.office import Desk
from registry.domain.movement import Movement, MovementKind
from registry.domain.people import PostView


def record(desk: Desk, kind: MovementKind, post: PostView, **fields: Any) -> Movement:
    """Keep who moved what to whom, and why; in whose place, where a post is held for another."""
    return desk.unit.add(
        Movement(
            county=desk.unit.county, id=desk.id("mov"), kind=kind,
            person_id=desk.actor.person_id, organisation_id=post.organisation_id,
            on_behalf_of=desk.on_behalf_of, at=desk.now, **fields,
        )
    )  # fmt: skip
