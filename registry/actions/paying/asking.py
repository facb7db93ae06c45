"""催办与撤回 what people may do with a payment: have it asked after at once, or call it back.

A person settles nothing and voids nothing that the treasury may have: only its own answer does, so
that one payment never has both effects.
"""

from typing import Annotated

import msgspec

from registry.actions.office import Answer, Desk
from registry.actions.paying.settling import void_unsent
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.paying import NULL, WAITING, Payment, PaymentState
from registry.domain.records import Wire
from registry.domain.request import Request

OVER = declare(
    "payment.over", RefusalKind.CONFLICT, "该支付已经结清或者作废（E13 一张凭证一次支付）",
    "The payment is settled or void already (E13).", recorded=True,
)  # fmt: skip
UNCARRIED = declare(
    "payment.null", RefusalKind.CONFLICT, "本县未接国库支付，没有发送；请按凭证确认或者作废",
    "No gateway carries it and nothing was sent: confirm or void its voucher.", recorded=True,
)  # fmt: skip


class CallBackCommand(Wire, frozen=True, kw_only=True):
    """撤回支付."""

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"\S")]


def retry(desk: Desk, id: str) -> Answer:
    """催办: have the treasury asked at once. It may be said at any time and any number of times,
    also by the treasury itself when it has news: nobody's word is taken for its answer.

    Raises:
        Refusal: ``payment.over``, ``payment.null``.
    """
    payment = _waiting(desk, id, "payment.retry")
    due = desk.unit.change(payment, next_at=desk.now)
    desk.about(due)
    return Answer(body=due, version=due.version)


def call_back(desk: Desk, id: str, version: int | None, command: CallBackCommand) -> Answer:
    """撤回: where nobody was called yet it is void at once. Else the treasury is asked to stop it
    for good: what it answers, cancelled or paid already, decides. That it does not know the key is
    no proof, for a call may still be on its way.

    Raises:
        Refusal: ``payment.over``, ``payment.null``.
    """
    payment = _waiting(desk, id, "payment.void")
    desk.check_version(payment, version)
    if payment.state is PaymentState.QUEUED:
        return void_unsent(desk, payment, command.reason)
    back = desk.unit.change(
        payment, calling_back=True, called_back_by=desk.actor.person_id,
        called_back_why=command.reason, next_at=desk.now,
    )  # fmt: skip
    desk.about(back)
    return Answer(body=back, version=back.version)


def _waiting(desk: Desk, id: str, act: str) -> Payment:
    payment = desk.unit.get(Payment, id, lock=True)
    desk.about(payment)
    desk.unit.get(Request, payment.request_id, lock=True)
    desk.authorise(act, owners=[payment.payer_id], paths=[payment.area_path])
    if payment.gateway == NULL:
        raise Refusal(UNCARRIED)
    if payment.state not in WAITING:
        raise Refusal(OVER)
    return payment
