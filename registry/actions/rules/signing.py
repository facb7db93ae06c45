"""两人签署 what takes two people: whoever proposed it does not sign it, whatever posts they hold."""

from registry.actions.office import TIED, Desk
from registry.actions.ties import acting
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.people import PostView
from registry.domain.records import NATION

SAME_PERSON = declare(
    "signature.same_person", RefusalKind.FORBIDDEN, "提出人不得自己签署，须由另一人办理",
    "Whoever proposed it may not sign it: another person must.", recorded=True,
)  # fmt: skip


def county_paths(desk: Desk) -> list[str]:
    """Area paths of what belongs to a whole jurisdiction, for the access tables."""
    if desk.unit.county == NATION or desk.actor.cli:
        return ["/"]
    path = desk.office.county_path(desk.unit.county)
    return [path] if path else ["/"]


def sign_second(desk: Desk, act: str, *first: str | None) -> PostView:
    """Let the second signature pass by Casbin.

    Args:
        act: e.g. ``pack.publish``.
        first: id of the person who proposed, and of whoever it was proposed for.

    Raises:
        Refusal: ``signature.same_person`` where only that stands in the way, else
            ``access.forbidden``.
    """
    paths = county_paths(desk)

    def ties(post: PostView) -> list[str]:
        return ["proposed"] if acting(desk, post) & set(first) else []

    try:
        return desk.authorise(act, paths=paths, ties=ties)
    except Refusal as refusal:
        if refusal.code != TIED:
            raise
        raise Refusal(SAME_PERSON) from refusal
