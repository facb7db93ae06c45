"""退出、到期、续期: every leaving leaves a list of what is to be put in order; a renewal only lengthens."""

from datetime import date
from typing import Any

import msgspec
import pytest

from registry.actions import approving, filing
from registry.actions.afterwards import reviewed, reviewing
from registry.actions.living.departing import boards_down
from registry.actions.office import Answer
from registry.actions.ticking import tick
from registry.domain.approval import Decision, DecisionKind
from registry.domain.funding import FundingLine
from registry.domain.living import AcceptanceState, Departure, DepartureState, Suspension
from registry.domain.notice import Notice
from registry.domain.outcome import StreetOutcome
from registry.domain.posting import Posting
from registry.domain.presence import Presence, PresenceState
from registry.domain.records import FEN_MAX
from registry.domain.request import Purpose, Request, State
from registry.domain.vocabulary import Trigger
from registry.domain.walls import Board, Form, Origin, WallState
from tests.actions import flowed, measuring
from tests.actions.case import (
    Hands,
    accepted,
    admitted,
    examined,
    filing_of,
    presence_of,
    submitted,
)
from tests.actions.decided import (
    BOTH,
    approved,
    carried,
    changed,
    colleague,
    heard,
    now,
    presences,
    proposed,
    revoked,
    rows,
)
from tests.actions.lived import (
    at,
    begun,
    given,
    left,
    put,
    renewed,
    reported,
    settled,
    suspended,
    unpaid,
)
from tests.actions.owed import refunded, sent
from tests.actions.refused import refused

P, LATER = PresenceState, date(2026, 12, 31)


def request_of(hand: Hands, presence: Presence) -> Request:
    return next(r for r in rows(hand, Request) if r.id == presence.request_id)


def departures(hand: Hands, presence: Presence) -> list[Departure]:
    return rows(hand, Departure, presence_id=presence.id)


def hung(hand: Hands, presence: Presence) -> Board:
    """A board that hangs for a matter."""
    board = Board(
        county="990102", id=f"brd-{presence.id}", organisation_id=presence.organisation_id,
        area_id=presence.area_id, area_path=presence.area_path, form=Form.SIGNBOARD,
        wording="演示工作站", place="outside_door", origin=Origin.ADMITTED,
        presence_id=presence.id,
    )  # fmt: skip
    return hand("county.head").do(lambda d: Answer(body=d.unit.add(board)))


# ---- leaving -------------------------------------------------------------------------------------


def test_where_no_procedure_is_given_the_department_takes_it_out(hand: Hands) -> None:
    presence = begun(hand)
    (gone,) = left(hand, presence).departures
    after = now(hand, presence)
    assert (after.state, after.ended_from, after.ended_why) == (P.EXITED, P.ACTIVE, "不再需要")
    assert (gone.trigger, gone.left_on) == (Trigger.WITHDRAWN, date(2026, 3, 2))
    assert (gone.money_open, gone.publish, gone.state) == (True, True, DepartureState.OPEN)
    assert gone.verdict_id is not None
    told = [n for n in rows(hand, Notice) if n.object_id == gone.id]
    assert {n.person_id for n in told} == {"person-community.head"}


def test_the_body_that_decided_orders_it_out_and_a_community_does_not(one_hand: Hands) -> None:
    presence = begun(one_hand)
    for by in ("community.head", "dept2.head", "dept.clerk", "county.head"):
        with pytest.raises(Exception, match="access"):
            left(one_hand, presence, by)
    assert left(one_hand, presence, "street.head").departures


def test_what_a_leaving_left_behind_is_settled_one_by_one(hand: Hands) -> None:
    presence = begun(hand)
    board = hung(hand, presence)
    (gone,) = left(hand, presence).departures
    assert gone.boards == [board.id]
    with refused("departure.boards"):
        settled(hand, gone, "boards")
    with pytest.raises(Exception, match="access"):
        settled(hand, gone, "money", "dept.head")
    put(hand, board, state=WallState.REMOVED)
    assert settled(hand, gone, "boards").boards_gone_on == date(2026, 3, 2)
    with refused("departure.money"):
        settled(hand, gone, "money", "street.head")
    refunded(hand, presence, 300_000)  # what is not there any more is settled by itself
    with refused("departure.settled"):
        settled(hand, gone, "money")
    with refused("departure.posting"):
        settled(hand, gone, "posting")
    done = settled(hand, gone, "posting", posting_id=posted(hand, presence).id)
    assert done.state is DepartureState.SETTLED


