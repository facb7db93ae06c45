"""The pages before an office, and people at their browsers."""

from collections.abc import Callable
from typing import Any

import pytest
from litestar.testing import TestClient

from registry.actions.office import Office
from tests.api.conftest import application, client, door, standing
from tests.web.seated import Seat

__all__ = ["application", "client", "door", "standing"]


@pytest.fixture
def seat(client: TestClient[Any], one_office: Office) -> Callable[[str], Seat]:
    """Somebody signed in."""
    return lambda username: Seat(client, one_office, username)
