"""复查: acts that meet one another, in the order in which nobody would first try them."""

from datetime import UTC, date, datetime
from typing import Any

from registry.actions import approving, filing, ticking
from registry.actions.afterwards import voiding
from registry.actions.between import reflowing, urging
from registry.actions.office import Answer, Call, Office
from registry.actions.reading import ListQuery, page
from registry.actions.rules import publishing
from registry.actions.seeding import Seeder
from registry.actions.staff import delegating
from registry.actions.succession import handing_over
from registry.actions.trying import Trying
from registry.domain.afterwards import RevocationState
from registry.domain.approval import Ballot, Opinion, Task
from registry.domain.conference import ConferenceState
from registry.domain.grant import Grant
from registry.domain.movement import Movement
from registry.domain.presence import PresenceState
from registry.domain.request import Request, State
from tests.actions import case
from tests.actions.between import passes, speaks, states, takes_back, task, tasks
from tests.actions.case import (
    Hands,
    accepted,
    admitted,
    agreed,
    drafted,
    examined,
    funded,
    submitted,
)
from tests.actions.decided import (
    BOTH,
    approved,
    carried,
    changed,
    colleague,
    decision_of,
    heard,
    now,
    presences,
    proposed,
    rejected,
    revoked,
    rows,
)
from tests.actions.flowed import OFFICE, files_with, flow, in_force
from tests.actions.refused import refused
from tests.actions.reorganised import carried_out
from tests.actions.test_acts_between import EXAMINE, begun, supplemented
from tests.actions.test_after_decision import NO_TIME
from tests.actions.test_changes import HALF
from tests.actions.test_conference import ALONE, another, before, called, closed, votes
from tests.actions.test_reorganisation import STREETS
from tests.actions.test_reviews import OTHER, asks
from tests.actions.test_reviews import decides as reviews
from tests.conftest import Hand

CITY = {"key": "ratify", "act": "ratify", "bodies": ["city_office"]}
AREAS = ["a-990102001001", "a-990102001002"]


def sees(office: Office, username: str, kind: type[Any]) -> list[Any]:
    """What a person finds of a kind."""
    return list(page(office, Hand(office, username).actor, kind, ListQuery()).items)


# ---- 查阅 -----------------------------------------------------------------------------------------


def test_whose_ground_lay_elsewhere_reads_no_copy_and_no_move_of_others(
    one_office: Office, one_hand: Any
) -> None:
    request = submitted(one_hand, drafted(one_hand, targets=["990102002001"]))
    copies = urging.CopyCommand(organisations=["o-990102-finance"])
    one_hand("dept.clerk").do(lambda d: urging.copy(d, request.id, copies))
    one_hand("dept.clerk").do(lambda d: urging.urge(d, request.id, urging.UrgeCommand()))
    carried_out(one_hand, **STREETS)
    assert Hand(one_office, "community.head").actor.posts[0].formerly_paths
    assert sees(one_office, "community.head", Request) == []
    assert sees(one_office, "community.head", Movement) == []


# ---- 联席会议 --------------------------------------------------------------------------------------


def held_and_carried(hand: Hands) -> tuple[Request, Any]:
    """A case that a meeting decided and that the city has to ratify."""
    request = before(hand, ALONE, CITY)
    meeting = called(hand, request)
    for by in ("conference.head", "gov.head", "street.head"):
        votes(hand, by, meeting, request)
    return request, closed(hand, meeting)


def test_who_closed_a_meeting_does_not_take_back_what_it_decided(one_hand: Hands) -> None:
    request, _ = held_and_carried(one_hand)
    given = tasks(one_hand, request, "decide")[0]
    with refused("task.not_own"):
        takes_back(one_hand, "conference.head", given)
    assert states(one_hand, request) == {"decide": "done", "ratify": "open"}


