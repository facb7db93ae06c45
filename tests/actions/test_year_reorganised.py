"""机构变动与年度: ledgers are closed and opened, never rewritten; old statements print old names (P15)."""

from typing import Any

import msgspec

from registry.actions.office import Office
from registry.actions.statements import sheeting
from registry.domain.funds import VoucherLine
from tests.actions import yearly
from tests.actions.case import Hands
from tests.actions.decided import rows
from tests.actions.reorganised import astray, carried_out, sound
from tests.actions.stocktaken import brought
from tests.actions.test_statements import make, stated
from tests.actions.yearly import HOME, NEW_YEAR, closed, imported, signed
from tests.conftest import MovingClock

INTO = "o-990102001005"
COMMUNITIES: dict[str, Any] = {
    "kind": "merge", "object_kind": "area", "sources": ["a-990102001001"],
    "successors": [{"id": "a-990102001005"}],
}  # fmt: skip


def test_a_statement_of_before_tells_the_community_that_was_and_one_of_today_its_heir(
    one_hand: Hands, one_office: Office
) -> None:
    make(one_hand)
    before = stated(one_office, by="community")
    entries = rows(one_hand, VoucherLine)
    carried_out(one_hand, **COMMUNITIES)
    after = stated(one_office, by="community")
    assert HOME in {row.key for row in before.rows}
    assert {row.key for row in after.rows} == {INTO}
    assert (after.total, after.total_existing) == (before.total, before.total_existing)
    again = stated(one_office, by="community", as_of=str(before.snapshot))
    assert msgspec.json.encode(again) == msgspec.json.encode(before)
    assert sheeting.as_xlsx(again) == sheeting.as_xlsx(before)
    assert [(x.id, x.amount_fen, x.presence_id) for x in rows(one_hand, VoucherLine)] == [
        (x.id, x.amount_fen, x.presence_id) for x in entries
    ]
    assert not astray(one_office) and sound(one_office)


def test_the_heir_closes_the_year_of_what_it_took_over(
    one_hand: Hands, one_office: Office, clock: MovingClock
) -> None:
    make(one_hand)
    carried_out(one_hand, **COMMUNITIES)
    clock.at = NEW_YEAR
    before = stated(one_office, by="community", year=2026)
    made = closed(one_hand, 2026, body=INTO)
    held = sum(c.balance_fen + c.held_fen + c.transit_fen
               for c in (before.total, before.total_existing))  # fmt: skip
    assert made.carried_fen == held > 0
    assert closed(one_hand, 2026, body=HOME).carried_fen == 0
    after = stated(one_office, by="community", year=2026)
    for chain in (after.total, after.total_existing):
        assert (chain.balance_fen, chain.held_fen, chain.transit_fen) == (0, 0, 0)


def test_what_waits_to_be_signed_is_signed_by_who_came_after(
    one_hand: Hands, one_office: Office
) -> None:
    brought(one_hand, "items")
    (id,) = imported(one_hand).balances
    carried_out(one_hand, **COMMUNITIES)
    assert yearly.balance(one_hand, id).organisation_id == INTO
    assert signed(one_hand, id, "street.head").state.value == "street_signed"
    assert not astray(one_office)
