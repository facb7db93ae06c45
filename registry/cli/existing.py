"""import items … groups, balances 存量登记、期初余额: what exists already, one sheet at a time."""

import argparse
from pathlib import Path

from registry.actions.existing.judging import JudgeCommand, Judged, judge
from registry.actions.existing.taking import Taken, bring_in, read
from registry.actions.office import Answer, Call, Desk, Office
from registry.actions.years import bringing
from registry.cli.opening import act, cli_actor, only_county
from registry.domain.amounts import told_yuan
from registry.domain.existing import SHEET_ZH, Sheet, Standing
from registry.policies.dictionary import code_zh

BALANCES = "balances"
SHEETS = (*(sheet.value for sheet in Sheet), BALANCES)
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
        one.add_argument(
            "--judge", action="store_true", help="登记后即研判 judge what it brought in, at once"
        )
    one = what.add_parser(
        BALANCES,
        help="期初余额 what money there is, to be signed by street and community (xlsx, CSV)",
    )
    one.add_argument("file", type=Path)
    one.add_argument("--county", help="六位区县代码; default: the only county")
    one.add_argument("--dry-run", action="store_true", help="只试不存 keep nothing")


def run(office: Office, args: argparse.Namespace) -> list[str]:
    """Bring in one sheet, all or nothing."""
    county = only_county(office, args.county)
    if args.what == BALANCES:
        return _balances(office, county, args)
    given = read(Sheet(args.what), args.file.name, args.file.read_bytes())

    def verb(desk: Desk) -> Answer:
        return bring_in(desk, given)

    if args.dry_run:
        tried = office.ask(Call(actor=cli_actor(county), county=county, act=ACT), verb)
        return ["只试未存 nothing was kept", *_told(tried.body)]
    taken: Taken = act(office, county, ACT, verb).body
    judged = _judged(office, taken) if args.judge else []
    return [*_told(taken), *judged]


def _balances(office: Office, county: str, args: argparse.Namespace) -> list[str]:
    """期初余额: nothing counts before both sides have signed it."""
    given = bringing.read(args.file.name, args.file.read_bytes())

    def verb(desk: Desk) -> Answer:
        return bringing.bring_in(desk, given)

    if args.dry_run:
        call = Call(actor=cli_actor(county), county=county, act=bringing.ACT)
        told: bringing.Brought = office.ask(call, verb).body
    else:
        told = act(office, county, bringing.ACT, verb).body
    lines = ["只试未存 nothing was kept"] if args.dry_run else []
    lines.append(
        f"{county}  新导入 added: {told.added}（{told_yuan(told.total_fen)} 元）; "
        f"已导入 known: {told.known}; 待街道、社区签认 to be signed by both"
    )
    return lines + [
        f"  第{one.row}行与已导入的不同，未改 row {one.row} differs, not taken: "
        f"{'、'.join(one.columns)} ({one.balance_id})"
        for one in told.otherwise
    ]


def _judged(office: Office, taken: Taken) -> list[str]:
    """All that the sheet brought in, some at a time, each an act of its own."""
    kept, found, left = taken.stocktake, dict[Standing, int](), True

    def verb(desk: Desk) -> Answer:
        return judge(desk, kept.id, JudgeCommand())

    while left:
        told: Judged = act(office, kept.county, "existing.judge", verb).body
        for standing, count in told.standings.items():
            found[standing] = found.get(standing, 0) + count
        left = told.left > 0
    return [f"  {code_zh(s)} {s.value}: {found[s]}" for s in Standing if s in found]


def _told(taken: Taken) -> list[str]:
    kept = taken.stocktake
    lines = [f"{kept.county}  {kept.id}  新登记 added: {kept.added}; 已登记 known: {kept.known}"]
    lines += [
        f"  第{one.row}行与已登记的不同，未改 row {one.row} differs, not taken: "
        f"{'、'.join(one.columns)} ({one.presence_id})"
        for one in taken.otherwise
    ]
    return lines
