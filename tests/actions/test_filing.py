"""申报: who may draft and submit what, what a refusal leaves behind, parents and their children."""

from typing import Any

import pytest

from registry.actions import agreeing, approving, filing, submitting
from registry.actions.ledger import recording
from registry.actions.office import Office
from registry.domain.admission import Verdict
from registry.domain.agreement import TermsCommand
from registry.domain.audit import Event, EventOutcome, Finding
from registry.domain.request import Request, State, Target
from registry.domain.vocabulary import Outcome
from registry.store.reader import Page
from tests.actions import case
from tests.actions.case import Hands, drafted, filing_of, submitted
from tests.actions.refused import refused
from tests.conftest import Hand

UNPAID: dict[str, Any] = {"funding": []}
ABSOLUTE: dict[str, Any] = {"title": "由社区实施行政处罚"}
LETTER = {
    "document_number": "演民发〔2026〕8号", "dated_on": "2026-03-01", "signed_by": "演示人",
    "contact": "演示人", "telephone": "000-0000001",
}  # fmt: skip


def draft(hand: Hands, by: str, **command: Any) -> Request:
    fields = {"filing": filing_of()} | command
    view = hand(by).do(lambda d: filing.draft(d, filing.DraftCommand(**fields)))
    request: Request = view.request
    return request


def kept(hand: Hands, request: Request) -> Request:
    """The request as it now stands."""
    person = hand("county.office")
    found = person.office.store.reader.get(Request, person.county, request.id)
    assert found is not None
    return found


def submit(hand: Hands, by: str, request: Request, **command: Any) -> Any:
    order = submitting.SubmitCommand(**command)
    return hand(by).do(lambda d: submitting.submit(d, request.id, request.version, order))


# ---- drafts --------------------------------------------------------------------------------------


def test_nothing_is_judged_while_it_is_a_draft(one_hand: Hands) -> None:
    request = drafted(one_hand, **UNPAID)
    assert (request.state, request.outcome, request.verdict_id) == (State.DRAFT, None, None)


def test_document_numbers_are_kept_as_papers_print_them(one_hand: Hands) -> None:
    def numbered(first: str, last: str) -> dict[str, Any]:
        basis = {
            "level": "policy",
            "title": "演示文件",
            "document_number": f"演政发{first}2026{last}3号",
        }
        return {"bases": [basis],
                "letter": LETTER | {"document_number": f"演示函{first}2026{last}8号"}}  # fmt: skip

    request = drafted(one_hand, **numbered("[", "]"))
    asked = filing_of(**numbered("（", "）"))
    edited = one_hand("dept.clerk").do(lambda d: filing.edit(d, request.id, 1, asked)).request
    for one in (request, edited):
        assert one.filing.bases[0].document_number == "演政发〔2026〕3号"
        assert one.letter_number == one.filing.letter.document_number == "演示函〔2026〕8号"


def test_a_department_may_not_draft_for_another(one_hand: Hands) -> None:
    with refused("access.forbidden"):
        draft(one_hand, "dept2.clerk")


def test_a_department_puts_no_other_department_at_the_head_of_a_filing(one_hand: Hands) -> None:
    other = filing_of(applicants=[{"organisation_id": "o-990102-health", "leading": True}])
    with refused("access.forbidden"):
        draft(one_hand, "dept.clerk", children=[other])
    own = drafted(one_hand)
    with refused("access.forbidden"):
        one_hand("dept.clerk").do(lambda d: filing.edit(d, own.id, own.version, other))


def test_what_is_recorded_for_one_holds_no_part_for_another(one_hand: Hands) -> None:
    other = filing_of(applicants=[{"organisation_id": "o-990102-health", "leading": True}])
    with refused("request.on_behalf"):
        draft(one_hand, "county.office", on_behalf_of="o-990102-civil", children=[other])


def test_only_a_county_records_for_another(one_office: Office) -> None:
    command = filing.DraftCommand(filing=filing_of(), on_behalf_of="o-990102-civil")
    with refused("area.unknown"):
        Hand(one_office, "city.office", county="990100").do(lambda d: filing.draft(d, command))


