"""先拨后到 nothing arrives before the day on which the first of its funding line was sent (E6)."""

from collections.abc import Sequence
from datetime import date

from registry.actions.ledger.rightful import DATED
from registry.actions.office import Desk
from registry.domain.accounts import VoucherStage
from registry.domain.errors import Refusal
from registry.domain.funds import VoucherLine

_ARRIVING = frozenset({VoucherStage.STREET_ARRIVAL, VoucherStage.COMMUNITY_ARRIVAL})


def check_sent(desk: Desk, lines: Sequence[VoucherLine]) -> None:
    """Refuse an arrival that is dated before what it is an arrival of.

    Raises:
        Refusal: ``voucher.dated``.
    """
    arriving = [x for x in lines if x.sign > 0 and x.stage in _ARRIVING and x.dated_on]
    if not arriving:
        return
    ids = sorted({line.presence_id for line in arriving})
    first: dict[tuple[str, str], date] = {}
    for sent in desk.unit.find(VoucherLine, presence_id=ids, stage=VoucherStage.DISPATCH.value):
        key = (sent.presence_id, sent.funding_key)
        if sent.dated_on and sent.sign > 0 and not sent.voided:
            first[key] = min(sent.dated_on, first.get(key, sent.dated_on))
    for line in arriving:
        day = first.get((line.presence_id, line.funding_key))
        if day is not None and line.dated_on is not None and line.dated_on < day:
            raise Refusal(
                DATED, dated_on=str(line.dated_on), first=str(day), last=str(desk.today)
            )  # fmt: skip
