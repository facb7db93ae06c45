"""机构变动与年度: ledgers are closed and opened, never rewritten; old statements print old names (P15)."""

from typing import Any

import msgspec

from registry.actions.ledger.custody import custody_on
from registry.actions.office import Answer, Office
from registry.actions.statements import sheeting
from registry.domain.funds import VoucherLine, chain
from registry.domain.vocabulary import Custody
from tests.actions import yearly
from tests.actions.case import Hands, admitted, presence_of
from tests.actions.decided import now, rows
from tests.actions.ledgered import booked, command, confirmed, entry, recorded
from tests.actions.refused import refused
from tests.actions.reorganised import astray, carried_out, planned, sound
from tests.actions.stocktaken import brought
from tests.actions.test_ledger_custody import change
from tests.actions.test_owing_reorganised import figures
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
    for had in (after.total, after.total_existing):
        assert (had.balance_fen, had.held_fen, had.transit_fen) == (0, 0, 0)


def test_what_waits_to_be_signed_is_signed_by_who_came_after(
    one_hand: Hands, one_office: Office
) -> None:
    brought(one_hand, "items")
    (id,) = imported(one_hand).balances
    carried_out(one_hand, **COMMUNITIES)
    assert yearly.balance(one_hand, id).organisation_id == INTO
    assert signed(one_hand, id, "street.head").state.value == "street_signed"
    assert not astray(one_office)


# ---- money of communities that are merged or split -----------------------------------------------


def test_a_year_that_was_closed_stays_closed_with_the_heir(
    hand: Hands, office: Office, clock: MovingClock
) -> None:
    presence = presence_of(hand, admitted(hand))
    for stage in ("order", "dispatch", "street_arrival", "community_arrival"):
        booked(hand, stage, presence, 300_000)
    clock.at = NEW_YEAR
    closed(hand, 2026)
    carried_out(hand, **COMMUNITIES, effective_on="2027-01-05")
    assert now(hand, presence).organisation_id == INTO
    with refused("voucher.year_closed"):
        booked(hand, "refund", presence, 100, dated_on="2026-12-30")
    before = chain(rows(hand, VoucherLine, presence_id=presence.id))
    assert closed(hand, 2026, body=INTO).carried_fen == 0
    assert chain(rows(hand, VoucherLine, presence_id=presence.id)) == before
    assert sound(office)


def test_the_heir_is_not_asked_to_close_again_what_was_closed_before_the_merger(
    one_hand: Hands, clock: MovingClock
) -> None:
    presence = presence_of(one_hand, admitted(one_hand, ends_on="2028-12-31"))
    for stage in ("order", "dispatch", "street_arrival", "community_arrival"):
        booked(one_hand, stage, presence, 300_000)
    clock.at = NEW_YEAR
    closed(one_hand, 2026)
    carried_out(one_hand, **COMMUNITIES, effective_on="2027-01-05")
    clock.at = NEW_YEAR.replace(year=2028)
    assert closed(one_hand, 2027, body=INTO).carried_fen == 300_000


def test_a_split_takes_the_money_of_each_matter_to_its_heir_and_keeps_every_total(
    hand: Hands, office: Office
) -> None:
    first = presence_of(hand, admitted(hand))
    second = presence_of(hand, admitted(hand, title="另一件演示事项"))
    for place, fen in ((first, 300_000), (second, 200_000)):
        for stage in ("order", "dispatch", "street_arrival"):
            booked(hand, stage, place, fen, number=f"{stage}-{place.id}")
    waits = recorded(hand, "community.cashier", command(
        "community_arrival", entry(first, 100_000), number="到社区1"))  # fmt: skip
    before = figures(office)
    new = {"id": "a-new-community", "name": "演示新设社区居民委员会", "code": "990102001099",
           "organisation_id": "o-new-community"}  # fmt: skip
    split: dict[str, Any] = {
        "kind": "split", "object_kind": "area", "sources": ["a-990102001001"],
        "successors": [{"id": "a-990102001005"}, new],
    }  # fmt: skip
    plan = planned(hand, **split)
    assert {first.id, second.id} <= set(plan.unassigned)
    theirs = str(second.request_id)
    carried_out(hand, **split, assignments={
        id: "a-990102001005" if id.startswith(theirs) else "a-new-community"
        for id in plan.unassigned
    })  # fmt: skip
    assert (now(hand, first).organisation_id, now(hand, second).organisation_id) == (
        "o-new-community", INTO,
    )  # fmt: skip
    assert sorted(figures(office), key=str) == sorted(before, key=str)
    confirmed(hand, "community.worker", waits)
    assert chain(rows(hand, VoucherLine, presence_id=first.id)).balance_fen == 100_000
    assert not astray(office) and sound(office)


def test_of_communities_kept_differently_the_latest_term_holds_in_what_they_become(
    one_hand: Hands, clock: MovingClock
) -> None:
    presence = presence_of(one_hand, admitted(one_hand))
    change(one_hand, Custody.OWN_ACCOUNT, "2026-03-03", body=HOME)
    change(one_hand, Custody.DIRECT_PAY, "2026-03-04", body=INTO)
    clock.at = clock.at.replace(day=6)
    carried_out(one_hand, **COMMUNITIES, effective_on="2026-03-06")
    held = one_hand("auditor").do(
        lambda d: Answer(body=custody_on(d, now(one_hand, presence), d.today))
    )
    assert held is Custody.DIRECT_PAY
