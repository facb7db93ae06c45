"""确认与作废 a voucher counts only when another person than who recorded it has confirmed it."""

from typing import Annotated

import msgspec

from registry.actions.ledger.closed import check_open
from registry.actions.ledger.grounds import CHANGING, check_other_body
from registry.actions.ledger.recording import VoucherView
from registry.actions.ledger.truing import true_up
from registry.actions.office import Answer, Desk
from registry.actions.owing.moved import money_moved
from registry.actions.paying.queueing import by_hand
from registry.actions.spending import following
from registry.domain.accounts import VoucherStage
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.funds import Voucher, VoucherLine, VoucherState
from registry.domain.presence import Presence
from registry.domain.records import Wire
from registry.domain.request import Request

CONFIRMED = declare(
    "voucher.confirmed", RefusalKind.CONFLICT, "凭证已确认或者已作废",
    "The voucher is confirmed or voided already.", recorded=True,
)  # fmt: skip
PAYING = declare(
    "voucher.paying", RefusalKind.CONFLICT, "凭证已送国库支付，由支付结果确认或者作废",
    "It was sent to the treasury; the outcome there confirms or voids it.", recorded=True,
)  # fmt: skip
_WITHIN = frozenset({VoucherStage.REVERSAL, VoucherStage.ALLOT})
"""Confirmed inside the body that issued it; all else where the money arrives, or over that place.
"""
_ANSWERED = CHANGING | {VoucherStage.REFUND, VoucherStage.SURPLUS}
"""What another body approved or received: who confirms it confirms that it is taken back, too."""


class VoidCommand(Wire, frozen=True, kw_only=True):
    """作废."""

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"\S")]


def confirm(desk: Desk, id: str, version: int | None) -> Answer:
    """确认: by another person than who recorded it; only then does it count (E13)."""
    voucher, lines = _held(desk, id)
    act = act_of(voucher)
    places = [desk.unit.get(Presence, p) for p in dict.fromkeys(x.presence_id for x in lines)]
    for place in places:
        owner = voucher.issuer_id if _stage(voucher) in _WITHIN else place.organisation_id
        ties = following.ties_of(desk, voucher, place)
        post = desk.authorise(act, owners=[owner], paths=[place.area_path], ties=ties)
        check_other_body(voucher, post)
    _check_open(voucher)
    check_open(desk, lines, voucher.fiscal_year)
    if voucher.payment_id is not None:
        raise Refusal(PAYING)
    following.check_second(desk, voucher)
    desk.check_version(voucher, version)
    return settled(desk, voucher, lines)


def act_of(voucher: Voucher) -> str:
    """What access calls the confirmation of a voucher: it goes by its stage."""
    return f"voucher.confirm.{_stage(voucher).value}"


def _stage(voucher: Voucher) -> VoucherStage:
    return voucher.reversed_stage if voucher.reversed_stage in _ANSWERED else voucher.stage


def settled(desk: Desk, voucher: Voucher, lines: list[VoucherLine]) -> Answer:
    """The voucher counts from now on."""
    changed = desk.unit.change(
        voucher, state=VoucherState.CONFIRMED, confirmed_by=desk.actor.person_id,
        confirmed_for=desk.on_behalf_of, confirmed_on=desk.today,
    )  # fmt: skip
    counted = [desk.unit.change(line, counted=True) for line in lines]
    true_up(desk, counted)
    following.confirmed(desk, changed)
    by_hand(desk, voucher, paid=True)
    money_moved(desk, counted)
    desk.about(changed)
    desk.business_date = voucher.dated_on
    return Answer(body=VoucherView(voucher=changed, lines=counted), version=changed.version)


def void(desk: Desk, id: str, version: int | None, command: VoidCommand) -> Answer:
    """作废 of what was never confirmed, by the body that issued it; its number stays spent."""
    voucher, lines = _held(desk, id)
    desk.authorise("voucher.void", owners=[voucher.issuer_id])
    _check_open(voucher)
    if voucher.payment_id is not None:
        raise Refusal(PAYING)
    desk.check_version(voucher, version)
    return voided(desk, voucher, lines, command.reason)


def voided(desk: Desk, voucher: Voucher, lines: list[VoucherLine], why: str) -> Answer:
    """The voucher takes no room any more and never counts."""
    changed = desk.unit.change(voucher, state=VoucherState.VOIDED, voided_why=why)
    left = [desk.unit.change(line, voided=True) for line in lines]
    following.voided(desk, changed)
    by_hand(desk, voucher, paid=False)
    desk.about(changed)
    return Answer(body=VoucherView(voucher=changed, lines=left), version=changed.version)


def _held(desk: Desk, id: str) -> tuple[Voucher, list[VoucherLine]]:
    voucher = desk.unit.get(Voucher, id, lock=True)
    desk.about(voucher)
    if voucher.request_id is not None:
        desk.unit.get(Request, voucher.request_id, lock=True)
    return voucher, desk.unit.find(VoucherLine, voucher_id=voucher.id)


def _check_open(voucher: Voucher) -> None:
    if voucher.state is not VoucherState.RECORDED:
        raise Refusal(CONFIRMED)