def test_a_part_of_an_inseparable_filing_is_not_submitted_alone(one_hand: Hands) -> None:
    view = one_hand("dept.clerk").do(
        lambda d: filing.draft(
            d, filing.DraftCommand(filing=filing_of(), children=[filing_of()], inseparable=True)
        )
    )
    with refused("request.inseparable"):
        submit(one_hand, "dept.head", view.children[0])
    assert submit(one_hand, "dept.head", view.request).request.state is State.SUBMITTED


def test_what_is_withdrawn_lies_on_nobodys_desk(one_hand: Hands) -> None:
    view = one_hand("dept.clerk").do(
        lambda d: filing.draft(
            d, filing.DraftCommand(filing=filing_of(), children=[filing_of(), filing_of()])
        )
    )
    whole = submit(one_hand, "dept.head", view.request).request
    first, second = (kept(one_hand, child) for child in view.children)
    one_hand("dept.head").do(lambda d: filing.withdraw(d, first.id, first.version))
    assert case.open_tasks(one_hand, "street.clerk", first) == []
    assert case.open_tasks(one_hand, "street.clerk", second) != []
    one_hand("dept.head").do(lambda d: filing.withdraw(d, second.id, second.version))
    assert kept(one_hand, whole).state is State.CLOSED


def test_with_the_whole_its_parts_leave_every_desk(one_hand: Hands) -> None:
    view = one_hand("dept.clerk").do(
        lambda d: filing.draft(d, filing.DraftCommand(filing=filing_of(), children=[filing_of()]))
    )
    whole = submit(one_hand, "dept.head", view.request).request
    one_hand("dept.head").do(lambda d: filing.withdraw(d, whole.id, whole.version))
    assert case.open_tasks(one_hand, "street.clerk", view.children[0]) == []


def test_a_draft_may_not_aim_outside_the_applicants_area(one_hand: Hands) -> None:
    own = [{"organisation_id": "o-990102001", "leading": True}]
    aimed = filing_of(applicants=own, targets=["990102002001"], funding=[])
    with refused("area.outside"):
        draft(one_hand, "street.clerk", filing=aimed)


@pytest.mark.parametrize("target", ["990102999999", "990103001001", "nowhere", "1"])
def test_a_draft_may_not_aim_at_a_place_that_is_not_in_the_county(
    one_hand: Hands, target: str
) -> None:
    with refused("area.unknown"):
        drafted(one_hand, targets=[target])


def test_a_payer_must_exist(one_hand: Hands) -> None:
    line = case.OFF_LIST["funding"][0] | {"payer_id": "o-nobody"}
    with refused("organisation.unknown"):
        drafted(one_hand, funding=[line])


def test_an_edit_takes_areas_out_and_brings_them_back(one_hand: Hands) -> None:
    person = one_hand("dept.clerk")
    request = drafted(one_hand)
    for targets in (["990102001002"], ["990102001001", "990102001002"]):
        request = person.do(
            lambda d, r=request, t=targets: filing.edit(d, r.id, r.version, filing_of(targets=t))
        ).request
        rows = person.office.store.reader.find(Target, "990102", request_id=request.id)
        assert sorted(r.area_id for r in rows if not r.withdrawn) == [f"a-{t}" for t in targets]


def test_an_act_on_a_version_not_seen_is_refused(one_hand: Hands) -> None:
    request = drafted(one_hand)
    person = one_hand("dept.clerk")
    person.do(lambda d: filing.edit(d, request.id, request.version, filing_of(title="改名")))
    with refused("version.stale") as info:
        submitted(one_hand, request)
    assert info.value.facts["current"] == 2


def test_an_act_that_names_no_version_is_refused(one_hand: Hands) -> None:
    request = drafted(one_hand)
    with refused("version.required"):
        one_hand("dept.head").do(
            lambda d: submitting.submit(d, request.id, None, submitting.SubmitCommand())
        )


def test_what_does_not_exist_is_missing(one_hand: Hands) -> None:
    with refused("record.missing"):
        one_hand("dept.head").do(
            lambda d: submitting.submit(d, "req-none", 1, submitting.SubmitCommand())
        )


