"""国库支付: a dispatch is sent, settled or voided by the treasury's answer, and never twice."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from registry.actions import checkup
from registry.actions.ledger import confirming
from registry.actions.ledger.recording import record
from registry.actions.office import Answer, Call, Desk, Office
from registry.actions.paying import asking, settling
from registry.actions.paying.asking import CallBackCommand
from registry.actions.paying.carrying import carry, queues
from registry.actions.ticking import system_actor
from registry.domain.audit import Event, Finding
from registry.domain.errors import Refusal
from registry.domain.funds import Voucher, VoucherLine, VoucherState, totals
from registry.domain.paying import NULL, Payment, PaymentState
from registry.domain.request import Request, State
from registry.store.reader import Page
from registry.store.writer import FULL
from tests.actions import case
from tests.actions.case import Hands, voucher
from tests.actions.paid import COUNTY, carried, dispatched, linked, now, of, ordered
from tests.actions.refused import refused
from tests.conftest import Hand, MovingClock
from tests.treasury import WRONG, Treasury, serving

S, V = PaymentState, VoucherState
ABOUT_ANOTHER = ("other_amount", "other_key", "no_reference")
LATER = timedelta(minutes=20)
"""Longer than any pause."""


@pytest.fixture
def treasury() -> Iterator[Treasury]:
    with serving() as made:
        yield made


@pytest.fixture
def sending(one_office: Office, treasury: Treasury) -> Office:
    """SQLite, where the engine does not matter: its payments go to the treasury."""
    linked(one_office, treasury)
    return one_office


@pytest.fixture
def kept(sending: Office, one_hand: Hands) -> Voucher:
    """A dispatch of 3,000.00 whose payment waits to be sent."""
    return dispatched(one_hand, ordered(one_hand), "拨1", 300_000)


def later(office: Office) -> None:
    clock: Any = office.clock
    clock.at += LATER


def findings(office: Office) -> list[Finding]:
    return office.store.reader.find(Finding, COUNTY, code="payment.differs")


def sent_so_far(office: Office) -> int:
    """What the books say was dispatched, 分."""
    lines = office.store.reader.find(VoucherLine, COUNTY)
    return sum(fen for key, fen in totals(lines).items() if key[2].value == "dispatch")


def withdraw(hand: Hands, payment: Payment, by: str = "finance.head") -> Payment:
    command = CallBackCommand(reason="账户写错(演示)")
    done: Payment = hand(by).do(lambda d: asking.call_back(d, payment.id, payment.version, command))
    return done


# ---- kept with the dispatch ----------------------------------------------------------------------


def test_the_act_that_records_a_dispatch_keeps_its_payment(
    office: Office, hand: Hands, treasury: Treasury
) -> None:
    linked(office, treasury)
    kept = dispatched(hand, ordered(hand), "拨1", 300_000)
    payment = of(office, kept)
    assert (payment.state, payment.amount_fen, payment.gateway) == (
        S.QUEUED, 300_000, "demo-treasury",
    )  # fmt: skip
    assert kept.payment_id == payment.id == payment.key
    assert payment.order.voucher_number == "拨1" and payment.order.admission_number
    assert sum(line.amount_fen for line in payment.order.lines) == 300_000
    events = [e for e in _events(office) if kept.id in e.entry]
    assert len(events) == 1 and payment.id in events[0].entry
    assert treasury.heard == [], "nobody is called while an act is open"


def test_only_a_dispatch_is_paid(sending: Office, one_hand: Hands) -> None:
    presence = ordered(one_hand)
    assert sending.store.reader.find(Payment, COUNTY, request_id=presence.request_id) == []


def test_a_refused_dispatch_leaves_no_payment(sending: Office, one_hand: Hands) -> None:
    presence = ordered(one_hand, 100)
    with refused("voucher.exceeds"):
        dispatched(one_hand, presence, "拨1", 101)
    assert sending.store.reader.find(Payment, COUNTY) == []


def test_what_is_being_paid_nobody_confirms_or_voids_by_hand(
    sending: Office, one_hand: Hands, kept: Voucher
) -> None:
    with refused("voucher.paying"):
        one_hand("finance.head").do(lambda d: confirming.confirm(d, kept.id, kept.version))
    command = confirming.VoidCommand(reason="写错")
    with refused("voucher.paying"):
        one_hand("finance.clerk").do(lambda d: confirming.void(d, kept.id, kept.version, command))


# ---- carried -------------------------------------------------------------------------------------


def test_what_the_treasury_pays_is_dispatched(
    office: Office, hand: Hands, treasury: Treasury
) -> None:
    linked(office, treasury)
    kept = dispatched(hand, ordered(hand), "拨1", 300_000)
    payment = carried(office, kept)
    assert (payment.state, payment.attempts) == (S.SETTLED, 1)
    assert payment.reference.startswith("GK-") and str(payment.paid_on) == "2026-03-02"
    after = now(office, kept)
    assert (after.state, after.confirmed_by) == (V.CONFIRMED, "system")
    assert sent_so_far(office) == treasury.left() == 300_000
    assert carry(office) == {} and len(treasury.heard) == 1


def test_what_the_treasury_refuses_is_void_and_may_be_dispatched_anew(
    office: Office, hand: Hands, treasury: Treasury
) -> None:
    linked(office, treasury)
    presence = ordered(hand)
    kept = dispatched(hand, presence, "拨1", 300_000)
    treasury.plan = ["refuse"]
    assert carried(office, kept).state is S.VOIDED
    after = now(office, kept)
    assert (after.state, after.voided_why) == (V.VOIDED, "账户已销户(演示)")
    again = dispatched(hand, presence, "拨2", 300_000)
    assert carried(office, again).state is S.SETTLED
    assert sent_so_far(office) == treasury.left() == 300_000


def test_the_number_of_a_void_dispatch_is_spent(
    sending: Office, one_hand: Hands, kept: Voucher, treasury: Treasury
) -> None:
    treasury.plan = ["refuse"]
    carry(sending)
    presence = case.presence_of(one_hand, _request(sending, kept))
    with refused("voucher.number"):
        dispatched(one_hand, presence, "拨1", 300_000)


def test_what_is_accepted_is_asked_after_until_it_is_paid(
    sending: Office, kept: Voucher, treasury: Treasury
) -> None:
    treasury.plan = ["accept", "accept", "pay"]
    assert carried(sending, kept).state is S.SENT
    assert treasury.left() == 0
    for _ in range(2):
        later(sending)
        payment = carried(sending, kept)
    assert payment.state is S.SETTLED
    assert [h.method for h in treasury.heard] == ["POST", "GET", "GET"]


def test_paid_but_badly_answered_is_settled_when_asked_after_and_paid_once(
    sending: Office, one_hand: Hands, treasury: Treasury
) -> None:
    presence, ways = ordered(one_hand), sorted(set(WRONG) - {*ABOUT_ANOTHER, "twice"})
    for n, way in enumerate(ways, start=1):
        kept = dispatched(one_hand, presence, f"拨{n}", 1000)
        treasury.plan, treasury.heard = [way], []
        assert carried(sending, kept).state is S.SENT, way
        later(sending)
        assert carried(sending, kept).state is S.SETTLED, way
        assert [h.method for h in treasury.heard] == ["POST", "GET"], "asked after, not for again"
        assert sent_so_far(sending) == treasury.left() == n * 1000, way
    assert len(ways) > 12


def test_an_answer_that_comes_twice_is_one_answer(
    sending: Office, one_hand: Hands, treasury: Treasury
) -> None:
    """The second would be read as the answer to the next call, were the line kept open."""
    presence = ordered(one_hand)
    both = [dispatched(one_hand, presence, f"拨{n}", 1000) for n in range(2)]
    treasury.plan = ["twice", "twice"]
    carry(sending)
    assert [of(sending, kept).state for kept in both] == [S.SETTLED] * 2
    assert findings(sending) == []


def test_what_never_came_is_asked_for_again_under_the_same_key(
    sending: Office, one_hand: Hands, treasury: Treasury
) -> None:
    presence = ordered(one_hand)
    for n, way in enumerate(("late", "500", "cut", "429", "garbage"), start=1):
        kept = dispatched(one_hand, presence, f"拨{n}", 1000)
        treasury.plan, treasury.heard = [f"before:{way}"], []
        assert carried(sending, kept).state is S.SENT, way
        assert treasury.left() == (n - 1) * 1000
        later(sending)
        assert carried(sending, kept).state is S.SETTLED, way
        assert [h.method for h in treasury.heard] == ["POST", "GET", "POST"]
        assert {h.body["key"] for h in treasury.posts()} == {of(sending, kept).key}
        assert sent_so_far(sending) == treasury.left() == n * 1000


def test_an_answer_about_something_else_settles_nothing_and_is_found(
    sending: Office, one_hand: Hands, treasury: Treasury
) -> None:
    presence = ordered(one_hand)
    for n, way in enumerate(ABOUT_ANOTHER, start=1):
        kept = dispatched(one_hand, presence, f"拨{n}", 1000)
        treasury.plan = [way, way]
        for _ in range(2):
            assert carried(sending, kept).state is S.SENT, way
            later(sending)
        found = [f for f in findings(sending) if f.closed_on is None]
        assert [(f.object_id, f.facts["amount_fen"]) for f in found] == [(kept.payment_id, 1000)]
        assert now(sending, kept).state is V.RECORDED
        assert carried(sending, kept).state is S.SETTLED
        assert all(f.closed_on for f in findings(sending)), "it answered rightly in the end"


def test_an_act_is_open_at_no_moment_of_a_call(
    office: Office, hand: Hands, treasury: Treasury
) -> None:
    """While the treasury has the payment in hand, others write the county."""
    linked(office, treasury)
    presence = ordered(hand)
    kept = dispatched(hand, presence, "拨1", 200_000)
    seen: list[PaymentState] = []

    def meanwhile(_: str) -> None:
        seen.append(of(office, kept).state)
        dispatched(hand, presence, "拨2", 100_000)

    treasury.taken = meanwhile
    carry(office)
    assert seen == [S.SENT], "act 1 is on the disk before anybody is called"
    treasury.taken = lambda key: None
    carry(office)
    assert sent_so_far(office) == treasury.left() == 300_000


def test_two_workers_at_once_pay_once(office: Office, hand: Hands, treasury: Treasury) -> None:
    linked(office, treasury)
    kept = dispatched(hand, ordered(hand), "拨1", 300_000)
    treasury.taken = lambda key: None if len(treasury.heard) > 1 else void(carry(office))
    carry(office)
    assert (of(office, kept).state, len(treasury.heard)) == (S.SETTLED, 1)


def test_what_one_has_taken_up_another_leaves(
    sending: Office, one_hand: Hands, kept: Voucher, clock: MovingClock
) -> None:
    def take(desk: Desk) -> Answer:
        return settling.send(desk, kept.payment_id or "", clock.at + LATER)

    call = Call(actor=system_actor(COUNTY), county=COUNTY, act="payment.send")
    sending.perform(call, take)
    with refused("payment.taken"):
        sending.perform(call, take)
    with refused("access.forbidden"):
        one_hand("finance.head").do(take)


def test_a_worker_whose_time_ran_out_changes_nothing_that_another_settled(
    office: Office, hand: Hands, treasury: Treasury
) -> None:
    linked(office, treasury)
    kept = dispatched(hand, ordered(hand), "拨1", 300_000)

    def overtaken(_: str) -> None:
        treasury.taken = lambda key: None
        later(office)
        carry(office)

    treasury.taken = overtaken
    carry(office)
    assert (of(office, kept).state, of(office, kept).attempts) == (S.SETTLED, 2)
    assert sent_so_far(office) == treasury.left() == 300_000
    assert findings(office) == []


def test_an_answer_that_cannot_be_recorded_is_asked_for_again_and_holds_nobody_up(
    sending: Office, one_hand: Hands, treasury: Treasury, monkeypatch: pytest.MonkeyPatch
) -> None:
    presence = ordered(one_hand)
    both = [dispatched(one_hand, presence, f"拨{n}", 1000) for n in range(2)]
    settled = settling.settled

    def full(desk: Desk, voucher: Voucher, lines: list[VoucherLine]) -> Answer:
        if voucher.id == both[0].id:
            raise Refusal(FULL)
        return settled(desk, voucher, lines)

    monkeypatch.setattr(settling, "settled", full)
    carry(sending)
    assert [of(sending, kept).state for kept in both] == [S.SENT, S.SETTLED]
    monkeypatch.undo()
    later(sending)
    assert carried(sending, both[0]).state is S.SETTLED
    assert sent_so_far(sending) == treasury.left() == 2000


# ---- patience ------------------------------------------------------------------------------------


def test_a_pause_lies_between_two_calls_and_is_never_shorter_than_the_treasury_asks(
    sending: Office, kept: Voucher, treasury: Treasury, clock: MovingClock
) -> None:
    treasury.plan = ["before:429"]
    payment = carried(sending, kept)
    assert payment.next_at is not None and payment.next_at - clock.at >= timedelta(seconds=120)
    carry(sending)
    assert len(treasury.heard) == 1


def test_a_treasury_that_is_down_is_left_alone_and_what_waits_stays_queued(
    one_office: Office, one_hand: Hands, treasury: Treasury
) -> None:
    linked(one_office, treasury, failures=2)
    presence = ordered(one_hand)
    many = [dispatched(one_hand, presence, f"拨{n}", 1000) for n in range(5)]
    treasury.plan = ["before:503"] * 2
    carry(one_office)
    states = [of(one_office, kept).state for kept in many]
    assert sorted(states) == [S.QUEUED] * 3 + [S.SENT] * 2 and len(treasury.heard) == 2
    carry(one_office)
    assert len(treasury.heard) == 2, "it rests"
    later(one_office)
    carry(one_office)
    assert {of(one_office, kept).state for kept in many} == {S.SETTLED}
    assert sent_so_far(one_office) == treasury.left() == 5000


def test_the_queue_is_told_with_the_age_of_its_oldest(
    sending: Office, kept: Voucher, clock: MovingClock
) -> None:
    clock.at += timedelta(seconds=90)
    assert queues(sending) == {COUNTY: (1, 90.0)}
    assert waits(sending) == (None, "1 笔未有结果，最早一笔自 2026-03-02 12:00")
    carry(sending)
    assert queues(sending) == {COUNTY: (0, 0)}
    assert waits(sending) == (True, "没有等待的")


def waits(office: Office) -> tuple[bool | None, str]:
    """What the check-up says of the payments of the county."""
    told = checkup.checks(office, Hand(office, "sys.admin").actor)
    (found,) = [one for one in told if one.name == f"payments {COUNTY}"]
    return found.ok, found.zh


# ---- people --------------------------------------------------------------------------------------


def test_whoever_is_sent_for_again_is_asked_at_once(
    sending: Office, one_hand: Hands, kept: Voucher, treasury: Treasury
) -> None:
    treasury.plan = ["cut"]
    waiting = carried(sending, kept)
    assert waiting.next_at is not None
    one_hand("finance.clerk").do(lambda d: asking.retry(d, waiting.id))
    assert carried(sending, kept).state is S.SETTLED
    assert treasury.left() == 300_000


def test_the_treasury_may_say_ten_times_that_it_has_news(
    sending: Office, kept: Voucher, treasury: Treasury
) -> None:
    """Its call is a reason to ask, never an answer: repeated, it pays nothing twice."""
    treasury.plan = ["accept"]
    waiting = carried(sending, kept)
    caller = treasury_hand(sending)
    for n in range(10):
        caller.do(lambda d: asking.retry(d, waiting.id), key=f"news-{n // 2}")
    assert carried(sending, kept).state is S.SETTLED
    assert treasury.left() == 300_000
    with refused("payment.over"):
        caller.do(lambda d: asking.retry(d, waiting.id))


def test_what_nobody_was_called_for_is_void_at_once(
    sending: Office, one_hand: Hands, kept: Voucher, treasury: Treasury
) -> None:
    done = withdraw(one_hand, of(sending, kept))
    assert (done.state, now(sending, kept).voided_why) == (S.VOIDED, "账户写错(演示)")
    later(sending)
    assert carry(sending) == {} and treasury.heard == []


@pytest.mark.parametrize("way", ["before:cut", "before:late"])
def test_what_never_came_is_called_back_at_the_treasury_before_it_is_void(
    sending: Office, one_hand: Hands, kept: Voucher, treasury: Treasury, *, way: str
) -> None:
    treasury.plan = [way]
    asked = withdraw(one_hand, carried(sending, kept))
    assert (asked.state, asked.calling_back) == (S.SENT, True)
    assert carried(sending, kept).state is S.VOIDED
    assert now(sending, kept).voided_why == "账户写错(演示)"
    # The first call comes in at last, long on its way: it finds the key called back.
    line = sending.treasuries.of(COUNTY)
    assert line is not None
    line.treasury.pay(of(sending, kept))
    assert sent_so_far(sending) == treasury.left() == 0


@pytest.mark.parametrize("way", ["late", "cut", "500"])
def test_what_was_paid_is_not_called_back(
    sending: Office, one_hand: Hands, kept: Voucher, treasury: Treasury, *, way: str
) -> None:
    treasury.plan = [way]
    withdraw(one_hand, carried(sending, kept))
    assert carried(sending, kept).state is S.SETTLED
    assert sent_so_far(sending) == treasury.left() == 300_000


def test_calling_back_waits_for_an_answer(
    sending: Office, one_hand: Hands, kept: Voucher, treasury: Treasury
) -> None:
    treasury.plan = ["before:cut", "before:cut", "before:500", "before:404"]
    withdraw(one_hand, carried(sending, kept))
    for _ in range(3):
        assert carried(sending, kept).state is S.SENT
        later(sending)
    assert now(sending, kept).state is V.RECORDED
    assert carried(sending, kept).state is S.VOIDED
    assert treasury.left() == 0


def test_what_is_over_is_neither_asked_after_nor_called_back(
    sending: Office, one_hand: Hands, kept: Voucher
) -> None:
    payment = carried(sending, kept)
    with refused("payment.over"):
        withdraw(one_hand, payment)
    with refused("payment.over"):
        one_hand("finance.clerk").do(lambda d: asking.retry(d, payment.id))


@pytest.mark.parametrize("by", ["finance.clerk", "dept.head", "community.head", "auditor"])
def test_only_the_head_of_finance_calls_back(
    sending: Office, one_hand: Hands, kept: Voucher, by: str
) -> None:
    with refused("access.forbidden"):
        withdraw(one_hand, of(sending, kept), by)


def test_nobody_of_another_street_knows_of_it(
    sending: Office, one_hand: Hands, kept: Voucher
) -> None:
    payment = of(sending, kept)
    for by in ("street2.clerk", "community2.worker"):
        with refused("access.hidden"):
            one_hand(by).do(lambda d: asking.retry(d, payment.id))


def test_a_payment_that_was_seen_otherwise_is_not_called_back(
    sending: Office, one_hand: Hands, kept: Voucher, treasury: Treasury
) -> None:
    before = of(sending, kept)
    treasury.plan = ["cut"]
    carry(sending)
    with refused("version.stale"):
        withdraw(one_hand, before)


def test_an_admission_that_is_gone_does_not_undo_what_was_paid(
    sending: Office, one_hand: Hands, kept: Voucher, treasury: Treasury
) -> None:
    """The request ends while the treasury pays: what happened is recorded as it happened."""
    treasury.plan = ["cut"]
    carry(sending)

    def ended(desk: Desk) -> Answer:
        request = desk.unit.get(Request, kept.request_id or "")
        return Answer(body=desk.unit.change(request, state=State.REVOKED))

    one_hand("county.head").do(ended)
    later(sending)
    assert carried(sending, kept).state is S.SETTLED
    assert sent_so_far(sending) == treasury.left() == 300_000


# ---- no gateway ----------------------------------------------------------------------------------


def test_without_a_gateway_the_payment_says_so_and_people_confirm(
    office: Office, hand: Hands
) -> None:
    presence = ordered(hand)
    command = voucher(presence, "dispatch", "拨1", 300_000)
    view = hand("finance.clerk").do(lambda d: record(d, command))
    assert view.payment.gateway == NULL and "没有发送" in view.payment.said
    assert view.voucher.payment_id is None
    assert carry(office) == {} and queues(office) == {}
    hand("finance.head").do(lambda d: confirming.confirm(d, view.voucher.id, view.voucher.version))
    payment = of(office, view.voucher)
    assert (payment.state, payment.attempts, payment.gateway) == (S.SETTLED, 0, NULL)
    assert sent_so_far(office) == 300_000


def test_a_dispatch_voided_by_hand_ends_the_payment_that_nobody_carries(
    one_office: Office, one_hand: Hands
) -> None:
    kept = dispatched(one_hand, ordered(one_hand), "拨1", 100)
    command = confirming.VoidCommand(reason="写错")
    one_hand("finance.clerk").do(lambda d: confirming.void(d, kept.id, kept.version, command))
    assert of(one_office, kept).state is S.VOIDED


def test_what_no_gateway_carries_is_not_asked_after(
    one_office: Office, one_hand: Hands, treasury: Treasury
) -> None:
    kept = dispatched(one_hand, ordered(one_hand), "拨1", 100)
    with refused("payment.null"):
        one_hand("finance.clerk").do(lambda d: asking.retry(d, of(one_office, kept).id))
    linked(one_office, treasury)
    later(one_office)
    assert carry(one_office) == {} and treasury.heard == [], "a gateway takes up nothing older"


def void(_: object) -> None:
    """Nothing of it is wanted."""


def _events(office: Office) -> list[Event]:
    return office.store.reader.events([COUNTY], {}, Page(limit=10_000))


def _request(office: Office, kept: Voucher) -> Request:
    return office.store.reader.find(Request, COUNTY, id=kept.request_id)[0]


def treasury_hand(office: Office) -> Hand:
    """The treasury's own program, which may say that it has news and nothing else."""
    hand = Hand(office, "finance.clerk")
    posts = [msgspec.structs.replace(p, role="treasury.system") for p in hand.actor.posts]
    hand.actor = msgspec.structs.replace(hand.actor, posts=posts)
    return hand
