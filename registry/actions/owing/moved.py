"""资金变动之后 what follows in this room when money has moved in the books, in the same act.

What was late and has come ends its finding and its suspension; a hold ends with what it held; a
clearance is settled when it is paid and given back; what was left of a leaving is in order.
"""

from collections.abc import Sequence

from registry.actions.living.departing import money_down
from registry.actions.office import Desk
from registry.actions.owing.cleared import follow_clearances
from registry.actions.owing.held import follow_holds
from registry.actions.owing.watching import standing_of, watch
from registry.domain.accounts import VoucherStage
from registry.domain.funds import VoucherLine
from registry.domain.living import Departure, DepartureState
from registry.domain.presence import Presence, PresenceState

S = VoucherStage
_ARRIVES = frozenset({S.DISPATCH, S.STREET_ARRIVAL, S.COMMUNITY_ARRIVAL})
_BACK = frozenset({S.REFUND, S.SURPLUS, S.REVERSAL, S.EXPENDITURE, S.REPAYMENT, S.CARRY_OUT})


def money_moved(desk: Desk, lines: Sequence[VoucherLine]) -> None:
    """For whoever lets a voucher count: everything that hangs on the money of its presences."""
    stages = {line.stage for line in lines} | ({S.REVERSAL} if _reversed(lines) else set())
    ids = sorted({line.presence_id for line in lines})
    if stages & (_ARRIVES | _BACK):
        follow_holds(desk, ids)
        follow_clearances(desk, ids)
        for left in desk.unit.find(Departure, presence_id=ids, state=DepartureState.OPEN.value):
            money_down(desk, left)
    if stages & _ARRIVES:
        for id in _waiting(desk, ids):
            watch(desk, desk.unit.get(Presence, id, lock=True))


def _reversed(lines: Sequence[VoucherLine]) -> bool:
    return any(line.sign < 0 for line in lines)


def _waiting(desk: Desk, ids: Sequence[str]) -> list[str]:
    """Presences for which something waits for money: read at once, and mostly none."""
    late = {one.object_id for one in standing_of(desk, ids)}
    return [
        p.id for p in desk.unit.find(Presence, id=list(ids))
        if p.id in late or p.arrears or p.state is PresenceState.SUSPENDED
    ]  # fmt: skip