def posted(hand: Hands, presence: Presence) -> Posting:
    posting = Posting(
        county="990102", id=f"pst-{presence.id}", presence_id=presence.id,
        organisation_id=presence.organisation_id, area_path=presence.area_path, what="exit",
        where="公示栏", text="已退出", posted_on=date(2026, 3, 2), person_id="p",
    )  # fmt: skip
    return hand("county.head").do(lambda d: Answer(body=d.unit.add(posting)))


def test_the_last_board_that_comes_down_settles_the_boards(one_hand: Hands) -> None:
    presence = begun(one_hand)
    board = hung(one_hand, presence)
    left(one_hand, presence)

    def attested(desk: Any) -> Answer:
        boards_down(desk, presence.id, desk.today)
        return Answer(body=None)

    one_hand("community.head").do(attested)
    assert departures(one_hand, presence)[0].boards_gone_on is None
    put(one_hand, board, state=WallState.REMOVED)
    one_hand("community.head").do(attested)
    assert departures(one_hand, presence)[0].boards_gone_on == date(2026, 3, 2)


def test_a_report_stops_on_the_day_it_leaves(one_hand: Hands) -> None:
    form = {"fields": [{"name": "户数"}]}
    presence = unpaid(one_hand, kind="report", form=form, title="楼道灯具月报")
    (gone,) = left(one_hand, presence).departures
    assert gone.report_stopped_on == date(2026, 3, 2)


def test_a_whole_matter_leaves_every_community_in_which_it_is(one_hand: Hands) -> None:
    request = admitted(one_hand, targets=BOTH)
    first, second = presences(one_hand, request)
    left(one_hand, first)
    (gone,) = left(one_hand, now(one_hand, request)).departures
    assert gone.presence_id == second.id
    with refused("exit.nowhere"):
        left(one_hand, now(one_hand, request))
    with refused("presence.state"):
        left(one_hand, first)


def test_what_leaves_of_itself_is_not_asked_for(one_hand: Hands) -> None:
    presence = begun(one_hand)
    for trigger in (Trigger.EXPIRED, Trigger.REVOKED):
        with refused("exit.trigger") as info:
            left(one_hand, presence, trigger=trigger)
        assert "「期限届满」" in info.value.detail or trigger is not Trigger.EXPIRED


def test_a_rule_of_the_gate_may_keep_a_matter_where_it_is(one_hand: Hands, one_office) -> None:
    measuring.in_force(
        one_office, measuring.rule("STAYS"),
        measuring.row("STAYS", "refused", gate="exit", trigger="evaluation"),
    )  # fmt: skip
    presence = unpaid(one_hand)
    with refused("gate.refused"):
        left(one_hand, presence, trigger=Trigger.EVALUATION)
    assert left(one_hand, presence, trigger=Trigger.LAW_CHANGED).departures


def test_what_is_suspended_when_it_leaves_is_suspended_no_more(one_hand: Hands) -> None:
    presence = unpaid(one_hand)
    suspended(one_hand, presence)
    left(one_hand, presence)
    (held,) = rows(one_hand, Suspension, presence_id=presence.id)
    assert held.resumed_on == date(2026, 3, 2)


MAIN = flowed.flow({"key": "examine", "act": "examine", "bodies": ["street"]}, flowed.STREET)


def by_procedure(hand: Hands, said: str, *flows: str) -> None:
    old = "[exit]\npublish_after = true\n"
    files = flowed.files_with(MAIN + "".join(flows), replace=((old, f"[exit]\n{said}\n"),))
    flowed.in_force(hand, files)


