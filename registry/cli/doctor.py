"""doctor 体检: one line a check; ends with 1 where something is wrong."""

import argparse
from datetime import timedelta

from registry.cli.entry import DONE, FAILED
from registry.cli.opening import settings
from registry.clock import wall_clock
from registry.gateways.treasuries import read_treasuries
from registry.settings import Settings
from registry.store.doctor import Check, doctor


def arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments."""
    parser.epilog = "只看不改 it changes nothing"


def run(_args: argparse.Namespace) -> int:
    """Look at everything; a note is no failure."""
    given = settings()
    failed = False
    now = given.clock or wall_clock()
    checks = doctor(
        given.database_url, given.data_dir, now, slack=given.log_slack,
        backup_within=timedelta(days=given.backup_days),
    )  # fmt: skip
    for check in checks:
        print(check, flush=True)
        failed |= check.ok is False
    for check in (*clock(given), treasuries(given)):
        print(check, flush=True)
    return FAILED if failed else DONE


def clock(given: Settings) -> list[Check]:
    """Whether time stands still (``REGISTRY_CLOCK``): then nothing ever falls due."""
    if given.clock is None:
        return []
    at = given.clock.isoformat()
    return [Check(
        name="fixed clock", ok=None,
        zh=f"时钟固定在 {at}（REGISTRY_CLOCK）：时间不走，期限不会到，没有答复的国库支付不会再次查询",
        en=f"the clock stands at {at}: nothing falls due, and no payment is asked after again",
    )]  # fmt: skip


def treasuries(given: Settings) -> Check:
    """Which counties' payments are carried by a gateway; without one it is said, and no fault.

    Raises:
        TreasuryError: the file of treasuries cannot be used.
    """
    production = given.mode == "production"
    known = read_treasuries(given.treasury_file, production=production)
    known.close()
    counties = known.counties()
    if counties:
        said = ", ".join(counties)
        return Check(name="treasury", zh=f"已接国库支付：{said}", en=f"gateways: {said}")
    return Check(
        name="treasury", ok=None, zh="未接国库支付：不发送任何支付，由人确认",
        en="null gateway: no payment is sent, people confirm by hand",
    )  # fmt: skip
