"""import items … groups 存量登记: what exists already in each community, one sheet at a time."""

import argparse
from pathlib import Path

from registry.actions.existing.taking import Taken, bring_in, read
from registry.actions.office import Answer, Call, Desk, Office
from registry.cli.opening import act, cli_actor, only_county
from registry.domain.existing import SHEET_ZH, Sheet

SHEETS = tuple(sheet.value for sheet in Sheet)
ACT = "existing.import"


def arguments(what: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """One sheet of what exists; the same sheet again makes nothing double."""
    for sheet in Sheet:
        one = what.add_parser(
            sheet.value,
            help=f"存量{SHEET_ZH[sheet]} what exists already: {sheet.value} (xlsx, CSV)",
        )
        one.add_argument("file", type=Path)
        one.add_argument("--county", help="六位区县代码; default: the only county")
        one.add_argument(
            "--dry-run", action="store_true", help="只试不存 say what would come in, keep nothing"
        )


def run(office: Office, args: argparse.Namespace) -> list[str]:
    """Bring in one sheet, all or nothing."""
    county = only_county(office, args.county)
    given = read(Sheet(args.what), args.file.name, args.file.read_bytes())

    def verb(desk: Desk) -> Answer:
        return bring_in(desk, given)

    if args.dry_run:
        tried = office.ask(Call(actor=cli_actor(county), county=county, act=ACT), verb)
        return ["只试未存 nothing was kept", *_told(tried.body)]
    return _told(act(office, county, ACT, verb).body)


def _told(taken: Taken) -> list[str]:
    kept = taken.stocktake
    lines = [f"{kept.county}  {kept.id}  新登记 added: {kept.added}; 已登记 known: {kept.known}"]
    lines += [
        f"  第{one.row}行与已登记的不同，未改 row {one.row} differs, not taken: "
        f"{'、'.join(one.columns)} ({one.presence_id})"
        for one in taken.otherwise
    ]
    return lines