def test_one_case_that_cannot_be_carried_out_does_not_stop_a_meeting(one_hand: Hands) -> None:
    in_force(one_hand, files_with(flow(ALONE)))
    original = another(one_hand)
    first = called(one_hand, original)
    votes(one_hand, "gov.head", first, original, ballot=Ballot.AGREE)
    for by in ("conference.head", "street.head", "finance.head"):
        votes(one_hand, by, first, original)
    closed(one_hand, first)
    presence = agreed(one_hand, now(one_hand, original))
    change = accepted(one_hand, submitted(one_hand, changed(one_hand, original, funding=HALF)),
                      by="conference.head")  # fmt: skip
    plain = another(one_hand, title="另一件事", content="协助登记楼道消防栓")
    second = called(one_hand, change, plain, title="第二次会议")
    for by in ("conference.head", "gov.head", "finance.head"):
        for one in (change, plain):
            votes(one_hand, by, second, one)
    funded(one_hand, presence, 500000)
    after = closed(one_hand, second)
    assert [i.skipped for i in after.agenda] == ["change.below_paid", ""]
    assert now(one_hand, plain).state is State.APPROVED
    assert now(one_hand, change).state is State.ACCEPTED
    assert rows(one_hand, Opinion, request_id=change.id) == []


def test_the_seat_of_who_has_voted_goes_to_nobody(one_hand: Any) -> None:
    request = before(one_hand)
    meeting = called(one_hand, request)
    for by in ("conference.head", "gov.head", "street.head"):
        votes(one_hand, by, meeting, request)
    colleague(one_hand, "street.head", OTHER)
    command = handing_over.HandoverCommand(
        person_id="person-street.head", reason="left", to=f"u-{OTHER}"
    )
    one_hand("county.head").do(lambda d: handing_over.hand_over(d, command))
    meeting = now(one_hand, meeting)
    done = closed(one_hand, meeting, "conference.head", "gov.head", "street.head")
    assert done.state is ConferenceState.CLOSED
    assert now(one_hand, request).state is State.APPROVED


# ---- 转办 -----------------------------------------------------------------------------------------


def test_who_acts_for_another_in_one_thing_does_not_pass_on_their_tasks(
    one_office: Office, one_hand: Any
) -> None:
    request = begun(one_hand, EXAMINE, OFFICE)
    colleague(one_hand, "street.clerk", "street.second")
    colleague(one_hand, "street.clerk", "street.third")
    given = passes(one_hand, "street.clerk", task(one_hand, request, "examine", "street.clerk"),
                   "street.second")  # fmt: skip
    second = Hand(one_office, "street.second")
    command = delegating.DelegationCommand(
        to_person_id="person-street.clerk", role="street.clerk", organisation_id="o-990102001",
        acts=["voucher.street_arrival"], valid_from=date(2026, 3, 2), valid_to=date(2026, 3, 13),
    )  # fmt: skip
    second.do(lambda d: delegating.give(d, command))
    with refused("access.forbidden"):
        passes(one_hand, "street.clerk", given, "street.third")


# ---- 决定之后 --------------------------------------------------------------------------------------


def test_a_revocation_that_falls_after_its_number_was_void_leaves_all_as_it_was(
    one_hand: Hands,
) -> None:
    colleague(one_hand, "street.head", OTHER)
    request = admitted(one_hand)
    heard(one_hand, proposed(one_hand, request))
    gone = decision_of(one_hand, revoked(one_hand, request))
    command = voiding.VoidCommand(reason="打印跳号")
    one_hand("street.head").do(lambda d: voiding.void(d, gone.id, gone.version, command))
    reviews(one_hand, asks(one_hand, request), "annulled")
    assert now(one_hand, request).state is State.APPROVED
    assert [p.state for p in presences(one_hand, request)] == [PresenceState.PLANNED]


def changed_in_part(hand: Hands) -> tuple[Request, Request]:
    """An admission with a change of it that the street's deputy granted in part."""
    colleague(hand, "street.head", OTHER)
    original = admitted(hand)
    change = examined(hand, accepted(hand, submitted(hand, changed(hand, original, targets=BOTH))))
    return original, approved(hand, change, by=OTHER, grant=Grant(areas=AREAS[1:]))


def test_who_decided_a_change_does_not_review_it(one_hand: Hands) -> None:
    original, _ = changed_in_part(one_hand)
    review = asks(one_hand, original)
    with refused("access.tied"):
        reviews(one_hand, review, "upheld", by=OTHER)


def test_who_worked_on_a_change_decides_nothing_about_what_it_changed(one_hand: Hands) -> None:
    original, change = changed_in_part(one_hand)
    assert {change.drafted_by, change.submitted_by} <= set(now(one_hand, original).worked_on_by)


