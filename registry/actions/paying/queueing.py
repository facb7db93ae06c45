"""支付排队 the act that records a dispatch keeps its payment, in the same transaction.

Where the county has no gateway the payment says so (``null``): nothing is sent, and whoever
confirms or voids the dispatch by hand ends the payment too.
"""

from collections.abc import Sequence

import msgspec

from registry.actions.office import Desk
from registry.domain.accounts import VoucherStage
from registry.domain.approval import Decision
from registry.domain.funds import Voucher, VoucherLine
from registry.domain.paying import (
    NULL,
    Payment,
    PaymentLine,
    PaymentOrder,
    PaymentState,
    shared_path,
)
from registry.domain.people import Organisation
from registry.domain.presence import Presence
from registry.domain.request import Request

NOT_SENT = (
    "未接国库支付，没有发送；由人按凭证办理和确认 no gateway: nothing is sent, people confirm"
)
BY_AGENT = "由代付单位支付，不经国库发送；由人按凭证办理和确认 an agent pays: nothing is sent, people confirm"


def queued(
    desk: Desk, voucher: Voucher, lines: Sequence[VoucherLine]
) -> tuple[Voucher, Payment | None]:
    """A voucher that is about to be posted, and the payment that carries it out; only a dispatch
    has one. A gateway's payment is named in the voucher, which from then on nobody confirms by
    hand."""
    if voucher.stage is not VoucherStage.DISPATCH or voucher.request_id is None:
        return voucher, None
    # What an agent pays out of its own account the treasury is not told to pay as well (E4).
    gateway = NULL if voucher.agent_id else desk.office.treasuries.name_of(desk.unit.county)
    id, places = desk.id("pay"), [desk.unit.get(Presence, x.presence_id) for x in lines]
    carried = gateway != NULL
    by_hand_why = BY_AGENT if voucher.agent_id else NOT_SENT
    payment = Payment(
        county=desk.unit.county, id=id, voucher_id=voucher.id, request_id=voucher.request_id,
        payer_id=voucher.payer_id, amount_fen=voucher.total_fen, key=id, gateway=gateway,
        area_path=shared_path([place.area_path for place in places]), ordered_at=desk.now,
        order=_order(desk, voucher, list(zip(lines, places, strict=True))),
        next_at=desk.now if carried else None, said="" if carried else by_hand_why,
    )  # fmt: skip
    if carried:
        voucher = msgspec.structs.replace(voucher, payment_id=id)
    return voucher, desk.unit.add(payment)


def by_hand(desk: Desk, voucher: Voucher, *, paid: bool) -> None:
    """A person confirmed or voided a dispatch that no gateway carries: its payment ends with it."""
    if voucher.stage is not VoucherStage.DISPATCH or voucher.payment_id is not None:
        return
    for payment in desk.unit.find(Payment, voucher_id=voucher.id):
        state = PaymentState.SETTLED if paid else PaymentState.VOIDED
        desk.unit.change(payment, state=state, settled_on=desk.today if paid else None)


def _order(
    desk: Desk, voucher: Voucher, placed: Sequence[tuple[VoucherLine, Presence]]
) -> PaymentOrder:
    request = desk.unit.get(Request, voucher.request_id or "")
    decision = desk.unit.maybe(Decision, request.decision_id or "")
    return PaymentOrder(
        payer_id=voucher.payer_id, payer_name=_name(desk, voucher.payer_id),
        voucher_number=voucher.number, fiscal_year=voucher.fiscal_year,
        dated_on=voucher.dated_on, admission_number=decision.number if decision else "",
        lines=[
            PaymentLine(
                organisation_id=place.organisation_id, area_id=place.area_id,
                organisation_name=_name(desk, place.organisation_id), amount_fen=line.amount_fen,
            )
            for line, place in placed
        ],
    )  # fmt: skip


def _name(desk: Desk, id: str) -> str:
    held = desk.unit.maybe(Organisation, id)
    return id if held is None else held.name