def test_by_the_same_procedure_it_leaves_when_that_is_decided(hand: Hands) -> None:
    by_procedure(hand, "same_procedure = true")
    request = admitted(hand, targets=BOTH)
    first, second = presences(hand, request)
    drafted = left(hand, first).request
    assert drafted is not None
    asked = drafted.request
    assert (asked.purpose, asked.trigger, asked.amends) == (
        Purpose.LEAVE, Trigger.WITHDRAWN, request.id
    )  # fmt: skip
    asked = submitted(hand, asked)
    assert asked.flow == request.flow and asked.outcome is None
    assert now(hand, first).state is P.PLANNED, "until it is decided it stays"
    with refused("change.running") as told:
        left(hand, second)
    assert told.value.facts["purpose_zh"] == "退出" and "变更" not in told.value.detail
    done = approved(hand, examined(hand, accepted(hand, asked)))
    assert done.state is State.CLOSED
    assert [p.state for p in presences(hand, request)] == [P.EXITED, P.PLANNED]
    (gone,) = departures(hand, first)
    assert gone.title == first.title
    assert gone.decision_id == done.decision_id
    after = now(hand, request)
    assert (after.state, after.decision_id) == (State.APPROVED, request.decision_id)
    assert not rows(hand, StreetOutcome, request_id=asked.id)


def test_a_flow_of_its_own_for_leaving_is_taken(one_hand: Hands) -> None:
    out = flowed.flow({**flowed.OFFICE, "key": "out"}, id="out")
    by_procedure(one_hand, 'flow = "out"', out)
    request = admitted(one_hand)
    drafted = left(one_hand, request).request
    assert drafted is not None
    asked = submitted(one_hand, drafted.request)
    assert asked.flow == "out"
    with pytest.raises(Exception, match="access"):
        left(one_hand, request, "street.head")


def test_a_request_to_leave_alters_nothing_else(one_hand: Hands) -> None:
    by_procedure(one_hand, "same_procedure = true")
    request = admitted(one_hand, targets=BOTH[:1])
    drafted = left(one_hand, request).request
    assert drafted is not None
    for other in ({"content": "别的内容"}, {"targets": BOTH}):
        held = now(one_hand, drafted.request)
        told = filing_of(**{"targets": BOTH[:1], **other})
        one_hand("dept.clerk").do(lambda d, h=held, t=told: filing.edit(d, h.id, h.version, t))
        with refused("exit.other"):
            submitted(one_hand, now(one_hand, held))


def test_a_refused_request_to_leave_leaves_everything_as_it_was(one_hand: Hands) -> None:
    by_procedure(one_hand, "same_procedure = true")
    presence = begun(one_hand)
    drafted = left(one_hand, presence).request
    assert drafted is not None
    asked = examined(one_hand, accepted(one_hand, submitted(one_hand, drafted.request)))
    no = approving.DecideCommand(reason="仍需要")
    one_hand("street.head").do(lambda d: approving.reject(d, asked.id, asked.version, no))
    assert now(one_hand, presence).state is P.ACTIVE
    assert not departures(one_hand, presence)


# ---- other ways out ------------------------------------------------------------------------------


def test_what_runs_out_leaves_and_what_was_done_is_still_accepted(hand: Hands, office, clock):
    presence = begun(hand)
    asked = reported(hand, presence)
    clock.at = at(date(2026, 7, 1))
    tick(office)
    tick(office)
    assert now(hand, presence).state is P.EXPIRED
    (gone,) = departures(hand, presence)
    assert (gone.trigger, gone.person_id) == (Trigger.EXPIRED, "system")
    assert now(hand, asked).state is AcceptanceState.ASKED
    given(hand, asked, "passed", quantity=1000)
    assert now(hand, presence).state is P.EXPIRED
    again = reported(hand, presence)
    assert again.state is AcceptanceState.ASKED, "it was done, and may have to be paid"


