"""serve 启动服务: migrate, open, in demo mode load the demo county once, then serve."""

import argparse
import gc
from pathlib import Path

from registry.actions.ledger.bringing_over import bring_over, unfinished
from registry.actions.office import Office
from registry.actions.seeding import SEEDS, demo_packs, demo_people, is_empty, seed_demo
from registry.app import open_office, serving_alone
from registry.app import run as run_app
from registry.cli.entry import DONE, CommandError
from registry.cli.opening import progress, settings
from registry.domain.people_sheets import read_people_csv
from registry.settings import Settings
from registry.store.migrate import head, make_private, migrate, sqlite_file, url_revision

PEOPLE_FILE = "demo-people.txt"


def arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments: everything is a setting."""
    parser.epilog = "设置见 docs/operations.md / settings: docs/operations.md"


def run(_args: argparse.Namespace) -> int:
    """Serve until told to stop."""
    gc.freeze()  # what was imported stays: nobody need walk over it
    given = settings()
    make_private(given.data_dir)
    with serving_alone(given):
        # Held for these two only: the server takes the same lock again for as long as it lives.
        older = _older(given.database_url)
        migrate(given.database_url)
        office = open_office(given)
        _made_ready(office, given)
        if older or unfinished(office):
            progress("正在为以前的凭证补建账户 bringing earlier vouchers into the accounts …")
            bring_over(office)
    _greet(given)
    try:
        run_app(office, given)
    except KeyboardInterrupt:
        progress("已停止 stopped")
    return DONE


def _older(url: str) -> bool:
    """Whether an earlier release made the database."""
    file = sqlite_file(url)
    if file is not None and not file.exists():
        return False
    return url_revision(url) not in (None, head())


def _made_ready(office: Office, given: Settings) -> None:
    if given.mode == "demo":
        if is_empty(office):
            progress("首次启动，正在装入演示县 loading the demo county …")
            seed_demo(office, given.data_dir / PEOPLE_FILE)
        return
    refuse_demo(office)


def refuse_demo(office: Office) -> None:
    """Production does not open on demo people or demo packs.

    Raises:
        CommandError: naming what was found.
    """
    rows, _ = read_people_csv((SEEDS / "demo" / "people.csv").read_bytes())
    found = demo_packs(office) + demo_people(office, [row.username for row in rows])
    if found:
        office.store.close()
        raise CommandError(
            "生产模式不能使用演示数据 production refuses demo data: " + ", ".join(found[:8])
        )


def _greet(given: Settings) -> None:
    print(f"事项准入 admission registry: {given.public_url}", flush=True)
    people: Path = given.data_dir / PEOPLE_FILE
    if given.mode == "demo" and people.exists():
        rows, _ = read_people_csv((SEEDS / "demo" / "people.csv").read_bytes())
        print(f"演示模式 demo mode; 口令在 passwords: {people}")
        for row in rows:
            print(f"  {row.username:22} {row.name}  {row.county}")
    print("", flush=True)
