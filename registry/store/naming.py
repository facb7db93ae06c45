"""点名 which current rows name one of several ids, in whatever column or part they stand.

A body that changes or a person who leaves is named all over: in columns, in lists, in paths, in
filings. The engine sifts by the letters alone; who asks looks closely at the few that are left.
"""

from collections.abc import Collection
from typing import TypeVar

from sqlalchemy import Text, or_, select

from registry.domain.records import Record
from registry.store import tables
from registry.store.mapping import to_record
from registry.store.unit import Unit

R = TypeVar("R", bound=Record)
_OWN = ("county", "digest")


def naming(unit: Unit, kind: type[R], words: Collection[str]) -> list[R]:
    """Current rows of a county in which a word stands, in id order, as they were before this act.

    Args:
        unit: whose county and transaction.
        words: ids or codes; parts of longer ones are found too.
    """
    table = tables.BY_RECORD[kind]
    columns = [c for c in table.c if isinstance(c.type, Text) and c.name not in _OWN]
    named = [c.contains(word, autoescape=True) for word in sorted(words) for c in columns]
    query = select(table).where(
        table.c.county == unit.county, table.c.event_to.is_(None), or_(*named)
    )
    rows = unit.connection.execute(query.order_by(table.c.id)).mappings()
    return [to_record(kind, row) for row in rows]


def hold(unit: Unit, kind: type[Record]) -> None:
    """Hold every current row of a county against other acts until this one is recorded. Whoever
    acts holds their own post meanwhile; so this waits for all who began before, and whoever comes
    after sees what this act has changed. SQLite has one writer: there nobody else is at work."""
    if unit.connection.dialect.name == "sqlite":
        return
    table = tables.BY_RECORD[kind]
    rows = select(table.c.id).where(table.c.county == unit.county, table.c.event_to.is_(None))
    unit.connection.execute(rows.order_by(table.c.id).with_for_update()).all()
