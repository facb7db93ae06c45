"""期满之后: a change after the term prolongs or is refused; the same matter comes back with its books,
and no money stays where nobody can act on it (E2, E9, E15)."""

from datetime import date
from typing import Any

import pytest

from registry.actions.ledger import confirming
from registry.actions.ticking import tick
from registry.domain.accounts import Account, balances
from registry.domain.agreement import Agreement
from registry.domain.closing import ClearanceState
from registry.domain.funds import VoucherLine, flows
from registry.domain.grant import Grant
from registry.domain.living import DepartureState
from registry.domain.presence import Presence, PresenceState
from registry.domain.request import State
from tests.actions import case, ledgered
from tests.actions.case import Hands, accepted, admitted, agreed, examined, submitted
from tests.actions.decided import approved, carried, changed, now, presences, rows
from tests.actions.ledgered import command, confirmed, entry, grounded, recorded
from tests.actions.lived import at, begun, given, put, renewed, reported, started
from tests.actions.owed import agreed_to, drawn
from tests.actions.refused import refused
from tests.actions.test_leaving import departures
from tests.actions.yearly import NEW_YEAR, closed

P = PresenceState
JULY, LATER = at(date(2026, 7, 1)), "2026-12-31"
BOTH = ["990102001001", "990102001002"]
F1: dict[str, Any] = {**case.OFF_LIST["funding"][0], "schedule": []}
OTHER = F1 | {"key": "F2"}


def held(hand: Hands, presence: Presence) -> dict[tuple[int, Account], int]:
    """What stands in each account of a matter, by year."""
    found = balances(flows(rows(hand, VoucherLine, presence_id=presence.id)))
    return {(slot.year, slot.account): fen for slot, fen in found.items() if fen}


def added(hand: Hands, presence: Presence, fen: int, stage: str = "increase") -> Any:
    """追加, confirmed by another person."""
    told = command(stage, entry(presence, fen), **grounded(hand, presence.request_id or ""))
    return confirmed(hand, "finance.head", recorded(hand, "finance.clerk", told))


# ---- a change whose term is over -----------------------------------------------------------------


def test_what_would_be_over_already_is_neither_signed_nor_approved_as_a_change(
    one_hand: Hands, clock
) -> None:
    request = admitted(one_hand)
    draft = changed(one_hand, request, content="改过的内容")
    under_way = examined(one_hand, accepted(one_hand, submitted(one_hand, draft)))
    clock.at = JULY
    with refused("change.over") as told:
        approved(one_hand, under_way)
    assert told.value.facts["ends_on"] == "2026-06-30" and "续期" in told.value.detail
    assert now(one_hand, request).edition == 1 and now(one_hand, draft).state is State.IN_REVIEW

    one = admitted(one_hand, title="楼道扶手编号拍照", starts_on="2026-08-01", ends_on="2026-08-31")
    draft = changed(one_hand, one, content="改过的内容")
    clock.at = at(date(2026, 9, 1))
    with refused("change.over"):
        submitted(one_hand, draft)


def test_on_its_last_day_a_matter_is_still_changed(one_hand: Hands, clock) -> None:
    request = admitted(one_hand)
    draft = changed(one_hand, request, content="改过的内容")
    under_way = examined(one_hand, accepted(one_hand, submitted(one_hand, draft)))
    clock.at = at(date(2026, 6, 30))
    approved(one_hand, under_way)
    assert now(one_hand, request).edition == 2


def test_a_grant_that_cuts_the_term_to_the_past_is_refused_too(one_hand: Hands, clock) -> None:
    request = admitted(one_hand)
    draft = changed(one_hand, request, ends_on=LATER)
    under_way = examined(one_hand, accepted(one_hand, submitted(one_hand, draft)))
    clock.at = JULY
    with refused("change.over"):
        approved(one_hand, under_way, grant=Grant(ends_on=date(2026, 6, 30)))
    approved(one_hand, under_way)
    assert presences(one_hand, request)[0].ends_on == date(2026, 12, 31)


