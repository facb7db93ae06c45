"""The pages before an office, and people at their browsers."""

import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from registry.actions.office import Office
from tests.api.conftest import client, door
from tests.browsing import opened
from tests.conftest import _once
from tests.web.seated import Seat
from tests.web.site import Site, served

__all__ = ["client", "door"]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """One browser a file: while it is open its loop runs, and no test elsewhere could run one."""
    with opened() as made:
        yield made


@pytest.fixture
def browser(chromium: Any) -> Iterator[Any]:
    """The browser for one test: whatever it leaves open is closed after it."""
    yield chromium
    for context in chromium.contexts:
        context.close()


@pytest.fixture(scope="session")
def payload_county(sqlite_template: Path) -> Path:
    """A folder with the county whose every text is written to do harm, to be copied."""
    from tests.web.payloads import laid

    return _once("payloads", partial(laid, sqlite_template))


@pytest.fixture(scope="module")
def payload_site(payload_county: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """That county, served."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(payload_county, folder, dirs_exist_ok=True)
    with served(payload_county / "registry.db", folder) as made:
        yield made


@pytest.fixture
def seat(client: TestClient[Any], one_office: Office) -> Callable[[str], Seat]:
    """Somebody signed in."""
    return lambda username: Seat(client, one_office, username)
