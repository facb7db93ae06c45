"""测算说明 a formula in words, with the figure it comes to, so that an auditor can re-add it."""

from fractions import Fraction

from registry.domain.formula import (
    WHOLE,
    Counted,
    FixedFormula,
    Formula,
    NegotiatedFormula,
    PerCapitaFormula,
    ProjectFormula,
    RatioFormula,
    ReimbursementFormula,
    Rounding,
    SecondmentFormula,
    amount_of,
    exact,
    half_up,
)
from registry.domain.records import Wire

FEN_OF_YUAN = 100
ROUNDING_ZH = {Rounding.HALF_UP: "四舍五入到分"}
ROUNDING_EN = {Rounding.HALF_UP: "rounded half up to the 分"}


class Reckoned(Wire, frozen=True, kw_only=True):
    """测算结果."""

    amount_fen: int
    rounding: Rounding
    words_zh: str
    words_en: str


def reckon(formula: Formula) -> Reckoned:
    """The amount of a formula, 分, with its words: integers and exact fractions throughout."""
    zh, en = _terms(formula)
    whole, amount = exact(formula), amount_of(formula)
    zh, en = f"{zh} = {yuan(half_up(whole))}", f"{en} = {yuan(half_up(whole))}"
    if whole.denominator != 1:
        zh, en = (
            f"{zh}（{ROUNDING_ZH[formula.rounding]}）",
            f"{en} ({ROUNDING_EN[formula.rounding]})",
        )
    if amount != half_up(whole):
        zh, en = f"{zh}，按封顶 {yuan(amount)}", f"{en}, capped at {yuan(amount)}"
    return Reckoned(amount_fen=amount, rounding=formula.rounding, words_zh=zh, words_en=en)


def yuan(fen: int) -> str:
    """分 as 元 with two decimals, exact: 14500000 → 145,000.00元."""
    whole, rest = divmod(fen, FEN_OF_YUAN)
    return f"{whole:,}.{rest:02d}元"


def _terms(formula: Formula) -> tuple[str, str]:
    """The terms as they are multiplied or added, zh and en."""
    match formula:
        case Counted():
            return _rated(formula)
        case ProjectFormula():
            parts = " + ".join(f"{s.name} {yuan(s.amount_fen)}" for s in formula.stages)
            return parts, parts
        case SecondmentFormula():
            pays = formula.wages == "seconding"
            return (
                f"{formula.persons}人 × {formula.months}个月 × 每人每月{yuan(formula.monthly_fen)}"
                + ("（派出单位发放）" if pays else ""),
                f"{formula.persons} persons × {formula.months} months × {yuan(formula.monthly_fen)}"
                + (" (paid by the body that sends them)" if pays else ""),
            )
    return _stated(formula)


def _stated(
    formula: RatioFormula | FixedFormula | ReimbursementFormula | NegotiatedFormula,
) -> tuple[str, str]:
    match formula:
        case RatioFormula():
            share = _percent(formula.basis_points)
            told = f"{formula.base} {yuan(formula.base_fen)} × {share}"
            return told, told
        case FixedFormula():
            each = yuan(formula.yearly_fen)
            return (
                f"每社区每年{each} × {formula.communities}个社区",
                f"{each} a community and year × {formula.communities} communities",
            )
        case ReimbursementFormula():
            papers = "、".join(formula.papers)
            return (
                f"凭{papers or '单据'}据实报账，最高 {yuan(formula.up_to_fen)}",
                f"reimbursed against papers ({papers}), at most {yuan(formula.up_to_fen)}",
            )
    return _agreed(formula)


def _rated(formula: Counted) -> tuple[str, str]:
    unit = str(getattr(formula, "unit", ""))
    per = f"{formula.per:,}" if formula.per > 1 else ""
    rate, count = f"{yuan(formula.rate_fen)}/{per}{unit or '单位'}", f"{formula.count:,}{unit}"
    zh = en = f"{rate} × {count}"
    if isinstance(formula, PerCapitaFormula):
        if formula.counted_on is not None:
            zh, en = f"{zh}（{formula.counted_on} 统计）", f"{en} (counted on {formula.counted_on})"
        if formula.use == "provision":
            zh, en = f"{zh}（预算安排标准，不拨付社区）", f"{en} (a provision, not paid out)"
    return zh, en


def _agreed(formula: NegotiatedFormula) -> tuple[str, str]:
    minutes = formula.minutes
    return (
        f"双方协商（{minutes or '纪要未附'}）",
        f"agreed by both sides ({minutes or 'no minutes'})",
    )


def _percent(basis_points: int) -> str:
    """万分比 as per cent, exact: 2000 → 20%, 5 → 0.05%."""
    share = Fraction(basis_points * FEN_OF_YUAN, WHOLE)
    whole, rest = divmod(share, 1)
    decimals = f".{int(rest * FEN_OF_YUAN):02d}".rstrip("0").rstrip(".")
    return f"{whole}{decimals}%"
