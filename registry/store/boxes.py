"""信箱 what one person has to do, did, began and was told of: each page by an index of its own.

A page is put together from short pieces, one for each body and holder, each already in the order
in which it is shown: none reads a row that it does not show, however much lies behind the person.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    literal,
    literal_column,
    select,
    tuple_,
    union_all,
)

from registry.domain.approval import Opinion, Task
from registry.domain.movement import Movement, MovementKind
from registry.domain.records import Record, Wire
from registry.domain.request import Request
from registry.store import tables
from registry.store.mapping import to_record

R = TypeVar("R", bound=Record)
Found = tuple[R, str, str]
"""A record, and the title and state of the case it belongs to."""


class Desktop(Wire, frozen=True, kw_only=True):
    """案头: a body, in one county, on whose desk tasks lie that a person may finish."""

    county: str
    organisation_id: str
    people: list[str]
    """Whose own tasks are shown besides those that nobody has in particular."""
    acts: list[str] | None = None
    """The kinds of task the person may do something about; ``None`` = every kind."""


class Cut(Wire, frozen=True, kw_only=True):
    """一页从哪里开始: after which row, and how many."""

    due_on: date | None = None
    id: str | None = None
    limit: int


def todo(connection: Connection, desktops: Sequence[Desktop], cut: Cut) -> list[Found[Task]]:
    """待办 by the day they are due, those without a day last."""
    table = tables.BY_RECORD[Task]
    dated = cut.id is None or cut.due_on is not None
    parts: list[Select[Any]] = []
    for desk in desktops:
        for holder in (None, *desk.people):
            own = _on(table, desk, holder)
            if dated:
                parts.append(_due(table, own, cut))
            parts.append(_undated(table, own, cut, dated))
    return _joined(connection, Task, parts, cut)


def _on(table: Table, desk: Desktop, holder: str | None) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [
        table.c.county == desk.county,
        table.c.organisation_id == desk.organisation_id,
        table.c.person_id.is_(None) if holder is None else table.c.person_id == holder,
        table.c.event_to.is_(None),
        # Said as a word: an index on part of the rows is of use only where that part is named.
        table.c.state == literal_column("'open'"),
    ]
    return found if desk.acts is None else [*found, table.c.act.in_(desk.acts)]


def _due(table: Table, own: Sequence[ColumnElement[bool]], cut: Cut) -> Select[Any]:
    query = select(table).where(*own, table.c.due_on.is_not(None))
    if cut.id is not None:
        begun = tuple_(literal(cut.due_on, table.c.due_on.type), literal(cut.id))
        query = query.where(tuple_(table.c.due_on, table.c.id) > begun)
    return _ordered(table, query, cut)


def _undated(
    table: Table, own: Sequence[ColumnElement[bool]], cut: Cut, dated: bool
) -> Select[Any]:
    query = select(table).where(*own, table.c.due_on.is_(None))
    if not dated:
        query = query.where(table.c.id > cut.id)
    return _ordered(table, query, cut)


def _ordered(table: Table, query: Select[Any], cut: Cut) -> Select[Any]:
    # The holder leads the order as it leads the index: PostgreSQL does not see by itself that
    # where it is NULL the rest of the index is in order.
    return query.order_by(table.c.person_id, table.c.due_on, table.c.id).limit(cut.limit)


class Owner(Wire, frozen=True, kw_only=True):
    """谁的信箱: a person, their bodies, and the counties where their papers may lie."""

    counties: list[str]
    person: str
    bodies: list[str] = []


def done(connection: Connection, owner: Owner, cut: Cut) -> list[Found[Opinion]]:
    """已办: what the person said, the latest first; what lapsed since says so."""
    parts = _latest(Opinion, owner, [{"person_id": owner.person}], cut)
    return _joined(connection, Opinion, parts, cut)


def started(connection: Connection, owner: Owner, cut: Cut) -> list[Found[Request]]:
    """我发起的: requests one holds, the latest first; of older ones, those one drafted."""
    own: list[Equals] = [
        {"holder_id": owner.person}, {"holder_id": None, "drafted_by": owner.person},
    ]  # fmt: skip
    return _joined(connection, Request, _latest(Request, owner, own, cut), cut)


def copied(connection: Connection, owner: Owner, cut: Cut) -> list[Found[Movement]]:
    """抄送 to the person or their bodies, the latest first."""
    kind = MovementKind.COPY.value
    own: list[Equals] = [{"to_person_id": owner.person, "kind": kind}]
    own += [{"to_organisation_id": body, "kind": kind} for body in owner.bodies]
    return _joined(connection, Movement, _latest(Movement, owner, own, cut), cut)


Equals = dict[str, str | None]


def _latest(kind: type[Record], owner: Owner, own: Sequence[Equals], cut: Cut) -> list[Select[Any]]:
    table = tables.BY_RECORD[kind]
    parts = []
    for county in owner.counties:
        for equals in own:
            query = select(table).where(table.c.county == county, table.c.event_to.is_(None))
            for name, value in equals.items():
                column: Column[Any] = table.c[name]
                query = query.where(column.is_(None) if value is None else column == value)
            if cut.id is not None:
                query = query.where(table.c.id < cut.id)
            parts.append(query.order_by(table.c.id.desc()).limit(cut.limit))
    return parts


def _joined(
    connection: Connection, kind: type[R], parts: Sequence[Select[Any]], cut: Cut
) -> list[Found[R]]:
    """The first rows of all the pieces together, each with its case's title and state."""
    if not parts:
        return []
    whole = union_all(*(select(part.subquery()) for part in parts)).subquery()
    order: list[ColumnElement[Any]] = [whole.c.id.desc()]
    if kind is Task:
        order = [whole.c.due_on.is_(None), whole.c.due_on, whole.c.id]
    first = select(whole).order_by(*order).limit(cut.limit).subquery()
    asked = tables.BY_RECORD[Request].alias("asked")
    case = first.c.id if kind is Request else first.c.request_id
    standing = and_(
        asked.c.county == first.c.county, asked.c.id == case, asked.c.event_to.is_(None)
    )
    query = select(first, asked.c.title.label("case_title"), asked.c.state.label("case_state"))
    rows = connection.execute(query.join(asked, standing)).mappings().all()
    found = [(to_record(kind, row), row["case_title"], row["case_state"]) for row in rows]
    if kind is Task:
        return sorted(found, key=_by_day)
    return sorted(found, key=lambda f: f[0].id, reverse=True)


def _by_day(found: Found[Any]) -> tuple[bool, date, str]:
    task = found[0]
    return task.due_on is None, task.due_on or date.min, task.id
