"""代谁 whose post a form would be handed in by, where it is none of the person's own."""

from typing import Any

from registry.actions.acted import names_of
from registry.actions.box_facts import for_whom
from registry.actions.office import Office
from registry.domain.approval import Task
from registry.domain.areas import Relation
from registry.domain.people import Actor
from registry.web.visit import Visit


def behalf(visit: Visit, act: str, subject: Any) -> str:
    """The name of whoever one would stand in for; empty = one acts by a post of one's own."""
    office, actor = visit.office, visit.actor()
    known = isinstance(subject, Task)
    whose = for_whom(office, actor, subject) if known else _only(office, actor, act)
    if whose is None:
        return ""
    return names_of(office, visit.county or actor.county, [whose]).get(whose, "")


def _only(office: Office, actor: Actor, act: str) -> str | None:
    """Whose posts alone let the person do the act; ``None`` where one of their own does."""
    held = [
        post.on_behalf_of for post in actor.posts
        if post.serves(act) and Relation.OWN in office.access.relations(post.role, act)
    ]  # fmt: skip
    return held[0] if held and None not in held else None
