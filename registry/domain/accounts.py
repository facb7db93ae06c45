"""账户 the accounts through which money goes, and the one rule: none is ever overdrawn.

Every line of a voucher moves one amount from one account (贷) to another (借), so that the books
balance by their shape. The chain 核定 → 分解 → 用款申请 → 拨付 → 到账 → 转拨 → 支出 is a row of
accounts; that no stage outruns the one before it is that no account falls below nothing.
"""

from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from registry.domain.vocabulary import Custody


class Account(StrEnum):
    """账户: where an amount stands between two stages of the chain."""

    SOURCE = "source"
    PLEDGED = "pledged"
    ALLOTTED = "allotted"
    ORDERED = "ordered"
    TRANSIT = "transit"
    STREET = "street"
    COMMUNITY = "community"
    SPENT = "spent"
    REMITTED = "remitted"
    CARRIED = "carried"
    OPENING = "opening"
    ADVANCED = "advanced"
    LENDER = "lender"


A = Account
ACCOUNT_ZH: dict[Account, str] = {
    A.SOURCE: "预算来源",
    A.PLEDGED: "已核定未用",
    A.ALLOTTED: "已分解未申请",
    A.ORDERED: "已申请未拨付",
    A.TRANSIT: "已拨付在途",
    A.STREET: "街道代管",
    A.COMMUNITY: "社区账面",
    A.SPENT: "已支出",
    A.REMITTED: "已上缴",
    A.CARRIED: "年度结转",
    A.OPENING: "期初来源",
    A.ADVANCED: "垫付款",
    A.LENDER: "应还垫付款",
}
OUTSIDE = frozenset({A.SOURCE, A.CARRIED, A.OPENING})
"""Where money comes from or goes to beyond the chain of one year: these alone may stand below
nothing, and all accounts together always sum to nothing."""
OWED = frozenset({A.LENDER})
"""What is owed to somebody: it holds what was taken from it and not given back."""


class VoucherStage(StrEnum):
    """资金环节: what a voucher does. Each but the pledge is recorded by one person and confirmed by
    another."""

    PLEDGE = "pledge"
    """核定: by the decision itself."""
    INCREASE = "increase"
    """追加."""
    DECREASE = "decrease"
    """追减."""
    REALLOCATE = "reallocate"
    """调剂 between items or communities, by an approval of its own."""
    ALLOT = "allot"
    """分解 of a budget indicator over items and communities."""
    ORDER = "order"
    """用款申请."""
    DISPATCH = "dispatch"
    """拨付; paid ahead 预拨 where the voucher says so."""
    STREET_ARRIVAL = "street_arrival"
    """到账 at the street."""
    COMMUNITY_ARRIVAL = "community_arrival"
    """转拨 into the community's books, or 到账 there."""
    EXPENDITURE = "expenditure"
    """支出."""
    ADVANCE = "advance"
    """垫付: somebody pays before the money is there."""
    REPAYMENT = "repayment"
    """归垫 out of what has arrived."""
    REFUND = "refund"
    """退回 to the payer; it may be paid out anew."""
    SURPLUS = "surplus"
    """结余上缴; it is gone for good."""
    CARRY_OUT = "carry_out"
    """结转下年 out of the old year."""
    CARRY_IN = "carry_in"
    """上年结转 into the new year."""
    OPENING = "opening"
    """期初: what was there before the registry."""
    REVERSAL = "reversal"
    """冲销."""


S = VoucherStage
STAGE_ZH: dict[VoucherStage, str] = {
    S.PLEDGE: "核定",
    S.INCREASE: "追加",
    S.DECREASE: "追减",
    S.REALLOCATE: "调剂",
    S.ALLOT: "指标分解",
    S.ORDER: "用款申请",
    S.DISPATCH: "拨付",
    S.STREET_ARRIVAL: "街道到账",
    S.COMMUNITY_ARRIVAL: "社区到账（转拨）",
    S.EXPENDITURE: "支出",
    S.ADVANCE: "垫付",
    S.REPAYMENT: "归垫",
    S.REFUND: "退回",
    S.SURPLUS: "结余上缴",
    S.CARRY_OUT: "结转下年",
    S.CARRY_IN: "上年结转",
    S.OPENING: "期初",
    S.REVERSAL: "冲销",
}
HOLDING = frozenset({A.STREET, A.COMMUNITY})
"""Where money lies that may be given back, handed in, carried over or opened with."""
OPEN = frozenset({A.ORDERED, A.TRANSIT, A.STREET, A.COMMUNITY, A.ADVANCED})
"""Where money is under way, lies, or is owed: not settled while anything stands in these."""
CHOSEN = frozenset({S.REFUND, S.SURPLUS, S.CARRY_OUT, S.CARRY_IN, S.OPENING})
"""Stages at which an entry says where the money lies."""


