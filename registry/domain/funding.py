"""经费项 who pays, on what basis, how much, when, and by which formula (M5)."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, NamedTuple

import msgspec

from registry.domain.details import Purpose
from registry.domain.formula import Formula, PerCapitaFormula, amount_of, brings_money, mode_of
from registry.domain.records import Count, Fen, Ident, PositiveFen, Text, Wire
from registry.domain.vocabulary import FundingMode


class Instalment(Wire, frozen=True, kw_only=True):
    """拨付计划: one instalment and the day it is due."""

    due_on: date
    amount_fen: PositiveFen


class FundingLine(Wire, frozen=True, kw_only=True):
    """经费项: who pays, on what basis, how much, when (M5)."""

    key: Ident
    mode: FundingMode
    payer_id: Ident | None = None
    """The organisation that pays; absent means nobody was named."""
    basis: Text = ""
    """测算依据 or the clause that fixes the payer."""
    unit: Annotated[str, msgspec.Meta(max_length=20)] = ""
    rate_fen: Fen = 0
    quantity: Count = 0
    amount_fen: Fen
    """Total for all targets, 分. With a rate it must equal rate × quantity."""
    formula: Formula | None = None
    """测算公式: what the amount is reckoned from; it is submitted only where both agree (E11)."""
    purpose: Purpose | None = None
    """What the money is for; packs may ask for certain purposes (F4)."""
    fiscal_year: Annotated[int, msgspec.Meta(ge=2000, le=2200)]
    schedule: Annotated[list[Instalment], msgspec.Meta(max_length=60)] = []

    def __post_init__(self) -> None:
        if self.rate_fen and self.rate_fen * self.quantity != self.amount_fen:
            raise ValueError("amount_fen must equal rate_fen × quantity")
        if self.schedule and sum(i.amount_fen for i in self.schedule) != self.amount_fen:
            raise ValueError("the schedule must sum to amount_fen")
        if self.formula is not None and (self.rate_fen or mode_of(self.formula) != self.mode):
            raise ValueError("a formula is of the line's own mode, and its rate stands in it alone")

    @property
    def first_fen(self) -> int:
        """What falls due on the earliest day of the schedule, 分, wherever it stands in it."""
        first = min((i.due_on for i in self.schedule), default=None)
        return sum(i.amount_fen for i in self.schedule if i.due_on == first)

    @property
    def paid_out(self) -> bool:
        """Whether it brings communities money: it is granted, ordered and paid in their books."""
        free = self.mode is FundingMode.NONE
        return not free and (self.formula is None or brings_money(self.formula))


def paid_out(lines: Iterable[FundingLine]) -> int:
    """What of them brings communities money, 分."""
    return sum(line.amount_fen for line in lines if line.paid_out)


class Difference(NamedTuple):
    """A line whose amount is not what its formula gives, both in 分."""

    key: str
    amount_fen: int
    reckoned_fen: int


def differing(lines: Iterable[FundingLine]) -> list[Difference]:
    """Lines whose amount differs from their formula (E11), and lines of two payers for one
    population that do not count the same people on the same day (M16)."""
    held = {line.key: line for line in lines}
    found = []
    for line in held.values():
        if line.formula is None:
            continue
        reckoned_fen = amount_of(line.formula)
        if reckoned_fen != line.amount_fen or not _beside_fits(line.formula, held):
            found.append(Difference(line.key, line.amount_fen, reckoned_fen))
    return found


def _beside_fits(formula: Formula, held: dict[str, FundingLine]) -> bool:
    if not isinstance(formula, PerCapitaFormula) or formula.beside is None:
        return True
    other = held[formula.beside].formula if formula.beside in held else None
    return isinstance(other, PerCapitaFormula) and (
        (other.population, other.counted_on, other.use)
        == (formula.population, formula.counted_on, formula.use)
    )