def test_a_revocation_is_a_leaving_and_its_fall_brings_it_back(one_hand: Hands) -> None:
    presence = begun(one_hand)
    request = request_of(one_hand, presence)
    heard(one_hand, proposed(one_hand, request))
    revoked(one_hand, request)
    (gone,) = departures(one_hand, presence)
    assert gone.trigger is Trigger.REVOKED
    held = now(one_hand, request)
    why = reviewing.ReviewCommand(reason="理由不成立")
    review = one_hand("dept.head").do(lambda d: reviewing.ask(d, held.id, held.version, why))
    colleague(one_hand, "street.head", "street.deputy9")
    word = reviewed.ReviewDecision(result="annulled", reason="撤销理由不成立")
    one_hand("street.deputy9").do(lambda d: reviewed.decide(d, review.id, review.version, word))
    assert now(one_hand, presence).state is P.ACTIVE
    (back,) = departures(one_hand, presence)
    assert (back.back_on, back.state) == (date(2026, 3, 2), DepartureState.SETTLED)


def test_an_area_that_falls_away_by_a_change_leaves_too(one_hand: Hands) -> None:
    request = admitted(one_hand, targets=BOTH)
    first, second = presences(one_hand, request)
    carried(one_hand, changed(one_hand, request, targets=BOTH[1:]))
    assert [d.trigger for d in departures(one_hand, first)] == [Trigger.WITHDRAWN]
    assert departures(one_hand, second) == []


# ---- renewal -------------------------------------------------------------------------------------


def test_what_is_renewed_runs_on_and_keeps_everything_else(hand: Hands) -> None:
    presence = begun(hand)
    request = request_of(hand, presence)
    draft = renewed(hand, request, LATER)
    assert (draft.purpose, draft.amends, draft.state) == (Purpose.RENEW, request.id, State.DRAFT)
    with refused("change.running") as told:
        renewed(hand, presence, LATER)
    assert told.value.facts["purpose_zh"] == "续期" and "变更" not in told.value.detail
    done = carried(hand, draft)
    assert done.state is State.CLOSED
    after = now(hand, presence)
    assert (after.state, after.ends_on) == (P.ACTIVE, LATER)
    issued = rows(hand, Decision, request_id=done.id)
    assert [d.kind for d in issued] == [DecisionKind.ADMITTED]


def test_what_had_run_out_comes_back(hand: Hands, office, clock) -> None:
    presence = begun(hand)
    sent(hand, presence, 500_000)
    draft = submitted(hand, renewed(hand, presence, LATER))
    clock.at = at(date(2026, 7, 1))
    tick(office)
    assert now(hand, presence).state is P.EXPIRED
    approved(hand, examined(hand, accepted(hand, draft)))
    assert now(hand, presence).state is P.ACTIVE
    (back,) = departures(hand, presence)
    assert back.back_on == date(2026, 7, 1)


def test_a_renewal_lengthens_a_term_and_alters_nothing_else(one_hand: Hands) -> None:
    presence = begun(one_hand)
    for day in (date(2026, 6, 30), date(2020, 1, 1)):  # earlier than it ends; before it began
        with refused("renewal.term"):
            renewed(one_hand, presence, day)
    draft = renewed(one_hand, presence, LATER)
    told = filing_of(ends_on="2026-12-31", content="别的内容")
    one_hand("dept.clerk").do(lambda d: filing.edit(d, draft.id, draft.version, told))
    with refused("renewal.other") as info:
        submitted(one_hand, now(one_hand, draft))
    assert "content" in info.value.detail


def test_the_money_of_the_years_it_adds_comes_with_a_renewal(one_hand: Hands) -> None:
    presence = begun(one_hand)
    line = msgspec.convert({
        "key": "F2", "mode": "transfer", "payer_id": "o-990102-civil", "basis": "按户",
        "unit": "户", "rate_fen": 800, "quantity": 500, "amount_fen": 400000, "fiscal_year": 2026,
    }, FundingLine)  # fmt: skip
    carried(one_hand, renewed(one_hand, presence, LATER, funding=[line]))
    assert now(one_hand, presence).share_fen == 1200000


