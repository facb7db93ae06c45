"""流水与凭证 what a whole county's statements and vouchers show of each other, in a few statements."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    Table,
    case,
    func,
    select,
    text,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.dialects.postgresql import JSON

from registry.domain.accounts import Account, VoucherStage
from registry.domain.approval import Decision, DecisionKind
from registry.domain.areas import Area
from registry.domain.bank import BankLine, LineSource, LineState
from registry.domain.budget import CustodyTerm
from registry.domain.document_number import folded
from registry.domain.funds import Voucher, VoucherLine, VoucherState
from registry.domain.paying import Payment
from registry.domain.people import Organisation
from registry.domain.presence import Presence
from registry.domain.reconciling import Moved
from registry.domain.vocabulary import Custody, OrganisationKind
from registry.store import tables
from registry.store.mapping import to_record

_AT_ONCE = 5000
"""Values of one list sent to the engine together."""
_MONEY = [
    stage.value for stage in (
        VoucherStage.DISPATCH, VoucherStage.STREET_ARRIVAL, VoucherStage.COMMUNITY_ARRIVAL,
        VoucherStage.EXPENDITURE, VoucherStage.REPAYMENT, VoucherStage.REFUND,
        VoucherStage.SURPLUS,
    )
]  # fmt: skip
"""Stages at which a statement may show something."""


class Known(NamedTuple):
    """已导入: what a line said when it first came in."""

    id: str
    direction: str
    amount_fen: int
    dated_on: Any


def portions(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """A list in the portions in which it is sent to the engine."""
    for start in range(0, len(values), _AT_ONCE):
        yield values[start : start + _AT_ONCE]


def known_lines(
    connection: Connection, county: str, account: tuple[LineSource, str], keys: Sequence[str]
) -> dict[str, Known]:
    """Which of these keys an account has lines of already: looked up by the index that keeps them
    unique."""
    t = tables.BY_RECORD[BankLine]
    columns = (t.c.external_key, t.c.id, t.c.direction, t.c.amount_fen, t.c.dated_on)
    found: dict[str, Known] = {}
    for some in portions(keys):
        query = select(*columns).where(
            t.c.county == county, t.c.source == account[0].value, t.c.account_id == account[1],
            t.c.external_key.in_(some), text("bank_line.version = 1"),
        )  # fmt: skip
        found |= {row[0]: Known(*row[1:]) for row in connection.execute(query)}
    return found


def open_lines(connection: Connection, county: str) -> list[BankLine]:
    """Lines that wait to be matched."""
    t = tables.BY_RECORD[BankLine]
    query = select(t).where(
        t.c.county == county, t.c.event_to.is_(None), t.c.state == LineState.OPEN.value
    )
    return [to_record(BankLine, row) for row in connection.execute(query).mappings()]


def any_open(connection: Connection, county: str) -> bool:
    """Whether any line waits to be matched."""
    t = tables.BY_RECORD[BankLine]
    query = select(t.c.id).where(
        t.c.county == county, t.c.event_to.is_(None), t.c.state == LineState.OPEN.value
    )
    return connection.execute(query.limit(1)).first() is not None


def moved(
    connection: Connection, county: str, voucher_ids: Sequence[str] | None = None
) -> list[Moved]:
    """What confirmed vouchers moved, line by line of the same kind summed, less what was reversed
    of it: of what was reversed whole nothing moved, and 0 is told.

    Args:
        voucher_ids: these; ``None`` = every one of the county.
    """
    query = _moving(connection, county)
    if voucher_ids is not None:
        query = query.where(tables.BY_RECORD[Voucher].c.id.in_(voucher_ids))
    back = taken_back(connection, county)
    rows = connection.execute(query).all()
    paths = _streets(connection, county, {row[10] for row in rows if row[10]})
    return [
        Moved(
            row[0], row[1], row[2], row[3], _day(row[4]), Custody(row[8]), row[5],
            Account(row[6]), Account(row[7]), int(row[9]) - back.get((row[0], *row[5:8]), 0),
            row[10], paths.get(row[10], ""),
        )
        for row in rows
    ]  # fmt: skip


def _streets(connection: Connection, county: str, ids: set[str]) -> dict[str, str]:
    """Of these bodies the streets, which pay out of accounts of their own → where they lie."""
    o, a = tables.BY_RECORD[Organisation], tables.BY_RECORD[Area]
    kinds = [OrganisationKind.STREET.value, OrganisationKind.TOWNSHIP.value]
    query = select(o.c.id, a.c.path).where(
        o.c.county == county, o.c.event_to.is_(None), o.c.id.in_(sorted(ids)), o.c.kind.in_(kinds),
        a.c.county == county, a.c.event_to.is_(None), a.c.id == o.c.area_id,
    )  # fmt: skip
    return {row[0]: row[1] for row in connection.execute(query)} if ids else {}


def _moving(connection: Connection, county: str) -> Select[Any]:
    v, n = tables.BY_RECORD[Voucher], tables.BY_RECORD[VoucherLine]
    p, c = tables.BY_RECORD[Presence], tables.BY_RECORD[CustodyTerm]
    # What is on its way goes by the custody of its day (P5).
    custody = func.coalesce(c.c.custody, _told(connection, p, "custody")).label("custody_then")
    by = (v.c.id, v.c.number, v.c.request_id, v.c.payer_id, v.c.dated_on, p.c.area_path,
          n.c.debit, n.c.credit)  # fmt: skip
    lying = v.join(n, (n.c.county == v.c.county) & (n.c.voucher_id == v.c.id)).join(
        p, (p.c.county == v.c.county) & (p.c.id == n.c.presence_id)
    )
    then = (
        (c.c.county == p.c.county) & (c.c.organisation_id == p.c.organisation_id)
        & c.c.event_to.is_(None) & (c.c.since <= v.c.dated_on)
        & (c.c.until.is_(None) | (c.c.until >= v.c.dated_on))
    )  # fmt: skip
    return (
        select(*by, custody, func.sum(n.c.amount_fen),
               func.max(_told(connection, v, "agent_id")))
        .select_from(lying.outerjoin(c, then))
        .where(
            v.c.county == county, v.c.event_to.is_(None), n.c.event_to.is_(None),
            p.c.event_to.is_(None), v.c.state == VoucherState.CONFIRMED.value,
            v.c.stage.in_(_MONEY), n.c.debit.is_not(None),
        )
        .group_by(*by, text("custody_then"))
    )  # fmt: skip


def _told(connection: Connection, table: Table, field: str) -> ColumnElement[str]:
    """A field that is no column."""
    body = table.c.body
    if connection.dialect.name == "sqlite":
        return sql_cast(func.json_extract(body, f"$.{field}"), String)
    found: ColumnElement[str] = sql_cast(body, JSON)[field].astext
    return found


def taken_back(connection: Connection, county: str) -> dict[tuple[str, str, str, str], int]:
    """What confirmed reversals took back, by voucher, place and the accounts it had moved between,
    分: their lines are the original's the other way round."""
    t = tables.BY_RECORD[Voucher]
    query = select(t).where(
        t.c.county == county, t.c.event_to.is_(None), t.c.state == VoucherState.CONFIRMED.value,
        t.c.stage == VoucherStage.REVERSAL.value,
    )  # fmt: skip
    rows = (to_record(Voucher, row) for row in connection.execute(query).mappings())
    originals = {one.id: one.reverses_id or "" for one in rows}
    n, p = tables.BY_RECORD[VoucherLine], tables.BY_RECORD[Presence]
    by = (n.c.voucher_id, p.c.area_path, n.c.credit, n.c.debit)
    found: dict[tuple[str, str, str, str], int] = {}
    for some in portions(sorted(originals)):
        lying = (
            select(*by, func.sum(n.c.amount_fen))
            .select_from(n.join(p, (p.c.county == n.c.county) & (p.c.id == n.c.presence_id)))
            .where(n.c.county == county, n.c.event_to.is_(None), p.c.event_to.is_(None),
                   n.c.voucher_id.in_(some))
            .group_by(*by)
        )  # fmt: skip
        for row in connection.execute(lying):
            key = (originals[row[0]], row[1], row[2], row[3])
            found[key] = found.get(key, 0) + int(row[4])
    return found


