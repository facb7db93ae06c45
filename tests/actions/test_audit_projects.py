"""审计项目: a paper opens the books, to these people, of these units, until that day, no further."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from registry.actions import reading
from registry.actions.auditing import projects
from registry.actions.office import Answer, Call, Desk, Office
from registry.actions.reading import ListQuery
from registry.actions.seeding import person_actor
from registry.domain.areas import Area
from registry.domain.audit import Finding
from registry.domain.auditing import AuditProject
from registry.domain.bank import BankLine
from registry.domain.errors import Refusal
from registry.domain.funds import Voucher
from registry.domain.people import Actor, Post
from registry.domain.presence import Presence
from registry.domain.request import Request
from tests.actions import case
from tests.actions.audited import CIVIL, letter, opened
from tests.actions.case import Hands
from tests.actions.refused import refused
from tests.conftest import MovingClock


def reads(office: Office, actor: Actor, kind: Any, **query: Any) -> list[str]:
    try:
        page = reading.page(office, actor, kind, ListQuery(limit=500, **query))
    except Refusal as no:
        assert no.code in ("access.elsewhere", "access.reading")
        return []
    return [row.id for row in page.items]


def now(hand: Hands, who: str) -> Actor:
    return person_actor(hand(who).office, who)


def neighbour(hand: Hands) -> Actor:
    """An auditor of the county beside, as the officers there would set one up."""
    office = hand("auditor").office
    held = person_actor(office, "other.office")
    post = held.posts[0]

    def verb(desk: Desk) -> Answer:
        old = desk.unit.get(Post, post.post_id or "")
        made = msgspec.structs.replace(old, id="pst-aud2", role="auditor", version=1)
        return Answer(body=desk.unit.add(made))

    office.perform(Call(actor=held, county="990103", act="test"), verb)
    office.bearers.forget()
    return person_actor(office, "other.office")


def test_an_auditor_of_another_county_reads_the_units_of_the_project_and_nothing_else(
    hand: Hands,
) -> None:
    request = case.admitted(hand)
    place = case.presence_of(hand, request)
    office = hand("auditor").office
    who = neighbour(hand)
    assert reads(office, who, Presence, county="990102") == []
    opened(hand, members=[{"person_id": who.person_id, "home": "990103"}])
    assert reads(office, who, Presence, county="990102") == [place.id]
    assert reads(office, who, Request, county="990102") == [request.id]
    assert place.id in reads(office, who, Presence)


def test_whom_a_project_lets_in_reads_the_countys_directories_while_it_lasts(
    hand: Hands, clock: MovingClock
) -> None:
    """Without them the units and codes in what is read would have no names."""
    case.admitted(hand)
    office, who = hand("auditor").office, neighbour(hand)
    assert reads(office, who, Area, county="990102") == []
    opened(hand, until="2026-03-31", members=[{"person_id": who.person_id, "home": "990103"}])
    assert "a-990102001001" in reads(office, who, Area, county="990102")
    clock.at = datetime(2026, 3, 31, 16, 1, tzinfo=UTC)
    assert reads(office, who, Area, county="990102") == []


def test_of_units_that_are_not_named_nothing_is_read(hand: Hands) -> None:
    case.admitted(hand)
    office, who = hand("auditor").office, neighbour(hand)
    opened(
        hand, units=["o-990102-health"], members=[{"person_id": who.person_id, "home": "990103"}]
    )
    assert reads(office, who, Presence, county="990102") == []
    assert reads(office, who, Request, county="990102") == []


def test_access_ends_by_itself_after_its_day(hand: Hands, clock: MovingClock) -> None:
    request = case.admitted(hand)
    office, who = hand("auditor").office, neighbour(hand)
    opened(hand, until="2026-03-31", members=[{"person_id": who.person_id, "home": "990103"}])
    clock.at = datetime(2026, 3, 31, 15, 59, tzinfo=UTC)
    assert reads(office, who, Request, county="990102") == [request.id]
    clock.at = datetime(2026, 3, 31, 16, 1, tzinfo=UTC)
    assert reads(office, who, Request, county="990102") == []


def test_who_leaves_or_whose_project_is_closed_reads_no_more(hand: Hands) -> None:
    case.admitted(hand)
    office, who = hand("auditor").office, neighbour(hand)
    member = {"person_id": who.person_id, "home": "990103"}
    project = opened(hand, members=[member])
    told = projects.MemberCommand(**member)
    left = hand("auditor").do(lambda d: projects.leave(d, project.id, project.version, told))
    assert reads(office, who, Request, county="990102") == []
    back = hand("auditor").do(lambda d: projects.join(d, project.id, left.project.version, told))
    assert reads(office, who, Request, county="990102")
    hand("auditor").do(lambda d: projects.close(d, project.id, back.project.version))
    assert reads(office, who, Request, county="990102") == []


def test_an_inspector_reads_nothing_without_a_letter(one_hand: Hands) -> None:
    case.admitted(one_hand)
    who = now(one_hand, "inspector")
    office = one_hand("inspector").office
    for kind in (Request, Presence, BankLine, AuditProject):
        assert reads(office, who, kind) == []


def test_an_inspector_reads_by_the_letter_its_units_topic_and_period_alone(hand: Hands) -> None:
    request = case.admitted(hand)
    office, who = hand("inspector").office, now(hand, "inspector")
    project = letter(hand)
    assert reads(office, who, Request) == [request.id]
    assert reads(office, who, AuditProject) == [project.id]
    assert reads(office, who, Voucher) == []
    assert reads(office, who, Finding) == []


def test_a_letter_about_money_opens_no_case(one_hand: Hands) -> None:
    case.admitted(one_hand)
    office, who = one_hand("inspector").office, now(one_hand, "inspector")
    letter(one_hand, topic="money")
    assert reads(office, who, Request) == []
    assert reads(office, who, Presence)


def test_what_was_not_written_of_within_the_period_is_not_read(hand: Hands) -> None:
    case.admitted(hand)
    office, who = hand("inspector").office, now(hand, "inspector")
    letter(hand, first_on="2025-01-01", last_on="2026-03-01")
    assert reads(office, who, Request) == []


@pytest.mark.parametrize(
    "by", ["inspector", "auditor", "county.office", "dept.head", "audit.admin"]
)
def test_nobody_lets_inspectors_in_but_the_head_of_the_office(one_hand: Hands, by: str) -> None:
    with refused("access.forbidden"):
        letter(one_hand, by)


@pytest.mark.parametrize("by", ["inspector", "county.head", "audit.admin", "dept.head"])
def test_only_an_audit_body_opens_its_project(one_hand: Hands, by: str) -> None:
    with refused("access.forbidden"):
        opened(one_hand, by)


def test_an_official_is_no_member_of_a_project(one_hand: Hands) -> None:
    clerk = one_hand("dept.clerk").actor.person_id
    with refused("audit.member"):
        opened(one_hand, members=[{"person_id": clerk}])
    with refused("audit.member"):
        opened(one_hand, members=[{"person_id": "nobody"}])


def test_the_days_of_a_project_are_in_order(one_hand: Hands) -> None:
    with refused("audit.dates"):
        opened(one_hand, first_on="2027-01-01")
    with refused("audit.dates"):
        opened(one_hand, until="2026-03-01")


def test_a_number_opens_one_project(one_hand: Hands) -> None:
    opened(one_hand)
    with refused("audit.number_twice"):
        opened(one_hand)


def test_a_letter_names_a_topic_that_there_is(one_hand: Hands) -> None:
    with refused("audit.topic"):
        letter(one_hand, topic="gossip")


def test_what_is_closed_is_changed_no_more(one_hand: Hands) -> None:
    project = opened(one_hand)
    person = one_hand("auditor")
    shut = person.do(lambda d: projects.close(d, project.id, project.version)).project
    with refused("audit.ended"):
        person.do(lambda d: projects.close(d, project.id, shut.version))


def test_the_units_of_a_project_that_is_no_places_are_read_by_name(hand: Hands) -> None:
    request = case.admitted(hand)
    office, who = hand("auditor").office, neighbour(hand)
    opened(hand, units=[CIVIL], members=[{"person_id": who.person_id, "home": "990103"}])
    assert reads(office, who, Request, county="990102") == [request.id]
