"""客户端 on the second engine: behind a line that fails, against a server on PostgreSQL."""

from collections.abc import Iterator
from typing import Any

import pytest

from registry.actions.office import Office
from registry.clock import Source
from registry.store.store import Store
from tests.client import test_bad_line as first
from tests.conftest import TEMPLATE, MovingClock
from tests.servers import fresh

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def seeded(
    postgres_template: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:  # fmt: skip
    """One office for the file, which its server closes."""
    folder = tmp_path_factory.mktemp("line")
    with fresh(folder, postgres_template, TEMPLATE) as url:
        yield Office(Store(url, url, folder), MovingClock(), Source(11))


served, line, calling, paused = first.served, first.line, first.calling, first.paused
test_an_act_is_done_once = first.test_an_act_whose_answer_is_lost_is_done_once
test_a_package_goes_on_and_passes = (
    first.test_a_package_that_is_cut_off_goes_on_where_it_was_and_passes
)
test_a_list_is_read_to_its_end = first.test_a_list_is_read_to_its_end_each_record_once
test_so_it_is_without_waiting = first.test_the_client_that_does_not_wait_reads_it_as_well
