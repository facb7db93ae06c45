"""粗筛: what is held back could not have been met; the answer is as if every item were asked."""

from random import Random
from typing import Any

import pytest

from registry.domain.vocabulary import Kind
from tests.policies.rulebooks import DEMO, book


class _Open:
    """A sieve that lets everything through."""

    def through(self, _reading: Any) -> Any:
        return range(10_000)


def _texts() -> list[str]:
    """Names of list items, whole, cut, joined and with a letter changed: near and far misses."""
    items = [i for one in book(DEMO).lists.lists.values() for i in one.items]
    names = [n for i in items for n in (i.title, *i.aliases, *i.hints)][::5]
    chance = Random(5)
    cut = [n[: max(2, len(n) - 2)] for n in names]
    wrong = [n[:2] + "某" + n[3:] for n in names]
    joined = [f"协助开展{chance.choice(names)}任务并{chance.choice(names)}" for _ in names]
    return [*names, *cut, *wrong, *joined, "", "一" * 700 + names[0]]


@pytest.mark.parametrize("kind", [Kind.TASK, Kind.CERTIFICATE, Kind.SIGNBOARD])
def test_what_the_sieve_holds_back_is_met_by_nothing(kind: Kind) -> None:
    index = book(DEMO).lists.index
    texts = _texts()
    found = [index.find(t, "汇总上报", kind) for t in texts]
    found += [index.find("社区事项", t, kind) for t in texts]
    sieve = index._sieve
    try:
        index._sieve = _Open()  # type: ignore[assignment]
        asked = [index.find(t, "汇总上报", kind) for t in texts]
        asked += [index.find("社区事项", t, kind) for t in texts]
    finally:
        index._sieve = sieve
    assert any(found)
    assert found == asked
