"""曾属 which bodies a presence has belonged to: a merger hands it on, its history stays (P15)."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from registry.domain.presence import Presence
from registry.store import tables


def belonged(
    connection: Connection, county: str, presence_ids: Sequence[str]
) -> dict[str, set[str]]:
    """Presence → every body it has belonged to, today's among them."""
    t = tables.BY_RECORD[Presence]
    query = (
        select(t.c.id, t.c.organisation_id)
        .where(t.c.county == county, t.c.id.in_(presence_ids))
        .distinct()
    )
    found: dict[str, set[str]] = {}
    for row in connection.execute(query):
        found.setdefault(row[0], set()).add(row[1])
    return found