class Move(NamedTuple):
    """借贷: the amount goes out of ``credit`` and into ``debit``."""

    debit: Account
    credit: Account

    @property
    def back(self) -> "Move":
        """The move that undoes this one."""
        return Move(self.credit, self.debit)


_FIXED: dict[VoucherStage, tuple[Move, ...]] = {
    S.PLEDGE: (Move(A.PLEDGED, A.SOURCE),),
    S.INCREASE: (Move(A.PLEDGED, A.SOURCE),),
    S.DECREASE: (Move(A.SOURCE, A.PLEDGED),),
    S.ALLOT: (Move(A.ALLOTTED, A.PLEDGED),),
    S.STREET_ARRIVAL: (Move(A.STREET, A.TRANSIT),),
    S.EXPENDITURE: (Move(A.SPENT, A.COMMUNITY),),
    S.ADVANCE: (Move(A.ADVANCED, A.LENDER),),
    S.REPAYMENT: (Move(A.LENDER, A.ADVANCED), Move(A.SPENT, A.COMMUNITY)),
}
_AT: dict[VoucherStage, tuple[Account | None, Account | None]] = {
    S.SURPLUS: (A.REMITTED, None),
    S.CARRY_OUT: (A.CARRIED, None),
    S.CARRY_IN: (None, A.CARRIED),
    S.OPENING: (None, A.OPENING),
}
"""(debit, credit) with the place the entry names left open."""

STAGES: dict[Custody, tuple[VoucherStage, ...]] = {
    Custody.STREET_CUSTODY: (S.ORDER, S.DISPATCH, S.STREET_ARRIVAL, S.COMMUNITY_ARRIVAL),
    Custody.OWN_ACCOUNT: (S.ORDER, S.DISPATCH, S.COMMUNITY_ARRIVAL),
    Custody.QUOTA_TRANSFER: (S.ORDER, S.DISPATCH, S.COMMUNITY_ARRIVAL),
    Custody.DIRECT_PAY: (S.ORDER, S.DISPATCH),
}
"""Which stages a community's money passes on its way there, in order (P5). Under ``direct_pay`` a
confirmed dispatch is arrival and expenditure in one; under ``quota_transfer`` what is dispatched
and arrives is the budget indicator, no cash; under ``street_custody`` the community's arrival is
the posting to its sub-ledger (转拨)."""


class Told(NamedTuple):
    """What an entry says besides its amount, as far as it decides where that goes."""

    at: Account | None = None
    """Where the money lies, at the stages of ``CHOSEN``."""
    out: bool = False
    """Of 调剂: this is the side that gives."""
    allotted: bool = False
    """It draws on a budget indicator split before."""


def moves(stage: VoucherStage, custody: Custody, told: Told) -> tuple[Move, ...]:
    """Between which accounts a stage moves an amount; empty where the custody has no such stage.

    A refund goes back to where an order draws from. ``REVERSAL`` has no moves of its own.
    """
    drawn = A.ALLOTTED if told.allotted else A.PLEDGED
    if stage in _FIXED:
        known = stage is not S.STREET_ARRIVAL or stage in STAGES[custody]
        return _FIXED[stage] if known else ()
    if stage in CHOSEN:
        return _chosen(stage, custody, told, drawn)
    return {
        S.REALLOCATE: (Move(A.SOURCE, A.PLEDGED) if told.out else Move(A.PLEDGED, A.SOURCE),),
        S.ORDER: (Move(A.ORDERED, drawn),),
        S.DISPATCH: (Move(A.SPENT if custody is Custody.DIRECT_PAY else A.TRANSIT, A.ORDERED),),
        S.COMMUNITY_ARRIVAL: _arriving(custody),
    }.get(stage, ())


