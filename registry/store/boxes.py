"""信箱 what one person has to do, did, began and was told of: each page by an index of its own.

A page is put together from short pieces, one for each body and holder, each already in the order
in which it is shown: none reads a row that it does not show, however much lies behind the person.
The statement of a page of one shape is compiled once.
"""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Dialect,
    Integer,
    Select,
    Table,
    and_,
    bindparam,
    func,
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
from registry.store.prepared import MOST, Prepared

R = TypeVar("R", bound=Record)
Found = tuple[R, str, str]
"""A record, and the title and state of the case it belongs to."""
Term = tuple[str, str, tuple[Any, ...]]
"""One condition of a piece: column, how it is asked, the values."""
Shape = tuple[tuple[tuple[str, str, int], ...], ...]
"""The conditions of every piece without their values."""


class Desktop(Wire, frozen=True, kw_only=True):
    """案头: a body, in one county, on whose desk tasks lie that a person may finish."""

    county: str
    organisation_id: str
    people: list[str]
    """Whose own tasks are shown besides those that nobody has in particular."""
    acts: list[str] | None = None
    """The kinds of task the person may do something about; ``None`` = every kind."""


class Owner(Wire, frozen=True, kw_only=True):
    """谁的信箱: a person, their bodies, and the counties where their papers may lie."""

    counties: list[str]
    person: str
    bodies: list[str] = []


class Cut(Wire, frozen=True, kw_only=True):
    """一页从哪里开始: after which row, and how many."""

    due_on: date | None = None
    id: str | None = None
    limit: int


def todo(connection: Connection, desktops: Sequence[Desktop], cut: Cut) -> list[Found[Task]]:
    """待办 by the day they are due, those without a day last."""
    pieces: list[list[Term]] = []
    for desk in desktops:
        plain = [_is("county", desk.county), _is("organisation_id", desk.organisation_id)]
        if desk.acts is not None:
            plain.append(("act", "in", tuple(desk.acts)))
        for holder in (None, *desk.people):
            own = [*plain, _is("person_id", holder)]
            if cut.id is None or cut.due_on is not None:
                begun = ("due_on", "is not null", ())
                after = ("due_on", "beyond", (cut.due_on, cut.id))
                pieces.append([*own, begun, *([] if cut.id is None else [after])])
            later = cut.id is not None and cut.due_on is None
            further = [("id", ">", (cut.id,))] if later else []
            pieces.append([*own, _is("due_on", None), *further])
    return _page(connection, Task, pieces, cut)


def done(connection: Connection, owner: Owner, cut: Cut) -> list[Found[Opinion]]:
    """已办: what the person said, the latest first; what lapsed since says so."""
    return _latest(connection, Opinion, [(c, {"person_id": owner.person}) for c in owner.counties],
                   cut)  # fmt: skip


def started(connection: Connection, owner: Owner, cut: Cut) -> list[Found[Request]]:
    """我发起的: requests one holds, the latest first; of older ones, those one drafted."""
    own: list[Equals] = [
        {"holder_id": owner.person}, {"holder_id": None, "drafted_by": owner.person},
    ]  # fmt: skip
    return _latest(connection, Request, [(c, e) for c in owner.counties for e in own], cut)


def copied(connection: Connection, owner: Owner, cut: Cut) -> list[Found[Movement]]:
    """抄送 to the person or their bodies, the latest first."""
    kind = MovementKind.COPY.value
    own: list[Equals] = [{"to_person_id": owner.person, "kind": kind}]
    own += [{"to_organisation_id": body, "kind": kind} for body in owner.bodies]
    return _latest(connection, Movement, [(c, e) for c in owner.counties for e in own], cut)


Equals = dict[str, str | None]


def _latest(
    connection: Connection, kind: type[R], own: Sequence[tuple[str, Equals]], cut: Cut
) -> list[Found[R]]:
    before: list[Term] = [] if cut.id is None else [("id", "<", (cut.id,))]
    pieces = [
        [_is("county", county), *(_is(n, v) for n, v in equals.items()), *before]
        for county, equals in own
    ]
    return _page(connection, kind, pieces, cut)


