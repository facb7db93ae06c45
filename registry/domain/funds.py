"""凭证 vouchers and the lines they post. 拨付 and 到账 are two acts with their own dates (C7).

Amounts are integers in 分. Nothing is netted between communities, items or lines; nothing is ever
changed: a mistake is taken back by a voucher of its own (冲销).
"""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Annotated

import msgspec

from registry.domain.accounts import Account, Flow, Slot, VoucherStage, counts
from registry.domain.records import Ident, Line, PositiveFen, Record, Wire

Year = Annotated[int, msgspec.Meta(ge=2000, le=2200)]
"""会计年度."""


class VoucherState(StrEnum):
    """凭证状态."""

    RECORDED = "recorded"
    CONFIRMED = "confirmed"
    VOIDED = "voided"
    """作废 before it was ever confirmed; its number is spent."""


class Entry(Wire, frozen=True, kw_only=True):
    """凭证分录: one amount for one presence and one funding line."""

    presence_id: Ident
    funding_key: Ident
    amount_fen: PositiveFen
    year: Year | None = None
    """Of the money; absent = the fiscal year of the funding line."""
    at: Account | None = None
    """street 街道代管 or community 社区账面: where money that is given back or carried over lies."""
    out: bool = False
    """Of 调剂: this item gives; the others receive."""
    indicator_id: Ident | None = None
    """指标 it is split from, or drawn on."""


class VoucherCommand(Wire, frozen=True, kw_only=True):
    """凭证登记."""

    request_id: Ident
    stage: VoucherStage
    number: Line
    """凭证号, unique per issuer and fiscal year."""
    fiscal_year: Year
    dated_on: date
    total_fen: PositiveFen
    lines: Annotated[list[Entry], msgspec.Meta(min_length=1, max_length=2000)]
    document_id: Ident | None = None
    reverses_id: Ident | None = None
    agent_id: Ident | None = None
    """代付单位: who pays in the name of the payer, out of its own account (E4)."""
    note: Annotated[str, msgspec.Meta(max_length=200)] = ""


class Voucher(Record, frozen=True, kw_only=True):
    """凭证: header; its lines stand in ``VoucherLine`` and sum to ``total_fen``."""

    request_id: str | None
    """``None``: opening balances of what was there before the registry and is not admitted."""
    stage: VoucherStage
    number: str
    payer_id: str
    issuer_id: str
    """Organisation whose number series this is."""
    fiscal_year: int
    dated_on: date
    total_fen: int
    state: VoucherState = VoucherState.RECORDED
    document_id: str | None = None
    reverses_id: str | None = None
    reversed_stage: VoucherStage | None = None
    decision_id: str | None = None
    """核定: the decision that it posts."""
    payment_id: str | None = None
    """The payment through the treasury gateway that it is the outcome of."""
    agent_id: str | None = None
    """代付单位: who pays it in the name of the payer, which goes on owing it (E4)."""
    note: str = ""
    recorded_by: str
    recorded_for: str | None = None
    """委托人 of who recorded it."""
    confirmed_by: str | None = None
    confirmed_for: str | None = None
    """委托人 of who confirmed it."""
    confirmed_on: date | None = None
    voided_why: str = ""


_SIDES = 2
"""Of 调剂: what it takes from, and what it gives to."""


def moved_fen(voucher: Voucher) -> int:
    """What a voucher moves, 分: of 调剂 the total is that of both sides, and half of it moves."""
    both = VoucherStage.REALLOCATE in (voucher.stage, voucher.reversed_stage)
    return voucher.total_fen // _SIDES if both else voucher.total_fen


class VoucherLine(Record, frozen=True, kw_only=True):
    """凭证分录行: one amount out of one account and into another."""

    voucher_id: str
    request_id: str | None
    presence_id: str
    funding_key: str
    stage: VoucherStage
    """The stage whose total this line moves; a reversal carries the stage it takes back."""
    debit: Account | None = None
    """借 where the amount goes; ``None`` in versions from before accounts were kept."""
    credit: Account | None = None
    """贷 where it comes from."""
    amount_fen: int
    sign: int = 1
    """1, or -1 on a reversal: amounts themselves are never negative."""
    counted: bool = False
    """True once the voucher is confirmed."""
    reverses: str = ""
    """Of a reversal: the line it takes back."""
    voided: bool = False
    """Its voucher was voided: it never counts and takes no room."""
    year: int = 0
    """会计年度 of the money."""
    payer_id: str = ""
    """付款单位 of the funding line."""
    area_path: str = ""
    indicator_id: str | None = None
    dated_on: date | None = None
    source_year: int | None = None
    """来源年度: of what was carried over or opened with: the year it was first granted for (E9)."""

    @property
    def key(self) -> tuple[str, str, int]:
        """(presence, funding line, year): nothing is netted between these."""
        return (self.presence_id, self.funding_key, self.year)


def flows(lines: Iterable[VoucherLine]) -> list[Flow]:
    """What lines do to the accounts; those of voided vouchers do nothing. What waits and goes
    through one account into another, as a refund by the street, is one movement till it counts."""
    made: list[Flow] = []
    through: dict[tuple[str, str], list[Flow]] = {}
    for line in lines:
        if not (line.debit and line.credit) or line.voided:
            continue
        into, out = (slot_of(line.key, a, line.indicator_id) for a in (line.debit, line.credit))
        flow = Flow(into, out, line.amount_fen, line.counted)
        if line.counted or line.stage is not VoucherStage.REFUND:
            made.append(flow)
        else:
            entry = (line.reverses or line.id).partition(".l")
            key = (line.voucher_id, f"{entry[0]}.{entry[2].split('.')[0]}")
            through.setdefault(key, []).append(flow)
    return [*made, *(flow for legs in through.values() for flow in _joined(legs))]


