"""雷同 (R12, P38): the same asked again is seen, whoever asks; a change of dress alone is told."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from registry.actions import approving, filing
from registry.actions.judging import PrecheckCommand, precheck_answer
from registry.actions.office import Call
from registry.domain.areas import Area
from registry.domain.audit import Finding
from registry.policies.measuring.refiling import how_alike, same_substance
from registry.store.counting import others_there, own_requests
from tests.actions import case
from tests.actions.measuring import asked, behind, grounds, in_force, plans, row, rule

Hands = Callable[[str], Any]
SIMILAR = '[similar]\nnear = 80\n[similar.within]\ndays = 365\nunit = "calendar"\n'
ROWS = (
    row("LIKE", "human_review", ground="R12", match="exact"),
    row("LIKE", "human_review", ground="R12", match="near"),
)
TITLE = case.OFF_LIST["title"]
ALIKE = "楼道灯具编号拍照存档"
OTHERS = [{"organisation_id": "o-990102-health"}]


def measured(office: Any) -> None:
    in_force(office, SIMILAR + rule("LIKE", "R12"), *ROWS)


def turned_down(hand: Hands, **changes: Any) -> Any:
    """A request that the street did not admit."""
    request = case.accepted(hand, case.submitted(hand, case.drafted(hand, **changes)))
    request = case.examined(hand, request)
    no = approving.DecideCommand(reason="可由部门自行办理")
    street = hand("street.head")
    return street.do(lambda d: approving.reject(d, request.id, request.version, no)).request


def findings(office: Any) -> list[Finding]:
    return list(office.store.reader.find(Finding, "990102", code="refiled.near_duplicate"))


def test_a_title_of_ones_own_again_is_exact_and_one_much_like_it_near(office, hand):
    measured(office)
    request = case.submitted(hand, case.drafted(hand))
    again = asked(hand, title=f"{TITLE} ")
    assert grounds(again) == {"R12": "exact"}
    (told,) = behind(again, "LIKE")
    assert told.startswith(f"{request.id} 《{TITLE}》")
    assert grounds(asked(hand, title=ALIKE)) == {"R12": "near"}
    assert grounds(asked(hand, title="社区图书角整理")) == {}


def test_without_a_word_on_likeness_in_the_packs_nothing_is_compared(one_hand):
    case.submitted(one_hand, case.drafted(one_hand))
    assert "R12" not in grounds(asked(one_hand))


def test_a_draft_nobody_filed_is_like_nothing(one_office, one_hand):
    measured(one_office)
    case.drafted(one_hand)
    assert grounds(asked(one_hand)) == {}


def test_another_kind_is_another_matter(one_office, one_hand):
    measured(one_office)
    case.submitted(one_hand, case.drafted(one_hand))
    assert "R12" not in grounds(asked(one_hand, kind="meeting",
                                      meeting={"participants": 1}))  # fmt: skip


def test_what_another_department_asks_of_the_same_places_is_near(office, hand):
    measured(office)
    case.submitted(hand, case.drafted(hand))
    same = asked(hand, by="county.office", applicants=OTHERS)
    assert grounds(same) == {"R12": "near"}
    assert any("县民政局" in told for told in behind(same, "LIKE"))
    elsewhere = {"targets": [case.VILLAGE], "receivers": ["village_committee"]}
    assert grounds(asked(hand, applicants=OTHERS, **elsewhere)) == {}


def test_what_was_refused_is_remembered_for_the_time_the_pack_says(one_office, one_hand, clock):
    measured(one_office)
    turned_down(one_hand)
    clock.at = datetime(2027, 3, 1, 4, 0, tzinfo=UTC)
    later = {"starts_on": "2027-04-01", "ends_on": "2027-06-30"}
    assert grounds(asked(one_hand, **later)) == {"R12": "exact"}
    clock.at = datetime(2027, 3, 5, 4, 0, tzinfo=UTC)
    assert grounds(asked(one_hand, **later)) == {}


def test_an_admitted_matter_whose_term_is_over_leaves_room_for_the_next(
    one_office, one_hand, clock
):
    measured(one_office)
    case.admitted(one_hand)
    assert grounds(asked(one_hand)) == {"R12": "exact"}
    clock.at = datetime(2026, 7, 2, 4, 0, tzinfo=UTC)
    assert grounds(asked(one_hand, starts_on="2026-08-01", ends_on="2026-09-01")) == {}


def test_a_request_and_the_parts_of_its_whole_are_no_repetition_of_each_other(one_office, one_hand):
    measured(one_office)
    parts = [case.filing_of(title=f"{TITLE}第{n}批") for n in ("一", "二")]
    command = filing.DraftCommand(filing=case.filing_of(title="楼道整治"), children=parts)
    parent = one_hand("dept.clerk").do(lambda d: filing.draft(d, command)).request
    case.submitted(one_hand, parent)
    reader = one_office.store.reader
    from registry.domain.request import Request

    children = reader.find(Request, "990102", parent_id=parent.id)
    assert [c.outcome.value for c in children] == ["needs_approval"] * 2


def test_a_refused_request_filed_again_under_another_name_is_told_once(office, hand):
    measured(office)
    before = turned_down(hand)
    renamed = case.submitted(hand, case.drafted(hand, title="照明设施信息采集"))
    (told,) = findings(office)
    assert (told.object_id, told.facts["evidence"]) == (renamed.id, {"requests": [before.id]})
    assert renamed.state.value == "submitted"


def test_what_came_after_a_request_does_not_stand_against_it(one_office, one_hand):
    measured(one_office)
    first = case.accepted(one_hand, case.submitted(one_hand, case.drafted(one_hand)))
    later = case.submitted(one_hand, case.drafted(one_hand, title=ALIKE))
    desk = one_hand("dept.clerk")
    for request, met in ((first, {}), (later, {"R12": "near"})):
        command = PrecheckCommand(filing=request.filing, request_id=request.id)
        call = Call(actor=desk.actor, county=desk.county, act="precheck.ask")
        answer = one_office.ask(call, lambda d, c=command: precheck_answer(d, c))
        assert grounds(answer.body) == met


def test_earlier_requests_are_found_by_index_on_both_engines(office, hand):
    case.submitted(hand, case.drafted(hand))
    kinds = ("task", date(2026, 1, 1))
    with office.store.reader.connect() as connection:
        own = plans(connection, lambda: own_requests(connection, "990102", "o-990102-civil", kinds))
        path = office.store.reader.get(Area, "990102", case.HERE).path
        there = plans(connection, lambda: others_there(connection, "990102", path, kinds))
    assert not any(wide in own + there for wide in ("ix_request_kind", "ix_request_state"))
    if office.store.engine.dialect.name == "sqlite":  # PostgreSQL weighs figures, and has few here
        assert "ix_request_applicant_id" in own
        assert "ix_target_path" in there


@pytest.mark.parametrize(
    "dress",
    [
        {"title": "照明设施信息采集"},
        {"targets": ["a-990102001002"]},
        {"receivers": ["service_station"]},
        {"ends_on": "2026-05-31"},
        {"title": "照明设施信息采集", "duration": "temporary", "ends_on": "2026-04-30"},
        {"content": "协助民政部门登记楼道灯具。"},
    ],
)
def test_renaming_splitting_another_receiver_or_a_shorter_term_changes_no_substance(dress):
    assert same_substance(case.filing_of(**dress), case.filing_of(), 80)


def test_other_brackets_around_the_year_make_no_other_basis():
    earlier, now = (
        case.filing_of(bases=[{"level": "policy", "title": "演示文件", "document_number": n}])
        for n in ("演民发[2026]1号", "演民发〔2026〕1号")
    )
    assert same_substance(now, earlier, 80)


FUNDED = case.OFF_LIST["funding"][0]


@pytest.mark.parametrize(
    "substance",
    [
        {"role": "self_governance"},
        {"starts_on": "2026-05-01"},
        {"ends_on": "2026-12-31"},
        {"consents": [{"by": "street", "given_on": "2026-03-01"}]},
        {"bases": [{"level": "statute", "title": "演示法", "article": "第一条"}]},
        {"conditions": [{"key": "C1", "what": "staff", "description": "两名专职人员"}]},
        {"funding": [{**FUNDED, "payer_id": "o-990102-finance"}]},
        {"funding": [{**FUNDED, "quantity": 2000, "amount_fen": 1600000, "schedule": []}]},
        {"medium": "electronic"},
        {"content": "由部门派员自行登记，社区只提供名册查阅。"},
    ],
)
def test_money_authority_consent_basis_and_a_later_term_change_the_substance(substance):
    assert not same_substance(case.filing_of(**substance), case.filing_of(), 80)


def test_a_part_split_off_with_less_money_is_the_same_matter():
    part = {**FUNDED, "quantity": 100, "amount_fen": 80000, "schedule": []}
    assert same_substance(case.filing_of(funding=[part]), case.filing_of(), 80)


def test_titles_are_compared_in_one_form_of_writing():
    assert how_alike("樓道燈具　編號拍照", TITLE, 80) == "exact"
    assert how_alike("社区图书角整理", TITLE, 80) == ""
