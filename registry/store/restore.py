"""恢复 a backup becomes a data directory again: into an empty one only, digests first."""

import os
import shutil
import tarfile
from pathlib import Path, PurePosixPath

import msgspec
from sqlalchemy import Engine, inspect

from registry.store.backup import DOCUMENTS, FORMAT, MANIFEST, SQLITE, Manifest, Say
from registry.store.dump import CHUNK, BackupError, measure, restore_postgresql
from registry.store.engine import open_engine
from registry.store.faults import Report
from registry.store.files import Files
from registry.store.migrate import make_private
from registry.store.verify import verify

PRIVATE = 0o600


def restore(
    archive: Path, data_dir: Path, *, url: str | None = None, say: Say = lambda line: None
) -> list[Report]:
    """Bring a backup back and verify every county against the heads it carries.

    Args:
        data_dir: empty, or not there yet.
        url: the database address; by default ``registry.db`` in ``data_dir``.

    Raises:
        BackupError: nothing was changed, or what was written has been taken away again.
    """
    address = url or f"sqlite:///{data_dir / SQLITE}"
    existed = data_dir.exists()
    if existed and any(data_dir.iterdir()):
        raise BackupError(f"{data_dir} is not empty / 数据目录不是空的")
    try:
        with tarfile.open(archive, "r:") as tar:
            manifest = _manifest(tar)
            _check_target(manifest, address)
            waiting = data_dir / ".restoring"
            make_private(waiting)
            _unpack(tar, manifest, waiting, say)
        _settle(waiting, manifest, address)
    except (OSError, tarfile.TarError, EOFError, msgspec.MsgspecError) as error:
        _clear(data_dir, existed=existed)
        raise BackupError(f"{archive}: {error}") from error
    except BackupError:
        _clear(data_dir, existed=existed)
        raise
    return _verified(manifest, address, Files(data_dir / DOCUMENTS), say)


def read_manifest(archive: Path) -> Manifest:
    """What a backup says of itself.

    Raises:
        BackupError: not a backup, or of a format this release does not know.
    """
    try:
        with tarfile.open(archive, "r:") as tar:
            return _manifest(tar)
    except (OSError, tarfile.TarError, msgspec.MsgspecError) as error:
        raise BackupError(f"{archive}: {error}") from error


def _manifest(tar: tarfile.TarFile) -> Manifest:
    try:
        stream = tar.extractfile(MANIFEST)
    except KeyError:
        stream = None
    if stream is None:
        raise BackupError("not a backup of this registry / 不是本系统的备份")
    manifest = msgspec.json.decode(stream.read(), type=Manifest)
    if manifest.format != FORMAT:
        raise BackupError(f"backup format {manifest.format} is not known here / 备份格式不认识")
    return manifest


def _check_target(manifest: Manifest, url: str) -> None:
    engine = url.split(":", maxsplit=1)[0]
    if engine != manifest.engine:
        raise BackupError(f"a backup of {manifest.engine} cannot go into {engine} / 数据库种类不同")
    if engine == "sqlite":
        if Path(url.removeprefix("sqlite:///")).exists():
            raise BackupError("the database file exists already / 数据库文件已存在")
        return
    opened = open_engine(url)
    try:
        if inspect(opened).get_table_names():
            raise BackupError("the database is not empty / 数据库不是空的")
    finally:
        opened.dispose()


def _unpack(tar: tarfile.TarFile, manifest: Manifest, folder: Path, say: Say) -> None:
    for count, member in enumerate(manifest.members, start=1):
        path = PurePosixPath(member.name)
        if path.is_absolute() or ".." in path.parts:
            raise BackupError(f"a member leads outside: {member.name} / 备份成员路径越界")
        target = folder / path
        make_private(target.parent)
        _copy(tar, member.name, target)
        with target.open("rb") as stream:
            if measure(member.name, stream) != member:
                raise BackupError(f"{member.name} differs from its digest / 备份成员与摘要不符")
        if count % 100 == 0:
            say(f"{count} / {len(manifest.members)}")


def _copy(tar: tarfile.TarFile, name: str, target: Path) -> None:
    try:
        source = tar.extractfile(name)
    except KeyError:
        source = None
    if source is None:
        raise BackupError(f"{name} is missing from the backup / 备份缺少成员")
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE), "wb") as out:
        shutil.copyfileobj(source, out, CHUNK)
        out.flush()
        os.fsync(out.fileno())


def _settle(waiting: Path, manifest: Manifest, url: str) -> None:
    """Checked files take their places."""
    database = manifest.members[-1].name
    if manifest.engine == "sqlite":
        target = Path(url.removeprefix("sqlite:///"))
        make_private(target.parent)
        shutil.move(waiting / database, target)
    else:
        restore_postgresql(url, waiting / database)
    if (waiting / DOCUMENTS).exists():
        (waiting / DOCUMENTS).replace(waiting.parent / DOCUMENTS)
    shutil.rmtree(waiting)


def _clear(data_dir: Path, *, existed: bool) -> None:
    if not data_dir.exists():
        return
    for entry in data_dir.iterdir():
        shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    if not existed:
        data_dir.rmdir()


def _verified(manifest: Manifest, url: str, files: Files, say: Say) -> list[Report]:
    engine: Engine = open_engine(url, readonly=True)
    try:
        reports = []
        for head in manifest.heads:
            say(f"verify 核验 {head.county}")
            reports.append(verify(engine, head.county, files=files, kept=head))
        return reports
    finally:
        engine.dispose()
