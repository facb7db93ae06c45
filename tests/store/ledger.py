"""A small county with a few acts in its log, for tests that verify, copy and restore it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from registry.domain.audit import Finding
from registry.domain.document import Document, DocumentType
from registry.domain.records import Record, civil
from registry.domain.serial import Serial
from registry.store.entry import Header
from registry.store.migrate import migrate
from registry.store.store import Store
from registry.store.unit import Unit
from tests.servers import create, fresh

COUNTY = "990102"
AT = datetime(2026, 3, 2, 1, 30, 0, 123456, tzinfo=UTC)


def header(number: int) -> Header:
    return Header(
        actor=f"p-{number}",
        act="test.act",
        object_kind="county",
        object_id=COUNTY,
        business_date=civil(AT),
        at=AT,
        salt=f"{number:032x}",
    )


def act(store: Store, number: int, *records: Record, county: str = COUNTY) -> None:
    """One act that writes these first versions."""

    def job(unit: Unit) -> None:
        for record in records:
            unit.add(record)
        unit.flush(header(number))

    store.writer.submit(county, job).result()


def finding(name: str, **fields: object) -> Finding:
    given = {"code": "test.seen", "object_kind": "request", "object_id": "r1", "detail": "虚构"}
    told = given | fields
    return Finding(county=COUNTY, id=name, opened_on=civil(AT), **told)  # type: ignore[arg-type]


def fill(store: Store) -> None:
    """Five acts: rows of three kinds, one of them changed twice, one document on disk."""
    act(store, 1, finding("f1"), finding("f2"))
    digest = store.files.put("虚构附件".encode())
    document = Document(
        county=COUNTY,
        id="d1",
        parent_kind="request",
        parent_id="r1",
        request_id="r1",
        type=DocumentType.LETTER,
        name="来文.txt",
        media_type="text/plain",
        size=12,
        sha256=digest,
        uploaded_by="p-1",
        not_secret=True,
    )
    act(store, 2, document)
    for number in (3, 4):

        def change(unit: Unit, number: int = number) -> None:
            unit.change(unit.get(Finding, "f1"), detail=f"第 {number} 次")
            unit.flush(header(number))

        store.writer.submit(COUNTY, change).result()
    serial = Serial(
        county=COUNTY, id="s1", series="decision", year=2026, serial=1, number="一", object_id="r1"
    )
    act(store, 5, serial)


class Originals:
    """Filled databases, one an engine: made when first asked for, afterwards only copied."""

    def __init__(self, folders: pytest.TempPathFactory) -> None:
        self._folders = folders
        self._made: dict[bool, tuple[str, Path]] = {}

    def of(self, server: Any) -> tuple[str, Path]:
        """Name of the filled database (SQLite: empty) and its folder."""
        if (server is None) not in self._made:
            folder = self._folders.mktemp("original")
            name = create(server) if server else ""
            url = server.get_uri(name) if server else f"sqlite:///{folder / 'registry.db'}"
            migrate(url)
            store = Store(url, url, folder)
            fill(store)
            store.close()
            self._made[server is None] = (name, folder)
        return self._made[server is None]


@pytest.fixture(scope="session")
def originals(tmp_path_factory: pytest.TempPathFactory) -> Originals:
    return Originals(tmp_path_factory)


@pytest.fixture(params=["sqlite", "postgres"])
def server(request: pytest.FixtureRequest) -> Any:
    """The PostgreSQL server, or ``None`` for SQLite."""
    return None if request.param == "sqlite" else request.getfixturevalue("postgres")


@contextmanager
def copied(server: Any, originals: Originals, folder: Path) -> Iterator[Store]:
    """A database of one's own with the small county in it."""
    name, filled = originals.of(server)
    shutil.copytree(filled, folder)
    with fresh(folder, server, name) as url:
        store = Store(url, url, folder)
        try:
            yield store
        finally:
            store.close()


@pytest.fixture
def county(server: Any, originals: Originals, tmp_path: Path) -> Iterator[Store]:
    """The small county on each engine."""
    with copied(server, originals, tmp_path / "data") as store:
        yield store


@pytest.fixture
def one_county(originals: Originals, tmp_path: Path) -> Iterator[Store]:
    """The small county on SQLite only, where the engine does not matter."""
    with copied(None, originals, tmp_path / "data") as store:
        yield store
