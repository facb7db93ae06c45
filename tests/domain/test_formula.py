"""测算公式: exact, rounded once and half up, recomputable by hand; shares that always sum."""

from datetime import date
from fractions import Fraction
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.domain.filing import Filing
from registry.domain.formula import (
    FixedFormula,
    Formula,
    PerCapitaFormula,
    PerCaseFormula,
    TransferFormula,
    amount_of,
    brings_money,
    cut,
    mode_of,
    unproved,
)
from registry.domain.funding import FundingLine, differing
from registry.domain.grant import Grant, narrowed
from registry.domain.reckoning import reckon
from registry.domain.shares import (
    Delivered,
    apportioned,
    first_shares_of,
    owed,
    shares_of,
)
from registry.domain.vocabulary import FundingMode

ASKED: dict[str, Any] = {
    "kind": "task", "title": "楼道灯具编号", "applicants": [{"organisation_id": "o-1"}],
    "receivers": ["residents_committee"], "targets": ["a", "b"],
}  # fmt: skip
STAGES = [
    {"key": "s1", "name": "进场", "amount_fen": 40_000, "acceptance": "现场查看",
     "due_on": "2026-05-01"},
    {"key": "s2", "name": "完工", "amount_fen": 60_001, "acceptance": "抽查两成",
     "due_on": "2026-09-01"},
]  # fmt: skip
WORKED: dict[str, tuple[dict[str, Any], int, str]] = {
    "transfer": ({"rate_fen": 800, "quantity": 1000, "unit": "户"}, 800_000, "8.00元/户 × 1,000户"),
    "purchase": (
        {"rate_fen": 250, "quantity": 40, "unit": "次", "terms": {"service": "楼道保洁"}},
        10_000, "2.50元/次 × 40次",
    ),
    "project": ({"stages": STAGES}, 100_001, "进场 400.00元 + 完工 600.01元"),
    "secondment": (
        {"persons": 2, "months": 6, "monthly_fen": 420_000, "assists": "只协助入户引路"},
        5_040_000, "2人 × 6个月 × 每人每月4,200.00元（派出单位发放）",
    ),
    "per_capita": (
        {"rate_fen": 10, "population": 123_457, "counted_on": "2025-12-31"},
        1_234_570, "0.10元/人 × 123,457人（2025-12-31 统计）",
    ),
    "ratio": (
        {"base": "专项资金", "base_fen": 333, "basis_points": 50},
        2, "专项资金 3.33元 × 0.5% = 0.02元（四舍五入到分）",
    ),
    "per_case": ({"rate_fen": 5, "per": 1000, "quantity": 100, "unit": "件"}, 1, "0.05元/1,000件"),
    "fixed": ({"yearly_fen": 6_000_000, "communities": 3}, 18_000_000, "× 3个社区"),
    "reimbursement": ({"up_to_fen": 500_000, "papers": ["发票", "签到表"]}, 500_000, "凭发票、签到表"),
    "negotiated": ({"agreed_fen": 70_000, "minutes": "演会纪〔2026〕2号"}, 70_000, "双方协商"),
}  # fmt: skip
"""Mode → its terms, the amount reckoned by hand, words that must be told."""


def formula_of(mode: str, **changes: Any) -> Formula:
    made: Formula = msgspec.convert({"mode": mode, **WORKED[mode][0], **changes}, Formula)
    return made


def line_of(formula: Formula, **changes: Any) -> FundingLine:
    fields = {"key": "F1", "mode": mode_of(formula), "amount_fen": amount_of(formula),
              "formula": formula, "fiscal_year": 2026}  # fmt: skip
    return FundingLine(**{**fields, **changes})


def test_every_mode_that_brings_money_has_a_formula_of_its_own() -> None:
    assert set(WORKED) == {mode.value for mode in FundingMode} - {"none"}


@pytest.mark.parametrize("mode", WORKED)
def test_a_formula_gives_the_amount_reckoned_by_hand_and_says_how(mode: str) -> None:
    _, amount_fen, words = WORKED[mode]
    found = reckon(formula_of(mode))
    assert found.amount_fen == amount_fen
    assert words in found.words_zh
    assert found.rounding == "half_up"


@pytest.mark.parametrize("mode", WORKED)
def test_a_formula_is_the_same_after_it_was_kept(mode: str) -> None:
    line = line_of(formula_of(mode))
    kept = msgspec.json.decode(msgspec.json.encode(line), type=FundingLine)
    assert kept == line
    assert b'"rounding":"half_up"' in msgspec.json.encode(line)


def test_a_filing_from_before_formulas_is_read_as_ever() -> None:
    line = {"key": "F1", "mode": "transfer", "amount_fen": 5, "fiscal_year": 2026}
    assert msgspec.convert({**ASKED, "funding": [line]}, Filing).funding[0].formula is None


