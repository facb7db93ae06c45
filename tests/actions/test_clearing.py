"""清算: what work is worth against what was paid; open pledge is withdrawn, the refund comes back."""

from datetime import date
from typing import Any

import msgspec
import pytest

from registry.actions import reading
from registry.actions.living.departing import come_back
from registry.actions.office import Answer, Office
from registry.actions.ticking import tick
from registry.domain.accounts import Account, VoucherStage
from registry.domain.closing import Clearance, ClearanceState
from registry.domain.funds import Voucher, VoucherLine, chain
from registry.domain.living import Departure
from registry.domain.presence import Presence
from registry.domain.records import civil
from registry.domain.request import Request
from tests.actions.case import Hands, admitted, presence_of
from tests.actions.decided import heard, now, proposed, revoked, rows
from tests.actions.lived import at, begun, given, left, put, reported, settled
from tests.actions.owed import (
    agreed_to,
    arrears_of,
    drawn,
    finding,
    refunded,
    ruled,
    sent,
)
from tests.actions.refused import refused
from tests.actions.standing_in import CIVIL, lend, posted

SCHEDULE = [{"due_on": "2026-03-20", "amount_fen": 300_000},
            {"due_on": "2026-06-01", "amount_fen": 500_000}]  # fmt: skip
FIXED = {"key": "F1", "mode": "transfer", "payer_id": "o-990102-civil", "basis": "商定",
         "amount_fen": 800_000, "fiscal_year": 2026, "schedule": SCHEDULE}  # fmt: skip
REFUND = (
    'refund_within = { days = 5, unit = "working", count_first_day = false }\ngrade = "configured"'
)


def ended(hand: Hands, **changes: Any) -> Presence:
    """At work with its first 3,000 yuan, then the admission was revoked."""
    presence = begun(hand, **changes)
    request = next(r for r in rows(hand, Request) if r.id == presence.request_id)
    heard(hand, proposed(hand, request))
    revoked(hand, request)
    found: Presence = now(hand, presence)
    return found


def gone(hand: Hands, **changes: Any) -> Presence:
    """At work with its first 3,000 yuan, then taken out by who asked."""
    presence = begun(hand, **changes)
    left(hand, presence)
    found: Presence = now(hand, presence)
    return found


def books(hand: Hands, presence: Presence) -> Any:
    return chain(rows(hand, VoucherLine, presence_id=presence.id))


def test_what_was_accepted_is_earned_and_the_rest_comes_back(hand: Hands) -> None:
    presence = gone(hand)
    clearance = drawn(hand, presence, quantity=250)
    assert (clearance.reason, clearance.earned_fen, clearance.paid_fen) == (
        "exited",
        200_000,
        300_000,
    )
    assert (clearance.refund_fen, clearance.due_fen, clearance.beyond_fen) == (100_000, 0, 0)
    assert "8.00元/户" in clearance.formula and "2,000.00元" in clearance.formula
    assert books(hand, presence).approved_fen == 800_000, "nothing counts before both agree"
    after = agreed_to(hand, clearance)
    assert after.state is ClearanceState.AGREED
    assert books(hand, presence).approved_fen == 300_000, "the open pledge is withdrawn (E15)"
    refunded(hand, presence, 40_000)
    assert now(hand, after).state is ClearanceState.AGREED
    refunded(hand, presence, 60_000)
    assert now(hand, after).state is ClearanceState.SETTLED
    held = books(hand, presence)
    assert (held.approved_fen, held.dispatched_fen, held.refunded_fen) == (
        200_000,
        200_000,
        100_000,
    )


def test_what_is_withdrawn_stands_on_a_voucher_of_two_people(one_hand: Hands) -> None:
    clearance = agreed_to(one_hand, drawn(one_hand, gone(one_hand), quantity=250))
    (voucher,) = rows(one_hand, Voucher, stage="decrease")
    assert (voucher.total_fen, voucher.state.value) == (500_000, "confirmed")
    assert (voucher.recorded_by, voucher.confirmed_by) == (
        clearance.drawn_by, clearance.agreed_by)  # fmt: skip
    assert voucher.recorded_by != voucher.confirmed_by and voucher.issuer_id == clearance.payer_id


