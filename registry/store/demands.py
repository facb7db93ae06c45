"""证明需求统计 how often papers were demanded, summed by one column, in what a reader may see."""

from collections.abc import Sequence
from typing import Literal

from sqlalchemy import Connection, func, or_, select

from registry.domain.certifying import CertificateDemand
from registry.domain.records import Wire
from registry.store import tables
from registry.store.visible import Scope, visible

By = Literal["item", "demander", "answer", "month", "area"]
_COLUMNS: dict[str, tuple[str, str]] = {
    "item": ("item_id", "item"), "demander": ("demander", "demander"),
    "answer": ("answer", "answer"), "month": ("month", "month"),
    "area": ("area_path", "area_path"),
}  # fmt: skip


class Tallied(Wire, frozen=True, kw_only=True):
    """一组: one value of the column with one answer."""

    key: str | None
    name: str
    answer: str
    times: int


def tallied(
    connection: Connection, scopes: Sequence[Scope], by: By, months: tuple[str | None, str | None]
) -> list[Tallied]:
    """Demands summed by a column and by what was answered, in the order of the column.

    Args:
        months: the first and the last, ``YYYY-MM``, both counted; ``None`` = open.
    """
    table = tables.BY_RECORD[CertificateDemand]
    key, name = (table.c[column] for column in _COLUMNS[by])
    query = (
        select(key, name, table.c.answer, func.sum(table.c.times))
        .where(table.c.event_to.is_(None), or_(*(visible(table, scope) for scope in scopes)))
        .group_by(key, name, table.c.answer)
        .order_by(key, name, table.c.answer)
    )
    first, last = months
    if first is not None:
        query = query.where(table.c.month >= first)
    if last is not None:
        query = query.where(table.c.month <= last)
    return [
        Tallied(key=row[0], name=row[1], answer=row[2], times=int(row[3]))
        for row in connection.execute(query)
    ]
