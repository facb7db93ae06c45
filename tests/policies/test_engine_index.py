"""索引: large tables, many matches and role graphs answer as a plain walk over the rows would."""

import random

import casbin
import pytest
from casbin.model import Model

from registry.policies.engine import IndexedEnforcer
from registry.policies.index import Index, Term, bits

WORDS = [f"w{n}" for n in range(6)]


def _table(rows: int, columns: int, chance: random.Random) -> list[tuple[str, ...]]:
    return [
        tuple(chance.choice(["*", *WORDS]) if chance.random() < 0.6 else "*"
              for _ in range(columns))
        for _ in range(rows)
    ]  # fmt: skip


def _plain(table: list[tuple[str, ...]], facts: tuple[str, ...]) -> list[int]:
    """The definition: every cell is ``*`` or the fact itself."""
    return [
        at for at, row in enumerate(table)
        if all(cell in ("*", fact) for cell, fact in zip(row, facts, strict=True))
    ]  # fmt: skip


@pytest.mark.parametrize("rows", [1, 7, 60, 512, 513, 2_000])
def test_the_tree_finds_what_a_walk_over_the_rows_finds(rows: int) -> None:
    chance = random.Random(rows)
    table = _table(rows, 7, chance)
    index = Index(table, [Term(column=c, cell=c, star=True) for c in range(7)])
    found = 0
    for _ in range(150):
        facts = tuple(chance.choice([*WORDS, "stranger"]) for _ in range(7))
        wanted = _plain(table, facts)
        assert index.matches(facts) == wanted
        assert bits(index.mask(facts)) == wanted
        found += len(wanted)
    assert found or rows == 1


def test_a_star_in_an_exact_column_is_a_word_like_another() -> None:
    index = Index([("*", "a"), ("x", "a")], [Term(column=0, cell=0, star=False),
                                             Term(column=1, cell=1, star=True)])  # fmt: skip
    assert index.matches(("x", "a")) == [1]
    assert index.matches(("*", "a")) == [0]
    assert index.matches(("y", "a")) == []


def test_rows_that_stand_twice_are_both_reported() -> None:
    index = Index([("x",), ("y",), ("x",)], [Term(column=0, cell=0, star=True)])
    assert index.matches(("x",)) == [0, 2]


DOMAINS = """[request_definition]
r = sub, dom, act
[policy_definition]
p = sub, dom, act, eft
[role_definition]
g = _, _, _
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = {role} && r.dom == p.dom && (p.act == "*" || r.act == p.act)
"""


@pytest.mark.parametrize(
    "role", ["g(r.sub, p.sub, r.dom)", '(p.sub == "*" || g(r.sub, p.sub, r.dom))']
)
def test_roles_in_domains_answer_as_casbin(role: str) -> None:
    chance = random.Random(11)
    people, roles = [f"u{n}" for n in range(8)], [f"r{n}" for n in range(5)]
    domains, acts = [f"d{n}" for n in range(6)], ["read", "sign"]
    rows = [
        [chance.choice([*roles, *people[:2], "*"]), chance.choice(domains),
         chance.choice([*acts, "*"]), chance.choice(["allow", "allow", "deny"])]
        for _ in range(90)
    ]  # fmt: skip
    links = [[chance.choice(people + roles[:3]), chance.choice(roles), chance.choice(domains)]
             for _ in range(60)]  # fmt: skip
    models = []
    for _ in range(2):
        model = Model()
        model.load_model_from_text(DOMAINS.format(role=role))
        models.append(model)
    ours = IndexedEnforcer(models[0], rows, {"g": links})
    models[1]["p"]["p"].policy, models[1]["g"]["g"].policy = rows, links
    stock = casbin.Enforcer(models[1])
    stock.build_role_links()
    told = set()
    for sub in [*people, *roles, "nobody"]:
        for dom in [*domains, "elsewhere"]:
            for act in [*acts, "other"]:
                allowed = ours.enforce(sub, dom, act)
                assert allowed == stock.enforce(sub, dom, act), (sub, dom, act)
                told.add(allowed)
    assert told == {True, False}
