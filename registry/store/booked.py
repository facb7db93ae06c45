"""账册体检 what the doctor asks of the books: vouchers equal their lines, what counts was confirmed, no
account is overdrawn, nothing is left from before accounts were kept.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    func,
    literal,
    or_,
    select,
)

from registry.domain.accounts import OUTSIDE, OWED, Account, VoucherStage
from registry.domain.funds import Voucher, VoucherLine, VoucherState
from registry.store import tables
from registry.store.unbooked import unbooked

Told = tuple[str, bool | None, str, str]
"""Name of the check, what came of it (``None`` = a note), zh, en."""
_A = Account


def books(connection: Connection, counties: list[str]) -> Iterator[Told]:
    """Each check of the books, and its outcome."""
    yield _outcome(
        "ledger", connection.execute(_unequal().limit(1)).first(),
        ("每张凭证等于其分录之和", "every voucher is its lines' sum"), "凭证 {0} 与分录不符",
    )  # fmt: skip
    yield _outcome(
        "ledger confirmed", connection.execute(_uncounted().limit(1)).first(),
        ("计入的分录都已确认", "what counts was confirmed, and all of it"),
        "凭证 {0} 的确认状态与分录不符",
    )  # fmt: skip
    yield _outcome(
        "ledger accounts", connection.execute(_overdrawn().limit(1)).first(),
        ("没有透支的账户，借贷平衡", "the books balance and no account is overdrawn"),
        "账户透支：{0}",
    )  # fmt: skip
    left = sum(len(unbooked(connection, county)) for county in counties)
    if left:
        yield (
            "ledger accounts kept", None, f"{left} 件申请的凭证尚未补建账户，请运行 registry migrate",
            f"{left} requests are from before accounts were kept: run `registry migrate`",
        )  # fmt: skip


def _outcome(name: str, wrong: Any, fine: tuple[str, str], told: str) -> Told:
    if wrong is None:
        return name, True, *fine
    at = " ".join(str(part) for part in wrong[1:])
    return name, False, told.format(at), at


def _entry_fen(line: Any) -> ColumnElement[Any]:
    """An entry that moves two amounts, 归垫 or a refund through the street, is told once."""
    sides = (line.c.debit, line.c.credit)
    through = and_(
        line.c.stage == VoucherStage.REFUND.value,
        *(side.in_([_A.STREET.value, _A.COMMUNITY.value]) for side in sides),
    )
    second = and_(
        line.c.stage == VoucherStage.REPAYMENT.value,
        *(side.is_not(None) for side in sides),
        *(side != _A.LENDER.value for side in sides),
    )
    return case((or_(through, second), literal(0)), else_=line.c.amount_fen)


def _unequal() -> Select[Any]:
    voucher, line = tables.BY_RECORD[Voucher], tables.BY_RECORD[VoucherLine]
    summed = (
        select(line.c.county, line.c.voucher_id, func.sum(_entry_fen(line)).label("fen"))
        .where(line.c.event_to.is_(None))
        .group_by(line.c.county, line.c.voucher_id)
        .subquery()
    )
    joined = and_(summed.c.county == voucher.c.county, summed.c.voucher_id == voucher.c.id)
    return (
        select(voucher.c.county, voucher.c.id)
        .outerjoin(summed, joined)
        .where(voucher.c.event_to.is_(None), func.coalesce(summed.c.fen, 0) != voucher.c.total_fen)
    )


def _uncounted() -> Select[Any]:
    voucher, line = tables.BY_RECORD[Voucher], tables.BY_RECORD[VoucherLine]
    confirmed = voucher.c.state == VoucherState.CONFIRMED.value
    joined = and_(voucher.c.county == line.c.county, voucher.c.id == line.c.voucher_id)
    return (
        select(line.c.county, line.c.voucher_id)
        .join(voucher, and_(joined, voucher.c.event_to.is_(None)))
        .where(
            line.c.event_to.is_(None),
            or_(and_(line.c.counted, ~confirmed), and_(~line.c.counted, confirmed)),
        )
    )


def _overdrawn() -> Select[Any]:
    """Accounts below nothing; of what is owed to a lender, above."""
    into = _side("debit", 1).union_all(_side("credit", -1)).subquery()
    slot = [into.c[name] for name in ("county", "account", "presence_id", "funding_key", "year")]
    held = func.sum(into.c.fen)
    owed = into.c.account.in_(sorted(account.value for account in OWED))
    outside = sorted(account.value for account in OUTSIDE)
    return (
        select(*slot)
        .where(into.c.account.not_in(outside))
        .group_by(*slot, into.c.split)
        .having(func.sum(case((owed, -into.c.fen), else_=into.c.fen)) < 0)
        .add_columns(held)
    )


def _side(name: str, way: int) -> Select[Any]:
    line = tables.BY_RECORD[VoucherLine]
    account = line.c[name]
    split = case(
        (account == _A.ALLOTTED.value, func.coalesce(line.c.indicator_id, "")), else_=literal("")
    )
    return select(
        line.c.county, account.label("account"), line.c.presence_id, line.c.funding_key,
        line.c.year, split.label("split"), (line.c.amount_fen * way).label("fen"),
    ).where(line.c.event_to.is_(None), line.c.counted, account.is_not(None))  # fmt: skip