def test_a_renewal_that_would_be_over_already_is_not_drafted_nor_approved(
    one_hand: Hands, clock
) -> None:
    presence = begun(one_hand)
    case.funded(one_hand, presence, 500_000, series="2")
    draft = renewed(one_hand, presence, date(2026, 8, 31))
    under_way = examined(one_hand, accepted(one_hand, submitted(one_hand, draft)))
    clock.at = at(date(2026, 9, 1))
    with refused("change.over"):
        approved(one_hand, under_way)
    one = admitted(one_hand, title="楼道扶手编号拍照", starts_on="2026-10-01", ends_on="2026-10-31")
    clock.at = at(date(2026, 12, 1))
    with refused("change.over"):
        renewed(one_hand, one, date(2026, 11, 30))


# ---- the same matter comes back with its books ---------------------------------------------------


@pytest.mark.parametrize("way", ["change", "renewal"])
def test_what_ran_out_before_it_began_comes_back_as_it_was_with_its_books(
    hand: Hands, office, clock, way: str
) -> None:
    request = admitted(hand, funding=[F1])
    presence = agreed(hand, request)
    added(hand, presence, 5_000)
    case.funded(hand, presence, 805_000)
    clock.at = JULY
    tick(office)
    assert now(hand, presence).state is P.EXPIRED
    draft = (
        changed(hand, request, ends_on=LATER) if way == "change"
        else renewed(hand, presence, date(2026, 12, 31))
    )  # fmt: skip
    carried(hand, draft)
    (after,) = presences(hand, request)
    assert after.id == presence.id and not after.dropped
    assert (after.state, after.ends_on) == (P.PLANNED, date(2026, 12, 31))
    assert after.share_fen == 805_000
    assert held(hand, after) == {
        (2026, Account.SOURCE): -805_000,
        (2026, Account.COMMUNITY): 805_000,
    }  # fmt: skip
    (left,) = departures(hand, presence)
    assert (left.back_on, left.state) == (date(2026, 7, 1), DepartureState.SETTLED)


def test_what_came_back_is_signed_anew_paid_and_begun(one_hand: Hands, one_office, clock) -> None:
    request = admitted(one_hand)
    presence = agreed(one_hand, request)
    clock.at = JULY
    tick(one_office)
    carried(one_hand, changed(one_hand, request, ends_on=LATER))
    with pytest.raises(Exception, match="gate"):
        started(one_hand, now(one_hand, presence))
    (text,) = rows(one_hand, Agreement, request_id=request.id)
    case.signed(one_hand, text)
    case.funded(one_hand, presence, 300_000)
    assert started(one_hand, now(one_hand, presence)).state is P.ACTIVE


def test_of_two_communities_the_one_that_falls_away_after_the_term_stays_over(
    one_hand: Hands, one_office, clock
) -> None:
    request = admitted(one_hand, targets=BOTH)
    clock.at = JULY
    tick(one_office)
    carried(one_hand, changed(one_hand, request, ends_on=LATER, targets=BOTH[1:]))
    first, second = presences(one_hand, request)
    assert (first.state, first.dropped, first.share_fen) == (P.EXPIRED, True, 0)
    assert (second.state, second.share_fen) == (P.PLANNED, 800_000)


# ---- no money stays where nobody can act on it ---------------------------------------------------


def test_what_was_added_is_taken_back_before_its_community_falls_away(one_hand: Hands) -> None:
    request = admitted(one_hand, targets=BOTH, funding=[F1])
    first, second = presences(one_hand, request)
    added(one_hand, first, 5_000)
    change = changed(one_hand, request, targets=BOTH[1:])
    with refused("change.added") as told:
        submitted(one_hand, change)
    assert (told.value.facts["left_fen"], told.value.facts["line"]) == (5_000, "F1")
    added(one_hand, first, 5_000, "decrease")
    carried(one_hand, now(one_hand, change))
    assert held(one_hand, first) == {}
    assert now(one_hand, second).share_fen == 800_000


