"""预审意见: which answer wins, what an exception lifts, what is said where no row speaks."""

from datetime import date
from itertools import combinations
from typing import Any

import msgspec
import pytest

from registry.domain.admission import COLUMNS
from registry.domain.vocabulary import Default, Gate, Outcome, Receiver
from registry.policies.cases import case_rows
from registry.policies.judge import Judgement, Rulebook, decide, vector_of
from registry.policies.measuring.facts import Rows
from registry.policies.pack import Pack
from tests.policies.rulebooks import (
    book,
    book_of,
    cases,
    judged,
    loaded,
    on_one_day,
    pack,
    row,
    rule,
)

DAY = date(2026, 3, 2)
STRONGEST_FIRST = [
    "out_of_scope", "refused!", "human_review", "refused", "discretionary", "purchase",
    "needs_approval", "exempt", "listed",
]  # fmt: skip
"""The contract's order; ``refused!`` rests on an absolute rule."""
TWO: dict[str, Any] = {"receivers": ["residents_committee", "village_committee"]}
COMMITTEE, VILLAGE = Receiver.RESIDENTS_COMMITTEE.value, Receiver.VILLAGE_COMMITTEE.value


def _with(*outcomes: str) -> Pack:
    names = {outcome: outcome.replace("!", "-ABS").upper() for outcome in outcomes}
    rules = [rule(name, absolute=outcome.endswith("!")) for outcome, name in names.items()]
    return pack("p", rules, [row(name, o.rstrip("!")) for o, name in names.items()])


@pytest.mark.parametrize(
    ("strong", "weak"),
    list(combinations(STRONGEST_FIRST, 2)),
    ids=[f"{a}>{b}" for a, b in combinations(STRONGEST_FIRST, 2)],
)
def test_the_stronger_of_two_answers_wins_and_both_are_shown(strong: str, weak: str) -> None:
    for written in (_with(strong, weak), _with(weak, strong)):
        verdict = judged(book_of(written), DAY)
        assert verdict.outcome == strong.rstrip("!")
        assert verdict.absolute == (strong == "refused!")
        assert len(verdict.rules) == 2
        assert verdict.rules[0].rule == verdict.deciding[0]


def test_all_rows_of_the_winning_strength_are_named() -> None:
    both = pack("p", [rule("A"), rule("B")], [row("A", "refused"), row("B", "refused")])
    assert judged(book_of(both), DAY).deciding == ["A", "B"]


# ---- exceptions --------------------------------------------------------------------------------


def _lifting(**exception: Any) -> Pack:
    return pack(
        "p",
        [rule("BAN"), rule("LAW", lifts=["BAN"], **exception)],
        [row("BAN", "refused"), row("LAW", "exempt", receiver=COMMITTEE)],
    )


def test_a_statutory_exception_lifts_the_rule_it_names() -> None:
    verdict = judged(book_of(_lifting()), DAY)
    assert (verdict.outcome, verdict.deciding) == (Outcome.EXEMPT, ["LAW"])
    assert {h.rule: h.lifted_by for h in verdict.rules} == {"LAW": "", "BAN": "LAW"}


def test_nothing_lifts_an_absolute_rule() -> None:
    """A county's row may say so; what is absolute above it stands all the same."""
    child = pack("child", [rule("CHILD", lifts=["PARENT"])], [row("CHILD", "exempt")])
    parent = pack("parent", [rule("PARENT", absolute=True)], [row("PARENT", "refused")])
    verdict = judged(book_of(child, parent), DAY)
    assert (verdict.outcome, verdict.absolute, verdict.deciding) == ("refused", True, ["PARENT"])
    assert not any(hit.lifted_by for hit in verdict.rules)


def test_an_exception_lifts_only_for_the_receiver_it_matched() -> None:
    verdict = judged(book_of(_lifting()), DAY, **TWO)
    assert (verdict.outcome, verdict.deciding) == (Outcome.REFUSED, ["BAN"])
    shown = {(h.rule, h.lifted_by): h.receivers for h in verdict.rules}
    assert shown == {
        ("BAN", ""): [VILLAGE], ("BAN", "LAW"): [COMMITTEE], ("LAW", ""): [COMMITTEE],
    }  # fmt: skip


