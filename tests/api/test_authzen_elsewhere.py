"""事前询问 on the second engine: the main cases of the decision point, as they stand for the first."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from registry.actions.office import Office
from registry.clock import Source
from registry.store.store import Store
from tests.api import test_authzen as first
from tests.conftest import TEMPLATE, MovingClock
from tests.servers import fresh

pytestmark = pytest.mark.postgres


@pytest.fixture
def one_office(postgres_template: Any, tmp_path: Path, clock: MovingClock) -> Iterator[Office]:
    """The office that every part of these cases asks, on PostgreSQL."""
    with fresh(tmp_path, postgres_template, TEMPLATE) as url:
        store = Store(url, url, tmp_path)
        yield Office(store, clock, Source(11))
        store.close()


ask, records = first.ask, first.records
test_every_public_case = first.test_every_public_case_is_answered_as_its_makers_ask
test_pages_of_a_search = first.test_a_search_is_paged_and_its_pages_make_the_whole
test_several_at_once = first.test_an_item_replaces_an_entity_whole
test_who_where_and_what = first.test_who_where_and_what_are_searched_among_the_countys_own
test_the_prechecks_answer = first.test_the_answer_is_the_prechecks
test_nothing_is_recorded = first.test_nothing_is_recorded_by_asking
test_one_denial_one_draft = first.test_one_denial_makes_one_draft_however_often_it_is_brought
test_what_an_approval_covers = (
    first.test_what_was_admitted_may_be_done_under_its_approval_and_nothing_else
)
