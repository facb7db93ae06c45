"""断路 a line that is down is left alone for a while, then tried with one call."""

from datetime import datetime, timedelta
from threading import Lock


class Circuit:
    """断路器 of one line."""

    def __init__(self, limit: int, rest: timedelta) -> None:
        """``limit`` = failures one after another that open it; ``rest`` = for how long."""
        self._limit, self._rest = limit, rest
        self._failed = 0
        self._until: datetime | None = None
        self._lock = Lock()

    def admits(self, now: datetime) -> bool:
        """Whether a call may be made; after the rest one is let through, and no other with it."""
        with self._lock:
            if self._until is None:
                return True
            if now < self._until:
                return False
            self._until = now + self._rest
            return True

    def note(self, now: datetime, *, down: bool) -> None:
        """What a call showed: the line is down, or it answers."""
        with self._lock:
            if not down:
                self._failed, self._until = 0, None
                return
            self._failed += 1
            if self._failed >= self._limit:
                self._until = now + self._rest
