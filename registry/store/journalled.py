"""分录流水 every confirmed line with the number of its voucher, in the order of its day: for whoever
recounts the books elsewhere. Read page by page, never held as a whole."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, false, or_, select

from registry.domain.accounts import Account
from registry.domain.funds import Voucher, VoucherLine
from registry.domain.presence import Presence
from registry.store import tables
from registry.store.below import below
from registry.store.reader import Reader, at_snapshot
from registry.store.visible import Scope, paid_by, visible

_AT_ONCE = 2048
_COUNTED = True


class Entry(NamedTuple):
    """分录 with what its voucher says of it."""

    voucher_id: str
    number: str
    stage: str
    dated_on: date
    line_id: str
    presence_id: str
    organisation_id: str
    """The community's organisation as it was at the snapshot."""
    funding_key: str
    year: int
    debit: Account
    credit: Account
    amount_fen: int


class Wanted(NamedTuple):
    """所要: whose lines, of which year (``None`` = all), as of which entry of the log."""

    county: str
    as_of: int
    year: int | None = None
    path: str | None = None
    seen: list[Scope] | None = None


def entries(reader: Reader, wanted: Wanted) -> Iterator[Entry]:
    """Confirmed lines by day, voucher and line."""
    v: Any = tables.BY_RECORD[Voucher].alias("v")
    x: Any = tables.BY_RECORD[VoucherLine]
    p: Any = tables.BY_RECORD[Presence].alias("p")
    query = (
        select(
            x.c.voucher_id, v.c.number, v.c.stage, v.c.dated_on, x.c.id, x.c.presence_id,
            p.c.organisation_id, x.c.funding_key, x.c.year, x.c.debit, x.c.credit, x.c.amount_fen,
        )
        .select_from(x.join(v, _same(v, x, "voucher_id", wanted)).join(
            p, _same(p, x, "presence_id", wanted)))
        .where(x.c.county == wanted.county, at_snapshot(x, wanted.as_of), x.c.counted == _COUNTED)
        .order_by(v.c.dated_on, v.c.id, x.c.id)
    )  # fmt: skip
    if wanted.year is not None:
        query = query.where(x.c.year == wanted.year)
    if wanted.path is not None:
        query = query.where(below(p.c.area_path, wanted.path))
    if wanted.seen is not None:
        query = query.where(_seen(p, x, wanted.seen))
    last: tuple[Any, ...] | None = None
    at = (v.c.dated_on, v.c.id, x.c.id)
    while True:
        page = query if last is None else query.where(_beyond(at, last))
        with reader.connect() as connection:
            rows = connection.execute(page.limit(_AT_ONCE)).all()
        for row in rows:
            yield Entry(*row[:9], Account(row[9]), Account(row[10]), row[11])
        if len(rows) < _AT_ONCE:
            return
        last = (rows[-1].dated_on, rows[-1].voucher_id, rows[-1][4])


def _beyond(columns: tuple[Any, ...], last: tuple[Any, ...]) -> ColumnElement[bool]:
    """What comes after a row in the order of these columns."""
    (column, *rest), (value, *values) = columns, last
    further: ColumnElement[bool] = column > value
    if not rest:
        return further
    return or_(further, and_(column == value, _beyond(tuple(rest), tuple(values))))


def _same(table: Any, line: Any, column: str, wanted: Wanted) -> ColumnElement[bool]:
    return and_(
        table.c.county == line.c.county, table.c.id == line.c[column],
        at_snapshot(table, wanted.as_of),
    )  # fmt: skip


def _seen(place: Any, line: Any, seen: list[Scope]) -> ColumnElement[bool]:
    ways = [*paid_by(line, seen), *(visible(place, scope) for scope in seen)]
    return or_(*ways) if ways else false()
