"""前后对比 which records came, changed or went between two snapshots, as one person sees them."""

from typing import Any, NamedTuple

from registry.actions import reading
from registry.actions.office import Office
from registry.actions.querying import cursors, narrowing
from registry.actions.reading import ListQuery, Look
from registry.domain.audit import Event
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.notice import Notice
from registry.store.changes import Changed, Span, changed
from registry.store.listing import SLOW as SLOW  # noqa: PLC0414 - an answer of every comparison
from registry.store.listing import heads, record_of, seen, table_of, timed
from registry.store.planned import Position

BAD_SPAN = declare(
    "query.span", RefusalKind.MALFORMED, "as_of 应为 A..B：两个事件序号或时刻，前者不晚于后者",
    "as_of is A..B: two event numbers or instants, the first no later than the second.",
)  # fmt: skip
_BETWEEN = ".."
_APART = (Event, Notice)
"""The log is read by its numbers; what one was told is one's own."""
_ROUNDS = 8
"""How often more is read where little of it is to be seen; then the page ends early."""


class Pair(NamedTuple):
    """一条记录的前后."""

    before: Any | None
    after: Any | None


class Pairs(NamedTuple):
    """一页前后对比."""

    items: list[Pair]
    next: str | None
    span: Span


def differences(look: Look, query: ListQuery, between: str) -> Pairs:
    """One page of what is other at the later snapshot than at the earlier.

    Args:
        between: ``A..B``; without B, now.

    Raises:
        Refusal: ``query.span``, ``query.as_of``, ``query.cursor``, ``access.reading``.
    """
    office, kind = look.office, look.kind
    if kind in _APART or between.count(_BETWEEN) != 1:
        raise Refusal(BAD_SPAN)
    county = query.county or look.actor.county
    scopes = narrowing.within(look.seen, county)
    if not scopes:
        raise Refusal(reading.NOT_READABLE)
    with office.store.reader.moment() as connection, timed(connection):
        span = _span(office, county, between, heads(connection, [county]).get(county, 0))
        bound = cursors.mark("diff", kind.__name__, county, between)
        sight, rows = seen(table_of(kind), scopes), list[Changed]()
        at, more = _after(query.after, bound), True
        for _ in range(_ROUNDS):
            here = list(changed(connection, (table_of(kind), sight), span, (at, query.limit)))
            more = len(here) == query.limit
            rows += [one for one in here if one.before is not None or one.after is not None]
            at = here[-1].at if here else at
            if not more or len(rows) >= query.limit:
                break
    kept = rows[: query.limit]
    if len(rows) > len(kept):
        at, more = kept[-1].at, True
    told = None if not more or at is None else Position(county, at[0], at[1])
    return Pairs(
        [Pair(_record(kind, one.before), _record(kind, one.after)) for one in kept],
        None if told is None else cursors.written(told, bound), span,
    )  # fmt: skip


def _after(word: str | None, bound: str) -> tuple[int, str] | None:
    if word is None:
        return None
    found = cursors.read(word, bound, str, numbered=True)
    return int(found.key), str(found.value)


def _span(office: Office, county: str, between: str, head: int) -> Span:
    first, _, last = between.partition(_BETWEEN)
    began = reading.moment(office, county, first)
    ended = reading.moment(office, county, last or None)
    span = Span(began or 0, head if ended is None else min(ended, head))
    if not first or span.first > span.last:
        raise Refusal(BAD_SPAN)
    return span


def _record(kind: type[Any], row: dict[str, Any] | None) -> Any | None:
    return None if row is None else record_of(kind, row)