# ---- submitting ----------------------------------------------------------------------------------


def test_a_clerk_may_not_submit(one_hand: Hands) -> None:
    with refused("access.forbidden"):
        submit(one_hand, "dept.clerk", drafted(one_hand))


def test_another_department_does_not_even_know_of_it(one_hand: Hands) -> None:
    with refused("access.hidden"):
        submit(one_hand, "dept2.head", drafted(one_hand))


def test_a_submission_with_gaps_is_refused_naming_them_all(one_hand: Hands) -> None:
    with refused("request.incomplete") as info:
        submitted(one_hand, drafted(one_hand, content="", ends_on=None))
    assert info.value.facts["missing"] == "content、ends_on"
    assert "工作内容、止期" in info.value.detail


def test_a_receiver_that_does_not_exist_there_is_refused(one_hand: Hands) -> None:
    with refused("receiver.none"):
        submitted(one_hand, drafted(one_hand, receivers=["village_committee"]))


def test_a_refused_submission_keeps_its_verdict_and_attempt_and_stays_a_draft(
    hand: Hands,
) -> None:
    request = drafted(hand, **UNPAID)
    for attempt in (1, 2):
        with refused("request.refused") as info:
            submitted(hand, request)
        request = kept(hand, request)
        assert (request.state, request.outcome) == (State.DRAFT, Outcome.REFUSED)
        assert info.value.facts["verdict_id"] == request.verdict_id
        reader = hand("auditor").office.store.reader
        verdict = reader.get(Verdict, "990102", request.verdict_id or "")
        assert verdict is not None and verdict.attempt == attempt


def test_a_refused_submission_stands_in_the_log_as_refused(one_hand: Hands) -> None:
    with refused("request.refused"):
        submitted(one_hand, drafted(one_hand, **UNPAID))
    reader = one_hand("auditor").office.store.reader
    last: Event = reader.events(["990102"], {}, Page(limit=10_000))[-1]
    assert (last.outcome, last.code) == (EventOutcome.REFUSED, "request.refused")
    assert (last.act, last.actor) == ("request.submit", "person-dept.head")


def test_after_its_substance_is_mended_the_same_draft_is_submitted(one_hand: Hands) -> None:
    request = drafted(one_hand, **UNPAID)
    with refused("request.refused"):
        submitted(one_hand, request)
    version = kept(one_hand, request).version
    mended = one_hand("dept.clerk").do(
        lambda d: filing.edit(d, request.id, version, filing_of())
    ).request  # fmt: skip
    after = submitted(one_hand, mended)
    assert (after.state, after.outcome) == (State.SUBMITTED, Outcome.NEEDS_APPROVAL)


def test_a_submitted_request_is_neither_edited_nor_submitted_again(one_hand: Hands) -> None:
    request = submitted(one_hand, drafted(one_hand))
    with refused("request.state"):
        submitted(one_hand, request)
    with refused("request.state"):
        one_hand("dept.clerk").do(
            lambda d: filing.edit(d, request.id, request.version, filing_of())
        )


def test_a_listed_matter_is_filed_on_record_in_one_step(one_hand: Hands) -> None:
    listed = {"title": "节水宣传", **UNPAID}
    funded = case.OFF_LIST["funding"]
    request = submitted(one_hand, drafted(one_hand, **listed | {"funding": funded}))
    assert request.outcome is Outcome.LISTED
    after = case.approved(one_hand, case.accepted(one_hand, request))
    assert after.state is State.APPROVED


# ---- insisting -----------------------------------------------------------------------------------


def test_to_insist_takes_a_reason(one_hand: Hands) -> None:
    with refused("request.insist_reason"):
        submitted(one_hand, drafted(one_hand, **UNPAID), insist=True, reason="  ")


def test_who_insists_is_heard_by_the_deciding_body(one_hand: Hands) -> None:
    request = submitted(one_hand, drafted(one_hand, **UNPAID), insist=True, reason="上级要求")
    assert (request.state, request.outcome) == (State.SUBMITTED, Outcome.REFUSED)
    assert (request.insisted, request.insist_reason) == (True, "上级要求")


