"""登录会话 how long a browser stays signed in, by ``sessions.toml``."""

import tomllib
from datetime import timedelta
from functools import cache

from registry.domain.records import Wire
from registry.policies.engine import HERE


class Limits(Wire, frozen=True, kw_only=True):
    """会话时限."""

    idle_minutes: int
    longest_hours: int
    turn_minutes: int
    first_password_days: int

    @property
    def idle(self) -> timedelta:
        """Unused for so long: it is over."""
        return timedelta(minutes=self.idle_minutes)

    @property
    def longest(self) -> timedelta:
        """It lasts no longer, however much it is used."""
        return timedelta(hours=self.longest_hours)

    @property
    def turn(self) -> timedelta:
        """After so long its secret is exchanged."""
        return timedelta(minutes=self.turn_minutes)

    @property
    def first_password(self) -> timedelta:
        """A password that was given by another can be used for so long."""
        return timedelta(days=self.first_password_days)


@cache
def shipped() -> Limits:
    """As it comes with the program."""
    return Limits(**tomllib.loads((HERE / "sessions.toml").read_text("utf-8")))
