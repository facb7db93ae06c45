"""未入账 what stands from before accounts were kept: voucher lines without accounts, admissions whose
money no voucher grants.
"""

from sqlalchemy import Connection, exists, select

from registry.domain.accounts import VoucherStage
from registry.domain.funds import VoucherLine
from registry.domain.presence import Presence
from registry.domain.request import Request, State
from registry.store import tables

STANDING = (State.APPROVED.value, State.CLOSED.value)


def unbooked(connection: Connection, county: str) -> list[str]:
    """Requests to be brought over, those with vouchers last: while any of them is left, more may
    be."""
    late = unposted(connection, county)
    return [*sorted(set(_unpledged(connection, county)) - set(late)), *late]


def unposted(connection: Connection, county: str) -> list[str]:
    """Requests with voucher lines that name no accounts."""
    line = tables.BY_RECORD[VoucherLine]
    query = select(line.c.request_id).where(
        line.c.county == county, line.c.event_to.is_(None), line.c.debit.is_(None),
        line.c.request_id.is_not(None),
    )  # fmt: skip
    return sorted(set(connection.execute(query).scalars()))


def _unpledged(connection: Connection, county: str) -> list[str]:
    """Admissions that stand and owe communities money, and no line grants it."""
    place, line = tables.BY_RECORD[Presence], tables.BY_RECORD[VoucherLine]
    request = tables.BY_RECORD[Request]
    pledged = exists().where(
        line.c.county == county, line.c.request_id == place.c.request_id,
        line.c.event_to.is_(None), line.c.stage == VoucherStage.PLEDGE.value,
    )  # fmt: skip
    standing = exists().where(
        request.c.county == county, request.c.id == place.c.request_id,
        request.c.event_to.is_(None), request.c.state.in_(STANDING),
    )  # fmt: skip
    query = select(place.c.request_id).where(
        place.c.county == county, place.c.event_to.is_(None), place.c.share_fen > 0,
        place.c.request_id.is_not(None), ~pledged, standing,
    )  # fmt: skip
    return list(connection.execute(query.distinct()).scalars())
