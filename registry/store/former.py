"""曾属、曾用名 which bodies a presence has belonged to, what a body or place was called: a merger or
a renaming goes on from there, and the history stays (P15).
"""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from registry.domain.areas import Area
from registry.domain.people import Organisation
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


def called(connection: Connection, county: str, named: Organisation | Area) -> list[str]:
    """曾用名: every name that a body or place has borne, the first one first, today's among them."""
    t = tables.BY_RECORD[type(named)]
    query = select(t.c.name).where(t.c.county == county, t.c.id == named.id).order_by(t.c.version)
    return list(dict.fromkeys([*connection.execute(query).scalars(), named.name]))
