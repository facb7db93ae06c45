"""样例 examples for the OpenAPI document: commands by hand, answers made from their types."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from msgspec import inspect

_PAGE = Path(__file__).with_name("examples.toml")
_DEPTH = 5
"""How far an answer's example goes into nested records."""


@cache
def commands() -> dict[str, Any]:
    """Example body of each act, as JSON would carry it."""
    read: dict[str, Any] = msgspec.to_builtins(tomllib.loads(_PAGE.read_text("utf-8")))
    return read


def sample(form: Any) -> Any:
    """An example of what a type looks like on the wire; it illustrates, it is no real record."""
    return _value(inspect.type_info(form), "", 0)


def _value(kind: inspect.Type, name: str, depth: int) -> Any:
    if isinstance(kind, inspect.Metadata):
        return _value(kind.type, name, depth)
    if isinstance(kind, inspect.UnionType):
        return _value(kind.types[0], name, depth)
    if isinstance(kind, inspect.StructType | inspect.ListType):
        return _nested(kind, name, depth)
    return _plain(kind, name)


def _nested(kind: inspect.StructType | inspect.ListType, name: str, depth: int) -> Any:
    if isinstance(kind, inspect.ListType):
        return [] if depth > _DEPTH else [_value(kind.item_type, name, depth + 1)]
    fields = () if depth > _DEPTH else kind.fields
    return {f.encode_name: _value(f.type, f.encode_name, depth + 1) for f in fields}


def _plain(kind: inspect.Type, name: str) -> Any:
    if isinstance(kind, inspect.EnumType):
        return next(iter(kind.cls)).value
    if isinstance(kind, inspect.LiteralType):
        return kind.values[0]
    if isinstance(kind, inspect.StrType):
        return NAMED.get(name) or f"{name or 'text'}-1"
    return FORMS.get(type(kind))


NAMED = {"county": "990102", "code": "990102001001", "sha256": "0" * 64, "leaf": "0" * 64}
"""Strings whose form is known by the name of their field."""
FORMS: dict[type[inspect.Type], Any] = {
    inspect.BoolType: False,
    inspect.IntType: 1,
    inspect.DateTimeType: "2026-03-02T12:00:00+08:00",
    inspect.DateType: "2026-03-02",
    inspect.DictType: {},
}
