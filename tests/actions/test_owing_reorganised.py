"""机构变动与在途资金: open money goes with the matter to its heir, and every total is kept (P15)."""

from typing import Any

from registry.actions.owing.arrears import MoneyQuery, arrears
from registry.actions.owing.holding import release
from registry.actions.owing.holdings import holdings
from registry.domain.closing import Hold
from registry.domain.funds import Voucher, VoucherLine
from registry.domain.living import Departure
from tests.actions.case import Hands, admitted, presence_of
from tests.actions.decided import now, rows
from tests.actions.lived import begun, left
from tests.actions.owed import agreed_to, drawn, held, moved, refunded, sent
from tests.actions.reorganised import COUNTY, astray, carried_out, sound
from tests.conftest import Hand

CIVIL, URBAN = "o-990102-civil", "o-990102-urban"
STREETS: dict[str, Any] = {
    "kind": "merge", "object_kind": "area", "sources": ["a-990102001000"],
    "successors": [{"id": "a-990102002000"}],
}  # fmt: skip
MERGE: dict[str, Any] = {
    "kind": "merge", "object_kind": "organisation", "sources": [CIVIL],
    "successors": [{"id": URBAN}],
}  # fmt: skip


def figures(office: Any) -> list[tuple[Any, ...]]:
    """Everything the auditor reads of money, whoever it stands under."""
    actor = Hand(office, "auditor").actor
    rows_ = [
        (r.presence_id, r.funding_key, r.year, r.promised_fen, r.sent_fen, r.arrived_fen,
         r.held_fen, r.passed_on_fen, r.spent_fen, r.missing_fen)
        for r in arrears(office, actor, MoneyQuery(limit=500)).items
    ]  # fmt: skip
    return [*rows_, ("held", holdings(office, actor, MoneyQuery()).total_fen)]


def test_what_a_dissolved_street_held_its_successor_holds_and_passes_on(
    office: Any, hand: Hands
) -> None:
    presence = presence_of(hand, admitted(hand))
    sent(hand, presence, 300_000, to="street_arrival")
    kept = held(hand, presence, 100_000)
    before, papers = figures(office), rows(hand, VoucherLine)
    carried_out(hand, **STREETS)
    assert figures(office) == before
    assert [x.amount_fen for x in rows(hand, VoucherLine)] == [x.amount_fen for x in papers]
    hold = now(hand, kept)
    assert isinstance(hold, Hold) and hold.organisation_id == "o-990102002"
    new = Hand(office, "street2.head")
    assert holdings(office, new.actor, MoneyQuery()).total_fen == 300_000
    moved(hand, presence, "community_arrival", 250_000)
    assert now(hand, kept).amount_fen == 50_000
    new.do(lambda d: release(d, kept.id, now(hand, kept).version))
    old = [v for v in rows(hand, Voucher) if v.stage == "street_arrival"]
    assert [v.issuer_id for v in old] == ["o-990102001"], "old papers print old names"
    assert not astray(office) and sound(office)


def test_what_is_owed_to_a_dissolved_payer_is_cleared_with_its_successor(
    one_office: Any, one_hand: Hands
) -> None:
    presence = begun(one_hand)
    left(one_hand, presence)
    clearance = drawn(one_hand, presence, quantity=250)
    before = figures(one_office)
    carried_out(one_hand, **MERGE)
    assert figures(one_office) == before
    assert now(one_hand, clearance).payer_id == URBAN
    agreed_to(one_hand, clearance)
    (waiting,) = rows(one_hand, Departure, presence_id=presence.id)
    assert waiting.money_settled_on is None
    refunded(one_hand, presence, 100_000)
    (after,) = rows(one_hand, Departure, presence_id=presence.id)
    assert after.money_settled_on is not None
    lines = rows(one_hand, VoucherLine, presence_id=presence.id)
    flows = sum(x.amount_fen for x in lines if x.credit == "source")
    back = sum(x.amount_fen for x in lines if x.debit == "source")
    assert flows - back == 200_000, "what was earned is what is granted"
    assert one_office.store.reader.many(Departure, COUNTY) == 1
