"""审批: returns, clocks, opinions, votes and decisions, as the demo county's pack writes them."""

import threading
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest

from registry.actions import approving, filing, submitting
from registry.actions.approving import DecideCommand, OpinionCommand, ReturnCommand
from registry.actions.office import Call, Office, fingerprint
from registry.domain.admission import Verdict
from registry.domain.approval import Decision, DecisionKind, Opinion, Task
from registry.domain.errors import Refusal
from registry.domain.notice import Notice, NoticeKind
from registry.domain.presence import Presence, PresenceState
from registry.domain.request import Request, State
from registry.domain.vocabulary import Disclosure, Gate
from tests.actions import case
from tests.actions.case import Hands, accepted, approved, drafted, examined, filing_of, submitted
from tests.actions.refused import refused
from tests.conftest import Hand, MovingClock

DECIDE = DecideCommand(reason="同意")
TWO_STREETS = ["990102001001", "990102002001"]
CAMPAIGN: dict[str, Any] = {
    "kind": "campaign", "title": "温馨楼道评选",
    "campaign": {"approval_document": "演批〔2026〕1号"},
}  # fmt: skip
LISTED: dict[str, Any] = {"title": "节水宣传"}


def shanghai(day: date) -> datetime:
    """Noon of a day in Shanghai."""
    return datetime(day.year, day.month, day.day, 4, 0, tzinfo=UTC)


def act(hand: Hands, by: str, verb: Any, request: Request, *command: Any) -> Request:
    """An act on a request as it now stands."""
    after: Request = hand(by).do(
        lambda d: verb(d, request.id, d.unit.get(Request, request.id).version, *command)
    ).request  # fmt: skip
    return after


def rows(hand: Hands, kind: type[Any], **equals: Any) -> list[Any]:
    """Rows of the demo county as they stand."""
    return list(hand("auditor").office.store.reader.find(kind, "990102", **equals))


def say(hand: Hands, by: str, request: Request, ballot: str = "agree") -> Request:
    task = case.open_tasks(hand, by, request)[0]
    command = OpinionCommand(ballot=ballot, text="意见")
    after: Request = hand(by).do(
        lambda d: approving.opine(d, task.id, task.version, command)
    ).request  # fmt: skip
    return after


def waiting(hand: Hands, **changes: Any) -> Request:
    """Submitted, on the first approver's desk."""
    return submitted(hand, drafted(hand, **changes))


# ---- 受理 and its clock ----------------------------------------------------------------------------


def test_the_clock_starts_when_it_is_accepted_and_counts_working_days(hand: Hands) -> None:
    request = waiting(hand)
    assert request.due_on is None
    request = accepted(hand, request)
    assert (request.accepted_on, request.due_on) == (date(2026, 3, 2), date(2026, 3, 23))
    assert not request.due_provisional


def test_a_date_beyond_the_published_holidays_is_marked_as_a_guess(
    one_hand: Hands, clock: MovingClock
) -> None:
    clock.at = shanghai(date(2026, 12, 28))
    late = {"starts_on": "2027-04-01", "ends_on": "2027-06-30"}
    request = accepted(one_hand, waiting(one_hand, **late))
    assert request.due_on is not None and request.due_on.year == 2027
    assert request.due_provisional and not request.overdue


def test_nothing_is_decided_before_it_is_accepted(one_hand: Hands) -> None:
    request = waiting(one_hand, **LISTED)
    with refused("request.state"):
        approved(one_hand, request)


def test_a_request_is_accepted_once(one_hand: Hands) -> None:
    request = accepted(one_hand, waiting(one_hand))
    with refused("request.state"):
        accepted(one_hand, request)


# ---- 退回补正 --------------------------------------------------------------------------------------


def test_it_is_returned_with_the_whole_list_and_supplemented(hand: Hands) -> None:
    items = ["补充测算依据", "补充责任人"]
    request = accepted(hand, waiting(hand))
    back = act(hand, "street.clerk", approving.send_back, request, ReturnCommand(items=items))
    assert (back.state, back.returns, back.return_items) == (State.RETURNED, 1, items)
    mended = act(hand, "dept.clerk", filing.edit, back, filing_of(content="补充后的内容"))
    assert mended.state is State.RETURNED
    again = submitted(hand, mended)
    assert again.state is State.ACCEPTED, "it returns to where it came from"
    assert case.open_tasks(hand, "street.clerk", again)


