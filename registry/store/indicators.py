"""指标使用 what was split from indicators and ordered out of them, for many in one statement."""

from sqlalchemy import Connection, and_, func, select

from registry.domain.accounts import VoucherStage
from registry.domain.funds import Voucher, VoucherLine, VoucherState
from registry.domain.records import Wire
from registry.store import tables

_OF = (VoucherStage.ALLOT, VoucherStage.ORDER)


class Used(Wire, frozen=True, kw_only=True):
    """指标使用, 分: what waits for confirmation counts as used; what is taken back is free only once
    that is confirmed."""

    split_fen: int = 0
    """已分解."""
    ordered_fen: int = 0
    """已申请."""


def used(connection: Connection, county: str, ids: list[str]) -> dict[str, Used]:
    """By indicator; one that nothing draws on is not among them."""
    line, voucher = tables.BY_RECORD[VoucherLine], tables.BY_RECORD[Voucher]
    its = and_(
        voucher.c.county == line.c.county, voucher.c.id == line.c.voucher_id,
        voucher.c.event_to.is_(None), voucher.c.state != VoucherState.VOIDED.value,
    )  # fmt: skip
    query = (
        select(line.c.indicator_id, line.c.stage, line.c.sign, line.c.counted,
               func.sum(line.c.amount_fen))
        .select_from(line.join(voucher, its))
        .where(
            line.c.county == county, line.c.event_to.is_(None), line.c.indicator_id.in_(ids),
            line.c.stage.in_([stage.value for stage in _OF]),
        )
        .group_by(line.c.indicator_id, line.c.stage, line.c.sign, line.c.counted)
    )  # fmt: skip
    sums: dict[str, dict[str, int]] = {}
    for id, stage, sign, counted, fen in connection.execute(query):
        if counted or sign > 0:
            own = sums.setdefault(id, {})
            own[stage] = own.get(stage, 0) + sign * int(fen)
    return {
        id: Used(split_fen=own.get(_OF[0].value, 0), ordered_fen=own.get(_OF[1].value, 0))
        for id, own in sums.items()
    }
