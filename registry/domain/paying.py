"""国库支付 an order that is carried out by another system: kept, sent, settled or voided."""

from datetime import date, datetime
from enum import StrEnum

from registry.domain.records import Record


class PaymentState(StrEnum):
    """支付进程: what is not known to have failed is never sent as if it were new."""

    QUEUED = "queued"
    """Kept by the act that ordered it; nobody has been called."""
    SENT = "sent"
    """Called at least once; the answer is not known, and the same key is asked again."""
    SETTLED = "settled"
    """Paid: its dispatch is confirmed."""
    VOIDED = "voided"
    """Refused for good by the treasury: its dispatch is void, the order is open again."""


class Payment(Record, frozen=True, kw_only=True):
    """支付指令: one call to the treasury, by its idempotency key, until it is settled or void."""

    voucher_id: str
    """The dispatch that it pays."""
    request_id: str
    payer_id: str
    area_path: str
    amount_fen: int
    key: str
    """幂等键: the same payment whenever it is sent."""
    state: PaymentState = PaymentState.QUEUED
    attempts: int = 0
    next_at: datetime | None = None
    """Not before this instant is it tried again."""
    reference: str = ""
    """支付凭证号 of the treasury."""
    said: str = ""
    """What the treasury answered last."""
    gateway: str
    """Which gateway carries it; ``null`` carries nothing and says so."""
    settled_on: date | None = None
