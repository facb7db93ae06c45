"""import bank|treasury|incomes|custody: statements, other money, how money is kept 流水、资金表."""

import argparse
from pathlib import Path
from typing import Any

from registry.actions.ledger import custody_sheet
from registry.actions.office import Answer, Call, Desk, Office
from registry.actions.reconciling import incomes, taking
from registry.cli.opening import act, cli_actor, known_county
from registry.domain.bank import LineSource

KINDS = ("bank", "treasury", "incomes", "custody")
_SHEETS = {"incomes": incomes, "custody": custody_sheet}
"""Of no account: read and taken in by a room each."""


def arguments(what: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """One file; the same again makes nothing double."""
    told = {
        "bank": "银行对账单 a bank statement", "treasury": "国库支付明细 a treasury payment list",
        "incomes": "其他来源资金 money from other sources",
        "custody": "资金管理模式 how each community's money is kept, from a day on",
    }  # fmt: skip
    for kind in KINDS:
        one = what.add_parser(kind, help=f"{told[kind]} (xlsx, CSV)")
        one.add_argument("file", type=Path)
        one.add_argument("--county", help="六位区县代码; default: the only county")
        one.add_argument(
            "--dry-run", action="store_true", help="只试不存 say what would come in, keep nothing"
        )
        if kind not in _SHEETS:
            one.add_argument(
                "--account", default="", help="账户单位（编号、代码或名称） whose account"
            )


def run(office: Office, args: argparse.Namespace) -> list[str]:
    """Bring in one file, all or nothing."""
    county = known_county(office, args.county)
    data = args.file.read_bytes()
    if args.what in _SHEETS:
        sheet: Any = _SHEETS[args.what]
        rows = sheet.read(args.file.name, data)
        name = sheet.ACT

        def verb(desk: Desk) -> Answer:
            found: Answer = sheet.bring_in(desk, rows)
            return found

    else:
        source = LineSource(args.what)
        given = taking.read(source, args.file.name, data)
        name = taking.ACT[source]

        def verb(desk: Desk) -> Answer:
            return taking.bring_in(desk, given, args.account)

    if args.dry_run:
        tried = office.ask(Call(actor=cli_actor(county), county=county, act=name), verb)
        return ["只试未存 nothing was kept", *_told(tried.body)]
    return _told(act(office, county, name, verb).body)


def _told(told: taking.TakenIn | incomes.IncomesTaken | custody_sheet.CustodyTaken) -> list[str]:
    if not isinstance(told, taking.TakenIn):
        said = f"新增 added: {told.added}; 已有 known: {told.known}"
        rows = [
            f"  第{row}行与已有的不同，未改 row {row} differs, not taken"
            for row in getattr(told, "otherwise", ())
        ]
        return [said, *rows]
    batch = told.batch
    return [
        f"{batch.county}  {batch.id}  新增 added: {batch.added}; 已有 known: {told.known}; "
        f"已核对 matched: {batch.matched}; 待核对 waiting: {told.waiting}",
        *(f"  未读的列 column not read: {heading}" for heading in batch.ignored),
        *(f"  第{one.row}行与已有的不同，未改 row {one.row} differs, not taken: {one.external_key}"
          for one in told.otherwise),
    ]  # fmt: skip
