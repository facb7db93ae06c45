"""例外查询 exceptions as the database is asked for them: standing on a day, honoured, used.

``honoured`` says in SQL what ``Waiver.stands`` says; a test holds the two together.
"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, Connection, Table, and_, exists, func, or_, select

from registry.domain.waiver import Waiver, WaiverUse
from registry.store import tables
from registry.store.mapping import to_record


def honoured(table: Table, on: date) -> ColumnElement[bool]:
    """Whether a row of the table of exceptions stands on a day."""
    return and_(
        table.c.granted_on.is_not(None),
        table.c.granted_on <= on,
        table.c.valid_from <= on,
        table.c.valid_to >= on,
        or_(table.c.ended_on.is_(None), table.c.ended_on > on),
    )


def standing(connection: Connection, county: str, on: date) -> list[Waiver]:
    """The exceptions of a county that are honoured on a day, in id order."""
    table = tables.BY_RECORD[Waiver]
    query = select(table).where(
        table.c.county == county, table.c.event_to.is_(None), honoured(table, on)
    )
    rows = connection.execute(query.order_by(table.c.id)).mappings()
    return [to_record(Waiver, row) for row in rows]


def ending(connection: Connection, county: str) -> list[Waiver]:
    """The granted exceptions of a county that were not ended before their time."""
    table = tables.BY_RECORD[Waiver]
    query = select(table).where(
        table.c.county == county, table.c.event_to.is_(None),
        table.c.granted_on.is_not(None), table.c.ended_on.is_(None),
    )  # fmt: skip
    return [to_record(Waiver, row) for row in connection.execute(query).mappings()]


def used(table: Table) -> ColumnElement[bool]:
    """Whether any verdict was changed by the exception of a row."""
    use = tables.BY_RECORD[WaiverUse]
    return exists().where(
        use.c.county == table.c.county, use.c.waiver_id == table.c.id, use.c.event_to.is_(None)
    )


def uses(connection: Connection, county: str, ids: Sequence[str]) -> dict[str, int]:
    """How many verdicts each exception changed; one that changed none is left out."""
    use = tables.BY_RECORD[WaiverUse]
    query = (
        select(use.c.waiver_id, func.count())
        .where(use.c.county == county, use.c.event_to.is_(None), use.c.waiver_id.in_(ids))
        .group_by(use.c.waiver_id)
    )
    return {id: int(count) for id, count in connection.execute(query)}
