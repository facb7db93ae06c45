"""E5、E20: what is granted is added to, cut and moved by papers of its own, and a presence says what
the books say."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from registry.domain.errors import Refusal
from registry.domain.presence import Presence
from tests.actions import case
from tests.actions.case import Hands, admitted
from tests.actions.decided import changed
from tests.actions.ledgered import (
    again,
    booked,
    chain_now,
    command,
    confirmed,
    entry,
    grounded,
    put,
    recorded,
)
from tests.actions.refused import refused

BOTH = {"targets": ["990102001001", "990102001005"]}


def places(hand: Hands, **changes: Any) -> list[Presence]:
    request = admitted(hand, **changes)
    return list(hand("auditor").office.store.reader.find(Presence, "990102", request_id=request.id))


@pytest.fixture
def presence(one_hand: Hands) -> Presence:
    return places(one_hand)[0]


def paper(hand: Hands, presence: Presence) -> dict[str, Any]:
    return grounded(hand, presence.request_id or "")


def test_e5_what_is_added_may_be_asked_for_once_another_has_confirmed_it(hand: Hands) -> None:
    (presence,) = places(hand)
    more = command("increase", entry(presence, 50_000), **paper(hand, presence))
    waits = recorded(hand, "finance.clerk", more)
    with refused("voucher.exceeds"):
        booked(hand, "order", presence, 850_000)
    with refused("access.forbidden"):
        confirmed(hand, "finance.clerk", waits)
    confirmed(hand, "finance.head", waits)
    booked(hand, "order", presence, 850_000)
    now = again(hand, presence)
    assert (now.share_fen, now.first_due_fen) == (850_000, 300_000)
    assert chain_now(hand, presence).approved_fen == now.share_fen


def test_e5_a_cut_below_what_was_sent_waits_for_the_return(hand: Hands) -> None:
    (presence,) = places(hand)
    case.funded(hand, presence, 600_000)
    less = command("decrease", entry(presence, 400_000), **paper(hand, presence))
    with refused("voucher.exceeds") as told:
        recorded(hand, "finance.clerk", less)
    assert told.value.facts["available_fen"] == 200_000
    waits = recorded(
        hand, "community.cashier",
        command("refund", entry(presence, 200_000, at="community")),
    )  # fmt: skip
    with refused("voucher.exceeds"):
        recorded(hand, "finance.clerk", less)
    confirmed(hand, "finance.head", waits)
    confirmed(hand, "finance.head", recorded(hand, "finance.clerk", less))
    now, had = again(hand, presence), chain_now(hand, presence)
    assert (now.share_fen, had.approved_fen, had.dispatched_fen) == (400_000, 400_000, 400_000)


def test_e5_a_cut_leaves_no_first_instalment_greater_than_all(
    one_hand: Hands, presence: Presence
) -> None:
    booked(one_hand, "decrease", presence, 700_000, **paper(one_hand, presence))
    now = again(one_hand, presence)
    assert (now.share_fen, now.first_due_fen) == (100_000, 100_000)


def test_e1_no_more_is_granted_than_an_amount_may_be(one_hand: Hands, presence: Presence) -> None:
    more = command("increase", entry(presence, 10**15), **paper(one_hand, presence))
    with refused("voucher.too_much"):
        recorded(one_hand, "finance.clerk", more)


@pytest.mark.parametrize("missing", ["document_id", "note"])
@pytest.mark.parametrize("stage", ["increase", "decrease", "reallocate"])
def test_e5_e20_nothing_granted_is_changed_without_paper_and_reason(
    one_hand: Hands, presence: Presence, stage: str, missing: str
) -> None:
    given = paper(one_hand, presence)
    del given[missing]
    by = "dept.clerk" if stage == "reallocate" else "finance.clerk"
    with refused("voucher.grounds"):
        recorded(one_hand, by, command(stage, entry(presence, 100), **given))


def test_an_increase_taken_back_is_granted_no_more(one_hand: Hands, presence: Presence) -> None:
    made = booked(one_hand, "increase", presence, 5_000, **paper(one_hand, presence))
    back = command("reversal", entry(presence, 2_000), reverses_id=made.id, note="重复")
    confirmed(one_hand, "finance.head", recorded(one_hand, "finance.clerk", back))
    assert again(one_hand, presence).share_fen == 803_000
    assert chain_now(one_hand, presence).approved_fen == 803_000


# ---- 调剂 ----------------------------------------------------------------------------------------


def moved(places: list[Presence], out: int, in_: int) -> list[dict[str, Any]]:
    return [entry(places[0], out, out=True), entry(places[1], in_)]


def test_e20_money_moves_between_communities_by_an_approval_of_another_body(hand: Hands) -> None:
    both = places(hand, **BOTH)
    given = command("reallocate", *moved(both, 30_000, 30_000), **paper(hand, both[0]))
    waits = recorded(hand, "dept.clerk", given)
    assert again(hand, both[1]).share_fen == 400_000
    confirmed(hand, "finance.head", waits)
    assert [again(hand, p).share_fen for p in both] == [370_000, 430_000]
    assert [chain_now(hand, p).approved_fen for p in both] == [370_000, 430_000]
    booked(hand, "order", both[1], 430_000)
    with refused("voucher.exceeds"):
        booked(hand, "order", both[0], 370_001)


def test_e20_what_is_given_is_what_is_received(one_hand: Hands) -> None:
    both = places(one_hand, **BOTH)
    for out, in_ in ((30_000, 29_999), (30_000, 30_001)):
        given = command("reallocate", *moved(both, out, in_), **paper(one_hand, both[0]))
        with refused("voucher.reallocate"):
            recorded(one_hand, "dept.clerk", given)
    with refused("voucher.reallocate"):
        only = command("reallocate", entry(both[0], 10, out=True), **paper(one_hand, both[0]))
        recorded(one_hand, "dept.clerk", only)


def test_e20_money_moves_between_two_items_of_one_payer(one_hand: Hands) -> None:
    giver, taker = places(one_hand)[0], places(one_hand, title="楼道灯具第二次编号")[0]
    given = command("reallocate", *moved([giver, taker], 9_000, 9_000), **paper(one_hand, giver))
    confirmed(one_hand, "finance.head", recorded(one_hand, "dept.clerk", given))
    assert [again(one_hand, p).share_fen for p in (giver, taker)] == [791_000, 809_000]


def test_e20_what_was_sent_is_not_moved_to_another_community(one_hand: Hands) -> None:
    both = places(one_hand, **BOTH)
    case.funded(one_hand, both[0], 300_000)
    given = command("reallocate", *moved(both, 100_001, 100_001), **paper(one_hand, both[0]))
    with refused("voucher.exceeds"):
        recorded(one_hand, "dept.clerk", given)


def test_e20_the_body_that_asks_for_it_does_not_approve_it(one_hand: Hands) -> None:
    both = places(one_hand, **BOTH)
    given = command("reallocate", *moved(both, 100, 100), **paper(one_hand, both[0]))
    waits = recorded(one_hand, "dept.clerk", given)
    finance = one_hand("finance.head").actor.posts[0].organisation_id
    own = put(one_hand, waits, issuer_id=finance)
    with refused("voucher.same_body"):
        confirmed(one_hand, "finance.head", own)


def test_a_later_decision_keeps_what_was_added_since(one_hand: Hands) -> None:
    request = admitted(one_hand)
    presence = case.presence_of(one_hand, request)
    booked(one_hand, "increase", presence, 5_000, **paper(one_hand, presence))
    line = {**case.OFF_LIST["funding"][0], "quantity": 1125, "amount_fen": 900_000}
    line["schedule"] = [{"due_on": "2026-03-20", "amount_fen": 900_000}]
    change = changed(one_hand, request, funding=[line])
    change = case.accepted(one_hand, case.submitted(one_hand, change))
    case.approved(one_hand, case.examined(one_hand, change))
    assert again(one_hand, presence).share_fen == 905_000
    assert chain_now(one_hand, presence).approved_fen == 905_000


def test_e5_twenty_who_ask_at_once_are_granted_no_more_than_there_is(hand: Hands) -> None:
    (presence,) = places(hand)
    given = [command("order", entry(presence, 90_000), number=f"令{n}") for n in range(20)]

    def ask(one: Any) -> bool:
        try:
            return bool(recorded(hand, "dept.head", one))
        except Refusal as refusal:
            assert refusal.code == "voucher.exceeds"
            return False

    hand("dept.head")
    with ThreadPoolExecutor(8) as pool:
        granted = sum(pool.map(ask, given))
    assert granted == 8
    assert chain_now(hand, presence).ordered_fen == 720_000
