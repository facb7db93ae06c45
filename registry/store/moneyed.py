"""有经费的事项 the presences with money that a reader sees, in the code order of their communities."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, exists, false, or_, select, tuple_

from registry.domain.areas import Area
from registry.domain.funds import VoucherLine
from registry.domain.presence import Presence
from registry.domain.records import Wire
from registry.store import tables
from registry.store.below import below
from registry.store.code_order import in_code_order
from registry.store.filters import sifted
from registry.store.mapping import to_record
from registry.store.visible import Scope, paid_by, visible

FEW = 1 << 11
"""Presences in the books that are found by their entries, before anything else is asked."""


class Wanted(Wire, frozen=True, kw_only=True):
    """要哪些: what is absent does not narrow."""

    request_id: str | None = None
    presence_id: str | None = None
    organisation_id: str | None = None
    path: str | None = None
    booked: bool = False
    """Only what has entries: what is granted and stands in no book gives no row of the books."""
    known: list[str] | None = None
    """These alone, whatever else holds: ``few_booked`` found them."""
    after: tuple[str, str] | None = None
    """Code of the community and id of the presence that came last."""
    limit: int


class Placed(NamedTuple):
    """事项与社区: a presence, and the community it is in."""

    presence: Presence
    code: str
    name: str


def with_money(
    connection: Connection, county: str, scopes: Sequence[Scope], wanted: Wanted
) -> list[Placed]:
    """Presences that were granted money, as the scopes see them: their own, their area's, and those
    that are paid out of their own money. Ordered by the community's code, and by nothing else (P9).
    """
    place: Any = tables.BY_RECORD[Presence]
    area: Any = tables.BY_RECORD[Area]
    line: Any = tables.BY_RECORD[VoucherLine]
    here = [scope for scope in scopes if scope.county == county]
    booked = exists().where(
        line.c.county == county, line.c.event_to.is_(None), line.c.presence_id == place.c.id
    )
    granted = booked if wanted.booked else or_(place.c.share_fen > 0, booked)
    ways = [visible(place, scope, each=True) for scope in here]
    ways += [booked.where(own) for own in paid_by(line, here)]
    of_place = and_(
        area.c.county == place.c.county, area.c.id == place.c.area_id, area.c.event_to.is_(None)
    )
    query = (
        select(place, area.c.code.label("area_code"), area.c.name.label("area_name"))
        .select_from(place.join(area, of_place))
        .where(place.c.county == county, place.c.event_to.is_(None))
        .where(granted, sifted(or_(*ways)) if ways else false())
        .where(*_narrowed(place, wanted))
        .order_by(area.c.code, place.c.id)
    )
    if wanted.after is not None:
        query = query.where(tuple_(area.c.code, place.c.id) > tuple_(*wanted.after))
    if wanted.known is not None:
        query = query.where(place.c.id.in_(wanted.known))
    one = wanted.request_id or wanted.presence_id or wanted.organisation_id
    if one or wanted.known is not None:
        rows: Any = connection.execute(query.limit(wanted.limit)).mappings().all()
    else:
        begin = wanted.after[0] if wanted.after is not None else None
        page = (begin, wanted.limit)
        rows = in_code_order(connection, (place, query), (county, wanted.path), page)
    return [Placed(to_record(Presence, row), row["area_code"], row["area_name"]) for row in rows]


def few_booked(connection: Connection, county: str) -> list[str] | None:
    """The presences that have entries, where they are few; ``None`` = they are many, and found soon
    wherever one looks. Of few among very many, every presence would be asked in vain."""
    line: Any = tables.BY_RECORD[VoucherLine]
    query = select(line.c.presence_id).where(line.c.county == county, line.c.event_to.is_(None))
    found = list(connection.execute(query.distinct().limit(FEW + 1)).scalars())
    return found if len(found) <= FEW else None


def _narrowed(place: Any, wanted: Wanted) -> list[Any]:
    found = []
    for name in ("request_id", "organisation_id"):
        if (value := getattr(wanted, name)) is not None:
            found.append(place.c[name] == value)
    if wanted.presence_id is not None:
        found.append(place.c.id == wanted.presence_id)
    if wanted.path is not None:
        found.append(below(place.c.area_path, wanted.path))
    return found
