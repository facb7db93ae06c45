"""可填的值 what may stand at a place of a form: told where something else stood there."""

import re
import types
from enum import Enum
from typing import Any, Literal, Union, get_args, get_origin

import msgspec

from registry.actions.dictionary import codes_of
from registry.api.shapes import word_of

_STEP = re.compile(r"\.([A-Za-z_]\w*)|\[(?:\d+|\.\.\.)\]")
_UNIONS = (Union, types.UnionType)


def choices(form: Any, path: str) -> list[tuple[str, str]]:
    """Value and Chinese name of each code that may stand at a path such as ``$.lines[0].stage``;
    none where what stands there is no code."""
    held, field = [form], ""
    for step in _STEP.finditer(path):
        held, field = [inner for one in held for inner in _below(one, step[1])], step[1] or field
    codes = [code for one in held for code in _codes(one)]
    return [(value, name or word_of(field, value)) for value, name in codes]


def _below(form: Any, name: str | None) -> list[Any]:
    """What lies below: the field of that name, or, without one, what a list holds."""
    if isinstance(form, type) and issubclass(form, msgspec.Struct):
        return [f.type for f in msgspec.structs.fields(form) if f.encode_name == name]
    if name is None and get_origin(form) in (list, tuple, frozenset):
        return [get_args(form)[0]]
    return [inner for one in _parts(form) for inner in _below(one, name)]


def _parts(form: Any) -> tuple[Any, ...]:
    """The alternatives of a form, or the form that an annotation stands around."""
    if get_origin(form) in _UNIONS:
        return get_args(form)
    return (form.__origin__,) if hasattr(form, "__metadata__") else ()


def _codes(form: Any) -> list[tuple[str, str]]:
    if isinstance(form, type) and issubclass(form, Enum):
        return [(code.value, code.zh) for code in codes_of(form)]
    if get_origin(form) is Literal:
        return [(str(value), "") for value in get_args(form)]
    return [code for one in _parts(form) for code in _codes(one)]