def test_a_change_waits_until_a_review_of_what_it_changes_is_over(one_hand: Hands) -> None:
    colleague(one_hand, "street.head", OTHER)
    ready = examined(one_hand, accepted(one_hand, submitted(one_hand, drafted(
        one_hand, targets=BOTH))))  # fmt: skip
    original = approved(one_hand, ready, grant=Grant(areas=AREAS[:1]))
    change = examined(one_hand, accepted(one_hand, submitted(
        one_hand, changed(one_hand, original, ends_on="2026-12-31"))))  # fmt: skip
    review = asks(one_hand, original)
    with refused("request.pending"):
        approved(one_hand, change)
    reviews(one_hand, review, "upheld")
    assert approved(one_hand, change).state is State.CLOSED


def test_a_change_of_an_edition_that_stands_no_more_does_not_take_effect(one_hand: Hands) -> None:
    colleague(one_hand, "street.head", OTHER)
    original = admitted(one_hand)
    first = rejected_change(one_hand, original)
    carried(one_hand, changed(one_hand, original, ends_on="2026-12-31"))
    review = asks(one_hand, first)
    with refused("change.outdated"):
        reviews(one_hand, review, "replaced")
    assert now(one_hand, original).edition == 2


def rejected_change(hand: Hands, original: Request) -> Request:
    change = examined(hand, accepted(hand, submitted(hand, changed(hand, original, targets=BOTH))))
    command = approving.DecideCommand(reason="不同意")
    hand("street.head").do(lambda d: approving.reject(d, change.id, change.version, command))
    found: Request = now(hand, change)
    return found


def test_a_whole_is_settled_though_one_of_its_parts_was_revoked(one_hand: Hands) -> None:
    parts = [case.filing_of(title=t, content=t) for t in ("登记楼道灯具", "登记楼道扶手")]
    command = filing.DraftCommand(filing=case.filing_of(title="组合"), children=parts)
    whole = one_hand("dept.clerk").do(lambda d: filing.draft(d, command)).request
    submitted(one_hand, whole)
    one, other = rows(one_hand, Request, parent_id=whole.id)
    approved(one_hand, examined(one_hand, accepted(one_hand, one)))
    heard(one_hand, proposed(one_hand, one))
    revoked(one_hand, one)
    approved(one_hand, examined(one_hand, accepted(one_hand, other)))
    assert now(one_hand, whole).state is State.CLOSED


def test_of_two_parts_that_end_at_once_the_second_settles_the_whole(hand: Hands) -> None:
    parts = [case.filing_of(title=t, content=t) for t in ("登记楼道灯具", "登记楼道扶手")]
    command = filing.DraftCommand(filing=case.filing_of(title="组合"), children=parts)
    whole = hand("dept.clerk").do(lambda d: filing.draft(d, command)).request
    submitted(hand, whole)
    ready = [examined(hand, accepted(hand, r)) for r in rows(hand, Request, parent_id=whole.id)]
    head = hand("street.head")
    call = Call(actor=head.actor, county="990102", act="test")
    agree = approving.DecideCommand(reason="同意")
    both = [
        head.office.submit(call, lambda d, r=r: approving.approve(d, r.id, r.version, agree))
        for r in ready
    ]  # fmt: skip
    assert [one.result().refused for one in both] == [None, None]
    assert now(hand, whole).state is State.CLOSED


def test_who_decided_it_before_does_not_end_what_others_are_to_decide(one_hand: Hands) -> None:
    colleague(one_hand, "street.head", OTHER)
    request = rejected(one_hand)
    reviews(one_hand, asks(one_hand, request), "annulled")
    held = now(one_hand, request)
    command = approving.DecideCommand(reason="不再办理")
    with refused("access.tied"):
        one_hand("street.head").do(lambda d: approving.terminate(d, held.id, held.version, command))


def test_a_clock_counted_anew_is_made_firm_from_the_day_it_began_anew(
    one_office: Office, one_hand: Any, clock: Any
) -> None:
    colleague(one_hand, "street.head", OTHER)
    request = rejected(one_hand)
    clock.at = datetime(2026, 3, 27, 4, 0, tzinfo=UTC)
    review = asks(one_hand, request)
    clock.at = datetime(2026, 12, 21, 4, 0, tzinfo=UTC)
    reviews(one_hand, review, "annulled")
    assert now(one_hand, request).due_provisional
    table = "date,kind,name,source\n2027-01-01,off,元旦,test\n".encode()
    Seeder(one_office).act("000000", "calendar.import", lambda d: publishing.put_calendar(d, table))
    ticking.tick(one_office)
    after = now(one_hand, request)
    assert not after.due_provisional and after.due_on > date(2026, 12, 31)


