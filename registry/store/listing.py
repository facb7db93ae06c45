"""列出 what one reader sees of a table, county by county, in the order asked for."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import Connection, Dialect, Table, and_, bindparam, func, or_, select
from sqlalchemy.exc import DBAPIError

from registry.domain.audit import Event, wire
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.records import Record
from registry.domain.wording import normalise
from registry.store import grams, planned, tables
from registry.store.filters import Condition, Op, clause, held, sifted
from registry.store.mapping import to_record, to_told
from registry.store.planned import Page, Position, Sight
from registry.store.statement import Prepared
from registry.store.visible import Scope, visible
from registry.store.weights import is_key

SLOW = declare(
    "query.slow", RefusalKind.UNAVAILABLE, "查询超时，已停止；请缩小范围后再查",
    "The query took too long and was stopped; narrow it and ask again.",
)  # fmt: skip
SECONDS = 5.0
"""Longest time of one question, the last net below the shapes that are served at all."""
_STEPS = 20_000
"""Steps of SQLite between two looks at the clock."""
Found = list[tuple[Position, Any]]


@contextmanager
def timed(connection: Connection, seconds: float = SECONDS) -> Iterator[Callable[[], bool]]:
    """Stop what takes longer; gives who asks whether there is time yet, for what is many short
    questions and work between them.

    Raises:
        Refusal: ``query.slow``.
    """
    sqlite, ends = connection.dialect.name == "sqlite", time.monotonic() + seconds
    if sqlite:
        raw: Any = connection.connection.dbapi_connection
        raw.set_progress_handler(lambda: time.monotonic() > ends, _STEPS)
    else:
        connection.exec_driver_sql(f"SET LOCAL statement_timeout = {int(seconds * 1000)}")
    try:
        yield lambda: time.monotonic() < ends
    except DBAPIError as error:
        if "interrupted" in str(error.orig) or "statement timeout" in str(error.orig):
            raise Refusal(SLOW) from error
        raise
    finally:
        if sqlite:
            raw.set_progress_handler(None, 0)


def table_of(kind: type[Any]) -> Table:
    """The table of a record type, or the log's."""
    return tables.event if kind is Event else tables.BY_RECORD[kind]


def listed(
    connection: Connection, kind: type[Any], scopes: Sequence[Scope], page: Page, *,
    told: bool = False,
) -> Found:  # fmt: skip
    """One page, each row with its position; the counties in order of their codes.

    Args:
        told: only to be written out, see ``told_of``.
    """
    form = told_of if told else record_of
    table, found = table_of(kind), Found()
    after = planned.position(page)
    for county in sorted({scope.county for scope in scopes}):
        if after is not None and county < after.county:
            continue
        here = after if after is not None and after.county == county else None
        asked = msgspec.structs.replace(page, after=here, limit=page.limit - len(found))
        own = [scope for scope in scopes if scope.county == county]
        sight = seen(table, own, each=_each(connection, table, own, asked))
        if page.text is not None:
            found += worded(connection, kind, sight, asked)
        else:
            rows = planned.read(connection, table, sight, asked)
            found += [(at, form(kind, row)) for at, row in rows]
        if len(found) >= page.limit:
            break
    return found


def seen(table: Table, scopes: Sequence[Scope], *, each: bool = False) -> Sight:
    """What scopes of one county see of a table.

    Args:
        each: rows are read in the order asked for, each held against it (``visible``).
    """
    county = scopes[0].county
    within = or_(*(visible(table, scope, each=each) for scope in scopes))
    held = each or any(scope.whole for scope in scopes)
    return Sight(county, sifted(within) if held else within)


def whole(table: Table, scopes: Sequence[Scope]) -> bool:
    """Whether some scope sees every row of the county, whatever any other record says."""
    return any(visible(table, one).compare(table.c.county == one.county) for one in scopes)


