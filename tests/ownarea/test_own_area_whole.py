"""只看自己的，全部 own area only, asked of everybody everywhere, in every form, on both engines."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from registry.api.operations import Operation
from registry.domain.exporting import OF_ONE
from tests.conftest import TEMPLATE
from tests.ownarea import grounds as standing
from tests.ownarea import sweeps, taken
from tests.ownarea.grounds import Grounds
from tests.ownarea.knocking import counted
from tests.ownarea.sweeps import NAMES, OTHERS, READ
from tests.servers import fresh

pytestmark = [pytest.mark.long, pytest.mark.timeout(3600)]
WRITE = [o for o in OTHERS if o.method != "GET"]
ENGINES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(scope="module", params=ENGINES)
def grounds(
    request: pytest.FixtureRequest, sqlite_template: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Grounds]:  # fmt: skip
    folder = tmp_path_factory.mktemp("grounds")
    if request.param == "sqlite":
        with standing.on_sqlite(sqlite_template, folder) as made:
            yield made
        return
    server: Any = request.getfixturevalue("postgres_template")
    with (
        fresh(folder, server, TEMPLATE) as url, counted() as counting,
        standing.standing(sqlite_template, folder, url, counting) as made,
    ):  # fmt: skip
        yield made


@pytest.mark.parametrize("name", NAMES)
def test_every_list_record_count_and_word_is_ones_own(grounds: Grounds, name: str) -> None:
    assert sweeps.lists(grounds, name) == []
    assert sweeps.filters(grounds, name, whole=True) == []
    assert sweeps.cursors(grounds, name) == []
    assert sweeps.counted(grounds, name, whole=True) == []
    assert sweeps.changed(grounds, name, whole=True) == []
    assert sweeps.words(grounds, name, whole=True) == []
    assert sweeps.areas(grounds, name, whole=True) == []
    assert sweeps.records(grounds, name, whole=True) == []


@pytest.mark.parametrize("operation", READ, ids=lambda o: o.id)
def test_no_question_tells_anybody_of_elsewhere(grounds: Grounds, operation: Operation) -> None:
    assert sweeps.questions(grounds, operation, whole=True)[0] == []


@pytest.mark.parametrize("operation", WRITE, ids=lambda o: o.id)
def test_no_act_tells_anybody_of_elsewhere(grounds: Grounds, operation: Operation) -> None:
    assert sweeps.acts(grounds, operation, whole=True) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_list_in_every_form_is_ones_own(grounds: Grounds, name: str) -> None:
    assert taken.lists(grounds, name, OF_ONE) == []


@pytest.mark.parametrize("form", taken.WHOLE)
def test_every_whole_in_every_form_is_ones_own(grounds: Grounds, form: Any) -> None:
    assert taken.wholes(grounds, form) == []


def test_all_that_is_told_by_other_ways_is_ones_own(grounds: Grounds) -> None:
    for sweep in (taken.jobs, taken.asked_sql, taken.receipts, taken.again, taken.searched,
                  taken.public, taken.complaints, sweeps.own):  # fmt: skip
        assert sweep(grounds) == [], sweep.__name__
