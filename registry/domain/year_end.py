"""年终余额 what is left of a year, of which year's money it is, and what becomes of it (P17, E9).

Whoever closes a year and whoever rehearses it ask the same question here. Money that came first is
spent first (先进先出): what is left is of the youngest years, and of what is left the oldest has come
furthest. 预算法 art. 42 tells of money that was carried over; a pack says after how often it is handed
in.
"""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Literal, NamedTuple

from registry.domain.accounts import Account, Move, Slot, VoucherStage, balances
from registry.domain.funds import VoucherLine, flows
from registry.domain.records import Wire

A = Account


class Fate(StrEnum):
    """去向: what becomes of an amount that is left."""

    CARRY = "carry"
    """结转."""
    HAND_IN = "hand_in"
    """结余上缴."""
    REFUND = "refund"
    """退回."""
    LAPSE = "lapse"
    """不再拨付: it stays in the books of the year and nothing more is drawn on it."""


class Rule(Wire, frozen=True, kw_only=True):
    """年终规则 as far as it decides here."""

    unspent: Literal["carry", "hand_in", "refund"]
    unsent: Literal["carry", "lapse"]
    years: int | None = None


class Left(NamedTuple):
    """余额: one amount of one year's money in one account at the end of a year, 分."""

    slot: Slot
    source_year: int
    amount_fen: int
    fate: Fate
    expired: bool = False
    """结余: it was carried over as often as the pack allows."""


_FURTHEST = (A.COMMUNITY, A.STREET, A.TRANSIT, A.ORDERED, A.ALLOTTED, A.PLEDGED)
"""From what came furthest, which is the oldest, to what was never sent."""
_LYING = frozenset({A.COMMUNITY, A.STREET})
_INTO: dict[Account, Account] = {A.ALLOTTED: A.PLEDGED}
"""指标 of the old year is none of the new: what was split and not asked for is split anew."""


def left_over(lines: Iterable[VoucherLine], year: int, rule: Rule) -> list[Left]:
    """What is left at the end of a year of the lines given, in the order of their slots."""
    mine = [line for line in lines if line.year == year and line.counted and not line.voided]
    held = {slot: fen for slot, fen in balances(flows(mine)).items() if fen > 0}
    layers, of = _layers(mine, year), dict[tuple[str, str], list[Slot]]()
    for slot in held:
        if slot.account in _FURTHEST:
            of.setdefault(_key(slot), []).append(slot)
    found: list[Left] = []
    for key in sorted(layers):
        slots = sorted(of.get(key, ()), key=lambda slot: (_FURTHEST.index(slot.account), slot))
        found += _shared_out(slots, held, layers[key], (year, rule))
    owed = [slot for slot in sorted(held) if slot.account is A.ADVANCED]
    return found + [Left(slot, year, held[slot], Fate.CARRY) for slot in owed]


def _key(slot: Slot) -> tuple[str, str]:
    return slot.presence_id, slot.funding_key


def _layers(lines: Iterable[VoucherLine], year: int) -> dict[tuple[str, str], dict[int, int]]:
    """What came into each funding line in a year, by the year whose money it is, 分."""
    found: dict[tuple[str, str], dict[int, int]] = {}
    for line in lines:
        layers = found.setdefault((line.presence_id, line.funding_key), {})
        came = line.credit in _SOURCES
        if came or line.debit in _SOURCES:
            at = line.source_year or year
            layers[at] = layers.get(at, 0) + (line.amount_fen if came else -line.amount_fen)
    return found


_SOURCES = (A.SOURCE, A.CARRIED, A.OPENING)


def _shared_out(
    slots: list[Slot], held: dict[Slot, int], layers: dict[int, int], by: tuple[int, Rule]
) -> Iterator[Left]:
    """The accounts of one funding line, each with the years whose money is left in it."""
    year, rule = by
    rest = sum(held[slot] for slot in slots)
    kept: list[list[int]] = []
    for source in sorted(layers, reverse=True):
        part = min(rest, max(layers[source], 0))
        if part:
            kept.append([source, part])
            rest -= part
    if rest:
        kept.append([min([*layers, year]), rest])
    for slot in slots:
        wanted = held[slot]
        while wanted:
            source, there = kept[-1]
            part = min(wanted, there)
            expired = rule.years is not None and year - source >= rule.years
            yield Left(slot, source, part, _fate(slot.account, rule, expired), expired)
            wanted -= part
            kept[-1][1] -= part
            if not kept[-1][1]:
                kept.pop()


def _fate(account: Account, rule: Rule, expired: bool) -> Fate:
    """What is on its way is neither here nor there: it goes on, and is dealt with where it lies."""
    if account is A.TRANSIT:
        return Fate.CARRY
    if account in _LYING:
        return Fate.HAND_IN if expired else Fate(rule.unspent)
    return Fate.LAPSE if expired else Fate(rule.unsent)


def leaving(left: Left) -> Move:
    """Out of the old year."""
    if left.slot.account is A.ADVANCED:
        return Move(A.LENDER, A.ADVANCED)
    return Move(A.CARRIED, left.slot.account)


def entering(left: Left) -> Move:
    """Into the new year, where it lay."""
    if left.slot.account is A.ADVANCED:
        return Move(A.ADVANCED, A.LENDER)
    return Move(_INTO.get(left.slot.account, left.slot.account), A.CARRIED)


def waits(lines: Iterable[VoucherLine], year: int) -> list[str]:
    """Vouchers of a year that are neither confirmed nor voided."""
    return sorted({x.voucher_id for x in lines if x.year == year and not (x.counted or x.voided)})


STAGE_OF: dict[Fate, VoucherStage] = {
    Fate.HAND_IN: VoucherStage.SURPLUS, Fate.REFUND: VoucherStage.REFUND,
}  # fmt: skip
"""What the new year's voucher does about what may not stay."""
