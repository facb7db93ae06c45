"""余额之和 what stands in accounts, summed in the database: by confirmed lines from the index that
holds just these sums, and beside it the few lines that still wait.

No balance is stored: each is added up when it is asked for, of the funding lines asked for alone.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Dialect, bindparam, func, select, text

from registry.domain.accounts import Account, Flow, Slot
from registry.domain.funds import VoucherLine, flows, slot_of
from registry.store import tables
from registry.store.mapping import to_record
from registry.store.statement import Prepared, Row, at_once

_BY = ("year", "presence_id", "funding_key", "debit", "credit", "indicator_id")
"""In the order of the index."""


class Sought(NamedTuple):
    """何户: which accounts are asked for; every combination of the three."""

    years: Sequence[int]
    presences: Sequence[str]
    keys: Sequence[str]


def sought(lines: Iterable[VoucherLine]) -> Sought:
    """The accounts that lines draw on or give to."""
    found = [line.key for line in lines]
    presences, keys, years = (sorted(set(part)) for part in zip(*found, strict=True))
    return Sought(years, presences, keys)


def moved(connection: Connection, county: str, asked: Sought) -> list[Flow]:
    """What has moved in accounts so far: confirmed lines by their sums, what waits line by line."""
    dialect = connection.dialect
    orders = [
        _order(_sums(dialect, *_lengths(asked)), county, asked),
        _order(_waiting(dialect, *_lengths(asked)), county, asked),
    ]
    (sums, _), (waiting, _) = orders
    summed, held = at_once(connection, orders)
    lines = [to_record(VoucherLine, row) for row in waiting.read(held)]
    return [*(_flow(row) for row in sums.read(summed)), *flows(lines)]


def _flow(row: Row) -> Flow:
    debit, credit = _slot(row, row["debit"]), _slot(row, row["credit"])
    return Flow(debit, credit, int(row["fen"]), counted=True)


def _slot(row: Row, account: str) -> Slot:
    key = (row["presence_id"], row["funding_key"], row["year"])
    return slot_of(key, Account(account), row["indicator_id"])


def _lengths(asked: Sought) -> list[int]:
    """How many values a statement takes of each: rounded up, so that few statements are made."""
    return [1 << (len(some) - 1).bit_length() for some in asked]


def _order(one: Prepared, county: str, asked: Sought) -> tuple[Prepared, list[Row]]:
    given: Row = {"county": county}
    for name, some, length in zip(_BY, asked, _lengths(asked), strict=False):
        given |= {f"{name}_{n}": some[min(n, len(some) - 1)] for n in range(length)}
    return one, [given]


_COUNTED = {"sqlite": "voucher_line.counted = 1", "postgresql": "voucher_line.counted"}
_WAITING = {"sqlite": "voucher_line.counted = 0", "postgresql": "NOT voucher_line.counted"}
"""Said as the indexes over what counts and what waits say it, or no engine would use them."""


def _where(lengths: Sequence[int], said: str) -> list[Any]:
    line = tables.BY_RECORD[VoucherLine]
    listed = [
        line.c[name].in_([bindparam(f"{name}_{n}", type_=line.c[name].type) for n in range(many)])
        for name, many in zip(_BY, lengths, strict=False)
    ]
    county = line.c.county == bindparam("county", type_=line.c.county.type)
    return [county, *listed, line.c.event_to.is_(None), text(said)]


@lru_cache
def _sums(dialect: Dialect, *lengths: int) -> Prepared:
    line = tables.BY_RECORD[VoucherLine]
    by = [line.c[name] for name in _BY]
    fen = func.sum(line.c.amount_fen).label("fen")
    query = (
        select(*by, fen)
        .where(*_where(lengths, _COUNTED[dialect.name]), line.c.debit.is_not(None))
        .group_by(*by)
    )
    return Prepared(query, dialect, [*by, fen])


@lru_cache
def _waiting(dialect: Dialect, *lengths: int) -> Prepared:
    line = tables.BY_RECORD[VoucherLine]
    query = select(line).where(*_where(lengths, _WAITING[dialect.name]))
    return Prepared(query, dialect, list(line.c))
