"""交接 whoever leaves holds nothing afterwards, and whoever receives can do what they were given."""

from typing import Any

import msgspec
import pytest

from registry.actions import approving, reading
from registry.actions.ledger import recording
from registry.actions.office import Answer, Call, Office
from registry.actions.staff.accounts import actor_of, issue_token
from registry.actions.succession import handing_over, handover_page
from registry.actions.succession.handing_over import HandoverCommand
from registry.domain.approval import Task
from registry.domain.conference import Conference
from registry.domain.delegation import Delegation, DelegationKind
from registry.domain.movement import Movement, MovementKind
from registry.domain.notice import Notice, NoticeKind
from registry.domain.people import Person, Post
from registry.domain.phrase import Phrase
from registry.domain.request import Request
from registry.domain.succession import Handover, HandoverPlan
from tests.actions.case import (
    accepted,
    admitted,
    agreed,
    drafted,
    examined,
    submitted,
    voucher,
)
from tests.actions.refused import refused
from tests.actions.reorganised import COUNTY, sound
from tests.actions.standing_in import posted
from tests.conftest import Hand

CLERK, HEAD = "person-dept.clerk", "person-dept.head"
CIVIL, TODAY = "o-990102-civil", "2026-03-02"


def command(**fields: Any) -> HandoverCommand:
    return msgspec.convert({"person_id": CLERK, "reason": "left", **fields}, HandoverCommand)


def held(hand: Any, person: str = CLERK, by: str = "county.office") -> HandoverPlan:
    one = hand(by)
    call = Call(actor=one.actor, county=COUNTY, act="handover.read")
    return handing_over.asked(one.office, call, person)


def handed(hand: Any, by: str = "dept.head", **fields: Any) -> Handover:
    order = command(**fields)
    record: Handover = hand(by).do(lambda d: handing_over.hand_over(d, order))
    return record


def put(hand: Any, record: Any) -> Any:
    """A row as another act of this issue would leave it."""
    return hand("county.head").do(lambda desk: Answer(body=desk.unit.add(record)))


def told(person: str, id: str) -> Notice:
    fields = {"county": COUNTY, "id": id, "person_id": person, "kind": "due", "text": "期限将至",
              "text_en": "Due.", "made_on": TODAY, "made_at": f"{TODAY}T04:00:00Z"}  # fmt: skip
    return msgspec.convert(fields, Notice)


def lent(frm: str, to: str, id: str) -> Delegation:
    return msgspec.convert(
        {"county": COUNTY, "id": id, "kind": DelegationKind.DELEGATION, "from_person_id": frm,
         "to_person_id": to, "organisation_id": CIVIL, "role": "dept.head",
         "acts": ["request.submit"], "valid_from": TODAY, "valid_to": "2026-06-30",
         "given_by": frm, "given_at": f"{TODAY}T04:00:00Z"}, Delegation)  # fmt: skip


def test_everything_in_a_persons_hands_goes_to_the_receiver_and_nothing_is_left(
    office: Office, hand: Any
) -> None:
    draft = drafted(hand)
    put(hand, told(CLERK, "ntc-1"))
    put(hand, Phrase(county=COUNTY, id="phr-1", organisation_id=CIVIL, person_id=CLERK,
                     text="材料齐全", made_by=CLERK))  # fmt: skip
    put(hand, lent(HEAD, CLERK, "dlg-1"))
    kinds = {item.kind for item in held(hand).items}
    assert kinds == {"request", "notice", "phrase", "delegation"}
    assert [p.title for p in held(hand).posts] == ["dept.clerk"]
    done = handed(hand, to=HEAD)
    after = held(hand)
    assert (after.items, after.posts) == ([], [])
    assert done.frozen and {i.id for i in done.items} == {draft.id, "ntc-1", "phr-1", "dlg-1"}
    find = office.store.reader
    moved = [
        find.get(Request, COUNTY, draft.id),
        find.get(Notice, COUNTY, "ntc-1"),
        find.get(Phrase, COUNTY, "phr-1"),
        find.get(Delegation, COUNTY, "dlg-1"),
    ]
    assert moved[0] and moved[0].holder_id == HEAD and moved[0].drafted_by == CLERK
    assert moved[1] and moved[1].person_id == HEAD
    assert moved[2] and moved[2].person_id == HEAD
    assert moved[3] and moved[3].ended_on is not None
    passed = find.find(Movement, COUNTY, request_id=draft.id)
    assert [(m.kind, m.to_person_id) for m in passed] == [(MovementKind.HAND_OVER, HEAD)]
    assert sound(office)


