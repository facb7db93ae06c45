"""restore 恢复: a backup into an empty data directory, checked and verified."""

import argparse
from pathlib import Path

from registry.cli.entry import DONE, FAILED
from registry.cli.opening import allowed, progress, settings
from registry.store.restore import restore


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where from."""
    parser.add_argument("archive", type=Path, help="备份文件 made by registry backup")


def run(args: argparse.Namespace) -> int:
    """Restore into the data directory of the settings."""
    allowed("backup.make")
    given = settings()
    reports = restore(args.archive, given.data_dir, url=given.database_url, say=progress)
    for report in reports:
        print(f"FAIL  {report.fault}" if report.fault else f"ok    {report.head}")
    return FAILED if any(report.fault for report in reports) else DONE
