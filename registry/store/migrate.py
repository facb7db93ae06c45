"""升级 brings a database to the form this release knows, in one transaction, or not at all."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, make_url, text

from registry.store import grams, tables, weights
from registry.store.engine import open_engine

HERE = Path(__file__).parent / "migrations"
PRIVATE = 0o700
_LOCK = 0x61646D69
"""Two processes that migrate one PostgreSQL database take turns on this advisory lock."""


class MigrationError(RuntimeError):
    """不能升级: a database this release must not touch, in one sentence."""


def migrate(url: str) -> str:
    """Create the database if need be and bring it to this release; returns its revision.

    Raises:
        MigrationError: made by a newer release, or not made by migrations at all.
    """
    _make_folder(url)
    engine = open_engine(url)
    try:
        with engine.begin() as connection:
            _take_turn(connection)
            _check(connection)
            command.upgrade(_config(connection), "head")
            if grams.is_empty(connection):
                grams.fill(connection)
            weights.tell(connection, tables.event.metadata)
    finally:
        engine.dispose()
    return head()


def head() -> str:
    """The revision of this release."""
    return str(ScriptDirectory.from_config(_config(None)).get_current_head())


def revision(engine: Engine) -> str | None:
    """The revision of a database; ``None`` = never migrated."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def url_revision(url: str) -> str | None:
    """The revision of the database at an address."""
    engine = open_engine(url, readonly=True)
    try:
        return revision(engine)
    finally:
        engine.dispose()


def sqlite_file(url: str) -> Path | None:
    """Where a SQLite database lies; ``None`` for another engine."""
    parsed = make_url(url)
    return Path(parsed.database or "") if parsed.get_backend_name() == "sqlite" else None


def _make_folder(url: str) -> None:
    file = sqlite_file(url)
    if file is not None:
        make_private(file.parent)


def make_private(folder: Path) -> None:
    """Make a folder, and what is missing above it, for the owner alone."""
    for path in (*reversed(folder.parents), folder):
        path.mkdir(mode=PRIVATE, exist_ok=True)


def _take_turn(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def _check(connection: Connection) -> None:
    found = MigrationContext.configure(connection).get_current_revision()
    known = {s.revision for s in ScriptDirectory.from_config(_config(None)).walk_revisions()}
    if found is not None and found not in known:
        raise MigrationError(f"the database has revision {found}, made by a newer release")
    if found is None and inspect(connection).has_table("event"):
        raise MigrationError("the database has tables that no migration made")


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
