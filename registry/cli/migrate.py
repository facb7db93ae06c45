"""migrate 建库或升级: brings the database to this release's form."""

import argparse

from registry.cli.entry import DONE
from registry.cli.opening import settings
from registry.store.migrate import make_private, migrate


def arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments."""
    parser.epilog = "先备份 take a backup first: registry backup"


def run(_args: argparse.Namespace) -> int:
    """Migrate."""
    given = settings()
    make_private(given.data_dir)
    print(f"数据库版本 database revision: {migrate(given.database_url)}")
    return DONE
