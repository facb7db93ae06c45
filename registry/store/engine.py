"""数据库引擎 how each engine is opened, and the gate that refuses a wrong SQLite setting."""

from typing import Any, TypeAlias

import pysqlite3.dbapi2 as sqlite
from sqlalchemy import ColumnElement, Connection, Engine, Table, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry, NullPool, QueuePool

SAFE_SQLITE = (3, 51, 3)
"""First release without the WAL-reset corruption bug (sqlite.org/wal.html#walresetbug)."""
PREPARED_AFTER = 2
"""How often a connection to PostgreSQL sends a statement before the server keeps its plan."""
PREPARED_MOST = 1_000
"""Plans a connection keeps; more than there are statements, so that none is made again."""
BACKPORTS = ((3, 44, 6), (3, 50, 7))


Reading: TypeAlias = Connection
"""一致读: one moment of the database, as other rooms hand it on."""
Narrowed: TypeAlias = tuple[ColumnElement[bool], ...]
"""限定: conditions on the rows of one table, as other rooms hand them on."""
Held: TypeAlias = Table
"""一个表, as other rooms hand it on."""


class EngineError(RuntimeError):
    """启动检查未通过: a setting under which data could be lost; the registry does not start."""


def open_engine(url: str, *, readonly: bool = False) -> Engine:
    """An engine whose connections are set up the one right way for its kind.

    Args:
        url: ``sqlite:///path`` or ``postgresql://…``.
        readonly: connections refuse writes.
    """
    if url.startswith("sqlite:"):
        return _sqlite(url, readonly=readonly)
    engine = create_engine(
        url.replace("postgresql://", "postgresql+psycopg://", 1),
        pool_size=10, max_overflow=10, pool_pre_ping=True, pool_use_lifo=True,
        connect_args={"prepare_threshold": PREPARED_AFTER},
    )  # fmt: skip

    @event.listens_for(engine, "connect")
    def _connect(raw: Any, _record: Any) -> None:
        raw.prepared_max = PREPARED_MOST
        if readonly:
            raw.read_only = True
            # A rollback would make the driver forget all that is prepared; nothing is undone here.
            raw.rollback = raw.commit

    return engine


def _sqlite(url: str, *, readonly: bool) -> Engine:
    engine = create_engine(
        url, module=sqlite, poolclass=QueuePool if readonly else NullPool,
        connect_args={"timeout": 30, "check_same_thread": False},
    )  # fmt: skip

    @event.listens_for(engine, "connect")
    def _connect(raw: Any, _record: Any) -> None:
        # The driver's own transaction handling would begin deferred and lose updates.
        raw.isolation_level = None
        cursor = raw.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=1")
        cursor.execute("PRAGMA cache_size=-65536")
        if readonly:
            cursor.execute("PRAGMA query_only=1")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN" if readonly else "BEGIN IMMEDIATE")

    return engine


def end(engine: Engine) -> None:
    """Close every connection; one that a thread still reads with, as soon as it gives it back:
    the engine itself would forget it open."""

    @event.listens_for(engine.pool, "checkin")
    def _given_back(_raw: Any, record: ConnectionPoolEntry) -> None:
        record.invalidate()

    engine.dispose()


def gate(engine: Engine) -> None:
    """Refuse to start on a SQLite that could lose or corrupt data.

    Raises:
        EngineError: naming the setting: version, journal mode, synchronous, foreign keys, STRICT.
    """
    if engine.dialect.name != "sqlite":
        return
    check_version(sqlite.sqlite_version_info)
    with engine.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
        loose = connection.exec_driver_sql(
            "SELECT name FROM pragma_table_list WHERE schema='main' AND type='table' AND strict=0"
            " AND name NOT LIKE 'sqlite_%' AND name <> 'alembic_version'"
        ).scalars()
        check_pragmas(pragmas, list(loose))


def check_version(found: tuple[int, ...]) -> None:
    """Raises ``EngineError`` on a SQLite release inside the WAL-reset bug."""
    if found < SAFE_SQLITE and found not in BACKPORTS:
        raise EngineError(f"SQLite {found} can corrupt a WAL database; need {SAFE_SQLITE}")


def check_pragmas(pragmas: dict[str, Any], loose: list[str]) -> None:
    """Raises ``EngineError`` naming the first wrong setting."""
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    for name, value in wanted.items():
        if pragmas.get(name) != value:
            raise EngineError(f"SQLite {name} is {pragmas.get(name)!r}, must be {value!r}")
    if loose:
        raise EngineError(f"tables without STRICT: {', '.join(sorted(loose))}")
