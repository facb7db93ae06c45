"""应付经费: what falls due and is not there is told to both sides, by the calendar, until it is."""

from datetime import date

import pytest

from registry.actions.office import Answer, Call
from registry.actions.owing.arrears import MoneyQuery, arrears
from registry.actions.owing.lateness import settled_fact
from registry.actions.ticking import tick
from registry.domain.audit import Finding
from registry.domain.living import Suspension
from registry.domain.notice import Notice
from registry.domain.presence import Presence, PresenceState
from registry.store import moneyed
from tests.actions.case import Hands, admitted, funded, presence_of
from tests.actions.decided import BOTH, now, presences, rows
from tests.actions.lived import at, begun, put, statutory, suspended
from tests.actions.owed import arrears_of, finding, late, moved, ruled, sent
from tests.actions.refused import refused
from tests.actions.weighed import laid

P = PresenceState
OWN = {"person-dept.head", "person-community.head"}


def told(hand: Hands, about: Finding) -> list[str]:
    return sorted(n.person_id for n in rows(hand, Notice) if n.object_id == about.id)


def working(hand: Hands, **changes: object) -> Presence:
    """At work since its first instalment came; the second falls due on 2026-06-01."""
    return begun(hand, ends_on="2026-12-31", **changes)


def test_an_instalment_after_the_first_is_late_too_and_the_community_may_suspend(
    hand: Hands, office, clock
) -> None:
    ruled(hand, late_money=late("suspend"))
    presence = working(hand)
    clock.at = at(date(2026, 6, 8))
    tick(office)
    assert finding(hand, "funds.short") == [], "the fifth working day is still in time"
    clock.at = at(date(2026, 6, 9))
    assert tick(office)["late_money"] == 1
    assert "late_money" not in tick(office), "once"
    (found,) = finding(hand, "funds.short")
    assert (found.facts["due_on"], found.facts["missing_fen"]) == ("2026-06-01", 500_000)
    assert set(told(hand, found)) >= OWN
    assert suspended(hand, presence).state is P.SUSPENDED
    sent(hand, presence, 500_000)
    assert now(hand, presence).state is P.ACTIVE
    assert finding(hand, "funds.short") == []
    (came,) = finding(hand, "funds.late")
    assert came.facts["late"] == [{
        "funding_key": "F1", "due_on": "2026-06-01", "last_day": "2026-06-08",
        "came_on": "2026-06-09", "amount_fen": 500_000,
    }]  # fmt: skip
    assert (came.organisation_id, came.law) == ("o-990102-civil", "预算法 第57条")
    assert came.facts["evidence"]["vouchers"]


def test_arrival_ends_the_suspension_and_the_finding(hand: Hands, office, clock) -> None:
    ruled(hand, late_money=late("suspend"))
    request = admitted(hand, ends_on="2026-12-31")
    (presence,) = presences(hand, request)
    put(hand, presence, state=P.ACTIVE, started_on=date(2026, 3, 2))
    clock.at = at(date(2026, 4, 7))
    tick(office)
    (found,) = finding(hand, "funds.unpaid")
    assert found.facts["evidence"]["verdicts"], "the clause by which it may be suspended is kept"
    assert suspended(hand, presence).state is P.SUSPENDED
    sent(hand, presence, 300_000, to="street_arrival")
    assert now(hand, presence).state is P.SUSPENDED, "at the street is not in the community"
    assert now(hand, found).closed_on == date(2026, 4, 7), "something was sent"
    first = found
    (found,) = finding(hand, "funds.short")
    assert (found.facts["sent_fen"], found.facts["arrived_fen"]) == (300_000, 0)
    moved(hand, presence, "community_arrival", 200_000)
    assert now(hand, presence).state is P.SUSPENDED
    moved(hand, presence, "community_arrival", 100_000)
    assert now(hand, presence).state is P.ACTIVE
    assert now(hand, found).closed_on == date(2026, 4, 7)
    (rest,) = rows(hand, Suspension, presence_id=presence.id)
    assert (rest.resumed_on, rest.resumed_why) == (date(2026, 4, 7), "经费已到账")
    assert finding(hand, "funds.short") == []
    both = [*told(hand, first), *told(hand, found)]
    assert both.count("person-community.head") == 2, "that it is late, and that it has come"


