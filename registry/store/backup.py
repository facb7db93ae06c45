"""备份 one file that holds the database as of one moment, the documents it names, and the log heads.

A backup is taken while the registry serves: SQLite by ``VACUUM INTO`` (one read transaction, never
in steps), PostgreSQL by ``pg_dump`` on an exported snapshot. The manifest carries the SHA-256 of
every member and the head of every county's log, so that a restored copy can be verified against it.
"""

import io
import os
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Protocol

import msgspec
from sqlalchemy import Connection, Engine, select

from registry.domain.document import Document
from registry.domain.merkle import Tree
from registry.domain.pack import PackRun
from registry.domain.records import Wire
from registry.store import tables
from registry.store.dump import BackupError, Member, dump_postgresql, measure, vacuum_sqlite
from registry.store.engine import open_engine
from registry.store.faults import Head
from registry.store.files import Files
from registry.store.migrate import sqlite_file
from registry.store.verify import counties, snapshot

FORMAT = 1
MANIFEST = "manifest.json"
SQLITE, POSTGRESQL = "registry.db", "registry.pgdump"
DOCUMENTS = "documents"
PRIVATE = 0o600
Say = Callable[[str], None]


class Source(Protocol):
    """What a backup is made of; a ``Store`` is one."""

    @property
    def url(self) -> str: ...
    @property
    def files(self) -> Files: ...


class Manifest(Wire, frozen=True, kw_only=True):
    """备份清单."""

    format: int = FORMAT
    made_at: datetime
    engine: str
    members: list[Member]
    heads: list[Head]
    missing: list[str] = []
    """SHA-256 of documents that the database names and the disk has lost or changed."""


def backup(source: Source, target: Path, at: datetime, say: Say = lambda line: None) -> Manifest:
    """Write a backup to ``target``, a tar that must not be there yet.

    Args:
        at: now, for the manifest.
        say: is told of each step.

    Raises:
        BackupError: the target exists, or ``pg_dump`` is missing or fails.
    """
    if target.exists():
        raise BackupError(f"{target} exists already / 目标文件已存在")
    target.parent.mkdir(parents=True, exist_ok=True)
    waiting = target.with_name(target.name + ".part")
    engine = open_engine(source.url, readonly=True)
    try:
        with (
            tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as folder,
            _private(waiting) as stream,
            tarfile.open(fileobj=stream, mode="w") as tar,
        ):
            manifest = _Packing(tar, source, say).pack(engine, Path(folder), at)
        waiting.replace(target)
        _sync(target.parent)
    finally:
        engine.dispose()
        waiting.unlink(missing_ok=True)
    return manifest


class _Packing:
    def __init__(self, tar: tarfile.TarFile, source: Source, say: Say) -> None:
        self.tar, self.source, self.say = tar, source, say
        self.members: list[Member] = []
        self.missing: list[str] = []

    def pack(self, engine: Engine, folder: Path, at: datetime) -> Manifest:
        sqlite = sqlite_file(self.source.url)
        self.say("database 数据库")
        if sqlite is not None:
            copy = vacuum_sqlite(sqlite, folder / SQLITE)
            engine = open_engine(f"sqlite:///{copy}", readonly=True)
        with snapshot(engine) as connection:
            if sqlite is None:
                copy = dump_postgresql(connection, self.source.url, folder / POSTGRESQL)
            heads = [_head(connection, county) for county in counties(connection)]
            for sha256 in _documents(connection):
                self._document(sha256)
        engine.dispose()
        with copy.open("rb") as stream:
            self._add(copy.name, stream)
        manifest = Manifest(
            made_at=at, engine="sqlite" if sqlite else "postgresql", members=self.members,
            heads=heads, missing=self.missing,
        )  # fmt: skip
        self._write(MANIFEST, io.BytesIO(msgspec.json.format(msgspec.json.encode(manifest))))
        return manifest

    def _document(self, sha256: str) -> None:
        if not self.source.files.intact(sha256):
            # The rest is still worth having; the caller hears which file is gone.
            self.missing.append(sha256)
            return
        with self.source.files.path(sha256).open("rb") as stream:
            self._add(f"{DOCUMENTS}/{sha256[:2]}/{sha256}", stream)
        if len(self.members) % 100 == 0:
            self.say(f"{len(self.members)} documents 附件")

    def _add(self, name: str, stream: IO[bytes]) -> None:
        self.members.append(measure(name, stream))
        stream.seek(0)
        self._write(name, stream)

    def _write(self, name: str, stream: IO[bytes]) -> None:
        info = tarfile.TarInfo(name)
        info.size = stream.seek(0, os.SEEK_END)
        info.mode = PRIVATE
        stream.seek(0)
        self.tar.addfile(info, stream)


def _head(connection: Connection, county: str) -> Head:
    tree, table = Tree(), tables.event
    query = select(table.c.leaf).where(table.c.county == county).order_by(table.c.seq)
    for leaf in connection.execution_options(yield_per=10_000).execute(query).scalars():
        tree.add(bytes.fromhex(leaf))
    return Head(county=county, seq=tree.size, root=tree.root())


def _documents(connection: Connection) -> Iterator[str]:
    table = tables.BY_RECORD[Document]
    query = select(table.c.sha256).distinct().order_by(table.c.sha256)
    named = set(connection.execute(query).scalars())
    runs = tables.BY_RECORD[PackRun]
    bodies = connection.execute(select(runs.c.body).where(runs.c.event_to.is_(None))).scalars()
    named |= {sha256 for body in bodies if (sha256 := msgspec.json.decode(body)["rows_sha256"])}
    return iter(sorted(named))


@contextmanager
def _private(path: Path) -> Iterator[IO[bytes]]:
    """A new file that only its owner reads, on the disk when the block ends."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE), "wb") as stream:
        yield stream
        stream.flush()
        os.fsync(stream.fileno())


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
