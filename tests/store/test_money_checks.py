"""数据库约束: what no act would write is refused by the database as well, on both engines.

Every row tried is whole but for one value, and the whole one is taken, so that it is that value
which is refused.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import CheckConstraint, Connection, Index, Table, insert
from sqlalchemy.exc import DBAPIError

from registry.domain.bank import BankBatch, BankLine, LinePart, OtherIncome
from registry.domain.budget import BudgetCode, CustodyTerm, Indicator, PopulationCount
from registry.domain.closing import Clearance, Hold, OpeningBalance, YearClosing
from registry.domain.funds import Voucher, VoucherLine
from registry.domain.paying import Payment
from registry.domain.spending import Claim, Expenditure
from registry.store import tables
from registry.store.store import Store

KINDS = (
    Voucher,
    VoucherLine,
    Indicator,
    BudgetCode,
    PopulationCount,
    CustodyTerm,
    Clearance,
    Hold,
    OpeningBalance,
    YearClosing,
    Expenditure,
    Claim,
    BankBatch,
    BankLine,
    LinePart,
    OtherIncome,
    Payment,
)
TABLES: list[Table] = [tables.BY_RECORD[kind] for kind in KINDS]
ONE_OF = re.compile(r"(\w+) IN \((.*)\)")
BETWEEN = re.compile(r"(\w+) BETWEEN (\d+) AND (\d+)")
MOST = 10**15
HEADER = {"county": "990102", "version": 1, "event_from": 1, "event_to": None, "digest": "",
          "body": "{}"}  # fmt: skip


def _checks(table: Table) -> list[str]:
    return [str(c.sqltext) for c in table.constraints if isinstance(c, CheckConstraint)]


def _whole(table: Table, id: str) -> dict[str, Any]:
    """A row that every constraint of the table lets pass; what may be absent is absent."""
    row: dict[str, Any] = {**HEADER, "id": id}
    for column in table.columns:
        if column.name in row or column.nullable:
            continue
        kind = type(column.type).__name__
        row[column.name] = {
            "Day": date(2026, 3, 2), "Instant": datetime(2026, 3, 2, tzinfo=UTC), "Flag": False,
            "Text": "x",
        }.get(kind, 1)  # fmt: skip
    for told in _checks(table):
        if (found := ONE_OF.fullmatch(told)) and found[1] in row:
            word = found[2].split(", ")[0].strip("'")
            row[found[1]] = int(word) if word.isdigit() else word
    return row


def _bad() -> Iterator[tuple[str, str, Any]]:
    """Table, column, and a value that is none."""
    for table in TABLES:
        for told in _checks(table):
            if found := BETWEEN.fullmatch(told):
                least, most = int(found[2]), int(found[3])
                values = (least - 1, -1, most + 1, 2**63, "14.5万元", "１４５")
                yield from ((table.name, found[1], value) for value in values)
            elif found := ONE_OF.fullmatch(told):
                yield table.name, found[1], 2 if found[1] == "sign" else "gift"
        yield table.name, "version", 0
        yield table.name, "event_to", 1
    yield "voucher_line", "sign", 0
    yield "voucher_line", "debit", "cash"


NAMED = {table.name: table for table in TABLES}


@pytest.fixture
def connection(county: Store) -> Iterator[Connection]:
    """On each engine; nothing is kept."""
    with county.engine.connect() as held:
        outer = held.begin()
        yield held
        outer.rollback()


def _taken(connection: Connection, table: Table, *rows: dict[str, Any]) -> bool:
    """Whether the database takes rows; it is as before afterwards."""
    inner = connection.begin_nested()
    try:
        for row in rows:
            connection.execute(insert(table).values(row))
    except (DBAPIError, OverflowError):
        return False
    finally:
        inner.rollback()
    return True


def test_every_amount_of_the_ledger_is_kept_within_its_bounds() -> None:
    for table in TABLES:
        bound = {f[1] for told in _checks(table) if (f := BETWEEN.fullmatch(told))}
        amounts = {c.name for c in table.columns if c.name.endswith("_fen")}
        assert amounts <= bound, f"{table.name}: nothing bounds {amounts - bound}"


def test_a_whole_row_is_taken_by_every_table(connection: Connection) -> None:
    for table in TABLES:
        assert _taken(connection, table, _whole(table, "one")), table.name


def test_what_is_none_is_refused_by_the_database(connection: Connection) -> None:
    tried = list(_bad())
    assert len(tried) > 100
    taken = [
        (name, column, value) for name, column, value in tried
        if _taken(connection, NAMED[name], {**_whole(NAMED[name], "one"), column: value})
    ]  # fmt: skip
    assert taken == []


def test_amounts_reach_from_one_fen_to_ten_to_the_fifteenth(connection: Connection) -> None:
    for table in (NAMED["voucher"], NAMED["voucher_line"], NAMED["bank_line"]):
        column = "total_fen" if table.name == "voucher" else "amount_fen"
        for fen in (1, MOST):
            assert _taken(connection, table, {**_whole(table, "one"), column: fen})


def test_an_amount_with_a_fraction_is_never_kept_as_such(connection: Connection) -> None:
    table = NAMED["voucher_line"]
    row = {**_whole(table, "half"), "amount_fen": 1.5}
    if connection.dialect.name == "sqlite":
        assert not _taken(connection, table, row)
        return
    connection.execute(insert(table).values(row))
    fen = connection.execute(table.select().where(table.c.id == "half")).one().amount_fen
    assert isinstance(fen, int)


def test_money_does_not_move_from_an_account_into_itself(connection: Connection) -> None:
    table = NAMED["voucher_line"]
    row = {**_whole(table, "round"), "debit": "street", "credit": "street"}
    assert not _taken(connection, table, row)
    assert _taken(connection, table, {**row, "credit": "transit"})


def test_what_is_to_be_once_is_there_once(connection: Connection) -> None:
    """A voucher number, a key of a statement, a year of a community, the current version."""
    seen = []
    for table in TABLES:
        for index in sorted(table.indexes, key=lambda i: str(i.name)):
            if not (isinstance(index, Index) and index.unique):
                continue
            seen.append(str(index.name))
            first = _whole(table, "one")
            by_id = "id" in {c.name for c in index.columns}
            other = {**first, "version": 2} if by_id else {**first, "id": "two"}
            assert not _taken(connection, table, first, other), index.name
    assert "ux_voucher_number" in seen and "ux_year_closing_year" in seen
    assert len(seen) >= len(TABLES) + 5


def test_what_no_event_vouches_for_is_not_kept(county: Store) -> None:
    """A row by hand, beside the log, falls at the latest when it is to be committed."""
    table = NAMED["voucher_line"]
    lost = {**_whole(table, "lost"), "event_from": 10**9}
    with (
        county.engine.connect() as other,
        pytest.raises(DBAPIError, match=r"(?i)foreign key"),
        other.begin(),
    ):
        other.execute(insert(table).values(lost))