def test_to_insist_on_what_is_not_refused_changes_nothing(one_hand: Hands) -> None:
    request = submitted(one_hand, drafted(one_hand), insist=True, reason="以防万一")
    assert (request.insisted, request.insist_reason) == (False, "")


def _say(hand: Hands, by: str, request: Request) -> Request:
    """One opinion on the open step, whichever it is."""
    task = case.open_tasks(hand, by, request)[0]
    said = approving.OpinionCommand(ballot="comment", text="见附件")
    after: Request = hand(by).do(
        lambda d: approving.opine(d, task.id, task.version, said)
    ).request  # fmt: skip
    return after


def test_under_an_absolute_rule_only_a_refusal_to_accept_may_be_issued(hand: Hands) -> None:
    request = submitted(hand, drafted(hand, **ABSOLUTE), insist=True, reason="上级要求")
    assert request.absolute
    request = case.accepted(hand, request, by="county.office")
    request = _say(hand, "community.head", _say(hand, "county.office", request))
    decide = approving.DecideCommand(reason="依清单")
    for verb in (approving.approve, approving.reject):
        with refused("decision.absolute"):
            hand("county.head").do(lambda d, v=verb: v(d, request.id, request.version, decide))
    after = hand("county.head").do(
        lambda d: approving.not_accept(d, request.id, request.version, decide)
    ).request  # fmt: skip
    assert after.state is State.NOT_ACCEPTED and after.decision_id


# ---- withdrawing ---------------------------------------------------------------------------------


def test_a_request_may_be_withdrawn_until_it_is_decided(one_hand: Hands) -> None:
    request = submitted(one_hand, drafted(one_hand))
    after = one_hand("dept.head").do(
        lambda d: filing.withdraw(d, request.id, request.version)
    ).request  # fmt: skip
    assert after.state is State.WITHDRAWN
    assert case.open_tasks(one_hand, "street.clerk", request) == []


def test_an_admitted_request_is_not_withdrawn(one_hand: Hands) -> None:
    request = case.admitted(one_hand)
    with refused("request.state"):
        one_hand("dept.head").do(lambda d: filing.withdraw(d, request.id, request.version))


# ---- recorded for another (代录) -----------------------------------------------------------------


LETTER = {
    "document_number": "演示函〔2026〕8号", "dated_on": "2026-02-26", "signed_by": "演示·局长",
    "contact": "演示·经办", "telephone": "000-0000004",
}  # fmt: skip


def test_the_office_records_and_submits_for_another_on_its_letter(one_hand: Hands) -> None:
    asked = filing_of(letter=LETTER)
    request = draft(one_hand, "county.office", on_behalf_of="o-990102-civil", filing=asked)
    assert request.applicant_id == "o-990102-civil"
    assert request.recorded_by_organisation_id == "o-990102-admission"
    assert submit(one_hand, "county.office", request).request.state is State.SUBMITTED


def test_what_is_recorded_for_another_needs_its_letter(one_hand: Hands) -> None:
    request = draft(one_hand, "county.office", on_behalf_of="o-990102-civil")
    with refused("request.letter"):
        submit(one_hand, "county.office", request)


def test_a_department_may_not_record_for_another(one_hand: Hands) -> None:
    with refused("access.forbidden"):
        draft(one_hand, "dept2.clerk", on_behalf_of="o-990102-civil")


def test_who_recorded_it_for_another_does_not_examine_it(one_hand: Hands) -> None:
    wide = filing_of(title="社区代征契税", targets=["990102001001"], letter=LETTER)
    request = draft(one_hand, "county.office", on_behalf_of="o-990102-civil", filing=wide)
    submit(one_hand, "county.office", request, insist=True, reason="上级要求")
    with refused("access.tied"):
        case.accepted(one_hand, kept(one_hand, request), by="county.office")


# ---- composite requests --------------------------------------------------------------------------


def _composite(hand: Hands, **command: Any) -> Request:
    children = [filing_of(title="楼道照片归档"), filing_of(title="楼道灯具编号", **UNPAID)]
    return draft(hand, "dept.clerk", children=children, **command)


