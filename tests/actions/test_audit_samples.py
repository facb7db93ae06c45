"""抽样: whoever has seed, method and snapshot draws the same again, with a few lines of their own."""

from hashlib import sha256
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.actions.auditing import sampling
from registry.domain.auditing import Sample
from registry.domain.sampling import Drawn, Method, by_amount, by_count, draw, layered
from tests.actions import case, spent
from tests.actions.audited import opened
from tests.actions.case import Hands
from tests.actions.refused import refused
from tests.actions.weighed import laid

IDS = [f"v-{n}" for n in range(200)]


def again_by_count(ids: list[str], seed: str, n: int) -> list[str]:
    """As the page tells an auditor to do it."""
    return sorted(ids, key=lambda id: sha256(seed.encode() + b"\0" + id.encode()).digest())[:n]


def again_by_amount(amounts: dict[str, int], seed: str, n: int) -> list[str]:
    """Unit by unit, as the method is defined: every step-th 分 from the start."""
    total = sum(amounts.values())
    step = max(1, total // n)
    start = int(sha256(seed.encode()).hexdigest(), 16) % step
    picked, end = [], 0
    hits = [start + k * step for k in range(n)]
    for id in sorted(amounts):
        begun, end = end, end + amounts[id]
        if any(begun <= hit < end for hit in hits):
            picked.append(id)
    return picked


def test_by_count_anybody_draws_the_same_again() -> None:
    assert by_count("演审通〔2026〕1号", IDS, 20) == again_by_count(IDS, "演审通〔2026〕1号", 20)
    assert by_count("a", IDS, 20) != by_count("b", IDS, 20)


@given(st.dictionaries(st.text(min_size=1, max_size=4), st.integers(0, 50), max_size=20),
       st.text(max_size=8), st.integers(1, 12))  # fmt: skip
def test_by_amount_every_interval_picks_what_lies_there(
    amounts: dict[str, int], seed: str, n: int
) -> None:
    drawn = by_amount(seed, amounts, n)
    assert drawn == (again_by_amount(amounts, seed, n) if sum(amounts.values()) else [])


def test_what_is_larger_than_the_interval_is_always_drawn() -> None:
    amounts = {"small": 10, "large": 1_000, "tiny": 1}
    assert all("large" in by_amount(str(seed), amounts, 3) for seed in range(50))


def test_the_order_in_which_records_come_changes_nothing() -> None:
    rows = [Drawn(id, n) for n, id in enumerate(IDS)]
    for method in Method:
        assert draw(method, "s", rows, 9) == draw(method, "s", reversed(rows), 9)


def test_each_layer_is_drawn_by_itself_with_its_share() -> None:
    rows = [Drawn(f"{c}-{n}", 1, c) for c, many in (("a", 90), ("b", 10)) for n in range(many)]
    parts = layered(Method.COUNT, "s", rows, 10)
    assert {name: len(ids) for name, ids in parts.items()} == {"a": 9, "b": 1}
    assert parts["a"] == sorted(again_by_count([r.id for r in rows if r.layer == "a"], "s/a", 9))


def drawn(hand: Hands, project_id: str, by: str = "auditor", **told: Any) -> Sample:
    order = msgspec.convert(
        {"project_id": project_id, "resource": "requests", "size": 2, "seed": "s", **told},
        sampling.SampleCommand,
    )
    found: Sample = hand(by).do(lambda d: sampling.sample(d, order))
    return found


def test_a_sample_keeps_all_by_which_it_is_drawn_again(hand: Hands) -> None:
    ids = [case.submitted(hand, case.drafted(hand, title=f"事项{n}")).id for n in range(4)]
    project = opened(hand)
    first = drawn(hand, project.id)
    assert (first.population, first.method, first.seed) == (4, "count:2", "s")
    assert first.ids == sorted(again_by_count(ids, "s", 2))
    case.submitted(hand, case.drafted(hand, title="后来的事项"))
    assert drawn(hand, project.id, as_of=first.as_of).ids == first.ids
    assert drawn(hand, project.id).population == 5


def test_without_a_seed_one_is_made_and_shown(one_hand: Hands) -> None:
    case.drafted(one_hand)
    project = opened(one_hand)
    assert drawn(one_hand, project.id, seed=None).seed


def test_only_what_weighs_is_drawn_by_amount(one_hand: Hands) -> None:
    project = opened(one_hand)
    with refused("sample.resource"):
        drawn(one_hand, project.id, method="amount")
    with refused("sample.resource"):
        drawn(one_hand, project.id, resource="people")
    assert drawn(one_hand, project.id, resource="vouchers", method="amount").ids == []


@pytest.mark.parametrize("told", [{"filters": {"title": "x"}}, {"as_of": 999_999},
                                  {"filters": {"year": "x"}}, {"resource": "expenditures",
                                  "filters": {"year": "9" * 30}}])  # fmt: skip
def test_a_filter_that_is_none_draws_nothing(one_hand: Hands, told: dict[str, Any]) -> None:
    project = opened(one_hand)
    with refused("sample.filter"):
        drawn(one_hand, project.id, **told)


def test_nobody_outside_the_project_draws(one_hand: Hands) -> None:
    project = opened(one_hand)
    with refused("access.forbidden"):
        drawn(one_hand, project.id, "county.head")
    with refused("access.forbidden"):
        drawn(one_hand, "prj-none")


def test_by_community_anybody_draws_the_same_again_from_what_they_read(hand: Hands) -> None:
    places = {"a-990102001001": 5, "a-990102001002": 2, "a-990102002001": 1}
    held = [laid(hand, f"p-{n}-{area[-4:]}", area) for area, many in places.items()
            for n in range(many)]  # fmt: skip
    project = opened(hand)
    told = drawn(hand, project.id, resource="presences", size=4, by_community=True, seed="层")
    assert (told.method, told.population) == ("count+community:4", 8)
    again: list[str] = []
    for body in {one.organisation_id for one in held}:
        ids = [one.id for one in held if one.organisation_id == body]
        again += again_by_count(ids, f"层/{body}", -(-4 * len(ids) // 8))
    assert told.ids == sorted(again)
    assert len(told.ids) == 3 + 1 + 1


def test_by_amount_anybody_draws_the_same_again_from_what_they_read(hand: Hands) -> None:
    presence = spent.funded(hand)
    for number, fen in enumerate((100, 20_000, 36_000, 90_000, 7_500), 1):
        line = spent.told(presence, amount_fen=fen, invoice_number=f"2600 000{number}")
        spent.spent(hand, spent.spending(presence, f"支{number}", line))
    kept = {one.id: one.amount_fen for one in spent.kept(hand)}
    assert sorted(kept.values()) == [100, 7_500, 20_000, 36_000, 90_000]
    project = opened(hand)
    told = drawn(hand, project.id, resource="expenditures", method="amount", size=3, seed="钱")
    assert told.population == 5 and told.ids == sorted(again_by_amount(kept, "钱", 3))
    largest = max(kept, key=lambda id: kept[id])
    assert largest in told.ids
