"""backup 备份: one file with the database, the documents and the log heads."""

import argparse
from pathlib import Path

import msgspec

from registry.cli.entry import DONE, FAILED
from registry.cli.opening import allowed, progress, settings
from registry.clock import wall_clock
from registry.store import backed
from registry.store.backup import backup
from registry.store.files import Files


class Origin(msgspec.Struct, frozen=True):
    """来源: where the records are; the database need not be opened by the office for a copy."""

    url: str
    files: Files


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where to."""
    parser.add_argument("target", type=Path, help="目标文件（.tar），不得已存在 must not exist yet")


def run(args: argparse.Namespace) -> int:
    """Back up while the registry serves."""
    allowed("backup.make")
    given = settings()
    origin = Origin(given.database_url, Files(given.data_dir / "documents"))
    at = wall_clock()
    manifest = backup(origin, args.target, at, progress)
    try:
        backed.note(given.data_dir, at)
    except OSError as error:
        print(f"note  未能记下备份时间 the time of it could not be noted: {error}")
    print(f"{args.target}: {sum(m.size for m in manifest.members)} bytes")
    for head in manifest.heads:
        print(f"日志头 head {head}")
    if keys := sorted((given.data_dir / "keys").glob("*.pem")):
        print(f"note  私钥不在备份内，请另存 {given.data_dir / 'keys'}"
              f" private keys are in no backup, keep them apart: {len(keys)}")  # fmt: skip
    for sha256 in manifest.missing:
        print(f"FAIL  附件缺失或已改动 a document is missing or was changed: {sha256}")
    return FAILED if manifest.missing else DONE
