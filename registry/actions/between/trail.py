"""流转记录 what happened to a case between its steps: one row for each act, whatever the act."""

from typing import Any

from registry.actions.numbering import take_paper_number
from registry.actions.office import Desk
from registry.domain.movement import Movement, MovementKind
from registry.domain.people import PostView
from registry.domain.serial import Paper


def record(desk: Desk, kind: MovementKind, post: PostView, **fields: Any) -> Movement:
    """Keep who moved what to whom, and why; in whose place, where a post is held for another."""
    id = desk.id("mov")
    return desk.unit.add(
        Movement(
            county=desk.unit.county, id=id, kind=kind, person_id=desk.actor.person_id,
            organisation_id=post.organisation_id, on_behalf_of=desk.on_behalf_of, at=desk.now,
            number=_number(desk, post, id) if kind is MovementKind.URGE else "", **fields,
        )
    )  # fmt: skip


def _number(desk: Desk, post: PostView, id: str) -> str:
    """编号 of a 催办单, the one movement that goes out as a paper."""
    body = desk.places.organisation(post.organisation_id)
    return take_paper_number(desk, Paper.URGING, body, object_id=id)