def test_a_tenth_of_a_yuan_a_head_is_exact() -> None:
    """Document 001: 0.1 元 a head and year, by the city and by the county."""
    formula = PerCapitaFormula(rate_fen=10, population=3_616_163, use="provision")
    assert reckon(formula).amount_fen == 36_161_630
    assert not brings_money(formula)


@given(rate=st.integers(1, 10**6), per=st.integers(1, 10**6), quantity=st.integers(0, 10**8))
def test_a_rate_is_exact_and_rounded_half_up_once(rate: int, per: int, quantity: int) -> None:
    formula = PerCaseFormula(rate_fen=rate, per=per, quantity=quantity)
    true = Fraction(rate * quantity, per)
    off = amount_of(formula) - true
    assert Fraction(-1, 2) < off <= Fraction(1, 2)
    assert reckon(formula) == reckon(msgspec.convert(msgspec.to_builtins(formula), Formula))


def test_a_half_goes_up() -> None:
    assert amount_of(PerCaseFormula(rate_fen=1, per=2, quantity=1)) == 1
    assert amount_of(PerCaseFormula(rate_fen=1, per=2, quantity=5)) == 3


def test_a_cap_holds_and_is_told() -> None:
    found = reckon(formula_of("transfer", cap_fen=500_000))
    assert found.amount_fen == 500_000
    assert "按封顶 5,000.00元" in found.words_zh


def test_an_amount_that_its_formula_does_not_give_is_told_with_both_figures() -> None:
    assert differing([line_of(formula_of("transfer"), amount_fen=800_001)]) == [
        ("F1", 800_001, 800_000)
    ]
    assert differing([line_of(formula_of("transfer"))]) == []


def test_two_payers_of_one_population_count_the_same_people() -> None:
    city = line_of(formula_of("per_capita", beside="F2"))
    county = line_of(formula_of("per_capita"), key="F2")
    other = line_of(formula_of("per_capita", population=9), key="F2")
    assert differing([city, county]) == []
    assert [one.key for one in differing([city, other])] == ["F1"]
    assert [one.key for one in differing([city])] == ["F1"]


def test_a_line_keeps_no_second_rate_and_no_formula_of_another_mode() -> None:
    with pytest.raises(ValueError, match="own mode"):
        line_of(formula_of("transfer"), mode=FundingMode.FIXED)
    with pytest.raises(ValueError, match="own mode"):
        line_of(formula_of("transfer"), rate_fen=800, quantity=1000)