def test_what_who_asks_let_rest_is_not_begun_again_by_money(one_hand: Hands, clock) -> None:
    ruled(one_hand, late_money=late("suspend"))
    (presence,) = presences(one_hand, admitted(one_hand, ends_on="2026-12-31"))
    put(one_hand, presence, state=P.ACTIVE, started_on=date(2026, 3, 2))
    clock.at = at(date(2026, 4, 7))
    suspended(one_hand, presence, "dept.head")
    sent(one_hand, presence, 300_000)
    assert now(one_hand, presence).state is P.SUSPENDED


def test_statutory_help_goes_on_and_what_is_owed_is_told_whatever_the_pack_brings(
    hand: Hands, office, clock
) -> None:
    ruled(hand, late_money=late("suspend"))
    presence = statutory(hand, ends_on="2026-12-31")
    clock.at = at(date(2026, 4, 7))
    tick(office)
    (unpaid,) = finding(hand, "funds.unpaid")
    assert unpaid.facts["amount_fen"] == 300_000
    (begun_so,) = finding(hand, "funds.started_unfunded")
    assert (begun_so.facts["amount_fen"], begun_so.organisation_id) == (300_000, "o-990102-civil")
    (owed,) = finding(hand, "funds.arrears")
    assert owed.facts["due_on"] == "2026-03-20" and set(told(hand, owed)) >= OWN
    with refused("suspension.no_ground"):
        suspended(hand, presence)
    sent(hand, presence, 300_000)
    after = now(hand, presence)
    assert (after.state, after.arrears) == (P.ACTIVE, False)
    assert finding(hand, "funds.arrears") == []
    assert finding(hand, "funds.unpaid") == finding(hand, "funds.started_unfunded") == []


def test_owe_opens_what_is_due_and_unpaid_and_the_work_goes_on(
    one_hand: Hands, one_office, clock
) -> None:
    ruled(one_hand, late_money=late("owe"))
    presence = working(one_hand)
    clock.at = at(date(2026, 6, 9))
    tick(one_office)
    (owed,) = finding(one_hand, "funds.arrears")
    assert owed.facts["missing_fen"] == 500_000
    assert now(one_hand, presence).arrears
    sent(one_hand, presence, 500_000)
    assert not now(one_hand, presence).arrears
    assert finding(one_hand, "funds.arrears") == []


def test_where_the_packs_are_silent_nothing_is_late(one_hand: Hands, one_office, clock) -> None:
    ruled(one_hand, late_money="", money='required_at = "start"\nrequired = "first_instalment"')
    case = admitted(one_hand, ends_on="2026-12-31")
    clock.at = at(date(2026, 9, 1))
    assert "late_money" not in tick(one_office)
    (row,) = arrears_of(one_hand, "community.head", request_id=case.id)
    assert (row.missing_fen, row.late) == (800_000, False), "told, and nobody is late"


def test_a_year_without_its_calendar_makes_nobody_late(one_hand: Hands, one_office, clock) -> None:
    ruled(one_hand, late_money=late("owe"))
    plan = {"key": "F1", "mode": "transfer", "payer_id": "o-990102-civil", "basis": "商定",
            "amount_fen": 300_000, "fiscal_year": 2026,
            "schedule": [{"due_on": "2026-12-29", "amount_fen": 300_000}]}  # fmt: skip
    (presence,) = presences(one_hand, admitted(one_hand, funding=[plan], ends_on="2027-06-30"))
    put(one_hand, presence, state=P.ACTIVE, started_on=date(2026, 4, 1))
    clock.at = at(date(2027, 3, 1))
    tick(one_office)
    assert finding(one_hand, "funds.arrears") == []
    (row,) = arrears_of(one_hand, "auditor", presence_id=presence.id)
    assert (row.missing_fen, row.provisional, row.late) == (300_000, True, False)


