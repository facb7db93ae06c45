"""分摊与应付 what of a line each community gets, and what is owed for what was accepted.

Where the formula tells its quantity by community, each gets by its own figure and not an equal
part. Shares are whole 分 and sum to the amount, always.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Annotated

import msgspec

from registry.domain.amounts import share
from registry.domain.formula import (
    WHOLE,
    Counted,
    Formula,
    PerCapitaFormula,
    ProjectFormula,
    RatioFormula,
    ReimbursementFormula,
    SecondmentFormula,
    TransferFormula,
    half_up,
)
from registry.domain.funding import FundingLine
from registry.domain.records import Count, Fen, Ident, Wire


def figures_of(line: FundingLine) -> Mapping[str, int]:
    """Quantity by area id; empty where the formula does not tell its communities apart."""
    return line.formula.figures if isinstance(line.formula, Counted) else {}


def shares_of(line: FundingLine, areas: Sequence[str]) -> list[int]:
    """What each of the presences of a line gets, 分, in their order.

    Args:
        areas: the area id of each presence; several receivers in one community share its part.
    """
    weights = _weights(line, areas)
    if weights is None:
        return [share(line.amount_fen, len(areas), index) for index in range(len(areas))]
    return apportioned(line.amount_fen, weights)


def first_shares_of(line: FundingLine, areas: Sequence[str]) -> list[int]:
    """Of each share, what falls due on the first day of the schedule, 分; all of it without one,
    and nothing of what is settled by its result alone. Nobody's first instalment is more than
    their share."""
    if not line.schedule:
        return [0] * len(areas) if by_result(line) else shares_of(line, areas)
    if _weights(line, areas) is None:
        return [share(line.first_fen, len(areas), index) for index in range(len(areas))]
    return apportioned(line.first_fen, [Fraction(one) for one in shares_of(line, areas)])


def apportioned(amount_fen: int, weights: Sequence[Fraction]) -> list[int]:
    """An amount by weights, 分: whole parts first, what is left by the greatest remainder, the
    earlier of equals first."""
    total = sum(weights, Fraction(0))
    if not total:
        return [share(amount_fen, len(weights), index) for index in range(len(weights))]
    due = [amount_fen * weight / total for weight in weights]
    parts = [int(one) for one in due]
    first = sorted(range(len(due)), key=lambda at: (parts[at] - due[at], at))
    for at in first[: amount_fen - sum(parts)]:
        parts[at] += 1
    return parts


def _weights(line: FundingLine, areas: Sequence[str]) -> list[Fraction] | None:
    """A weight for each presence; ``None`` = in equal parts."""
    figures, doors = figures_of(line), Counter(areas)
    if not any(figures.get(area) for area in doors):
        return None
    return [Fraction(figures.get(area, 0), doors[area]) for area in areas]


class Delivered(Wire, frozen=True, kw_only=True):
    """已认可的 what was accepted with evidence in one community, as far as a formula asks for it."""

    quantity: Count | None = None
    """Units accepted; of a secondment, person-months."""
    amount_fen: Fen | None = None
    """Of 报账: claims found good; of a ratio: the base as it turned out."""
    stages: Annotated[list[Ident], msgspec.Meta(max_length=60)] = []
    """Stages of a project that were accepted."""


def owed(line: FundingLine, presence_share: int, evidence: Delivered) -> int:
    """What is owed to one community for what was accepted, 分; never beyond its share: more is
    granted first (追加, E5).

    What is settled by quantity, stage or claim is owed only as far as it was accepted; an
    allocation, a fixed sum and what was negotiated are owed whole.
    """
    if line.formula is None:
        return presence_share
    reached = _reached(line, line.formula, presence_share, evidence)
    return presence_share if reached is None else min(presence_share, half_up(reached))


def by_result(line: FundingLine) -> bool:
    """按结果结算: nothing of a line is owed before something was accepted: pieces, stages, claims."""
    return bool(line.amount_fen) and not owed(line, line.amount_fen, Delivered())


def _reached(
    line: FundingLine, formula: Formula, presence_share: int, evidence: Delivered
) -> Fraction | None:
    """What the terms come to for what was accepted; ``None`` = all that was promised."""
    match formula:
        case Counted() | SecondmentFormula():
            return _by_quantity(formula, evidence.quantity)
        case ProjectFormula():
            done = sum(s.amount_fen for s in formula.stages if s.key in evidence.stages)
            return Fraction(presence_share * done, sum(s.amount_fen for s in formula.stages))
        case RatioFormula():
            return _of_base(line, formula, presence_share, evidence.amount_fen)
        case ReimbursementFormula():
            return Fraction(evidence.amount_fen or 0)
    return None


def _by_quantity(formula: Counted | SecondmentFormula, quantity: int | None) -> Fraction | None:
    if isinstance(formula, PerCapitaFormula):
        return None
    if quantity is None:
        by_plan = isinstance(formula, TransferFormula | SecondmentFormula)
        return None if by_plan else Fraction(0)
    if isinstance(formula, SecondmentFormula):
        return Fraction(formula.monthly_fen * quantity)
    return Fraction(formula.rate_fen * quantity, formula.per)


def _of_base(
    line: FundingLine, formula: RatioFormula, presence_share: int, base_fen: int | None
) -> Fraction | None:
    """Its part of the share of the base as it turned out."""
    if base_fen is None or not line.amount_fen:
        return None
    share_of_base = Fraction(base_fen * formula.basis_points, WHOLE)
    return share_of_base * Fraction(presence_share, line.amount_fen)