def _is(column: str, value: str | None) -> Term:
    return (column, "is null", ()) if value is None else (column, "=", (value,))


def _page(
    connection: Connection, kind: type[R], pieces: Sequence[Sequence[Term]], cut: Cut
) -> list[Found[R]]:
    if not pieces:
        return []
    shape = tuple(tuple((c, op, len(values)) for c, op, values in piece) for piece in pieces)
    given = {
        _name(p, t, v): value
        for p, piece in enumerate(pieces)
        for t, (_, _, values) in enumerate(piece)
        for v, value in enumerate(values)
    }
    statement = _statement(connection.dialect, kind, shape)
    rows = statement.rows(connection, {**given, "most": cut.limit})
    return [(to_record(kind, row), row["case_title"], row["case_state"]) for row in rows]


def _name(piece: int, term: int, value: int) -> str:
    return f"v{piece}_{term}_{value}"


_NONE: ColumnElement[int] = literal_column("0", type_=Integer())
"""Said, because SQLite's words for a limit bind an offset of their own where none is given."""


@lru_cache(MOST)
def _statement(dialect: Dialect, kind: type[Record], shape: Shape) -> Prepared:
    """The first rows of all the pieces together, each with its case's title and state."""
    table = tables.BY_RECORD[kind]
    most: BindParameter[int] = bindparam("most", type_=Integer())
    sqlite = dialect.name == "sqlite"
    parts: list[Select[Any]] = []
    for at, piece in enumerate(shape):
        where = [_asked(table, term, (at, t), sqlite) for t, term in enumerate(piece)]
        query = select(table).where(*where, table.c.event_to.is_(None))
        parts.append(_in_order(table, query, kind).limit(most).offset(_NONE))
    whole = union_all(*(select(part.subquery()) for part in parts)).subquery()
    top = select(whole).order_by(*_order(whole, kind)).limit(most).offset(_NONE)
    first = top.subquery()
    asked = tables.BY_RECORD[Request].alias("asked")
    case = first.c.id if kind is Request else first.c.request_id
    standing = and_(
        asked.c.county == first.c.county, asked.c.id == case, asked.c.event_to.is_(None)
    )
    told = [*first.c, asked.c.title.label("case_title"), asked.c.state.label("case_state")]
    joined = select(*told).join_from(first, asked, standing).order_by(*_order(first, kind))
    return Prepared(joined, dialect, told)


def _asked(
    table: Table, term: tuple[str, str, int], at: tuple[int, int], sqlite: bool
) -> ColumnElement[bool]:
    name, how, count = term
    column: Any = table.c[name]
    values: list[Any] = [bindparam(_name(*at, v), type_=column.type) for v in range(count)]
    if how == "beyond":
        last = bindparam(_name(*at, 1), type_=table.c.id.type)
        return tuple_(column, table.c.id) > tuple_(values[0], last)
    if how == "in":
        made: ColumnElement[bool] = column.in_(values)
    elif how == "is not null":
        made = column.is_not(None)
    elif how == "is null":
        made = column.is_(None)
        if sqlite and name == "person_id":
            # Without figures of its own SQLite takes an IS NULL to leave most rows standing, and
            # goes by an index that has them all.
            made = func.unlikely(made)
    else:
        made = {"=": column.__eq__, "<": column.__lt__, ">": column.__gt__}[how](values[0])
    return made


def _in_order(table: Table, query: Select[Any], kind: type[Record]) -> Select[Any]:
    if kind is not Task:
        return query.order_by(table.c.id.desc())
    # The state is said as a word: an index on part of the rows serves only where that part is
    # named. The holder leads the order as it leads the index: PostgreSQL does not see by itself
    # that where it is NULL the rest of the index is in order.
    still = query.where(table.c.state == literal_column("'open'"))
    return still.order_by(table.c.person_id, table.c.due_on, table.c.id)


def _order(rows: Any, kind: type[Record]) -> list[Any]:
    if kind is Task:
        return [rows.c.due_on.is_(None), rows.c.due_on, rows.c.id]
    return [rows.c.id.desc()]