def references(connection: Connection, county: str) -> dict[str, frozenset[str]]:
    """Voucher → the keys under which the treasury knows its payment."""
    t = tables.BY_RECORD[Payment]
    query = select(t).where(t.c.county == county, t.c.event_to.is_(None))
    found = (to_record(Payment, row) for row in connection.execute(query).mappings())
    return {one.voucher_id: frozenset({one.key, one.reference} - {""}) for one in found}


def admissions(connection: Connection, county: str) -> dict[str, str]:
    """准入批准号, in one writing → the request it admitted; a number that was void is dead."""
    t = tables.BY_RECORD[Decision]
    query = select(t.c.number, t.c.request_id, t.c.id).where(
        t.c.county == county, t.c.event_to.is_(None), t.c.kind == DecisionKind.ADMITTED.value
    )
    rows = connection.execute(query.order_by(t.c.issued_on, t.c.id))
    return {folded(row[0]): row[1] for row in rows}


def statement_days(
    connection: Connection, county: str
) -> dict[tuple[LineSource, str], tuple[date, date]]:
    """已导入的期间: by source and place of the account, the first and the last day that lines are
    of; all lists of the treasury are one."""
    t = tables.BY_RECORD[BankLine]
    place = case((t.c.source == LineSource.BANK.value, t.c.area_path), else_="").label("place")
    query = (
        select(t.c.source, place, func.min(t.c.dated_on), func.max(t.c.dated_on))
        .where(t.c.county == county, t.c.event_to.is_(None))
        .group_by(t.c.source, text("place"))
    )
    return {(LineSource(r[0]), r[1]): (_day(r[2]), _day(r[3])) for r in connection.execute(query)}