def test_a_second_return_needs_a_reason(one_hand: Hands) -> None:
    request = accepted(one_hand, waiting(one_hand))
    back = act(one_hand, "street.clerk", approving.send_back, request, ReturnCommand(items=["一"]))
    request = submitted(one_hand, back)
    with refused("return.second"):
        act(one_hand, "street.clerk", approving.send_back, request, ReturnCommand(items=["二"]))
    told = ReturnCommand(items=["二"], reason="首次材料中未附该页")
    back = act(one_hand, "street.clerk", approving.send_back, request, told)
    assert (back.returns, back.return_items) == (2, ["二"])


def test_those_who_ask_are_told_of_a_return_and_of_the_decision(one_hand: Hands) -> None:
    def told(kind: NoticeKind) -> dict[str, str]:
        return {n.person_id: n.text for n in rows(one_hand, Notice) if n.kind is kind}

    request = accepted(one_hand, waiting(one_hand))
    back = act(one_hand, "street.clerk", approving.send_back, request, ReturnCommand(items=["一"]))
    asking = {"person-dept.clerk", "person-dept.head"}
    assert set(told(NoticeKind.RETURNED)) == asking
    approved(one_hand, examined(one_hand, submitted(one_hand, back)))
    number = rows(one_hand, Decision, request_id=request.id)[0].number
    assert set(told(NoticeKind.DECIDED)) == asking
    assert all(number in text for text in told(NoticeKind.DECIDED).values())


def test_the_days_spent_supplementing_do_not_count(one_hand: Hands, clock: MovingClock) -> None:
    request = accepted(one_hand, waiting(one_hand))
    clock.at = shanghai(date(2026, 3, 9))
    back = act(one_hand, "street.clerk", approving.send_back, request, ReturnCommand(items=["一"]))
    clock.at = shanghai(date(2026, 3, 30))
    again = submitted(one_hand, back)
    assert again.due_on is not None and again.due_on > date(2026, 3, 30)
    assert back.due_on == date(2026, 3, 23)


def test_what_was_returned_before_acceptance_waits_for_acceptance_again(one_hand: Hands) -> None:
    back = act(
        one_hand, "street.clerk", approving.send_back, waiting(one_hand),
        ReturnCommand(items=["补充来文"]),
    )  # fmt: skip
    assert submitted(one_hand, back).state is State.SUBMITTED


# ---- who may decide ------------------------------------------------------------------------------


def _ready(hand: Hands, **changes: Any) -> Request:
    """Examined, on the deciding desk of the street."""
    return examined(hand, accepted(hand, waiting(hand, **changes)))


def test_a_clerk_may_not_decide(one_hand: Hands) -> None:
    with refused("access.forbidden"):
        approved(one_hand, _ready(one_hand), by="street.clerk")


def test_a_street_may_not_decide_another_streets(one_hand: Hands) -> None:
    with refused("access.hidden"):
        approved(one_hand, _ready(one_hand), by="street2.head")


def test_a_department_may_not_decide_its_own_request(one_hand: Hands) -> None:
    with refused("access.forbidden"):
        approved(one_hand, _ready(one_hand), by="dept.head")


def test_another_county_does_not_even_see_it(one_office: Office, one_hand: Hands) -> None:
    request = _ready(one_hand)
    foreign = Hand(one_office, "other.head", "990102")
    with refused("access.hidden"):
        foreign.do(lambda d: approving.approve(d, request.id, request.version, DECIDE))


def test_a_street_that_asks_is_decided_by_the_county(one_hand: Hands) -> None:
    own = [{"organisation_id": "o-990102001", "leading": True}]
    paying = [case.OFF_LIST["funding"][0] | {"payer_id": "o-990102001"}]
    command = filing.DraftCommand(filing=filing_of(applicants=own, funding=paying))
    drafted_ = one_hand("street.clerk").do(lambda d: filing.draft(d, command)).request
    request = act(
        one_hand, "street.head", submitting.submit, drafted_, submitting.SubmitCommand()
    )  # fmt: skip
    with refused("access.forbidden"):
        accepted(one_hand, request, by="street.clerk")
    assert accepted(one_hand, request, by="county.office").state is State.ACCEPTED


def test_an_examining_step_decides_nothing(one_hand: Hands) -> None:
    request = accepted(one_hand, waiting(one_hand))
    for verb in (approving.approve, approving.reject):
        with refused("step.not_deciding") as info:
            act(one_hand, "street.head", verb, request, DECIDE)
        assert info.value.facts["step"] == "街道（乡镇）审查"


def test_a_deciding_step_is_not_answered_by_an_opinion(one_hand: Hands) -> None:
    request = _ready(one_hand)
    task = case.open_tasks(one_hand, "street.head", request)[0]
    with refused("step.not_deciding"):
        one_hand("street.head").do(
            lambda d: approving.opine(d, task.id, task.version, OpinionCommand(ballot="agree"))
        )


