"""Casbin's own examples: the index answers each as the stock enforcer, or refuses it by name."""

import random
from itertools import product
from pathlib import Path
from typing import Any

import casbin
import pytest
from casbin.model import Model

from registry.policies.engine import EngineError, IndexedEnforcer

EXAMPLES = Path(__file__).with_name("casbin")
ASKED_AT_MOST = 300

TAKEN = {
    "basic_model": ["basic_policy", "basic_inverse_policy"],
    "basic_model_without_spaces": ["basic_policy"],
    "basic_without_resources_model": ["basic_without_resources_policy"],
    "basic_without_users_model": ["basic_without_users_policy"],
    "priority_model": ["priority_policy"],
    "rbac_model": ["rbac_policy", "rbac_with_hierarchy_policy"],
    "rbac_with_all_pattern_model": ["rbac_with_all_pattern_policy"],
    "rbac_with_deny_model": ["rbac_with_deny_policy"],
    "rbac_with_not_deny_model": ["rbac_with_deny_policy"],
    "rbac_with_domain_pattern_model": ["rbac_with_domain_pattern_policy"],
    "rbac_with_domains_model": [
        "rbac_with_domains_policy", "rbac_with_domains_policy2",
        "rbac_with_hierarchy_with_domains_policy",
    ],
    "rbac_with_domains_without_policy_matcher": ["rbac_with_hierarchy_without_policy_domains"],
    "rbac_with_resource_roles_model": ["rbac_with_resource_roles_policy"],
}  # fmt: skip
PAIRS = [(model, policy) for model, policies in TAKEN.items() for policy in policies]

REFUSED = {
    "abac_model": "matcher construct not supported: r_sub == r_obj.Owner",
    "abac_multiple_rules_model": "matcher construct not supported: eval(p_sub_rule)",
    "abac_rule_model": "matcher construct not supported: eval(p_sub_rule)",
    "basic_with_root_model": 'matcher construct not supported: r_act == p_act || r_sub == "root"',
    "globmatch_model": "matcher construct not supported: globMatch(r_obj, p_obj)",
    "ipmatch_model": "matcher construct not supported: ipMatch(r_sub, p_sub)",
    "keymatch2_model": "matcher construct not supported: keyMatch2(r_obj, p_obj)",
    "keymatch_custom_model": "matcher construct not supported: keyMatchCustom(r_obj, p_obj)",
    "keymatch_model": "matcher construct not supported: keyMatch(r_obj, p_obj)",
    "multiple_policy_definitions_model": "a second definition is not supported: r2",
    "priority_model_explicit": "column not supported: p.priority reorders the rows",
    "rbac_model_matcher_using_in_op_bracket":
        "matcher construct not supported: r_act == p_act || r_obj in ['data2', 'data3']",
    "rbac_with_domain_and_policy_pattern_model":
        "matcher construct not supported: keyMatch2(r_dom, p_dom)",
    "rbac_with_domain_temporal_roles_model": "role definition not supported: g = _, _, _, (_, _)",
    "rbac_with_multiple_policy_model": "a second definition is not supported: p2",
    "rbac_with_multiply_matched_pattern": "matcher construct not supported: g2(r_act, p_role)",
    "rbac_with_pattern_large_scale_model":
        "matcher construct not supported: keyMatch4(r_obj, p_obj)",
    "rbac_with_pattern_model": "matcher construct not supported: regexMatch(r_act, p_act)",
    "rbac_with_temporal_roles_model": "role definition not supported: g = _, _, (_, _)",
    "subject_priority_model": "effect not supported: subjectPriority(p_eft) || deny",
    "subject_priority_model_with_domain": "effect not supported: subjectPriority(p_eft) || deny",
}  # fmt: skip


def _model(name: str) -> Model:
    model = Model()
    model.load_model(str(EXAMPLES / f"{name}.conf"))
    return model


def _stock(model: str, policy: str) -> casbin.Enforcer:
    return casbin.Enforcer(str(EXAMPLES / f"{model}.conf"), str(EXAMPLES / f"{policy}.csv"))


def _graphs(stock: casbin.Enforcer) -> dict[str, Any]:
    """The role graphs of a model, none where it draws none."""
    return dict(stock.model["g"].items()) if "g" in set(stock.model.keys()) else {}


def _ours(model: str, stock: casbin.Enforcer) -> IndexedEnforcer:
    """The index over the rows that Casbin itself read from the file."""
    links = {name: graph.policy for name, graph in _graphs(stock).items()}
    return IndexedEnforcer(_model(model), stock.model["p"]["p"].policy, links)


def _asked(stock: casbin.Enforcer) -> list[tuple[str, ...]]:
    """Every combination of the words in the file and one stranger; a sample where they are many."""
    drawn = _graphs(stock)
    told = [*stock.model["p"]["p"].policy, *(row for g in drawn.values() for row in g.policy)]
    words = [*sorted({word for row in told for word in row} - {"allow", "deny"}), "nobody", ""]
    facts = len(stock.model["r"]["r"].tokens)
    every = list(product(words, repeat=facts))
    chance = random.Random(7)
    hits = [tuple(chance.choice(told)[:facts]) for _ in range(ASKED_AT_MOST)]
    sample = chance.sample(every, min(ASKED_AT_MOST, len(every)))
    return [one for one in [*sample, *hits] if len(one) == facts]


@pytest.mark.parametrize(("model", "policy"), PAIRS)
def test_an_example_is_answered_as_by_casbin(model: str, policy: str) -> None:
    stock = _stock(model, policy)
    ours = _ours(model, stock)
    answers = set()
    for asked in _asked(stock):
        allowed, row = stock.enforce_ex(*asked)
        assert ours.enforce(*asked) == allowed, asked
        ours_allowed, ours_row = ours.enforce_ex(*asked)
        assert ours_allowed == allowed
        if row:
            assert ours_row == row, asked
        answers.add(allowed)
    assert answers == {True, False}


@pytest.mark.parametrize("model", sorted(REFUSED))
def test_an_example_the_index_cannot_answer_is_refused_by_name(model: str) -> None:
    loaded = _model(model)
    row = ["allow" if t == "p_eft" else "x" for t in loaded["p"]["p"].tokens]
    with pytest.raises(EngineError) as refused:
        IndexedEnforcer(loaded, [row])
    assert str(refused.value) == REFUSED[model]


def test_an_effect_that_is_neither_allow_nor_deny_is_refused_by_name() -> None:
    # Casbin's example spells it so, and Casbin passes over it without a word.
    stock = _stock("priority_model", "priority_indeterminate_policy")
    with pytest.raises(EngineError, match="effect 'intdeterminate' is neither allow nor deny"):
        _ours("priority_model", stock)


def test_every_example_is_either_answered_or_refused() -> None:
    assert {path.stem for path in EXAMPLES.glob("*.conf")} == set(TAKEN) | set(REFUSED)
    assert not set(TAKEN) & set(REFUSED)
