"""测算公式 how an amount was reckoned, kept so that anybody may reckon it again (E11).

One type for each mode of money. Integers and exact fractions only; one rounding, per line to the
分, half up, which is written into the formula. A rate below one 分 is so much for so many units.
"""

from collections.abc import Collection
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Literal, TypeAlias

import msgspec

from registry.domain.purchase import PurchaseTerms
from registry.domain.records import Count, Fen, Ident, Line, PositiveFen, Text, Wire
from registry.domain.vocabulary import FundingMode

WHOLE = 10_000
"""万分比: the whole in basis points."""

Positive = Annotated[int, msgspec.Meta(ge=1, le=1_000_000_000)]
Unit = Annotated[str, msgspec.Meta(max_length=20)]


class Rounding(StrEnum):
    """取整规则."""

    HALF_UP = "half_up"
    """逐项四舍五入到分."""


class Kept(Wire, frozen=True, kw_only=True, tag_field="mode"):
    """What every formula has besides its own terms."""

    rounding: Rounding = Rounding.HALF_UP
    cap_fen: Fen | None = None
    """封顶, 分: at most so much whatever the terms come to; so a grant of less stays reckonable."""
    evidence_ids: Annotated[list[Ident], msgspec.Meta(max_length=20)] = []
    """Papers that prove the quantity, the population, the base or the rate."""


class Counted(Kept, frozen=True, kw_only=True):
    """What comes at a rate: so many 分 for every ``per`` units."""

    rate_fen: PositiveFen
    per: Positive = 1
    """Units that the rate is for: 5 分 a thousand units is rate_fen=5, per=1000."""
    figures: Annotated[dict[Ident, Count], msgspec.Meta(max_length=2000)] = {}
    """Quantity by community, area id; empty = not told apart. They sum to the whole quantity."""

    @property
    def count(self) -> int:
        """How many units there are in all."""
        raise NotImplementedError

    def counting(self, units: int, figures: dict[str, int]) -> "Counted":
        """The same at another quantity."""
        raise NotImplementedError

    def __post_init__(self) -> None:
        if self.figures and sum(self.figures.values()) != self.count:
            told = sum(self.figures.values())
            raise ValueError(f"the figures by community sum to {told}, the whole is {self.count}")


class ByRate(Counted, frozen=True, kw_only=True):
    """按标准: rate × quantity."""

    quantity: Count
    unit: Unit = ""

    @property
    def count(self) -> int:
        return self.quantity

    def counting(self, units: int, figures: dict[str, int]) -> "ByRate":
        return msgspec.structs.replace(self, quantity=units, figures=figures)


class TransferFormula(ByRate, frozen=True, kw_only=True, tag="transfer"):
    """经费拨付."""


class PerCaseFormula(ByRate, frozen=True, kw_only=True, tag="per_case"):
    """按件: the quantity is planned, and settled by what was accepted."""


class PurchaseFormula(ByRate, frozen=True, kw_only=True, tag="purchase"):
    """购买服务."""

    terms: PurchaseTerms


class PerCapitaFormula(Counted, frozen=True, kw_only=True, tag="per_capita"):
    """按人头 (P28): allocated to communities, or a provision that a budget must hold."""

    population: Count
    unit: Unit = "人"
    counted_on: date | None = None
    """Day of the count."""
    use: Literal["allocation", "provision"] = "allocation"
    beside: Ident | None = None
    """Key of the line by which a second payer pays for the same population."""

    @property
    def count(self) -> int:
        return self.population

    def counting(self, units: int, figures: dict[str, int]) -> "PerCapitaFormula":
        return msgspec.structs.replace(self, population=units, figures=figures)


class ProjectStage(Wire, frozen=True, kw_only=True):
    """项目阶段: paid once it is accepted."""

    key: Ident
    name: Line
    amount_fen: PositiveFen
    acceptance: Line
    """How the stage is accepted."""
    due_on: date


class ProjectFormula(Kept, frozen=True, kw_only=True, tag="project"):
    """项目制 (P26)."""

    stages: Annotated[list[ProjectStage], msgspec.Meta(min_length=1, max_length=60)]

    def __post_init__(self) -> None:
        keys = [stage.key for stage in self.stages]
        if len(set(keys)) != len(keys):
            raise ValueError("keys of the stages must differ")


class SecondmentFormula(Kept, frozen=True, kw_only=True, tag="secondment"):
    """人员派驻 (M17): persons × months × what one costs a month."""

    persons: Positive
    months: Positive
    monthly_fen: PositiveFen
    wages: Literal["seconding", "community"] = "seconding"
    """Who pays them: the body that sends them, or the community out of what it is given."""
    assists: Text = ""
    """What the community only assists with (P29)."""


class RatioFormula(Kept, frozen=True, kw_only=True, tag="ratio"):
    """按比例 (M15): a share of special funds."""

    base: Line
    """What the base is."""
    base_fen: Fen
    basis_points: Annotated[int, msgspec.Meta(ge=0, le=10_000)]
    """万分比: 2000 = 20%, 5 = 0.5‰."""


