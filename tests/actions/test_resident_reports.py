"""居民反映: without a name or a number, answered in time by a body that is not concerned."""

from datetime import date
from typing import Any

import msgspec

from registry.actions import reading
from registry.actions.evaluating import replying, reporting
from registry.actions.evaluating.replying import ExamineCommand, ReplyCommand
from registry.actions.evaluating.reporting import Followed, OrderCommand, ReportCommand
from registry.actions.office import Office
from registry.actions.reading import ListQuery
from registry.actions.ticking import tick
from registry.domain.audit import Finding
from registry.domain.evaluating import ResidentReport
from registry.domain.notice import Notice
from registry.domain.vocabulary import Disclosure
from tests.actions import decided
from tests.actions.case import Hands
from tests.actions.lived import at, put, statutory
from tests.actions.refused import refused
from tests.conftest import MovingClock

COUNTY, STREET = "990102", "o-990102001"
WORDS = "公示栏写的修缮费用和实际不符"


def reported(office: Office, **fields: Any) -> ResidentReport:
    """Somebody reports without signing in."""
    whole = {"area": "990102001001", "about": "publicity", "wording": WORDS, **fields}
    command = msgspec.convert(whole, ReportCommand)
    told = office.perform(
        reporting.call(office, command.area), lambda d: reporting.tell_office(d, command)
    ).body
    assert isinstance(told, Followed)
    held = office.store.reader.get(ResidentReport, COUNTY, told.number)
    assert held is not None
    return held


def recorded(hand: Hands, by: str = "street.clerk", **fields: Any) -> ResidentReport:
    whole = {
        "area": "990102001001", "about": "harm", "wording": WORDS, "source": "12345",
        "external_key": "DEMO-0001", **fields,
    }  # fmt: skip
    command = msgspec.convert(whole, OrderCommand)
    held: ResidentReport = hand(by).do(lambda d: reporting.record(d, command))
    return held


def examined(hand: Hands, held: ResidentReport, by: str = "street.clerk") -> ResidentReport:
    command = ExamineCommand(established=True)
    after: ResidentReport = hand(by).do(
        lambda d: replying.examine(d, held.id, held.version, command)
    )
    return after


def answered(
    hand: Hands, held: ResidentReport, by: str = "street.head", **fields: Any
) -> ResidentReport:
    command = ReplyCommand(**({"text": "情况属实，已要求更正"} | fields))
    after: ResidentReport = hand(by).do(
        lambda d: replying.answer(d, held.id, held.version, command)
    )
    return after


def test_anybody_with_the_number_reads_how_far_it_is_and_no_words(
    hand: Hands, office: Office
) -> None:
    held = reported(office, against_id="o-990102-urban")
    assert (held.handler_id, held.due_on) == (STREET, date(2026, 3, 9))
    assert reporting.follow(office, held.number.lower()).state_zh == "已登记"
    answered(hand, examined(hand, held), ordered="在公示栏公布实际费用")
    told = reporting.follow(office, held.number)
    assert (told.established, told.ordered) == (True, "在公示栏公布实际费用")
    assert WORDS.encode() not in msgspec.json.encode(told)
    notices = office.store.reader.find(Notice, COUNTY)
    assert any("责令公布" in n.text for n in notices)
    with refused("report.unknown"):
        reporting.follow(office, "990102-NOTHING")


def test_no_number_of_anybody_is_kept(one_hand: Hands, one_office: Office) -> None:
    for words in ("请回电 138-0000-0000", "身份证990102199001011234", "写信到 a@example.org"):
        with refused("report.personal"):
            reported(one_office, wording=words)
    held = examined(one_hand, reported(one_office))
    with refused("report.personal"):
        answered(one_hand, held, text="已电话 13800000000 告知")


def test_what_the_public_may_not_know_of_is_not_there_for_it(
    one_hand: Hands, one_office: Office
) -> None:
    presence = statutory(one_hand)
    held = reported(one_office, presence_id=presence.id)
    assert held.against_id == presence.department_id
    put(one_hand, presence, disclosure=Disclosure.INTERNAL)
    for wrong in ({"presence_id": presence.id}, {"against_id": "nobody"}, {"presence_id": "none"}):
        with refused("report.subject"):
            reported(one_office, **wrong)
    with refused("area.unknown"):
        reported(one_office, area="110105001001")


def test_one_order_of_12345_is_one_report(hand: Hands, office: Office) -> None:
    first, again = recorded(hand), recorded(hand)
    assert (again.id, again.version) == (first.id, 1)
    assert recorded(hand, external_key="DEMO-0002").id != first.id
    assert len(office.store.reader.find(ResidentReport, COUNTY)) == 2


def test_one_order_is_one_report_whatever_place_it_is_told_of(one_hand: Hands) -> None:
    first = recorded(one_hand)
    again = recorded(one_hand, area="990102001002")
    assert (again.id, again.area_id) == (first.id, first.area_id)


def test_an_order_that_another_body_has_is_not_shown_to_who_may_not_read_it(
    one_hand: Hands,
) -> None:
    recorded(one_hand, by="county.office", against_id=STREET)
    for by, area in (("street.clerk", "990102001001"), ("street2.clerk", "990102002001")):
        with refused("report.known"):
            recorded(one_hand, by=by, area=area)


def test_a_handler_that_has_become_whom_it_is_about_loses_it_by_itself(
    one_hand: Hands, one_office: Office
) -> None:
    held = examined(one_hand, reported(one_office))
    put(one_hand, held, against_id=STREET)
    tick(one_office)
    now = one_office.store.reader.get(ResidentReport, COUNTY, held.id)
    assert now is not None and now.handler_id == "o-990102-admission"
    assert (now.state, now.established, now.due_on) == ("registered", None, held.due_on)
    tick(one_office)
    again = one_office.store.reader.get(ResidentReport, COUNTY, held.id)
    assert again is not None and again.version == now.version


def test_a_street_records_what_is_reported_on_its_own_ground(one_hand: Hands) -> None:
    with refused("access.forbidden"):
        recorded(one_hand, area="990102002001")


def test_a_report_about_the_street_goes_to_the_county_and_is_not_shown_to_the_street(
    one_hand: Hands, one_office: Office
) -> None:
    held = reported(one_office, against_id=STREET)
    assert held.handler_id != STREET
    street, county = one_hand("street.head"), one_hand("county.office")
    assert reading.page(street.office, street.actor, ResidentReport, ListQuery()).items == []
    assert reading.page(county.office, county.actor, ResidentReport, ListQuery()).items == [held]
    with refused("access.hidden"):
        examined(one_hand, held)


def test_a_report_is_examined_before_it_is_answered(one_hand: Hands, one_office: Office) -> None:
    held = reported(one_office)
    with refused("report.state"):
        answered(one_hand, held)
    done = answered(one_hand, examined(one_hand, held))
    with refused("report.state"):
        answered(one_hand, done)


def test_what_is_not_answered_in_time_is_found(
    hand: Hands, office: Office, clock: MovingClock
) -> None:
    late, done = reported(office), reported(office)
    answered(hand, examined(hand, done))
    clock.at = at(date(2026, 3, 10))
    tick(office)
    tick(office)
    (found,) = office.store.reader.find(Finding, COUNTY, code="resident_report.unanswered")
    assert (found.object_id, found.organisation_id) == (late.id, STREET)
    assert reporting.follow(office, late.number).overdue
    answered(hand, examined(hand, decided.now(hand, late)))
    (found,) = office.store.reader.find(Finding, COUNTY, code="resident_report.unanswered")
    assert found.closed_on == date(2026, 3, 10), "that it was late stays on record"
