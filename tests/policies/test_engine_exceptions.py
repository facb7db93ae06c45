"""例外: what an exception sets aside decides nothing, is shown, and never more than was granted."""

from collections.abc import Mapping
from datetime import date

import pytest

from registry.domain.vocabulary import Default, Outcome
from registry.policies.judge import NOTHING, Judgement, decide
from registry.policies.overlay import Overlay
from registry.policies.pack import Pack
from tests.policies.asked import rows, vector
from tests.policies.rulebooks import on_one_day, pack, row, rule

DAY = on_one_day(date(2026, 3, 2))


def _judged(own: Pack, waived: Mapping[str, str] = NOTHING, **facts: str) -> Judgement:
    return decide(Overlay([own], "indexed"), rows(vector(**facts)), DAY, waived)


def _two_rules(**first: object) -> Pack:
    """A pack that refuses tasks by A and asks for approval by B."""
    return pack(
        "own", [rule("A", **first), rule("B")],
        [row("A", "refused", kind="task"), row("B", "needs_approval", kind="task")],
    )  # fmt: skip


def test_a_waived_rule_is_shown_and_decides_nothing() -> None:
    before, after = _judged(_two_rules()), _judged(_two_rules(), {"A": "wv-1"})
    assert (before.outcome, before.deciding) == (Outcome.REFUSED, ["A"])
    assert (after.outcome, after.deciding) == (Outcome.NEEDS_APPROVAL, ["B"])
    shown = {hit.rule: hit.waived_by for hit in after.rules}
    assert shown == {"A": "wv-1", "B": ""}
    assert after.waivers == ["wv-1"]


def test_an_absolute_rule_is_never_waived() -> None:
    kept = _judged(_two_rules(absolute=True), {"A": "wv-1"})
    assert (kept.outcome, kept.absolute, kept.waivers) == (Outcome.REFUSED, True, [])
    assert all(hit.waived_by == "" for hit in kept.rules)


def test_an_exception_without_effect_is_shown_but_not_said_to_have_changed_the_answer() -> None:
    judged = _judged(_two_rules(), {"B": "wv-2"})
    assert judged.outcome is Outcome.REFUSED
    assert {hit.waived_by for hit in judged.rules} == {"wv-2", ""}
    assert judged.waivers == []


def test_of_two_exceptions_each_that_is_needed_is_named() -> None:
    both = pack(
        "own", [rule("A"), rule("B"), rule("C")],
        [row("A", "refused"), row("B", "refused"), row("C", "listed")],
    )  # fmt: skip
    judged = _judged(both, {"A": "wv-1", "B": "wv-2"})
    assert (judged.outcome, judged.deciding) == (Outcome.LISTED, ["C"])
    assert judged.waivers == ["wv-1", "wv-2"]
    assert _judged(both, {"A": "wv-1"}).waivers == []


def test_an_exception_for_another_rule_changes_nothing() -> None:
    assert _judged(_two_rules(), {"Z": "wv-9"}) == _judged(_two_rules())


def test_what_is_waived_leaves_the_default_to_speak() -> None:
    own = pack("own", [rule("A")], [row("A", "refused", kind="task")], default="deny")
    judged = _judged(own, {"A": "wv-1"})
    assert (judged.outcome, judged.deciding) == (Outcome.REFUSED, ["default.deny"])
    assert judged.defaulted is Default.DENY


@pytest.mark.parametrize("default", ["deny", "frozen", "negative_only"])
def test_a_waived_default_asks_for_approval(default: str) -> None:
    own = pack("own", [rule("A")], [row("A", "refused", kind="app")], default=default)
    before = _judged(own)
    after = _judged(own, {f"default.{default}": "wv-3"})
    assert before.deciding == [f"default.{default}"]
    assert (after.outcome, after.waivers) == (Outcome.NEEDS_APPROVAL, ["wv-3"])
    shown = {hit.rule: hit.waived_by for hit in after.rules}
    assert shown == {"default.waived": "", f"default.{default}": "wv-3"}
    assert after.deciding == ["default.waived"]
    assert (after.defaulted, after.refusal_right) == (None, None)


def test_a_default_that_asks_for_approval_anyway_is_not_waived() -> None:
    own = pack("own", [rule("A")], [row("A", "refused", kind="app")], default="admission")
    judged = _judged(own, {"default.admission": "wv-3"})
    assert (judged.deciding, judged.waivers) == (["default.admission"], [])


def test_a_statutory_exception_that_is_itself_waived_lifts_nothing() -> None:
    own = pack(
        "own", [rule("LAW"), rule("FREE", lifts=["LAW"])],
        [row("LAW", "refused"), row("FREE", "exempt")],
    )  # fmt: skip
    assert _judged(own).outcome is Outcome.EXEMPT
    judged = _judged(own, {"FREE": "wv-4"})
    assert (judged.outcome, judged.deciding) == (Outcome.REFUSED, ["LAW"])


def test_the_default_is_waived_for_the_receiver_it_speaks_for() -> None:
    own = pack(
        "own", [rule("A")], [row("A", "refused", receiver="grid")], default="deny",
    )  # fmt: skip
    asked = rows(vector(receiver="grid"), vector(receiver="village_committee"))
    judged = decide(Overlay([own], "indexed"), asked, DAY, {"default.deny": "wv-5"})
    assert (judged.outcome, judged.deciding) == (Outcome.REFUSED, ["A"])
    receivers = {hit.rule: hit.receivers for hit in judged.rules}
    assert receivers["default.waived"] == ["village_committee"]
    assert judged.waivers == []


def test_both_deciders_honour_the_same_exceptions() -> None:
    for waived in ({}, {"A": "w"}, {"B": "w"}, {"A": "w", "B": "w"}):
        answers = [
            decide(Overlay([_two_rules()], decider), rows(vector()), DAY, waived)
            for decider in ("indexed", "stock")
        ]
        assert answers[0] == answers[1]


def test_at_a_later_gate_what_is_waived_lets_the_case_through() -> None:
    own = pack("own", [rule("LATE")], [row("LATE", "refused", gate="start", money="none")])
    asked = {"gate": "start", "money": "none"}
    assert _judged(own, **asked).outcome is Outcome.REFUSED
    passed = _judged(own, {"LATE": "wv-6"}, **asked)
    assert (passed.outcome, passed.waivers) == (Outcome.ALLOWED, ["wv-6"])
