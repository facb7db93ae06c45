"""国库支付 at random: whatever people do and the treasury answers, the two books never contradict."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from registry.actions.office import Office
from registry.actions.paying import asking
from registry.actions.paying.asking import CallBackCommand
from registry.actions.paying.carrying import carry, waiting
from registry.domain.errors import Refusal
from registry.domain.funds import Voucher, VoucherState
from registry.domain.paying import Payment, PaymentState
from registry.domain.presence import Presence
from tests.actions.case import Hands
from tests.actions.paid import COUNTY, dispatched, linked, ordered
from tests.treasury import WRONG, Treasury, serving

EACH = 1000
WAYS = ["pay", "pay", "accept", "refuse", *sorted(set(WRONG) - {"late"}), "before:cut",
        "before:500", "before:429", "before:404", "before:garbage"]  # fmt: skip


@pytest.fixture
def treasury() -> Iterator[Treasury]:
    with serving() as made:
        yield made


class Play:
    """Random acts on one order of money, and what must hold after each."""

    def __init__(self, office: Office, hand: Hands, treasury: Treasury, seed: int) -> None:
        self.office, self.hand, self.treasury, self.chance = office, hand, treasury, Random(seed)
        self.presence: Presence = ordered(hand, 100_000)
        self.number = 0
        for _ in range(3):
            self.dispatch()
        self.acts = (self.dispatch, self.carry, self.carry, self.wait, self.retry, self.call_back)

    def act(self) -> None:
        self.chance.choice(self.acts)()
        self.check()

    def dispatch(self) -> None:
        self.number += 1
        dispatched(self.hand, self.presence, f"拨{self.number}", EACH)

    def carry(self) -> None:
        self.treasury.plan = self.chance.choices(WAYS, k=12)
        carry(self.office)

    def wait(self) -> None:
        clock: Any = self.office.clock
        clock.at += timedelta(seconds=self.chance.randrange(1, 900))

    def retry(self) -> None:
        payment = self.any_payment()
        if payment is not None:
            with suppress(Refusal):
                self.hand("finance.clerk").do(lambda d: asking.retry(d, payment.id))

    def call_back(self) -> None:
        payment, command = self.any_payment(), CallBackCommand(reason="撤回(演示)")
        if payment is not None:
            with suppress(Refusal):
                self.hand("finance.head").do(
                    lambda d: asking.call_back(d, payment.id, payment.version, command)
                )

    def any_payment(self) -> Payment | None:
        held = self.office.store.reader.find(Payment, COUNTY)
        return self.chance.choice(held) if held else None

    def check(self) -> None:
        """What is over is over on both sides; what is not known is decided on neither."""
        reader, paid = self.office.store.reader, self.treasury.paid
        vouchers = {v.id: v for v in reader.find(Voucher, COUNTY, stage="dispatch")}
        for payment in reader.find(Payment, COUNTY):
            state = vouchers[payment.voucher_id].state
            assert paid[payment.key] in (0, EACH), "never twice"
            if payment.state is PaymentState.SETTLED:
                assert (state, paid[payment.key]) == (VoucherState.CONFIRMED, EACH)
            elif payment.state is PaymentState.VOIDED:
                assert (state, paid[payment.key]) == (VoucherState.VOIDED, 0)
            else:
                assert state is VoucherState.RECORDED
            if payment.state is PaymentState.QUEUED:
                assert payment.key not in self.treasury.books

    def end(self) -> None:
        """The treasury behaves: everything comes to an end, and what it paid is what is booked."""
        self.treasury.plan = []
        for _ in range(10):
            self.wait()
            carry(self.office)
        assert waiting(self.office, COUNTY) == []
        self.check()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_two_books_never_contradict(
    one_office: Office, one_hand: Hands, treasury: Treasury, seed: int
) -> None:
    linked(one_office, treasury, failures=4)
    play = Play(one_office, one_hand, treasury, seed)
    for _ in range(40):
        play.act()
    play.end()


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", range(10, 13))
def test_the_two_books_never_contradict_in_the_long_run(
    office: Office, hand: Hands, treasury: Treasury, seed: int
) -> None:
    linked(office, treasury, failures=4)
    play = Play(office, hand, treasury, seed)
    for _ in range(200):
        play.act()
    play.end()
