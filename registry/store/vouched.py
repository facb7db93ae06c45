"""通知书查询 which notices of a county do not stand as their papers say."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, and_, or_, select

from registry.domain.presence import Presence
from registry.domain.vouching import AdmissionNotice
from registry.store import tables


def amiss(
    connection: Connection, county: str, states: Sequence[str], on: date
) -> list[tuple[str, int, bool, str]]:
    """Notices that the paper says are good on or after a day and that were replaced, or whose
    presence is in one of the states: (number, edition, replaced, state), by number."""
    notice, presence = tables.BY_RECORD[AdmissionNotice], tables.BY_RECORD[Presence]
    query = (
        select(notice.c.number, notice.c.edition, notice.c.replaced, presence.c.state)
        .join(
            presence,
            and_(
                presence.c.county == notice.c.county,
                presence.c.id == notice.c.presence_id,
                presence.c.event_to.is_(None),
            ),
        )
        .where(
            notice.c.county == county,
            notice.c.event_to.is_(None),
            or_(notice.c.ends_on.is_(None), notice.c.ends_on >= on),
            or_(notice.c.replaced.in_([True]), presence.c.state.in_(states)),
        )
        .order_by(notice.c.number, notice.c.edition)
    )
    return [(n, e, bool(r), s) for n, e, r, s in connection.execute(query)]
