"""The pages before an office, and people at their browsers."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from registry.actions.office import Office
from tests.api.conftest import application, client, door, standing
from tests.conftest import _once
from tests.web.seated import Seat

__all__ = ["application", "client", "door", "standing"]


@pytest.fixture(scope="session")
def payload_county(sqlite_template: Path) -> Path:
    """A folder with the county whose every text is written to do harm, to be copied."""
    from tests.web.payloads import laid

    return _once("payloads", partial(laid, sqlite_template))


@pytest.fixture
def seat(client: TestClient[Any], one_office: Office) -> Callable[[str], Seat]:
    """Somebody signed in."""
    return lambda username: Seat(client, one_office, username)
