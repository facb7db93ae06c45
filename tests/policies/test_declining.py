"""拒绝权: the right to decline is read from the rules, ground by ground, and never from a name."""

import msgspec
import pytest

from registry.domain.vocabulary import Gate
from registry.policies.case import Case
from registry.policies.cases import case_rows, run_case
from registry.policies.declining import CLAIMS, breach_of, clauses_of, right_of
from registry.policies.judge import Judgement, decide
from registry.policies.overlay import Governing
from tests.policies.rulebooks import DEMO, book, cases

THEIRS = {
    "xc-4-record": "beijing-xicheng-2018",
    "xc-4-admitted": "beijing-xicheng-2018",
    "dm-recorded-refusal": DEMO,
    "dm-statutory-not-declined": DEMO,
    "dm-complaint": DEMO,
    "tj-8-sanction": "tianjin-2019",
    "tj-9": "tianjin-2019",
}


def case_named(id: str) -> Case:
    return next(case for case in cases(THEIRS[id]) if case.id == id)


def asked(pack: str, case: Case, gate: Gate, **facts: str) -> Judgement:
    told = msgspec.structs.replace(case, gate=gate, facts=case.facts | facts)
    dates = Governing(applied=case.on, decided=case.on, entered=case.on)
    return decide(book(pack).overlay, case_rows(told, book(pack)), dates)


@pytest.mark.parametrize("id", THEIRS)
def test_a_case_of_redress_waits_no_more_and_comes_out_as_written(id: str) -> None:
    case = case_named(id)
    assert case.expect is not None and not case.pending
    assert run_case(case, book(THEIRS[id])).failures == []


@pytest.mark.parametrize(
    ("id", "wrong"),
    [
        ("xc-4-record", {"may_not_decline": ["unadmitted"], "may_decline": []}),
        ("xc-4-admitted", {"may_decline": ["beyond"], "may_not_decline": []}),
        ("dm-statutory-not-declined", {"may_decline": ["unadmitted"], "may_not_decline": []}),
        ("dm-complaint", {"handled_by": ["government", "admission_office"]}),
        ("dm-complaint", {"complaint_by": None, "complaint_untimed": True}),
        ("tj-8-sanction", {"handling": ["correction"]}),
        ("tj-9", {"handling": ["circular", "correction", "referral"]}),
        ("xc-4-record", {"department_in_breach": True}),
    ],
)
def test_a_case_that_expects_something_else_fails(id: str, wrong: dict[str, object]) -> None:
    case = case_named(id)
    assert case.expect is not None
    told = msgspec.structs.replace(case.expect, **wrong)
    failing = msgspec.structs.replace(case, expect=told)
    assert len(run_case(failing, book(THEIRS[id])).failures) == 1


def test_every_ground_has_a_claim_that_the_rules_can_measure() -> None:
    case = case_named("dm-recorded-refusal")
    start = asked(DEMO, case, Gate.START, decision="approved", money="arrived", agreement="signed")
    listed = asked(DEMO, case, Gate.FILE, standing="listed", funding="pledged", payer="entrusting")
    granted = [ground for ground in CLAIMS if right_of(ground, start, listed).granted]
    assert granted == [], "nothing is declined that is admitted, paid and listed"


def test_a_silent_text_gives_no_right_and_blames_nobody() -> None:
    case = case_named("dm-recorded-refusal")
    for gate in (Gate.START, Gate.FILE):
        said = asked(DEMO, case, gate, decision="none")
        assert said.refusal_right is True
        start = asked(DEMO, case, Gate.START, decision="none")
    silent = msgspec.structs.replace(
        start, answer=msgspec.structs.replace(start.answer, refusal_right=None,
                                              department_in_breach=None),
    )  # fmt: skip
    right = right_of("unadmitted", silent, None)
    assert (right.holds, right.granted) == (True, False)
    assert breach_of(silent, None) is None


def test_what_a_list_forbids_is_declined_though_the_text_is_silent_but_not_against_it() -> None:
    case = case_named("dm-recorded-refusal")
    start = asked(DEMO, case, Gate.START, decision="none")
    barred = asked(DEMO, case, Gate.FILE, ground="R4", match="exact")
    assert clauses_of(barred) == ["演示县准入办法第九条（虚构）"]
    for stated, granted in ((None, True), (True, True), (False, False)):
        answer = msgspec.structs.replace(barred.answer, refusal_right=stated)
        said = msgspec.structs.replace(barred, answer=answer)
        assert right_of("barred", start, said).granted is granted