def test_an_opinion_is_given_once(one_hand: Hands) -> None:
    request = accepted(one_hand, waiting(one_hand, targets=TWO_STREETS), by="street.head")
    task = case.open_tasks(one_hand, "street.head", request)[0]
    say(one_hand, "street.head", request)
    with refused("access.tied"):
        one_hand("street.head").do(
            lambda d: approving.opine(d, task.id, task.version + 1, OpinionCommand(ballot="agree"))
        )


def test_after_the_decision_there_is_nothing_left_to_do(one_hand: Hands) -> None:
    request = case.admitted(one_hand)
    with refused("task.none"):
        approved(one_hand, request)
    assert case.open_tasks(one_hand, "street.head", request) == []


# ---- several bodies ------------------------------------------------------------------------------


def test_over_several_streets_each_is_heard_and_the_office_decides(hand: Hands) -> None:
    request = accepted(hand, waiting(hand, targets=TWO_STREETS), by="street.head")
    request = say(hand, "street.head", request)
    with refused("access.forbidden"):
        accepted(hand, request, by="county.office")
    request = say(hand, "street2.head", request, ballot="disagree")
    request = say(hand, "county.office", request)
    after = approved(hand, request, by="county.head")
    assert after.state is State.APPROVED, "an opinion advises, it does not decide"
    assert len(rows(hand, Opinion, request_id=request.id)) == 4


def test_on_record_in_two_streets_both_are_asked(hand: Hands) -> None:
    request = accepted(hand, waiting(hand, targets=TWO_STREETS, **LISTED), by="street.head")
    request = approved(hand, request, by="street.head")
    assert request.state is State.IN_REVIEW
    with refused("access.tied"):
        approved(hand, request, by="street.head")
    after = approved(hand, request, by="street2.head")
    assert after.state is State.APPROVED


# ---- the decision --------------------------------------------------------------------------------


def test_a_decision_has_number_body_clauses_and_review(hand: Hands) -> None:
    request = case.admitted(hand)
    decision: Decision = rows(hand, Decision, request_id=request.id)[0]
    assert (decision.kind, decision.number) == (DecisionKind.ADMITTED, "示范准〔2026〕1号")
    assert decision.body_name == "云笺演示街道办事处"
    assert "演示县准入办法第六条（虚构）" in decision.clauses
    assert "复核" in decision.review
    assert not decision.filed_on_record


def test_numbers_run_on_through_every_kind_of_decision(one_hand: Hands) -> None:
    case.admitted(one_hand)
    act(one_hand, "street.head", approving.reject, _ready(one_hand), DecideCommand(reason="不宜"))
    act(one_hand, "street.head", approving.not_accept, waiting(one_hand), DecideCommand())
    numbers = sorted(d.number for d in rows(one_hand, Decision))
    assert numbers == [f"示范准〔2026〕{n}号" for n in (1, 2, 3)]


def test_a_listed_matter_is_decided_as_filed_on_record(one_hand: Hands) -> None:
    request = accepted(one_hand, waiting(one_hand, **LISTED))
    approved(one_hand, request)
    decision: Decision = rows(one_hand, Decision, request_id=request.id)[0]
    assert decision.filed_on_record


def test_one_presence_is_made_for_each_community_and_their_shares_sum(hand: Hands) -> None:
    line = case.OFF_LIST["funding"][0] | {"rate_fen": 0, "quantity": 0, "amount_fen": 800_001,
                                          "schedule": []}  # fmt: skip
    request = case.admitted(hand, targets=["990102001"], funding=[line])
    made: list[Presence] = rows(hand, Presence, request_id=request.id)
    assert len(made) == 6 == len({p.area_id for p in made})
    assert sum(p.share_fen for p in made) == 800_001
    assert {p.state for p in made} == {PresenceState.PLANNED}


def test_a_refused_request_leaves_no_presence_and_says_why(one_hand: Hands) -> None:
    after = act(
        one_hand, "street.head", approving.reject, _ready(one_hand), DecideCommand(reason="重复报送")
    )  # fmt: skip
    assert after.state is State.REJECTED
    decision: Decision = rows(one_hand, Decision, request_id=after.id)[0]
    assert (decision.kind, decision.reason) == (DecisionKind.NOT_ADMITTED, "重复报送")
    assert rows(one_hand, Presence, request_id=after.id) == []


