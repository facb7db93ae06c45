"""Migrations: a migrated database is the one the tables describe, and it guards itself."""

import re
import stat
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError

from registry.store import tables
from registry.store.engine import open_engine
from registry.store.migrate import MigrationError, head, migrate, revision
from registry.store.store import Store
from tests.servers import fresh
from tests.store.ledger import copied

SCHEMA = (
    "SELECT type, name, sql FROM sqlite_master WHERE type IN ('table', 'index')"
    " AND name <> 'alembic_version' AND name NOT LIKE 'sqlite_%' ORDER BY type, name"
)


def test_a_migrated_sqlite_database_is_word_for_word_the_tables(tmp_path: Path) -> None:
    migrate(f"sqlite:///{tmp_path / 'migrated.db'}")
    made = open_engine(f"sqlite:///{tmp_path / 'made.db'}")
    with made.begin() as connection:
        tables.metadata.create_all(connection)
        wanted = connection.exec_driver_sql(SCHEMA).all()
    made.dispose()
    migrated = open_engine(f"sqlite:///{tmp_path / 'migrated.db'}")
    with migrated.connect() as connection:
        found = connection.exec_driver_sql(SCHEMA).all()
    migrated.dispose()
    assert [row.name for row in found] == [row.name for row in wanted]
    for row, other in zip(found, wanted, strict=True):
        assert _words(row) == _words(other)


def _words(row: Any) -> list[str]:
    """What is stated, whatever the spacing: a column that was added stands on its neighbour's
    line."""
    return [re.sub(r"\s+", " ", cell).replace(" ,", ",") for cell in row if cell is not None]


def _constraints(connection: Connection) -> dict[str, Any]:
    query = (
        "SELECT conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)"
        " FROM pg_constraint WHERE connamespace = 'public'::regnamespace"
        " AND conrelid::regclass::text <> 'alembic_version'"
    )
    return {name: definition for name, definition in connection.execute(text(query))}


def test_a_migrated_postgresql_database_differs_in_nothing(postgres: Any, tmp_path: Path) -> None:
    with fresh(tmp_path, postgres) as url, fresh(tmp_path, postgres) as other:
        migrate(url)
        made = open_engine(other)
        with made.begin() as connection:
            tables.metadata.create_all(connection)
            wanted = _constraints(connection)
        made.dispose()
        migrated = open_engine(url)
        with migrated.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, tables.metadata) == []
            assert _constraints(connection) == wanted
        migrated.dispose()


def test_migrating_twice_changes_nothing(server: Any, tmp_path: Path) -> None:
    with fresh(tmp_path, server) as url:
        assert migrate(url) == migrate(url) == head()
        engine = open_engine(url)
        assert revision(engine) == head()
        engine.dispose()


def test_a_new_data_directory_belongs_to_its_owner_alone(tmp_path: Path) -> None:
    migrate(f"sqlite:///{tmp_path / 'var' / 'registry.db'}")
    assert stat.S_IMODE((tmp_path / "var").stat().st_mode) == 0o700


def test_a_database_of_a_newer_release_is_refused(server: Any, tmp_path: Path) -> None:
    with fresh(tmp_path, server) as url:
        migrate(url)
        engine = open_engine(url)
        with engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        engine.dispose()
        with pytest.raises(MigrationError, match="newer release"):
            migrate(url)


def test_tables_that_no_migration_made_are_left_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'registry.db'}"
    engine = open_engine(url)
    with engine.begin() as connection:
        tables.metadata.create_all(connection)
    engine.dispose()
    with pytest.raises(MigrationError, match="no migration made"):
        migrate(url)


def test_every_version_table_is_guarded(server: Any, tmp_path: Path) -> None:
    with fresh(tmp_path, server) as url:
        migrate(url)
        engine = open_engine(url)
        with engine.connect() as connection:
            names = inspect(connection).get_table_names()
            query = (
                "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
                if server
                else "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
            )
            guards = {tuple(row) for row in connection.execute(text(query))}
        engine.dispose()
        technical = {
            "alembic_version", "log_head", "token", "sign_in", "idempotency", "witnessed",
            "session", "form_draft",
        }  # fmt: skip
        written_once = {"event", "log_node", "log_peer", "checkpoint", "cosignature", "reading"}
        # The texts of rows as pairs of characters are made from the rows, and made anew at need.
        words = {name for name in names if name.startswith("text_")}
        for name in set(names) - technical - words:
            assert {(f"guard_{name}_delete", name), (f"guard_{name}_update", name)} <= guards
            assert name in written_once or (f"guard_{name}_reopen", name) in guards


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET actor = 'p-9' WHERE seq = 1",
        "DELETE FROM event WHERE seq = 5",
        "DELETE FROM finding WHERE id = 'f2'",
        "UPDATE finding SET body = '{}' WHERE id = 'f2'",
        "UPDATE finding SET digest = '' WHERE id = 'f2'",
        "UPDATE finding SET event_from = 2 WHERE id = 'f2'",
        "UPDATE finding SET event_to = NULL WHERE id = 'f1' AND version = 1",
        "UPDATE finding SET event_to = 5 WHERE id = 'f1' AND version = 1",
        "DELETE FROM serial WHERE id = 's1'",
    ],
)
def test_what_was_recorded_is_neither_changed_nor_deleted(county: Store, statement: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"), county.engine.begin() as connection:
        connection.execute(text(statement))


def test_postgresql_does_not_empty_a_table_either(
    postgres: Any, originals: Any, tmp_path: Path
) -> None:
    with (
        copied(postgres, originals, tmp_path / "data") as store,
        pytest.raises(DBAPIError, match="append-only"),
        store.engine.begin() as connection,
    ):
        connection.execute(text("TRUNCATE finding"))
