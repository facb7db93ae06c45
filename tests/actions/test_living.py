"""进驻之后: suspended where a rule lets it, accepted in time by who asked, completed when accepted."""

from datetime import date

import pytest

from registry.actions import filing
from registry.actions.ticking import tick
from registry.domain.living import AcceptanceResult, AcceptanceState, Suspension
from registry.domain.presence import Presence, PresenceState
from registry.domain.request import Request, State
from tests.actions import flowed
from tests.actions.case import (
    Hands,
    accepted,
    admitted,
    agreed,
    approved,
    drafted,
    examined,
    funded,
    presence_of,
    started,
    submitted,
)
from tests.actions.decided import changed, findings, now, presences, rows
from tests.actions.lived import (
    at,
    begun,
    completed,
    given,
    put,
    reported,
    resumed,
    statutory,
    suspended,
    unpaid,
)
from tests.actions.refused import refused

P = PresenceState


def test_a_community_suspends_what_is_not_paid_and_takes_it_up_again(hand: Hands) -> None:
    presence = unpaid(hand)
    stopped = suspended(hand, presence)
    assert stopped.state is P.SUSPENDED
    (held,) = rows(hand, Suspension, presence_id=presence.id)
    assert (held.since, held.resumed_on) == (date(2026, 3, 2), None)
    assert held.organisation_id == presence.organisation_id and held.verdict_id
    assert resumed(hand, presence).state is P.ACTIVE
    (ended,) = rows(hand, Suspension, presence_id=presence.id)
    assert (ended.resumed_on, ended.resumed_why) == (date(2026, 3, 2), "继续")


def test_what_is_paid_is_not_suspended_by_the_community(one_hand: Hands) -> None:
    presence = begun(one_hand)
    with refused("suspension.no_ground"):
        suspended(one_hand, presence)
    assert now(one_hand, presence).state is P.ACTIVE


def test_statutory_help_is_suspended_by_nobody_and_what_is_owed_is_recorded(hand: Hands) -> None:
    presence = statutory(hand)
    (arrear,) = findings(hand, "funds.arrears")
    put(hand, arrear, closed_on=date(2026, 3, 2))
    put(hand, presence, arrears=False)
    for by in ("community.head", "dept.head", "street.head"):
        with refused("suspension.no_ground"):
            suspended(hand, presence, by)
    after = now(hand, presence)
    assert (after.state, after.arrears) == (P.ACTIVE, True)
    (told,) = findings(hand, "funds.arrears")
    assert told.closed_on is None and told.facts["missing_fen"] == 300000


def test_who_asks_it_may_let_it_rest_and_alone_begins_it_again(one_hand: Hands) -> None:
    presence = begun(one_hand)
    assert suspended(one_hand, presence, "dept.head").state is P.SUSPENDED
    with pytest.raises(Exception, match="access"):
        resumed(one_hand, presence)
    assert resumed(one_hand, presence, "dept.head").state is P.ACTIVE


def test_the_deciding_body_orders_it_on_only_once_the_rules_let_it_go_on(one_hand: Hands) -> None:
    presence = unpaid(one_hand)
    suspended(one_hand, presence)
    with refused("gate.refused"):
        resumed(one_hand, presence, "street.head")
    with pytest.raises(Exception, match="access"):
        resumed(one_hand, presence, "dept.head")
    assert now(one_hand, presence).state is P.SUSPENDED


def test_a_street_enters_for_its_community_what_was_said_by_telephone(one_hand: Hands) -> None:
    main = flowed.flow({"key": "examine", "act": "examine", "bodies": ["street"]}, flowed.OFFICE)
    flowed.in_force(one_hand, flowed.files_with(main))
    request = examined(one_hand, accepted(one_hand, submitted(one_hand, drafted(one_hand))))
    (held,) = presences(one_hand, approved(one_hand, request, "county.head"))
    presence = put(one_hand, held, state=P.ACTIVE, started_on=date(2026, 3, 2))
    assert suspended(one_hand, presence, "street.head").state is P.SUSPENDED
    with pytest.raises(Exception, match="access"):
        suspended(one_hand, presence, "street2.head")
    assert resumed(one_hand, presence, "community.head").state is P.ACTIVE


