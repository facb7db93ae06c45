"""报账: handed in by the community, reviewed by its street whole or not at all, paid by a third."""

from typing import Any

import msgspec
import pytest

from registry.actions.ledger import confirming
from registry.actions.spending import claiming, seconding
from registry.domain.funds import Voucher, VoucherState
from registry.domain.presence import Presence
from registry.domain.spending import Claim, ClaimState, SpendingState
from tests.actions import case, spent
from tests.actions.case import Hands
from tests.actions.refused import refused
from tests.actions.spent import kept, spending, told


@pytest.fixture
def presence(one_hand: Hands) -> Presence:
    """All its money is in the community's books."""
    return spent.funded(one_hand)


def _spend(hand: Hands, presence: Presence, *numbers: str) -> list[Any]:
    lines = {n: told(presence, amount_fen=1_000, invoice_number=n) for n in numbers}
    return [spent.spent(hand, spending(presence, n, line)) for n, line in lines.items()]


def _draw(hand: Hands, presence: Presence, by: str = "community.cashier", **changes: Any) -> Claim:
    command = msgspec.convert(
        {"organisation_id": presence.organisation_id, "first_on": "2026-04-01",
         "last_on": "2026-04-20", **changes},
        claiming.ClaimCommand,
    )  # fmt: skip
    claim: Claim = hand(by).do(lambda d: claiming.draw(d, command))
    return claim


def _review(hand: Hands, claim: Claim, by: str = "street.head") -> Claim:
    after: Claim = hand(by).do(lambda d: claiming.review(d, claim.id, claim.version))
    return after


def _return(hand: Hands, claim: Claim) -> Claim:
    order = claiming.ReturnCommand(reason="缺少验收单")
    after: Claim = hand("street.clerk").do(
        lambda d: claiming.send_back(d, claim.id, claim.version, order)
    )
    return after


def _pay(hand: Hands, claim: Claim, by: str = "street.clerk") -> Claim:
    order = msgspec.convert(
        {"means": "transfer", "reference": "街付18", "paid_on": "2026-04-20"},
        claiming.ReimburseCommand,
    )
    after: Claim = hand(by).do(lambda d: claiming.reimburse(d, claim.id, claim.version, order))
    return after


def _states(hand: Hands) -> set[VoucherState]:
    reader = hand("auditor").office.store.reader
    return {v.state for v in reader.find(Voucher, "990102", stage="expenditure")}


def test_the_streets_review_confirms_every_voucher_of_a_claim(hand: Hands) -> None:
    presence = spent.funded(hand)
    _spend(hand, presence, "支1", "支2")
    claim = _draw(hand, presence)
    assert (claim.total_fen, len(claim.expenditures)) == (2_000, 2)
    assert _states(hand) == {VoucherState.RECORDED}
    reviewed = _review(hand, claim)
    assert _states(hand) == {VoucherState.CONFIRMED}
    assert {row.state for row in kept(hand)} == {SpendingState.CONFIRMED}
    paid = _pay(hand, reviewed)
    assert (paid.state, paid.reimbursed_by) == (ClaimState.REIMBURSED, "person-street.clerk")


def test_the_log_says_who_reviewed_and_not_that_a_voucher_was_confirmed(one_hand: Hands) -> None:
    presence = spent.funded(one_hand)
    _spend(one_hand, presence, "支1")
    _review(one_hand, _draw(one_hand, presence))
    office = one_hand("auditor").office
    with office.store.reader.connect() as connection:
        from sqlalchemy import text

        query = "SELECT act, object_kind FROM event WHERE county = '990102' ORDER BY seq DESC"
        assert tuple(connection.execute(text(query)).first() or ()) == ("claim.review", "claim")


def test_an_expenditure_stands_in_one_claim_at_most(one_hand: Hands, presence: Presence) -> None:
    (view,) = _spend(one_hand, presence, "支1")
    _draw(one_hand, presence)
    with refused("claim.empty"):
        _draw(one_hand, presence)
    with refused("claim.taken"):
        _draw(one_hand, presence, expenditure_ids=[f"{view.voucher.id}.x1"])


