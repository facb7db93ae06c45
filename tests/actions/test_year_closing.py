"""年终结转: what is left goes on once, of its own year; a closed year takes no more entries."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import msgspec
import pytest

from registry.actions.ledger import confirming, recording
from registry.actions.office import Office
from registry.actions.ticking import tick
from registry.actions.years import closing, rehearsing
from registry.domain.accounts import Account, VoucherStage, balances
from registry.domain.audit import Finding
from registry.domain.closing import YearClosing, opened_by
from registry.domain.funds import Voucher, VoucherState, flows
from registry.domain.presence import Presence
from registry.domain.records import FEN_MAX
from tests.actions import case, ledgered, yearly
from tests.actions.case import Hands
from tests.actions.refused import refused
from tests.actions.yearly import HOME, NEW_YEAR, closed, lines, rehearsed
from tests.conftest import Hand, MovingClock


@pytest.fixture
def presence(one_hand: Hands) -> Presence:
    """Granted 800 000 分, 300 000 of it with the community; nothing spent."""
    return with_money(one_hand)


def with_money(hand: Hands) -> Presence:
    request = case.admitted(hand)
    place = case.presence_of(hand, request)
    case.funded(hand, place, 300_000)
    return place


def held(hand: Hands, presence: Presence, year: int) -> dict[Account, int]:
    """What stands in each account of a matter in a year, nothing left out."""
    found = balances(flows(lines(hand, presence_id=presence.id, year=year)))
    return {slot.account: fen for slot, fen in found.items() if fen}


def test_what_arrived_goes_on_and_what_was_never_sent_stays_behind(
    hand: Hands, clock: MovingClock
) -> None:
    place = with_money(hand)
    clock.at = NEW_YEAR
    made = closed(hand, 2026)
    assert (made.carried_fen, made.remitted_fen, made.lapsed_fen) == (300_000, 0, 500_000)
    assert (made.chain.approved_fen, made.chain.carried_out_fen) == (800_000, 300_000)
    assert (made.chain.balance_fen, made.chain.community_fen) == (0, 300_000)
    new = lines(hand, presence_id=place.id, year=2027)
    (line,) = new
    assert (line.stage, line.source_year) == (VoucherStage.CARRY_IN, 2026)
    assert (line.funding_key, line.request_id) == ("F1", place.request_id)
    assert held(hand, place, 2027)[Account.COMMUNITY] == 300_000
    assert held(hand, place, 2026)[Account.PLEDGED] == 500_000


def test_closing_again_carries_nothing_twice(hand: Hands, clock: MovingClock) -> None:
    place = with_money(hand)
    clock.at = NEW_YEAR
    first = closed(hand, 2026)
    again = closed(hand, 2026, by="finance.head")
    assert again == first
    assert len(lines(hand, presence_id=place.id, year=2027)) == 1


def test_two_who_close_at_once_carry_once(hand: Hands, office: Office, clock: MovingClock) -> None:
    place = with_money(hand)
    clock.at = NEW_YEAR
    command = closing.CloseCommand(organisation_id=HOME, year=2026)
    people = [hand(name) for name in ("finance.clerk", "finance.head")] * 3

    def one(person: Hand) -> YearClosing:
        made: YearClosing = person.do(lambda d: closing.close(d, command))
        return made

    with ThreadPoolExecutor(6) as pool:
        made = list(pool.map(one, people))
    assert len({(m.id, m.version, m.carried_fen) for m in made}) == 1
    assert sum(x.amount_fen for x in lines(hand, presence_id=place.id, year=2027)) == 300_000
    assert len(office.store.reader.find(YearClosing, "990102")) == 1


def test_a_year_is_not_closed_before_it_is_over(one_hand: Hands, presence: Presence) -> None:
    with refused("year.running"):
        closed(one_hand, 2026)


def test_what_waits_for_confirmation_is_settled_first(
    one_hand: Hands, presence: Presence, clock: MovingClock
) -> None:
    order = case.voucher(presence, "order", "令2", 100)
    one_hand("dept.head").do(lambda d: recording.record(d, order))
    sent = case.voucher(presence, "dispatch", "拨等", 100)
    kept = one_hand("finance.clerk").do(lambda d: recording.record(d, sent)).voucher
    clock.at = NEW_YEAR
    with refused("year.waiting") as info:
        closed(one_hand, 2026)
    assert "拨等" in info.value.facts["numbers"]
    one_hand("finance.head").do(lambda d: confirming.confirm(d, kept.id, kept.version))
    made = closed(one_hand, 2026)
    assert made.carried_fen == 300_100
    assert held(one_hand, presence, 2027)[Account.TRANSIT] == 100


def test_a_closed_year_takes_no_more_entries(
    one_hand: Hands, presence: Presence, clock: MovingClock
) -> None:
    clock.at = NEW_YEAR
    closed(one_hand, 2026)
    late = case.voucher(presence, "refund", "退1", 100)
    late = msgspec.structs.replace(
        late, lines=[msgspec.structs.replace(late.lines[0], at=Account.COMMUNITY)],
        dated_on=date(2026, 12, 30),
    )  # fmt: skip
    with refused("voucher.year_closed"):
        one_hand("community.cashier").do(lambda d: recording.record(d, late))


def test_what_was_carried_over_is_handed_in_from_the_new_year(
    one_hand: Hands, presence: Presence, clock: MovingClock
) -> None:
    clock.at = NEW_YEAR
    closed(one_hand, 2026)
    yearly.given_back(one_hand, presence, 120_000, "F1", year=2027)
    assert held(one_hand, presence, 2027)[Account.COMMUNITY] == 180_000
    with refused("voucher.exceeds"):
        yearly.given_back(one_hand, presence, 180_001, "F1", year=2027)


def test_money_carried_over_as_often_as_the_pack_allows_is_told_and_held_for_handing_in(
    one_hand: Hands, presence: Presence, clock: MovingClock
) -> None:
    clock.at = NEW_YEAR
    closed(one_hand, 2026)
    clock.at = datetime(2028, 1, 5, 2, 0, tzinfo=UTC)
    assert closed(one_hand, 2027).remitted_fen == 0
    clock.at = datetime(2029, 1, 5, 2, 0, tzinfo=UTC)
    made = closed(one_hand, 2028)
    assert (made.carried_fen, made.remitted_fen) == (300_000, 300_000)
    reader = one_hand("auditor").office.store.reader
    (told,) = reader.find(Finding, "990102", code="year.surplus_due")
    assert told.facts["amount_fen"] == 300_000
    (waiting,) = reader.find(Voucher, "990102", stage="surplus")
    assert (waiting.state, waiting.fiscal_year) == (VoucherState.RECORDED, 2029)
    with refused("voucher.exceeds"):
        yearly.given_back(one_hand, presence, 1, "F1", year=2029)
    with refused("access.forbidden"):
        one_hand("finance.clerk").do(lambda d: confirming.confirm(d, waiting.id, waiting.version))
    one_hand("finance.head").do(lambda d: confirming.confirm(d, waiting.id, waiting.version))
    assert held(one_hand, presence, 2029)[Account.REMITTED] == 300_000
    tick(one_hand("auditor").office)
    assert reader.get(Finding, "990102", told.id).closed_on is not None


def test_what_was_there_before_is_carried_apart_from_what_is_new(
    one_hand: Hands, clock: MovingClock
) -> None:
    old = yearly.opened(one_hand)
    clock.at = NEW_YEAR
    made = closed(one_hand, 2026)
    assert made.carried_fen == 1_200_000
    (line,) = lines(one_hand, presence_id=old.id, year=2027)
    assert (opened_by(line.funding_key), line.source_year) == ("o-990102-civil", 2025)
    assert line.request_id is None


def test_where_no_pack_says_what_becomes_of_it_nothing_is_closed(
    one_hand: Hands, presence: Presence, clock: MovingClock
) -> None:
    clock.at = NEW_YEAR
    with refused("year.unruled"):
        closed(one_hand, 2001)


def test_the_rehearsal_says_what_the_closing_does_and_records_nothing(
    one_hand: Hands, one_office: Office, presence: Presence, clock: MovingClock
) -> None:
    before = one_office.store.reader.head("990102")
    told = rehearsed(one_hand, 2026)
    (mine,) = [c for c in told.communities if c.organisation_id == HOME]
    assert (mine.carried_fen, mine.lapsed_fen, mine.closed) == (300_000, 500_000, False)
    assert [e.presence_id for e in mine.ending] == [presence.id]
    assert (told.turning.over, told.turning.calendar) == (False, False)
    assert [c.code for c in told.communities] == sorted(c.code for c in told.communities)
    assert one_office.store.reader.head("990102") == before
    clock.at = NEW_YEAR
    made = closed(one_hand, 2026)
    assert (made.carried_fen, made.lapsed_fen) == (mine.carried_fen, mine.lapsed_fen)


def test_where_books_are_large_an_answer_tells_fewer_communities_and_leads_on(
    one_hand: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_money(one_hand)
    whole = rehearsed(one_hand, 2026, limit=512)
    assert whole.next is None and len(whole.communities) > 2
    monkeypatch.setattr(rehearsing, "ENOUGH", 1)
    found, after, answers = [], "", 0
    while after is not None:
        told = rehearsed(one_hand, 2026, after=after, limit=512)
        found, after, answers = found + told.communities, told.next, answers + 1
    assert found == whole.communities
    assert 1 < answers < len(found), "one ends behind the books, and not behind each community"


def test_what_is_open_is_told_as_it_stands_after_each_act(one_hand: Hands) -> None:
    def told() -> dict[str, int]:
        return {s.value: n for s, n in rehearsed(one_hand, 2026).turning.open_requests.items()}

    before = told()
    draft = case.drafted(one_hand)
    assert told() == before | {"draft": before.get("draft", 0) + 1}
    case.submitted(one_hand, draft)
    assert told() == before | {"submitted": before.get("submitted", 0) + 1}


def test_the_rehearsal_tells_what_waits_also_where_nothing_would_be_carried(
    one_hand: Hands, clock: MovingClock
) -> None:
    presence = case.presence_of(one_hand, case.admitted(one_hand))
    order = case.voucher(presence, "order", "令1", 100)
    one_hand("dept.head").do(lambda d: recording.record(d, order))
    sent = case.voucher(presence, "dispatch", "拨等", 100)
    one_hand("finance.clerk").do(lambda d: recording.record(d, sent))
    clock.at = NEW_YEAR
    (mine,) = [c for c in rehearsed(one_hand, 2026).communities if c.organisation_id == HOME]
    assert mine.carried_fen == 0
    assert mine.obstacle == "year.waiting"
    assert "拨等" in mine.obstacle_zh
    with refused("year.waiting"):
        closed(one_hand, 2026)


def test_an_earlier_year_is_closed_before_a_later_one(
    one_hand: Hands, presence: Presence, clock: MovingClock
) -> None:
    clock.at = datetime(2028, 1, 5, 2, 0, tzinfo=UTC)
    with refused("year.before") as info:
        closed(one_hand, 2027)
    assert info.value.facts["before"] == 2026


@pytest.mark.parametrize("who", ["street.head", "community.head", "dept.head", "auditor"])
def test_only_finance_closes_a_year(
    one_hand: Hands, presence: Presence, clock: MovingClock, who: str
) -> None:
    clock.at = NEW_YEAR
    with refused("access.forbidden"):
        closed(one_hand, 2026, by=who)


def test_what_is_carried_together_is_more_than_a_voucher_may_hold_and_goes_on_in_several(
    one_hand: Hands, clock: MovingClock
) -> None:
    """Each amount is within the greatest one, and together they are beyond it (E1)."""
    place = with_money(one_hand)
    ledgered.booked(one_hand, "advance", place, FEN_MAX)
    clock.at = NEW_YEAR
    made = closed(one_hand, 2026)
    assert held(one_hand, place, 2027)[Account.ADVANCED] == FEN_MAX
    assert held(one_hand, place, 2027)[Account.COMMUNITY] == 300_000
    vouchers = one_hand("auditor").office.store.reader.find(Voucher, "990102", id=made.vouchers)
    assert sorted(v.total_fen for v in vouchers) == [300_000, 300_000, FEN_MAX, FEN_MAX]
