"""时钟与编号 the one place that owns the wall clock and randomness; everything else is handed them."""

import os
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
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


_IDENTIFIER = re.compile(r"[a-z]+-([0-9a-f]{11})[0-9a-f]{16}")
_BEGIN = datetime(1970, 1, 1, tzinfo=UTC)


def instant_of(id: str) -> datetime | None:
    """When a ``Source`` made an id, to the millisecond; ``None`` = it made none such."""
    found = _IDENTIFIER.fullmatch(id)
    return None if found is None else _BEGIN + timedelta(milliseconds=int(found[1], 16))