def test_an_exception_does_not_lift_a_rule_it_does_not_name() -> None:
    other = pack(
        "p",
        [rule("BAN"), rule("LAW", lifts=["SOMETHING-ELSE"])],
        [row("BAN", "refused"), row("LAW", "exempt")],
    )
    assert judged(book_of(other), DAY).deciding == ["BAN"]


@pytest.mark.parametrize("weak", [{"stage": "dry_run"}, {"stage": "warn"}, {"grade": "背景"}])
def test_an_exception_that_does_not_decide_lifts_nothing(weak: dict[str, str]) -> None:
    assert judged(book_of(_lifting(**weak)), DAY).deciding == ["BAN"]


# ---- what never decides ------------------------------------------------------------------------


@pytest.mark.parametrize("grade", ["背景", "M", "K", "inferred"])
def test_a_rule_whose_text_was_not_read_never_decides(grade: str) -> None:
    unread = pack(
        "p", [rule("U", grade=grade), rule("OK")], [row("U", "refused"), row("OK", "listed")]
    )
    verdict = judged(book_of(unread), DAY)
    assert (verdict.outcome, verdict.deciding) == (Outcome.LISTED, ["OK"])
    shown = next(h for h in verdict.rules if h.rule == "U")
    assert shown.to_be_confirmed == "待核实"


@pytest.mark.parametrize("grade", ["全文", "节选", "报道", "S", "L", "configured"])
def test_a_rule_whose_text_was_read_decides(grade: str) -> None:
    read = pack("p", [rule("R", grade=grade)], [row("R", "refused")])
    assert judged(book_of(read), DAY).outcome is Outcome.REFUSED


@pytest.mark.parametrize("stage", ["dry_run", "warn"])
def test_a_rule_on_trial_is_shown_and_never_decides(stage: str) -> None:
    trial = pack(
        "p", [rule("T", stage=stage), rule("OK")], [row("T", "refused"), row("OK", "listed")]
    )
    verdict = judged(book_of(trial), DAY)
    assert verdict.outcome is Outcome.LISTED
    assert [(h.rule, h.stage) for h in verdict.rules] == [("OK", "enforce"), ("T", stage)]


def test_where_only_a_rule_on_trial_speaks_the_default_answers() -> None:
    trial = pack("p", [rule("T", stage="dry_run")], [row("T", "refused")], default="admission")
    verdict = judged(book_of(trial), DAY)
    assert verdict.outcome is Outcome.NEEDS_APPROVAL
    assert verdict.defaulted is Default.ADMISSION


# ---- defaults ----------------------------------------------------------------------------------


def _silent(id: str = "p", **identity: Any) -> Pack:
    return pack(id, [rule("LISTED")], [row("LISTED", "listed", receiver=COMMITTEE)], **identity)


def _by_default(*stacked: Pack, **fields: Any) -> Judgement:
    return judged(book_of(*stacked), DAY, receivers=[VILLAGE], **fields)


@pytest.mark.parametrize(
    ("default", "outcome", "refusal", "breach"),
    [
        ("deny", "refused", True, True),
        ("frozen", "refused", True, True),
        ("admission", "needs_approval", True, None),
        ("negative_only", "human_review", False, True),
    ],
)
def test_where_no_row_speaks_the_stated_default_answers(
    default: str, outcome: str, refusal: bool, breach: bool | None
) -> None:
    verdict = _by_default(_silent(default=default))
    assert (verdict.outcome, verdict.defaulted) == (outcome, default)
    assert (verdict.refusal_right, verdict.department_in_breach) == (refusal, breach)
    assert not verdict.absolute
    assert verdict.deciding == [f"default.{default}"]
    told = verdict.rules[0]
    assert told.clause == "p 办法" and told.sentence and told.sentence_en and told.remedy