def test_more_work_than_was_paid_is_owed_and_told_with_the_arrears(one_hand: Hands, clock) -> None:
    presence = gone(one_hand)
    clearance = agreed_to(one_hand, drawn(one_hand, presence, quantity=500))
    assert (clearance.earned_fen, clearance.due_fen, clearance.refund_fen) == (400_000, 100_000, 0)
    (row,) = arrears_of(one_hand, "community.head", presence_id=presence.id)
    assert (row.promised_fen, row.due_fen, row.missing_fen) == (400_000, 400_000, 100_000)
    sent(one_hand, presence, 100_000)
    assert now(one_hand, clearance).state is ClearanceState.SETTLED


def test_acceptances_say_the_quantity_where_nobody_states_another(one_hand: Hands) -> None:
    presence = begun(one_hand)
    with refused("clearance.unaccepted"):
        drawn(one_hand, presence)
    given(one_hand, reported(one_hand, presence, final=False), "passed", quantity=300)
    given(one_hand, reported(one_hand, presence, final=False), "partly", quantity=100)
    clearance = drawn(one_hand, presence)
    assert (clearance.reason, clearance.quantity, clearance.earned_fen) == (
        "accepted", 400, 320_000)  # fmt: skip
    agreed_to(one_hand, clearance)
    assert books(one_hand, presence).approved_fen == 800_000, "what goes on stays promised"


def test_a_revocation_is_cleared_as_such(one_hand: Hands) -> None:
    clearance = drawn(one_hand, ended(one_hand), quantity=0, by="county.office")
    assert (clearance.reason, clearance.earned_fen, clearance.refund_fen) == ("revoked", 0, 300_000)


def test_where_terms_give_only_the_whole_both_sides_state_a_figure_with_its_paper(
    one_hand: Hands,
) -> None:
    presence = gone(one_hand, funding=[FIXED])
    with refused("clearance.figure"):
        drawn(one_hand, presence)
    with refused("clearance.figure"):
        drawn(one_hand, presence, agreed_fen=100_000)


def test_a_figure_that_the_terms_do_not_give_is_refused_with_both(one_hand: Hands) -> None:
    presence = gone(one_hand)
    with refused("clearance.formula") as info:
        drawn(one_hand, presence, quantity=250, agreed_fen=200_001)
    assert "2,000.01元" in info.value.detail and "2,000.00元" in info.value.detail
    with refused("clearance.line"):
        drawn(one_hand, presence, funding_key="F9")


def test_nothing_is_cleared_while_money_is_under_way(one_hand: Hands) -> None:
    presence = presence_of(one_hand, admitted(one_hand))
    sent(one_hand, presence, 300_000, to="dispatch")
    put(one_hand, presence, state="exited")
    with refused("clearance.under_way") as info:
        drawn(one_hand, presence, quantity=0)
    assert "已拨付在途" in info.value.detail


def test_a_clearance_is_agreed_once_on_books_that_stand_by_the_community_alone(
    one_hand: Hands,
) -> None:
    presence = gone(one_hand)
    first = drawn(one_hand, presence, quantity=200)
    second = drawn(one_hand, presence, quantity=250)
    with refused("clearance.state"):
        agreed_to(one_hand, first)
    for by in ("dept.head", "street.head", "community.worker"):
        with pytest.raises(Exception, match="access"):
            agreed_to(one_hand, second, by)
    refunded(one_hand, presence, 10_000)
    with refused("clearance.outdated"):
        agreed_to(one_hand, second)
    third = agreed_to(one_hand, drawn(one_hand, presence, quantity=250))
    with refused("clearance.state"):
        agreed_to(one_hand, third)
    with pytest.raises(Exception, match="access"):
        drawn(one_hand, presence, "community.head", quantity=1)


def test_e13_what_was_drawn_up_for_another_is_not_agreed_to_by_the_other(
    one_office: Office, one_hand: Hands
) -> None:
    presence, today = gone(one_hand), civil(one_office.clock())
    posted(one_office, "community.head", "dept.clerk", CIVIL)
    lend(one_hand, "community.head", "dept.clerk", "clearance.draw", role="dept.clerk",
         of=CIVIL, valid_from=today, valid_to=today)  # fmt: skip
    clerk = one_hand("dept.clerk")
    lent = [post for post in clerk.actor.posts if post.on_behalf_of]
    clerk.actor = msgspec.structs.replace(clerk.actor, posts=lent)
    made = drawn(lambda _: clerk, presence, quantity=250)
    assert made.drawn_for == "person-community.head"
    with refused("access.tied"):
        agreed_to(one_hand, made)


