"""阅读留痕: what auditors and inspectors read is on record, in a log of its own that nobody changes."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import text

from registry.actions.office import Office
from registry.actions.readlog import reading_back
from registry.actions.readlog.gathering import ReadLog, read_log
from registry.actions.readlog.reading_back import ReadQuery
from registry.actions.seeding import person_actor
from registry.actions.ticking import tick
from registry.domain.areas import Area
from registry.domain.audit import canonical, leaf, wire
from registry.domain.errors import Refusal
from registry.domain.merkle import inclusion
from registry.domain.people import Actor
from registry.policies.sittings import Sittings
from registry.store import listing, readings
from registry.store.proven import entry_of
from registry.store.reader import Page
from tests.actions import case
from tests.actions.case import Hands
from tests.actions.refused import refused
from tests.conftest import MovingClock

COUNTY = "990102"
PAGE = "/api/v1/requests?limit=50"


def who(office: Office, name: str = "auditor") -> Actor:
    return person_actor(office, name)


def told(office: Office) -> list[dict[str, Any]]:
    with office.store.reader.connect() as connection:
        found = readings.entries(connection, COUNTY, after=0, limit=500)
    return [msgspec.json.decode(one.entry) for one in found]


def test_pages_of_one_sitting_are_one_entry(office: Office, clock: MovingClock) -> None:
    log = read_log(office)
    for minutes in (0, 5, 20, 20):
        clock.at += timedelta(minutes=minutes)
        log.note(who(office), COUNTY, PAGE)
    assert log.settle() == 0
    clock.at += timedelta(minutes=31)
    assert log.settle() == 1
    (entry,) = told(office)
    assert (entry["times"], entry["pages"]) == (4, [{"page": PAGE, "times": 4}])
    assert entry["person"] == who(office).person_id and len(entry["salt"]) == 32


def test_after_a_pause_another_sitting_begins(one_office: Office, clock: MovingClock) -> None:
    log = read_log(one_office)
    log.note(who(one_office), COUNTY, PAGE)
    clock.at += timedelta(minutes=31)
    log.note(who(one_office), COUNTY, "/api/v1/vouchers")
    tick(one_office)
    assert [e["times"] for e in told(one_office)] == [1]
    assert log.settle(everything=True) == 1
    assert [e["pages"][0]["page"] for e in told(one_office)] == [PAGE, "/api/v1/vouchers"]


def test_no_sitting_is_longer_than_is_set(one_office: Office, clock: MovingClock) -> None:
    log = ReadLog(one_office, Sittings(idle_minutes=30, longest_minutes=60, pages=2))
    for _ in range(5):
        log.note(who(one_office), COUNTY, PAGE)
        clock.at += timedelta(minutes=20)
    assert log.settle(everything=True) == 2


def test_further_pages_are_counted_and_not_named(one_office: Office) -> None:
    log = ReadLog(one_office, Sittings(idle_minutes=30, longest_minutes=60, pages=2))
    for number in range(5):
        log.note(who(one_office), COUNTY, f"/api/v1/requests/r-{number}")
    log.settle(everything=True)
    (entry,) = told(one_office)
    assert (len(entry["pages"]), entry["further"], entry["times"]) == (2, 3, 5)


@pytest.mark.parametrize("name", ["dept.clerk", "county.head", "community.worker", "sys.admin"])
def test_of_who_works_here_no_reading_is_kept(one_office: Office, name: str) -> None:
    log = read_log(one_office)
    log.note(who(one_office, name), COUNTY, PAGE)
    assert log.settle(everything=True) == 0


def test_reading_changes_nothing_of_what_is_read(one_office: Office) -> None:
    head = one_office.store.reader.head(COUNTY)
    log = read_log(one_office)
    log.note(who(one_office), COUNTY, PAGE)
    log.settle(everything=True)
    assert one_office.store.reader.head(COUNTY) == head


def test_a_case_that_was_opened_is_an_event_once_in_a_sitting(hand: Hands) -> None:
    request = case.admitted(hand)
    office = hand("auditor").office
    log = read_log(office)
    for _ in range(3):
        log.note(who(office), COUNTY, f"/api/v1/requests/{request.id}", case=request.id)
    office.store.writer.submit(COUNTY, lambda unit: None).result()
    events = office.store.reader.events([COUNTY], {"act": "case.opened"}, Page())
    assert [(e.object_id, e.actor) for e in events] == [(request.id, who(office).person_id)]


def test_the_log_is_a_chain_under_a_tree(office: Office) -> None:
    log = read_log(office)
    for number in range(3):
        log.query(who(office), COUNTY, {"sql": f"SELECT {number}"})
    with office.store.reader.connect() as connection:
        found = readings.entries(connection, COUNTY, after=0, limit=10)
        root = readings.Readings(connection, COUNTY).root(3)
        proof = inclusion(1, 3, readings.Readings(connection, COUNTY).read)
        assert readings.follow(connection, COUNTY) == (3, None)
    assert [leaf(one.entry.encode()) for one in found] == [one.leaf for one in found]
    says = [msgspec.json.decode(one.entry) for one in found]
    assert [e["before"] for e in says] == ["", found[0].leaf, found[1].leaf]
    assert all(canonical(e).decode() == one.entry for e, one in zip(says, found, strict=True))
    assert len(root) == 32 and len(proof) == 2


def test_nobody_changes_or_takes_out_an_entry(office: Office) -> None:
    read_log(office).query(who(office), COUNTY, {"sql": "SELECT 1"})
    for statement in ("UPDATE reading SET entry = '{}'", "DELETE FROM reading"):
        with pytest.raises(Exception, match=r"(?i)append|changed|deleted|only|reading"):
            office.store.writer.submit(
                COUNTY, lambda unit, said=statement: unit.connection.execute(text(said))
            ).result()
    assert len(told(office)) == 1


def test_the_administrator_of_logs_reads_it_and_nobody_else(one_office: Office) -> None:
    log = read_log(one_office)
    for number in range(3):
        log.query(who(one_office), COUNTY, {"sql": f"SELECT {number}"})
    asked = ReadQuery(limit=2, check=True)
    page = reading_back.page(one_office, who(one_office, "audit.admin"), COUNTY, asked)
    assert ([one.seq for one in page.items], page.next, page.size) == ([1, 2], 2, 3)
    assert (page.checked, page.broken) == (3, None) and len(page.root) == 64
    for name in ("auditor", "inspector", "county.head", "sys.admin", "dept.head"):
        with refused("access.reading"):
            reading_back.page(one_office, who(one_office, name), COUNTY, asked)


def test_the_chain_is_followed_as_far_as_there_is_time_and_goes_on_from_there(
    one_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, admin = read_log(one_office), who(one_office, "audit.admin")
    for number in range(5):
        log.query(who(one_office), COUNTY, {"sql": f"SELECT {number}"})
    monkeypatch.setattr(readings, "AT_ONCE", 2)
    with one_office.store.reader.connect() as connection:
        turns = iter([True, False])
        assert readings.follow(connection, COUNTY, within=lambda: next(turns)) == (2, None)
        assert readings.follow(connection, COUNTY, 2) == (5, None)
    late = ReadQuery(after=3, check=True)
    assert reading_back.page(one_office, admin, COUNTY, late).checked == 5
    with one_office.store.engine.begin() as connection:
        for (name,) in connection.execute(
            text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'reading'")
        ).all():
            connection.execute(text(f"DROP TRIGGER {name}"))
        connection.execute(text("UPDATE reading SET leaf = lower(hex(zeroblob(32))) WHERE seq = 3"))
    found = reading_back.page(one_office, admin, COUNTY, ReadQuery(check=True))
    assert (found.checked, found.broken) == (2, 3)


def test_a_page_of_the_log_takes_no_longer_than_any_other_question(
    one_office: Office, clock: MovingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = read_log(one_office)
    log.note(who(one_office), COUNTY, PAGE)
    log.settle(everything=True)
    monkeypatch.setattr(listing.timed.__wrapped__, "__defaults__", (0.0,))
    with refused("query.slow"):
        reading_back.page(one_office, who(one_office, "audit.admin"), COUNTY, ReadQuery())


def test_a_sitting_that_could_not_be_written_is_kept_and_holds_up_no_other(
    one_office: Office, clock: MovingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = read_log(one_office)
    log.note(who(one_office), "000000", PAGE)
    log.note(who(one_office), COUNTY, PAGE)
    submit = one_office.store.writer.submit

    def full(county: str, job: Any) -> Any:
        if county == "000000":
            raise Refusal("access.reading")
        return submit(county, job)

    clock.at += timedelta(minutes=31)
    with monkeypatch.context() as patched:
        patched.setattr(one_office.store.writer, "submit", full)
        assert tick(one_office)["failed"] >= 1
    assert len(told(one_office)) == 1, "the other was written in the same tick"
    assert one_office.failed["readings"] == 1
    one_office.failed.clear()
    assert log.settle() == 1


def test_an_opened_case_that_could_not_be_recorded_is_recorded_the_next_time(
    one_hand: Hands, clock: MovingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = case.admitted(one_hand)
    office = one_hand("auditor").office
    log, opened_at = read_log(office), clock.at

    def full(*_: Any) -> Any:
        raise Refusal("storage.unavailable")

    with monkeypatch.context() as patched:
        patched.setattr("registry.actions.readlog.gathering.opened", full)
        log.note(who(office), COUNTY, PAGE, case=request.id)
        office.store.writer.submit(COUNTY, lambda unit: None).result()
        tick(office)
        assert office.failed.pop("cases_opened") == 1
    clock.at += timedelta(minutes=5)
    tick(office)
    events = office.store.reader.events([COUNTY], {"act": "case.opened"}, Page())
    assert [(e.object_id, e.actor) for e in events] == [(request.id, who(office).person_id)]
    with office.store.reader.connect() as connection:
        entry = entry_of(connection, COUNTY, events[0].seq)
    assert msgspec.json.decode(entry)["note"] == {"opened_at": wire(opened_at)}


def test_a_day_without_reading_writes_nothing(one_office: Office, clock: MovingClock) -> None:
    clock.at = datetime(2026, 3, 3, 4, tzinfo=UTC)
    assert read_log(one_office).settle(everything=True) == 0
    assert told(one_office) == [] and one_office.store.reader.find(Area, COUNTY)
