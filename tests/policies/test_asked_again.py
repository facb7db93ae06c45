"""再问: an admitted matter asked about again is answered from facts made once; another never."""

from datetime import date
from typing import Any

import msgspec
import pytest

from registry.domain.vocabulary import Gate
from registry.policies.measuring.facts import Matter
from registry.policies.overlay import Governing
from tests.policies.rulebooks import DEMO, PAID, SEEDS, loaded, matter, rulebook

ON = date(2026, 3, 2)
DATES = Governing(applied=ON, decided=ON, entered=ON)


def _asked(monkeypatch: pytest.MonkeyPatch, *matters: Matter) -> list[Any]:
    """What each is answered, by a book that nobody asked before; and how often facts were made."""
    book, made = rulebook(DEMO, loaded(), SEEDS), []
    whole = book.facts
    monkeypatch.setattr(book, "facts", lambda one: made.append(one) or whole(one))
    return [*(book.judge(one, DATES) for one in matters), len(made)]


def _order(**state: str) -> Matter:
    plain = matter(ON, Gate.PAY, title="楼道灯具编号拍照", **PAID)
    return msgspec.structs.replace(plain, state={"decision": "approved", **state})


def test_the_same_matter_at_the_same_gate_has_the_same_answer_from_facts_made_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, second, made = _asked(monkeypatch, _order(), _order())
    assert first == second
    assert made == 1


def test_another_state_amount_or_gate_is_another_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    more = [{**PAID["funding"][0], "amount_fen": 101}]
    dearer = matter(ON, Gate.PAY, title="楼道灯具编号拍照", **{**PAID, "funding": more})
    others = [_order(), _order(indicator="none"), dearer,
              msgspec.structs.replace(_order(), gate=Gate.CONTINUE)]  # fmt: skip
    *answers, made = _asked(monkeypatch, *others)
    assert made == len(others)
    assert answers[0].vectors != answers[1].vectors


@pytest.mark.parametrize("gate", [Gate.FILE, Gate.APPROVE])
def test_what_is_filed_or_decided_is_always_looked_at_anew(
    gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = matter(ON, gate, title="楼道灯具编号拍照", **PAID)
    first, second, made = _asked(monkeypatch, asked, asked)
    assert (first, made) == (second, 2)
