"""升级: lists kept before there were cancelling and guiding ones stay as they are, and guarded."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import text

from registry.store.engine import open_engine
from registry.store.migrate import _config, migrate
from tests.servers import fresh

ROW = (
    "INSERT INTO matter_list (county, id, version, event_from, digest, body, polarity, title)"
    " VALUES ('990102', ?, 1, 1, 'd', '{}', ?, '清单')"
)


@pytest.fixture
def old(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A database of the first form with one list in it, brought to this release."""
    path = tmp_path / "registry.db"
    url = f"sqlite:///{path}"
    engine = open_engine(url)
    with engine.begin() as connection:
        command.upgrade(_config(connection), "0001")
    engine.dispose()
    with closing(sqlite3.connect(path)) as plain, plain:
        plain.execute(ROW, ("L-OLD", "own_duty"))
        with pytest.raises(sqlite3.IntegrityError):
            plain.execute(ROW, ("L-EARLY", "guidance"))
    migrate(url)
    with closing(sqlite3.connect(path)) as plain:
        yield plain


def test_a_list_kept_before_is_there_afterwards(old: sqlite3.Connection) -> None:
    assert old.execute("SELECT id, polarity, title FROM matter_list").fetchall() == [
        ("L-OLD", "own_duty", "清单")
    ]


@pytest.mark.parametrize("polarity", ["cancelled", "guidance"])
def test_a_list_may_now_cancel_or_guide(old: sqlite3.Connection, polarity: str) -> None:
    old.execute(ROW, ("L-NEW", polarity))
    with pytest.raises(sqlite3.IntegrityError):
        old.execute(ROW, ("L-WRONG", "advice"))


@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM matter_list", "UPDATE matter_list SET title = ''",
     "UPDATE matter_list SET event_to = NULL"],
)  # fmt: skip
def test_a_list_kept_before_is_still_guarded(old: sqlite3.Connection, statement: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        old.execute(statement)


def test_postgresql_knows_the_same_words(postgres: object, tmp_path: Path) -> None:
    with fresh(tmp_path, postgres) as url:
        migrate(url)
        engine = open_engine(url)
        query = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name"
        with engine.connect() as connection:
            check = connection.execute(text(query), {"name": "ck_matter_list_polarity"}).scalar()
        engine.dispose()
    assert "'cancelled'" in str(check)
    assert "'guidance'" in str(check)
