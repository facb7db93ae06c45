"""异议、不予承接、保留意见: what a community may say at its door, and what nobody may take from it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from registry.actions import presences
from registry.actions.office import Office
from registry.actions.reading import ListQuery, page
from registry.actions.redress import declining, objecting, reserving
from registry.actions.ticking import tick
from registry.domain.admission import Verdict
from registry.domain.audit import Finding
from registry.domain.errors import Refusal
from registry.domain.presence import Presence, PresenceState
from registry.domain.redress import Declining, Objection, ObjectionState, Reservation
from registry.domain.request import Request, State
from registry.domain.vouching import AdmissionNotice
from tests.actions.case import Hands, admitted, agreed, funded, presence_of, started, submitted
from tests.actions.case import drafted as case_drafted
from tests.actions.lived import put
from tests.actions.redressed import answered, declined, objected, refused, told_of
from tests.conftest import MovingClock

COUNTY = "990102"
URBAN = "o-990102-urban"


def code_of(act: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        act()
    return caught.value


# ---- 不予承接 ---------------------------------------------------------------------------------------


def test_what_was_never_admitted_is_declined_with_the_clause_and_a_number(
    hand: Hands, office: Office
) -> None:
    paper = declined(hand)
    assert paper.clauses == ["演示县准入办法第六条（虚构）"]
    assert paper.number == "霜舟演示社区居民委员会不承〔2026〕1号"
    verdict = office.store.reader.get(Verdict, COUNTY, paper.verdict_id or "")
    assert verdict is not None and verdict.deciding == ["DM-UNADMITTED"]
    assert declined(hand, subject="另一件事").number.endswith("2号")


def test_what_is_sent_twice_is_declined_and_objected_to_once(one_hand: Hands) -> None:
    paper, raised = declined(one_hand), objected(one_hand)
    again = code_of(lambda: declined(one_hand))
    assert again.code == "declining.twice" and paper.number in again.detail
    assert code_of(lambda: objected(one_hand)).code == "objection.twice"
    assert declined(one_hand, text="又来要求，仍没有准入决定").number.endswith("2号")
    answered(one_hand, raised)
    assert objected(one_hand).id != raised.id, "after the answer it may be said again"


def test_who_asked_without_admission_is_found_in_breach_and_told(
    one_hand: Hands, one_office: Office
) -> None:
    paper = declined(one_hand)
    found = one_office.store.reader.find(Finding, COUNTY, code="redress.breach")
    assert [(f.organisation_id, f.object_id) for f in found] == [(URBAN, paper.id)]
    assert found[0].facts["recalled"] is True and found[0].facts["clauses"] == paper.clauses
    told = told_of(one_office, paper)
    assert told == {one_hand(name).actor.person_id for name in ("dept2.head", "street.head")}


def test_statutory_help_is_not_declined_and_the_refusal_says_why(one_hand: Hands) -> None:
    told = {"subject": "协助消防宣传教育", "department_id": "o-990102-civil"}
    refusal = code_of(lambda: declined(one_hand, **told))
    assert refusal.code == "declining.no_right", refusal.facts
    assert "第十七条" in refusal.facts["clause"]
    assert "异议" in refusal.detail and "保留意见" in refusal.detail


def test_work_under_an_emergency_decision_of_the_government_is_not_declined(
    one_hand: Hands,
) -> None:
    refusal = code_of(lambda: declined(one_hand, emergency_decision="演政发〔2026〕9号"))
    assert refusal.code == "declining.no_right"


def test_a_ground_that_is_not_so_is_not_taken(one_hand: Hands, one_office: Office) -> None:
    refusal = code_of(lambda: declined(one_hand, ground="barred"))
    assert refusal.code == "declining.ground"
    assert one_office.store.reader.find(Declining, COUNTY) == []
    kept = one_office.store.reader.get(Verdict, COUNTY, refusal.facts["verdict_id"])
    assert kept is not None, "what the rules said stays"


def test_what_nobody_may_hand_down_is_declined_by_the_list_that_says_so(one_hand: Hands) -> None:
    paper = declined(one_hand, kind="certificate", subject="居民财产证明", ground="barred")
    assert paper.clauses and "第六条" not in "".join(paper.clauses)


def test_who_asks_is_named_or_described(one_hand: Hands) -> None:
    refusal = code_of(lambda: declined(one_hand, department_id=None, asked_by="某公司"))
    assert refusal.code == "redress.asker"
    paper = declined(
        one_hand, department_id=None, asked_by="某公司", asker_kind="commercial",
        asker_level="county",
    )  # fmt: skip
    assert (paper.department_id, paper.asked_by) == (None, "某公司")


def test_an_admitted_matter_is_not_refused_for_a_ground_that_is_only_claimed(
    one_hand: Hands,
) -> None:
    presence = presence_of(one_hand, admitted(one_hand))
    for ground in ("unadmitted", "beyond", "other", "off_list", "wrong_receiver", "barred"):
        refusal = code_of(lambda g=ground: refused(one_hand, presence, g))
        assert refusal.code in ("declining.ground", "declining.no_right"), ground


def test_without_the_money_the_day_it_begins_the_community_may_refuse_and_take_up_again(
    one_hand: Hands, one_office: Office, clock: MovingClock
) -> None:
    presence = presence_of(one_hand, admitted(one_hand))
    assert code_of(lambda: refused(one_hand, presence, "unfunded")).code == "declining.early"
    clock.at = datetime(2026, 4, 2, 4, 0, tzinfo=UTC)
    paper = refused(one_hand, presence, "unfunded")
    assert paper.whole and paper.clauses == ["演示县准入办法第十五条（虚构）"]
    now = one_office.store.reader.get(Presence, COUNTY, presence.id)
    assert now is not None and now.state is PresenceState.REFUSED
    again = declining.ResumeCommand(text="经费已经到账")
    resumed = one_hand("community.head").do(
        lambda d: declining.resume(d, paper.id, paper.version, again)
    )
    assert (resumed.number, resumed.ground, resumed.text) == (
        paper.number, paper.ground, paper.text,
    )  # fmt: skip
    now = one_office.store.reader.get(Presence, COUNTY, presence.id)
    assert now is not None and now.state is PresenceState.PLANNED
    twice = code_of(lambda: one_hand("community.head").do(
        lambda d: declining.resume(d, paper.id, resumed.version, again)
    ))  # fmt: skip
    assert twice.code == "declining.resumed"


def test_with_the_money_there_is_no_ground_and_begun_work_is_not_refused(
    one_hand: Hands, clock: MovingClock
) -> None:
    presence = agreed(one_hand, admitted(one_hand))
    funded(one_hand, presence, 300000)
    clock.at = datetime(2026, 4, 2, 4, 0, tzinfo=UTC)
    presence = presence_of(one_hand, _request_of(presence))
    assert code_of(lambda: refused(one_hand, presence, "unfunded")).code == "declining.ground"
    begun = started(one_hand, presence)
    assert code_of(lambda: refused(one_hand, begun, "unfunded")).code == "presence.state"


def _request_of(presence: Presence) -> Any:
    class Named:
        id = presence.request_id

    return Named()


def test_what_goes_beyond_an_admission_is_declined_and_the_admission_stays(
    one_hand: Hands, one_office: Office
) -> None:
    presence = presence_of(one_hand, admitted(one_hand))
    told = {"presence_id": presence.id, "department_id": None}
    refusal = code_of(lambda: declined(one_hand, **told, subject=None, ground="beyond"))
    assert refusal.code == "declining.admitted"
    assert code_of(lambda: declined(one_hand, **told)).code == "declining.admitted"
    paper = declined(one_hand, **told, subject="另要逐户登记水表", ground="beyond")
    assert (paper.department_id, paper.whole) == ("o-990102-civil", False)
    now = one_office.store.reader.get(Presence, COUNTY, presence.id)
    assert now is not None and now.state is PresenceState.PLANNED


def test_a_request_that_is_still_being_examined_is_declined_until_it_is_admitted(
    one_hand: Hands,
) -> None:
    request = submitted(one_hand, case_drafted(one_hand))
    paper = declined(one_hand, request_id=request.id, subject=None, department_id=None)
    assert (paper.request_id, paper.subject) == (request.id, request.title)
    other = submitted(one_hand, case_drafted(
        one_hand, title="另一件", targets=["990102002001"]))  # fmt: skip
    hidden = code_of(lambda: declined(one_hand, request_id=other.id))
    assert hidden.code == "access.hidden"


def test_a_request_over_other_places_is_none_of_the_communitys(one_hand: Hands) -> None:
    request = submitted(one_hand, case_drafted(one_hand, targets=["990102002001"]))
    refusal = code_of(lambda: declined(
        one_hand, by="county.office", request_id=request.id,
        organisation_id="o-990102001001"))  # fmt: skip
    assert refusal.code == "redress.not_aimed"


def test_the_street_enters_what_a_community_says_by_telephone_and_the_community_is_told(
    one_hand: Hands, one_office: Office
) -> None:
    paper = declined(one_hand, by="street.clerk", organisation_id="o-990102001001")
    assert paper.recorded_by == one_hand("street.clerk").actor.person_id
    told = told_of(one_office, paper)
    assert one_hand("community.head").actor.person_id in told
    assert code_of(lambda: declined(one_hand, by="street.clerk")).code == "redress.community"
    away = code_of(lambda: declined(
        one_hand, by="street2.clerk", organisation_id="o-990102001001"))  # fmt: skip
    assert away.code == "access.forbidden"


def test_nobody_but_the_community_has_a_later_word_on_its_refusal(one_hand: Hands) -> None:
    paper = declined(one_hand)
    word = declining.ResumeCommand(text="撤销")
    for name in ("dept2.head", "street.head", "county.head", "community.worker"):
        refusal = code_of(lambda n=name: one_hand(n).do(
            lambda d: declining.resume(d, paper.id, paper.version, word)))  # fmt: skip
        assert refusal.code == "access.forbidden", name


def test_a_refusal_is_read_by_those_it_is_for_and_by_no_neighbour(
    one_hand: Hands, one_office: Office
) -> None:
    paper = declined(one_hand)

    def reads(name: str) -> list[str]:
        rows = page(one_office, one_hand(name).actor, Declining, ListQuery()).items
        return [row.id for row in rows]

    for name in ("community.worker", "dept2.clerk", "street.clerk", "county.office", "auditor"):
        assert reads(name) == [paper.id], name
    for name in ("community2.head", "dept.clerk", "street2.head"):
        assert reads(name) == [], name


# ---- 异议 ------------------------------------------------------------------------------------------


def test_an_objection_is_answered_by_the_office_in_its_own_name_and_in_time(
    hand: Hands, office: Office
) -> None:
    raised = objected(hand)
    assert (raised.handler_id, raised.due_on) == ("o-990102001", date(2026, 3, 9))
    after = answered(hand, raised, clauses=["演示县准入办法第六条（虚构）"])
    assert after.answer_number == "云笺演示街道办事处异复〔2026〕1号"
    assert after.state is ObjectionState.ANSWERED and after.upheld is True
    found = office.store.reader.find(Finding, COUNTY, code="redress.breach")
    assert [(f.organisation_id, f.object_id) for f in found] == [(URBAN, raised.id)]
    assert code_of(lambda: answered(hand, after)).code == "objection.state"


def test_a_street_that_asks_itself_does_not_answer_the_objection(one_hand: Hands) -> None:
    raised = objected(one_hand, department_id="o-990102001")
    assert raised.handler_id == "o-990102-admission"
    assert code_of(lambda: answered(one_hand, raised)).code == "access.forbidden"
    assert answered(one_hand, raised, by="county.office", upheld=False).upheld is False


def test_who_entered_an_objection_does_not_answer_it(one_hand: Hands) -> None:
    raised = objected(one_hand, by="street.head", organisation_id="o-990102001001")
    assert code_of(lambda: answered(one_hand, raised)).code == "access.tied"


def test_an_objection_is_withdrawn_by_the_community_while_nobody_answered(one_hand: Hands) -> None:
    raised = objected(one_hand)
    after = one_hand("community.head").do(
        lambda d: objecting.withdraw(d, raised.id, raised.version)
    )
    assert after.state is ObjectionState.WITHDRAWN
    again = code_of(lambda: one_hand("community.head").do(
        lambda d: objecting.withdraw(d, raised.id, after.version)))  # fmt: skip
    assert again.code == "objection.state"


def test_an_objection_says_what_it_is_about(one_hand: Hands) -> None:
    assert code_of(lambda: objected(one_hand, subject=None)).code == "redress.subject"


def test_an_objection_that_nobody_answered_is_told_once_and_a_guessed_day_makes_nobody_late(
    one_hand: Hands, one_office: Office, clock: MovingClock
) -> None:
    raised = objected(one_hand)
    clock.at = datetime(2026, 12, 30, 4, 0, tzinfo=UTC)
    late = objected(one_hand, subject="跨年的一件")
    assert late.due_provisional, "no table of the next year is there"
    tick(one_office)
    tick(one_office)
    found = one_office.store.reader.find(Finding, COUNTY, code="objection.unanswered")
    assert [(f.object_id, f.organisation_id) for f in found] == [(raised.id, "o-990102001")]
    clock.at += timedelta(days=30)
    tick(one_office)
    now = one_office.store.reader.get(Objection, COUNTY, late.id)
    assert now is not None and not now.overdue
    first = one_office.store.reader.get(Objection, COUNTY, raised.id)
    assert first is not None and first.overdue
    answered(one_hand, first)
    (found,) = one_office.store.reader.find(Finding, COUNTY, code="objection.unanswered")
    assert found.closed_on is not None, "it is answered; that it was late stays on record"


def test_an_objection_that_came_to_lie_with_who_asks_goes_to_the_next_by_itself(
    one_hand: Hands, one_office: Office
) -> None:
    held = put(one_hand, objected(one_hand), department_id="o-990102001")
    assert code_of(lambda: answered(one_hand, held)).code == "access.tied"
    tick(one_office)
    now = one_office.store.reader.get(Objection, COUNTY, held.id)
    assert now is not None and now.handler_id == "o-990102-admission"
    assert one_hand("county.head").actor.person_id in told_of(one_office, now)
    assert answered(one_hand, now, "county.head").answered_by is not None


# ---- 保留意见 ---------------------------------------------------------------------------------------


def test_a_community_carries_on_under_reserve_and_nothing_is_held_up(
    one_hand: Hands, one_office: Office
) -> None:
    presence = presence_of(one_hand, admitted(one_hand))
    command = reserving.ReserveCommand(presence_id=presence.id, text="时间紧，先行办理")
    made: Reservation = one_hand("community.worker").do(lambda d: reserving.reserve(d, command))
    assert (made.department_id, made.subject) == ("o-990102-civil", presence.title)
    told = told_of(one_office, made)
    assert {one_hand(n).actor.person_id for n in ("dept.head", "street.head")} == told
    assert presences.move(presence, "start") is PresenceState.ACTIVE


def test_what_was_changed_while_it_was_refused_is_taken_up_with_a_paper_that_says_so(
    one_hand: Hands, one_office: Office, clock: MovingClock
) -> None:
    presence = presence_of(one_hand, admitted(one_hand))
    clock.at = datetime(2026, 4, 2, 4, 0, tzinfo=UTC)
    paper = refused(one_hand, presence, "unfunded")
    put(one_hand, presence, ends_on=date(2026, 5, 31))
    word = declining.ResumeCommand(text="经费已经到账")
    one_hand("community.head").do(lambda d: declining.resume(d, paper.id, paper.version, word))
    held = one_office.store.reader.find(AdmissionNotice, COUNTY, replaced=False)
    assert [(n.edition, n.ends_on) for n in held] == [(2, date(2026, 5, 31))]


def test_what_is_no_more_is_not_taken_up_again(
    one_hand: Hands, one_office: Office, clock: MovingClock
) -> None:
    presence = presence_of(one_hand, admitted(one_hand))
    clock.at = datetime(2026, 4, 2, 4, 0, tzinfo=UTC)
    paper = refused(one_hand, presence, "unfunded")
    word = declining.ResumeCommand(text="经费已经到账")

    def again() -> Refusal:
        return code_of(lambda: one_hand("community.head").do(
            lambda d: declining.resume(d, paper.id, paper.version, word)))  # fmt: skip

    put(one_hand, presence, dropped=True)
    assert again().code == "presence.state", "its area fell away by a change"
    put(one_hand, presence, dropped=False)
    request = one_office.store.reader.get(Request, COUNTY, str(presence.request_id))
    put(one_hand, request, state=State.REVOKED)
    assert again().code == "presence.state", "the admission was revoked"
    put(one_hand, request, state=State.APPROVED)
    clock.at = datetime(2026, 7, 1, 4, 0, tzinfo=UTC)
    assert again().code == "presence.over"
