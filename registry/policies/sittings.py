"""查阅时段 when reading is one sitting, by ``reading.toml``."""

import tomllib
from datetime import timedelta
from functools import cache

from registry.domain.records import Wire
from registry.policies.engine import HERE


class Sittings(Wire, frozen=True, kw_only=True):
    """查阅时段."""

    idle_minutes: int
    longest_minutes: int
    pages: int
    """Different pages that are named; further ones are counted."""

    @property
    def idle(self) -> timedelta:
        """Nothing is read for so long: it was one sitting."""
        return timedelta(minutes=self.idle_minutes)

    @property
    def longest(self) -> timedelta:
        """So long at most is one entry."""
        return timedelta(minutes=self.longest_minutes)


@cache
def shipped() -> Sittings:
    """As it comes with the program."""
    return Sittings(**tomllib.loads((HERE / "reading.toml").read_text("utf-8")))
