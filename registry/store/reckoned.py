"""点数 of whom counts are kept: of who sees a whole table, and of who sees a part of it that hangs on
requests, as a street's and a department's do.

What such a reader sees is said by ``visible`` of now; of an event of the past the same words are
asked of the versions that stood then. So the sums of a part are brought forward as those of a whole
county are (``kept``): rows whose request was written since, in whatever of its tables, are taken
off as they were seen then and added as they are seen now.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import BinaryExpression, ColumnElement, Null, Select, Table, select
from sqlalchemy.sql import operators
from sqlalchemy.sql.visitors import replacement_traverse

from registry.domain.approval import Decision, Task
from registry.domain.movement import Movement
from registry.domain.request import Request, Target
from registry.store import tables
from registry.store.kept import Kept, Part
from registry.store.listing import MANY, seen, whole
from registry.store.planned import at_snapshot
from registry.store.visible import Scope

HANGING = frozenset(str(tables.BY_RECORD[kind].name) for kind in (Request, Decision))
"""Tables whose rows are seen for what they name themselves, or through their request alone."""
_THROUGH = (Target, Task, Movement)
"""What says, beside the request itself, who sees it."""


class Known(NamedTuple):
    """记着的: where a reader's counts are kept, and of which part of a table."""

    kept: Kept
    scopes: bytes = b""
    part: Part | None = None

    @property
    def least(self) -> int:
        """Rows from which on it pays to keep them: fewer are counted as fast."""
        return 0 if self.part is None else MANY


def known(kept: Kept, table: Table, scopes: Sequence[Scope]) -> Known | None:
    """Where the counts of scopes of one county are kept; ``None`` = they are counted anew."""
    if whole(table, scopes):
        return Known(kept)
    if table.name not in HANGING or any(one.on or one.within for one in scopes):
        return None
    now = seen(table, scopes).within
    moved = partial(_moved, table, scopes[0].county)
    return Known(kept, msgspec.json.encode(scopes), Part(now, partial(as_of, now), moved))


def _moved(table: Table, county: str, at: int) -> list[Select[Any]]:
    """Ids of rows of which something was written since an event."""
    request = tables.BY_RECORD[Request]
    named = [tables.BY_RECORD[kind] for kind in _THROUGH]
    written = [_since(one, county, at, "request_id") for one in named]
    written.append(_since(request, county, at, "id"))
    if table is request:
        return written
    hung = [
        select(table.c.id).where(table.c.county == county, table.c.request_id.in_(ids))
        for ids in written
    ]  # fmt: skip
    return [_since(table, county, at, "id"), *hung]


def _since(table: Any, county: str, at: int, column: str) -> Select[Any]:
    newer = table.alias("newer")
    return select(newer.c[column]).where(newer.c.county == county, newer.c.event_from > at)


def as_of(now: ColumnElement[bool], at: int) -> ColumnElement[bool]:
    """A condition on what stands now, asked of what stood at an event."""

    def then(element: Any, **_: Any) -> Any:
        if (
            isinstance(element, BinaryExpression) and element.operator is operators.is_
            and isinstance(element.right, Null) and element.left.name == "event_to"
        ):  # fmt: skip
            return at_snapshot(element.left.table, at).self_group()
        return None

    found: ColumnElement[bool] = replacement_traverse(now, {}, then)
    return found
