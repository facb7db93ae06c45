"""可合并 who else asks the same of one community: what is there twice becomes one (P11)."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from registry.actions.office import Desk
from registry.actions.walls.profiling import LIVE
from registry.domain.presence import Presence, PresenceState
from registry.domain.vocabulary import Kind
from registry.domain.wording import normalise
from registry.policies.measuring.refiling import how_alike
from registry.policies.measuring.registered import similar_rule

_APART = frozenset({Kind.SIGNBOARD, Kind.WALL_NOTICE})
"""Two boards are two boards, whatever stands on them."""


class Alike:
    """同类事项 of some communities, read once."""

    def __init__(self, desk: Desk, bodies: Iterable[str]) -> None:
        rule = similar_rule(desk.rulebook().overlay)
        self._near = rule.near if rule is not None else None
        states = sorted(state.value for state in (*LIVE, PresenceState.LEGACY))
        self._there: dict[tuple[str, Kind], list[Presence]] = defaultdict(list)
        for one in desk.unit.find(Presence, organisation_id=sorted(set(bodies)), state=states):
            self._there[one.organisation_id, one.kind].append(one)

    def before(self, presence: Presence) -> Presence | None:
        """The first of those that ask the same: an admitted one, else whichever was there first;
        ``None`` where it is that itself."""
        if presence.kind in _APART:
            return None
        same = [
            one for one in self._there[presence.organisation_id, presence.kind]
            if one.id == presence.id or self._same(one.title, presence.title)
        ]  # fmt: skip
        first = min(same, key=_turn, default=presence)
        return None if first.id == presence.id else first

    def _same(self, title: str, other: str) -> bool:
        """Where no pack says from which likeness on, only the very same words."""
        if self._near is None:
            return normalise(title) == normalise(other)
        return bool(how_alike(title, other, self._near))


def _turn(presence: Presence) -> tuple[bool, date, str]:
    since = presence.legacy.since if presence.legacy else None
    return presence.request_id is None, since or date.max, presence.id