def test_a_voucher_is_handed_in_whole(one_hand: Hands, presence: Presence) -> None:
    lines = [told(presence, amount_fen=1_000, paid_on=day) for day in ("2026-04-10", "2026-03-30")]
    view = spent.spent(one_hand, spending(presence, "支1", *lines))
    claim = _draw(one_hand, presence, expenditure_ids=[f"{view.voucher.id}.x1"])
    assert claim.total_fen == 2_000


def test_what_was_returned_may_be_handed_in_again(one_hand: Hands, presence: Presence) -> None:
    _spend(one_hand, presence, "支1")
    first = _draw(one_hand, presence)
    assert _return(one_hand, first).state is ClaimState.RETURNED
    assert _draw(one_hand, presence).id != first.id
    with refused("claim.state"):
        _review(one_hand, _read(one_hand, first))


def _read(hand: Hands, claim: Claim) -> Claim:
    held = hand("auditor").office.store.reader.get(Claim, "990102", claim.id)
    assert isinstance(held, Claim)
    return held


def test_a_claim_is_reviewed_whole_or_not_at_all(one_hand: Hands) -> None:
    """One use in it still waits for a second approver."""
    request = case.submitted(
        one_hand, case.drafted(one_hand, title="协助消防宣传教育", funding=[spent.FUNDING])
    )
    presence = case.presence_of(one_hand, case.approved(one_hand, case.accepted(one_hand, request)))
    one_hand("auditor").office.clock.at = spent.LATER
    case.funded(one_hand, presence, 800_000)
    _spend(one_hand, presence, "支1")
    spent.spent(one_hand, spending(presence, "支2", told(presence, use="wages")))
    claim = _draw(one_hand, presence)
    with refused("expenditure.second"):
        _review(one_hand, claim)
    assert _states(one_hand) == {VoucherState.RECORDED}
    waiting = next(row for row in kept(one_hand) if row.needs_second)
    one_hand("dept.head").do(lambda d: seconding.second(d, waiting.id, waiting.version))
    _review(one_hand, claim)
    assert _states(one_hand) == {VoucherState.CONFIRMED}


def test_what_stands_in_a_claim_is_not_voided(one_hand: Hands, presence: Presence) -> None:
    (view,) = _spend(one_hand, presence, "支1")
    claim = _draw(one_hand, presence)
    order = confirming.VoidCommand(reason="录错")

    def void() -> None:
        one_hand("community.cashier").do(
            lambda d: confirming.void(d, view.voucher.id, view.voucher.version, order)
        )

    with refused("claim.holds"):
        void()
    _return(one_hand, claim)
    void()


@pytest.mark.parametrize("by", ["community.head", "community.cashier", "street.clerk"])
def test_only_the_head_of_the_street_reviews(one_hand: Hands, presence: Presence, by: str) -> None:
    _spend(one_hand, presence, "支1")
    claim = _draw(one_hand, presence)
    with refused("access.forbidden"):
        _review(one_hand, claim, by=by)


def test_another_street_does_not_even_know_of_it(one_hand: Hands, presence: Presence) -> None:
    _spend(one_hand, presence, "支1")
    claim = _draw(one_hand, presence)
    with refused("access.hidden"):
        one_hand("street2.head").do(lambda d: claiming.review(d, claim.id, claim.version))


def test_nothing_is_paid_before_it_is_reviewed(one_hand: Hands, presence: Presence) -> None:
    _spend(one_hand, presence, "支1")
    with refused("claim.state"):
        _pay(one_hand, _draw(one_hand, presence))


@pytest.mark.parametrize(
    "days", [{"first_on": "2026-04-21"}, {"last_on": "2026-04-21"}, {"first_on": "2026-05-01"}]
)
def test_a_period_begins_before_it_ends_and_is_over(
    one_hand: Hands, presence: Presence, days: dict[str, str]
) -> None:
    _spend(one_hand, presence, "支1")
    with refused("claim.dates"):
        _draw(one_hand, presence, **days)


def test_what_was_taken_back_is_not_paid(one_hand: Hands, presence: Presence) -> None:
    (view,) = _spend(one_hand, presence, "支1")
    claim = _review(one_hand, _draw(one_hand, presence))
    spent.taken_back(one_hand, view, 1_000, "冲1")
    with refused("claim.changed"):
        _pay(one_hand, claim)
    assert _return(one_hand, claim).state is ClaimState.RETURNED
    with refused("claim.empty"):
        _draw(one_hand, presence)
