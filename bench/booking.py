"""记账 the money behind an admitted matter: granted by the decision, then on its way as far as it
came.

One matter with money in so many stands in the books: most of it was spent, some lies at the street
or in the community, some waits to be confirmed or never came. The others are as from before
accounts were kept. Each voucher is left as its confirmation would have left it, without the
versions before.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from bench.forms import CLERK
from registry.domain.accounts import STAGES, Told, VoucherStage, moves
from registry.domain.approval import Decision
from registry.domain.funding import FundingLine
from registry.domain.funds import Voucher, VoucherLine, VoucherState
from registry.domain.presence import Presence
from registry.domain.request import Request
from registry.store.bulk import Act
from registry.store.entry import Header

BOOKED = 3
"""One matter with money in so many is booked."""
_PART_WAY = 4
"""One of these in so many is not spent: it stopped at some stage, one after another."""
_BETWEEN = timedelta(days=2)

Headed = Callable[[str, str, date], Header]
"""Act, voucher and day → what the log says of it."""


class Money(NamedTuple):
    """一笔: whose, by which line, and where it is admitted."""

    request: Request
    decision: Decision
    presence: Presence
    line: FundingLine


def money_of(request: Request, decision: Decision, presence: Presence, number: int) -> Money | None:
    """The money of a matter, where it is one of those that are booked."""
    paying = [f for f in request.filing.funding if f.paid_out and f.payer_id and f.amount_fen]
    if number % BOOKED or not paying:
        return None
    return Money(request, decision, presence, paying[0])


def granted(money: Money) -> list[Voucher | VoucherLine]:
    """核定: the voucher that the decision itself posts."""
    decision = money.decision
    voucher = Voucher(
        county=decision.county, id=f"vch-{money.request.id}.0", request_id=money.request.id,
        stage=VoucherStage.PLEDGE, number=decision.number or decision.id,
        payer_id=money.line.payer_id or "", issuer_id=decision.organisation_id,
        fiscal_year=money.line.fiscal_year, dated_on=decision.issued_on,
        total_fen=money.line.amount_fen, decision_id=decision.id, state=VoucherState.CONFIRMED,
        recorded_by=decision.person_id, confirmed_on=decision.issued_on,
    )  # fmt: skip
    return [voucher, _line(voucher, money)]


def sent(money: Money, number: int, headed: Headed) -> Iterator[Act]:
    """What followed, a voucher a stage: to the end, or to where this one stopped."""
    stages = [*STAGES[money.presence.custody], VoucherStage.EXPENDITURE]
    stopped = number // BOOKED % (_PART_WAY * len(stages))
    waits = stopped < len(stages)
    for at, stage in enumerate(stages[: stopped + 1] if waits else stages):
        confirmed = stage is VoucherStage.ORDER or not (waits and at == stopped)
        voucher = _voucher(money, (at + 1, stage), number, confirmed=confirmed)
        act = f"voucher.confirm.{stage}" if confirmed else "voucher.record"
        yield Act(headed(act, voucher.id, voucher.dated_on), [voucher, _line(voucher, money)])


def _voucher(
    money: Money, of: tuple[int, VoucherStage], number: int, *, confirmed: bool
) -> Voucher:  # fmt: skip
    at, stage = of
    on = money.decision.issued_on + at * _BETWEEN
    by_two = confirmed and stage is not VoucherStage.ORDER
    return Voucher(
        county=money.request.county, id=f"vch-{money.request.id}.{at}",
        request_id=money.request.id, stage=stage, number=f"{number}-{at}",
        payer_id=money.line.payer_id or "", issuer_id=_issuer(money, stage),
        fiscal_year=money.line.fiscal_year, dated_on=on, total_fen=money.line.amount_fen,
        state=VoucherState.CONFIRMED if confirmed else VoucherState.RECORDED,
        recorded_by=f"person-{CLERK}", confirmed_by=money.decision.person_id if by_two else None,
        confirmed_on=on if by_two else None,
    )  # fmt: skip


def _issuer(money: Money, stage: VoucherStage) -> str:
    return {
        VoucherStage.ORDER: money.request.applicant_id,
        VoucherStage.DISPATCH: money.line.payer_id or "",
        VoucherStage.STREET_ARRIVAL: money.decision.organisation_id,
    }.get(stage, money.presence.organisation_id)


def _line(voucher: Voucher, money: Money) -> VoucherLine:
    presence = money.presence
    (move,) = moves(voucher.stage, presence.custody, Told())
    return VoucherLine(
        county=voucher.county, id=f"{voucher.id}.l0", voucher_id=voucher.id,
        request_id=voucher.request_id, presence_id=presence.id, funding_key=money.line.key,
        stage=voucher.stage, debit=move.debit, credit=move.credit, amount_fen=voucher.total_fen,
        counted=voucher.state is VoucherState.CONFIRMED, year=voucher.fiscal_year,
        payer_id=voucher.payer_id, area_path=presence.area_path, dated_on=voucher.dated_on,
    )  # fmt: skip
