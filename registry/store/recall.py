"""记得 what one act has read, so that it need not ask twice; dropped with the act.

Every part of an act asks for the same case again: its steps, who has it, what was said. Nothing is
remembered from one act to the next, and what the act itself writes is laid over by its unit.
"""

from collections.abc import Callable, Collection
from typing import Any, TypeVar

from registry.domain.records import Record

R = TypeVar("R", bound=Record)
Equals = dict[str, Any]
"""Column → the value it has, or a list of which it is one."""
MOST = 1_000
"""Rows and answers kept at once: a walk over many cases asks for none of them again."""


class Recall:
    """记忆 of one act."""

    def __init__(self) -> None:
        self._rows: dict[tuple[type[Record], str, str], Record | None] = {}
        self._lists: dict[tuple[type[Record], str], list[tuple[Equals, list[Any]]]] = {}
        self._kept = 0

    def row(self, kind: type[R], county: str, id: str, read: Callable[[], R | None]) -> R | None:
        """The row with an id; read where it is not known."""
        key = (kind, county, id)
        if key not in self._rows:
            found = read()
            self._make_room(1)
            self._rows[key] = found
        return self._rows[key]  # type: ignore[return-value]

    def rows(
        self, kind: type[R], county: str, equals: Equals, read: Callable[[], list[R]]
    ) -> list[R]:
        """The rows with these values; read where no question as wide was answered before."""
        for asked, known in self._lists.get((kind, county), ()):
            if asked.items() <= equals.items():
                return chosen(known, {n: v for n, v in equals.items() if n not in asked})
        found = read()
        self._make_room(1 + len(found))
        self.learn(kind, county, equals, found)
        return list(found)

    def learn(self, kind: type[R], county: str, equals: Equals, rows: list[R]) -> None:
        """Keep what a question is answered with, and each of the rows."""
        self._lists.setdefault((kind, county), []).append((equals, rows))
        for row in rows:
            self._rows[kind, county, row.id] = row

    def forget(self, kinds: Collection[type[Record]]) -> None:
        """Rows of these kinds have been written."""
        for key in [key for key in self._rows if key[0] in kinds]:
            del self._rows[key]
        for where in [where for where in self._lists if where[0] in kinds]:
            del self._lists[where]

    def _make_room(self, more: int) -> None:
        self._kept += more
        if self._kept > MOST:
            self._rows.clear()
            self._lists.clear()
            self._kept = more


def chosen(rows: list[R], equals: Equals) -> list[R]:
    """Those of the rows whose fields have these values."""
    return [row for row in rows if all(meets(getattr(row, n), v) for n, v in equals.items())]


def meets(value: Any, wanted: Any) -> bool:
    """Whether a value is the one wanted, or one of those in a list."""
    return value in wanted if isinstance(wanted, list) else bool(value == wanted)
