"""未到齐 funding lines in whose books less arrived than was granted: what may be owed, found by the
books alone; and of which presences anything was written that says what they owe.
"""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, select, union_all

from registry.domain.approval import Decision
from registry.domain.closing import Clearance
from registry.domain.funds import VoucherLine
from registry.domain.living import Acceptance
from registry.domain.owing import arrived_in
from registry.domain.presence import Presence
from registry.domain.request import Request
from registry.domain.succession import Succession
from registry.store import tables
from registry.store.chain import LINE, PARTS, Key, Sought, chained, counted, narrowed

_OF_PRESENCE = (VoucherLine, Clearance, Acceptance)
_OF_REQUEST = (Decision, Presence)


def short(connection: Connection, county: str, sought: Sought, at: str) -> list[str]:
    """Ids, in their order, of the presences of which some line was granted more than arrived.

    Args:
        at: where it counts as arrived, ``street`` or ``community``.
    """
    count: Any = counted(connection)
    here = [*narrowed(county, sought), count]
    ways = [
        (_is(parts), chain.approved_fen - arrived_in(chain, at))
        for parts, chain in _kinds(connection, here)
    ]
    if not (ways := [(kind, way) for kind, way in ways if way]):
        return []
    missing = func.sum(LINE.c.amount_fen * case(*ways, else_=0))
    query = select(LINE.c.presence_id).where(*here)
    query = query.group_by(LINE.c.presence_id, LINE.c.funding_key).having(missing > 0)
    return sorted(set(connection.execute(query).scalars()))


def _kinds(connection: Connection, here: Sequence[ColumnElement[bool]]) -> list[tuple[Key, Any]]:
    """What one 分 of each kind of line moves."""
    rows = connection.execute(select(*PARTS).where(*here).distinct())
    return [*chained(((*row, *row, 1) for row in rows), len(PARTS)).items()]


def _is(parts: Key) -> ColumnElement[bool]:
    told = zip(PARTS, parts, strict=True)
    return and_(*(column.is_not_distinct_from(value) for column, value in told))


def touched(connection: Connection, county: str, at: int) -> Collection[str] | None:
    """Ids of the presences of which something was written since an event, or of their request, its
    decision, its other presences; ``None`` = places took over from others, and any might be."""
    if connection.execute(select(_since(Succession, county, at, "id").exists())).scalar():
        return None
    place = tables.BY_RECORD[Presence]
    requests = union_all(
        _since(Request, county, at, "id"),
        *(_since(kind, county, at, "request_id") for kind in _OF_REQUEST),
    )
    of_them = select(place.c.id).where(place.c.county == county, place.c.request_id.in_(requests))
    own = [_since(kind, county, at, "presence_id") for kind in _OF_PRESENCE]
    query = union_all(_since(Presence, county, at, "id"), of_them, *own)
    return frozenset(connection.execute(query).scalars())


def _since(kind: type[Any], county: str, at: int, column: str) -> Select[Any]:
    newer: Any = tables.BY_RECORD[kind].alias("newer")
    return select(newer.c[column]).where(newer.c.county == county, newer.c.event_from > at)
