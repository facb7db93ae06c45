"""裸复式记账 the bare double entry beside which postings are measured, in the same database.

*By hand* is what one would write without a registry: a transaction for each voucher, one row for
the voucher and two for each posting, in a table with a primary key, an index by account and a
foreign key; as durable as ours. *Grouped* is the least that our own writer can do: many vouchers
to a COMMIT, two rows for each posting, in a table without any index.
"""

from concurrent.futures import Future
from itertools import count
from typing import Any

from sqlalchemy import Engine

from bench.forms import COUNTY
from registry.actions.office import Office
from registry.store.unit import Unit

BY_HAND, GROUPED = "by hand", "grouped"
ACCOUNTS = 120
_numbers = count()
Entries = list[tuple[Any, str, int]]


def make_tables(office: Office) -> None:
    """Tables of both, in the registry's own database."""
    sqlite = office.store.engine.dialect.name == "sqlite"
    key = "INTEGER PRIMARY KEY" if sqlite else "BIGSERIAL PRIMARY KEY"
    whole, strict = ("INTEGER", " STRICT") if sqlite else ("BIGINT", "")
    made = (
        f"CREATE TABLE bare_entry (id {key}, voucher TEXT NOT NULL, account TEXT NOT NULL, "
        f"amount_fen {whole} NOT NULL){strict}",
        f"CREATE TABLE hand_voucher (id {key}, number TEXT NOT NULL, dated_on TEXT NOT NULL)"
        f"{strict}",
        f"CREATE TABLE hand_entry (id {key}, voucher_id {whole} NOT NULL REFERENCES "
        f"hand_voucher (id), account TEXT NOT NULL, amount_fen {whole} NOT NULL){strict}",
        "CREATE INDEX hand_entry_account ON hand_entry (account)",
    )

    def job(unit: Unit) -> None:
        for sql in made:
            unit.connection.exec_driver_sql(sql)

    office.store.writer.submit(COUNTY, job).result()


def by_hand(engine: Engine, vouchers: int, lines: int) -> list["Future[Any]"]:
    """Each voucher in a transaction of its own, one after another; nothing is left to wait for."""
    sign = "?" if engine.dialect.name == "sqlite" else "%s"
    voucher = f"INSERT INTO hand_voucher (number, dated_on) VALUES ({sign}, {sign}) RETURNING id"
    entry = (
        f"INSERT INTO hand_entry (voucher_id, account, amount_fen) VALUES ({sign}, {sign}, {sign})"
    )
    with engine.connect() as connection:
        raw: Any = connection.connection.dbapi_connection
        cursor = raw.cursor()
        for _ in range(vouchers):
            if engine.dialect.name == "sqlite":
                cursor.execute("BEGIN IMMEDIATE")
            cursor.execute(voucher, (f"令{next(_numbers)}", "2026-03-02"))
            (id,) = cursor.fetchone()
            cursor.executemany(entry, _entries(id, lines))
            raw.commit()
        cursor.close()
    return []


def grouped(office: Office, vouchers: int, lines: int) -> list["Future[Any]"]:
    """Each voucher an act of the registry's own writer that asks nothing."""
    sign = "?" if office.store.engine.dialect.name == "sqlite" else "%s"
    sql = f"INSERT INTO bare_entry (voucher, account, amount_fen) VALUES ({sign}, {sign}, {sign})"
    made = []
    for _ in range(vouchers):
        rows = _entries(f"令{next(_numbers)}", lines)

        def job(unit: Unit, rows: Entries = rows) -> None:
            unit.connection.exec_driver_sql(sql, rows)

        made.append(office.store.writer.submit(COUNTY, job))
    return made


def _entries(voucher: Any, lines: int) -> Entries:
    return [
        row for at in range(lines)
        for row in (
            (voucher, f"ordered-{at % ACCOUNTS}", 1), (voucher, f"pledged-{at % ACCOUNTS}", -1)
        )
    ]  # fmt: skip
