"""国库支付: what an answer means for a payment, how long to wait, which area a payment is of."""

from datetime import timedelta
from itertools import product

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.domain.paying import (
    WAITING,
    Absent,
    Outcome,
    Patience,
    Payment,
    PaymentState,
    Told,
    TreasuryState,
    Unknown,
    outcome,
    pause,
    shared_path,
)
from tests.paid import PAYMENT

P, T, O = PaymentState, TreasuryState, Outcome  # noqa: E741
PAID = Told(key="pay-1", amount_fen=100, state=T.PAID, reference="GK-1")


def in_state(state: PaymentState, reference: str = "") -> Payment:
    return msgspec.structs.replace(PAYMENT, state=state, reference=reference)


def told(state: TreasuryState) -> Told:
    return msgspec.structs.replace(PAID, state=state)


@pytest.mark.parametrize("state", WAITING)
@pytest.mark.parametrize(
    ("said", "means"),
    [(T.ACCEPTED, O.WAIT), (T.PAID, O.SETTLE), (T.REFUSED, O.VOID), (T.CANCELLED, O.VOID)],
)
def test_only_what_the_treasury_says_for_good_ends_a_payment(
    state: PaymentState, said: TreasuryState, means: Outcome
) -> None:
    assert outcome(in_state(state), told(said)) is means


@pytest.mark.parametrize("reply", [Unknown("late"), Unknown("down", down=True), Absent("404")])
def test_what_is_not_known_ends_nothing(reply: Unknown | Absent) -> None:
    assert {outcome(in_state(s), reply) for s in WAITING} == {O.WAIT}
    assert {outcome(in_state(s), reply) for s in (P.SETTLED, P.VOIDED)} == {O.KNOWN}


@pytest.mark.parametrize("field", [{"amount_fen": 99}, {"key": "pay-2"}])
def test_another_amount_or_key_is_never_taken_for_an_answer(field: dict[str, object]) -> None:
    for state, said in product(P, T):
        assert outcome(in_state(state), msgspec.structs.replace(told(said), **field)) is O.DIFFERS


def test_paid_without_a_reference_is_not_believed() -> None:
    assert outcome(PAYMENT, msgspec.structs.replace(PAID, reference="")) is O.DIFFERS


@pytest.mark.parametrize(
    ("state", "said", "means"),
    [
        (P.SETTLED, T.PAID, O.KNOWN), (P.SETTLED, T.ACCEPTED, O.KNOWN),
        (P.SETTLED, T.REFUSED, O.DIFFERS), (P.SETTLED, T.CANCELLED, O.DIFFERS),
        (P.VOIDED, T.PAID, O.DIFFERS), (P.VOIDED, T.REFUSED, O.KNOWN),
        (P.VOIDED, T.CANCELLED, O.KNOWN),
    ],
)  # fmt: skip
def test_what_is_over_stays_over_and_a_contradiction_is_told(
    state: PaymentState, said: TreasuryState, means: Outcome
) -> None:
    assert outcome(in_state(state, "GK-1"), told(said)) is means


def test_paid_twice_under_two_references_is_told() -> None:
    assert outcome(in_state(P.SETTLED, "GK-2"), PAID) is O.DIFFERS


@given(st.integers(1, 10_000), st.integers(1, 60), st.integers(60, 86_400), st.integers(0, 65_535))
def test_a_pause_is_never_longer_than_the_longest(
    attempts: int, first: int, longest: int, chance: int
) -> None:
    waited = pause(attempts, Patience(first=first, longest=longest), chance, 65_536)
    assert timedelta() <= waited < timedelta(seconds=longest)
    assert waited < timedelta(seconds=first * 2 ** min(attempts - 1, 20))


def test_the_bound_doubles_until_it_is_the_longest() -> None:
    patience = Patience(first=5, longest=60)
    bounds = [pause(n, patience, 1, 1).total_seconds() for n in (1, 2, 3, 4, 5, 6, 500)]
    assert bounds == [5, 10, 20, 40, 60, 60, 60]


@pytest.mark.parametrize(
    ("paths", "shared"),
    [
        (["/x/y/z/"], "/x/y/z/"), (["/x/y/z/", "/x/y/w/"], "/x/y/"), (["/x/y/", "/x/yz/"], "/x/"),
        (["/x/", "/y/"], "/"), (["/x/y/z/", "/x/y/"], "/x/y/"),
    ],
)  # fmt: skip
def test_a_payment_is_of_the_smallest_area_that_holds_all_it_goes_to(
    paths: list[str], shared: str
) -> None:
    assert shared_path(paths) == shared