def test_an_account_handed_over_is_closed_at_once_and_its_history_keeps_the_name(
    office: Office, hand: Any
) -> None:
    draft = drafted(hand)
    person = office.store.reader.get(Person, COUNTY, CLERK)
    assert person is not None
    token = issue_token(office, person).token
    assert actor_of(office, token).person_id == CLERK
    handed(hand, to=HEAD)
    with refused("token.invalid"):
        actor_of(office, token)
    posts = office.store.reader.find(Post, COUNTY, person_id=CLERK)
    assert [p.valid_to.isoformat() for p in posts if p.valid_to] == ["2026-03-01"]
    after = office.store.reader.get(Request, COUNTY, draft.id)
    assert after is not None and after.drafted_by == CLERK
    now = office.store.reader.get(Person, COUNTY, CLERK)
    assert now is not None and now.name == person.name


def test_whoever_left_a_moment_ago_does_nothing_more_with_what_they_still_have_open(
    one_office: Office, one_hand: Any
) -> None:
    request = examined(one_hand, accepted(one_hand, submitted(one_hand, drafted(one_hand))))
    leaving = one_hand("street.head")
    handed(one_hand, "county.office", person_id="person-street.head", reason="moved",
           to="person-street.clerk")  # fmt: skip
    order = approving.DecideCommand(reason="同意")
    with refused("access.forbidden"):
        leaving.do(lambda d: approving.approve(d, request.id, request.version, order))


def test_nothing_is_handed_over_while_something_has_no_receiver(office: Office, hand: Any) -> None:
    draft = drafted(hand)
    with refused("handover.left") as info:
        handed(hand)
    assert any(draft.id in item for item in info.value.facts["items"])
    assert draft.title in info.value.detail and draft.id not in info.value.detail
    person = office.store.reader.get(Person, COUNTY, CLERK)
    assert person is not None and person.active
    items = [{"kind": "request", "id": draft.id, "to_person_id": HEAD}]
    assert [i.to_person_id for i in handed(hand, items=items).items] == [HEAD]


@pytest.mark.parametrize("to", [CLERK, "person-nobody", "person-dept2.clerk", "person-auditor"])
def test_only_somebody_there_who_may_do_it_receives(one_hand: Any, to: str) -> None:
    drafted(one_hand)
    with refused("handover.receiver"):
        handed(one_hand, to=to)


def test_a_frozen_person_receives_nothing(one_hand: Any) -> None:
    drafted(one_hand)

    def freeze(desk: Any) -> Answer:
        return Answer(body=desk.unit.change(desk.unit.get(Person, HEAD), active=False))

    one_hand("county.head").do(freeze)
    with refused("handover.receiver"):
        handed(one_hand, "county.office", to=HEAD)


def test_what_the_person_does_not_hold_is_not_handed_over(one_hand: Any) -> None:
    drafted(one_hand)
    with refused("handover.item"):
        handed(one_hand, to=HEAD, items=[{"kind": "task", "id": "tsk-9", "to_person_id": HEAD}])
    with refused("handover.item"):
        handed(one_hand, to=HEAD, posts=["post-999"])


def test_a_task_goes_to_nobody_who_is_bound_to_the_case(one_office: Office, one_hand: Any) -> None:
    request = accepted(one_hand, submitted(one_hand, drafted(one_hand)))
    task = one_office.store.reader.find(Task, COUNTY, request_id=request.id, state="open")[0]

    def bind(desk: Any) -> Answer:
        held = desk.unit.get(Request, request.id)
        desk.unit.change(desk.unit.get(Task, task.id), person_id="person-street.clerk")
        return Answer(body=desk.unit.change(held, worked_on_by=["person-second"]))

    def second(desk: Any) -> Answer:
        person = desk.unit.get(Person, "person-street.clerk")
        post = desk.unit.find(Post, person_id=person.id)[0]
        desk.unit.add(
            msgspec.structs.replace(post, id="post-second", version=1, person_id="person-second")
        )
        return Answer(body=desk.unit.add(msgspec.structs.replace(
            person, id="person-second", version=1, username="second")))  # fmt: skip

    one_hand("county.head").do(bind)
    one_hand("county.head").do(second)
    clerk = {"person_id": "person-street.clerk", "to": "person-second"}
    with refused("handover.tied"):
        handed(one_hand, "street.head", **clerk)


def test_a_recorded_voucher_keeps_its_recorder_and_is_followed_up_by_the_receiver(
    office: Office, hand: Any
) -> None:
    presence = agreed(hand, admitted(hand))
    order = voucher(presence, "order", "令1", 800000)
    hand("dept.head").do(lambda d: recording.record(d, order))
    dispatch = voucher(presence, "dispatch", "拨1", 800000)
    kept = hand("finance.clerk").do(lambda d: recording.record(d, dispatch)).voucher
    leaving, head = "person-finance.clerk", "person-finance.head"
    assert [(i.kind, i.id) for i in held(hand, leaving).items] == [("voucher", kept.id)]
    handed(hand, "finance.head", person_id=leaving, to=head)
    assert held(hand, leaving).items == []
    assert [(i.kind, i.id) for i in held(hand, head).items] == [("voucher", kept.id)]
    now = office.store.reader.get(type(kept), COUNTY, kept.id)
    assert now is not None and now.recorded_by == leaving and now.version == kept.version


