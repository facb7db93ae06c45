"""动过的行 which rows were written after an event, each kind by its own index."""

from sqlalchemy import Connection, Select, select, union

from registry.domain.budget import PopulationCount
from registry.domain.closing import Clearance, Hold
from registry.domain.funds import VoucherLine
from registry.domain.living import Acceptance
from registry.domain.presence import Presence
from registry.domain.records import Record
from registry.domain.request import Request
from registry.store import tables

_OF_PRESENCE = (VoucherLine, Clearance, Hold, Acceptance)


def touched(connection: Connection, county: str, kind: type[Record], since: int) -> list[str]:
    """Ids of the rows of a kind that were written after an event."""
    t = tables.BY_RECORD[kind]
    query = select(t.c.id).where(t.c.county == county, t.c.event_from > since).distinct()
    return sorted(connection.execute(query).scalars())


def presences_touched(connection: Connection, county: str, since: int) -> list[str]:
    """Presences of which something was written after an event: they themselves, their money, what
    is held, cleared or accepted of them, or the case by which they were admitted."""
    place, request = tables.BY_RECORD[Presence], tables.BY_RECORD[Request]
    changed = select(request.c.id).where(request.c.county == county, request.c.event_from > since)
    asked: list[Select[tuple[str]]] = [
        select(place.c.id).where(place.c.county == county, place.c.event_from > since),
        select(place.c.id).where(
            place.c.county == county, place.c.event_to.is_(None), place.c.request_id.in_(changed)
        ),
    ]
    for kind in _OF_PRESENCE:
        t = tables.BY_RECORD[kind]
        asked.append(
            select(t.c.presence_id).where(t.c.county == county, t.c.event_from > since)
        )  # fmt: skip
    return sorted(str(id) for (id,) in connection.execute(union(*asked)))


def counted_anew(connection: Connection, county: str, since: int) -> bool:
    """Whether anybody was counted after an event."""
    return bool(touched(connection, county, PopulationCount, since))
