"""倍增: a county multiplied is read as one that was loaded whole, copy beside copy."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from bench import multiplied
from bench.forms import COUNTY
from registry.actions.office import Office
from registry.actions.reading import ListQuery, page
from registry.actions.seeding import person_actor
from registry.clock import Source, wall_clock
from registry.domain.request import Request, Target
from registry.store import tables
from registry.store.heads import head_of
from registry.store.store import Store

LOADED, COPIES = 40, 3
EACH = ("request", "target", "verdict", "decision", "presence", "step", "task", "serial")


def test_every_copy_is_a_whole_case_found_by_its_id_its_list_and_its_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(multiplied, "LOADED", LOADED)
    url, made = multiplied.multiplied(tmp_path, LOADED * COPIES)
    store = Store(url, url, tmp_path)
    try:
        office = Office(store, wall_clock, Source())
        auditor = person_actor(office, "auditor")
        found = page(office, auditor, Request, ListQuery(limit=500)).items
        assert [r.id for r in found] == [multiplied.id_of(at) for at in range(made)]
        first, last = found[0], found[-LOADED]
        assert first.title == last.title and last.verdict_id == f"vdt-{last.id}"
        lies = store.reader.find(Target, COUNTY, request_id=last.id)
        assert [target.id.partition(".")[0] for target in lies] == [last.id]
        said = page(office, auditor, Request, ListQuery(limit=500, text=first.title)).items
        alike = {r.id for r in found if r.title == first.title}
        assert alike == {r.id for r in said} and len(alike) % COPIES == 0
        with store.reader.connect() as connection:
            for name in EACH:
                table = next(t for t in tables.BY_RECORD.values() if t.name == name)
                of = (table.c.county == COUNTY, table.c.id.not_like("a-%"))
                many = connection.execute(select(func.count()).where(*of)).scalar_one()
                assert many % COPIES == 0 and many, name
            events = tables.event
            log = select(func.count(), func.max(events.c.seq)).where(events.c.county == COUNTY)
            many, end = connection.execute(log).one()
            assert many == end == head_of(connection, COUNTY)
    finally:
        store.close()
