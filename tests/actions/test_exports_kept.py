"""导出留存: what was exported can be fetched a while and is gone then; nothing is left half sent."""

import shutil
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from registry.actions.exporting import clearing, jobs, making, ordering
from registry.actions.exporting.ground import Ground, ground
from registry.actions.exporting.jobs import Job, Jobs, JobState
from registry.actions.exporting.making import Order
from registry.actions.office import Office
from registry.actions.ticking import tick
from registry.api.exporting import sheets, shown
from registry.clock import Source, instant_of
from registry.domain.errors import Refusal
from registry.domain.exporting import Form
from registry.policies.queueing import shipped
from registry.settings import SettingError, from_environment
from tests.actions.refused import refused
from tests.conftest import MovingClock, actor_of

COUNTY, DAYS = "990102", timedelta(days=7)
Ordered = Callable[[Jobs], Job]


@pytest.fixture
def ordered(one_office: Office) -> Ordered:
    one_office.exports_kept = DAYS

    def begun(desk: Jobs) -> Job:
        return desk.begin(read(one_office), actor_of(one_office, "auditor"), Order(Form.HLEDGER))

    return begun


def read(office: Office) -> Ground:
    of = ground(office, COUNTY, None, sheets())
    return of._replace(actor=actor_of(office, "auditor"), shown=shown())


def lying(office: Office) -> list[Path]:
    return sorted((office.store.data_dir / "exports").iterdir())


def test_the_tick_removes_what_was_ordered_longer_ago_than_is_kept(
    one_office: Office, clock: MovingClock, ordered: Ordered
) -> None:
    desk = Jobs(one_office)
    job = ordered(desk)
    desk.close()
    _, sent = ordering.at_once(
        read(one_office), actor_of(one_office, "auditor"), Order(Form.CSV, "areas")
    )
    (sent.parent / "of-somebody-else.txt").write_text("")
    clock.at += DAYS
    tick(one_office)
    assert desk.file(actor_of(one_office, "auditor"), job.id)[1].is_file() and sent.is_file()
    clock.at += timedelta(minutes=1)
    assert tick(one_office)["exports_removed"] == 2
    assert [one.name for one in lying(one_office)] == ["of-somebody-else.txt"]
    with refused("access.hidden"):
        desk.one(actor_of(one_office, "auditor"), job.id)
    assert "exports_removed" not in tick(one_office)


def test_what_is_being_made_is_not_removed_however_long_it_takes(
    one_office: Office, clock: MovingClock, ordered: Ordered, monkeypatch: pytest.MonkeyPatch
) -> None:
    go, make = threading.Event(), jobs.make

    def slow(*told: Any) -> Any:
        go.wait(30)
        return make(*told)

    monkeypatch.setattr(jobs, "make", slow)
    desk = Jobs(one_office)
    job = ordered(desk)
    clock.at += 2 * DAYS
    assert clearing.clear(one_office) == 0
    go.set()
    desk.close()
    assert desk.one(actor_of(one_office, "auditor"), job.id).state is JobState.DONE
    assert clearing.clear(one_office) == 1


def test_a_stop_breaks_an_export_off_and_it_goes_on_when_ordered_again(
    one_office: Office, ordered: Ordered, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stop that waited for an hour's export would be killed; one that let it write into a store
    that is closed would wait for ever."""
    begun, make = threading.Event(), jobs.make
    desk, reader = Jobs(one_office), actor_of(one_office, "auditor")

    def until_stopped(of: Any, order: Any, file: Any, told: Callable[[int], None]) -> Any:
        begun.set()
        for _ in range(3000):
            told(1)
            threading.Event().wait(0.01)

    with monkeypatch.context() as long:
        long.setattr(jobs, "make", until_stopped)
        job = ordered(desk)
        assert begun.wait(30)
        desk.stop()
    assert (desk.one(reader, job.id).state, jobs.make) == (JobState.FAILED, make)
    again = Jobs(one_office)
    assert ordered(again).id == job.id
    again.close()
    assert again.one(reader, job.id).state is JobState.DONE


def test_a_file_that_may_not_be_recorded_is_not_left_lying(
    one_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise Refusal("storage.unavailable")

    monkeypatch.setattr(making, "record", full)
    with pytest.raises(Refusal):
        ordering.at_once(
            read(one_office), actor_of(one_office, "auditor"), Order(Form.CSV, "areas")
        )
    assert lying(one_office) == []


def test_nothing_is_removed_where_nothing_was_exported_or_no_time_is_set(
    one_office: Office, clock: MovingClock, ordered: Ordered
) -> None:
    shutil.rmtree(one_office.store.data_dir / "exports", ignore_errors=True)
    assert clearing.clear(one_office) == 0
    desk = Jobs(one_office)
    ordered(desk)
    desk.close()
    clock.at += 9 * DAYS
    one_office.exports_kept = None
    assert clearing.clear(one_office) == 0 and len(lying(one_office)) == 1


def test_an_id_tells_when_it_was_made(clock: MovingClock) -> None:
    told = instant_of(Source(1).identifier("exp", clock.at))
    assert told is not None and abs(told - clock.at) < timedelta(milliseconds=1)
    assert instant_of("exp-x") is instant_of("../job") is None


@pytest.mark.parametrize(("told", "days"), [("", 7), ("1", 1), ("90", 90)])
def test_the_setting_says_how_many_days_exports_are_kept(told: str, days: int) -> None:
    given = from_environment({"REGISTRY_MODE": "demo", "REGISTRY_EXPORTS_DAYS": told})
    assert given.exports_days == days


@pytest.mark.parametrize("told", ["0", "-1", "a week"])
def test_a_time_that_is_no_number_of_days_stops_the_start(told: str) -> None:
    with pytest.raises(SettingError):
        from_environment({"REGISTRY_MODE": "demo", "REGISTRY_EXPORTS_DAYS": told})


def test_one_person_has_so_many_exports_under_way_and_no_more(
    one_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    go, make = threading.Event(), jobs.make

    def slow(of: Ground, order: Order, file: Path, told: Any) -> Any:
        while not go.wait(0.01):
            told(0)
        return make(of, order, file, told)

    def order(desk: Jobs, who: str, number: int) -> Job:
        asked = Order(Form.HLEDGER, filters={"n": str(number)})
        return desk.begin(read(one_office), actor_of(one_office, who), asked)

    monkeypatch.setattr(jobs, "make", slow)
    desk, most = Jobs(one_office), shipped().each
    begun = [order(desk, "auditor", number) for number in range(most)]
    with refused("export.too_many") as told:
        order(desk, "auditor", most)
    assert told.value.facts["retry_after"] == shipped().again_seconds
    assert order(desk, "auditor", 0) == begun[0], "the same order is no further one"
    assert order(desk, "county.head", 0).id, "nobody else waits for that"
    desk.stop()
    # Broken off, they are under way no more: who orders them again is not refused.
    again = Jobs(one_office)
    assert order(again, "auditor", most).id
    go.set()
    again.close()
    later = Jobs(one_office)
    assert order(later, "auditor", most + 1).id
    later.close()
