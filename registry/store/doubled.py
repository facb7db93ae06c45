"""重复资金 invoices that stand under two sources of money, found in one statement."""

from typing import Any

from sqlalchemy import CompoundSelect, Connection, select, union

from registry.domain.bank import Direction, OtherIncome
from registry.domain.spending import STANDING, Expenditure
from registry.store import tables


def doubled_invoices(connection: Connection, county: str, since: int | None = None) -> set[str]:
    """Ids of what was paid out of another source by an invoice that was paid out of granted money,
    or out of a third source, as well; what was withdrawn is among them.

    Args:
        since: only by invoices of which something was written after this event; ``None`` = by all.
    """
    o, e = tables.BY_RECORD[OtherIncome], tables.BY_RECORD[Expenditure]
    other = o.alias("other")
    paid = select(o.c.id).where(
        o.c.county == county, o.c.event_to.is_(None), o.c.direction == Direction.OUT.value
    )
    if since is not None:
        paid = paid.where(o.c.invoice_key.in_(_touched(county, since)))
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


def _touched(county: str, since: int) -> CompoundSelect[Any]:
    o, e = tables.BY_RECORD[OtherIncome], tables.BY_RECORD[Expenditure]
    return union(*(
        select(t.c.invoice_key).where(
            t.c.county == county, t.c.event_from > since, t.c.invoice_key.is_not(None)
        )
        for t in (o, e)
    ))  # fmt: skip
