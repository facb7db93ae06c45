"""前后对比 which rows are other at one snapshot than at another: found by the event that wrote them."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Integer, Table, case, literal, or_, select, tuple_

from registry.store.planned import Sight, at_snapshot


class Span(NamedTuple):
    """两个快照之间."""

    first: int
    last: int


class Changed(NamedTuple):
    """一行的前后: each as a row, or ``None`` where it was not there, or was not to be seen."""

    at: tuple[int, str]
    """Event that wrote the later version, and the row's id: the order of the list."""
    before: dict[str, Any] | None
    after: dict[str, Any] | None


def changed(
    connection: Connection, of: tuple[Table, Sight], span: Span,
    page: tuple[tuple[int, str] | None, int],
) -> Iterator[Changed]:  # fmt: skip
    """Rows written after the first snapshot and by the last; one that is to be seen neither
    before nor after has both empty.

    Args:
        page: the last row of the page before, and how many are read.
    """
    (table, sight), (after, limit) = of, page
    seen = case((sight.within, 1), else_=0).cast(Integer).label("seen_")
    c = table.c
    query = select(table, seen).where(
        c.county == sight.county, c.event_from > span.first, c.event_from <= span.last,
        or_(c.event_to.is_(None), c.event_to > span.last),
    )  # fmt: skip
    if after is not None:
        here = tuple_(literal(after[0], c.event_from.type), literal(after[1], c.id.type))
        query = query.where(c.event_from >= after[0], tuple_(c.event_from, c.id) > here)
    rows = connection.execute(query.order_by(c.event_from, c.id).limit(limit)).mappings().all()
    former = _former(connection, (of, seen), span.first, [row["id"] for row in rows])
    for row in rows:
        held = dict(row)
        now = held if held.pop("seen_") else None
        yield Changed((row["event_from"], row["id"]), former.get(row["id"]), now)


def _former(
    connection: Connection, of: tuple[tuple[Table, Sight], Any], first: int, ids: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """Of some rows, the versions that stood at the first snapshot and were to be seen."""
    ((table, view), seen), found = of, {}
    if ids:
        query = select(table, seen).where(
            table.c.county == view.county, table.c.id.in_(ids), at_snapshot(table, first)
        )
        for row in connection.execute(query).mappings():
            held = dict(row)
            if held.pop("seen_"):
                found[held["id"]] = held
    return found
