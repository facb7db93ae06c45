"""计数与求和 how many rows, and what they come to, by fixed dimensions; in order of the codes.

What may be counted by follows from the index that holds a table's dimensions (``…_summed``); all of
it is read from that index. Never a ranking: nothing is put in order of how many or how much.
"""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    true,
)

from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.records import Wire
from registry.store.columns import Day, Whole
from registry.store.filters import Condition, clause, holds
from registry.store.kept import Sheet
from registry.store.planned import Page, Sight, narrowed
from registry.store.reckoned import Known
from registry.store.shapes import leads

TOO_MANY = declare(
    "query.groups", RefusalKind.MALFORMED, "分组超过 {most} 组，请缩小范围或减少维度后再统计",
    "There are more than {most} groups: narrow it, or count by fewer dimensions.",
)  # fmt: skip
YEARS = ("year", "fiscal_year")
MOST = 200_000
"""Groups before they are put together; more is no answer to a person."""
_STREET, _COMMUNITY = 3, 4
"""Places in an area's path: below province, city and county."""


class Part(StrEnum):
    """What of a column is counted by."""

    VALUE = "value"
    MONTH = "month"
    YEAR = "year"
    STREET = "street"
    COMMUNITY = "community"


class Dimension(NamedTuple):
    """维度."""

    column: str
    part: Part = Part.VALUE


class Group(Wire, frozen=True, kw_only=True):
    """一组: its values in order of the dimensions, how many rows, and what they come to."""

    by: list[Any]
    rows: int
    sum: int | None = None


def held_columns(table: Table) -> tuple[str, ...]:
    """Columns of the index by which a table is counted, in its order; none = it is not counted."""
    for index in table.indexes:
        if str(index.name).endswith("_summed"):
            names = [str(column.name) for column in index.columns]
            return tuple(one for one in names if one not in ("county", "event_to", "event_from"))
    return ()


@lru_cache(None)
def dimensions(table: Table) -> dict[str, Dimension]:
    """What a table may be counted by, by name."""
    found: dict[str, Dimension] = {}
    for name in held_columns(table):
        kind = table.c[name].type
        if isinstance(kind, Day):
            for part in (Part.MONTH, Part.YEAR):
                found[f"{name}.{part}"] = Dimension(name, part)
        elif name == "area_path":
            found |= {part.value: Dimension(name, part) for part in (Part.STREET, Part.COMMUNITY)}
        elif name in YEARS or not isinstance(kind, type(Whole)):
            found[name] = Dimension(name)
    return found


@lru_cache(None)
def summed(table: Table) -> tuple[str, ...]:
    """Amounts and counts that may be added up."""
    return tuple(
        name for name in held_columns(table)
        if isinstance(table.c[name].type, type(Whole)) and name not in (*YEARS, "sign")
    )  # fmt: skip


def covered(table: Table, page: Page) -> bool:
    """Whether one index holds all that is weighed, or finds the few rows it is about."""
    held, found = held_columns(table), leads(table)
    asked = {one.field for one in page.where} | ({"area_path"} if page.area else set())
    return asked <= set(held) or any(one.exact and one.field in found for one in page.where)


def counted(
    connection: Connection, of: tuple[Table, Sight], page: Page,
    what: tuple[Sequence[Dimension], str | None], *, kept: Known | None = None,
) -> list[Group]:  # fmt: skip
    """The groups of one county, in order of their values.

    Args:
        kept: it was counted before perhaps, and is brought forward.

    Raises:
        Refusal: ``query.groups``: of a part of them every sum would be wrong.
    """
    (table, sight), (by, amount) = of, what
    columns = list(dict.fromkeys(one.column for one in by))
    picked: list[ColumnElement[Any]] = [table.c[name] for name in columns]
    if kept is not None and brought_forward(table, page):
        rows = _known(connection, (kept, sight.county), page, (table, columns, amount))
    else:
        query = select(*picked, func.count().label("rows_"), _total(table, amount).label("sum_"))
        query = query.where(sight.within, *narrowed(table, sight.county, page))
        query = query.where(*(clause(table, one) for one in page.where))
        if picked:
            query = query.group_by(*picked)
        rows = [tuple(row) for row in connection.execute(query.limit(MOST + 1))]
    if len(rows) > MOST:
        raise Refusal(TOO_MANY, most=MOST)
    return _folded([(dict(zip(columns, row, strict=False)), row) for row in rows], by, amount)


