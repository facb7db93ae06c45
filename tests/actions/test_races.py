"""争办 several people act at once, on one step and on parallel ones: one transition each."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from registry.actions.office import Office
from registry.clock import Source
from registry.store.store import Store
from tests.actions.by_table import COUNTY
from tests.actions.racing import RACES, Table, run, with_parallel_steps
from tests.actions.soundness import broken, unsound

SHORT, LONG = 5 * len(RACES), 2_000


@pytest.fixture
def table(office: Office, hand: Any, tmp_path: Path) -> Iterator[Table]:
    """One office on SQLite, which one process writes; on PostgreSQL two on one database."""
    with_parallel_steps(hand)
    url = office.store.url
    if url.startswith("sqlite"):
        yield Table([office])
        return
    store = Store(url, url, tmp_path)
    yield Table([office, Office(store, office.clock, Source(12))])
    store.close()


def _raced(table: Table, rounds: int, seed: int) -> None:
    office = table.offices[0]
    assert run(table, rounds, seed) == rounds
    assert unsound(office, COUNTY) == []
    assert broken(office, COUNTY) == []


def test_of_many_at_once_each_step_is_done_once(table: Table) -> None:
    _raced(table, SHORT, seed=4)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_of_two_thousand_races_none_is_won_twice(table: Table) -> None:
    _raced(table, LONG, seed=5)