def test_who_pays_is_reminded_once_at_each_stage_before_the_day(
    one_hand: Hands, one_office, clock
) -> None:
    admitted(one_hand, targets=BOTH)
    clock.at = at(date(2026, 3, 17))
    tick(one_office)
    tick(one_office)
    clock.at = at(date(2026, 3, 20))
    tick(one_office)
    payer = [n for n in rows(one_hand, Notice) if "应付经费" in n.text]
    assert [n.kind.value for n in sorted(payer, key=lambda n: n.made_on)] == ["due", "due_today"]
    assert "3,000.00元" in payer[0].text and {n.person_id for n in payer} == {"person-dept.head"}


def test_what_is_there_is_not_asked_for(one_hand: Hands, one_office, clock) -> None:
    presence = presence_of(one_hand, admitted(one_hand))
    funded(one_hand, presence, 300_000)
    clock.at = at(date(2026, 3, 20))
    tick(one_office)
    assert [n for n in rows(one_hand, Notice) if "应付经费" in n.text] == []


# ---- the list ------------------------------------------------------------------------------------


def test_each_community_stands_by_itself_in_code_order(hand: Hands, clock) -> None:
    ruled(hand, late_money=late("owe"))
    request = admitted(hand, targets=BOTH)
    first, second = presences(hand, request)
    sent(hand, first, 150_000)
    clock.at = at(date(2026, 3, 30))
    found = arrears_of(hand, "dept.clerk", request_id=request.id)
    assert [row.code for row in found] == sorted(row.code for row in found)
    assert [row.presence_id for row in found] == [first.id, second.id]
    assert [(r.promised_fen, r.due_fen, r.arrived_fen, r.missing_fen) for r in found] == [
        (400_000, 150_000, 150_000, 0), (400_000, 150_000, 0, 150_000),
    ]  # fmt: skip
    assert [(r.days, r.late) for r in found] == [(None, False), (6, True)]
    assert [r.execution_rate for r in found] == ["0.00%", "0.00%"]
    assert [r.presence_id for r in arrears_of(hand, "street.clerk", late=True)] == [second.id]


def test_pages_go_on_where_the_last_one_ended(one_hand: Hands) -> None:
    request = admitted(one_hand, targets=BOTH)
    person = one_hand("auditor")
    seen, after = [], None
    for _ in range(3):
        query = MoneyQuery(request_id=request.id, limit=1, after=after)
        page = arrears(person.office, person.actor, query)
        seen += [row.presence_id for row in page.items]
        after = page.next
        if after is None:
            break
    assert seen == [p.id for p in presences(one_hand, request)]


@pytest.mark.parametrize("few", [0, 2048])
def test_few_in_the_books_are_told_as_many_would_be(
    hand: Hands, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(moneyed, "FEW", few)
    booked = [one.id for one in presences(hand, admitted(hand, targets=BOTH))]
    laid(hand, "prs-unbooked", share_fen=100_000)
    seen, after = [], None
    while not seen or after:
        person = hand("auditor")
        page = arrears(person.office, person.actor, MoneyQuery(limit=1, after=after))
        seen += [row.presence_id for row in page.items]
        after = page.next
    assert seen == booked
    assert arrears_of(hand, "dept2.head") == []


def test_a_neighbour_and_another_department_see_nothing_of_it(one_hand: Hands) -> None:
    request = admitted(one_hand)
    assert len(arrears_of(one_hand, "community.head", request_id=request.id)) == 1
    assert len(arrears_of(one_hand, "finance.clerk", request_id=request.id)) == 1
    for by in ("dept2.head", "street2.head"):
        assert arrears_of(one_hand, by, request_id=request.id) == []


# ---- gates ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("paid", "word"), [(0, "owing"), (300_000, "held")])
def test_whether_its_money_is_settled_is_told_to_gates(
    one_hand: Hands, clock, paid: int, word: str
) -> None:
    presence = presence_of(one_hand, admitted(one_hand))
    if paid:
        sent(one_hand, presence, paid)
    clock.at = at(date(2026, 3, 25))
    person = one_hand("community.head")
    call = Call(actor=person.actor, county=person.county, act="test")
    told = person.office.ask(call, lambda d: Answer(body=settled_fact(d, [presence])))
    assert told.body == word
