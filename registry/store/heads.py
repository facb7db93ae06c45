"""日志末号 where a county's log stands, who may write after it, and which rules stand: asked often."""

from collections.abc import Collection, Sequence
from functools import lru_cache

from sqlalchemy import Connection, Dialect, bindparam, func, literal_column, select, union_all

from registry.domain.calendar import CalendarYear
from registry.domain.catalogue import MatterList
from registry.domain.edition import ListEdition
from registry.domain.pack import PublishedPack
from registry.store import tables
from registry.store.prepared import next_seqs
from registry.store.statement import Prepared

Stamp = tuple[tuple[str, int, int | None], ...]
"""Table, rows and last event of packs, lists and calendars."""


def head_of(connection: Connection, county: str) -> int:
    """Last event of a county's log, 0 where there is none."""
    return heads_of(connection, [county]).get(county, 0)


def heads_of(connection: Connection, counties: Collection[str]) -> dict[str, int]:
    """Last event of every log that has one."""
    given = {f"c{n}": county for n, county in enumerate(sorted(counties))}
    found = _heads(connection.dialect, len(given)).rows(connection, given)
    return {row["county"]: row["seq"] for row in found}


def hold_head(connection: Connection, county: str) -> int:
    """Let nobody else write a county before this transaction ends (PostgreSQL); its last event.

    A county nobody wrote before gets its head here; ``drop_unused`` takes one of no event away.
    """
    given = {"county": county}
    found = _held(connection.dialect).rows(connection, given)
    if not found:
        none = next_seqs(connection.dialect)
        found = none.rows(connection, {**given, "count": 0})
    return int(found[0]["seq"])


def drop_unused(connection: Connection, county: str) -> None:
    """Take the head of a log without events away again."""
    _unused(connection.dialect).run(connection, {"county": county})


def standing_rules(connection: Connection, counties: Sequence[str]) -> Stamp:
    """Which packs, lists and calendars stand in these partitions: changes when they do."""
    given = {f"c{n}": county for n, county in enumerate(counties)}
    rows = _rules(connection.dialect, len(given)).rows(connection, given)
    return tuple(sorted((row["name"], row["many"], row["last"]) for row in rows))


@lru_cache
def _heads(dialect: Dialect, many: int) -> Prepared:
    head = tables.log_head
    listed = [bindparam(f"c{n}", type_=head.c.county.type) for n in range(many)]
    query = select(head.c.county, head.c.seq).where(head.c.county.in_(listed))
    return Prepared(query, dialect, [head.c.county, head.c.seq])


@lru_cache
def _held(dialect: Dialect) -> Prepared:
    head = tables.log_head
    named = bindparam("county", type_=head.c.county.type)
    query = select(head.c.seq).where(head.c.county == named).with_for_update()
    return Prepared(query, dialect, [head.c.seq])


@lru_cache
def _unused(dialect: Dialect) -> Prepared:
    head = tables.log_head
    named = bindparam("county", type_=head.c.county.type)
    empty = head.delete().where(head.c.county == named, head.c.seq == literal_column("0"))
    return Prepared(empty, dialect, ())


@lru_cache
def _rules(dialect: Dialect, many: int) -> Prepared:
    parts = []
    for kind in (PublishedPack, MatterList, ListEdition, CalendarYear):
        table = tables.BY_RECORD[kind]
        listed = [bindparam(f"c{n}", type_=table.c.county.type) for n in range(many)]
        name = literal_column(f"'{table.name}'", table.c.county.type).label("name")
        last = func.max(table.c.event_from).label("last")
        parts.append(
            select(name, func.count().label("many"), last).where(table.c.county.in_(listed))
        )
    query = union_all(*parts)
    return Prepared(query, dialect, list(query.selected_columns))
