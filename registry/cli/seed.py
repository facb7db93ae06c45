"""seed 装入基础数据: national lists, calendars and rules; with --demo the fictional county."""

import argparse

from registry.actions.seeding import is_empty, seed_demo, seed_nation
from registry.cli.entry import DONE, CommandError
from registry.cli.opening import opened, progress, settings
from registry.cli.serve import PEOPLE_FILE


def arguments(parser: argparse.ArgumentParser) -> None:
    """``--demo``."""
    parser.add_argument("--demo", action="store_true", help="连同演示县 the fictional county too")


def run(args: argparse.Namespace) -> int:
    """Load once, into an empty database."""
    given = settings()
    if args.demo and given.mode != "demo":
        raise CommandError("演示数据只用于演示模式 demo data is for REGISTRY_MODE=demo only")
    with opened(given) as office:
        if not is_empty(office):
            raise CommandError("数据库中已有记录 the database holds records already")
        progress("正在装入 loading …")
        if args.demo:
            seed_demo(office, given.data_dir / PEOPLE_FILE)
            print(f"演示人员口令在 passwords: {given.data_dir / PEOPLE_FILE}")
        else:
            seed_nation(office)
        print("已装入 loaded: " + ", ".join(office.store.reader.partitions()))
    return DONE
