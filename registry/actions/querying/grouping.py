"""分组统计 counts and sums of what the person asking may see, by fixed dimensions; never a ranking."""

from collections.abc import Sequence
from typing import Any

from registry.actions import reading
from registry.actions.querying import narrowing
from registry.actions.reading import ListQuery, Look
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.records import Wire
from registry.store import sums
from registry.store.listing import SLOW as SLOW  # noqa: PLC0414 - an answer of every count
from registry.store.listing import heads, seen, table_of, timed
from registry.store.reckoned import known as kept_for
from registry.store.sums import TOO_MANY as TOO_MANY  # noqa: PLC0414 - an answer of every count
from registry.store.sums import Group

UNCOUNTED = declare(
    "query.uncounted", RefusalKind.MALFORMED,
    "此类记录不能这样统计。可用的维度：{dimensions}；可求和：{sums}；条件须在其中，或是能直接找到记录的",
    "Records of this kind are not counted so. Dimensions: {dimensions}; sums: {sums}; conditions "
    "are among these, or find the records by themselves.",
)  # fmt: skip
MOST = 3
"""Dimensions of one count."""
_SHORT = ("month", "year")


class Counts(Wire, frozen=True, kw_only=True):
    """统计: the groups in order of their codes; ``sum`` in 分 where an amount was added up."""

    resource: str
    by: list[str]
    sum: str | None = None
    items: list[Group]
    snapshot: int


def counts(
    look: Look, name: str, query: ListQuery, what: tuple[Sequence[str], str | None]
) -> Counts:
    """Count and add up.

    Args:
        name: of the resource.
        what: names of dimensions, and of what is added up.

    Raises:
        Refusal: ``query.uncounted``, ``query.groups``, ``access.reading``, ``query.slow``.
    """
    office, kind = look.office, look.kind
    (by, amount), table = what, table_of(kind)
    page, scopes = reading.asking(look, query)
    known = sums.dimensions(table)
    named = [_named(one, list(known)) for one in by]
    allowed = len(by) <= MOST and all(one in known for one in named)
    if not allowed or not (amount is None or amount in sums.summed(table)):
        raise _uncounted(kind)
    if page.text or page.terms is not None or not known or not sums.covered(table, page):
        raise _uncounted(kind)
    county = query.county or look.actor.county
    own = narrowing.within(scopes, county)
    if not own:
        raise Refusal(reading.NOT_READABLE)
    with office.store.reader.moment() as connection, timed(connection):
        snapshot = page.as_of if page.as_of is not None else heads(connection, [county])[county]
        asked = ([known[one] for one in named], amount)
        kept = kept_for(office.store.reader.kept, table, own)
        found = sums.counted(connection, (table, seen(table, own)), page, asked, kept=kept)
    return Counts(resource=name, by=list(by), sum=amount, items=found, snapshot=snapshot)


def _named(name: str, known: list[str]) -> str:
    """``month`` and ``year`` alone mean those of the one day there is."""
    fits = [one for one in known if one.endswith(f".{name}")]
    return fits[0] if name in _SHORT and name not in known and len(fits) == 1 else name


def _uncounted(kind: type[Any]) -> Refusal:
    table = table_of(kind)
    return Refusal(
        UNCOUNTED, dimensions="、".join(sums.dimensions(table)) or "无",
        sums="、".join(sums.summed(table)) or "无",
    )  # fmt: skip
