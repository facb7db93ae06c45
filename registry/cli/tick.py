"""tick 处理到期事项: expiry, overdue, late money, findings; idempotent."""

import argparse
import sys

from registry.actions.paying.carrying import carry
from registry.actions.ticking import tick
from registry.cli.entry import DONE, FAILED
from registry.cli.opening import opened, settings


def arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments."""
    parser.epilog = "serve 每分钟自动执行 serve runs it every minute"


def run(_args: argparse.Namespace) -> int:
    """Once; what could not be done stands in the log, and the rest was done."""
    with opened(settings()) as office:
        done = tick(office)
        done |= {f"payments {state}": many for state, many in carry(office).items()}
    failed = done.pop("failed", 0)
    for name, count in sorted(done.items()):
        print(f"{name}  {count}")
    print(f"合计 effects: {sum(done.values())}")
    if failed:
        print(f"未办成 failed: {failed}", file=sys.stderr)
    return FAILED if failed else DONE
