"""国库支付 an order that is carried out by another system: kept, sent, settled or voided.

What the treasury is asked for stands still in the order from the moment it is kept, so that the
same key never asks for two different things. Nothing here calls anybody.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated, NamedTuple

import msgspec

from registry.domain.records import Fen, Record, Wire

NULL = "null"
"""空网关: the gateway of a county that has none. It carries nothing; people confirm by hand."""


class PaymentState(StrEnum):
    """支付进程: what is not known to have failed is never sent as if it were new."""

    QUEUED = "queued"
    """Kept by the act that ordered it; nobody has been called."""
    SENT = "sent"
    """Called at least once; the answer is not known, and the same key is asked again."""
    SETTLED = "settled"
    """Paid: its dispatch is confirmed."""
    VOIDED = "voided"
    """Refused or called back for good: its dispatch is void, the order is open again."""


WAITING = (PaymentState.QUEUED, PaymentState.SENT)
"""In which the outcome is not known yet."""


class PaymentLine(Wire, frozen=True, kw_only=True):
    """支付明细: what one community gets of it."""

    organisation_id: str
    organisation_name: str
    area_id: str
    amount_fen: int


class PaymentOrder(Wire, frozen=True, kw_only=True):
    """支付指令内容: what the treasury is asked for, word for word the same at every call."""

    payer_id: str
    payer_name: str
    voucher_number: str
    fiscal_year: int
    dated_on: date
    admission_number: str
    """准入批准号: every payment says what it is for (E2)."""
    lines: list[PaymentLine]


class Payment(Record, frozen=True, kw_only=True):
    """支付指令: one call to the treasury, by its idempotency key, until it is settled or void."""

    voucher_id: str
    """The dispatch that it pays."""
    request_id: str
    payer_id: str
    area_path: str
    """The smallest area in which all lie that it goes to."""
    amount_fen: int
    key: str
    """幂等键: the same payment whenever it is sent."""
    order: PaymentOrder
    ordered_at: datetime
    state: PaymentState = PaymentState.QUEUED
    attempts: int = 0
    next_at: datetime | None = None
    """Not before this instant is it tried again."""
    calling_back: bool = False
    """撤回中: a person wants it back; what the treasury answers to that decides."""
    called_back_by: str | None = None
    called_back_why: str = ""
    reference: str = ""
    """支付凭证号 of the treasury."""
    said: str = ""
    """What the treasury answered last."""
    gateway: str
    """Which gateway carries it; ``null`` carries nothing and says so."""
    paid_on: date | None = None
    """The day on which the treasury says that it paid."""
    settled_on: date | None = None


class TreasuryState(StrEnum):
    """国库答复: what the treasury says became of a payment."""

    ACCEPTED = "accepted"
    """已受理: it will be paid or refused; ask again."""
    PAID = "paid"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    """已撤销: it was not paid and, under this key, never will be."""


Said = Annotated[str, msgspec.Meta(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*\Z")]
"""A word of the treasury's that is kept: one line, nothing that a database would choke on."""


class Told(Wire, frozen=True, kw_only=True):
    """国库答复 as it stands on the wire; anything else is no answer."""

    key: Said
    amount_fen: Fen
    state: TreasuryState
    reference: Said = ""
    reason: Said = ""
    paid_on: date | None = None


class Absent(NamedTuple):
    """查无此件: the treasury does not know the key (yet: a call may still be on its way)."""

    said: str


class Unknown(NamedTuple):
    """结果不明: late, cut off, out of order, or not to be understood."""

    said: str
    down: bool = False
    """The treasury itself is out of reach or out of order, whatever it was asked."""
    after_seconds: int | None = None
    """How long it asks to be left alone."""


Reply = Told | Absent | Unknown


class Outcome(StrEnum):
    """What is to be done about a reply."""

    WAIT = "wait"
    SETTLE = "settle"
    VOID = "void"
    DIFFERS = "differs"
    """It speaks of something else, or contradicts what is settled: a person must look."""
    KNOWN = "known"
    """It says what is recorded already."""


def outcome(payment: Payment, reply: Reply) -> Outcome:
    """What a reply means for a payment: whatever is not beyond doubt leaves it as it is."""
    if not isinstance(reply, Told):
        return Outcome.WAIT if payment.state in WAITING else Outcome.KNOWN
    if (reply.key, reply.amount_fen) != (payment.key, payment.amount_fen):
        return Outcome.DIFFERS
    if payment.state not in WAITING:
        return Outcome.KNOWN if _agrees(payment, reply) else Outcome.DIFFERS
    if reply.state is TreasuryState.ACCEPTED:
        return Outcome.WAIT
    if reply.state is TreasuryState.PAID:
        return Outcome.SETTLE if reply.reference else Outcome.DIFFERS
    return Outcome.VOID


def _agrees(payment: Payment, told: Told) -> bool:
    """Whether an answer that comes after the end fits how it ended; an older one always does."""
    if told.state is TreasuryState.ACCEPTED:
        return True
    if payment.state is PaymentState.SETTLED:
        return told.state is TreasuryState.PAID and told.reference == payment.reference
    return told.state in (TreasuryState.REFUSED, TreasuryState.CANCELLED)


class Patience(Wire, frozen=True, kw_only=True):
    """重试间隔, seconds: a setting of the line to the treasury, no rule of any office."""

    first: int
    longest: int


def pause(attempts: int, patience: Patience, chance: int, out_of: int) -> timedelta:
    """How long to wait after so many attempts: anything up to a bound that doubles each time until
    it is the longest (full jitter), so that those who failed together do not return together.

    Args:
        chance: drawn evenly from 0 up to ``out_of`` (not included).
    """
    doubled = patience.first << min(max(attempts - 1, 0), patience.longest.bit_length())
    return timedelta(seconds=min(doubled, patience.longest)) * chance // out_of


def shared_path(paths: Sequence[str]) -> str:
    """The path of the smallest area in which all of these lie."""
    parts = [path.strip("/").split("/") for path in paths]
    same = []
    for step in zip(*parts, strict=False):
        if len(set(step)) > 1:
            break
        same.append(step[0])
    return "/" + "".join(f"{part}/" for part in same)
