"""体检 one line a check: engine, integrity, migrations, documents, ledger sums, posts that stand
apart, logs, clock, disk."""

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import DBAPIError

from registry.domain.calendar import CalendarYear
from registry.domain.records import SHANGHAI, Wire, civil
from registry.domain.sealing import CHECKPOINT_WITHIN
from registry.store import tables
from registry.store.backed import last
from registry.store.booked import books
from registry.store.engine import EngineError, gate, open_engine
from registry.store.files import Files
from registry.store.incompatible import posts_apart
from registry.store.keys import Keys
from registry.store.migrate import head, revision, sqlite_file
from registry.store.sealed import standing
from registry.store.verify import Progress, counties, snapshot, verify


class Check(Wire, frozen=True, kw_only=True):
    """检查结果; ``ok`` is ``None`` where it is worth knowing and no fault."""

    name: str
    ok: bool | None = True
    zh: str = "正常"
    en: str = "fine"

    def __str__(self) -> str:
        mark = {True: "ok", False: "FAIL", None: "note"}[self.ok]
        return f"{mark:4}  {self.name}: {self.zh} / {self.en}"


def doctor(
    url: str, data_dir: Path, now: datetime, on_progress: Progress = lambda done, total: None,
    *, slack: timedelta | None = CHECKPOINT_WITHIN, backup_within: timedelta | None = None,
) -> Iterator[Check]:  # fmt: skip
    """Examine a database and its documents without changing anything; ``slack`` as ``verify``.

    Args:
        backup_within: how old the newest backup may be; ``None`` = it is told, not judged.
    """
    file = sqlite_file(url)
    if file is not None and not file.exists():
        # Opening would create it, and an empty database is in perfect health.
        yield Check(name="database", ok=False, zh=f"没有 {file}", en=f"{file} is not there")
        return
    engine = open_engine(url, readonly=True)
    try:
        backup = _backup(data_dir, now, backup_within)
        yield from _looked_at(engine, data_dir, now, on_progress, slack=slack, backup=backup)
    except DBAPIError as error:
        told = str(error.orig or error).strip()
        yield Check(name="database", ok=False, zh=f"无法读取：{told}", en="cannot be read")
    finally:
        engine.dispose()


def _looked_at(
    engine: Engine, data_dir: Path, now: datetime, on_progress: Progress,
    *, slack: timedelta | None, backup: Check,
) -> Iterator[Check]:  # fmt: skip
    yield _engine(engine)
    migrated = _migrations(engine)
    yield migrated
    if engine.dialect.name == "sqlite":
        yield _pragma(engine, "integrity_check", lambda rows: rows == ["ok"])
        yield _pragma(engine, "foreign_key_check", lambda rows: rows == [])
    yield _disk(engine, data_dir)
    yield backup
    if not migrated.ok:
        return
    with snapshot(engine) as connection:
        held = counties(connection)
        for name, ok, zh, en in books(connection, held):
            yield Check(name=name, ok=ok, zh=zh, en=en)
        yield _posts(connection, now)
        yield _clock(connection, now)
        yield from _calendars(connection, now)
        yield from _keys(connection, Keys(data_dir / "keys"))
    for county in held:
        files = Files(data_dir / "documents")
        report = verify(engine, county, on_progress, files=files, slack=slack)
        said = f"{report.rows} rows, {report.documents} documents, head {report.head}"
        if report.fault is None:
            yield Check(name=f"log {county}", zh="日志、记录、附件一致", en=said)
        else:
            zh, _, en = str(report.fault).partition(" / ")
            yield Check(name=f"log {county}", ok=False, zh=zh, en=en)


def glance(
    url: str, data_dir: Path, now: datetime, *, backup_within: timedelta | None = None
) -> list[Check]:
    """What can be told at once, whatever lies in the database: no row of business is read through,
    no file of a document opened."""
    engine = open_engine(url, readonly=True)
    try:
        found = [_engine(engine), _migrations(engine), _room(engine, data_dir),
                 _backup(data_dir, now, backup_within)]  # fmt: skip
        if found[1].ok:
            with engine.connect() as connection:
                keys = _keys(connection, Keys(data_dir / "keys"))
                found += [_clock(connection, now), *_calendars(connection, now), *keys]
                found.append(_posts(connection, now))
    finally:
        engine.dispose()
    return found


