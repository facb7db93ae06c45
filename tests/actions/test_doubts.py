"""经费疑点: told in neutral words, opened once, closed when they hold no longer."""

from datetime import timedelta
from typing import Any

import pytest

from registry.actions.doubting.catalogue import CATALOGUE
from registry.actions.ledger import confirming, recording
from registry.actions.office import Answer, Call
from registry.actions.owing import falling_due, overdue
from registry.actions.ticking import system_actor, tick
from registry.domain.audit import Finding
from registry.domain.funds import Voucher
from registry.domain.presence import Presence
from registry.store.chain import sums
from tests.actions import case, spent
from tests.actions.case import Hands, admitted
from tests.actions.ledgered import approval_of, put
from tests.conftest import MovingClock

JUDGING = ("违规", "违法", "挪用", "贪污", "处分")


def findings(hand: Hands, code: str) -> list[Finding]:
    person = hand("auditor")
    return list(person.office.store.reader.find(Finding, person.county, code=code))


def sent(hand: Hands, presence: Presence) -> Voucher:
    """Ordered, dispatched and confirmed; nothing has arrived."""
    order = case.voucher(presence, "order", "令1", 1000)
    hand("dept.head").do(lambda d: recording.record(d, order))
    command = case.voucher(presence, "dispatch", "拨1", 1000)
    kept: Voucher = hand("finance.clerk").do(lambda d: recording.record(d, command)).voucher
    hand("finance.head").do(lambda d: confirming.confirm(d, kept.id, kept.version))
    return kept


def test_before_it_is_judged_no_kind_of_finding_says_that_anybody_did_wrong() -> None:
    assert len(CATALOGUE) >= 20
    for line in CATALOGUE.values():
        assert line.zh and line.en
        assert not [word for word in JUDGING if word in line.zh]


def test_money_past_its_day_on_the_way_is_found_and_closed_when_it_arrives(
    hand: Hands, clock: MovingClock
) -> None:
    presence = case.presence_of(hand, admitted(hand))
    sent(hand, presence)
    office = hand("auditor").office
    tick(office)
    assert findings(hand, "funds.one_sided") == []
    clock.at += timedelta(days=30)
    tick(office)
    (found,) = findings(hand, "funds.one_sided")
    assert (found.facts["amount_fen"], found.closed_on) == (1000, None)
    assert found.organisation_id == hand("street.head").actor.posts[0].organisation_id
    assert len(found.facts["evidence"]["vouchers"]) == 1
    command = case.voucher(presence, "street_arrival", "到1", 1000)
    kept = hand("street.clerk").do(lambda d: recording.record(d, command)).voucher
    hand("street.head").do(lambda d: confirming.confirm(d, kept.id, kept.version))
    tick(office)
    (found,) = findings(hand, "funds.one_sided")
    assert found.closed_on is not None
    assert tick(office).get("money_doubted", 0) == 0, "one effect, once"


def test_a_voucher_confirmed_by_who_recorded_it_is_found(hand: Hands) -> None:
    """No act lets this through: it is written past them, as one with the database's keys could."""
    presence = case.presence_of(hand, admitted(hand))
    kept = sent(hand, presence)
    office = hand("auditor").office

    def past_the_acts(desk: Any) -> Any:
        held = desk.unit.get(Voucher, kept.id)
        desk.unit.change(held, confirmed_by=held.recorded_by)
        desk.authorise("system.tick")
        return Answer(body=None)

    call = Call(actor=system_actor("990102"), county="990102", act="tick.test")
    office.perform(call, past_the_acts)
    tick(office)
    (found,) = findings(hand, "ledger.same_hand")
    assert found.facts["evidence"] == {"vouchers": [kept.id]}


def test_spending_without_any_paper_is_found_until_one_is_there(hand: Hands) -> None:
    presence = spent.funded(hand)
    for number, invoice in (("支1", "2600 0009"), ("支2", "2600 0010")):
        told = spent.told(presence, invoice_number=invoice)
        spent.confirmed(hand, spent.spent(hand, spent.spending(presence, number, told)))
    office = hand("auditor").office
    tick(office)
    assert findings(hand, "voucher.missing") == []
    # Where no pack asks for an invoice: as if none had been told.
    bare, other = sorted(spent.kept(hand), key=lambda one: one.voucher_id)
    put(hand, bare, invoice_key=None, evidence_key=None)
    office.looked.clear()
    tick(office)
    (found,) = findings(hand, "voucher.missing")
    assert found.object_id == bare.voucher_id != other.voucher_id
    put(hand, spent.kept(hand, id=bare.id)[0], invoice_key="26000009")
    tick(office)
    (found,) = findings(hand, "voucher.missing")
    assert found.closed_on is not None


def test_one_paper_behind_two_vouchers_of_spending_is_asked_about_until_one_is_void(
    hand: Hands,
) -> None:
    presence = spent.funded(hand)
    of_case = str(presence.request_id)
    papers = [approval_of(hand, of_case), approval_of(hand, of_case), None]
    office, views = hand("auditor").office, []
    for number, document in enumerate(papers):
        line = spent.told(presence, invoice_number=str(number), amount_fen=1_000 + number)
        command = spent.spending(presence, f"支{number}", line, document_id=document)
        views.append(spent.spent(hand, command))
    assert tick(office)["money_doubted"] == 1
    (found,) = findings(hand, "voucher.reused")
    assert (found.facts["count"], found.facts["amount_fen"]) == (2, 2_001)
    assert found.facts["evidence"]["vouchers"] == sorted(v.voucher.id for v in views[:2])
    assert tick(office).get("money_doubted", 0) == 0, "once"
    last, why = views[1].voucher, confirming.VoidCommand(reason="重复录入")
    hand("community.cashier").do(lambda d: confirming.void(d, last.id, last.version, why))
    tick(office)
    assert findings(hand, "voucher.reused")[0].closed_on is not None


# ---- what a tick looks at -----------------------------------------------------------------------


def test_a_tick_after_which_nothing_happened_asks_nothing_about_money(
    one_hand: Hands, clock: MovingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    presence = case.presence_of(one_hand, admitted(one_hand))
    sent(one_hand, presence)
    office = one_hand("auditor").office
    asked: list[str] = []
    ask = office.ask

    def told(call: Call, verb: Any) -> Answer:
        asked.append(call.act)
        return ask(call, verb)

    monkeypatch.setattr(office, "ask", told)
    for _ in range(3):
        tick(office)
    asked.clear()
    tick(office)
    assert asked == []
    clock.at += timedelta(days=1)
    tick(office)
    assert {"tick.late_money", "tick.money_overdue", "tick.money_doubted"} <= set(asked)


def test_what_was_written_since_is_all_that_a_tick_looks_at(
    one_hand: Hands, clock: MovingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    presence = case.presence_of(one_hand, admitted(one_hand))
    office = one_hand("auditor").office
    for _ in range(3):
        tick(office)
    sent(one_hand, presence)
    narrowed: list[Any] = []
    for room in (falling_due, overdue):
        monkeypatch.setattr(
            room, "sums", lambda *a, **k: narrowed.append(a[2].presence_ids) or sums(*a, **k)
        )
    tick(office)
    assert narrowed and all(ids == [presence.id] for ids in narrowed)
