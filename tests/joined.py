"""应用只接一次: the application, laid out once a process for whichever office is to be asked; its
routes take longer than most tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, cast

from litestar import Litestar
from litestar.testing import TestClient

from registry.actions.office import Office
from registry.app import create_app
from registry.settings import Settings

PUBLIC = "http://127.0.0.1:8000"


def settings_for(folder: Path, public_url: str = PUBLIC) -> Settings:
    return Settings(
        mode="demo",
        database_url=f"sqlite:///{folder / 'registry.db'}",
        read_database_url=f"sqlite:///{folder / 'registry.db'}",
        data_dir=folder,
        secret_key="demo",
        public_url=public_url,
    )


class Standing:
    """The office that the one application of all tests asks: each test's own."""

    now: Office

    def __getattr__(self, name: str) -> Any:
        return getattr(self.now, name)

    def __setattr__(self, name: str, value: Any) -> None:
        """What the application keeps on its office goes with that office."""
        if name == "now" or "now" not in self.__dict__:
            super().__setattr__(name, value)
        else:
            setattr(self.now, name, value)


@cache
def joined(public_url: str = PUBLIC) -> tuple[Standing, Litestar]:
    """The one application of an address, and whom it asks; one office at a time."""
    standing = Standing()
    settings = settings_for(Path(), public_url)
    return standing, create_app(cast(Office, standing), settings, owns=False)


@contextmanager
def door(office: Office, *, raising: bool = False) -> Iterator[TestClient[Any]]:
    """The application before an office."""
    standing, application = joined()
    standing.now = office
    with TestClient(application, raise_server_exceptions=raising) as client:
        yield client