def _room(engine: Engine, data_dir: Path) -> Check:
    """Room for one more copy of the database; the documents beside it are left to ``doctor``."""
    free, file = shutil.disk_usage(data_dir).free, sqlite_file(str(engine.url))
    size = file.stat().st_size if file is not None else 0
    zh = f"数据库 {size >> 20} MB，磁盘剩余 {free >> 20} MB"
    en = f"database {size >> 20} MB, {free >> 20} MB free"
    return Check(name="disk", ok=free > size, zh=zh, en=en)


def _backup(data_dir: Path, now: datetime, within: timedelta | None) -> Check:
    """How old the newest backup is that was taken by ``registry backup`` on this machine."""
    at = last(data_dir)
    if at is None:
        return Check(name="backup", ok=None, zh="本机没有备份记录", en="none is known here")
    local, days = at.astimezone(SHANGHAI), (now - at).days
    late = within is not None and now - at > within
    return Check(
        name="backup", ok=None if late else True,
        zh=f"最近一次 {local:%Y-%m-%d %H:%M}，{days} 天前",
        en=f"the last one {local:%Y-%m-%d %H:%M}, {days} days ago",
    )  # fmt: skip


def _engine(engine: Engine) -> Check:
    try:
        gate(engine)
    except EngineError as error:
        return Check(name="engine", ok=False, zh="数据库设置不安全", en=str(error))
    return Check(name="engine", en=engine.dialect.name)


def _migrations(engine: Engine) -> Check:
    found, wanted = revision(engine), head()
    if found == wanted:
        return Check(name="migrations", en=f"at {wanted}")
    return Check(
        name="migrations", ok=False, zh=f"版本 {found or '无'}，应为 {wanted}",
        en=f"at {found}, must be {wanted}: run `registry migrate`",
    )  # fmt: skip


def _pragma(engine: Engine, name: str, fine: Callable[[list[str]], bool]) -> Check:
    with engine.connect() as connection:
        rows = [str(row[0]) for row in connection.exec_driver_sql(f"PRAGMA {name}")]
    if fine(rows):
        return Check(name=name)
    return Check(name=name, ok=False, zh="数据库文件有损坏", en="; ".join(rows[:3]))


def _disk(engine: Engine, data_dir: Path) -> Check:
    """Room for one more copy: less than that, and no backup fits beside the records."""
    free = shutil.disk_usage(data_dir).free
    file = sqlite_file(str(engine.url))
    size = file.stat().st_size if file is not None else 0
    size += sum(p.stat().st_size for p in (data_dir / "documents").rglob("*") if p.is_file())
    said = f"{free} bytes free, {size} in use"
    if free > size:
        return Check(name="disk", en=said)
    return Check(name="disk", ok=False, zh="剩余空间不足以再存一份", en=said)


def _clock(connection: Connection, now: datetime) -> Check:
    last = connection.execute(select(func.max(tables.event.c.at))).scalar()
    if last is None or last <= now:
        return Check(name="clock", en=now.isoformat(timespec="seconds"))
    return Check(
        name="clock", ok=False, zh="本机时钟早于最后一条日志", en=f"{now} is before {last}"
    )


def _posts(connection: Connection, now: datetime) -> Check:
    name, ok, zh, en = posts_apart(connection, civil(now))
    return Check(name=name, ok=ok, zh=zh, en=en)


def _keys(connection: Connection, kept: Keys) -> Iterator[Check]:
    """Keys that stand and whose private halves are not here: no backup holds one."""
    for purpose, id in standing(connection):
        if kept.here(id):
            yield Check(
                name=f"key {id}",
                zh="私钥在本机，不在任何备份内，请另存",
                en=f"{purpose}: in no backup",
            )
        else:
            yield Check(
                name=f"key {id}", ok=None,
                zh="私钥不在本机（备份不含私钥）：请放回 keys/，确已遗失的办理轮换或者吊销",
                en=f"{purpose}: its private half is not here: put it back into keys/, or rotate it",
            )  # fmt: skip


def _calendars(connection: Connection, now: datetime) -> Iterator[Check]:
    table = tables.BY_RECORD[CalendarYear]
    query = select(table.c.year).where(table.c.event_to.is_(None))
    held = set(connection.execute(query).scalars())
    this = civil(now).year
    for year in (this, this + 1):
        if year in held:
            yield Check(name=f"calendar {year}", zh="已有放假安排表", en="table loaded")
        else:
            yield Check(
                name=f"calendar {year}", ok=None, zh="尚无放假安排表，该年日期为暂定",
                en="no table yet: dates in that year are provisional",
            )  # fmt: skip