def test_nothing_is_resumed_twice(one_hand: Hands) -> None:
    presence = unpaid(one_hand)
    with refused("presence.state"):
        resumed(one_hand, presence)
    put(one_hand, presence, state=P.SUSPENDED)
    with refused("suspension.none"):
        resumed(one_hand, presence)


def test_who_asked_accepts_what_was_reported_and_the_matter_is_completed(hand: Hands) -> None:
    presence = begun(hand)
    asked = reported(hand, presence)
    assert (asked.state, asked.due_on) == (AcceptanceState.ASKED, date(2026, 3, 16))
    assert asked.department_id == "o-990102-civil"
    passed = given(hand, asked, "passed", quantity=1000)
    assert (passed.result, passed.quantity) == (AcceptanceResult.PASSED, 1000)
    assert now(hand, presence).state is P.COMPLETED


def test_silence_accepts_nothing_and_counts_against_who_asked(hand: Hands, office, clock) -> None:
    presence = begun(hand)
    asked = reported(hand, presence)
    clock.at = at(date(2026, 3, 16))
    tick(office)
    assert not now(hand, asked).overdue
    clock.at = at(date(2026, 3, 17))
    tick(office)
    tick(office)
    late = now(hand, asked)
    assert (late.overdue, late.state, late.result) == (True, AcceptanceState.ASKED, None)
    (told,) = findings(hand, "acceptance.overdue")
    assert (told.organisation_id, told.closed_on) == ("o-990102-civil", None)
    assert now(hand, presence).state is P.ACTIVE
    given(hand, asked, "passed")
    assert findings(hand, "acceptance.overdue")[0].closed_on == date(2026, 3, 17)


def test_what_is_not_passed_says_what_is_to_be_mended_and_goes_on(one_hand: Hands) -> None:
    presence = begun(one_hand)
    asked = reported(one_hand, presence)
    with refused("acceptance.opinion"):
        given(one_hand, asked, "failed", opinion=" ")
    given(one_hand, asked, "failed", opinion="三号楼漏登")
    assert now(one_hand, presence).state is P.ACTIVE
    with refused("acceptance.given"):
        given(one_hand, asked, "passed")
    with refused("presence.unaccepted"):
        completed(one_hand, presence)
    again = reported(one_hand, presence)
    given(one_hand, again, "passed")
    assert now(one_hand, presence).state is P.COMPLETED


def test_a_later_report_takes_the_place_of_one_that_was_not_answered(one_hand: Hands) -> None:
    presence = begun(one_hand)
    first = reported(one_hand, presence)
    second = reported(one_hand, presence, quantity=1001)
    assert now(one_hand, first).state is AcceptanceState.VOID
    with refused("acceptance.given"):
        given(one_hand, first, "passed")
    assert now(one_hand, second).state is AcceptanceState.ASKED


def test_a_quarters_work_that_passes_leaves_the_matter_at_work(one_hand: Hands) -> None:
    presence = begun(one_hand)
    given(one_hand, reported(one_hand, presence, final=False), "passed")
    assert now(one_hand, presence).state is P.ACTIVE
    with refused("presence.unaccepted"):
        completed(one_hand, presence)


def test_while_a_change_is_under_way_it_is_accepted_and_completed_by_hand(one_hand: Hands) -> None:
    presence = begun(one_hand)
    change = changed(one_hand, _request(one_hand, presence), ends_on="2026-12-31")
    given(one_hand, reported(one_hand, presence), "passed")
    assert now(one_hand, presence).state is P.ACTIVE
    one_hand("dept.head").do(lambda d: filing.withdraw(d, change.id, change.version))
    assert completed(one_hand, presence).state is P.COMPLETED


