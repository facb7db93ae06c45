"""规则阶段: what is tried out is only reported, what warns is shown, what is enforced decides."""

from datetime import date

from registry.domain.vocabulary import Outcome
from registry.policies.judge import Judgement, decide
from registry.policies.overlay import Overlay
from registry.policies.pack import Pack
from tests.policies.asked import rows, vector
from tests.policies.rulebooks import on_one_day, pack, row, rule

DAY = on_one_day(date(2026, 3, 2))


def _judged(*stacked: Pack, **facts: str) -> Judgement:
    return decide(Overlay(list(stacked), "indexed"), rows(vector(**facts)), DAY)


def _with(stage: str, **more: object) -> Pack:
    """A pack that lists everything, and refuses it by a rule at some stage."""
    return pack(
        "own", [rule("FREE"), rule("NEW", stage=stage, **more)],
        [row("FREE", "listed"), row("NEW", "refused", kind="task")],
    )  # fmt: skip


def test_a_rule_in_force_decides() -> None:
    judged = _judged(_with("enforce"))
    assert (judged.outcome, judged.deciding, judged.would_be) == (Outcome.REFUSED, ["NEW"], None)


def test_a_rule_that_warns_is_shown_and_decides_nothing() -> None:
    judged = _judged(_with("warn"))
    assert (judged.outcome, judged.deciding, judged.would_be) == (Outcome.LISTED, ["FREE"], None)
    assert {hit.rule: hit.stage for hit in judged.rules} == {"FREE": "enforce", "NEW": "warn"}


def test_a_rule_tried_out_decides_nothing_and_what_it_would_change_is_told() -> None:
    judged = _judged(_with("dry_run"))
    assert (judged.outcome, judged.deciding) == (Outcome.LISTED, ["FREE"])
    assert {hit.rule: hit.stage for hit in judged.rules} == {"FREE": "enforce", "NEW": "dry_run"}
    assert judged.would_be is Outcome.REFUSED


def test_where_a_rule_tried_out_would_change_nothing_nothing_is_told() -> None:
    assert _judged(_with("dry_run"), kind="app").would_be is None


def test_a_rule_tried_out_would_replace_its_parents() -> None:
    parent = pack("above", [rule("OLD", ground="R3")], [row("OLD", "refused", ground="none")])
    own = pack(
        "own", [rule("NEW", ground="R3", stage="dry_run")], [row("NEW", "listed", kind="task")],
        parent="above",
    )  # fmt: skip
    judged = _judged(own, parent)
    assert (judged.outcome, judged.would_be) == (Outcome.REFUSED, Outcome.LISTED)
    # Even where the new row itself does not match, the old one would be gone.
    elsewhere = _judged(own, parent, kind="app")
    assert (elsewhere.outcome, elsewhere.would_be) == (Outcome.REFUSED, Outcome.HUMAN_REVIEW)


def test_a_rule_whose_text_was_not_read_would_change_nothing_either() -> None:
    judged = _judged(_with("dry_run", grade="背景"))
    assert judged.would_be is None
    assert judged.outcome is Outcome.LISTED


def test_a_verdict_is_remembered_by_rows_and_never_by_facts() -> None:
    overlay = Overlay([_with("enforce")], "indexed")
    asked = [vector(kind=kind, payer=payer) for kind in ("task", "app") for payer in
             ("entrusting", "other")]  # fmt: skip
    first = [decide(overlay, rows(one), DAY) for one in asked]
    assert [j.facts[0]["payer"] for j in first] == ["entrusting", "other"] * 2
    assert len(overlay.active(DAY).known) == 2
    overlay.remember = False
    assert [decide(overlay, rows(one), DAY) for one in asked] == first
