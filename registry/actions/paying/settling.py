"""支付结果 what became of a payment, recorded in one act: settled, voided, to be asked again, or a
finding where the treasury's answer cannot be true of it.
"""

from datetime import datetime

from registry.actions.doubting import keeping
from registry.actions.doubting.keeping import Seen
from registry.actions.ledger.confirming import settled, voided
from registry.actions.office import Answer, Desk
from registry.domain.doubts import Asked, Doubt
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.funds import Voucher, VoucherLine
from registry.domain.paying import (
    WAITING,
    Outcome,
    Payment,
    PaymentState,
    Reply,
    Told,
    outcome,
)
from registry.domain.request import Request

TAKEN = declare(
    "payment.taken", RefusalKind.CONFLICT, "该支付正由另一处办理，或者还不到时候",
    "It is being carried by another just now, or it is not its time yet.",
)  # fmt: skip
DIFFERS = Doubt(
    code="payment.differs", name="国库答复不一致待核",
    zh="国库答复的金额、编号或结果与支付指令不一致",
    en="What the treasury answers does not fit the payment", about=("payment",),
    facts=("invariant", "key", "amount_fen", "state", "told_key", "told_fen", "told_state",
           "told_reference"),
    evidence=("vouchers",), asked=Asked.PAYER,
)  # fmt: skip
DOUBTS = (DIFFERS,)
_ONCE = "E13 一张凭证一次支付"


def send(desk: Desk, id: str, until: datetime) -> Answer:
    """Act 1: from here on the treasury may have been called. Whoever takes it up keeps it until
    ``until``; if nothing is heard by then it is asked after under the same key.

    Raises:
        Refusal: ``payment.taken``.
    """
    desk.authorise("payment.send")
    payment = _held(desk, id)
    if payment.state not in WAITING or (payment.next_at or until) > desk.now:
        raise Refusal(TAKEN)
    sent = desk.unit.change(
        payment, state=PaymentState.SENT, attempts=payment.attempts + 1, next_at=until
    )
    desk.about(sent)
    return Answer(body=sent, version=sent.version)


def hear(desk: Desk, id: str, reply: Reply, again_at: datetime) -> Answer:
    """Act 2: what the treasury answered. Whatever leaves a doubt leaves the payment sent."""
    desk.authorise("payment.hear")
    payment = _held(desk, id)
    desk.about(payment)
    found = outcome(payment, reply)
    said = reply.reason or reply.state.value if isinstance(reply, Told) else reply.said
    if found is Outcome.SETTLE and isinstance(reply, Told):
        return _settle(desk, payment, reply)
    if found is Outcome.VOID:
        return _void(desk, payment, payment.called_back_why or said)
    if found is Outcome.DIFFERS and isinstance(reply, Told):
        _open(desk, payment, reply)
    if payment.state not in WAITING:
        return Answer(body=payment, version=payment.version)
    asked = desk.unit.change(payment, said=said, next_at=again_at)
    return Answer(body=asked, version=asked.version)


def void_unsent(desk: Desk, payment: Payment, why: str) -> Answer:
    """Nobody has been called: it ends here and now."""
    return _void(desk, payment, why)


def _settle(desk: Desk, payment: Payment, told: Told) -> Answer:
    """已支付: the dispatch counts, confirmed by the registry on the treasury's word."""
    voucher, lines = _dispatch(desk, payment)
    settled(desk, voucher, lines)
    done = desk.unit.change(
        payment, state=PaymentState.SETTLED, reference=told.reference, said=told.state.value,
        paid_on=told.paid_on, settled_on=desk.today, next_at=None,
    )  # fmt: skip
    return _ended(desk, done)


def _void(desk: Desk, payment: Payment, why: str) -> Answer:
    """未支付: the dispatch is void and takes no room; the order is open again."""
    voucher, lines = _dispatch(desk, payment)
    voided(desk, voucher, lines, why)
    done = desk.unit.change(payment, state=PaymentState.VOIDED, said=why, next_at=None)
    return _ended(desk, done)


def _held(desk: Desk, id: str) -> Payment:
    """The payment, held with the case whose books it moves: both before anything is asked."""
    payment = desk.unit.get(Payment, id, lock=True)
    desk.unit.get(Request, payment.request_id, lock=True)
    return payment


def _dispatch(desk: Desk, payment: Payment) -> tuple[Voucher, list[VoucherLine]]:
    voucher = desk.unit.get(Voucher, payment.voucher_id, lock=True)
    return voucher, desk.unit.find(VoucherLine, voucher_id=voucher.id)


def _open(desk: Desk, payment: Payment, told: Told) -> None:
    """疑点, once for each payment: told anew where the answer is another one."""
    facts = {
        "invariant": _ONCE, "key": payment.key, "amount_fen": payment.amount_fen,
        "state": payment.state.value, "told_key": told.key, "told_fen": told.amount_fen,
        "told_state": told.state.value, "told_reference": told.reference,
    }  # fmt: skip
    keeping.tell(desk, Seen(
        DIFFERS, f"{payment.id}.differs", payment.id, payment.payer_id, payment.area_path, facts,
        {"vouchers": [payment.voucher_id]},
    ))  # fmt: skip


def _ended(desk: Desk, payment: Payment) -> Answer:
    """It is over: what was found of it before is found no more."""
    desk.about(payment)
    keeping.close(desk, f"{payment.id}.differs")
    return Answer(body=payment, version=payment.version)