def test_a_completed_matter_is_suspended_no_more(one_hand: Hands) -> None:
    presence = unpaid(one_hand)
    suspended(one_hand, presence)
    given(one_hand, reported(one_hand, presence), "passed")
    assert now(one_hand, presence).state is P.COMPLETED
    (held,) = rows(one_hand, Suspension, presence_id=presence.id)
    assert held.resumed_on is not None


def test_who_reported_does_not_accept_nor_another_department(one_hand: Hands) -> None:
    presence = begun(one_hand)
    asked = reported(one_hand, presence)
    for by in ("community.head", "dept2.head", "street.clerk"):
        with pytest.raises(Exception, match="access"):
            given(one_hand, asked, "passed", by)


def test_nothing_is_reported_before_it_began_or_by_a_neighbour(one_hand: Hands) -> None:
    presence = presence_of(one_hand, admitted(one_hand))
    with refused("presence.state"):
        reported(one_hand, presence)
    with pytest.raises(Exception, match="access"):
        reported(one_hand, presence, "community2.head")


def test_where_the_pack_asks_for_no_acceptance_the_community_completes(one_hand: Hands) -> None:
    files = flowed.read_folder(flowed.DEMO)
    text = files["pack.toml"]
    first = text.index("[acceptance]")
    files["pack.toml"] = text[:first] + text[text.index("[renewal]") :]
    flowed.in_force(one_hand, files)
    presence = begun(one_hand)
    asked = reported(one_hand, presence)
    assert asked.due_on is None, "where the text gives no time nobody is late"
    with refused("presence.unaccepted"):
        completed(one_hand, presence)
    given(one_hand, asked, "partly")
    assert completed(one_hand, presence).state is P.COMPLETED


def test_archiving_the_papers_does_not_stop_the_work(one_hand: Hands) -> None:
    presence = presence_of(one_hand, _agreed(one_hand))
    put(one_hand, _request(one_hand, presence), state=State.CLOSED)
    assert started(one_hand, now(one_hand, presence)).state is P.ACTIVE


def _agreed(hand: Hands) -> Request:
    request = admitted(hand)
    presence = agreed(hand, request)
    funded(hand, presence, 300000)
    return request


def _request(hand: Hands, presence: Presence) -> Request:
    return hand("auditor").office.store.reader.get(Request, "990102", presence.request_id)


def test_what_has_run_out_is_neither_begun_nor_resumed(one_hand: Hands, clock) -> None:
    waiting = presence_of(one_hand, _agreed(one_hand))
    resting = suspended(one_hand, unpaid(one_hand, title="楼道灯具编号第二批"))
    clock.at = at(date(2026, 7, 1))
    for act, presence in ((started, waiting), (resumed, resting)):
        with refused("presence.over") as info:
            act(one_hand, now(one_hand, presence))
        assert "2026-06-30" in info.value.detail


def test_a_day_that_is_only_guessed_makes_nobody_late(one_hand: Hands, one_office, clock) -> None:
    presence = begun(one_hand, ends_on="2027-06-30")
    clock.at = at(date(2026, 12, 28))
    asked = reported(one_hand, presence)
    assert asked.due_provisional, "no table of 2027 is known"
    clock.at = at(date(2027, 2, 1))
    tick(one_office)
    assert not now(one_hand, asked).overdue
    assert findings(one_hand, "acceptance.overdue") == []


def test_a_later_report_leaves_no_lateness_open_that_nobody_can_answer(
    one_hand: Hands, one_office, clock
) -> None:
    presence = begun(one_hand)
    reported(one_hand, presence, final=False)
    clock.at = at(date(2026, 4, 1))
    tick(one_office)
    (late,) = findings(one_hand, "acceptance.overdue")
    assert late.closed_on is None
    again = reported(one_hand, presence)
    given(one_hand, again, "passed")
    (late,) = findings(one_hand, "acceptance.overdue")
    assert late.closed_on == date(2026, 4, 1)
