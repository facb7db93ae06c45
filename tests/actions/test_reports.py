"""报表 (M11, P25): what is collected already is named, field by field, with who collects it."""

from collections.abc import Callable
from typing import Any

from registry.domain.admission import Verdict
from tests.actions import case
from tests.actions.measuring import asked, behind, in_force, row, rule

Hands = Callable[[str], Any]
OTHERS = [{"organisation_id": "o-990102-health"}]
FIRST = ("独居老人人数", "助餐点数量")


def form(*names: str) -> dict[str, Any]:
    return {"fields": [{"name": name} for name in names]}


def report(*names: str, **changes: Any) -> dict[str, Any]:
    return {"kind": "ledger", "title": "楼道灯具台账", "form": form(*names), **changes}


def held(verdict: Verdict) -> str:
    return verdict.facts[0].get("held", "none")


def test_a_report_whose_fields_are_all_collected_there_is_wholly_held(office, hand):
    first = case.admitted(hand, **report(*FIRST))
    verdict = asked(hand, **report("助餐点 数量", "独居老人人数", applicants=OTHERS))
    assert held(verdict) == "whole"
    told = {(f["field"], f["request"], f["applicant"]) for f in verdict.measured["held"]}
    name = verdict.measured["held"][0]["applicant"]
    assert told == {("助餐点 数量", first.id, name), ("独居老人人数", first.id, name)}
    assert "民政局" in name


def test_a_report_of_which_one_field_is_collected_is_held_in_part(one_hand):
    case.admitted(one_hand, **report(*FIRST))
    verdict = asked(one_hand, **report("独居老人人数", "适龄儿童人数", applicants=OTHERS))
    assert held(verdict) == "part"
    assert [f["field"] for f in verdict.measured["held"]] == ["独居老人人数"]


def test_fields_collected_in_one_of_two_communities_are_held_in_part(one_hand):
    case.admitted(one_hand, **report(*FIRST))
    two = {"targets": [case.HERE, case.VILLAGE],
           "receivers": ["residents_committee", "village_committee"]}  # fmt: skip
    assert held(asked(one_hand, **report(*FIRST, applicants=OTHERS, **two))) == "part"


def test_what_is_collected_elsewhere_or_not_yet_admitted_is_not_held(one_hand):
    case.submitted(one_hand, case.drafted(one_hand, **report(*FIRST)))
    assert held(asked(one_hand, **report(*FIRST))) == "none"
    village = {"targets": [case.VILLAGE], "receivers": ["village_committee"]}
    assert held(asked(one_hand, **report(*FIRST, **village))) == "none"


def test_only_reports_ledgers_and_surveys_are_compared(one_hand):
    case.admitted(one_hand, **report(*FIRST))
    task = asked(one_hand, form=form(*FIRST))
    assert held(task) == "none"
    assert "held" not in task.measured


def test_a_report_of_ones_own_does_not_hold_its_own_fields(one_hand):
    request = case.admitted(one_hand, **report(*FIRST))
    assert request.state.value == "approved"
    from registry.actions.judging import PrecheckCommand, precheck_answer
    from registry.actions.office import Call

    person = one_hand("dept.clerk")
    command = PrecheckCommand(filing=request.filing, request_id=request.id)
    call = Call(actor=person.actor, county=person.county, act="precheck.ask")
    assert held(person.office.ask(call, lambda d: precheck_answer(d, command)).body) == "none"


def test_a_pack_may_refuse_on_paper_what_is_held_electronically_naming_where(office, hand):
    rows = (row("PAPER", "refused", kind="ledger", medium="paper", held="whole"),)
    in_force(office, rule("PAPER"), *rows)
    first = case.admitted(hand, **report(*FIRST, medium="electronic"))
    on_paper = asked(hand, **report(*FIRST, medium="paper", applicants=OTHERS))
    assert "PAPER" in [hit.rule for hit in on_paper.rules]
    assert any(first.id in told and "共享或合并" in told for told in behind(on_paper, "PAPER"))
    assert {f["medium"] for f in on_paper.measured["held"]} == {"electronic"}
    online = asked(hand, **report(*FIRST, medium="electronic", applicants=OTHERS))
    assert "PAPER" not in [hit.rule for hit in online.rules]


def test_what_others_hold_on_paper_alone_is_named_and_refuses_no_paper(one_hand):
    case.admitted(one_hand, **report(*FIRST))
    on_paper = asked(one_hand, **report(*FIRST, medium="paper", applicants=OTHERS))
    assert held(on_paper) == "none"
    assert {f["medium"] for f in on_paper.measured["held"]} == {"unstated"}


def test_the_demo_county_refuses_paper_only_for_what_is_held_electronically(one_hand):
    case.admitted(one_hand, **report(FIRST[0], medium="both"))
    on_paper = asked(one_hand, **report(*FIRST, medium="paper", applicants=OTHERS))
    assert "DM-PAPER-HELD" in on_paper.deciding
    assert any("民政局" in told for told in behind(on_paper, "DM-PAPER-HELD"))
