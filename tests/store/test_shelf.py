"""What the writer remembers between acts is never other than what stands in the database."""

import threading
from concurrent.futures import Future
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from registry.actions.office import Office
from registry.domain.areas import Area
from registry.domain.calendar import CalendarYear
from registry.domain.errors import Refusal
from registry.domain.people import Organisation
from registry.store.entry import Header
from registry.store.marks import Marks
from registry.store.store import Store
from registry.store.unit import MISSING, Unit
from registry.store.verify import verify

COUNTY, PLACE = "990102", "a-990102001001"
AT = datetime(2026, 3, 2, tzinfo=UTC)


def header() -> Header:
    return Header(
        actor="test", act="area.rename", object_kind="area", object_id=PLACE,
        business_date=AT.date(), at=AT, salt="00" * 16,
    )  # fmt: skip


def renaming(name: str, *, fails: bool = False) -> Any:
    def job(unit: Unit) -> None:
        unit.change(unit.get(Area, PLACE), name=name)
        unit.flush(header())
        if fails:
            assert unit.get(Area, PLACE).name == name
            raise ValueError("after the rows were written")

    return job


def name_of(unit: Unit) -> str:
    return unit.get(Area, PLACE).name


def held(office: Office, *jobs: Any) -> list["Future[Any]"]:
    """The jobs queued while the writer is busy, so that one group takes them all."""
    busy = threading.Event()
    office.store.writer.submit(COUNTY, lambda unit: busy.wait(5))
    futures = [office.store.writer.submit(COUNTY, job) for job in jobs]
    busy.set()
    return futures


def test_an_act_sees_the_place_as_the_act_before_it_in_the_group_left_it(
    office: Office,
) -> None:
    before, _, after = held(office, name_of, renaming("演示新名社区"), name_of)
    assert before.result() != "演示新名社区"
    assert after.result() == "演示新名社区"


def test_an_act_that_was_rolled_back_leaves_no_memory(office: Office) -> None:
    before, failing, after = held(office, name_of, renaming("演示未成社区", fails=True), name_of)
    with pytest.raises(ValueError, match="after the rows"):
        failing.result()
    assert after.result() == before.result() != "演示未成社区"


def test_what_another_process_wrote_is_seen_by_the_next_group(office: Office) -> None:
    store = office.store
    assert store.writer.submit(COUNTY, name_of).result() != "演示外来社区"
    other = Store(store.url, store.url, store.files.folder.parent)
    other.writer.submit(COUNTY, renaming("演示外来社区")).result()
    other.close()
    assert store.writer.submit(COUNTY, name_of).result() == "演示外来社区"


def test_an_absence_is_remembered_only_until_the_thing_is_there(office: Office) -> None:
    def adding(unit: Unit) -> None:
        made = unit.get(Organisation, "o-990102-civil")
        unit.add(msgspec.structs.replace(made, id="o-990102-later", version=1))
        unit.flush(header())

    def seeking(unit: Unit) -> int:
        one = unit.maybe(Organisation, "o-990102-later")
        home = unit.get(Organisation, "o-990102-civil").area_id
        found = unit.find(Organisation, area_id=[home])
        return int(one is not None) + sum(o.id == "o-990102-later" for o in found)

    absent, _, there = held(office, seeking, adding, seeking)
    assert absent.result() == 0
    assert there.result() == 2


def test_two_that_write_one_county_make_one_unbroken_log(office: Office) -> None:
    store = office.store
    other = Store(store.url, store.url, store.files.folder.parent)
    before = store.reader.head(COUNTY)
    names = [f"演示第{number}社区" for number in range(20)]
    written = [
        writer.submit(COUNTY, renaming(name))
        for name, writer in zip(names, [store.writer, other.writer] * 10, strict=True)
    ]
    for one in written:
        one.result()
    seen = {store.writer.submit(COUNTY, name_of).result() for _ in range(2)}
    assert seen == {other.writer.submit(COUNTY, name_of).result()}
    other.close()
    assert store.reader.head(COUNTY) == before + len(names)
    assert verify(store.engine, COUNTY).fault is None


def test_what_was_refused_takes_no_other_act_of_its_group_along(office: Office) -> None:
    def refused(unit: Unit) -> None:
        unit.change(unit.get(Area, PLACE), name="演示不成社区")
        raise Refusal(MISSING)

    def given(unit: Unit) -> None:
        Marks(unit.connection, COUNTY).add_token("0" * 64, "p-nobody", AT, AT)
        raise Refusal(MISSING)

    done, one, two, last = held(office, renaming("演示留名社区"), refused, given, name_of)
    done.result()
    for failed in (one, two):
        with pytest.raises(Refusal):
            failed.result()
    assert last.result() == "演示留名社区"
    assert office.store.reader.token_owner("0" * 64, datetime(2025, 1, 1, tzinfo=UTC)) is None


def test_rules_that_an_act_of_the_group_has_changed_are_not_taken_for_settled(
    office: Office,
) -> None:
    def publishing(unit: Unit) -> bool:
        made = unit.find(CalendarYear)[0]
        unit.change(made)
        unit.flush(header())
        return unit.unsettled

    def asking(unit: Unit) -> Any:
        return unit.unsettled, unit.rules_standing([unit.county])

    nation = "000000"
    writer = office.store.writer
    before = writer.submit(nation, asking).result()
    assert writer.submit(nation, publishing).result()
    after = writer.submit(nation, asking).result()
    assert not before[0]
    assert not after[0]
    assert after[1] != before[1]