def test_a_default_nobody_states_leaves_it_to_a_person() -> None:
    verdict = _by_default(_silent())
    assert (verdict.outcome, verdict.defaulted) == (Outcome.HUMAN_REVIEW, None)
    assert (verdict.refusal_right, verdict.department_in_breach) == (None, None)
    assert verdict.rules[0].rule == "default.none" and verdict.rules[0].sentence


def test_a_default_not_stated_is_the_parents() -> None:
    verdict = _by_default(_silent("child"), _silent("parent", default="deny"))
    assert verdict.defaulted is Default.DENY
    assert verdict.rules[0].pack == "parent"


def test_a_default_of_its_own_kind_comes_before_the_general_one() -> None:
    mixed = _silent(default="admission", document={"default_of": {"certificate": "negative_only"}})
    assert _by_default(mixed).defaulted is Default.ADMISSION
    assert _by_default(mixed, kind="certificate").defaulted is Default.NEGATIVE_ONLY


def test_a_default_is_cited_from_the_pack_that_states_it_for_this_kind() -> None:
    child = _silent("child", document={"default_of": {"certificate": "admission"}})
    verdict = _by_default(child, _silent("parent", default="admission"))
    assert verdict.rules[0].pack == "parent"


def test_each_receiver_has_its_own_default() -> None:
    verdict = judged(book_of(_silent(default="admission")), DAY, **TWO)
    assert verdict.outcome is Outcome.NEEDS_APPROVAL
    assert verdict.defaulted is None, "a row spoke for one of them"
    assert {h.rule: h.receivers for h in verdict.rules} == {
        "default.admission": [VILLAGE], "LISTED": [COMMITTEE],
    }  # fmt: skip


def test_what_the_pack_says_of_refusal_and_breach_comes_before_the_default() -> None:
    stated = _silent(default="deny", document={"effects": {"refusal_right": False}})
    verdict = _by_default(stated)
    assert (verdict.refusal_right, verdict.department_in_breach) == (False, True)


def test_under_a_frozen_list_no_lower_pack_adds_to_it() -> None:
    child = _silent("child", lists=["OWN"])
    for parent in (
        _silent("parent", lists=["FIXED"], frozen=True),
        _silent("parent", lists=["FIXED"], default="frozen"),
    ):
        assert book_of(child, parent).overlay.list_ids() == ["FIXED"]
    open_ = _silent("parent", lists=["FIXED"])
    assert book_of(child, open_).overlay.list_ids() == ["OWN", "FIXED"]


# ---- parents and children ----------------------------------------------------------------------


def _stack(child_rule: dict[str, Any], gate: str = "file") -> Rulebook:
    child = pack("child", [child_rule], [row(child_rule["id"], "needs_approval", gate=gate)]
                 if gate == "file" else [row(child_rule["id"], "allowed", gate=gate)])  # fmt: skip
    parent = pack("parent", [rule("PARENT", ground="R3")], [row("PARENT", "refused")])
    return book_of(child, parent)


def _told(rules: Rulebook, on: date = DAY) -> list[str]:
    return [hit.rule for hit in judged(rules, on).rules]


def test_a_childs_row_replaces_the_parents_row_of_the_same_ground() -> None:
    assert _told(_stack(rule("CHILD", ground="R3"))) == ["CHILD"]


def test_a_childs_row_that_adds_stands_beside_the_parents_of_its_ground() -> None:
    """A county's cap on boards leaves the city's cap on inspections where it is."""
    assert _told(_stack(rule("CHILD", ground="R3", adds=True))) == ["PARENT", "CHILD"]


def test_a_childs_row_of_another_ground_stands_beside_the_parents() -> None:
    assert _told(_stack(rule("CHILD", ground="R4"))) == ["PARENT", "CHILD"]
    assert _told(_stack(rule("CHILD"))) == ["PARENT", "CHILD"]


def test_a_childs_row_at_another_gate_replaces_nothing_at_this_one() -> None:
    assert _told(_stack(rule("CHILD", ground="R3"), gate="start")) == ["PARENT"]


