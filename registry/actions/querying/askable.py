"""可问什么 what a kind of record may be asked for: read from its table and the indexes of that."""

from functools import cache
from typing import Any, Literal

from registry.store import shapes
from registry.store.columns import Flag, Instant, Whole
from registry.store.filters import BODIES, DATED, first_of, lies
from registry.store.filters import Condition as Condition  # noqa: PLC0414 - for the door
from registry.store.filters import Op as Op  # noqa: PLC0414 - for the door
from registry.store.grams import KINDS
from registry.store.listing import table_of

_PLACE = "/x/"


@cache
def ranged(kind: type[Any]) -> tuple[str, ...]:
    """Days, instants and whole numbers of which more or less may be asked."""
    return shapes.ranged(table_of(kind))


@cache
def orders(kind: type[Any]) -> tuple[str, ...]:
    """Columns in whose order a list may come, if not alone then with some value known."""
    found = {shape.order for shape in shapes.shapes(table_of(kind))}
    return tuple(sorted(one for one in found if one is not None))


def key(kind: type[Any]) -> str:
    """What tells the records of one county apart."""
    return shapes.key_of(table_of(kind))


@cache
def lying(kind: type[Any]) -> bool:
    """Whether it lies in areas, or is meant for them."""
    return lies(table_of(kind), "", _PLACE) is not None


def worded(kind: type[Any]) -> bool:
    """Whether it has texts in which a word is looked for."""
    return kind in KINDS


def held(kind: type[Any]) -> bool:
    """Whether it falls to somebody on a day, so that it is cut by terms of office."""
    table = table_of(kind)
    return bool(first_of(table, BODIES) and first_of(table, DATED))


def form(kind: type[Any], field: str) -> Literal["flag", "whole", "instant", "plain"]:
    """How a value of a field is written."""
    column = table_of(kind).c[field].type
    if isinstance(column, Flag):
        return "flag"
    if isinstance(column, Instant):
        return "instant"
    return "whole" if isinstance(column, type(Whole)) else "plain"
