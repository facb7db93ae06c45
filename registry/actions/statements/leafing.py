"""翻页 which rows of a statement stand on one page, which begins after the row told last."""

from collections.abc import Sequence
from heapq import nsmallest

from registry.actions.owing.arrears import SEPARATOR
from registry.actions.querying.cursors import BAD_CURSOR
from registry.domain.errors import Refusal
from registry.domain.statement import StatementRow
from registry.store.accounted import Spot


def part_of(
    rows: list[StatementRow], after: str | None, limit: int | None
) -> tuple[list[StatementRow], str | None]:  # fmt: skip
    """The rows asked for, and where the following begin.

    Raises:
        Refusal: ``query.cursor``.
    """
    places = [f"{row.existing:d}{SEPARATOR}{row.key}" for row in rows]
    if after is not None and after not in places:
        raise Refusal(BAD_CURSOR)
    first = places.index(after) + 1 if after is not None else 0
    last = len(rows) if limit is None else first + limit
    return rows[first:last], places[last - 1] if last < len(rows) else None


def window(spots: Sequence[Spot], after: str | None, limit: int | None) -> set[Spot]:
    """The rows of a page and one more, and those that only their names tell from its first and
    last.

    Raises:
        Refusal: ``query.cursor``.
    """
    begin: tuple[tuple[int, str], ...] = ()
    if after is not None:
        old, _, key = after.partition(SEPARATOR)
        begin = tuple(spot[:2] for spot in spots if (str(spot[0]), spot[2]) == (old, key))
        if not begin:
            raise Refusal(BAD_CURSOR)
    later = [spot for spot in spots if spot[:2] > begin[0]] if begin else spots
    first = nsmallest((limit or len(spots)) + 1, later)
    tied = {*begin, *(spot[:2] for spot in first[-1:])}
    return {*first, *(spot for spot in spots if spot[:2] in tied)}
