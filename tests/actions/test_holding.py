"""街道代管: what a street holds has a reason and a holder, sums to its account, and has its time."""

from datetime import date

import pytest

from registry.actions.owing.arrears import MoneyQuery
from registry.actions.owing.holding import release
from registry.actions.owing.holdings import Holdings, holdings
from registry.actions.owing.three_way import three_way
from registry.actions.ticking import tick
from registry.domain.funds import VoucherLine, chain
from registry.domain.presence import Presence
from tests.actions.case import Hands, admitted, agreed, presence_of
from tests.actions.decided import now, presences, rows
from tests.actions.lived import at
from tests.actions.owed import finding, held, moved, ruled, sent
from tests.actions.refused import refused

NEIGHBOURS = ["990102001001", "990102001005"]
"""Two communities whose street keeps their books."""
HOLDING = (
    'passed_on_within = { days = 5, unit = "working", count_first_day = false }\n'
    'grade = "configured"'
)


def lying(hand: Hands, amount_fen: int = 300_000) -> Presence:
    """Arrived at the street and not passed on."""
    presence = presence_of(hand, admitted(hand))
    sent(hand, presence, amount_fen, to="street_arrival")
    return presence


def told(hand: Hands, by: str = "street.head") -> Holdings:
    person = hand(by)
    return holdings(person.office, person.actor, MoneyQuery())


def test_no_more_is_explained_than_lies_there(hand: Hands) -> None:
    presence = lying(hand)
    held(hand, presence, 200_000)
    with refused("hold.exceeds") as info:
        held(hand, presence, 100_001)
    assert info.value.facts["left_fen"] == 100_000
    held(hand, presence, 100_000)


def test_a_reason_follows_the_money_the_oldest_first(one_hand: Hands, clock) -> None:
    presence = lying(one_hand)
    first = held(one_hand, presence, 100_000)
    clock.at = at(date(2026, 3, 3))
    second = held(one_hand, presence, 200_000)
    moved(one_hand, presence, "community_arrival", 150_000)
    assert now(one_hand, first).released_on == date(2026, 3, 3)
    after = now(one_hand, second)
    assert (after.released_on, after.amount_fen) == (None, 150_000)
    moved(one_hand, presence, "community_arrival", 150_000)
    assert now(one_hand, second).released_on == date(2026, 3, 3)


def test_only_the_street_says_why_it_holds_what_it_holds(one_hand: Hands) -> None:
    presence = lying(one_hand)
    for by in ("street2.head", "community.head", "dept.head", "finance.clerk"):
        with pytest.raises(Exception, match="access"):
            held(one_hand, presence, 1, by)
    kept = held(one_hand, presence, 1)
    ended = one_hand("street.head").do(lambda d: release(d, kept.id, kept.version))
    with refused("hold.released"):
        one_hand("street.head").do(lambda d: release(d, kept.id, ended.version))


def test_communities_sum_to_the_account_of_the_street(hand: Hands) -> None:
    first, second = presences(hand, admitted(hand, targets=NEIGHBOURS))
    sent(hand, first, 150_000, to="street_arrival")
    sent(hand, second, 100_000, to="street_arrival")
    moved(hand, first, "community_arrival", 30_000)
    held(hand, first, 50_000)
    found = told(hand)
    assert [(i.held_fen, i.explained_fen, i.unexplained_fen) for i in found.items] == [
        (120_000, 50_000, 70_000), (100_000, 0, 100_000),
    ]  # fmt: skip
    assert [i.code for i in found.items] == sorted(i.code for i in found.items)
    street = sum(
        chain([line]).held_fen for line in rows(hand, VoucherLine) if line.counted
    )  # fmt: skip
    assert found.total_fen == street == 220_000
    assert told(hand, "street2.head").total_fen == 0


def test_what_lies_past_its_day_is_told_until_it_is_passed_on(hand: Hands, office, clock) -> None:
    ruled(hand, holding=HOLDING)
    presence = lying(hand)
    clock.at = at(date(2026, 3, 9))
    assert "money_overdue" not in tick(office)
    clock.at = at(date(2026, 3, 10))
    assert tick(office)["money_overdue"] == 1
    (found,) = finding(hand, "funds.held_over")
    assert (found.facts["since"], found.facts["amount_fen"]) == ("2026-03-02", 300_000)
    assert found.organisation_id == hand("street.head").actor.posts[0].organisation_id
    kept = held(hand, presence, 300_000)
    tick(office)
    (found,) = finding(hand, "funds.held_over")
    assert found.facts["evidence"] == {"holds": [kept.id]}, (
        "a reason is told beside it and stops no clock"
    )
    moved(hand, presence, "community_arrival", 300_000)
    tick(office)
    assert finding(hand, "funds.held_over") == []
    assert "money_overdue" not in tick(office)


def test_what_came_later_has_its_own_time(one_hand: Hands, one_office, clock) -> None:
    ruled(one_hand, holding=HOLDING)
    presence = lying(one_hand, 100_000)
    clock.at = at(date(2026, 3, 9))
    sent(one_hand, presence, 200_000, to="street_arrival")
    moved(one_hand, presence, "community_arrival", 100_000)
    clock.at = at(date(2026, 3, 16))
    tick(one_office)
    assert finding(one_hand, "funds.held_over") == [], "what came first was passed on first"
    clock.at = at(date(2026, 3, 17))
    tick(one_office)
    (found,) = finding(one_hand, "funds.held_over")
    assert (found.facts["since"], found.facts["amount_fen"]) == ("2026-03-09", 200_000)


def test_where_the_packs_are_silent_nothing_is_held_too_long(
    one_hand: Hands, one_office, clock
) -> None:
    ruled(one_hand, holding="")
    lying(one_hand)
    clock.at = at(date(2026, 6, 1))
    tick(one_office)
    assert finding(one_hand, "funds.held_over") == []


# ---- three ways ----------------------------------------------------------------------------------


def test_what_was_admitted_signed_and_booked_is_set_side_by_side(hand: Hands) -> None:
    presence = agreed(hand, admitted(hand))
    person = hand("auditor")

    def compared() -> list[str]:
        (row,) = three_way(person.office, person.actor, MoneyQuery(presence_id=presence.id)).items
        assert row.agreement_fen == row.share_fen == 800_000
        return [one.what for one in row.differences]

    assert compared() == []
    sent(hand, presence, 300_000, to="dispatch")
    assert compared() == ["transit"]
    moved(hand, presence, "street_arrival", 300_000)
    assert compared() == ["street"]
    moved(hand, presence, "community_arrival", 300_000)
    assert compared() == []
