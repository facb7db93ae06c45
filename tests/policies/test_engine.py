"""决策引擎: the fast one answers as Casbin's own, and refuses by name what it cannot read."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.domain.admission import COLUMNS, FACTS, Vector
from registry.policies.cases import case_rows
from registry.policies.engine import (
    HERE,
    EngineError,
    IndexedMatcher,
    RouteTable,
    StockMatcher,
    matcher,
    model_of,
)
from registry.policies.loader import ROUTE_COLUMNS, RULE_COLUMNS
from tests.policies.rulebooks import book, cases, loaded, on_one_day

VARIED = ("gate", "kind", "standing", "payer", "decision")
"""Columns that the random tables and facts differ in; enough to meet, miss and mix with ``*``."""


def _cells(chosen: dict[str, str], otherwise: str) -> list[str]:
    return [chosen.get(c, FACTS[c][0] if otherwise == "first" else "*") for c in COLUMNS]


def _values(column: str, *more: str) -> st.SearchStrategy[str]:
    return st.sampled_from([*more, *FACTS[column][:2]])


ROWS = st.lists(
    st.fixed_dictionaries({c: _values(c, "*") for c in VARIED}), min_size=1, max_size=8
)  # fmt: skip
ASKED = st.lists(
    st.fixed_dictionaries({c: _values(c) for c in VARIED}), min_size=1, max_size=4
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(ROWS, ASKED)
def test_both_deciders_find_the_same_rows_in_any_table(
    rows: list[dict[str, str]], asked: list[dict[str, str]]
) -> None:
    table = [[*_cells(r, "*"), "allow", "listed", f"R{i}"] for i, r in enumerate(rows)]
    stock, indexed = StockMatcher(table), IndexedMatcher(table)
    for facts in asked:
        vector: Vector = tuple(_cells(facts, "first"))
        expected = [
            i for i, r in enumerate(rows) if all(r[c] in ("*", facts[c]) for c in VARIED)
        ]  # fmt: skip
        assert indexed.matches(vector) == stock.matches(vector) == expected


@pytest.mark.parametrize("own", sorted(loaded()))
def test_both_deciders_find_the_same_rows_in_every_pack_for_its_own_cases(own: str) -> None:
    rules = book(own)
    asked: dict[str, set[tuple[object, Vector]]] = {}
    for case in cases(own):
        for _, vector in case_rows(case, rules).vectors:
            asked.setdefault(case.on.isoformat(), set()).add((case.on, vector))
    stock = book(own, "stock")
    for facts in asked.values():
        for on, vector in facts:
            dates = on_one_day(on)  # type: ignore[arg-type]
            here, there = rules.overlay.active(dates), stock.overlay.active(dates)
            assert there.mask.__self__.__class__ is StockMatcher  # type: ignore[attr-defined]
            assert here.mask(vector) == there.mask(vector)


def test_the_decider_is_chosen_by_name() -> None:
    row = [[*_cells({}, "*"), "allow", "listed", "R"]]
    assert isinstance(matcher("stock", row), StockMatcher)
    assert isinstance(matcher("indexed", row), IndexedMatcher)


@pytest.mark.parametrize("kind", [StockMatcher, IndexedMatcher])
def test_an_empty_table_is_refused(kind: type[StockMatcher] | type[IndexedMatcher]) -> None:
    with pytest.raises(EngineError, match="an empty table would allow everything"):
        kind([])


def test_a_value_no_row_knows_meets_only_the_rows_that_ask_for_nothing() -> None:
    table = [[*_cells({"kind": k}, "*"), "allow", "listed", "R"] for k in ("task", "*")]
    vector = tuple(_cells({"kind": "unheard-of"}, "first"))
    assert IndexedMatcher(table).matches(vector) == StockMatcher(table).matches(vector) == [1]


# ---- the model files ---------------------------------------------------------------------------


def test_the_admission_model_has_the_columns_of_the_facts() -> None:
    model = model_of("admission.conf")
    assert [t.removeprefix("r_") for t in model["r"]["r"].tokens] == list(COLUMNS)
    assert [t.removeprefix("p_") for t in model["p"]["p"].tokens] == list(RULE_COLUMNS)


def test_the_routes_model_has_the_columns_of_the_routes() -> None:
    model = model_of("routes.conf")
    assert [t.removeprefix("p_") for t in model["p"]["p"].tokens] == list(ROUTE_COLUMNS)
    assert [t.removeprefix("r_") for t in model["r"]["r"].tokens] == list(ROUTE_COLUMNS[:-2])


TERM = '(p.a == "*" || r.a == p.a)'
MODEL = """[request_definition]
r = {request}
[policy_definition]
p = {policy}, eft
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = {matcher}
"""


@pytest.mark.parametrize(
    "odd",
    [
        ("a", "a", "keyMatch(r.a, p.a)", "not supported: keyMatch"),
        ("a", "a", "r.a != p.a", "not supported: r_a != p_a"),
        ("a", "a", '(p.a == "any" || r.a == p.a)', "not supported"),
        ("a", "a", '(p.a == "*" || r.a != p.a)', "not supported"),
        ("a", "a", "regexMatch(r.a, p.a)", "not supported: regexMatch"),
        ("a", "a", "eval(p.a)", "not supported: eval"),
        ("a", "a", 'r.a == "a&&b"', "not supported"),
        ("a", "a", "r.a in (p.a)", "not supported"),
        ("a, b", "a, b", TERM + ' && (p.b == "*" || r.a == p.b)', "not supported"),
        ("a, b", "a, b", TERM, "fact b is read by no term"),
        ("a", "a", TERM + " && " + TERM, "2 terms in the matcher, one fact asked twice"),
        ("a", "a", TERM + ' || r.a == "x"', "not supported"),
        ("a", "a", "g(r.a, p.a)", "not supported: g(r_a, p_a)"),
    ],
)
def test_a_matcher_the_index_cannot_read_is_refused_by_name(
    odd: tuple[str, str, str, str], tmp_path: Path
) -> None:
    request, policy, term, says = odd
    path = tmp_path / "odd.conf"
    path.write_text(MODEL.format(request=request, policy=policy, matcher=term))
    row = ["x"] * len(policy.split(", ")) + ["allow"]
    with pytest.raises(EngineError) as refused:
        IndexedMatcher([row], str(path))
    assert says in str(refused.value)


def test_the_columns_may_stand_in_another_order(tmp_path: Path) -> None:
    path = tmp_path / "turned.conf"
    both = TERM + ' && (p.b == "*" || r.b == p.b)'
    path.write_text(MODEL.format(request="a, b", policy="b, a", matcher=both))
    turned = IndexedMatcher([["x", "y", "allow"], ["*", "z", "allow"]], str(path))
    stock = StockMatcher([["x", "y", "allow"], ["*", "z", "allow"]], str(path))
    for asked in (("y", "x"), ("x", "y"), ("z", "x")):
        assert turned.matches(asked) == stock.matches(asked)
    assert turned.matches(("y", "x")) == [0]


def test_the_models_on_disk_hold_nothing_but_equality_and_stars() -> None:
    for name in ("admission.conf", "routes.conf"):
        text = (HERE / name).read_text("utf-8")
        assert "eval" not in text and "keyMatch" not in text and "regex" not in text


# ---- routes ------------------------------------------------------------------------------------


def test_the_first_route_that_matches_is_taken() -> None:
    table = RouteTable([
        ["task", "*", "*", "*", "*", "*", "allow", "tasks"],
        ["*", "*", "*", "*", "*", "*", "allow", "others"],
        ["office", "*", "*", "*", "*", "*", "allow", "never"],
    ])  # fmt: skip
    rest = ["department", "county", "needs_approval", "one_street", "street"]
    assert table.flow(["task", *rest]) == "tasks"
    assert table.flow(["office", *rest]) == "others"


def test_no_route_means_no_flow() -> None:
    rest = ["department", "county", "needs_approval", "one_street", "street"]
    assert RouteTable([]).flow(["task", *rest]) is None
    only = RouteTable([["office", "*", "*", "*", "*", "*", "allow", "offices"]])
    assert only.flow(["task", *rest]) is None
