"""看得见与否 whether one record lies within what somebody may see."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, Dialect, Integer, bindparam, case, false, or_, select

from registry.domain.records import Record
from registry.store import tables
from registry.store.statement import driven
from registry.store.visible import Scope, visible

MOST = 1024
"""Questions kept, one for each kind of record and for what somebody sees of it."""
_COUNTY, _ID = "of_county", "of_id"


class _Question(NamedTuple):
    """一问 as the driver takes it: its words, and the values that are always the same."""

    sql: str
    given: dict[str, Any]
    order: Sequence[str] | None
    """The values' order, or ``None`` where they are told by name."""


def seen(
    connection: Connection, kind: type[Record], at: tuple[str, str], scopes: Sequence[Scope]
) -> bool | None:
    """Whether any of the scopes sees a record as it stands; ``None`` where there is none.

    Args:
        at: county and id.
    """
    # Asked before every act: to make the words anew took longer than the act itself.
    question = _question(connection.dialect, kind, msgspec.json.encode(scopes))
    given = {**question.given, _COUNTY: at[0], _ID: at[1]}
    order = question.order
    bound = given if order is None else [given[name] for name in order]
    cursor = driven(connection, question.sql, [bound])
    rows = cursor.fetchall()
    cursor.close()
    return bool(rows[0][0]) if rows else None


@lru_cache(MOST)
def _question(dialect: Dialect, kind: type[Record], scopes: bytes) -> _Question:
    """The question for whoever sees so much; it is made of the scopes and the tables alone."""
    table = tables.BY_RECORD[kind]
    told = msgspec.json.decode(scopes, type=list[Scope])
    within = or_(false(), *(visible(table, scope, each=True) for scope in told))
    compiled = select(case((within, 1), else_=0).cast(Integer)).where(
        table.c.county == bindparam(_COUNTY, type_=table.c.county.type),
        table.c.id == bindparam(_ID, type_=table.c.id.type),
        table.c.event_to.is_(None),
    ).compile(dialect=dialect)  # fmt: skip
    state = compiled.construct_expanded_state({_COUNTY: "", _ID: ""})
    turn: Any = state.processors
    given = {name: turn[name](value) if name in turn else value
             for name, value in state.parameters.items()}  # fmt: skip
    return _Question(state.statement, given, state.positiontup)