def test_a_childs_row_may_replace_a_parents_rule_by_name() -> None:
    assert _told(_stack(rule("CHILD", replaces=["PARENT"]))) == ["CHILD"]


@pytest.mark.parametrize("weak", [{"stage": "dry_run"}, {"stage": "warn"}, {"grade": "K"}])
def test_a_childs_row_that_does_not_decide_leaves_the_parents_in_place(
    weak: dict[str, str],
) -> None:
    verdict = judged(_stack(rule("CHILD", ground="R3", **weak)), DAY)
    assert verdict.deciding == ["PARENT"]


def test_a_childs_row_replaces_only_while_it_is_in_force() -> None:
    dated = _stack(rule("CHILD", ground="R3", valid_from=date(2026, 1, 1)))
    assert _told(dated, date(2025, 12, 31)) == ["PARENT"]
    assert _told(dated, date(2026, 1, 1)) == ["CHILD"]


def test_a_parent_never_replaces_its_child() -> None:
    child = pack("child", [rule("CHILD", ground="R3")], [row("CHILD", "needs_approval")])
    parent = pack("parent", [rule("PARENT", ground="R3", replaces=["CHILD"])],
                  [row("PARENT", "refused")])  # fmt: skip
    assert _told(book_of(child, parent)) == ["CHILD"]


# ---- dates -------------------------------------------------------------------------------------


@pytest.mark.parametrize("which", ["applied", "decided", "entered"])
def test_a_rule_is_governed_by_the_date_it_names(which: str) -> None:
    dated = pack(
        "p", [rule("NEW", governed_by=which, valid_from=DAY)], [row("NEW", "refused")]
    )  # fmt: skip
    rules = book_of(dated)
    before = on_one_day(date(2026, 3, 1))
    rows = Rows(vectors=[(Receiver.STREET, ("file", *["none"] * (len(COLUMNS) - 1)))],
                behind={}, suggestions=[], basis={})  # fmt: skip
    assert decide(rules.overlay, rows, before).outcome is Outcome.HUMAN_REVIEW
    moved = msgspec.structs.replace(before, **{which: DAY})
    assert decide(rules.overlay, rows, moved).outcome is Outcome.REFUSED


def test_a_rule_stands_on_its_first_and_its_last_day() -> None:
    dated = pack("p", [rule("D", valid_from=date(2026, 1, 1), valid_to=date(2026, 1, 31))],
                 [row("D", "refused")])  # fmt: skip
    rules = book_of(dated)
    seen = {d: judged(rules, d).outcome is Outcome.REFUSED for d in (
        date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 31), date(2026, 2, 1))}  # fmt: skip
    assert list(seen.values()) == [False, True, True, False]


# ---- later gates and replay --------------------------------------------------------------------


@pytest.mark.parametrize("gate", [g for g in Gate if g is not Gate.FILE])
def test_gates_after_filing_answer_allowed_refused_or_human_review(gate: Gate) -> None:
    for own in loaded():
        verdict = judged(book(own), DAY, gate)
        assert verdict.outcome in (Outcome.ALLOWED, Outcome.REFUSED, Outcome.HUMAN_REVIEW)
        assert verdict.rules, f"{own} says nothing at {gate}"


@pytest.mark.parametrize("own", sorted(loaded()))
def test_a_verdict_is_the_same_when_judged_again_and_when_replayed_from_its_facts(
    own: str,
) -> None:
    rules = book(own)
    for case in cases(own):
        dates = on_one_day(case.on)
        rows = case_rows(case, rules)
        first = decide(rules.overlay, rows, dates)
        assert decide(rules.overlay, rows, dates) == first
        kept = [(Receiver(f["receiver"]), vector_of(f)) for f in first.facts]
        again = decide(
            rules.overlay, Rows(vectors=kept, behind={}, suggestions=[], basis={}), dates
        )
        assert (again.outcome, again.deciding) == (first.outcome, first.deciding), case.id
        assert again.pack_digest == first.pack_digest