def _joined(legs: list[Flow]) -> list[Flow]:
    into = {leg.debit: leg for leg in legs}
    for leg in legs:
        if (first := into.get(leg.credit)) is not None:
            return [leg._replace(credit=first.credit)]
    return legs


def slot_of(key: tuple[str, str, int], account: Account, indicator_id: str | None) -> Slot:
    """The account of a (presence, funding line, year); what is allotted stands by indicator."""
    return Slot(*key, account, (indicator_id or "") if account is Account.ALLOTTED else "")


class Chain(Wire, frozen=True, kw_only=True):
    """资金链 of one presence, funding line and year, 分, from confirmed lines only.

    核定 to 支出 are net of what was reversed or returned: what went back to the payer was, in the
    end, not sent. What each account holds now stands beside them.
    """

    approved_fen: int = 0
    """核定, with 追加, 追减 and 调剂."""
    allotted_fen: int = 0
    ordered_fen: int = 0
    dispatched_fen: int = 0
    street_fen: int = 0
    """到账 at the street; 0 where the custody knows none."""
    community_fen: int = 0
    """到账 in the community."""
    direct_fen: int = 0
    """直接支付: sent straight to who did the work; it lay at no street and in no community."""
    spent_fen: int = 0
    refunded_fen: int = 0
    remitted_fen: int = 0
    carried_in_fen: int = 0
    carried_out_fen: int = 0
    opening_fen: int = 0
    transit_fen: int = 0
    """On its way now."""
    held_fen: int = 0
    """街道代管: at the street now."""
    balance_fen: int = 0
    """社区账面余额 now."""
    advanced_fen: int = 0
    """垫付未归 now."""


def totals(lines: Iterable[VoucherLine]) -> dict[tuple[str, str, VoucherStage], int]:
    """Confirmed totals by (presence, funding line, stage), 分, reversals and refunds taken off:
    what went back from the community has arrived nowhere on its way there."""
    sums: dict[tuple[str, str, VoucherStage], int] = {}
    for line in lines:
        if not line.counted:
            continue
        for stage, sign in counts(line.stage, line.sign, line.debit, line.credit):
            key = (line.presence_id, line.funding_key, stage)
            sums[key] = sums.get(key, 0) + sign * line.amount_fen
    return sums


def chain(lines: Iterable[VoucherLine]) -> Chain:
    """The chain of the lines given: all of one presence, funding line and year, or of several that
    are to be added up."""
    return chain_from(
        (line.stage, line.sign, line.debit, line.credit, line.amount_fen)
        for line in lines if line.counted
    )  # fmt: skip


Moved = tuple[VoucherStage, int, Account | None, Account | None, int]
"""What one or many confirmed lines of one kind moved: stage, sign, debit, credit, 分."""


def chain_from(moved: Iterable[Moved]) -> Chain:
    """The chain of confirmed lines, added up by kind beforehand or not."""
    sums: dict[VoucherStage, int] = {}
    held: dict[Account, int] = {}
    direct = 0
    for stage, sign, debit, credit, fen in moved:
        for counted, way in counts(stage, sign, debit, credit):
            sums[counted] = sums.get(counted, 0) + way * fen
        if debit and credit:
            held[debit] = held.get(debit, 0) + fen
            held[credit] = held.get(credit, 0) - fen
        if stage in _BRINGING:
            direct += fen * ((debit is Account.SPENT) - (credit is Account.SPENT))
    return chain_of(sums, held, direct)


def chain_of(sums: dict[VoucherStage, int], held: dict[Account, int], direct_fen: int = 0) -> Chain:
    """The chain from totals by stage, net of returns, and balances by account, 分."""

    def sum_of(stage: VoucherStage) -> int:
        return sums.get(stage, 0)

    def now(account: Account) -> int:
        return held.get(account, 0)

    return Chain(
        approved_fen=-now(Account.SOURCE),
        allotted_fen=sum_of(VoucherStage.ALLOT), ordered_fen=sum_of(VoucherStage.ORDER),
        dispatched_fen=sum_of(VoucherStage.DISPATCH),
        street_fen=sum_of(VoucherStage.STREET_ARRIVAL),
        community_fen=sum_of(VoucherStage.COMMUNITY_ARRIVAL), direct_fen=direct_fen,
        spent_fen=now(Account.SPENT), refunded_fen=sum_of(VoucherStage.REFUND),
        remitted_fen=sum_of(VoucherStage.SURPLUS), carried_in_fen=sum_of(VoucherStage.CARRY_IN),
        carried_out_fen=sum_of(VoucherStage.CARRY_OUT), opening_fen=sum_of(VoucherStage.OPENING),
        transit_fen=now(Account.TRANSIT), held_fen=now(Account.STREET),
        balance_fen=now(Account.COMMUNITY), advanced_fen=now(Account.ADVANCED),
    )  # fmt: skip


_THERE = {
    "street": frozenset({Account.STREET, Account.COMMUNITY, Account.SPENT}),
    "community": frozenset({Account.COMMUNITY, Account.SPENT}),
}
_BRINGING = frozenset({
    VoucherStage.DISPATCH, VoucherStage.STREET_ARRIVAL, VoucherStage.COMMUNITY_ARRIVAL,
    VoucherStage.REFUND,
})  # fmt: skip


def arrived(lines: Iterable[VoucherLine], at: str) -> int:
    """到账 at the ``street`` (or beyond it) or the ``community``, 分, net of returns and reversals,
    by whatever way it came: a custody that changed makes no difference."""
    there, fen = _THERE[at], 0
    for line in lines:
        if line.counted and line.stage in _BRINGING:
            fen += line.amount_fen * ((line.debit in there) - (line.credit in there))
    return fen
