"""资金链查询: who may read a matter's vouchers reads its chain, communities by code, nobody's else."""

import pytest

from registry.actions.ledger import books
from registry.actions.office import Call
from registry.domain.accounts import Account
from registry.domain.presence import Presence
from tests.actions.case import Hands, admitted
from tests.actions.ledgered import booked, command, entry, recorded
from tests.actions.refused import refused

BOTH = {"targets": ["990102001005", "990102001001"]}


@pytest.fixture
def both(hand: Hands) -> list[Presence]:
    request = admitted(hand, **BOTH)
    found = hand("auditor").office.store.reader.find(Presence, "990102", request_id=request.id)
    held = sorted(found, key=lambda p: p.area_id)
    booked(hand, "order", held[0], 70_000)
    booked(hand, "dispatch", held[0], 50_000)
    recorded(hand, "street.clerk", command("street_arrival", entry(held[0], 20_000)))
    return held


def call(hand: Hands, by: str) -> Call:
    return Call(actor=hand(by).actor, county="990102", act=books.READ)


def of_presence(hand: Hands, by: str, presence: Presence) -> books.PresenceFunds:
    return books.of_presence(hand(by).office, call(hand, by), presence.id)


def of_request(hand: Hands, by: str, presence: Presence) -> books.RequestFunds:
    query = books.FundsQuery(request_id=presence.request_id or "")
    return books.of_request(hand(by).office, call(hand, by), query)


def test_the_chain_of_a_matter_with_what_stands_in_every_account(
    hand: Hands, both: list[Presence]
) -> None:
    told = of_presence(hand, "community.head", both[0])
    (line,) = told.lines
    had = line.chain
    assert (had.approved_fen, had.ordered_fen, had.dispatched_fen) == (400_000, 70_000, 50_000)
    held = {a.account: (a.balance_fen, a.free_fen) for a in line.accounts}
    assert held[Account.PLEDGED] == (330_000, 330_000)
    assert held[Account.ORDERED] == (20_000, 20_000)
    assert held[Account.TRANSIT] == (50_000, 30_000), "what waits is taken out already"
    assert Account.SOURCE not in held
    assert (line.payer_id, told.share_fen) == ("o-990102-civil", 400_000)


def test_the_communities_of_a_request_stand_in_the_order_of_their_codes(
    hand: Hands, both: list[Presence]
) -> None:
    told = of_request(hand, "dept.head", both[0])
    assert [c.code for c in told.communities] == ["990102001001", "990102001005"]
    assert [c.chain.approved_fen for c in told.communities] == [400_000, 400_000]
    assert told.total.approved_fen == 800_000 and told.total.ordered_fen == 70_000
    assert told.snapshot > 0


def test_a_community_reads_its_own_chain_and_nothing_of_its_neighbours(
    hand: Hands, both: list[Presence]
) -> None:
    told = of_request(hand, "community.head", both[0])
    assert [c.code for c in told.communities] == ["990102001001"]
    assert told.total.approved_fen == 400_000
    with refused("access.hidden"):
        of_presence(hand, "community.head", both[1])
    for by in ("street2.clerk", "community2.head", "dept2.head"):
        with refused("access.hidden"):
            of_presence(hand, by, both[0])
        with refused("access.hidden"):
            of_request(hand, by, both[0])


def test_what_is_not_there_is_hidden_as_what_may_not_be_seen(
    hand: Hands, both: list[Presence]
) -> None:
    with refused("access.hidden"):
        books.of_presence(hand("auditor").office, call(hand, "auditor"), "prs-none")
    query = books.FundsQuery(request_id="req-none")
    with refused("access.hidden"):
        books.of_request(hand("auditor").office, call(hand, "auditor"), query)