def test_what_was_added_to_a_line_is_taken_back_before_the_line_falls_away(
    one_hand: Hands,
) -> None:
    request = admitted(one_hand, funding=[F1])
    (presence,) = presences(one_hand, request)
    added(one_hand, presence, 5_000)
    with refused("change.added"):
        submitted(one_hand, changed(one_hand, request, funding=[OTHER]))


def test_what_waits_to_be_added_is_decided_before_its_community_falls_away(
    one_hand: Hands,
) -> None:
    request = admitted(one_hand, targets=BOTH, funding=[F1])
    first, _ = presences(one_hand, request)
    told = command("increase", entry(first, 5_000), **grounded(one_hand, request.id))
    change = changed(one_hand, request, targets=BOTH[1:])
    under_way = examined(one_hand, accepted(one_hand, submitted(one_hand, change)))
    waits = recorded(one_hand, "finance.clerk", told)
    with refused("change.added"):
        approved(one_hand, under_way)
    void = confirming.VoidCommand(reason="不再追加")
    one_hand("finance.clerk").do(lambda d: confirming.void(d, waits.id, waits.version, void))
    approved(one_hand, under_way)
    assert held(one_hand, first) == {}


@pytest.mark.parametrize("how", ["expired", "dropped"])
def test_what_lies_in_what_is_over_is_wound_up_there(
    one_hand: Hands, one_office, clock, how: str
) -> None:
    """退回、上缴、追减、清算 are possible in a matter that ran out or fell away, and nothing new is."""
    presence = agreed(one_hand, admitted(one_hand))
    case.funded(one_hand, presence, 300_000)
    clock.at = JULY
    tick(one_office)
    if how == "dropped":
        put(one_hand, presence, dropped=True)
    day = {"dated_on": "2026-07-01"}
    with refused("voucher.gone"):
        ledgered.booked(one_hand, "order", presence, 1, **day)
    ledgered.booked(one_hand, "refund", presence, 100_000, **day)
    ledgered.booked(one_hand, "surplus", presence, 50_000, **day)
    less = command("decrease", entry(presence, 200_000), **grounded(one_hand, presence.request_id))
    confirmed(one_hand, "finance.head", recorded(one_hand, "finance.clerk", less))
    clearance = drawn(one_hand, presence, quantity=0)
    assert (clearance.reason, clearance.refund_fen) == ("exited", 150_000)
    agreed_to(one_hand, clearance)
    ledgered.booked(one_hand, "refund", presence, 150_000, **day)
    assert now(one_hand, clearance).state is ClearanceState.SETTLED
    lies = held(one_hand, presence)
    assert {account for _, account in lies} == {Account.SOURCE, Account.REMITTED}


def test_a_completed_matter_that_falls_away_is_cleared_as_one_that_left(one_hand: Hands) -> None:
    presence = agreed(one_hand, admitted(one_hand))
    put(one_hand, presence, state=P.COMPLETED, dropped=True)
    assert drawn(one_hand, presence, quantity=0).reason == "exited"


# ---- a year that is closed -----------------------------------------------------------------------


def test_a_change_grants_and_takes_nothing_in_a_year_that_is_closed(
    one_hand: Hands, one_office, clock
) -> None:
    request = admitted(one_hand, ends_on=LATER, funding=[F1])
    (presence,) = presences(one_hand, request)
    before = held(one_hand, presence)
    more = F1 | {"quantity": 1125, "amount_fen": 900_000}
    draft = changed(one_hand, request, ends_on="2027-12-31", funding=[more])
    clock.at = NEW_YEAR
    tick(one_office)
    under_way = examined(one_hand, accepted(one_hand, submitted(one_hand, draft)))
    closed(one_hand, 2026)
    with refused("voucher.year_closed") as told:
        approved(one_hand, under_way)
    assert told.value.facts["year"] == 2026
    assert held(one_hand, presence) == before


