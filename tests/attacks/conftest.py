"""Fixtures of this folder."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.attacks.scene import Scene
from tests.store.ledger import copied, originals, server

__all__ = ["originals", "server"]


@pytest.fixture
def scene(server: Any, originals: Any, tmp_path: Path) -> Iterator[Scene]:
    """A small county with a key of its own, on each engine."""
    with copied(server, originals, tmp_path / "data") as store:
        yield Scene(store, "log.example")


@pytest.fixture
def province(originals: Any, tmp_path: Path) -> Iterator[Scene]:
    """Another instance, which witnesses others."""
    with copied(None, originals, tmp_path / "province") as store:
        yield Scene(store, "province.example")
