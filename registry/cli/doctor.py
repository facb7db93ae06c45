"""doctor 体检: one line a check; ends with 1 where something is wrong."""

import argparse

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
    for check in doctor(given.database_url, given.data_dir, given.clock or wall_clock()):
        print(check, flush=True)
        failed |= check.ok is False
    print(treasuries(given), flush=True)
    return FAILED if failed else DONE


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