def test_money_of_the_new_year_is_granted_after_the_old_one_is_closed(
    one_hand: Hands, one_office, clock
) -> None:
    request = admitted(one_hand, ends_on=LATER, funding=[F1])
    (presence,) = presences(one_hand, request)
    clock.at = NEW_YEAR
    tick(one_office)
    closed(one_hand, 2026)
    fresh = OTHER | {"fiscal_year": 2027, "quantity": 125, "amount_fen": 100_000}
    carried(one_hand, changed(one_hand, request, ends_on="2027-12-31", funding=[F1, fresh]))
    (after,) = presences(one_hand, request)
    assert (after.id, after.share_fen) == (presence.id, 900_000)
    assert held(one_hand, after)[2027, Account.PLEDGED] == 100_000


# ---- what a clearance lets be paid after the end -------------------------------------------------


def test_after_the_end_what_a_clearance_says_is_due_is_ordered_and_no_fen_more(
    one_hand: Hands, one_office, clock
) -> None:
    presence = begun(one_hand)
    given(one_hand, reported(one_hand, presence, final=False), "passed", quantity=500)
    clearance = agreed_to(one_hand, drawn(one_hand, presence))
    assert (clearance.reason, clearance.due_fen) == ("accepted", 100_000)
    clock.at = JULY
    tick(one_office)
    day = {"dated_on": "2026-07-01"}
    with refused("voucher.gone"):
        ledgered.booked(one_hand, "order", presence, 100_001, **day)
    twice = command("order", entry(presence, 60_000), entry(presence, 40_001), **day)
    with refused("voucher.gone"):
        recorded(one_hand, "dept.head", twice)
    ledgered.booked(one_hand, "order", presence, 60_000, **day)
    with refused("voucher.gone"):
        ledgered.booked(one_hand, "order", presence, 40_001, **day)
    ledgered.booked(one_hand, "order", presence, 40_000, **day)
    ledgered.booked(one_hand, "dispatch", presence, 100_000, **day)


def test_a_clearance_lets_nothing_but_paying_begin_after_the_end(
    one_hand: Hands, one_office, clock
) -> None:
    presence = begun(one_hand)
    given(one_hand, reported(one_hand, presence, final=False), "passed", quantity=500)
    agreed_to(one_hand, drawn(one_hand, presence))
    clock.at = JULY
    tick(one_office)
    more = command("increase", entry(presence, 1), dated_on="2026-07-01",
                   **grounded(one_hand, presence.request_id or ""))  # fmt: skip
    with refused("voucher.gone"):
        recorded(one_hand, "finance.clerk", more)
    with refused("voucher.gone"):
        ledgered.booked(one_hand, "advance", presence, 1, dated_on="2026-07-01")


def test_what_is_left_of_an_ended_matter_may_be_given_to_one_that_lives_and_never_back(
    one_hand: Hands, one_office, clock
) -> None:
    ended, lives = (
        presences(one_hand, admitted(one_hand, title=title, ends_on=on))[0]
        for title, on in (("楼道灯具首次编号", "2026-06-30"), ("楼道灯具再次编号", LATER))
    )
    clock.at = JULY
    tick(one_office)
    for giver, taker, code in ((ended, lives, ""), (lives, ended, "voucher.gone")):
        told = command("reallocate", entry(giver, 9_000, out=True), entry(taker, 9_000),
                       dated_on="2026-07-01",
                       **grounded(one_hand, giver.request_id or ""))  # fmt: skip
        if code:
            with refused(code):
                recorded(one_hand, "dept.clerk", told)
        else:
            confirmed(one_hand, "finance.head", recorded(one_hand, "dept.clerk", told))
    assert [now(one_hand, p).share_fen for p in (ended, lives)] == [791_000, 809_000]