def _each(connection: Connection, table: Table, scopes: Sequence[Scope], page: Page) -> bool:
    """Whether rows are better held one by one against what is seen than found by it: where they are
    found by a key or a word, and where so many are seen that some soon come up in any order."""
    if any(scope.whole for scope in scopes):
        return False
    if page.text is not None or any(one.exact and is_key(one.field) for one in page.where):
        return True
    if connection.dialect.name != "sqlite":
        return False
    county = scopes[0].county
    of, head = (table.name, msgspec.json.encode(scopes)), heads(connection, [county]).get(county, 0)
    large, at = _LARGE.get(of, (False, head + 1))
    if not large and not 0 <= head - at < AGAIN:
        within = seen(table, scopes).within
        current = planned.at_snapshot(table, None)
        some = select(table.c.county).where(within, current).limit(MANY)
        query = select(func.count()).select_from(some.subquery())
        large = int(connection.execute(query).scalar() or 0) >= MANY
        if len(_LARGE) >= _KEPT:
            _LARGE.clear()
        _LARGE[of] = large, head
    return large


MANY, _KEPT = 6_000, 4_096
"""From so many rows on they are read in order; for how many readers' lists that is kept."""
AGAIN = 1_000
"""Events after which a list that was short is counted again."""
_LARGE: dict[tuple[str, bytes], tuple[bool, int]] = {}
"""Whether lists are long, by table and scopes, and as of which event: how to read them best, and
nothing of what they hold; one that has become short or long since is read well enough."""


def record_of(kind: type[Any], row: dict[str, Any]) -> Any:
    """The record of a row."""
    if kind is Event:
        return msgspec.convert({str(k): wire(v) for k, v in row.items()}, Event)
    return to_record(kind, row)


def told_of(kind: type[Any], row: dict[str, Any]) -> Any:
    """The same fields, for who only writes them out (``unchecked``)."""
    return record_of(kind, row) if kind is Event else to_told(kind, row)


def worded(connection: Connection, kind: type[Record], sight: Sight, page: Page) -> Found:
    """Rows of one county whose texts, as they stand, hold a word."""
    found, word = Found(), normalise(page.text or "")
    for at, row, mark in _candidates(connection, kind, sight, page):
        record = to_record(kind, row)
        said = grams.texts(record)
        if mark == grams.mark(said) and any(word in normalise(one) for one in said):
            found.append((at, record))
            if len(found) == page.limit:
                break
    return found


def _candidates(
    connection: Connection, kind: type[Record], sight: Sight, page: Page
) -> Iterator[tuple[Position, dict[str, Any], str]]:
    """Rows whose texts hold every pair of the page's word, in the order in which these were laid
    down, each with the mark of the text; whether it is the row's text now is for the caller."""
    table = tables.BY_RECORD[kind]
    source, order, where = grams.hits(connection.dialect, kind, sight.county, page.text or "")
    after = planned.position(page)
    doc, last = tables.text_doc, 0 if after is None else int(after.key)
    joined = source.join(table, and_(table.c.county == doc.c.county, table.c.id == doc.c.id))
    query = (
        select(order.label("text_order"), doc.c.mark.label("text_mark"), table)
        .select_from(joined)
        .where(*where, sight.within, *planned.narrowed(table, sight.county, page))
        .where(*(clause(table, one) for one in page.where))
        .order_by(order)
        .limit(page.limit)
    )
    if page.terms is not None:
        query = query.where(held(table, sight.county, page.terms))
    while True:
        rows = connection.execute(query.where(order > last)).mappings().all()
        for row in rows:
            last = int(row["text_order"])
            yield Position(sight.county, last), dict(row), str(row["text_mark"])
        if len(rows) < page.limit:
            return


def equal(values: dict[str, Any]) -> list[Condition]:
    """Columns that have a value, or any of several."""
    return [
        Condition(field=name, op=Op.IN if isinstance(value, list) else Op.EQ, value=value)
        for name, value in values.items()
    ]


def heads(connection: Connection, counties: Sequence[str]) -> dict[str, int]:
    """Last number of each county's log: the snapshot that is read."""
    asked = _head(connection.dialect)
    found = (one for county in counties for one in asked.rows(connection, {"of": county}))
    return {one["county"]: one["seq"] for one in found}


@lru_cache(None)
def _head(dialect: Dialect) -> Prepared:
    """Made once: it is asked before every page."""
    columns = [tables.log_head.c.county, tables.log_head.c.seq]
    of = bindparam("of", type_=columns[0].type)
    return Prepared(select(*columns).where(columns[0] == of), dialect, columns)
