"""导入表 every raw sheet the API takes: one line says what it is, what reads it and what takes it."""

from functools import partial
from typing import Annotated

import msgspec

from registry.actions.auditing import issued
from registry.actions.budgeting import tables
from registry.actions.evaluating import bringing_in, satisfying
from registry.actions.existing import taking as stock
from registry.actions.ledger import custody, custody_sheet, recording, vouchers_sheet
from registry.actions.reconciling import incomes
from registry.actions.reconciling import taking as statements
from registry.actions.spending import recording as spending
from registry.actions.staff import rosters
from registry.actions.years import bringing
from registry.api.sheets import Coming, Sheet, always
from registry.domain import existing
from registry.domain.accounts import VoucherStage
from registry.domain.bank import LineSource
from registry.domain.records import Line, Wire
from registry.domain.voucher_sheets import Sheeted

STATEMENT_LIMIT = 32 << 20
"""Largest statement of a bank, bytes."""
_ROSTERS = {"organisations": "单位", "people": "人员", "posts": "任职"}
_TABLES = {
    "codes": ("导入当年预算科目表", "Bring in a year's table of budget codes"),
    "populations": ("导入人口户数", "Bring in counts of people by area"),
}


class TakeQuery(Wire, frozen=True, kw_only=True):
    """流水导入条件."""

    source: LineSource
    account: Annotated[str, msgspec.Meta(max_length=200)] = ""
    """Whose account it is, where the lines do not say."""
    name: Line = "流水"


class VouchersQuery(Wire, frozen=True, kw_only=True):
    """批量登记条件."""

    stage: Sheeted


def _roster(kind: rosters.Roster) -> Sheet:
    return Sheet(
        path=f"/imports/{kind}", id=f"{kind}.import", zh=f"导入{_ROSTERS[kind]}表",
        en=f"Import a sheet of {kind}", answers=rosters.Imported, modules=(rosters,), status=200,
        coming=always(rosters.ACT[kind], partial(rosters.read_roster, kind, kind),
                      lambda desk, rows: rosters.import_roster(desk, kind, rows)),
    )  # fmt: skip


def _stock(sheet: existing.Sheet) -> Sheet:
    return Sheet(
        path=f"/imports/{sheet.value}", id=f"existing.import.{sheet.value}",
        zh=f"存量登记：{existing.SHEET_ZH[sheet]}",
        en=f"Bring in what exists already, {sheet.value}", answers=stock.Taken, modules=(stock,),
        coming=always(stock.ACT, partial(stock.read, sheet, sheet.value), stock.bring_in),
    )  # fmt: skip


def _table(table: tables.Table) -> Sheet:
    zh, en = _TABLES[table]
    return Sheet(
        path=f"/imports/{table}", id=f"budget.import.{table}", zh=zh, en=en,
        answers=tables.TableIn, modules=(tables,), status=200,
        coming=always(tables.ACTS[table], partial(tables.read, table),
                      lambda desk, rows: tables.take_in(desk, table, rows)),
    )  # fmt: skip


def _statement(query: TakeQuery) -> Coming:
    return Coming(
        statements.ACT[query.source], partial(statements.read, query.source, query.name),
        lambda desk, given: statements.bring_in(desk, given, query.account),
    )  # fmt: skip


def vouchers(query: VouchersQuery) -> Coming:
    """批量登记凭证: many of one stage, by the act that records one of them."""
    stage = VoucherStage(query.stage)
    return Coming(
        recording.act_of(stage), partial(vouchers_sheet.read, stage.value),
        lambda desk, sheet: vouchers_sheet.bring_in(desk, stage, sheet),
    )  # fmt: skip


SHEETS: tuple[Sheet, ...] = (
    *(_roster(kind) for kind in rosters.ROSTERS),
    *(_stock(sheet) for sheet in existing.Sheet),
    *(_table(table) for table in tables.TABLES),
    Sheet(path="/opening-balances/import", id="opening.import", zh="导入期初余额",
          en="Bring in opening balances", answers=bringing.Brought, modules=(bringing,),
          coming=always(bringing.ACT, partial(bringing.read, "balances"), bringing.bring_in),
          money=True),
    Sheet(path="/vouchers/import", id="voucher.import", zh="批量登记凭证",
          en="Record many vouchers of one stage", answers=vouchers_sheet.VouchersTaken,
          modules=(vouchers_sheet, recording, spending), query=VouchersQuery, example="dispatch",
          coming=vouchers, money=True),
    Sheet(path="/bank-batches", id="bank.import", zh="导入国库支付明细、银行对账单",
          en="Bring in a treasury payment list or a bank statement", answers=statements.TakenIn,
          modules=(statements,), query=TakeQuery, example="treasury", coming=_statement,
          money=True, limit=STATEMENT_LIMIT),
    Sheet(path="/other-incomes/import", id="income.import", zh="导入其他来源资金",
          en="Bring in money from other sources", answers=incomes.IncomesTaken,
          modules=(incomes,), money=True, limit=STATEMENT_LIMIT,
          coming=always(incomes.ACT, partial(incomes.read, "incomes"), incomes.bring_in)),
    Sheet(path="/custody-terms/import", id="custody.import", zh="导入资金管理模式",
          en="Bring in how each community's money is kept", answers=custody_sheet.CustodyTaken,
          modules=(custody_sheet, custody), money=True,
          coming=always(custody_sheet.ACT, partial(custody_sheet.read, "custody"),
                        custody_sheet.bring_in)),
    Sheet(path="/issued-documents/import", id=issued.ACT, zh="导入发文目录",
          en="Bring in a list of issued documents", answers=issued.IssuedTaken,
          modules=(issued,), status=200,
          coming=always(issued.ACT, partial(issued.read, "issued"), issued.bring_in)),
    Sheet(path="/satisfactions/import", id=bringing_in.ACT, zh="导入满意度表",
          en="Bring in a sheet of satisfaction", answers=bringing_in.BroughtIn,
          modules=(bringing_in, satisfying), status=200,
          coming=always(bringing_in.ACT, bringing_in.read, bringing_in.bring_in)),
)  # fmt: skip
