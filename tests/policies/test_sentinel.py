"""对照哨: what the fast decider answers is made again by Casbin's own, and a difference is told."""

import logging
from datetime import date

import pytest

from registry.policies.judge import NOTHING, Rulebook, decide
from registry.policies.overlay import Overlay
from registry.policies.sentinel import Sentinel
from tests.policies.rulebooks import book_of, matter, on_one_day, pack, row, rule

DAY = on_one_day(date(2026, 3, 2))
COUNTY = "990102"


def _watched(sentinel: Sentinel, decider: str = "indexed") -> Rulebook:
    """A county that refuses every task, its live decisions watched."""
    plain = book_of(
        pack("own", [rule("NO-TASK")], [row("NO-TASK", "refused", kind="task")]), decider=decider
    )
    overlay = Overlay(plain.overlay.packs, decider)
    return Rulebook(
        overlay, plain.lists, plain.calendar,
        lambda *noted: sentinel.watch(COUNTY, *noted),
    )  # fmt: skip


def _broken(rules: Rulebook) -> Rulebook:
    """The same with an index that finds nothing."""
    rules.overlay.active(DAY).mask = lambda _facts: 0
    return rules


def _ask(rules: Rulebook, times: int = 1) -> None:
    for _ in range(times):
        rules.judge(matter(DAY.applied), DAY)


def test_a_sound_decider_is_checked_and_raises_no_alarm() -> None:
    sentinel = Sentinel(every=1)
    _ask(_watched(sentinel), 3)
    sentinel.settle()
    assert (sentinel.checked, sentinel.differed) == (3, 0)
    assert sentinel.drain(COUNTY) == []


def test_a_broken_index_is_noticed_logged_and_counted(caplog: pytest.LogCaptureFixture) -> None:
    sentinel = Sentinel(every=1)
    with caplog.at_level(logging.ERROR, "registry.decider"):
        _ask(_broken(_watched(sentinel)))
        sentinel.settle()
    assert (sentinel.checked, sentinel.differed) == (1, 1)
    assert "the deciders differ, county 990102" in caplog.text
    (found,) = sentinel.drain(COUNTY)
    assert found.indexed == ["human_review", "default.none"]
    assert found.stock == ["refused", "NO-TASK"]
    assert found.facts[0]["kind"] == "task"
    assert sentinel.drain(COUNTY) == []


def test_a_difference_is_handed_to_its_own_county_only() -> None:
    sentinel = Sentinel(every=1)
    _ask(_broken(_watched(sentinel)))
    sentinel.settle()
    assert sentinel.drain("990103") == []
    assert len(sentinel.drain(COUNTY)) == 1


def test_one_decision_in_so_many_is_checked() -> None:
    sentinel = Sentinel(every=4)
    _ask(_watched(sentinel), 9)
    sentinel.settle()
    assert sentinel.checked == 2


def test_the_stock_decider_is_not_held_against_itself() -> None:
    sentinel = Sentinel(every=1)
    _ask(_watched(sentinel, "stock"))
    sentinel.settle()
    assert sentinel.checked == 0


def test_a_comparison_that_fails_does_not_end_the_watch(caplog: pytest.LogCaptureFixture) -> None:
    sentinel = Sentinel(every=1)
    rules = _watched(sentinel)
    rows = rules.facts(matter(DAY.applied))
    empty = type(rows)(vectors=[], behind={}, suggestions=[], basis={})
    answered = decide(rules.overlay, rows, DAY)
    with caplog.at_level(logging.ERROR, "registry.decider"):
        sentinel.watch(COUNTY, rules.overlay, (empty, DAY, NOTHING), answered)
        sentinel.watch(COUNTY, rules.overlay, (rows, DAY, NOTHING), answered)
        sentinel.settle()
    assert "the stock decider could not be asked" in caplog.text
    assert sentinel.checked == 1
