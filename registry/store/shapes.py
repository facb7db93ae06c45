"""可查之形 what a table may be asked for so that an index answers: read from the indexes it has.

A list is served where one index gives its order and begins with what is asked for. Nothing here is
kept by hand: another index makes another shape.
"""

from collections.abc import Mapping
from functools import lru_cache
from math import prod
from typing import NamedTuple

from sqlalchemy import Index, Table

from registry.store.columns import Day, Instant, Whole

ABREAST = 40
"""Combinations of values looked for beside one another, each by its own place in the index."""


class Shape(NamedTuple):
    """一种形."""

    by: str | None
    """The index of that name; ``None`` = the rows in order of their key."""
    leads: tuple[str, ...] = ()
    """Columns whose value is known."""
    order: str | None = None
    """The column in whose order the rows come, then by key; ``None`` = by key alone."""


def key_of(table: Table) -> str:
    """What tells the rows of one county apart."""
    return "seq" if table.name == "event" else "id"


@lru_cache(None)
def shapes(table: Table) -> tuple[Shape, ...]:
    """Every shape of a table."""
    found = [Shape(None)]
    for index in sorted(table.indexes, key=lambda one: str(one.name)):
        found += _of(index, key_of(table))
    return tuple(found)


def _of(index: Index, key: str) -> list[Shape]:
    name, columns = str(index.name), [str(column.name) for column in index.columns]
    if columns[0] != "county" or name.endswith(("_current", "_summed", "_event", "_load")):
        return []
    only = index.dialect_options["sqlite"]["where"]
    if only is not None and str(only) != f"{columns[1]} IS NOT NULL":
        return []
    rest = tuple(columns[1:])
    if key in rest:  # What stands behind the key is only read from the index, with the row's place.
        rest = rest[: rest.index(key) + 1]
    if rest[-1] == key:
        rest = rest[:-1]
        # An index of some rows alone gives no order of all.
        last = [] if only is not None else [Shape(name, rest[:-1], rest[-1])]
        return [Shape(name, rest), *last]
    return [Shape(name, rest[:-1], rest[-1])] if only is None else []


def served(table: Table, equal: Mapping[str, int], order: str | None) -> Shape | None:
    """The shape that answers, or ``None``.

    Args:
        equal: column → how many values of it are asked for.
        order: the column that gives the order; ``None`` = the key.
    """
    if order is None and (not equal or key_of(table) in equal):
        return Shape(None)
    fits = [
        shape for shape in shapes(table)
        if shape.order == order and equal.keys() >= set(shape.leads)
        and prod(equal[lead] for lead in shape.leads) <= ABREAST
        and (shape.leads or not equal)
    ]  # fmt: skip
    return max(fits, key=lambda shape: len(shape.leads), default=None)


def orders(table: Table, equal: Mapping[str, int]) -> list[str]:
    """Columns in whose order what is asked for may come."""
    named = {shape.order for shape in shapes(table) if shape.order is not None}
    return sorted(one for one in named if served(table, equal, one) is not None)


def leads(table: Table) -> list[str]:
    """Columns that find rows by a value."""
    return sorted({shape.leads[0] for shape in shapes(table) if len(shape.leads) == 1})


@lru_cache(None)
def ranged(table: Table) -> tuple[str, ...]:
    """Days, instants and whole numbers that an index holds in order."""
    kinds = (Day, Instant, type(Whole))
    return tuple(
        name for name in orders(table, {}) if isinstance(table.c[name].type, kinds)
    )  # fmt: skip
