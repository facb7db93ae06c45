"""数据字典 every resource and field that leaves the registry: what it is called, holds and counts in."""

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, Literal, get_args, get_origin

import msgspec

from registry.api.lists import RESOURCES, Resource
from registry.domain.records import Wire
from registry.policies.dictionary import code_zh, field_zh

_PLAIN = {str: "text", int: "integer", bool: "boolean", date: "date", datetime: "instant",
          float: "number", bytes: "bytes"}  # fmt: skip
_FEN = "_fen"
HEADER = (
    "资源",
    "resource",
    "字段",
    "field",
    "类型 type",
    "单位 unit",
    "可空 optional",
    "代码值 codes",
)


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


@cache
def dictionary() -> Dictionary:
    """The whole dictionary, made from the types that leave: it cannot fall behind them."""
    return Dictionary(resources=[_resource(r) for r in RESOURCES.values()])


def _resource(resource: Resource) -> ResourceLine:
    fields = [_field(resource.name, f) for f in msgspec.structs.fields(resource.answers)]
    return ResourceLine(name=resource.name, zh=resource.zh, en=resource.en, fields=fields)


def _field(resource: str, field: msgspec.structs.FieldInfo) -> FieldLine:
    name, optional, kind, codes = _read(field.type)
    return FieldLine(
        name=field.encode_name, zh=field_zh(resource, field.name), type=f"{kind}{name}",
        unit="分" if field.name.endswith(_FEN) else "", optional=optional,
        codes=[Code(value=str(c.value), zh=code_zh(c)) for c in codes],
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


def rows() -> Iterator[tuple[str, ...]]:
    """The dictionary as a sheet, a line a field."""
    yield HEADER
    for resource in dictionary().resources:
        for f in resource.fields:
            codes = "；".join(f"{c.value} {c.zh}" for c in f.codes)
            yield (resource.zh, resource.name, f.zh, f.name, f.type, f.unit,
                   "是" if f.optional else "", codes)  # fmt: skip


def as_csv() -> str:
    """The same as CSV with a mark, as spreadsheets here want it."""
    page = io.StringIO()
    page.write("\ufeff")
    csv.writer(page).writerows(rows())
    return page.getvalue()
