"""数据字典 what a resource holds: each field's name, form, unit and codes, read from its type."""

from collections.abc import Iterable
from datetime import date, datetime
from enum import Enum
from typing import Any, Literal, get_args, get_origin

import msgspec

from registry.domain.records import Wire
from registry.policies.dictionary import code_zh, field_zh

_PLAIN = {str: "text", int: "integer", bool: "boolean", date: "date", datetime: "instant",
          float: "number", bytes: "bytes"}  # fmt: skip
_FEN = "_fen"


class Code(Wire, frozen=True, kw_only=True):
    """代码值."""

    value: str
    zh: str


class FieldLine(Wire, frozen=True, kw_only=True):
    """字段."""

    name: str
    zh: str
    type: str
    """text, integer, boolean, date, instant, record, code; ``list of`` before it where many."""
    unit: str = ""
    optional: bool = False
    codes: list[Code] = []


class ResourceLine(Wire, frozen=True, kw_only=True):
    """资源."""

    name: str
    zh: str
    en: str
    fields: list[FieldLine]


class Dictionary(Wire, frozen=True, kw_only=True):
    """数据字典."""

    resources: list[ResourceLine]


def fields_of(resource: str, form: type[Any]) -> list[FieldLine]:
    """Every field of a record as it leaves, in order."""
    return [_field(resource, f) for f in msgspec.structs.fields(form)]


def codes_of(codes: Iterable[Enum]) -> list[Code]:
    """Codes with what they are called."""
    return [Code(value=str(c.value), zh=code_zh(c)) for c in codes]


def _field(resource: str, field: msgspec.structs.FieldInfo) -> FieldLine:
    name, optional, kind, codes = _read(field.type)
    return FieldLine(
        name=field.encode_name, zh=field_zh(resource, field.name), type=f"{kind}{name}",
        unit="分" if field.name.endswith(_FEN) else "", optional=optional,
        codes=codes_of(codes),
    )  # fmt: skip


def _read(form: Any) -> tuple[str, bool, str, list[Enum]]:
    """(what it holds, may it be absent, many or one, its codes)."""
    parts = [p for p in get_args(form) if p is not type(None)]
    optional = len(parts) != len(get_args(form))
    if optional and len(parts) == 1:
        name, _, kind, codes = _read(parts[0])
        return name, True, kind, codes
    if get_origin(form) in (list, tuple, frozenset):
        name, _, _, codes = _read(parts[0])
        return name, optional, "list of ", codes
    if get_origin(form) is Literal:
        return "text", False, "", []
    if hasattr(form, "__metadata__"):
        return _read(parts[0] if parts else form.__origin__)
    if isinstance(form, type) and issubclass(form, Enum):
        return "code", optional, "", list(form)
    return _PLAIN.get(form, "record"), optional, "", []
