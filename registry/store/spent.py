"""支出比对 what was spent twice, in parts or beyond what was served: one statement for each question.

Nothing is decided here: each answer names rows that somebody may look at side by side. What waits
for confirmation is looked at too; what was voided or taken back is not.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    String,
    TextClause,
    and_,
    cast,
    func,
    or_,
    select,
    text,
)

from registry.domain.accounts import Account, VoucherStage
from registry.domain.funds import VoucherLine
from registry.domain.records import Wire
from registry.domain.spending import STANDING, Expenditure
from registry.store import tables
from registry.store.columns import said

_LIVE = [state.value for state in STANDING]
_TWICE_BY_NATURE = VoucherStage.REPAYMENT.value
"""归垫 pays for what an advance paid for before: its papers are the same ones."""


class Paid(Wire, frozen=True, kw_only=True):
    """一笔支出 as far as it is compared."""

    key: str
    """What several have in common."""
    id: str
    voucher_id: str
    stage: VoucherStage
    request_id: str
    presence_id: str
    organisation_id: str
    funding_key: str
    area_path: str
    year: int
    amount_fen: int
    paid_on: date


def invoices(connection: Connection, county: str, keys: Sequence[str] | None = None) -> list[Paid]:
    """Expenditures whose invoice stands on another voucher too, by invoice."""
    t = tables.BY_RECORD[Expenditure]
    return _alike((connection, county), [t.c.invoice_key], t.c.voucher_id, keys)


def papers(connection: Connection, county: str, keys: Sequence[str] | None = None) -> list[Paid]:
    """Expenditures whose evidence stands behind another voucher too, by evidence."""
    t = tables.BY_RECORD[Expenditure]
    return _alike((connection, county), [t.c.evidence_key], t.c.voucher_id, keys)


def payees(connection: Connection, county: str, keys: Sequence[str] | None = None) -> list[Paid]:
    """Expenditures of one amount to one payee in several communities, items or years.

    What is paid month by month within one of them is no repetition.
    """
    t = tables.BY_RECORD[Expenditure]
    place = t.c.organisation_id + "|" + t.c.request_id + "|" + cast(t.c.year, String)
    return _alike((connection, county), [t.c.payee_digest, t.c.amount_fen], place, keys)


def _alike(
    of: tuple[Connection, str], by: list[ColumnElement[Any]], apart: ColumnElement[Any],
    keys: Sequence[str] | None,
) -> list[Paid]:  # fmt: skip
    """Rows of each group that lies in more than one of ``apart``.

    Args:
        keys: values of the first column of ``by`` to look at; ``None`` = all.
    """
    connection, county = of
    t = tables.BY_RECORD[Expenditure]
    where = [*_live(county), t.c.stage != _TWICE_BY_NATURE, by[0].is_not(None)]
    if keys is not None:
        where.append(by[0].in_(sorted(set(keys))))
    twice = (
        select(*(column.label(f"k{n}") for n, column in enumerate(by)))
        .where(*where).group_by(*by).having(func.count(apart.distinct()) > 1).subquery()
    )  # fmt: skip
    same = and_(*(column == twice.c[f"k{n}"] for n, column in enumerate(by)))
    query = _rows(by).select_from(t.join(twice, same)).where(*where)
    return _read(connection, query, len(by))


def rounds(
    connection: Connection, county: str, days: tuple[date, date], multiple_fen: int
) -> list[Paid]:
    """Expenditures of whole multiples of an amount, paid from one day to another."""
    t = tables.BY_RECORD[Expenditure]
    query = _rows([t.c.id]).where(
        *_live(county), t.c.paid_on.between(*days), t.c.amount_fen % multiple_fen == 0
    )
    return _read(connection, query, 1)


def seconded(
    connection: Connection, county: str, ids: Sequence[str] | None = None
) -> list[Paid]:  # fmt: skip
    """Expenditures whose use is outside what is allowed, let pass by a second approver; ``key`` is
    the use.

    Args:
        ids: of those to look at; ``None`` = all.
    """
    t = tables.BY_RECORD[Expenditure]
    passed = said(connection.dialect, t, "needs_second").in_(("1", "true"))
    where = [*_live(county), passed, said(connection.dialect, t, "second_approver").is_not(None)]
    if ids is not None:
        where.append(t.c.id.in_(sorted(ids)))
    return _read(connection, _rows([t.c.use]).where(*where), 1)


def parts(
    connection: Connection, county: str, at_fen: int, keys: Sequence[str] | None = None
) -> list[Paid]:
    """Expenditures of one community to one payee, each below an amount, together not, by both in
    the order of the days: whether they lie near enough in time is for the caller to say."""
    t = tables.BY_RECORD[Expenditure]
    by = [t.c.organisation_id, t.c.payee_digest]
    where = [*_live(county), t.c.amount_fen < at_fen, t.c.payee_digest.is_not(None)]
    where.append(t.c.stage != VoucherStage.ADVANCE.value)
    if keys is not None:
        where.append(t.c.payee_digest.in_(sorted(set(keys))))
    reached = func.sum(t.c.amount_fen) >= at_fen
    many = (
        select(*(column.label(f"k{n}") for n, column in enumerate(by)))
        .where(*where).group_by(*by).having(and_(func.count() > 1, reached)).subquery()
    )  # fmt: skip
    same = and_(*(column == many.c[f"k{n}"] for n, column in enumerate(by)))
    query = _rows(by).select_from(t.join(many, same)).where(*where)
    return _read(connection, query, len(by))


class Served(Wire, frozen=True, kw_only=True):
    """已列支的数量 of one unit, of one line in one community and year."""

    request_id: str
    presence_id: str
    organisation_id: str
    area_path: str
    funding_key: str
    year: int
    unit: str
    quantity: int
    amount_fen: int


def of_line(connection: Connection, county: str, told: Served) -> list[Paid]:
    """The expenditures behind a quantity that was paid for."""
    t = tables.BY_RECORD[Expenditure]
    same = [t.c[name] == getattr(told, name) for name in ("funding_key", "year", "unit")]
    where = [*_live(county), t.c.presence_id == told.presence_id, *same,
             t.c.quantity.is_not(None), t.c.stage != _TWICE_BY_NATURE]  # fmt: skip
    return _read(connection, _rows([t.c.id]).where(*where), 1)


def served(
    connection: Connection, county: str, presence_ids: Sequence[str] | None = None
) -> list[Served]:
    """Quantities that were paid for, summed."""
    t = tables.BY_RECORD[Expenditure]
    by = [t.c[name] for name in Served.__struct_fields__[:-2]]
    where = [*_live(county), t.c.quantity.is_not(None), t.c.stage != _TWICE_BY_NATURE]
    if presence_ids is not None:
        where.append(t.c.presence_id.in_(sorted(set(presence_ids))))
    sums = (func.sum(t.c.quantity).label("quantity"), func.sum(t.c.amount_fen).label("amount_fen"))
    query = select(*by, *sums).where(*where).group_by(*by).order_by(*by)
    rows = connection.execute(query).mappings()
    return [Served(**{str(k): _whole(k, v) for k, v in row.items()}) for row in rows]


class Advanced(Wire, frozen=True, kw_only=True):
    """垫付或者归垫 of one line in one community and year, on one day."""

    request_id: str
    presence_id: str
    area_path: str
    payer_id: str
    funding_key: str
    year: int
    dated_on: date
    amount_fen: int
    """Below zero: repaid, or taken back."""
    voucher_id: str


def advances(
    connection: Connection, county: str, presence_ids: Sequence[str] | None = None
) -> list[Advanced]:
    """Everything that was advanced and repaid by confirmed vouchers, line by line in the order of
    the days."""
    t = tables.BY_RECORD[VoucherLine]
    name = Account.ADVANCED.value
    columns = [t.c[name] for name in Advanced.__struct_fields__]
    query = select(*columns, t.c.debit).where(
        t.c.county == county, t.c.event_to.is_(None), _counted(connection),
        or_(t.c.debit == name, t.c.credit == name),
    )  # fmt: skip
    if presence_ids is not None:
        query = query.where(t.c.presence_id.in_(sorted(set(presence_ids))))
    order = (t.c.presence_id, t.c.funding_key, t.c.year, t.c.dated_on, t.c.id)
    found = []
    for row in connection.execute(query.order_by(*order)).mappings():
        told = {k: row[k] for k in Advanced.__struct_fields__}
        sign = 1 if row["debit"] == name else -1
        found.append(Advanced(**told | {"amount_fen": sign * int(row["amount_fen"])}))
    return found


def _counted(connection: Connection) -> TextClause:
    """Said as the index over what counts says it, or neither engine would use it."""
    ours = connection.dialect.name == "postgresql"
    return text("voucher_line.counted" if ours else "voucher_line.counted = 1")


def _live(county: str) -> list[ColumnElement[bool]]:
    t = tables.BY_RECORD[Expenditure]
    return [t.c.county == county, t.c.event_to.is_(None), t.c.state.in_(_LIVE)]


def _rows(by: Sequence[ColumnElement[Any]]) -> Any:
    """What is told of each row, after what it is grouped by, in an order that does not change."""
    t = tables.BY_RECORD[Expenditure]
    keys = [column.label(f"key{n}") for n, column in enumerate(by)]
    told = [t.c[name] for name in Paid.__struct_fields__[1:]]
    return select(*keys, *told).order_by(*by, t.c.paid_on, t.c.id)


def _read(connection: Connection, query: Any, width: int) -> list[Paid]:
    found = []
    for row in connection.execute(query):
        key = "|".join(str(value) for value in row[:width])
        told = dict(zip(Paid.__struct_fields__[1:], row[width:], strict=True))
        stage = VoucherStage(told["stage"])
        found.append(Paid(key=key, **told | {"stage": stage, "amount_fen": int(row.amount_fen)}))
    return found


def _whole(name: Any, value: Any) -> Any:
    return int(value) if name in ("quantity", "amount_fen", "year") else value
