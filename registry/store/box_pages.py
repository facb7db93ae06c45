"""信箱的一页 the pieces of a box put together: each short, and already in the order of the page.

None reads a row that it does not show, however much lies behind the person, but for those that a
sieve leaves out. The statement of a page of one shape is compiled once.
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
    Text,
    and_,
    bindparam,
    func,
    literal_column,
    select,
    tuple_,
    union_all,
)

from registry.domain.approval import Task
from registry.domain.records import Record, Wire
from registry.domain.request import Request
from registry.store import tables
from registry.store.columns import said
from registry.store.mapping import to_record
from registry.store.prepared import MOST, Prepared
from registry.store.sieve import CASE, Term, cased, unset

R = TypeVar("R", bound=Record)
Found = tuple[R, str, str]
"""A record, and the title and state of the case it belongs to."""
Shape = tuple[tuple[tuple[str, str, int], ...], ...]
"""The conditions of every piece without their values."""


class Cut(Wire, frozen=True, kw_only=True):
    """一页从哪里开始: after which row, and how many."""

    due_on: date | None = None
    id: str | None = None
    limit: int


def page(
    connection: Connection, kind: type[R], pieces: Sequence[Sequence[Term]], cut: Cut
) -> list[Found[R]]:
    """The first rows of all the pieces together, each with its case's title and state."""
    if not pieces:
        return []
    statement = _statement(connection.dialect, kind, _shape(pieces))
    rows = statement.rows(connection, _given(pieces, cut.limit))
    return [(to_record(kind, row), row["case_title"], row["case_state"]) for row in rows]


def counted(
    connection: Connection, kind: type[Record], pieces: Sequence[Sequence[Term]], most: int
) -> int:
    """How many rows all the pieces hold together, counted no further than ``most``."""
    if not pieces:
        return 0
    statement = _counting(connection.dialect, kind, _shape(pieces))
    return int(statement.rows(connection, _given(pieces, most))[0]["count"])


def _shape(pieces: Sequence[Sequence[Term]]) -> Shape:
    return tuple(tuple((c, op, len(values)) for c, op, values in piece) for piece in pieces)


def _given(pieces: Sequence[Sequence[Term]], most: int) -> dict[str, Any]:
    found = {
        _name(p, t, v): value
        for p, piece in enumerate(pieces)
        for t, (_, _, values) in enumerate(piece)
        for v, value in enumerate(values)
    }
    return {**found, "most": most}


def _name(piece: int, term: int, value: int) -> str:
    return f"v{piece}_{term}_{value}"


_NONE: ColumnElement[int] = literal_column("0", type_=Integer())
"""Said, because SQLite's words for a limit bind an offset of their own where none is given."""


@lru_cache(MOST)
def _counting(dialect: Dialect, kind: type[Record], shape: Shape) -> Prepared:
    """How many rows all the pieces hold together, counted no further than ``most``."""
    parts = _pieces(dialect, kind, shape)
    whole = union_all(*(select(part.subquery().c.id) for part in parts)).subquery()
    most: BindParameter[int] = bindparam("most", type_=Integer())
    count = func.count(literal_column("1")).label("count")
    first = select(whole).limit(most).offset(_NONE).subquery()
    return Prepared(select(count).select_from(first), dialect, [count])


def _pieces(dialect: Dialect, kind: type[Record], shape: Shape) -> list[Select[Any]]:
    table = tables.BY_RECORD[kind]
    most: BindParameter[int] = bindparam("most", type_=Integer())
    found: list[Select[Any]] = []
    for at, piece in enumerate(shape):
        own = [(t, one) for t, one in enumerate(piece) if not one[0].startswith(CASE)]
        where = [_asked((dialect, table), term, (at, t)) for t, term in own]
        terms = [
            (name, how, [bindparam(_name(at, t, v), type_=Text()) for v in range(count)])
            for t, (name, how, count) in enumerate(piece) if name.startswith(CASE)
        ]  # fmt: skip
        if terms:
            case = table.c.id if kind is Request else table.c.request_id
            where.append(cased((table.c.county, case), terms))
        query = select(table).where(*where, table.c.event_to.is_(None))
        found.append(_in_order(table, query, kind).limit(most).offset(_NONE))
    return found


@lru_cache(MOST)
def _statement(dialect: Dialect, kind: type[Record], shape: Shape) -> Prepared:
    """The first rows of all the pieces together, each with its case's title and state."""
    parts = _pieces(dialect, kind, shape)
    most: BindParameter[int] = bindparam("most", type_=Integer())
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
    of: tuple[Dialect, Table], term: tuple[str, str, int], at: tuple[int, int]
) -> ColumnElement[bool]:
    (dialect, table), (name, how, count) = of, term
    if how == "unset":
        return unset(dialect, table, name)
    if how == "unsaid":
        return said(dialect, table, name).is_(None)
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
        if dialect.name == "sqlite" and name == "person_id":
            # Without figures of its own SQLite takes an IS NULL to leave most rows standing, and
            # goes by an index that has them all.
            made = func.unlikely(made)
    else:
        compared = {"=": column.__eq__, "<": column.__lt__, ">": column.__gt__}
        made = {**compared, "<=": column.__le__}[how](values[0])
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
