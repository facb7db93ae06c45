"""Facts by chance: over every shipped pack the index answers exactly as Casbin's own enforcer."""

import random
import zlib
from datetime import date

import pytest

from registry.policies.access import TIES, Access
from registry.policies.judge import decide
from tests.policies.asked import by_chance, rows
from tests.policies.rulebooks import book, loaded, on_one_day

SETS, LONG_SETS = 5_000, 100_000
"""Sets of facts over all packs together."""
DAYS = (date(2020, 6, 1), date(2025, 12, 31), date(2026, 3, 2))
OWN = sorted(loaded())


def _differing(own: str, count: int) -> tuple[list[object], float]:
    """The sets of facts that the deciders answer otherwise, and how many rows matched a set."""
    indexed, stock = book(own).overlay, book(own, "stock").overlay
    chance = random.Random(zlib.crc32(own.encode()))
    table = [row.facts for pack in indexed.packs for row in pack.rows]
    wrong: list[object] = []
    matched = 0
    for number, vector in enumerate(by_chance(table, count, chance)):
        dates, asked = on_one_day(DAYS[number % len(DAYS)]), rows(vector)
        answer = decide(indexed, asked, dates)
        matched += sum(not hit.rule.startswith("default.") for hit in answer.rules)
        if answer != decide(stock, asked, dates):
            wrong.append((vector, dates))
    return wrong, matched / count


@pytest.mark.parametrize("own", OWN)
def test_the_deciders_agree_on_facts_by_chance(own: str) -> None:
    wrong, matched = _differing(own, SETS // len(OWN))
    assert wrong == []
    assert matched > 0.5, "hardly a row matched: the facts try nothing"


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("own", OWN)
def test_the_deciders_agree_on_many_facts_by_chance(own: str) -> None:
    wrong, _ = _differing(own, LONG_SETS // len(OWN))
    assert wrong == []


def test_both_deciders_give_the_same_access() -> None:
    ours, stock = Access(), Access(decider="stock")
    chance = random.Random(3)
    for _ in range(400):
        asked = (
            chance.choice([*ours.roles, "nobody"]), chance.choice([*ours.acts, "no.act"]),
            chance.choice(["own", "below", "other"]), chance.choice(TIES),
        )  # fmt: skip
        assert ours.allows(*asked) == stock.allows(*asked), asked
