"""随意办理: random acts by random people, the clock moving; after each, everything still holds."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.actions.random_changes import Everything
from tests.conftest import ENGINES
from tests.servers import fresh

Fresh = Callable[[Path], AbstractContextManager[str]]


@contextmanager
def _copied(template: Path, folder: Path) -> Iterator[str]:
    shutil.copy(template, folder / "registry.db")
    with fresh(folder) as url:
        yield url


def _machine(fresh: Fresh, examples: int, steps: int) -> None:
    Everything.fresh = staticmethod(fresh)
    case = Everything.TestCase
    case.settings = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None,
        suppress_health_check=list(HealthCheck), print_blob=True,
    )  # fmt: skip
    case().runTest()


def test_random_acts_by_random_people_leave_everything_sound(sqlite_template: Path) -> None:
    _machine(lambda folder: _copied(sqlite_template, folder), examples=6, steps=25)


@pytest.mark.long
@pytest.mark.timeout(14400)
@pytest.mark.parametrize("engine", ENGINES)
def test_thousands_of_random_acts_leave_everything_sound(
    engine: str, request: pytest.FixtureRequest
) -> None:
    if engine == "sqlite":
        template = request.getfixturevalue("sqlite_template")
        _machine(lambda folder: _copied(template, folder), examples=70, steps=60)
    else:
        server = request.getfixturevalue("postgres_template")
        _machine(lambda folder: fresh(folder, server, "registry_template"), examples=70, steps=60)
