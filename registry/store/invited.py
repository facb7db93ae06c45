"""凭项目查阅 which projects open the books to a person today, in whichever county they lie."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache

from sqlalchemy import Connection, Dialect, Text, bindparam, func, literal_column, select

from registry.domain.auditing import AuditMember, AuditProject, ProjectState
from registry.domain.records import SHANGHAI
from registry.store import tables
from registry.store.columns import Day
from registry.store.mapping import to_record
from registry.store.statement import Prepared


def invited(connection: Connection, person_id: str, on: date) -> list[AuditProject]:
    """The open projects in which a person takes part on a day."""
    rows = _asked(connection.dialect).rows(connection, {"person": person_id, "day": on})
    return [to_record(AuditProject, row) for row in rows]


@lru_cache(None)
def _asked(dialect: Dialect) -> Prepared:
    """Made once: it is asked before whatever an auditor reads."""
    m, p = tables.BY_RECORD[AuditMember], tables.BY_RECORD[AuditProject]
    person, day = bindparam("person", type_=Text()), bindparam("day", type_=Day())
    query = (
        select(p)
        .select_from(m.join(p, (p.c.county == m.c.county) & (p.c.id == m.c.project_id)))
        .where(
            m.c.person_id == person, m.c.event_to.is_(None), m.c.gone_on.is_(None),
            m.c.until >= day, p.c.event_to.is_(None), p.c.until >= day,
            p.c.state == literal_column(f"'{ProjectState.OPEN.value}'"),
        )
        .order_by(p.c.county, p.c.id)
    )  # fmt: skip
    return Prepared(query, dialect, list(p.c))


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
