"""列 the flat columns of a record, read from its type: records in it laid flat, lists as JSON."""

from collections.abc import Iterator
from datetime import date, datetime
from enum import Enum
from typing import Any, get_args, get_origin

import msgspec

from registry.domain.exporting import Column, Holds
from registry.policies.dictionary import code_zh, field_zh, kinds_zh

_HOLDS = {str: Holds.TEXT, int: Holds.WHOLE, bool: Holds.FLAG, date: Holds.DAY,
          datetime: Holds.INSTANT}  # fmt: skip
_FEN = "_fen"


def columns_of(resource: str, form: type[Any], only: type[Any] | None = None) -> list[Column]:
    """Every column, the record's own first.

    Args:
        only: columns that this form has not do not leave.
    """
    kept = set((only or form).__struct_fields__)
    own = [f for f in msgspec.structs.fields(form) if f.name in kept]
    found = [column for f in own for column in _columns(resource, f)]
    return _named_apart(found)


def _columns(resource: str, field: msgspec.structs.FieldInfo) -> Iterator[Column]:
    form, zh = _bare(field.type), field_zh(resource, field.name) or field.name
    if not _is_struct(form):
        yield _column(field, form, (field.name,), zh)
        return
    for inner in msgspec.structs.fields(form):
        told = field_zh(field.name, inner.name) or inner.name
        yield _column(inner, _bare(inner.type), (field.name, inner.name), f"{zh}·{told}")


def _column(field: msgspec.structs.FieldInfo, form: Any, path: tuple[str, ...], zh: str) -> Column:
    coded = isinstance(form, type) and issubclass(form, Enum)
    holds = Holds.CODE if coded else _HOLDS.get(form, Holds.JSON)
    codes = {str(c.value): code_zh(c) or str(c.value) for c in form} if coded else {}
    if field.name == "object_kind":
        codes = kinds_zh()
    unit = "分" if field.name.endswith(_FEN) else ""
    return Column("_".join(path), f"{zh}（分）" if unit else zh, holds, path, codes, unit,
                  None if len(path) > 1 else _default(field))  # fmt: skip


def _default(field: msgspec.structs.FieldInfo) -> str | int | None:
    """What a row from before the field says, where it says something."""
    held = field.default
    if isinstance(held, Enum):
        return str(held.value)
    if isinstance(held, bool):
        return int(held)
    return held if isinstance(held, str | int) else None


def _bare(form: Any) -> Any:
    """A type without what is only said of it."""
    parts = [p for p in get_args(form) if p is not type(None)]
    if hasattr(form, "__metadata__"):
        return _bare(form.__origin__ if not parts else parts[0])
    if get_origin(form) not in (list, tuple, dict, frozenset) and len(parts) == 1:
        return _bare(parts[0])
    if parts and all(isinstance(p, str) for p in parts):
        return str
    return form


def _is_struct(form: Any) -> bool:
    return isinstance(form, type) and issubclass(form, msgspec.Struct)


def _named_apart(found: list[Column]) -> list[Column]:
    """No two of one name: a second tells its English name beside."""
    seen: set[str] = set()
    made = []
    for one in found:
        zh = one.zh if one.zh not in seen else f"{one.zh}（{one.name}）"
        seen.add(zh)
        made.append(one._replace(zh=zh))
    return made