def test_moving_within_the_office_keeps_the_account_and_the_other_post(
    one_office: Office, one_hand: Any
) -> None:
    worker = "person-community2.worker"
    posts = {p.title: p.id for p in held(one_hand, worker).posts}
    done = handed(one_hand, "community2.head", person_id=worker, reason="moved",
                  posts=[posts["community.cashier"]])  # fmt: skip
    assert not done.frozen
    left = Hand(one_office, "community2.worker").actor.posts
    assert [p.role for p in left] == ["community.worker"]


@pytest.mark.parametrize("by", ["dept2.head", "street.head", "dept.clerk", "auditor"])
def test_nobody_hands_over_the_people_of_another_body(one_hand: Any, by: str) -> None:
    with refused("access.forbidden" if by == "auditor" else "access.hidden"):
        handed(one_hand, by, to=HEAD)


def test_the_receiver_and_the_head_are_told(one_office: Office, one_hand: Any) -> None:
    drafted(one_hand)
    handed(one_hand, "county.office", to=HEAD)
    told = one_office.store.reader.find(Notice, COUNTY, person_id=HEAD)
    assert {n.kind for n in told} == {NoticeKind.HANDOVER}
    assert any("1项" in n.text for n in told)


def test_the_list_is_read_by_those_concerned_and_printed_with_names(
    one_office: Office, one_hand: Any
) -> None:
    draft = drafted(one_hand)
    done = handed(one_hand, to=HEAD)
    one = one_hand("dept.head")
    call = Call(actor=one.actor, county=COUNTY, act="handover.read")
    page = handover_page.page(handover_page.listed(one_office, call, done.id))
    assert "交接清单" in page and draft.id in page and draft.title in page
    assert "移交人（签字）" in page and "dept.clerk" in page
    stranger = one_hand("dept2.head")
    with refused("access.hidden"):
        handover_page.listed(
            one_office, Call(actor=stranger.actor, county=COUNTY, act="handover.read"), done.id
        )


def test_whoever_reads_a_handover_reads_its_list_too(one_office: Office, one_hand: Any) -> None:
    """Of somebody who served two bodies as well: the list shows what the record shows."""
    posted(one_office, "dept.clerk", "street.clerk", "o-990102001")
    done = handed(one_hand, by="county.office", to=HEAD)
    assert len(done.organisations) == 2
    one = one_hand("dept.head")
    assert reading.one(one_office, one.actor, Handover, done.id) == done
    call = Call(actor=one.actor, county=COUNTY, act="handover.read")
    assert handover_page.listed(one_office, call, done.id).handover == done


def test_a_seat_in_a_meeting_goes_to_who_follows(one_office: Office, one_hand: Any) -> None:
    fields = {"county": COUNTY, "id": "cnf-1", "organisation_id": CIVIL, "title": "演示会议",
              "held_on": TODAY, "called_by": CLERK, "agenda": [], "seated": f"|{CIVIL}|",
              "members": [{"person_id": CLERK, "organisation_id": CIVIL}]}  # fmt: skip
    put(one_hand, msgspec.convert(fields, Conference))
    handed(one_hand, to=HEAD)
    meeting = one_office.store.reader.get(Conference, COUNTY, "cnf-1")
    assert meeting is not None and [m.person_id for m in meeting.members] == [HEAD]
    assert meeting.called_by == CLERK
    assert not held(one_hand).items
    assert [i.id for i in held(one_hand, HEAD).items if i.kind == "conference"] == ["cnf-1"]


def test_what_was_handed_on_twice_lies_with_the_last(one_hand: Any) -> None:
    fields = {"county": COUNTY, "id": "cnf-1", "organisation_id": CIVIL, "title": "演示会议",
              "held_on": TODAY, "called_by": CLERK, "agenda": [], "seated": f"|{CIVIL}|",
              "members": []}  # fmt: skip
    put(one_hand, msgspec.convert(fields, Conference))
    put(one_hand, msgspec.convert({"county": COUNTY, "id": "person-third", "name": "丙(演示)",
                                   "username": "third", "password_hash": ""}, Person))  # fmt: skip
    put(one_hand, msgspec.convert({"county": COUNTY, "id": "post-third", "role": "dept.clerk",
                                   "person_id": "person-third", "organisation_id": CIVIL,
                                   "area_id": "a-990102000000"}, Post))  # fmt: skip
    handed(one_hand, to=HEAD)
    handed(one_hand, "county.office", person_id=HEAD, to="person-third")
    assert not held(one_hand).items and not held(one_hand, HEAD).items
    assert [i.id for i in held(one_hand, "person-third").items if i.kind == "conference"] == [
        "cnf-1"
    ]
