"""经费 vouchers and what has arrived. 拨付 and 到账 are two acts with their own dates (C7).

Amounts are integers in 分. Nothing is netted between communities, items or lines.
"""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Annotated

import msgspec

from registry.domain.records import Ident, Line, PositiveFen, Record, Wire
from registry.domain.vocabulary import Custody


class VoucherStage(StrEnum):
    """资金环节: each is recorded by one person and confirmed by another."""

    ORDER = "order"
    DISPATCH = "dispatch"
    STREET_ARRIVAL = "street_arrival"
    COMMUNITY_ARRIVAL = "community_arrival"
    REVERSAL = "reversal"


class VoucherState(StrEnum):
    """凭证状态."""

    RECORDED = "recorded"
    CONFIRMED = "confirmed"


STAGES: dict[Custody, tuple[VoucherStage, ...]] = {
    Custody.STREET_CUSTODY: (
        VoucherStage.ORDER, VoucherStage.DISPATCH, VoucherStage.STREET_ARRIVAL,
        VoucherStage.COMMUNITY_ARRIVAL,
    ),
    Custody.OWN_ACCOUNT: (
        VoucherStage.ORDER, VoucherStage.DISPATCH, VoucherStage.COMMUNITY_ARRIVAL,
    ),
    Custody.QUOTA_TRANSFER: (
        VoucherStage.ORDER, VoucherStage.DISPATCH, VoucherStage.COMMUNITY_ARRIVAL,
    ),
    Custody.DIRECT_PAY: (VoucherStage.ORDER, VoucherStage.DISPATCH),
}  # fmt: skip
"""Which stages a community's money passes, in order (P5). Under ``direct_pay`` a confirmed
dispatch is arrival; under ``street_custody`` the community's arrival is the posting to its
sub-ledger (转拨)."""


class Entry(Wire, frozen=True, kw_only=True):
    """凭证分录: one amount for one presence and one funding line."""

    presence_id: Ident
    funding_key: Ident
    amount_fen: PositiveFen


class VoucherCommand(Wire, frozen=True, kw_only=True):
    """凭证登记."""

    request_id: Ident
    stage: VoucherStage
    number: Line
    """凭证号, unique per issuer and fiscal year."""
    fiscal_year: Annotated[int, msgspec.Meta(ge=2000, le=2200)]
    dated_on: date
    total_fen: PositiveFen
    lines: Annotated[list[Entry], msgspec.Meta(min_length=1, max_length=2000)]
    document_id: Ident | None = None
    reverses_id: Ident | None = None
    note: Annotated[str, msgspec.Meta(max_length=200)] = ""


class Voucher(Record, frozen=True, kw_only=True):
    """凭证: header; its lines stand in ``VoucherLine`` and sum to ``total_fen``."""

    request_id: str
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
    note: str = ""
    recorded_by: str
    recorded_for: str | None = None
    """委托人 of who recorded it."""
    confirmed_by: str | None = None
    confirmed_for: str | None = None
    """委托人 of who confirmed it."""


class VoucherLine(Record, frozen=True, kw_only=True):
    """凭证分录行."""

    voucher_id: str
    request_id: str
    presence_id: str
    funding_key: str
    stage: VoucherStage
    """The stage whose total this line moves; a reversal carries the stage it takes back."""
    amount_fen: int
    sign: int = 1
    """1, or -1 on a reversal: amounts themselves are never negative."""
    counted: bool = False
    """True once the voucher is confirmed."""


class Standing(Wire, frozen=True, kw_only=True):
    """资金到位情况 of one presence and funding line, 分, from confirmed lines only."""

    presence_id: str
    funding_key: str
    approved_fen: int
    ordered_fen: int = 0
    dispatched_fen: int = 0
    street_fen: int = 0
    community_fen: int = 0


def totals(lines: Iterable[VoucherLine]) -> dict[tuple[str, str, VoucherStage], int]:
    """Confirmed totals by (presence, funding line, stage), 分, reversals taken off."""
    sums: dict[tuple[str, str, VoucherStage], int] = {}
    for line in lines:
        if line.counted:
            key = (line.presence_id, line.funding_key, line.stage)
            sums[key] = sums.get(key, 0) + line.sign * line.amount_fen
    return sums


def most(lines: Iterable[VoucherLine], key: tuple[str, str], stage: VoucherStage) -> int:
    """The most a stage can come to for (presence, funding line), 分: what waits counts already, a
    reversal only once it is confirmed."""
    return sum(
        line.sign * line.amount_fen for line in lines
        if _at(line, key, stage) and (line.counted or line.sign > 0)
    )  # fmt: skip


def least(lines: Iterable[VoucherLine], key: tuple[str, str], stage: VoucherStage) -> int:
    """The least a stage can come to for (presence, funding line), 分: a reversal counts as soon as
    it is recorded, everything else only once it is confirmed."""
    return sum(
        line.sign * line.amount_fen for line in lines
        if _at(line, key, stage) and (line.counted or line.sign < 0)
    )  # fmt: skip


def _at(line: VoucherLine, key: tuple[str, str], stage: VoucherStage) -> bool:
    return (line.presence_id, line.funding_key) == key and line.stage is stage


def by_line(entries: Iterable[Entry]) -> dict[tuple[str, str], int]:
    """Amounts by (presence, funding line), 分: one voucher may name the same line twice."""
    sums: dict[tuple[str, str], int] = {}
    for entry in entries:
        key = (entry.presence_id, entry.funding_key)
        sums[key] = sums.get(key, 0) + entry.amount_fen
    return sums


def arrival_stage(custody: Custody, arrived_at: str) -> VoucherStage:
    """The stage that counts as 到账 for a custody model, at ``street`` or ``community``."""
    stages = STAGES[custody]
    if arrived_at == "street" and VoucherStage.STREET_ARRIVAL in stages:
        return VoucherStage.STREET_ARRIVAL
    return stages[-1]


def share(amount_fen: int, parts: int, index: int) -> int:
    """The ``index``-th of ``parts`` shares of an amount, 分: the first shares take the remainder,
    so that shares always sum to the amount."""
    whole, rest = divmod(amount_fen, parts)
    return whole + (1 if index < rest else 0)