def tallied(
    connection: Connection, of: tuple[Table, Sight], pages: Sequence[Page], *,
    kept: Known | None = None,
) -> list[int]:  # fmt: skip
    """How many rows each of several questions of one table has, in one statement.

    Args:
        pages: they ask for the same but for what a row's columns hold.
        kept: see ``counted``.
    """
    table, sight = of
    if kept is not None and all(brought_forward(table, page) for page in pages):
        columns = list(dict.fromkeys(one.field for page in pages for one in page.where))
        rows = _known(connection, (kept, sight.county), Page(), (table, columns, None))
        return [_of_these(columns, rows, page.where) for page in pages]
    each = [and_(true(), *(clause(table, one) for one in page.where)) for page in pages]
    found = select(*(func.sum(case((one, 1), else_=0)) for one in each)).where(
        sight.within, *narrowed(table, sight.county, pages[0]), *_within_all(table, pages)
    )
    return [int(many or 0) for many in connection.execute(found).one()]


def _of_these(
    columns: Sequence[str], rows: Sequence[Sequence[Any]], where: Sequence[Condition]
) -> int:  # fmt: skip
    """How many rows are in the groups that fulfil conditions. Many groups hold few values: each
    value is held against a condition once."""
    fits = []
    for one in where:
        at = columns.index(one.field)
        fits.append((at, {v for v in {row[at] for row in rows} if holds(one, v)}))
    return sum(int(row[-2]) for row in rows if all(row[at] in values for at, values in fits))


def _within_all(table: Table, pages: Sequence[Page]) -> list[ColumnElement[bool]]:
    """The spans that all questions lie in, each said once; none where one of them names no span."""
    spans = {
        msgspec.json.encode(asked): asked
        for asked in ([one for one in page.where if not one.exact] for page in pages)
    }
    if not all(spans.values()):
        return []
    return [or_(*(and_(*(clause(table, one) for one in span)) for span in spans.values()))]


def brought_forward(table: Table, page: Page) -> bool:
    """Whether nothing is asked but of the rows that stand now, by what stands in them alone."""
    plain = Page(limit=page.limit, where=page.where, sort=page.sort, down=page.down)
    held = held_columns(table)
    return page == plain and table.name != "event" and all(one.field in held for one in page.where)


def _known(
    connection: Connection, of: tuple[Known, str], page: Page,
    what: tuple[Table, list[str], str | None],
) -> list[tuple[Any, ...]]:  # fmt: skip
    (whose, county), (table, columns, amount) = of, what
    more = [] if amount is None else [_total(table, amount)]
    names = _as_laid(table, columns)
    sheet = Sheet(table, [table.c[name] for name in names], [func.count(), *more],
                  [clause(table, one) for one in page.where], whose.part)  # fmt: skip
    asked = (whose.scopes, msgspec.json.encode(page.where))
    key = (county, "counts", table.name, *names, amount, *asked)
    found = whose.kept.standing(connection, key, sheet, least=whose.least)
    places = [names.index(name) for name in columns]
    return [
        (*(group[at] for at in places), *told, *([] if more else [0]))
        for group, told in found.items()
    ]


def _as_laid(table: Table, columns: list[str]) -> list[str]:
    """The first columns of the index that holds them, where they are of few values: else SQLite
    takes an index for the order of the groups, and reads every row for the rest."""
    held = held_columns(table)
    last = max((held.index(name) for name in columns), default=-1)
    return list(held[: last + 1]) if last < _FEW else columns


_FEW = 3
"""Columns that lead an index of sums: states, kinds, outcomes."""


def _total(table: Table, amount: str | None) -> ColumnElement[Any]:
    if amount is None:
        return literal(0)
    # What takes back an entry counts against it.
    told = table.c[amount] * table.c.sign if "sign" in table.c else table.c[amount]
    return func.sum(told)


def _folded(
    rows: list[tuple[dict[str, Any], Any]], by: Sequence[Dimension], amount: str | None
) -> list[Group]:
    found: dict[tuple[Any, ...], list[int]] = {}
    for values, row in rows:
        group = tuple(_part(values[one.column], one.part) for one in by)
        told = found.setdefault(group, [0, 0])
        told[0] += int(row[-2])
        told[1] += int(row[-1] or 0)
    return [
        Group(by=list(group), rows=many, sum=None if amount is None else total)
        for group, (many, total) in sorted(found.items(), key=lambda one: _order(one[0]))
    ]


def _part(value: Any, part: Part) -> Any:
    if value is None or part is Part.VALUE:
        return value
    if part is Part.YEAR:
        return value.year if isinstance(value, date) else None
    if part is Part.MONTH:
        return f"{value:%Y-%m}"
    places = str(value).strip("/").split("/")
    at = _STREET if part is Part.STREET else _COMMUNITY
    return places[at] if len(places) > at else None


def _order(group: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple((value is None, "" if value is None else value) for value in group)
