"""代付 (E4): another body may pay in the payer's name; it is shown; the payer owes it still."""

from typing import Any

import pytest

from registry.domain.bank import LineState, MatchWay
from registry.domain.funds import Voucher
from registry.domain.paying import Payment
from registry.domain.presence import Presence
from tests.actions.case import Hands, admitted, presence_of
from tests.actions.decided import rows
from tests.actions.ledgered import booked, chain_now
from tests.actions.refused import refused
from tests.actions.stated import bank, only
from tests.actions.test_one_sided import told
from tests.actions.test_reconciling import STREET_NAME

STREET2 = "o-990102002"


@pytest.fixture
def presence(one_hand: Hands) -> Presence:
    """Granted, asked for by 演示县民政局."""
    place = presence_of(one_hand, admitted(one_hand))
    booked(one_hand, "order", place, 300_000)
    return place


def paid_by(hand: Hands, presence: Presence, agent: str, stage: str = "dispatch") -> Voucher:
    return booked(hand, stage, presence, 300_000, agent_id=agent)


def test_who_pays_as_agent_is_shown_and_who_owes_it_stays_the_payer(
    one_hand: Hands, presence: Presence
) -> None:
    sent = paid_by(one_hand, presence, STREET2)
    assert (sent.payer_id, sent.agent_id) == ("o-990102-civil", STREET2)
    (payment,) = rows(one_hand, Payment, voucher_id=sent.id)
    assert "代付" in payment.said
    assert chain_now(one_hand, presence).dispatched_fen == 300_000


@pytest.mark.parametrize(
    ("agent", "stage"),
    [("o-990102-civil", "dispatch"), ("o-990102001001", "dispatch"), ("o-nobody", "dispatch"),
     (STREET2, "order")],
)  # fmt: skip
def test_an_agent_is_a_third_body_and_only_pays(
    one_hand: Hands, presence: Presence, agent: str, stage: str
) -> None:
    more: dict[str, Any] = {"number": "另1"} if stage == "order" else {}
    with refused("voucher.agent") as info:
        booked(one_hand, stage, presence, 100, agent_id=agent, **more)
    assert "E4" in info.value.detail


def test_what_a_street_pays_as_agent_shows_on_its_own_statement(hand: Hands) -> None:
    place = presence_of(hand, admitted(hand))
    booked(hand, "order", place, 300_000)
    sent = paid_by(hand, place, STREET2)
    bank(hand, f",3000.00,{STREET_NAME},K1,,dispatch-300000", by="finance.clerk", account=STREET2)
    line = only(hand)
    assert (line.state, line.voucher_id, line.matched_way) == (
        LineState.MATCHED, sent.id, MatchWay.NUMBER,
    )  # fmt: skip
    assert [one for one in told(hand) if one[1] != "vouchers"] == []


def test_a_line_that_names_the_agent_as_payer_shows_what_arrived(
    one_hand: Hands, presence: Presence
) -> None:
    paid_by(one_hand, presence, STREET2)
    kept = paid_by(one_hand, presence, STREET2, "street_arrival")
    bank(one_hand, "3000.00,,晴棠演示街道办事处,K1")
    assert only(one_hand).voucher_id == kept.id
