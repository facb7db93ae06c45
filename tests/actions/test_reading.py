"""查阅: each sees their own organisation's and area's records, now or as they once stood."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from registry.actions import boxes, filing, reading, seeing
from registry.actions.attaching import AttachCommand
from registry.actions.boxes import BoxQuery
from registry.actions.office import Office
from registry.actions.reading import ListQuery, PageOf
from registry.domain.admission import Verdict
from registry.domain.approval import Decision, Task
from registry.domain.areas import Area
from registry.domain.audit import Event
from registry.domain.document import Document, DocumentType
from registry.domain.errors import Refusal
from registry.domain.funds import Voucher
from registry.domain.people import Person
from registry.domain.presence import Presence
from registry.domain.request import Request, State
from tests.actions import case
from tests.actions.case import Hands, admitted, drafted, filing_of, submitted
from tests.actions.refused import refused
from tests.conftest import Hand, MovingClock

SECOND = {"targets": ["990102002001"]}


def listed(office: Office, by: str, kind: type[Any], **query: Any) -> list[Any]:
    """Everything of a kind the person sees."""
    found: PageOf = reading.page(office, Hand(office, by).actor, kind, ListQuery(**query))
    return found.items


def one(office: Office, by: str, kind: type[Any], id: str, **query: Any) -> Any:
    return reading.one(office, Hand(office, by).actor, kind, id, **query)


# ---- whose ---------------------------------------------------------------------------------------


def test_a_community_sees_only_what_is_meant_for_it(office: Office, hand: Hands) -> None:
    here, there = submitted(hand, drafted(hand)), submitted(hand, drafted(hand, **SECOND))
    assert [r.id for r in listed(office, "community.head", Request)] == [here.id]
    assert [r.id for r in listed(office, "community2.worker", Request)] == [there.id]
    with refused("access.hidden"):
        one(office, "community2.worker", Request, here.id)


def test_a_street_sees_its_communities_and_no_other_streets(office: Office, hand: Hands) -> None:
    here, there = submitted(hand, drafted(hand)), submitted(hand, drafted(hand, **SECOND))
    assert [r.id for r in listed(office, "street.clerk", Request)] == [here.id]
    assert [r.id for r in listed(office, "street2.head", Request)] == [there.id]


def test_what_is_meant_for_the_whole_county_concerns_every_community(
    one_office: Office, one_hand: Hands
) -> None:
    wide = submitted(one_hand, drafted(one_hand, targets=["990102"]))
    for by in ("community.head", "village.head", "street2.clerk"):
        assert wide.id in [r.id for r in listed(one_office, by, Request)], by


def test_a_department_sees_its_own_and_not_another_departments(
    one_office: Office, one_hand: Hands
) -> None:
    request = submitted(one_hand, drafted(one_hand))
    assert [r.id for r in listed(one_office, "dept.clerk", Request)] == [request.id]
    assert listed(one_office, "dept2.clerk", Request) == []
    with refused("access.hidden"):
        one(one_office, "dept2.clerk", Request, request.id)


def test_another_county_sees_nothing_and_learns_nothing(office: Office, hand: Hands) -> None:
    request = admitted(hand)
    for kind in (Request, Verdict, Decision, Task, Presence):
        assert listed(office, "other.office", kind) == []
    with refused("access.hidden"):
        one(office, "other.office", Request, request.id)
    with refused("access.elsewhere"):
        listed(office, "other.office", Request, county="990102")


def test_a_city_sees_its_counties_cases(one_office: Office, one_hand: Hands) -> None:
    request = submitted(one_hand, drafted(one_hand))
    assert [r.id for r in listed(one_office, "city.office", Request)] == [request.id]
    assert [r.id for r in listed(one_office, "city.office", Request, county="990102")] == [
        request.id
    ]


@pytest.mark.parametrize("by", ["sys.admin", "sec.admin", "audit.admin", "inspector"])
@pytest.mark.parametrize("kind", [Request, Verdict, Decision, Presence, Voucher])
def test_administrators_and_an_inspector_without_an_order_read_no_case(
    one_office: Office, by: str, kind: type[Any]
) -> None:
    with refused("access.reading"):
        listed(one_office, by, kind)


@pytest.mark.parametrize("by", ["sys.admin", "sec.admin", "audit.admin", "inspector"])
def test_of_a_case_they_find_no_paper_either(
    one_office: Office, one_hand: Hands, by: str
) -> None:  # fmt: skip
    request = drafted(one_hand)
    command = AttachCommand(
        parent_kind="request", parent_id=request.id, type=DocumentType.BASIS, name="依据.txt",
        not_secret=True,
    )  # fmt: skip
    paper = case.attached(one_hand, "dept.clerk", command, b"x")
    assert listed(one_office, by, Document) == []  # theirs are those of handovers and the like
    with refused("access.hidden"):
        one(one_office, by, Document, paper.id)


def test_public_directories_are_open_to_everyone(one_office: Office) -> None:
    for by in ("inspector", "sys.admin", "community.supervisor"):
        assert listed(one_office, by, Area)


def test_people_are_read_by_the_auditor_and_not_by_departments(one_office: Office) -> None:
    assert listed(one_office, "auditor", Person)
    with refused("access.reading"):
        listed(one_office, "dept.head", Person)


def test_the_log_is_read_by_those_who_oversee_it_alone(one_office: Office, one_hand: Hands) -> None:
    admitted(one_hand)
    seen = {}
    for by in ("auditor", "audit.admin", "county.office", "dept.head", "community.head"):
        try:
            seen[by] = bool(
                reading.events(one_office, Hand(one_office, by).actor, ListQuery()).items
            )
        except Refusal as refusal:
            seen[by] = refusal.code != "access.reading"
    assert seen == {
        "auditor": True, "audit.admin": True, "county.office": True, "dept.head": False,
        "community.head": False,
    }  # fmt: skip


# ---- when ----------------------------------------------------------------------------------------


def test_a_record_is_shown_as_it_stood(
    office: Office, hand: Hands, clock: MovingClock
) -> None:  # fmt: skip
    request = drafted(hand)
    before, seq = clock.at, office.store.reader.head("990102")
    clock.at += timedelta(days=1)
    person = hand("dept.clerk")
    person.do(lambda d: filing.edit(d, request.id, request.version, filing_of(title="改名以后")))
    now = one(office, "dept.clerk", Request, request.id)
    assert (now.title, now.version) == ("改名以后", 2)
    for as_of in (str(seq), before.isoformat()):
        then = one(office, "dept.clerk", Request, request.id, as_of=as_of)
        assert (then.title, then.version) == ("楼道灯具编号拍照", 1)


def test_what_was_not_yet_recorded_is_not_there(
    one_office: Office, one_hand: Hands
) -> None:  # fmt: skip
    seq = one_office.store.reader.head("990102")
    request = drafted(one_hand)
    with refused("access.hidden"):
        one(one_office, "dept.clerk", Request, request.id, as_of=str(seq))


def test_a_state_once_shown_stays_shown_at_its_moment(one_office: Office, one_hand: Hands) -> None:
    request = submitted(one_hand, drafted(one_hand))
    seq = one_office.store.reader.head("990102")
    case.accepted(one_hand, request)
    states = [r.state for r in listed(one_office, "auditor", Request, as_of=str(seq))]
    assert states == [State.SUBMITTED]
    assert [r.state for r in listed(one_office, "auditor", Request)] == [State.ACCEPTED]


@pytest.mark.parametrize("as_of", ["yesterday", "2026-03-02T04:00:00", "-1", "1.5", "2026-13-01"])
def test_a_moment_that_is_none_is_refused(one_office: Office, as_of: str) -> None:
    with refused("query.as_of"):
        listed(one_office, "auditor", Request, as_of=as_of)


# ---- pages ---------------------------------------------------------------------------------------


def test_pages_follow_each_other_without_gap_or_repeat(office: Office, hand: Hands) -> None:
    made = sorted(submitted(hand, drafted(hand, title=f"第{n}件照片归档")).id for n in range(5))
    actor, seen, after = Hand(office, "auditor").actor, [], None
    while True:
        found = reading.page(office, actor, Request, ListQuery(limit=2, after=after))
        seen += [r.id for r in found.items]
        after = found.next
        if after is None:
            break
    assert seen == made


def test_the_inbox_holds_what_is_to_be_done_with_the_days_left(
    one_office: Office, one_hand: Hands, clock: MovingClock
) -> None:
    request = case.accepted(one_hand, submitted(one_hand, drafted(one_hand)))
    clock.at += timedelta(days=7)
    here = boxes.page(one_office, Hand(one_office, "street.clerk").actor, BoxQuery())
    assert [(i.request_id, i.days_left) for i in here.items] == [(request.id, 10)]
    elsewhere = boxes.page(one_office, Hand(one_office, "street2.clerk").actor, BoxQuery())
    assert elsewhere.items == []


def test_a_refused_act_is_kept_in_the_log_with_its_code(
    one_office: Office, one_hand: Hands
) -> None:
    request = drafted(one_hand)
    with refused("access.forbidden"):
        one_hand("dept.clerk").do(lambda d: filing.withdraw(d, request.id, request.version))
    events: list[Event] = reading.events(
        one_office, Hand(one_office, "auditor").actor, ListQuery(limit=500)
    ).items
    assert [(e.act, e.code) for e in events][-1] == ("request.withdraw", "access.forbidden")


def test_a_community_does_not_see_a_neighbours_share_of_the_same_matter(
    one_office: Office, one_hand: Hands
) -> None:
    both = {"targets": ["990102001001", "990102001002"]}
    request = admitted(one_hand, **both)
    seen = listed(one_office, "community.head", Presence)
    assert [(p.request_id, p.area_id) for p in seen] == [(request.id, case.HERE)]
    assert len(listed(one_office, "street.head", Presence)) == 2
    assert len(listed(one_office, "dept.clerk", Presence)) == 2


# ---- drafts --------------------------------------------------------------------------------------


def test_papers_of_a_draft_are_the_asking_sides_own(one_office: Office, one_hand: Hands) -> None:
    request = drafted(one_hand)
    command = AttachCommand(
        parent_kind="request", parent_id=request.id, type=DocumentType.BASIS, name="依据.txt",
        not_secret=True,
    )  # fmt: skip
    paper = case.attached(one_hand, "dept.clerk", command, "正文".encode())
    for by in ("community.head", "street.clerk"):
        with refused("access.hidden"):
            one(one_office, by, Document, paper.id)
    submitted(one_hand, request)
    assert one(one_office, "community.head", Document, paper.id).id == paper.id


def test_the_verdict_on_what_stays_a_draft_is_not_shown_to_the_street(
    one_office: Office, one_hand: Hands
) -> None:
    request = drafted(one_hand, title="行政处罚", content="由社区实施行政处罚")
    with refused("request.refused"):
        submitted(one_hand, request)
    assert listed(one_office, "dept.head", Verdict)
    assert listed(one_office, "street.clerk", Verdict) == []


def test_a_draft_taken_back_stays_the_asking_sides_own(one_office: Office, one_hand: Hands) -> None:
    request = drafted(one_hand)
    one_hand("dept.head").do(lambda d: filing.withdraw(d, request.id, request.version))
    with refused("access.hidden"):
        one(one_office, "community.head", Request, request.id)


def test_a_city_looks_into_its_own_counties_and_into_none_of_a_neighbours(
    one_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    actor = msgspec.structs.replace(Hand(one_office, "city.office").actor, county="411000")
    partitions = ["000000", "411000", "411002", "411702", "990102"]
    monkeypatch.setattr(one_office.store.reader, "partitions", lambda: partitions)
    seen = seeing.scopes(one_office, actor, "request.read")
    assert {s.county for s in seen} == {"411000", "411002"}


def test_who_asks_beside_another_reads_the_case(one_office: Office, one_hand: Hands) -> None:
    both = [
        {"organisation_id": "o-990102-civil", "leading": True, "duties": "牵头"},
        {"organisation_id": "o-990102-urban", "duties": "配合"},
    ]
    request = admitted(one_hand, applicants=both)
    assert one(one_office, "dept2.clerk", Request, request.id).id == request.id
    assert [p.request_id for p in listed(one_office, "dept2.head", Presence)] == [request.id]
    alone = admitted(one_hand)
    assert alone.id not in [r.id for r in listed(one_office, "dept2.clerk", Request)]
