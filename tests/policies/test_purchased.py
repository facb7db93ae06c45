"""测算与购买的事实: what formulas and purchases say of a filing, and what would let it pass."""

from datetime import date
from typing import Any

import pytest

from registry.domain.filing import Filing
from registry.domain.vocabulary import OrganisationKind
from registry.policies.explaining.explain import explain
from registry.policies.explaining.remedy import Question
from registry.policies.explaining.substance import amended
from registry.policies.judge import Rulebook
from registry.policies.measuring.purchased import Purchase, purchase
from registry.policies.purse import PurchaseRule
from tests.policies.rulebooks import DEMO, NATION, book, matter, on_one_day

ON = date(2026, 3, 2)
RULE = PurchaseRule(
    barred={"works": "建设工程项目"}, providers=["social_organisation"], ties="declare",
    grade="configured",
)  # fmt: skip
FIT = {"name": "演示服务社", "kind": "social_organisation", "ties": []}


def line(mode: str, amount_fen: int, **terms: Any) -> dict[str, Any]:
    return {"key": "F1", "mode": mode, "payer_id": "asking", "amount_fen": amount_fen,
            "fiscal_year": 2026, "formula": {"mode": mode, **terms}}  # fmt: skip


def bought(**terms: Any) -> dict[str, Any]:
    told = {"service": "楼道灯具清点", "directory_code": "A1", "provider": FIT, **terms}
    return line("purchase", 1_000, rate_fen=100, quantity=10, terms=told)


def filing(*lines: dict[str, Any], **fields: Any) -> Filing:
    return matter(ON, funding=list(lines), **fields).filing


@pytest.mark.parametrize(
    ("terms", "word"),
    [
        ({}, "ok"),
        ({"falls_under": ["works"]}, "barred"),
        ({"service": "小区建设工程项目监工"}, "barred"),
        ({"directory_code": "A2"}, "off_directory"),
        ({"directory_code": None}, "off_directory"),
        ({"provider": {**FIT, "kind": "enterprise"}}, "provider_unfit"),
        ({"provider": {"name": "演示服务社", "kind": "social_organisation"}}, "provider_unfit"),
        ({"provider": None}, "ok"),
    ],
)
def test_a_purchase_is_held_against_texts_directory_and_provider(
    terms: dict[str, Any], word: str
) -> None:
    assert purchase(filing(bought(**terms)), RULE, {2026: ["A1"]}).word == word


def test_a_tie_that_is_declared_passes_where_it_need_only_be_declared() -> None:
    tied = {**FIT, "ties": [{"post": "演示社区副主任", "relation": "配偶任职"}]}
    told = filing(bought(provider=tied))
    assert purchase(told, RULE, {}).word == "ok"
    barring = PurchaseRule(ties="bar", grade="configured")
    assert purchase(told, barring, {}).behind == ["演示服务社：配偶任职"]


def test_where_nothing_is_stated_nothing_is_asked() -> None:
    assert purchase(filing(bought()), None, {}) == Purchase()
    assert purchase(filing(bought()), None, {2025: ["A9"]}) == Purchase(), "another year's table"


def test_the_gravest_is_told_first() -> None:
    all_wrong = bought(falls_under=["works"], directory_code="A2", provider={**FIT, "ties": None})
    assert purchase(filing(all_wrong), RULE, {2026: ["A1"]}).word == "barred"


def test_one_line_off_the_directory_is_enough() -> None:
    second = {**bought(directory_code="A2"), "key": "F2"}
    found = purchase(filing(bought(), second), RULE, {2026: ["A1"]})
    assert (found.word, found.behind) == ("off_directory", ["F2"])


# ---- the way to yes ------------------------------------------------------------------------------


def first_way(rules: Rulebook, **fields: Any) -> tuple[Filing, Any]:
    asked = matter(ON, **fields)
    told = explain(rules, Question(matter=asked, dates=on_one_day(ON)))
    assert told.ways.ways, told.ways.sentence
    return asked.filing, told.ways.ways[0]


def test_the_way_to_yes_names_the_amount_that_the_formula_gives() -> None:
    wrong = line("transfer", 801, rate_fen=8, quantity=100, unit="户")
    wrong["schedule"] = [{"due_on": "2026-04-01", "amount_fen": 801}]
    asked, way = first_way(
        book(DEMO), funding=[wrong], bases=[{"level": "policy", "title": "演示文件"}],
        role="assist", starts_on="2026-05-01", ends_on="2026-06-30",
    )  # fmt: skip
    assert [change.id for change in way.changes] == ["money.formula"]
    mended = amended(asked, way.edits)
    assert mended is not None
    assert (mended.funding[0].amount_fen, mended.funding[0].schedule) == (800, [])


def test_the_way_to_yes_names_the_payer_that_the_statute_fixes() -> None:
    paid = {"key": "F1", "mode": "transfer", "payer_id": "street", "amount_fen": 100,
            "fiscal_year": 2026}  # fmt: skip
    asked, way = first_way(
        book(NATION), title="协助社区矫正", role="assist", funding=[paid],
        payers={"street": OrganisationKind.STREET},
    )  # fmt: skip
    assert [change.id for change in way.changes] == ["money.own"]
    mended = amended(asked, way.edits)
    assert mended is not None and mended.funding[0].payer_id == "asking"
