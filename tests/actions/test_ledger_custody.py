"""P5、E7: custody changes from a day on; what was under way before goes on as it was sent."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from registry.actions.ledger import books, custody
from registry.actions.office import Answer, Call
from registry.domain.budget import CustodyTerm
from registry.domain.instrument import Instrument
from registry.domain.presence import Presence
from registry.domain.vocabulary import Custody
from tests.actions import case
from tests.actions.case import Hands, admitted
from tests.actions.ledgered import booked, chain_now, command, confirmed, entry, recorded
from tests.actions.refused import refused
from tests.conftest import MovingClock

BODY = "o-990102001001"


@pytest.fixture
def presence(hand: Hands) -> Presence:
    return case.presence_of(hand, admitted(hand))


def paper(hand: Hands) -> str:
    kept = Instrument(
        county="990102", id="ins-custody", document_number="演财〔2026〕5号", title="演示",
        issuer="演示", issued_on=date(2026, 3, 1), effective_on=date(2026, 3, 1),
    )  # fmt: skip

    def there(desk: Any) -> Answer:
        return Answer(body=desk.unit.maybe(Instrument, kept.id) or desk.unit.add(kept))

    return str(hand("county.office").do(there).id)


def change(
    hand: Hands, to: Custody, since: str, *, by: str = "county.office", body: str = BODY
) -> CustodyTerm:
    order = custody.CustodyCommand(
        organisation_id=body, custody=to, since=date.fromisoformat(since),
        instrument_id=paper(hand),
    )  # fmt: skip
    made: CustodyTerm = hand(by).do(lambda d: custody.change(d, order))
    return made


def on(clock: MovingClock, day: int) -> dict[str, str]:
    clock.at = datetime(2026, 3, day, 4, 0, tzinfo=UTC)
    return {"dated_on": f"2026-03-{day:02}"}


def test_from_its_day_on_money_no_longer_stops_at_the_street(
    hand: Hands, presence: Presence, clock: MovingClock
) -> None:
    booked(hand, "order", presence, 900)
    change(hand, Custody.OWN_ACCOUNT, "2026-03-05")
    booked(hand, "dispatch", presence, 100, **on(clock, 4))
    booked(hand, "dispatch", presence, 200, **on(clock, 6))
    wrong = command("street_arrival", entry(presence, 101), **on(clock, 6))
    with refused("voucher.custody") as told:
        recorded(hand, "street.clerk", wrong)
    assert told.value.facts == {"street_fen": 100, "direct_fen": 200}
    booked(hand, "street_arrival", presence, 100, **on(clock, 6))
    booked(hand, "community_arrival", presence, 200, **on(clock, 6))
    had = chain_now(hand, presence)
    assert (had.held_fen, had.balance_fen, had.transit_fen) == (100, 200, 0)


def test_e7_what_a_street_holds_it_passes_on_though_the_custody_has_changed(
    hand: Hands, presence: Presence, clock: MovingClock
) -> None:
    for stage in ("order", "dispatch", "street_arrival"):
        booked(hand, stage, presence, 500)
    change(hand, Custody.OWN_ACCOUNT, "2026-03-05")
    booked(hand, "community_arrival", presence, 300, **on(clock, 6))
    booked(hand, "community_arrival", presence, 200, **on(clock, 6), entry={"at": "street"})
    assert chain_now(hand, presence).held_fen == 0
    assert chain_now(hand, presence).balance_fen == 500
    booked(hand, "refund", presence, 500, **on(clock, 6))
    assert chain_now(hand, presence).refunded_fen == 500


def test_money_sent_to_the_community_itself_arrives_there_though_the_street_keeps_it_now(
    hand: Hands, presence: Presence, clock: MovingClock
) -> None:
    change(hand, Custody.OWN_ACCOUNT, "2026-03-02")
    booked(hand, "order", presence, 700)
    booked(hand, "dispatch", presence, 300)
    change(hand, Custody.STREET_CUSTODY, "2026-03-05")
    booked(hand, "dispatch", presence, 400, **on(clock, 6))
    with refused("voucher.custody"):
        booked(hand, "community_arrival", presence, 301, **on(clock, 6))
    booked(hand, "community_arrival", presence, 300, **on(clock, 6))
    with refused("voucher.custody"):
        booked(hand, "community_arrival", presence, 1, **on(clock, 6), entry={"at": "transit"})
    for stage in ("street_arrival", "community_arrival"):
        booked(hand, stage, presence, 400, **on(clock, 7))
    assert chain_now(hand, presence).balance_fen == 700


def test_what_is_dated_before_the_change_stands_under_the_old_custody(
    hand: Hands, presence: Presence, clock: MovingClock
) -> None:
    change(hand, Custody.DIRECT_PAY, "2026-03-05")
    booked(hand, "order", presence, 900)
    booked(hand, "dispatch", presence, 300, **on(clock, 4))
    sent = command("dispatch", entry(presence, 400), **on(clock, 6))
    kept = recorded(hand, "finance.clerk", sent, spends=True)
    confirmed(hand, "finance.head", kept)
    had = chain_now(hand, presence)
    assert (had.transit_fen, had.spent_fen) == (300, 400)


def test_no_change_reaches_back_behind_a_voucher_or_another_change(
    hand: Hands, presence: Presence
) -> None:
    booked(hand, "order", presence, 100)
    booked(hand, "dispatch", presence, 100)
    with refused("custody.since") as told:
        change(hand, Custody.OWN_ACCOUNT, "2026-03-02")
    assert told.value.facts["last"] == "2026-03-02"
    first = change(hand, Custody.OWN_ACCOUNT, "2026-03-03")
    with refused("custody.since"):
        change(hand, Custody.STREET_CUSTODY, "2026-03-03")
    with refused("custody.same"):
        change(hand, Custody.OWN_ACCOUNT, "2026-03-09")
    change(hand, Custody.STREET_CUSTODY, "2026-03-09")
    (before,) = hand("auditor").office.store.reader.find(CustodyTerm, "990102", id=first.id)
    assert before.until == date(2026, 3, 8)


def test_office_and_finance_change_it_and_no_community_or_street(hand: Hands) -> None:
    for by in ("community.head", "street.head", "dept.head"):
        with refused("access.forbidden"):
            change(hand, Custody.OWN_ACCOUNT, "2026-03-05", by=by)
    assert change(hand, Custody.OWN_ACCOUNT, "2026-03-05", by="finance.head").recorded_by
    with refused("organisation.unknown"):
        change(hand, Custody.OWN_ACCOUNT, "2026-03-05", body="o-990102001")


def test_the_chain_is_told_with_the_custody_of_today_and_new_matters_begin_under_it(
    hand: Hands, presence: Presence
) -> None:
    def told(id: str) -> Custody:
        person = hand("community.head")
        call = Call(actor=person.actor, county="990102", act=books.READ)
        return books.of_presence(person.office, call, id).custody

    assert told(presence.id) is Custody.STREET_CUSTODY
    change(hand, Custody.OWN_ACCOUNT, "2026-03-02")
    assert told(presence.id) is Custody.OWN_ACCOUNT
    fresh = case.presence_of(hand, admitted(hand, title="楼道灯具第二次编号"))
    assert fresh.custody is Custody.OWN_ACCOUNT


def test_money_that_came_two_ways_has_arrived_once_each(
    hand: Hands, presence: Presence, clock: MovingClock
) -> None:
    from registry.domain.funds import arrived
    from tests.actions.ledgered import lines_of

    booked(hand, "order", presence, 900)
    booked(hand, "dispatch", presence, 100)
    change(hand, Custody.OWN_ACCOUNT, "2026-03-05")
    booked(hand, "dispatch", presence, 200, **on(clock, 6))
    booked(hand, "street_arrival", presence, 100, **on(clock, 6))
    booked(hand, "community_arrival", presence, 200, **on(clock, 6))
    lines = lines_of(hand, presence)
    assert (arrived(lines, "street"), arrived(lines, "community")) == (300, 200)
