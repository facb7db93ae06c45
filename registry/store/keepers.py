"""承担单位 whose matters lie in one community: read by its column, without a row's body.

After a reorganisation they need not be the bodies that lie there.
"""

from sqlalchemy import Connection, select

from registry.domain.presence import Presence
from registry.store import tables
from registry.store.counting import THERE


def keepers(connection: Connection, county: str, area_id: str) -> list[str]:
    """Organisations that carry what is in an area now, by id."""
    p = tables.BY_RECORD[Presence]
    query = select(p.c.organisation_id).distinct().where(
        p.c.county == county, p.c.event_to.is_(None), p.c.area_id == area_id,
        p.c.state.in_(THERE),
    )  # fmt: skip
    return sorted(connection.execute(query).scalars())
