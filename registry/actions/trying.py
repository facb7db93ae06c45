"""逐项尝试 what the passing of time brings, each thing by itself: what fails is told in the server's
log and counted, and holds up nothing else.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from registry.actions.office import Office
from registry.domain.errors import Refusal

_log = logging.getLogger("registry.trying")


class Trying:
    """一轮 of things that are tried one after another."""

    def __init__(self, office: Office) -> None:
        self._counts = office.failed
        self._told: set[tuple[str, str, str]] = set()
        self.failed = 0
        """How many of this round."""

    @contextmanager
    def __call__(self, what: str, county: str = "") -> Iterator[None]:
        """Try one thing; where it fails whoever tries goes on with the next. The same failure of
        the same things is told once a round."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 - whatever it was, the rest goes on
            self.failed += 1
            self._counts[what] += 1
            code = error.code if isinstance(error, Refusal) else type(error).__name__
            if (what, county, code) not in self._told:
                self._told.add((what, county, code))
                _log.exception("%s of %s failed", what, county or "the whole")
