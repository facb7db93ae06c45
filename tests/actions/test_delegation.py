"""授权委托、A/B角: who may act for whom, in what, on which days; and never a moment longer."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest

from registry.actions import approving, filing
from registry.actions.approving import DecideCommand
from registry.actions.attaching import AttachCommand
from registry.actions.office import Call, Office
from registry.actions.seeding import operator
from registry.actions.seeing import scopes
from registry.actions.staff import absences
from registry.actions.staff.delegating import DelegationCommand
from registry.actions.staff.staffing import end_post
from registry.domain.approval import Decision, Opinion
from registry.domain.audit import Event, EventOutcome
from registry.domain.delegation import DelegationKind
from registry.domain.document import DocumentType
from registry.domain.notice import Notice, NoticeKind
from registry.domain.people import Actor, Person, Post
from registry.domain.request import Request, State
from registry.store.reader import Page
from tests.actions import case
from tests.actions.case import Hands, drafted, submitted
from tests.actions.refused import refused
from tests.actions.standing_in import (
    CIVIL,
    COMMUNITY,
    COUNTY,
    FIRST,
    LAST,
    STREET,
    away,
    changed,
    deputy,
    disabled,
    ended,
    left,
    lend,
    person,
    post_of,
    posted,
)
from tests.conftest import MovingClock

YESTERDAY = date(2026, 3, 1)


def ready(hand: Hands) -> Request:
    """A case that waits for the street's decision, examined by the street's clerk."""
    return case.examined(hand, case.accepted(hand, submitted(hand, drafted(hand))))


def decided(
    hand: Hands, request: Request, by: Any = "street2.clerk", key: str | None = None
) -> Any:
    who = hand(by) if isinstance(by, str) else by
    command = DecideCommand(reason="同意")
    return who.do(lambda d: approving.approve(d, request.id, request.version, command), key=key)


def colleague(office: Office, username: str = "street2.clerk") -> str:
    """Somebody of the street who has nothing to do with the case: another street's clerk, who
    serves here too."""
    return posted(office, username, "street.clerk", STREET)


def events(office: Office, act: str) -> list[Event]:
    rows = office.store.reader.events([COUNTY], {"act": act}, Page(limit=500))
    return list(rows)


def told(event: Event) -> Any:
    return msgspec.json.decode(event.entry)["note"]


def noon(day: int) -> datetime:
    return datetime(2026, 3, day, 4, 0, tzinfo=UTC)


# ---- acting for another ------------------------------------------------------------------------


def test_a_delegate_decides_in_the_heads_place_and_every_record_says_so(
    office: Office, hand: Hands
) -> None:
    request = ready(hand)
    colleague(office)
    lend(hand, "street.head", "street2.clerk", "request.approve")
    decided(hand, request)
    find = office.store.reader.find
    issued = find(Decision, COUNTY, request_id=request.id)[0]
    said = find(Opinion, COUNTY, request_id=request.id, person_id=person("street2.clerk"))[0]
    assert said.on_behalf_of == issued.on_behalf_of == person("street.head")
    assert issued.person_id == person("street2.clerk")
    event = events(office, "request.approve")[-1]
    assert (event.actor, told(event)["on_behalf_of"]) == (
        person("street2.clerk"), person("street.head"),
    )  # fmt: skip


def test_only_the_acts_that_were_named_pass(one_office: Office, one_hand: Hands) -> None:
    request = ready(one_hand)
    colleague(one_office)
    lend(one_hand, "street.head", "street2.clerk", "request.reject")
    with refused("access.forbidden"):
        decided(one_hand, request)


def test_a_persons_own_post_goes_before_one_held_for_another(
    one_office: Office, one_hand: Hands
) -> None:
    lend(one_hand, "street.head", "street.clerk", "request.accept")
    case.accepted(one_hand, submitted(one_hand, drafted(one_hand)))
    assert "on_behalf_of" not in told(events(one_office, "request.accept")[-1])


def test_who_acts_for_another_reads_what_that_post_reads(
    one_office: Office, one_hand: Hands
) -> None:
    assert not scopes(one_office, one_hand("dept.clerk").actor, "handover.read")
    lend(one_hand, "dept.head", "dept.clerk", "agreement.sign", role="dept.head", of=CIVIL)
    assert scopes(one_office, one_hand("dept.clerk").actor, "handover.read")


def test_both_are_told_except_who_did_it(one_office: Office, one_hand: Hands) -> None:
    lend(one_hand, "street.head", "street.clerk", "request.close")
    notices = one_office.store.reader.find(Notice, COUNTY)
    assert [(n.person_id, n.kind) for n in notices if n.kind is NoticeKind.DELEGATED] == [
        (person("street.clerk"), NoticeKind.DELEGATED)
    ]


def test_a_delegation_works_on_its_days_and_ends_at_midnight(
    one_office: Office, one_hand: Hands, clock: MovingClock
) -> None:
    colleague(one_office)
    term = {"valid_from": date(2026, 3, 3), "valid_to": date(2026, 3, 4)}
    lend(one_hand, "street.head", "street2.clerk", "request.approve", **term)
    request = ready(one_hand)
    with refused("access.forbidden"):
        decided(one_hand, request)
    clock.at = noon(4)
    last_day = one_hand("street2.clerk")
    assert last_day.actor.posts[-1].acts == ["request.approve"]
    clock.at = datetime(2026, 3, 4, 16, 0, tzinfo=UTC)  # 2026-03-05, midnight in Shanghai
    with refused("access.forbidden"):
        decided(one_hand, request, last_day)
    assert all(p.acts is None for p in one_hand("street2.clerk").actor.posts)


# ---- what is refused ---------------------------------------------------------------------------


def test_nobody_delegates_to_themself(one_hand: Hands) -> None:
    with refused("delegation.self"):
        lend(one_hand, "street.head", "street.head", "request.approve")


def test_nothing_is_delegated_to_a_frozen_account(one_office: Office, one_hand: Hands) -> None:
    disabled(one_office, "street.clerk")
    with refused("delegation.frozen"):
        lend(one_hand, "street.head", "street.clerk", "request.approve")


def test_nothing_is_delegated_beyond_the_last_day_of_an_account(
    one_office: Office, one_hand: Hands
) -> None:
    held = one_office.store.reader.get(Person, COUNTY, person("street.clerk"))
    changed(one_office, held, valid_to=date(2026, 3, 10))
    lend(one_hand, "street.head", "street.clerk", "request.close", valid_to=date(2026, 3, 10))
    with refused("delegation.frozen"):
        lend(one_hand, "street.head", "street.clerk", "request.approve")


def test_nothing_comes_back_in_a_circle(one_hand: Hands) -> None:
    """Over two hands and over three; other acts, and other days, are no circle."""
    ring = ("community.head", "community.worker", "community.cashier")

    def lent(by: str, to: str, **more: Any) -> None:
        lend(one_hand, by, to, more.pop("act", "document.upload"), role=by, of=COMMUNITY, **more)

    lent(ring[0], ring[1])
    with refused("delegation.circle"):
        lent(ring[1], ring[0])
    lent(ring[1], ring[2])
    with refused("delegation.circle"):
        lent(ring[2], ring[0])
    lent(ring[2], ring[0], act="voucher.community_arrival")
    lent(ring[2], ring[0], valid_from=date(2026, 3, 14), valid_to=date(2026, 3, 20))


def test_a_circle_that_was_ended_is_none(one_hand: Hands) -> None:
    given = lend(one_hand, "community.head", "community.worker", "document.upload",
                 role="community.head", of=COMMUNITY)  # fmt: skip
    with refused("delegation.circle"):
        lend(one_hand, "community.worker", "community.head", "document.upload",
             role="community.worker", of=COMMUNITY)  # fmt: skip
    ended(one_hand, "community.head", given)
    back = lend(one_hand, "community.worker", "community.head", "document.upload",
                role="community.worker", of=COMMUNITY)  # fmt: skip
    assert back.id != given.id


@pytest.mark.parametrize(
    ("by", "role", "act"),
    [
        ("street.head", "street.head", "pack.publish"),
        ("street.head", "street.head", "delegation.give"),
        ("street.head", "street.head", "absence.order"),
        ("street.head", "street.head", "system.tick"),
        ("street.head", "street.clerk", "task.examine"),
        ("street.head", "cli", "person.create"),
    ],
)
def test_nobody_lends_what_their_own_post_does_not_hold(
    one_hand: Hands, by: str, role: str, act: str
) -> None:
    with refused("delegation.beyond"):
        lend(one_hand, by, "street.clerk", act, role=role)


def test_what_was_lent_is_not_lent_on(one_office: Office, one_hand: Hands) -> None:
    colleague(one_office)
    lend(one_hand, "street.head", "street.clerk", "request.approve")
    with refused("delegation.beyond"):
        lend(one_hand, "street.clerk", "street2.clerk", "request.approve")


@pytest.mark.parametrize("to", ["street2.head", "dept.clerk", "sys.admin"])
def test_who_decides_for_a_body_belongs_to_it(one_hand: Hands, to: str) -> None:
    with refused("delegation.outside"):
        lend(one_hand, "street.head", to, "request.approve")


def test_who_only_watches_a_community_acts_for_nobody_in_it(one_hand: Hands) -> None:
    with refused("delegation.outside"):
        lend(one_hand, "community.head", "community.supervisor", "presence.start",
             role="community.head", of=COMMUNITY)  # fmt: skip


def test_who_keeps_the_accounts_acts_for_nobody_even_with_another_post(
    one_office: Office, one_hand: Hands
) -> None:
    second = posted(one_office, "street.clerk", "street.clerk", STREET)
    held = one_office.store.reader.get(Post, COUNTY, second)
    changed(one_office, held, role="sys.admin")  # from before the table of posts kept them apart
    with refused("delegation.outside"):
        lend(one_hand, "street.head", "street.clerk", "request.approve")


@pytest.mark.parametrize(
    "term",
    [
        {"valid_from": date(2026, 3, 4), "valid_to": date(2026, 3, 3)},
        {"valid_from": YESTERDAY, "valid_to": LAST},
    ],
    ids=["last-before-first", "back-dated"],
)
def test_a_term_begins_today_at_the_earliest_and_does_not_end_before_it(
    one_hand: Hands, term: dict[str, date]
) -> None:
    with refused("delegation.dates"):
        lend(one_hand, "street.head", "street.clerk", "request.approve", **term)


def test_a_delegation_without_a_last_day_is_none() -> None:
    fields = {"to_person_id": "p", "role": "street.head", "organisation_id": STREET,
              "acts": ["request.approve"], "valid_from": FIRST.isoformat()}  # fmt: skip
    with pytest.raises(msgspec.ValidationError, match="valid_to"):
        msgspec.convert(fields, DelegationCommand)


def test_a_delegation_rests_on_a_paper_of_those_who_give_it(one_hand: Hands) -> None:
    request = drafted(one_hand)
    named = AttachCommand(
        parent_kind="request", parent_id=request.id, type=DocumentType.AUTHORISATION,
        name="授权书.pdf", not_secret=True,
    )  # fmt: skip
    paper = case.attached(one_hand, "dept.clerk", named, b"%PDF-1.4 demo")
    with refused("document.foreign"):
        lend(one_hand, "street.head", "street.clerk", "request.close", document_id=paper.id)


# ---- who gives, orders and ends ----------------------------------------------------------------


def test_a_head_orders_it_for_a_clerk_and_a_clerk_for_nobody(
    one_office: Office, one_hand: Hands
) -> None:
    colleague(one_office)
    lend(one_hand, "street.head", "street2.clerk", "task.examine", role="street.clerk",
         from_person_id=person("street.clerk"))  # fmt: skip
    with refused("access.forbidden"):
        lend(one_hand, "street.clerk", "street2.clerk", "request.approve",
             from_person_id=person("street.head"))  # fmt: skip


def test_a_head_of_another_body_orders_nothing_here(one_hand: Hands) -> None:
    with refused("access.forbidden"):
        lend(one_hand, "dept.head", "street.clerk", "request.approve",
             from_person_id=person("street.head"))  # fmt: skip


def test_an_ended_delegation_works_no_more_and_is_ended_once(
    one_office: Office, one_hand: Hands
) -> None:
    request = ready(one_hand)
    colleague(one_office)
    given = lend(one_hand, "street.head", "street2.clerk", "request.approve")
    remembered = one_hand("street2.clerk")
    with refused("access.forbidden"):
        ended(one_hand, "street.clerk", given)
    ended(one_hand, "street.head", given)
    with refused("delegation.ended"):
        ended(one_hand, "street.head", given)
    assert [e.outcome for e in events(one_office, "delegation.end")] == ["done", "refused"]
    with refused("access.forbidden"):
        decided(one_hand, request, remembered)


def test_bearers_are_asked_anew_once_something_was_lent(
    one_office: Office, one_hand: Hands, clock: MovingClock
) -> None:
    actor = Actor(person_id=person("street.clerk"), name="x", county=COUNTY)
    one_office.bearers.put("digest", clock(), actor)
    given = lend(one_hand, "street.head", "street.clerk", "request.close")
    assert one_office.bearers.get("digest", clock()) is None
    one_office.bearers.put("digest", clock(), actor)
    ended(one_hand, "street.head", given)
    assert one_office.bearers.get("digest", clock()) is None


# ---- A/B角 -------------------------------------------------------------------------------------


def test_a_deputy_acts_on_the_days_the_other_is_away_and_on_no_others(
    one_office: Office, one_hand: Hands, clock: MovingClock
) -> None:
    request = ready(one_hand)
    colleague(one_office)
    assert "request.approve" in deputy(one_hand, "street.head", "street2.clerk").acts
    with refused("access.forbidden"):
        decided(one_hand, request)
    absence = away(one_hand, "street.head", last=date(2026, 3, 3))
    clock.at = noon(4)
    with refused("access.forbidden"):
        decided(one_hand, request)
    clock.at = noon(3)
    away_today = one_hand("street2.clerk")
    one_hand("street.head").do(lambda d: absences.end(d, absence.id, absence.version))
    with refused("access.forbidden"):
        decided(one_hand, request, away_today)
    away(one_hand, "street.head", first=date(2026, 3, 3))
    assert decided(one_hand, request).request.state is State.APPROVED


def test_a_deputy_has_whatever_the_post_may_do_and_lends_nothing_on(one_hand: Hands) -> None:
    given = deputy(one_hand, "street.head", "street.clerk")
    assert given.kind is DelegationKind.DEPUTY
    assert {"request.approve", "agreement.sign"} <= set(given.acts)
    assert not [a for a in given.acts if a.startswith(("delegation.", "absence."))]


def test_two_who_stand_in_for_each_other_are_no_circle(one_hand: Hands) -> None:
    deputy(one_hand, "street.head", "street.clerk")
    given = deputy(one_hand, "street.clerk", "street.head", role="street.clerk")
    assert given.to_person_id == person("street.head")


def test_an_absence_does_not_end_before_it_begins(one_hand: Hands) -> None:
    with refused("absence.dates"):
        away(one_hand, "street.head", first=LAST, last=FIRST)


def test_days_that_are_over_or_recorded_already_are_not_recorded(
    one_hand: Hands, clock: MovingClock
) -> None:
    absence = away(one_hand, "street.head", first=FIRST, last=LAST)
    for first, last in ((FIRST, LAST), (FIRST, FIRST), (LAST, LAST + timedelta(days=9))):
        with refused("absence.overlaps") as told:
            away(one_hand, "street.head", first=first, last=last)
        assert told.value.facts == {"valid_from": str(FIRST), "valid_to": str(LAST)}
    with refused("absence.past"):
        away(one_hand, "street.head", first=date(1949, 10, 1), last=FIRST - timedelta(days=1))
    away(one_hand, "street.head", first=LAST + timedelta(days=1), last=LAST + timedelta(days=2))
    one_hand("street.head").do(lambda d: absences.end(d, absence.id, absence.version))
    assert away(one_hand, "street.head", first=FIRST, last=LAST).id != absence.id


def test_an_act_is_lent_once_in_one_paper(one_hand: Hands) -> None:
    with refused("delegation.twice") as told:
        lend(one_hand, "street.head", "street.clerk", "request.approve", "request.approve")
    assert told.value.facts["act"] == "request.approve" and "准予" in told.value.detail


def test_who_is_back_is_back_once(one_hand: Hands) -> None:
    absence = away(one_hand, "street.clerk")
    one_hand("street.head").do(lambda d: absences.end(d, absence.id, absence.version))
    with refused("absence.ended"):
        one_hand("street.head").do(lambda d: absences.end(d, absence.id, absence.version + 1))


def test_a_clerk_is_sent_away_by_their_own_head_alone(one_hand: Hands) -> None:
    away(one_hand, "street.head", person_id=person("street.clerk"))
    for by in ("street2.head", "street.clerk"):
        with refused("access.forbidden"):
            away(one_hand, by, person_id=person("street.head"))


# ---- who has left ------------------------------------------------------------------------------


def test_nobody_decides_by_a_post_that_ended_a_minute_ago(office: Office, hand: Hands) -> None:
    request = ready(hand)
    head = hand("street.head")
    left(office, post_of(office, "street.head").id, YESTERDAY)
    with refused("access.forbidden"):
        decided(hand, request, head)
    acts = office.store.reader.events([COUNTY], {}, Page(limit=500))[-2:]
    assert [(e.act, e.outcome) for e in acts] == [
        ("post.end", EventOutcome.DONE), ("request.approve", EventOutcome.REFUSED),
    ]  # fmt: skip


def test_nobody_decides_by_an_account_that_was_disabled_a_minute_ago(
    office: Office, hand: Hands
) -> None:
    request = ready(hand)
    head = hand("street.head")
    disabled(office, "street.head")
    with refused("access.forbidden"):
        decided(hand, request, head)


def test_one_who_left_is_not_answered_again_under_an_old_key(
    one_office: Office, one_hand: Hands
) -> None:
    request = ready(one_hand)
    head = one_hand("street.head")
    decided(one_hand, request, head, key="once")
    decided(one_hand, request, head, key="once")
    left(one_office, post_of(one_office, "street.head").id, YESTERDAY)
    with refused("access.forbidden"):
        decided(one_hand, request, head, key="once")


def test_who_left_one_post_still_acts_by_another(one_office: Office, one_hand: Hands) -> None:
    posted(one_office, "dept.clerk", "dept.clerk", "o-990102-urban")
    both = one_hand("dept.clerk")
    left(one_office, post_of(one_office, "dept.clerk").id, YESTERDAY)
    own = case.filing_of(
        applicants=[{"organisation_id": "o-990102-urban", "leading": True}], funding=[]
    )
    both.do(lambda d: filing.draft(d, filing.DraftCommand(filing=own)))
    with refused("access.forbidden"):
        both.do(lambda d: filing.draft(d, filing.DraftCommand(filing=case.filing_of())))


@pytest.mark.parametrize("how", ["giver_left", "giver_disabled", "receiver_left"])
def test_nothing_is_done_for_one_who_has_left_nor_by_one_who_has(
    office: Office, hand: Hands, how: str
) -> None:
    request = ready(hand)
    serves = colleague(office)
    lend(hand, "street.head", "street2.clerk", "request.approve")
    remembered = hand("street2.clerk")
    if how == "giver_left":
        left(office, post_of(office, "street.head").id, YESTERDAY)
    elif how == "giver_disabled":
        disabled(office, "street.head")
    else:
        left(office, serves, YESTERDAY)
    with refused("access.forbidden"):
        decided(hand, request, remembered)
    assert all(p.on_behalf_of is None for p in hand("street2.clerk").actor.posts)


def test_a_post_ended_and_an_act_at_once_stand_in_the_log_in_the_order_they_took_effect(
    office: Office, hand: Hands
) -> None:
    """Several act by a post while it is ended: no act done by it stands after its end."""
    requests = [drafted(hand) for _ in range(6)]
    head = hand("dept.head")
    post = post_of(office, "dept.head").id
    waiting = []
    for at, request in enumerate(requests):
        call = Call(actor=head.actor, county=COUNTY, act="request.withdraw")
        if at == 2:
            ending = Call(actor=operator(COUNTY, "x"), county=COUNTY, act="post.end")
            waiting.append(office.submit(ending, lambda d: end_post(d, post, YESTERDAY)))
        waiting.append(
            office.submit(call, lambda d, r=request: filing.withdraw(d, r.id, r.version))
        )
    for one in waiting:
        if (said := one.result().refused) is not None:
            assert said["code"] == "access.forbidden"
    log = office.store.reader.events([COUNTY], {}, Page(limit=500))
    end = next(e.seq for e in log if e.act == "post.end")
    late = [e for e in log if e.act == "request.withdraw" and e.seq > end]
    assert all(e.outcome is EventOutcome.REFUSED for e in late)


def test_a_deputy_does_the_tasks_that_the_other_alone_has(
    one_office: Office, one_hand: Hands
) -> None:
    """Though by a post of their own they could do the act as well."""
    colleague(one_office)
    request = case.accepted(one_hand, submitted(one_hand, drafted(one_hand)))
    task = case.open_tasks(one_hand, "street.clerk", request)[0]
    changed(one_office, task, person_id=person("street.clerk"))
    with refused("task.held"):
        case.examined(one_hand, request, by="street2.clerk")
    deputy(one_hand, "street.clerk", "street2.clerk", role="street.clerk")
    away(one_hand, "street.clerk")
    case.examined(one_hand, request, by="street2.clerk")
    said = one_office.store.reader.find(Opinion, COUNTY, request_id=request.id)
    assert [o.on_behalf_of for o in said] == [person("street.clerk")]
