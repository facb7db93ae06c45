"""凭项目查阅 which projects open the books to a person today, in whichever county they lie."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection, func, select

from registry.domain.auditing import AuditMember, AuditProject, ProjectState
from registry.domain.records import SHANGHAI
from registry.store import tables
from registry.store.mapping import to_record


def invited(connection: Connection, person_id: str, on: date) -> list[AuditProject]:
    """The open projects in which a person takes part on a day."""
    m, p = tables.BY_RECORD[AuditMember], tables.BY_RECORD[AuditProject]
    query = (
        select(p)
        .select_from(m.join(p, (p.c.county == m.c.county) & (p.c.id == m.c.project_id)))
        .where(
            m.c.person_id == person_id, m.c.event_to.is_(None), m.c.gone_on.is_(None),
            m.c.until >= on, p.c.event_to.is_(None), p.c.state == ProjectState.OPEN.value,
            p.c.until >= on,
        )
        .order_by(p.c.county, p.c.id)
    )  # fmt: skip
    rows = connection.execute(query).mappings().all()
    return [to_record(AuditProject, row) for row in rows]


def written_between(
    connection: Connection, county: str, first: date, last: date
) -> tuple[int, int]:
    """The numbers of a county's log that were written within days: the first, and the last; where
    there are none the first lies behind the last."""
    event = tables.event
    begin = datetime.combine(first, time.min, SHANGHAI)
    end = datetime.combine(last + timedelta(days=1), time.min, SHANGHAI)
    query = select(func.min(event.c.seq), func.max(event.c.seq)).where(
        event.c.county == county, event.c.at >= begin, event.c.at < end
    )
    low, high = connection.execute(query).one()
    return (int(low), int(high)) if low is not None else (1, 0)
