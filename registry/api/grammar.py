"""查询语法 one grammar for what a list is narrowed by: ``field=x``, ``field.in=a,b``, ``field.ge=`` …

What a resource may be asked for follows from its declared filters and from the indexes of its
table; the OpenAPI document and the check of each request are made from the same.
"""

from datetime import date, datetime
from functools import cache
from typing import Any

import msgspec

from registry.actions.doubting.catalogue import CATALOGUE
from registry.actions.querying import askable
from registry.actions.querying.askable import Condition, Op
from registry.api.asked import bad_query, misread
from registry.api.resources import RESOURCES, Resource
from registry.domain.approval import Task
from registry.domain.document_number import writings
from registry.domain.records import FEN_MAX, utc

PAGING = frozenset({"after", "limit", "as_of", "valid_on", "county", "fields"})
MINE = "mine"
NUMBERS = frozenset({"number", "document_number"})
"""Numbers that are printed on paper: found in whatever brackets and widths they are typed."""
SEVERAL = 20
"""Values of one field that may be asked for beside one another."""
LONGEST = 200
"""Letters of one value."""
_FLAGS = {"true": True, "false": False}
_COMPARED = (Op.GE, Op.GT, Op.LE, Op.LT)


@cache
def ranges(name: str) -> tuple[str, ...]:
    """Days, instants and whole numbers of a resource that an index holds in order."""
    resource = RESOURCES[name]
    known = set(resource.answers.__struct_fields__)
    return tuple(one for one in askable.ranged(resource.record) if one in known)


def exact(resource: Resource) -> frozenset[str]:
    """Fields of which a value may be asked for; of an instant, only from when and until when."""
    told = (one for one in ranges(resource.name) if askable.form(resource.record, one) != "instant")
    return frozenset(resource.filters) | frozenset(told)


def sorts(resource: Resource) -> tuple[str, ...]:
    """Orders a list of the resource may come in; each also with ``-`` before it."""
    known = set(resource.answers.__struct_fields__) & {*exact(resource), *ranges(resource.name)}
    found = (one for one in askable.orders(resource.record) if one in known)
    return (askable.key(resource.record), *found)


@cache
def parameters_of(name: str) -> frozenset[str]:
    """Query parameters the list of a resource takes."""
    resource = RESOURCES[name]
    record, found = resource.record, set(PAGING) | {"sort"} | set(resource.flags)
    found |= {MINE} if record is Task else set()
    found |= {f"{one}.{op}" for one in ranges(name) for op in _COMPARED}
    for one in exact(resource):
        found |= {one} if askable.form(record, one) == "flag" else {one, f"{one}.in"}
    found |= {"area"} if askable.lying(record) else set()
    found |= {"text"} if askable.worded(record) else set()
    found |= {"holder", "post"} if askable.held(record) else set()
    return frozenset(found)


@cache
def _kinds(record: type[Any]) -> dict[str, Any]:
    return {f.name: f.type for f in msgspec.structs.fields(record)}


def conditions(resource: Resource, given: dict[str, str]) -> list[Condition]:
    """What each parameter asks of its field; each value read as its column holds it.

    Raises:
        Refusal: ``query.malformed``.
    """
    return [_condition(resource, name, value) for name, value in given.items()]


def _condition(resource: Resource, name: str, value: str) -> Condition:
    field, _, word = name.partition(".")
    op, kind = Op(word or "eq"), _kinds(resource.record)[field]
    if op is Op.IN:
        parts = value.split(",")
        if len(parts) > SEVERAL:
            raise bad_query(name, f"至多 {SEVERAL} 个值", f"at most {SEVERAL} values")
        held = [one for part in parts for one in _written(resource, field, part, kind)]
        return Condition(field=field, op=op, value=list(dict.fromkeys(held)))
    if op in _COMPARED:
        return Condition(field=field, op=op, value=_typed(resource, field, value, kind))
    held = _written(resource, field, value, kind)
    several = len(held) > 1
    return Condition(field=field, op=Op.IN if several else op, value=held if several else held[0])


def _written(resource: Resource, field: str, value: str, kind: Any) -> list[Any]:
    """The value in each way it may be written."""
    typed = _typed(resource, field, value, kind)
    return writings(typed) if field in NUMBERS else [typed]


def _typed(resource: Resource, name: str, value: str, kind: Any) -> Any:
    """The value as its column holds it: days, flags and whole numbers are no text."""
    form = askable.form(resource.record, name)
    if form == "flag":
        return flag(name, value)
    if not value or len(value) > LONGEST:
        raise bad_query(name, f"须有 1 至 {LONGEST} 个字", f"it has 1 to {LONGEST} letters")
    if form != "plain":
        return _whole(name, value) if form == "whole" else _instant(name, value)
    try:
        read = msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise misread(error, kind, name) from error
    if (resource.name, name) == _CATALOGUED and value not in CATALOGUE:
        raise bad_query(
            name, "疑点目录（/finding-kinds）中没有这个代码", "/finding-kinds has no such code"
        )
    return read if isinstance(read, date) else value


_CATALOGUED = ("findings", "code")
"""A field whose words are a catalogue: asked for one that is none, nothing would ever be found."""


def _whole(name: str, value: str) -> int:
    digits = value.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > len(str(FEN_MAX)):
        raise bad_query(name, "应为整数", "it is a whole number")
    return int(value)


def _instant(name: str, value: str) -> datetime:
    try:
        # A plus sign in a query means a space; an offset is meant here.
        return utc(datetime.fromisoformat(value.replace(" ", "+")))
    except (ValueError, OverflowError):
        raise bad_query(name, "应为 RFC 3339 时刻", "it is an RFC 3339 instant") from None


def flag(name: str, value: str) -> bool:
    """``true`` or ``false``.

    Raises:
        Refusal: ``query.malformed``.
    """
    if value not in _FLAGS:
        raise bad_query(name)
    return _FLAGS[value]


def sorted_by(resource: Resource, value: str | None) -> str | None:
    """The order asked for.

    Raises:
        Refusal: ``query.malformed``.
    """
    if value is not None and value.removeprefix("-") not in sorts(resource):
        told = ", ".join(sorts(resource))
        raise bad_query("sort", f"只能填 {told}，或前加 -", f"one of {told}, or with - before it")
    return value


def picked(resource: Resource, value: str | None) -> tuple[str, ...] | None:
    """The fields asked for; ``None`` = all.

    Raises:
        Refusal: ``query.malformed``.
    """
    if value is None:
        return None
    asked = tuple(dict.fromkeys(value.split(",")))
    known = resource.answers.__struct_fields__
    if unknown := [one for one in asked if one not in known]:
        raise bad_query("fields", f"没有字段 {unknown[0][:40]}", f"there is no {unknown[0][:40]}")
    return asked
