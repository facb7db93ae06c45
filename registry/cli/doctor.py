"""doctor 体检: one line a check; ends with 1 where something is wrong."""

import argparse

from registry.cli.entry import DONE, FAILED
from registry.cli.opening import settings
from registry.clock import wall_clock
from registry.store.doctor import doctor


def arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments."""
    parser.epilog = "只看不改 it changes nothing"


def run(_args: argparse.Namespace) -> int:
    """Look at everything; a note is no failure."""
    given = settings()
    failed = False
    for check in doctor(given.database_url, given.data_dir, given.clock or wall_clock()):
        print(check, flush=True)
        failed |= check.ok is False
    return FAILED if failed else DONE
