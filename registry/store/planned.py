"""有索引的查询 one page of a list: each part read from the index that serves it, in its order.

A value is looked up, a range walked in its own order, several values beside one another. What no
index serves is refused before it is tried (``shapes``).
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from itertools import product
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import (
    ColumnClause,
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    column,
    literal,
    not_,
    or_,
    select,
    tuple_,
    union,
    union_all,
)

from registry.domain.records import Wire
from registry.store import waivers
from registry.store.filters import (
    BODIES,
    Condition,
    Term,
    clause,
    first_of,
    held,
    lies,
    sifted,
    stands_open,
)
from registry.store.shapes import Shape, key_of, served

Row = dict[str, Any]


class Position(NamedTuple):
    """一行在次序中的位置: where a page ended."""

    county: str
    key: Any
    value: Any = None
    """Of the column that gives the order; ``None`` where it is the key, or where there is none."""
    none: bool = False
    """Among the rows that have nothing in that column: they come last."""


class Page(Wire, frozen=True, kw_only=True):
    """分页条件."""

    after: Position | str | None = None
    """Where the page before ended; as text, ``county|key`` in order of the key."""
    limit: int = 50
    as_of: int | None = None
    """Event sequence: what was recorded by then; ``None`` = now."""
    valid_on: date | None = None
    honoured: tuple[date, bool] | None = None
    """Exceptions only: those that stand on a day, or those that do not."""
    used: bool | None = None
    """Exceptions only: those that changed a verdict, or those that never did."""
    open: bool | None = None
    """Findings only: those that stand open, or those that were closed."""
    where: list[Condition] = []
    sort: str | None = None
    down: bool = False
    """The greatest first."""
    area: str | None = None
    """Path of the area in which it lies, or for which it is meant."""
    text: str | None = None
    terms: list[Term] | None = None
    """What fell to somebody in these; ``None`` = not asked."""


class Unserved(Exception):  # noqa: N818 - an answer, not an error
    """没有索引可用: no index gives this order with these conditions."""

    def __init__(self, table: Table, equal: dict[str, int], order: str | None) -> None:
        super().__init__(table.name)
        self.table, self.equal, self.order = table, equal, order


def position(page: Page) -> Position | None:
    """Where the page before ended."""
    if not isinstance(page.after, str):
        return page.after
    county, _, key = page.after.partition("|")
    return Position(county, key)


def order_of(table: Table, page: Page) -> str | None:
    """The column that gives the order: the one asked for; else, where no value is known, that of
    the range or of the area; else the key."""
    if page.text is not None or page.terms is not None:
        return page.sort
    key = key_of(table)
    if page.sort is not None:
        return None if page.sort == key else page.sort
    if any(one.exact for one in page.where):
        return None
    ranges = (one.field for one in page.where if served(table, {}, one.field))
    lying = "area_path" if page.area is not None and served(table, {}, "area_path") else None
    return next(ranges, lying) if "area_path" in table.c or page.where else None


def shape_of(table: Table, page: Page) -> Shape:
    """The shape that serves a page.

    Raises:
        Unserved: there is none.
    """
    equal: dict[str, int] = {}
    for one in page.where:
        if one.exact:
            equal[one.field] = len(one.values())
    order = order_of(table, page)
    found = served(table, equal, order)
    if found is None and order is not None:
        raise Unserved(table, equal, order)
    return found or Shape(None)


def at_snapshot(table: Table, as_of: int | None) -> ColumnElement[bool]:
    """The version of each row that stood at an event, or the current one."""
    if table.name == "event":
        return literal(value=True) if as_of is None else table.c.seq <= as_of
    if as_of is None:
        return table.c.event_to.is_(None)
    return and_(
        table.c.event_from <= as_of, or_(table.c.event_to.is_(None), table.c.event_to > as_of)
    )


def narrowed(table: Table, county: str, page: Page) -> list[ColumnElement[bool]]:
    """What the clocks and the conditions that are no columns leave."""
    found: list[ColumnElement[bool]] = [table.c.county == county]
    if table.name != "event" or page.as_of is not None:
        found.append(at_snapshot(table, page.as_of))
    if page.valid_on is not None and "valid_from" in table.c:
        found.append(or_(table.c.valid_from.is_(None), table.c.valid_from <= page.valid_on))
        found.append(or_(table.c.valid_to.is_(None), table.c.valid_to >= page.valid_on))
    if page.honoured is not None:
        stands = waivers.honoured(table, page.honoured[0])
        found.append(stands if page.honoured[1] else not_(stands))
    if page.used is not None:
        found.append(waivers.used(table) if page.used else not_(waivers.used(table)))
    if page.open is not None:
        stands = stands_open(table)
        found.append(stands if page.open else not_(stands))
    if page.area is not None:
        lying = lies(table, county, page.area)
        led = order_of(table, page) == "area_path"
        found += [] if lying is None else [lying if led else sifted(lying)]
    return found


class Sight(NamedTuple):
    """所见范围: what a reader sees of a table in one county."""

    county: str
    within: ColumnElement[bool]


def read(
    connection: Connection, kind: Table, sight: Sight, page: Page
) -> list[tuple[Position, Row]]:
    """Rows of one county in the order of the page, at most ``page.limit``, each with its position.

    Raises:
        Unserved: no index serves what is asked.
    """
    shape, key = shape_of(kind, page), key_of(kind)
    found: list[tuple[Position, Row]] = []
    for none in _phases(kind, shape, page):
        if len(found) >= page.limit:
            break
        wanted = msgspec.structs.replace(page, limit=page.limit - len(found))
        asked = statement(kind, sight, wanted, none=none)
        for row in [] if asked is None else _rows(connection, asked):
            value = None if shape.order is None or none else row[shape.order]
            found.append((Position(sight.county, row[key], value, none), row))
    return found


def _rows(connection: Connection, asked: Any) -> list[Row]:
    found = connection.execute(asked)
    names = list(found.keys())
    return [dict(zip(names, row, strict=True)) for row in found.all()]


def statement(kind: Table, sight: Sight, page: Page, *, none: bool = False) -> Any:
    """What is asked of the database: of the rows with a value in the column of the order, or of
    those with ``none``; nothing where a field must be one of no values."""
    shape = shape_of(kind, page)
    parts = [
        _part(kind, [sight.within, *one], (shape, page, none))
        for one in _branches(kind, sight.county, page, shape)
    ]
    return _joined(kind, parts, (shape, page)) if parts else None


def _phases(table: Table, shape: Shape, page: Page) -> Iterator[bool]:
    """First what has a value in the column of the order, then what has none."""
    if shape.order is None:
        yield False
        return
    after = position(page)
    began = after is not None and after.none
    ranged = any(one.field == shape.order for one in page.where) or shape.order == "area_path"
    if not began:
        yield False
    if (
        table.c[shape.order].nullable
        and not (ranged and page.sort is None)
        and not any(one.field == shape.order and not one.exact for one in page.where)
    ):
        yield True


def _branches(
    table: Table, county: str, page: Page, shape: Shape
) -> list[list[ColumnElement[bool]]]:
    """Conditions by which the rows are looked up, one list for each place in the index."""
    base = narrowed(table, county, page)
    led = [one for one in page.where if one.exact and one.field in shape.leads]
    base += [clause(table, one) for one in page.where if one not in led]
    made = [
        [*base, *(table.c[one.field] == value for one, value in zip(led, values, strict=True))]
        for values in product(*(dict.fromkeys(one.values()) for one in led))
    ]
    if page.terms is None:
        return made
    return [[*one, *extra] for one in made for extra in _terms(table, county, page.terms)]


def _terms(table: Table, county: str, terms: Sequence[Term]) -> Iterable[list[ColumnElement[bool]]]:
    body = first_of(table, BODIES)
    for term in terms:
        fell = held(table, county, [term])
        if body is not None and term.path is None:
            yield [table.c[body] == term.organisation_id, fell]
        else:
            yield [fell]


def _part(
    table: Table, where: list[ColumnElement[bool]], how: tuple[Shape, Page, bool]
) -> Select[Any]:
    shape, page, none = how
    key = table.c[key_of(table)]
    query = select(table).where(*where)
    order = None if shape.order is None else table.c[shape.order]
    if order is not None and order.nullable:
        query = query.where(order.is_(None) if none else order.is_not(None))
    after = position(page)
    if after is not None and after.none == none:
        query = query.where(_beyond(table, shape, (after, page.down)))
    by = [key] if order is None or none else [order, key]
    return query.order_by(*(one.desc() if page.down else one for one in by)).limit(page.limit)


def _beyond(table: Table, shape: Shape, at: tuple[Position, bool]) -> ColumnElement[bool]:
    """What comes after a position: found in the index as fast as the first row."""
    (after, down), key = at, table.c[key_of(table)]
    last = int(after.key) if table.name == "event" else after.key
    if shape.order is None or after.none:
        return key < last if down else key > last
    order = table.c[shape.order]
    here = tuple_(literal(after.value, order.type), literal(last, key.type))
    both = tuple_(order, key)
    return both < here if down else both > here


def _joined(table: Table, parts: list[Select[Any]], how: tuple[Shape, Page]) -> Any:
    if len(parts) == 1:
        return parts[0]
    shape, page = how
    columns, names = _columns(table), [*([shape.order] if shape.order else []), key_of(table)]
    make = union if page.terms is not None else union_all
    all_of = make(*(select(*columns).select_from(part.subquery()) for part in parts)).subquery()
    by: list[Any] = [column(name).desc() if page.down else column(name) for name in names]
    return select(*columns).select_from(all_of).order_by(*by).limit(page.limit)


@lru_cache(None)
def _columns(table: Table) -> tuple[ColumnClause[Any], ...]:
    """The columns of a table as any part calls them: named once, for to name them in each part and
    in their union takes longer than to find the rows."""
    return tuple(column(one.name, one.type) for one in table.c)
