"""时钟与编号 the one place that owns the wall clock and randomness; everything else is handed them."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from random import Random

Clock = Callable[[], datetime]
"""Returns the present instant, timezone-aware UTC."""


def wall_clock() -> datetime:
    """The machine's clock."""
    return datetime.now(UTC)


def fixed_clock(at: datetime) -> Clock:
    """A clock that always says ``at`` (``REGISTRY_CLOCK``, demo mode only)."""
    return lambda: at


class Source:
    """编号来源: bytes that nobody can guess, or, seeded, the same bytes every time (seeds, tests)."""

    def __init__(self, seed: int | None = None) -> None:
        self._random = None if seed is None else Random(seed)

    def token(self, length: int) -> bytes:
        """``length`` fresh bytes."""
        if self._random is None:
            return os.urandom(length)
        return self._random.randbytes(length)

    def identifier(self, prefix: str, at: datetime) -> str:
        """A sortable id: prefix, 44 bits of milliseconds, 64 bits of chance."""
        return f"{prefix}-{int(at.timestamp() * 1000):011x}{self.token(8).hex()}"