@pytest.mark.parametrize(
    "wrong",
    [
        {"rate_fen": 8.5}, {"rate_fen": 0}, {"rate_fen": -1}, {"rate_fen": 10**15 + 1},
        {"per": 0}, {"quantity": -1}, {"quantity": "１００"}, {"cap_fen": -1},
        {"rounding": "down"}, {"unknown": 1}, {"figures": {"a": 1.5}},
    ],
)  # fmt: skip
def test_what_is_no_whole_number_within_bounds_is_no_formula(wrong: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        formula_of("transfer", **wrong)


def test_the_greatest_amount_is_reckoned_and_one_more_is_no_line() -> None:
    most = formula_of("transfer", rate_fen=10**15, quantity=1)
    assert line_of(most).amount_fen == 10**15
    more = msgspec.to_builtins(line_of(most)) | {"amount_fen": 10**15 + 1}
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(more, FundingLine)


def test_figures_by_community_sum_to_the_whole() -> None:
    with pytest.raises(ValueError, match="sum to 3, the whole is 4"):
        TransferFormula(rate_fen=1, quantity=4, figures={"a": 1, "b": 2})


@pytest.mark.parametrize(
    ("mode", "lacks"),
    [
        ("per_capita", {"counted_on": None}),
        ("negotiated", {"minutes": ""}),
        ("reimbursement", {"papers": []}),
        ("secondment", {"assists": ""}),
        ("ratio", {}),
    ],
)
def test_what_a_formula_rests_on_is_to_be_shown(mode: str, lacks: dict[str, Any]) -> None:
    assert unproved(formula_of(mode, **lacks))
    assert not unproved(formula_of(mode, evidence_ids=["doc-1"]))


FIGURED = {"a": 500, "b": 300, "c": 200}


def test_communities_share_by_their_own_figures_not_alike() -> None:
    line = line_of(formula_of("transfer", figures=FIGURED))
    assert shares_of(line, ["a", "b", "c"]) == [400_000, 240_000, 160_000]
    assert shares_of(line_of(formula_of("transfer")), ["a", "b", "c"]) == [
        266_667,
        266_667,
        266_666,
    ]


def test_two_receivers_of_one_community_share_its_part() -> None:
    line = line_of(formula_of("transfer", figures=FIGURED))
    assert shares_of(line, ["a", "b", "c", "a"]) == [200_000, 240_000, 160_000, 200_000]


@given(
    amount=st.integers(0, 10**15),
    weights=st.lists(st.fractions(0, 10**6, max_denominator=9), min_size=1, max_size=40),
)
def test_parts_sum_to_the_amount_and_none_is_a_whole_fen_off(
    amount: int, weights: list[Fraction]
) -> None:
    parts = apportioned(amount, weights)
    assert sum(parts) == amount
    total = sum(weights)
    if total:
        off = [abs(part - amount * w / total) for part, w in zip(parts, weights, strict=True)]
        assert max(off) < 1


@given(
    figures=st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 999), min_size=1),
    doors=st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=12),
    rate=st.tuples(st.integers(1, 10**5), st.integers(1, 999)),
    part=st.integers(1, 99),
)
def test_shares_sum_and_the_first_instalment_is_within_each(
    figures: dict[str, int], doors: list[str], rate: tuple[int, int], part: int
) -> None:
    count = sum(figures.values())
    (rate_fen, per) = rate
    formula = TransferFormula(rate_fen=rate_fen, per=per, quantity=count, figures=figures)
    whole = amount_of(formula)
    first = max(1, whole * part // 100)
    due = [{"due_on": date(2026, 3, 1), "amount_fen": first}]
    if whole > first:
        due.append({"due_on": date(2026, 9, 1), "amount_fen": whole - first})
    line = msgspec.convert(
        {**msgspec.to_builtins(line_of(formula)), "schedule": due if whole else []}, FundingLine
    )
    parts, firsts = shares_of(line, doors), first_shares_of(line, doors)
    assert sum(parts) == whole
    assert sum(firsts) == (line.first_fen if whole else 0)
    assert all(0 <= one <= part for one, part in zip(firsts, parts, strict=True))


@pytest.mark.parametrize("mode", ["per_case", "reimbursement", "project", "transfer", "fixed"])
def test_nothing_of_what_is_settled_by_its_result_must_be_there_before_the_start(mode: str) -> None:
    line = line_of(formula_of(mode))
    by_result = mode in ("per_case", "reimbursement", "project")
    assert first_shares_of(line, ["a", "b"]) == ([0, 0] if by_result else shares_of(line, "ab"))


def test_a_cut_keeps_the_formula_true_by_units_where_it_can() -> None:
    assert cut(formula_of("transfer"), 500_000) == formula_of("transfer", quantity=625)
    odd = cut(formula_of("transfer"), 500_001)
    assert odd == formula_of("transfer", cap_fen=500_001)


def test_fewer_communities_keep_their_own_figures() -> None:
    formula = formula_of("transfer", figures=FIGURED)
    kept = cut(formula, 560_000, ["a", "c"])
    assert isinstance(kept, TransferFormula)
    assert (kept.figures, kept.quantity) == ({"a": 500, "c": 200}, 700)
    fixed = cut(formula_of("fixed"), 12_000_000, ["a", "b"])
    assert isinstance(fixed, FixedFormula)
    assert fixed.communities == 2


def test_a_grant_of_less_does_not_say_that_the_population_shrank() -> None:
    kept = cut(formula_of("per_capita"), 1_000_000)
    assert isinstance(kept, PerCapitaFormula)
    assert (kept.population, kept.cap_fen) == (123_457, 1_000_000)


@given(mode=st.sampled_from(sorted(WORKED)), part=st.integers(0, 1000), some=st.booleans())
def test_whatever_is_granted_the_line_is_what_its_formula_gives(
    mode: str, part: int, some: bool
) -> None:
    line = line_of(formula_of(mode))
    granted = line.amount_fen * part // 1000
    filing = msgspec.convert({**ASKED, "funding": [msgspec.to_builtins(line)]}, Filing)
    grant = Grant(areas=["a"] if some else [], funding={"F1": granted})
    assert differing(narrowed(filing, grant).funding) == []
    assert narrowed(filing, grant).funding[0].amount_fen == granted


@pytest.mark.parametrize(
    ("mode", "evidence", "due"),
    [
        ("per_case", Delivered(), 0),
        ("per_case", Delivered(quantity=20_000), 1),
        ("purchase", Delivered(quantity=39), 9_750),
        ("purchase", Delivered(quantity=41), 10_000),
        ("transfer", Delivered(), 800_000),
        ("transfer", Delivered(quantity=999), 799_200),
        ("project", Delivered(), 0),
        ("project", Delivered(stages=["s2"]), 60_001),
        ("secondment", Delivered(quantity=11), 4_620_000),
        ("ratio", Delivered(amount_fen=100), 1),
        ("reimbursement", Delivered(amount_fen=123), 123),
        ("fixed", Delivered(), 18_000_000),
        ("per_capita", Delivered(), 1_234_570),
        ("negotiated", Delivered(), 70_000),
    ],
)
def test_what_is_owed_for_what_was_accepted(mode: str, evidence: Delivered, due: int) -> None:
    line = line_of(formula_of(mode))
    assert owed(line, line.amount_fen, evidence) == due
