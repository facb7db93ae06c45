"""migrate 建库或升级: brings the database to this release's form."""

import argparse

from registry.actions.ledger.bringing_over import bring_over
from registry.cli.entry import DONE
from registry.cli.opening import opened, settings
from registry.store.migrate import make_private, migrate


def arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments."""
    parser.epilog = "先备份 take a backup first: registry backup"


def run(_args: argparse.Namespace) -> int:
    """Migrate."""
    given = settings()
    make_private(given.data_dir)
    print(f"数据库版本 database revision: {migrate(given.database_url)}")
    with opened(given) as office:
        done = bring_over(office)
    if done:
        print(f"补建账户的申请 requests brought over into the accounts: {done}")
    return DONE