class FixedFormula(Kept, frozen=True, kw_only=True, tag="fixed"):
    """定额补助 (P28): so much for each community in the line's year."""

    yearly_fen: PositiveFen
    communities: Positive


class ReimbursementFormula(Kept, frozen=True, kw_only=True, tag="reimbursement"):
    """报账制 (P28): what was spent, up to an amount, against papers."""

    up_to_fen: PositiveFen
    papers: Annotated[list[Line], msgspec.Meta(max_length=20)] = []
    """What a claim must bring."""


class NegotiatedFormula(Kept, frozen=True, kw_only=True, tag="negotiated"):
    """协商 (F5): what both sides agreed, and where that is written down."""

    agreed_fen: PositiveFen
    minutes: Annotated[str, msgspec.Meta(max_length=200)] = ""
    """会商纪要: its number or where it lies."""
    held_on: date | None = None


Formula: TypeAlias = (
    TransferFormula
    | PurchaseFormula
    | ProjectFormula
    | SecondmentFormula
    | PerCapitaFormula
    | RatioFormula
    | PerCaseFormula
    | FixedFormula
    | ReimbursementFormula
    | NegotiatedFormula
)


def mode_of(formula: Formula) -> FundingMode:
    """The mode that a formula is of."""
    return FundingMode(str(formula.__struct_config__.tag))


def exact(formula: Formula) -> Fraction:
    """What the terms come to before rounding and cap, 分."""
    match formula:
        case Counted():
            return Fraction(formula.rate_fen * formula.count, formula.per)
        case RatioFormula():
            return Fraction(formula.base_fen * formula.basis_points, WHOLE)
        case SecondmentFormula():
            return Fraction(formula.persons * formula.months * formula.monthly_fen)
        case FixedFormula():
            return Fraction(formula.yearly_fen * formula.communities)
    return Fraction(_stated(formula))


def _stated(formula: ProjectFormula | ReimbursementFormula | NegotiatedFormula) -> int:
    if isinstance(formula, ProjectFormula):
        return sum(stage.amount_fen for stage in formula.stages)
    if isinstance(formula, ReimbursementFormula):
        return formula.up_to_fen
    return formula.agreed_fen


def half_up(amount: Fraction) -> int:
    """四舍五入到分: the nearest whole 分, a half upwards."""
    return (2 * amount.numerator + amount.denominator) // (2 * amount.denominator)


def amount_of(formula: Formula) -> int:
    """What the formula gives, 分: rounded once, then capped."""
    amount = half_up(exact(formula))
    return amount if formula.cap_fen is None else min(amount, formula.cap_fen)


def brings_money(formula: Formula) -> bool:
    """Whether the amount goes to communities: not what a body pays to people it sends itself, nor
    what a budget must hold as a provision."""
    if isinstance(formula, SecondmentFormula):
        return formula.wages == "community"
    return not (isinstance(formula, PerCapitaFormula) and formula.use == "provision")


def unproved(formula: Formula) -> bool:
    """Whether something that the formula rests on is not shown: the day of a count, the paper
    behind a base, the minutes, the papers of a claim, what the community only assists with."""
    match formula:
        case PerCapitaFormula():
            return formula.counted_on is None
        case RatioFormula():
            return not formula.evidence_ids
        case NegotiatedFormula():
            return not formula.minutes.strip()
        case ReimbursementFormula():
            return not formula.papers
        case SecondmentFormula():
            return not formula.assists.strip()
    return False


def cut(formula: Formula, granted_fen: int, areas: Collection[str] = ()) -> Formula:
    """The formula of a line that was granted less: true of the amount granted, 分.

    Args:
        areas: ids of the communities granted; empty = all that were asked for.
    """
    narrower = _within(formula, areas) if areas else formula
    for one in (narrower, _fewer(narrower, granted_fen, areas)):
        if amount_of(one) == granted_fen:
            return one
    held = narrower if amount_of(narrower) >= granted_fen else formula
    return msgspec.structs.replace(held, cap_fen=granted_fen)


def _within(formula: Formula, areas: Collection[str]) -> Formula:
    """Only the communities granted, where the figures tell them apart."""
    if isinstance(formula, Counted) and formula.figures:
        kept = {id: count for id, count in formula.figures.items() if id in areas}
        return formula.counting(sum(kept.values()), kept)  # type: ignore[return-value]
    return formula


def _fewer(formula: Formula, granted_fen: int, areas: Collection[str]) -> Formula:
    """Fewer units at the same rate; nobody says that a population grew less by a grant."""
    if isinstance(formula, ByRate) and not formula.figures:
        return msgspec.structs.replace(
            formula, quantity=granted_fen * formula.per // formula.rate_fen
        )
    if isinstance(formula, FixedFormula) and areas and granted_fen >= formula.yearly_fen:
        return msgspec.structs.replace(formula, communities=granted_fen // formula.yearly_fen)
    return formula