def test_what_was_revoked_a_moment_ago_expires_no_more(
    one_office: Office, one_hand: Any, clock: Any
) -> None:
    request = admitted(one_hand)
    heard(one_hand, proposed(one_hand, request))
    clock.at = datetime(2026, 7, 1, 4, 0, tzinfo=UTC)
    due = dict(ticking._effects(one_office, "990102", date(2026, 7, 1), Trying(one_office)))
    revoked(one_hand, request)
    call = Call(actor=ticking.system_actor("990102"), county="990102", act="tick.expired")
    assert one_office.perform(call, due["expired"]).body is None
    assert [p.state for p in presences(one_hand, request)] == [PresenceState.EXITED]


def test_a_review_of_an_archived_case_is_one_that_can_still_change_it(
    one_hand: Hands, clock: Any
) -> None:
    request = rejected(one_hand)
    clock.at = datetime(2026, 3, 31, 4, 0, tzinfo=UTC)
    one_hand("street.head").do(lambda d: approving.close(d, request.id, request.version))
    with refused("request.state"):
        asks(one_hand, request)


def test_a_time_to_be_heard_that_nobody_was_told_of_ends_no_hearing(
    one_hand: Hands, clock: Any
) -> None:
    street = {"key": "decide", "act": "decide", "bodies": ["street"]}
    in_force(one_hand, files_with(flow(street), replace=(NO_TIME,)))
    request = approved(one_hand, accepted(one_hand, submitted(one_hand, drafted(one_hand))))
    held = proposed(one_hand, request)
    assert held.answer_by is None
    in_force(one_hand, files_with(flow(street)), since=date(2026, 3, 16))
    clock.at = datetime(2026, 3, 17, 4, 0, tzinfo=UTC)
    with refused("revocation.unheard"):
        revoked(one_hand, request)
    assert now(one_hand, held).state is RevocationState.PROPOSED


# ---- 机构变动 --------------------------------------------------------------------------------------


def test_a_case_whose_desk_came_to_who_asks_in_it_is_laid_out_for_others(one_hand: Hands) -> None:
    request = accepted(one_hand, submitted(one_hand, drafted(one_hand)))
    held = rows(one_hand, Task, request_id=request.id, state="open")[0]
    urban, civil = "o-990102-urban", "o-990102-civil"

    def elsewhere(desk: Any) -> Answer:
        return Answer(body=desk.unit.change(desk.unit.get(Task, held.id), organisation_id=urban))

    one_hand("county.head").do(elsewhere)
    merger = {"kind": "merge", "object_kind": "organisation", "sources": [urban]}
    carried_out(one_hand, **merger, successors=[{"id": civil}])
    assert rows(one_hand, Task, id=held.id)[0].organisation_id == civil
    plan = one_hand("county.head").do(lambda d: Answer(body=reflowing.plan(d, request.id)))
    command = reflowing.ReflowCommand(plan=plan.digest, reason="承办单位已并入申请单位")
    version = now(one_hand, request).version
    after = one_hand("county.head").do(
        lambda d: reflowing.reflow(d, request.id, version, command)
    ).request  # fmt: skip
    assert [t.organisation_id for t in rows(one_hand, Task, request_id=request.id, state="open")
            ] == ["o-990102001"]  # fmt: skip
    assert approved(one_hand, examined(one_hand, after)).state is State.APPROVED


# ---- 补正 -----------------------------------------------------------------------------------------


def test_nobody_has_agreed_to_areas_or_money_that_were_asked_for_later(one_hand: Hands) -> None:
    request = begun(one_hand, EXAMINE, OFFICE)
    speaks(one_hand, "street.clerk", request, "examine")
    supplemented(one_hand, request, targets=BOTH)
    assert states(one_hand, request) == {"examine": "open", "decide": "waiting"}


def test_a_body_that_meets_and_does_something_else_too_meets_on_its_own_cases_alone(
    one_hand: Hands,
) -> None:
    both = ('function = "admission_office"\nfamily = "county"',
            'function = "joint_conference"\nfamily = "county"')  # fmt: skip
    in_force(one_hand, files_with(flow(OFFICE), replace=(both,)))
    request = another(one_hand)
    with refused("conference.no_case"):
        called(one_hand, request)
