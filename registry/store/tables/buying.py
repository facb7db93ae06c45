"""购买 the table of purchases of services, as they were awarded."""

from datetime import date

from sqlmodel import Field

from registry.domain import purchase
from registry.store.columns import Day, Whole, one_of
from registry.store.tables.rows import Row, args, positive, text_


class PurchaseRow(Row, table=True):
    __tablename__ = "purchase"
    record = purchase.Purchase
    request_id: str = text_()
    funding_key: str = text_()
    organisation_id: str = text_()
    method: str = text_()
    award: str = text_()
    provider_key: str = text_()
    amount_fen: int = Field(sa_type=Whole)
    awarded_on: date = Field(sa_type=Day)
    __table_args__ = args(
        "purchase",
        "organisation_id award",
        "provider_key awarded_on",
        "request_id funding_key",
        checks=(one_of("method", purchase.PurchaseMethod, "purchase"), positive("purchase")),
    )
