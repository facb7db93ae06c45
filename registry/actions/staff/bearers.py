"""持令牌人 who a bearer is, remembered for a moment so that each call need not ask the store."""

from datetime import datetime, timedelta

from registry.domain.people import Actor

REMEMBER = timedelta(seconds=1)
"""A revocation works within a second."""
MOST = 10_000
"""Bearers remembered at once: bounds memory."""


class Bearers:
    """持令牌人: remembered for a second."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[datetime, Actor]] = {}

    def get(self, digest: str, now: datetime) -> Actor | None:
        held = self._known.get(digest)
        return held[1] if held and now - held[0] < REMEMBER else None

    def forget(self) -> None:
        """Forget everybody: a post or an account has changed."""
        self._known.clear()

    def put(self, digest: str, now: datetime, actor: Actor) -> None:
        if len(self._known) > MOST:
            self._known.clear()
        self._known[digest] = (now, actor)
