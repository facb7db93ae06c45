"""支付结果 what became of a payment, recorded in one act: settled, voided, to be asked again, or a
finding where the treasury's answer cannot be true of it.
"""

from datetime import datetime

from registry.actions.ledger.confirming import settled, voided
from registry.actions.office import Answer, Desk
from registry.domain.audit import Finding
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
DIFFERS = "payment.differs"
FINDINGS: dict[str, tuple[str, str, str]] = {
    DIFFERS: (
        "国库答复的金额、编号或结果与支付指令不一致",
        "What the treasury answers does not fit the payment",
        "E13 一张凭证一次支付",
    ),
}
"""疑点 of this room: code → sentence in Chinese and English, and the invariant it rests on."""


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
    zh, en, law = FINDINGS[DIFFERS]
    facts = {
        "invariant": law, "key": payment.key, "amount_fen": payment.amount_fen,
        "state": payment.state.value, "voucher_id": payment.voucher_id,
        "told_key": told.key, "told_fen": told.amount_fen, "told_state": told.state.value,
        "told_reference": told.reference,
    }  # fmt: skip
    held = desk.unit.maybe(Finding, f"{payment.id}.differs")
    if held is None:
        desk.unit.add(Finding(
            county=payment.county, id=f"{payment.id}.differs", code=DIFFERS, object_kind="payment",
            object_id=payment.id, organisation_id=payment.payer_id, area_path=payment.area_path,
            opened_on=desk.today, detail=zh, detail_en=en, facts=facts,
        ))  # fmt: skip
    elif held.facts != facts or held.closed_on is not None:
        desk.unit.change(held, facts=facts, closed_on=None)


def _ended(desk: Desk, payment: Payment) -> Answer:
    """It is over: what was found of it before is found no more."""
    desk.about(payment)
    held = desk.unit.maybe(Finding, f"{payment.id}.differs")
    if held is not None and held.closed_on is None:
        desk.unit.change(held, closed_on=desk.today)
    return Answer(body=payment, version=payment.version)
