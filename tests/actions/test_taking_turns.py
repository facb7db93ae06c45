"""Two ticks at once, half a run: nothing is done twice, and no half proves the whole."""

from collections.abc import Generator
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from registry.actions.office import Office
from registry.actions.rejudging import reevaluating, running
from registry.actions.ticking import system_actor, tick
from registry.domain.pack import PackRun
from registry.domain.reevaluation import Reevaluation
from registry.domain.vocabulary import Level
from tests.actions.case import admitted
from tests.actions.enacting import barring, enacted
from tests.actions.test_simulation import COUNTY, DENY, draft_of
from tests.actions.test_simulation_runs import begun
from tests.conftest import MovingClock


@pytest.fixture
def other_tick(office: Office, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """While a tick judges, another goes through the whole run before it has kept anything."""
    judged, done = reevaluating._judged, list[int]()

    def slow(*told: Any) -> Generator[Any, None, None]:
        chunks = list(judged(*told))
        if not done:
            done.append(0)
            done[0] = reevaluating.reevaluate(office, system_actor(COUNTY))
        yield from chunks

    monkeypatch.setattr(reevaluating, "_judged", slow)
    return done


def test_two_ticks_at_once_keep_what_changed_once(
    office: Office, hand: Any, clock: MovingClock, other_tick: list[int]
) -> None:
    admitted(hand)
    other_tick.append(0)
    tick(office)
    enacted(office, barring("2026-03-09"))
    tick(office)
    clock.at += timedelta(days=7)
    other_tick.clear()
    done = tick(office)
    found = office.store.reader.find(Reevaluation, COUNTY)
    run = office.store.reader.get(PackRun, COUNTY, reevaluating.RUN)
    assert run is not None
    assert other_tick == [len(found)] == [run.summary["changed"]]
    assert len(found) == 2
    assert {one.version for one in found} == {1}
    assert "reevaluated" not in done


def test_a_run_over_a_jurisdiction_but_none_of_its_counties_proves_no_pack(
    one_office: Office, one_hand: Any
) -> None:
    draft = msgspec.structs.replace(
        draft_of(one_office, DENY), county="990000", level=Level.PROVINCE.value
    )
    whole = running.order_of(one_office, draft)
    assert len(whole.counties) > 1
    run = begun(one_hand, msgspec.structs.replace(draft, county=COUNTY))
    only = whole.counties[0]
    done = running.work_out(one_office, run, draft, only=only)
    assert not done.passed