def _day(told: date | str) -> date:
    return date.fromisoformat(told) if isinstance(told, str) else told


class Sent(NamedTuple):
    """一笔在途: what went out or was taken back, of one community's line and year, by its day."""

    presence_id: str
    funding_key: str
    year: int
    dated_on: date
    fen: int


def sent(connection: Connection, county: str, presence_ids: Sequence[str]) -> list[Sent]:
    """Everything that was put on its way to these communities, in the order of its days; what was
    taken back counts against it."""
    t = tables.BY_RECORD[VoucherLine]
    found: list[Sent] = []
    for some in portions(list(presence_ids)):
        query = select(
            t.c.presence_id, t.c.funding_key, t.c.year, t.c.dated_on, t.c.sign * t.c.amount_fen
        ).where(
            t.c.county == county, t.c.event_to.is_(None), t.c.presence_id.in_(some), t.c.counted,
            t.c.stage == VoucherStage.DISPATCH.value,
            (t.c.debit == Account.TRANSIT.value) | (t.c.credit == Account.TRANSIT.value),
        )  # fmt: skip
        found += [Sent(*row[:3], _day(row[3]), int(row[4])) for row in connection.execute(query)]
    return sorted(found, key=lambda one: one.dated_on)


def waiting_lines(connection: Connection, county: str) -> list[BankLine]:
    """Every line that waits, or of which somebody is asked."""
    t = tables.BY_RECORD[BankLine]
    query = select(t).where(
        t.c.county == county, t.c.event_to.is_(None),
        t.c.state.in_([LineState.OPEN.value, LineState.FINDING.value]),
    )  # fmt: skip
    return [to_record(BankLine, row) for row in connection.execute(query).mappings()]