def _chosen(stage: VoucherStage, custody: Custody, told: Told, drawn: Account) -> tuple[Move, ...]:
    if told.at not in HOLDING:
        return ()
    if stage is not S.REFUND:
        debit, credit = _AT[stage]
        return (Move(debit or told.at, credit or told.at),)
    # 居财街管: what a community gives back goes by the street that keeps its books.
    if told.at is A.COMMUNITY and custody is Custody.STREET_CUSTODY:
        return (Move(A.STREET, A.COMMUNITY), Move(drawn, A.STREET))
    return (Move(drawn, told.at),)


def _arriving(custody: Custody) -> tuple[Move, ...]:
    if S.COMMUNITY_ARRIVAL not in STAGES[custody]:
        return ()
    held = A.STREET if custody is Custody.STREET_CUSTODY else A.TRANSIT
    return (Move(A.COMMUNITY, held),)


class Slot(NamedTuple):
    """一户: one account of one funding line in one community and year; what is allotted is kept
    apart by indicator."""

    presence_id: str
    funding_key: str
    year: int
    account: Account
    indicator_id: str = ""


class Flow(NamedTuple):
    """One movement as far as balances go, 分."""

    debit: Slot
    credit: Slot
    amount_fen: int
    counted: bool
    """Confirmed; what waits takes room where it comes from and gives none where it goes."""


def balances(flows: Iterable[Flow]) -> dict[Slot, int]:
    """What stands in every account by confirmed lines, 分: into it less out of it."""
    held: dict[Slot, int] = {}
    for flow in flows:
        if flow.counted:
            held[flow.debit] = held.get(flow.debit, 0) + flow.amount_fen
            held[flow.credit] = held.get(flow.credit, 0) - flow.amount_fen
    return held


def room(flows: Iterable[Flow]) -> dict[Slot, int]:
    """What may still be taken out of every account, 分: what waits for confirmation is taken out of
    its source already and is not yet where it goes. Of what is owed: what may still be given back.
    """
    free: dict[Slot, int] = {}
    for flow in flows:
        for slot, sign in ((flow.debit, 1), (flow.credit, -1)):
            owed = slot.account in OWED
            gives = (sign < 0) is not owed
            if flow.counted or gives:
                change = flow.amount_fen * (-sign if owed else sign)
                free[slot] = free.get(slot, 0) + change
    return free


def overdrawn(free: dict[Slot, int]) -> list[Slot]:
    """Accounts out of which more was taken than is there, in their order."""
    return sorted(s for s, fen in free.items() if fen < 0 and s.account not in OUTSIDE)


_RETURNED = {
    A.STREET: S.STREET_ARRIVAL,
    A.COMMUNITY: S.COMMUNITY_ARRIVAL,
}
_SENT = (S.ORDER, S.DISPATCH)
_YEARLY = (S.CARRY_OUT, S.CARRY_IN)


@lru_cache(None)
def counts(
    stage: VoucherStage, sign: int, debit: Account | None, credit: Account | None
) -> tuple[tuple[VoucherStage, int], ...]:
    """The stages whose totals a line moves, and which way."""
    if stage is S.REPAYMENT and A.LENDER not in (debit, credit):
        return ()  # 归垫 moves two amounts at once; one of them is its total.
    if stage in _YEARLY and A.LENDER in (debit, credit):
        return ()  # What is owed goes into the new year; no money does.
    if stage is S.REALLOCATE and A.SOURCE in (debit, credit):
        out = (debit is A.SOURCE) is (sign > 0)
        return ((stage, -sign if out else sign),)
    if stage is not S.REFUND:
        return ((stage, sign),)
    lay, goes = (debit, credit) if sign < 0 else (credit, debit)
    found = [(_RETURNED[lay], -sign)] if lay else []
    if goes not in HOLDING:
        found += [(S.REFUND, sign), *((back, -sign) for back in _SENT)]
    return tuple(found)
