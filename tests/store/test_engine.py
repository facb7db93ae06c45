"""启动检查: a SQLite that could lose or corrupt data is refused by name before anything is served."""

from contextlib import suppress

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from registry.actions.office import Office
from registry.store.engine import (
    EngineError,
    check_pragmas,
    check_version,
    end,
    gate,
    open_engine,
)

RIGHT = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


@pytest.mark.parametrize("version", [(3, 40, 1), (3, 44, 5), (3, 50, 6), (3, 51, 2)])
def test_a_release_inside_the_wal_bug_is_refused(version):
    with pytest.raises(EngineError, match="corrupt"):
        check_version(version)


@pytest.mark.parametrize("version", [(3, 44, 6), (3, 50, 7), (3, 51, 3), (3, 53, 4)])
def test_a_release_with_the_fix_is_taken(version):
    assert check_version(version) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [("journal_mode", "delete"), ("journal_mode", "memory"), ("synchronous", 0),
     ("synchronous", 1), ("foreign_keys", 0)],
)  # fmt: skip
def test_a_wrong_setting_is_refused_by_its_name(name, value):
    with pytest.raises(EngineError, match=name):
        check_pragmas({**RIGHT, name: value}, [])


def test_a_table_that_is_not_strict_is_refused_by_its_name(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path / 'loose.db'}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE loose (amount INTEGER)"))
    with pytest.raises(EngineError, match="loose"):
        gate(engine)
    engine.dispose()


def test_the_engine_as_opened_passes_the_gate(sqlite_template):
    engine = open_engine(f"sqlite:///{sqlite_template}")
    assert gate(engine) is None
    engine.dispose()


def test_a_reading_connection_cannot_write(sqlite_template):
    engine = open_engine(f"sqlite:///{sqlite_template}", readonly=True)
    with engine.connect() as connection, pytest.raises(Exception, match=r"readonly|read-only"):
        connection.execute(text("DELETE FROM token"))
    engine.dispose()


def test_what_a_thread_still_reads_with_is_closed_when_it_gives_it_back(database):
    engine = open_engine(database, readonly=True)
    idle = engine.connect()
    idle.close()
    held = engine.connect()
    raw, record = held.connection.dbapi_connection, held.connection._connection_record
    end(engine)
    assert held.execute(text("SELECT 1")).scalar() == 1, "nobody's reading is cut off"
    held.close()
    assert record.dbapi_connection is None
    if engine.dialect.name == "postgresql":
        assert raw.closed
    with engine.connect() as late:
        record = late.connection._connection_record
    assert record.dbapi_connection is None, "nor is what came after the end kept"


def test_what_was_prepared_for_reading_stays_prepared_after_the_reading(office: Office) -> None:
    """PostgreSQL plans a large question once; on the page of a box that is most of the time."""
    engine = office.store.reader._engine
    if engine.dialect.name != "postgresql":
        return
    for _ in range(5):
        with engine.connect() as connection:
            connection.exec_driver_sql("SELECT 7")
    with engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT statement FROM pg_prepared_statements").all()
    assert "SELECT 7" in {one[0] for one in kept}


def test_a_reading_that_failed_leaves_its_connection_fit_to_read(office: Office) -> None:
    for words in ("SELECT nothing FROM nowhere", "SELECT 8"):
        with office.store.reader.connect() as connection, suppress(DBAPIError):
            assert connection.exec_driver_sql(words).scalar() == 8
    with office.store.reader.connect() as connection:
        assert connection.exec_driver_sql("SELECT 9").scalar() == 9
