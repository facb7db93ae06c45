"""时间到了: effects come once each, and a guessed date brings none."""

from datetime import UTC, datetime

from sqlalchemy import text

from registry.actions import approving
from registry.actions.auditing import issued
from registry.actions.rules import publishing
from registry.actions.seeding import Seeder
from registry.actions.staff.accounts import actor_of, issue_token
from registry.actions.ticking import tick
from registry.domain.audit import Finding
from registry.domain.presence import Presence, PresenceState
from registry.domain.request import Request
from tests.actions import case


def _at(month: int, day: int, year: int = 2026) -> datetime:
    return datetime(year, month, day, 4, 0, tzinfo=UTC)


def test_a_case_past_its_day_is_overdue_and_never_deemed_approved(one_office, one_hand, clock):
    request = case.accepted(one_hand, case.submitted(one_hand, case.drafted(one_hand)))
    assert request.due_on is not None
    clock.at = _at(5, 29)
    assert tick(one_office)["overdue"] >= 1
    after = one_office.store.reader.get(Request, "990102", request.id)
    assert after.overdue
    assert after.state == request.state


def test_a_tick_brings_nothing_twice(one_office, one_hand, clock):
    case.accepted(one_hand, case.submitted(one_hand, case.drafted(one_hand)))
    clock.at = _at(5, 29)
    tick(one_office)
    assert set(tick(one_office)) == {"conduct_looked_at"}  # What the first made overdue.
    head = one_office.store.reader.head("990102")
    assert tick(one_office) == {}
    assert one_office.store.reader.head("990102") == head


def test_a_provisional_date_makes_nothing_overdue_until_its_table_comes(
    one_office, one_hand, clock
):
    clock.at = _at(12, 21)
    request = case.accepted(one_hand, case.submitted(one_hand, case.drafted(one_hand)))
    assert request.due_provisional
    clock.at = _at(3, 15, 2027)
    assert "overdue" not in tick(one_office)
    table = b"date,kind,name,source\n2027-01-01,off,\xe5\x85\x83\xe6\x97\xa6,test\n"
    Seeder(one_office).act("000000", "calendar.import", lambda d: publishing.put_calendar(d, table))
    assert tick(one_office)["recomputed"] == 1
    assert tick(one_office)["overdue"] >= 1


def test_what_cannot_be_done_holds_up_nothing_else_of_the_tick(
    one_hand, clock, monkeypatch, caplog
):
    request = case.admitted(one_hand)
    office = one_hand("auditor").office
    clock.at = _at(7, 1)

    def broken(*_):
        raise RuntimeError("cannot be done")

    with monkeypatch.context() as patched:
        patched.setattr("registry.actions.ticking._late", broken)
        patched.setattr(issued, "effects", lambda *_: [("listed", broken)])
        told = tick(office)
    presence = office.store.reader.find(Presence, "990102", request_id=request.id)[0]
    assert presence.state is PresenceState.EXPIRED, "what time brings comes all the same"
    counties = len(office.store.reader.partitions())
    assert office.failed == {"late": counties, "listed": counties}
    assert told["failed"] == 2 * counties
    assert caplog.text.count("late of 990102 failed") == 1
    office.failed.clear()
    assert "failed" not in tick(office)


def test_a_presence_past_its_term_expires(one_office, one_hand, clock):
    request = case.admitted(one_hand)
    clock.at = _at(7, 1)
    tick(one_office)
    presence = one_office.store.reader.find(Presence, "990102", request_id=request.id)[0]
    assert presence.state is PresenceState.EXPIRED


def test_late_money_opens_one_finding(one_office, one_hand, clock):
    case.admitted(one_hand)
    clock.at = _at(5, 29)
    tick(one_office)
    tick(one_office)
    late = one_office.store.reader.find(Finding, "990102", code="funds.unpaid")
    assert len(late) == 1


def test_nobody_is_late_with_what_was_sent_back(one_office, one_hand, clock):
    request = case.accepted(one_hand, case.submitted(one_hand, case.drafted(one_hand)))
    command = approving.ReturnCommand(items=["补充依据"])
    one_hand("street.clerk").do(
        lambda d: approving.send_back(d, request.id, request.version, command)
    )
    clock.at = _at(5, 29)
    assert tick(one_office) == {}


def test_old_tokens_are_forgotten_and_fresh_ones_kept(one_office, clock):
    person = one_office.store.reader.person_named("auditor")
    old = issue_token(one_office, person)
    clock.at = _at(5, 29)
    fresh = issue_token(one_office, person)
    tick(one_office)
    with one_office.store.reader.connect() as connection:
        held = connection.execute(text("SELECT count(*) FROM token")).scalar()
    assert held == 1
    assert actor_of(one_office, fresh.token).person_id == person.id
    assert old.token != fresh.token
