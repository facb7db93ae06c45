"""件数 how many rows of a list there are for who asks, by the very conditions of the list."""

from typing import Any

from registry.actions import reading
from registry.actions.office import Office
from registry.actions.querying import narrowing
from registry.actions.reading import ListQuery, Look
from registry.actions.seeing import ACT, scopes, with_records
from registry.domain.document import Document
from registry.domain.people import Actor
from registry.store import sums
from registry.store.listing import seen, table_of, timed


def many(office: Office, actor: Actor, kind: type[Any], query: ListQuery) -> int | None:
    """The number of rows; ``None`` = the person reads none of these records.

    Raises:
        Refusal: ``query.slow``, and as the list of the kind says.
    """
    county = query.county or actor.county
    within = scopes(office, actor, ACT[kind], county)
    if kind is Document:
        within += with_records(office, actor, county)
    own = narrowing.within(within, county) if within else []
    if not own:
        return None
    page, _ = reading.asking(Look(office, actor, kind, own), query)
    table = table_of(kind)
    with office.store.reader.moment() as connection, timed(connection):
        found = sums.counted(connection, (table, seen(table, own)), page, ([], None))
    return sum(group.rows for group in found)