def test_spent_beyond_what_was_earned_is_told_and_cannot_come_back(one_hand: Hands) -> None:
    presence = gone(one_hand)
    put_spent(one_hand, presence, 250_000)
    clearance = drawn(one_hand, presence, quantity=100)
    assert (clearance.earned_fen, clearance.refund_fen, clearance.beyond_fen) == (
        80_000, 50_000, 170_000)  # fmt: skip


def put_spent(hand: Hands, presence: Presence, amount_fen: int) -> None:
    """As if the cashier had paid it out before the matter left."""
    line = VoucherLine(
        county="990102", id="vch-spent.l0", voucher_id="vch-spent", request_id=presence.request_id,
        presence_id=presence.id, funding_key="F1", stage=VoucherStage.EXPENDITURE,
        debit=Account.SPENT, credit=Account.COMMUNITY, amount_fen=amount_fen, counted=True,
        year=2026, payer_id="o-990102-civil", area_path=presence.area_path,
    )  # fmt: skip
    hand("county.head").do(lambda d: Answer(body=d.unit.add(line)))


# ---- what a leaving left behind ------------------------------------------------------------------


def test_a_leaving_is_not_settled_by_word_while_its_money_is_open(hand: Hands) -> None:
    presence = begun(hand)
    (left_open,) = left(hand, presence).departures
    with refused("departure.money") as info:
        settled(hand, left_open, "money")
    assert "社区账面 F1 3,000.00元" in info.value.detail
    agreed_to(hand, drawn(hand, presence, quantity=250))
    with refused("departure.money"):
        settled(hand, left_open, "money")
    refunded(hand, presence, 100_000)
    (after,) = rows(hand, Departure, presence_id=presence.id)
    assert after.money_settled_on == date(2026, 3, 2), "what lies there now was earned"


def test_money_all_given_back_settles_itself(one_hand: Hands) -> None:
    presence = gone(one_hand)
    refunded(one_hand, presence, 300_000)
    (after,) = rows(one_hand, Departure, presence_id=presence.id)
    assert after.money_settled_on == date(2026, 3, 2)


def test_what_comes_back_is_promised_again_and_its_clearance_counts_no_more(
    one_hand: Hands,
) -> None:
    presence = gone(one_hand)
    clearance = agreed_to(one_hand, drawn(one_hand, presence, quantity=250))
    refunded(one_hand, presence, 100_000)
    one_hand("county.head").do(lambda d: Answer(body=come_back(d, [presence.id])))
    assert now(one_hand, clearance).state is ClearanceState.VOID
    held = books(one_hand, presence)
    assert (held.approved_fen, held.dispatched_fen) == (800_000, 200_000)
    assert now(one_hand, presence).share_fen == 800_000


# ---- the clock of a refund -----------------------------------------------------------------------


def test_a_refund_past_its_day_is_told_until_it_is_back(hand: Hands, office, clock) -> None:
    ruled(hand, clearance=REFUND)
    presence = gone(hand)
    clearance = agreed_to(hand, drawn(hand, presence, quantity=250))
    assert clearance.refund_due_on == date(2026, 3, 9)
    clock.at = at(date(2026, 3, 9))
    assert "money_overdue" not in tick(office)
    clock.at = at(date(2026, 3, 10))
    assert tick(office)["money_overdue"] == 1
    assert "money_overdue" not in tick(office)
    (found,) = finding(hand, "funds.refund_late")
    assert found.facts["amount_fen"] == 100_000
    refunded(hand, presence, 100_000)
    tick(office)
    assert finding(hand, "funds.refund_late") == []


def test_where_the_packs_give_no_time_no_refund_is_late(one_hand: Hands, one_office, clock) -> None:
    ruled(one_hand, clearance="")
    clearance = agreed_to(one_hand, drawn(one_hand, gone(one_hand), quantity=250))
    assert clearance.refund_due_on is None
    clock.at = at(date(2026, 6, 10))
    tick(one_office)
    assert finding(one_hand, "funds.refund_late") == []


def test_everybody_concerned_reads_it_and_no_neighbour(one_hand: Hands) -> None:
    drawn(one_hand, gone(one_hand), quantity=250)
    for by, many in (("community.head", 1), ("dept.clerk", 1), ("finance.head", 1),
                     ("auditor", 1), ("dept2.head", 0), ("street2.head", 0)):  # fmt: skip
        person = one_hand(by)
        page = reading.page(person.office, person.actor, Clearance, reading.ListQuery())
        assert len(page.items) == many, by