def test_the_disclosure_class_is_fixed_by_the_approval(one_hand: Hands) -> None:
    plain = case.admitted(one_hand)
    assert plain.disclosure is Disclosure.OPEN
    classed = DecideCommand(disclosure=Disclosure.INTERNAL, disclosure_reason="涉及个人信息")
    after = act(one_hand, "street.head", approving.approve, _ready(one_hand), classed)
    assert (after.disclosure, after.disclosure_reason) == (Disclosure.INTERNAL, "涉及个人信息")


def test_the_rules_are_asked_again_at_the_approval(one_hand: Hands) -> None:
    request = case.admitted(one_hand)
    gates = {v.gate for v in rows(one_hand, Verdict, request_id=request.id)}
    assert gates == {Gate.FILE, Gate.APPROVE}


def test_a_case_that_cannot_go_on_is_ended_and_then_archived(one_hand: Hands) -> None:
    ended = act(one_hand, "street.head", approving.terminate, _ready(one_hand), DecideCommand())
    assert ended.state is State.TERMINATED
    assert case.open_tasks(one_hand, "street.head", ended) == []
    assert act(one_hand, "street.head", approving.close, ended).state is State.CLOSED


def test_a_case_still_open_is_not_archived(one_hand: Hands) -> None:
    with refused("request.state"):
        act(one_hand, "street.head", approving.close, _ready(one_hand))


# ---- at once, and again --------------------------------------------------------------------------


def _campaign(hand: Hands) -> Request:
    request = accepted(hand, waiting(hand, **CAMPAIGN), by="county.office")
    return examined(hand, request, by="county.office")


def test_of_two_people_approving_at_once_exactly_one_passes(hand: Hands) -> None:
    request = _campaign(hand)
    people = [hand("county.head"), hand("conference.head")]
    ready, told = threading.Barrier(2), list[str]()

    def approve(person: Hand) -> None:
        ready.wait()
        try:
            person.do(lambda d: approving.approve(d, request.id, request.version, DECIDE))
            told.append("passed")
        except Refusal as refusal:
            told.append(refusal.code)

    threads = [threading.Thread(target=approve, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["passed", "task.none"], told
    assert len(rows(hand, Decision, request_id=request.id)) == 1
    assert len(rows(hand, Presence, request_id=request.id)) == 1


def _keyed(person: Hand, request: Request, reason: str) -> Any:
    command = DecideCommand(reason=reason)
    call = Call(
        actor=person.actor, county="990102", act="request.approve", key="k-1",
        fingerprint=fingerprint(request.id, command),
    )  # fmt: skip
    verb = lambda d: approving.approve(d, request.id, request.version, command)  # noqa: E731
    return person.office.perform(call, verb).body


def test_an_act_sent_twice_under_one_key_is_done_once_and_answered_alike(hand: Hands) -> None:
    person, request = hand("street.head"), _ready(hand)
    first = _keyed(person, request, "同意")
    head = person.office.store.reader.head("990102")
    again = _keyed(person, request, "同意")
    assert again == msgspec.to_builtins(first)
    assert person.office.store.reader.head("990102") == head
    assert len(rows(hand, Decision, request_id=request.id)) == 1


def test_a_key_used_for_another_content_is_refused(hand: Hands) -> None:
    person, request = hand("street.head"), _ready(hand)
    _keyed(person, request, "同意")
    with refused("idempotency.reused"):
        _keyed(person, request, "不同意")


def test_a_refused_act_is_refused_again_under_its_key(one_hand: Hands) -> None:
    person, request = one_hand("street.head"), accepted(one_hand, waiting(one_hand))
    for _ in range(2):
        with refused("step.not_deciding"):
            _keyed(person, request, "同意")


@pytest.mark.parametrize("by", ["auditor", "sys.admin", "finance.head", "community.head"])
def test_those_with_other_work_decide_nothing(one_hand: Hands, by: str) -> None:
    request = _ready(one_hand)
    with pytest.raises(Refusal) as info:
        approved(one_hand, request, by=by)
    assert info.value.code in ("access.forbidden", "access.hidden")


def test_whoever_only_advises_decides_nothing_by_answering_a_task_that_is_done(hand: Hands) -> None:
    request = examined(hand, accepted(hand, submitted(hand, drafted(hand))))
    held = rows(hand, Task, request_id=request.id, state="done")[0]
    command = OpinionCommand(ballot="agree", text="代为决定")
    with refused("task.none"):
        hand("street.clerk").do(lambda d: approving.opine(d, held.id, held.version, command))
    assert rows(hand, Decision) == []
    assert rows(hand, Request, id=request.id)[0].state is State.IN_REVIEW