def test_the_lines_that_a_renewal_adds_stay_within_what_a_filing_may_hold(one_hand: Hands) -> None:
    presence = begun(one_hand)
    line = msgspec.convert({
        "key": "F2", "mode": "transfer", "payer_id": "o-990102-civil", "basis": "按户",
        "unit": "户", "rate_fen": FEN_MAX, "quantity": 1, "amount_fen": FEN_MAX,
        "fiscal_year": 2026,
    }, FundingLine)  # fmt: skip
    with refused("renewal.funding"):
        renewed(one_hand, presence, LATER, funding=[line])


def test_a_renewal_takes_the_flow_the_pack_names_for_it(one_hand: Hands) -> None:
    short = flowed.flow(flowed.STREET, id="short")
    old = "[renewal]\nahead ="
    files = flowed.files_with(
        MAIN + short, replace=((old, '[renewal]\nflow = "short"\nahead ='),)
    )  # fmt: skip
    flowed.in_force(one_hand, files)
    presence = begun(one_hand)
    assert submitted(one_hand, renewed(one_hand, presence, LATER)).flow == "short"


def test_what_is_owed_for_the_term_that_runs_out_is_paid_before_it_is_renewed(
    one_hand: Hands, clock
) -> None:
    presence = begun(one_hand)
    draft = submitted(one_hand, renewed(one_hand, presence, LATER))
    clock.at = at(date(2026, 6, 2))
    examining = examined(one_hand, accepted(one_hand, draft))
    with refused("gate.refused") as info:
        approved(one_hand, examining)
    assert "DM-RENEW-OWING" in [rule["rule"] for rule in info.value.rules]
    sent(one_hand, presence, 500_000)
    approved(one_hand, now(one_hand, draft))


def test_a_rule_of_the_gate_may_refuse_a_renewal(one_hand: Hands, one_office) -> None:
    measuring.in_force(
        one_office, measuring.rule("ONCE"), measuring.row("ONCE", "refused", gate="renew"),
    )  # fmt: skip
    presence = unpaid(one_hand)
    draft = renewed(one_hand, presence, LATER)
    asked = examined(one_hand, accepted(one_hand, submitted(one_hand, draft)))
    with refused("gate.refused"):
        approved(one_hand, asked)


def test_what_is_archived_may_still_be_renewed(one_hand: Hands) -> None:
    presence = unpaid(one_hand)
    put(one_hand, request_of(one_hand, presence), state=State.CLOSED)
    carried(one_hand, renewed(one_hand, presence, LATER))
    assert now(one_hand, presence).ends_on == LATER


def test_what_was_revoked_is_not_renewed(one_hand: Hands) -> None:
    presence = begun(one_hand)
    request = request_of(one_hand, presence)
    heard(one_hand, proposed(one_hand, request))
    revoked(one_hand, request)
    with refused("change.not_admitted"):
        renewed(one_hand, now(one_hand, request), LATER)
    with pytest.raises(Exception, match="access"):
        renewed(one_hand, now(one_hand, request), LATER, "dept2.head")


def test_who_asks_is_told_once_that_the_term_ends(one_hand: Hands, one_office, clock) -> None:
    presence = presence_of(one_hand, admitted(one_hand))
    clock.at = at(date(2026, 5, 30))
    tick(one_office)
    assert not told_to_renew(one_hand, presence)
    clock.at = at(date(2026, 5, 31))
    tick(one_office)
    once = told_to_renew(one_hand, presence)
    assert {n.person_id for n in once} >= {"person-dept.head"}
    tick(one_office)
    assert told_to_renew(one_hand, presence) == once


def told_to_renew(hand: Hands, presence: Presence) -> list[Notice]:
    every = rows(hand, Notice, request_id=presence.request_id)
    return [n for n in every if ".renew" in n.id]


def test_of_two_receivers_in_one_community_only_the_one_that_is_meant_leaves(
    one_hand: Hands,
) -> None:
    by_procedure(one_hand, "same_procedure = true")
    both = ["residents_committee", "service_station"]
    request = admitted(one_hand, targets=BOTH[:1], receivers=both)
    first, second = presences(one_hand, request)
    drafted = left(one_hand, second).request
    assert drafted is not None
    carried(one_hand, drafted.request)
    assert [now(one_hand, p).state for p in (first, second)] == [P.PLANNED, P.EXITED]
