"""重复资金 invoices that stand under two sources of money, found in one statement."""

from sqlalchemy import Connection, select, union

from registry.domain.bank import Direction, OtherIncome
from registry.domain.spending import STANDING, Expenditure
from registry.store import tables


def doubled_invoices(connection: Connection, county: str) -> set[str]:
    """Ids of what was paid out of another source by an invoice that was paid out of granted money,
    or out of a third source, as well; what was withdrawn is among them."""
    o, e = tables.BY_RECORD[OtherIncome], tables.BY_RECORD[Expenditure]
    other = o.alias("other")
    paid = select(o.c.id).where(
        o.c.county == county, o.c.event_to.is_(None), o.c.direction == Direction.OUT.value
    )
    granted = paid.join(e, (e.c.county == o.c.county) & (e.c.invoice_key == o.c.invoice_key)).where(
        e.c.event_to.is_(None), e.c.state.in_(sorted(state.value for state in STANDING))
    )
    third = paid.join(
        other, (other.c.county == o.c.county) & (other.c.invoice_key == o.c.invoice_key)
    ).where(
        other.c.event_to.is_(None),
        other.c.direction == Direction.OUT.value,
        (other.c.source != o.c.source) | (other.c.organisation_id != o.c.organisation_id),
    )
    return set(connection.execute(union(granted, third)).scalars())
