"""件数 how many rows of a list there are for who asks, by the very conditions of the list."""

from collections.abc import Sequence
from typing import Any

import msgspec

from registry.actions import reading
from registry.actions.office import Office
from registry.actions.querying import narrowing
from registry.actions.reading import ListQuery, Look
from registry.actions.seeing import ACT, scopes, with_records
from registry.domain.document import Document
from registry.domain.people import Actor
from registry.store import sums
from registry.store.listing import seen, table_of, timed
from registry.store.reckoned import known


def many(office: Office, actor: Actor, kind: type[Any], query: ListQuery) -> int | None:
    """The number of rows; ``None`` = the person reads none of these records.

    Raises:
        Refusal: ``query.slow``, and as the list of the kind says.
    """
    found = many_of_each(office, actor, kind, [query])
    return None if found is None else found[0]


def many_at_once(office: Office, actor: Actor, kind: type[Any], query: ListQuery) -> int | None:
    """The number of rows for who sees all of the county, of whom they are counted without looking
    at each; ``None`` = for others that would take as long as their list.

    Raises:
        Refusal: as ``many``.
    """
    seen = scopes(office, actor, ACT[kind], query.county or actor.county)
    return many(office, actor, kind, query) if any(scope.whole for scope in seen) else None


def many_of_each(
    office: Office, actor: Actor, kind: type[Any], queries: Sequence[ListQuery]
) -> list[int] | None:
    """The same of several questions of one list, in one statement where they differ by conditions
    alone; ``None`` = the person reads none of these records.

    Args:
        queries: of one county.

    Raises:
        Refusal: ``query.slow``, and as the list of the kind says.
    """
    county = queries[0].county or actor.county
    within = scopes(office, actor, ACT[kind], county)
    if kind is Document:
        within += with_records(office, actor, county)
    own = narrowing.within(within, county) if within else []
    if not own:
        return None
    look, table = Look(office, actor, kind, own), table_of(kind)
    pages = [reading.asking(look, query)[0] for query in queries]
    alike = len({msgspec.json.encode(msgspec.structs.replace(p, where=[])) for p in pages}) == 1
    with office.store.reader.moment() as connection, timed(connection):
        of = (table, seen(table, own))
        if alike and len(pages) > 1:
            kept = known(office.store.reader.kept, table, own)
            return sums.tallied(connection, of, pages, kept=kept)
        told = [sums.counted(connection, of, page, ([], None)) for page in pages]
    return [sum(group.rows for group in one) for one in told]
