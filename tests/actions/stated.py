"""流水 statements as the tests bring them in, and the people who do."""

from typing import Any

from registry.actions.reconciling import settling, taking
from registry.actions.reconciling.taking import TakenIn
from registry.domain.bank import BankLine, LineSource
from tests.actions.case import Hands

STREET = "o-990102001"
CIVIL = "演示县民政局"
LIST = "支付日期,收款单位,付款单位,支付金额,流水号,准入批准号,凭证号,摘要\n"
STATEMENT = "交易日期,收入金额,支出金额,对方户名,流水号,准入批准号,凭证号,摘要\n"


def paid(*rows: str) -> bytes:
    """A payment list of the treasury: ``payee, payer, yuan, key[, admission, voucher, memo]``."""
    return (LIST + "".join(f"2026-03-02,{row}\n" for row in map(_filled(7), rows))).encode()


def stated(*rows: str) -> bytes:
    """A statement: ``income, expense, party, key[, admission, voucher, memo]``."""
    return (STATEMENT + "".join(f"2026-03-02,{row}\n" for row in map(_filled(7), rows))).encode()


def _filled(width: int) -> Any:
    return lambda row: row + "," * (width - 1 - row.count(","))


def treasury(hand: Hands, *rows: str, by: str = "finance.clerk") -> TakenIn:
    given = taking.read(LineSource.TREASURY, "支付明细.csv", paid(*rows))
    told: TakenIn = hand(by).do(lambda d: taking.bring_in(d, given))
    return told


def bank(hand: Hands, *rows: str, by: str = "street.clerk", account: str = STREET) -> TakenIn:
    given = taking.read(LineSource.BANK, "对账单.csv", stated(*rows))
    told: TakenIn = hand(by).do(lambda d: taking.bring_in(d, given, account))
    return told


def lines(hand: Hands, **equals: Any) -> list[BankLine]:
    reader = hand("auditor").office.store.reader
    return list(reader.find(BankLine, "990102", **equals))


def only(hand: Hands, **equals: Any) -> BankLine:
    (line,) = lines(hand, **equals)
    return line


def said(hand: Hands, by: str, word: str, *told: Any) -> BankLine:
    """One act of a person on a line, at the version it stands at; told are the line and what is
    said of it."""
    line, command = told
    act = getattr(settling, word)
    now = only(hand, id=line.id)
    after: BankLine = hand(by).do(lambda d: act(d, now.id, now.version, command))
    return after
