"""看得见与否 whether one record lies within what somebody may see."""

from collections.abc import Sequence

from sqlalchemy import Connection, Integer, case, false, or_, select

from registry.domain.records import Record
from registry.store import tables
from registry.store.visible import Scope, visible


def seen(
    connection: Connection, kind: type[Record], at: tuple[str, str], scopes: Sequence[Scope]
) -> bool | None:
    """Whether any of the scopes sees a record as it stands; ``None`` where there is none.

    Args:
        at: county and id.
    """
    table = tables.BY_RECORD[kind]
    within = or_(false(), *(visible(table, scope) for scope in scopes))
    query = select(case((within, 1), else_=0).cast(Integer)).where(
        table.c.county == at[0], table.c.id == at[1], table.c.event_to.is_(None)
    )
    rows = connection.execute(query).scalars().all()
    return bool(rows[0]) if rows else None