def _children(hand: Hands, parent: Request) -> list[Request]:
    reader = hand("auditor").office.store.reader
    rows = list(reader.find(Request, "990102", parent_id=parent.id))
    return sorted(rows, key=lambda r: r.title)


def test_each_child_of_a_composite_goes_its_own_way(one_hand: Hands) -> None:
    parent = _composite(one_hand)
    view = submit(one_hand, "dept.head", parent)
    assert (view.request.state, view.request.outcome) == (State.SUBMITTED, None)
    states = {c.title: (c.state, c.outcome) for c in view.children}
    assert states == {
        "楼道照片归档": (State.SUBMITTED, Outcome.NEEDS_APPROVAL),
        "楼道灯具编号": (State.DRAFT, Outcome.REFUSED),
    }


def test_of_inseparable_items_one_refusal_stops_all(one_hand: Hands) -> None:
    parent = _composite(one_hand, inseparable=True)
    with refused("request.refused") as info:
        submit(one_hand, "dept.head", parent)
    assert len(info.value.facts["verdict_ids"]) == 1
    assert kept(one_hand, parent).state is State.DRAFT
    assert [c.state for c in _children(one_hand, parent)] == [State.DRAFT, State.DRAFT]


def test_inseparable_items_that_all_pass_go_together(one_hand: Hands) -> None:
    both = [filing_of(title="楼道照片归档"), filing_of(title="楼道灯具编号")]
    parent = draft(one_hand, "dept.clerk", children=both, inseparable=True)
    view = submit(one_hand, "dept.head", parent)
    assert [c.state for c in view.children] == [State.SUBMITTED, State.SUBMITTED]


def test_who_insists_on_inseparable_items_submits_them_all(one_hand: Hands) -> None:
    parent = _composite(one_hand, inseparable=True)
    view = submit(one_hand, "dept.head", parent, insist=True, reason="一并推进")
    assert [c.state for c in view.children] == [State.SUBMITTED, State.SUBMITTED]
    assert sorted(c.insisted for c in view.children) == [False, True]


def test_a_withdrawn_parent_takes_its_children_along(one_hand: Hands) -> None:
    parent = submit(one_hand, "dept.head", _composite(one_hand)).request
    one_hand("dept.head").do(lambda d: filing.withdraw(d, parent.id, parent.version))
    assert {c.state for c in _children(one_hand, parent)} == {State.WITHDRAWN}


# ---- letters -------------------------------------------------------------------------------------


def test_the_same_letter_number_twice_is_flagged_and_not_refused(one_hand: Hands) -> None:
    for _ in range(2):
        request = submitted(one_hand, drafted(one_hand, letter=LETTER))
        assert request.state is State.SUBMITTED
    found = one_hand("auditor").office.store.reader.find(Finding, "990102")
    assert [f.code for f in found] == ["letter.number_twice"]


def test_what_is_recorded_is_recorded_for_who_leads(one_hand: Hands) -> None:
    with refused("request.on_behalf"):
        draft(one_hand, "county.office", on_behalf_of="o-990102-urban")


def test_who_recorded_it_makes_the_agreement_and_orders_in_the_applicants_name(
    one_hand: Hands,
) -> None:
    money = [{**case.OFF_LIST["funding"][0], "payer_id": "o-990102-civil"}]
    asked = filing_of(letter=LETTER, funding=money)
    request = draft(one_hand, "county.office", on_behalf_of="o-990102-civil", filing=asked)
    request = submit(one_hand, "county.office", request).request
    request = case.approved(one_hand, case.examined(one_hand, case.accepted(one_hand, request)))
    terms = TermsCommand(request_id=request.id, responsibility="民政局负责", acceptance="抽查")
    made = one_hand("county.office").do(lambda d: agreeing.offer(d, terms))
    assert made.request_id == request.id
    order = case.voucher(case.presence_of(one_hand, request), "order", "令1", 100)
    kept = one_hand("county.head").do(lambda d: recording.record(d, order)).voucher
    assert kept.payer_id == "o-990102-civil"
