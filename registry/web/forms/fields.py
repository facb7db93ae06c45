"""表单项 what a form asks for, read from the type of the command: no act needs a form of its own."""

import re
from enum import Enum, StrEnum
from functools import cache
from typing import Any

import msgspec
from msgspec import inspect

from registry.api.shapes import word_of
from registry.web.forms.called import place

FEN = "_fen"
_LONG = 300
"""Letters above which a text gets room for lines."""


class Form(StrEnum):
    """表单项形式."""

    LINE = "line"
    TEXT = "text"
    INTEGER = "integer"
    MONEY = "money"
    DAY = "day"
    INSTANT = "instant"
    FLAG = "flag"
    ONE = "one"
    MANY = "many"
    WORDS = "words"
    """Several short texts, one a line."""
    NUMBERS = "numbers"
    """Several whole numbers, one a line."""
    PAIRS = "pairs"
    """Numbers by name, one pair a line."""
    FILE = "file"
    """One document, by id; on a page a file that is uploaded, or one that is there already."""
    GROUP = "group"
    GROUPS = "groups"


_LISTS = (Form.GROUPS, Form.WORDS, Form.NUMBERS, Form.MANY)


class Code(msgspec.Struct, frozen=True):
    """可选值: the wire word, and its names where an enum does not hold them."""

    value: str
    zh: str = ""
    code: Enum | None = None


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """表单项."""

    name: str
    """Of the command's field, as on the wire."""
    form: Form
    required: bool = False
    """It cannot be left blank."""
    absent: Any = msgspec.UNSET
    """What a blank means, where it is not simply left out."""
    ticked: bool = False
    """A yes unless it is said otherwise: its box stands ticked, and can be cleared."""
    codes: tuple[Code, ...] = ()
    fields: tuple["Field", ...] = ()
    longest: int | None = None
    refers: str = ""
    """What it names by id: the field's name without its ending; empty = no record."""
    several: bool = False
    kinds: dict[str, tuple["Field", ...]] = {}
    """Of a group of one kind or another: what each asks for; ``fields`` are those of all."""
    by: str = ""
    """The field beside it whose word says of which kind it is."""


@cache
def fields_of(command: type[Any]) -> tuple[Field, ...]:
    """Every field of a command, in its order."""
    told = inspect.type_info(command)
    assert isinstance(told, inspect.StructType)
    return _fields(told)


def needed_first(fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """As a form asks them: first what cannot be left blank, else in their order."""
    return tuple(sorted(fields, key=lambda field: not field.required))


def _fields(told: inspect.StructType) -> tuple[Field, ...]:
    return tuple(_field(one) for one in told.fields)


def _field(told: inspect.Field) -> Field:
    kind, blank = _bare(told.type)
    made = _of_kinds(told) or _made(told.encode_name, kind)
    needed = told.required and not blank and made.form not in _LISTS
    needed = needed or (made.form in _LISTS and _least(kind) > 0)
    text = made.form in (Form.LINE, Form.TEXT) and not made.refers
    absent: Any = (
        "" if text and told.required and not blank and not _shaped(kind) else msgspec.UNSET
    )
    if made.form in _LISTS and told.required:
        absent = []
    if absent == "":
        needed = False
    if made.form is Form.GROUP:
        needed = told.required and not blank
    ticked = made.form is Form.FLAG and told.default is True
    return msgspec.structs.replace(made, required=needed, absent=absent, ticked=ticked)


def _of_kinds(told: inspect.Field) -> Field | None:
    """A group whose kinds are told apart by a word; ``None`` = it is no such group."""
    union = told.type if isinstance(told.type, inspect.UnionType) else None
    structs = [k for k in union.types if isinstance(k, inspect.StructType)] if union else []
    if not structs[1:]:
        return None
    kinds = {str(one.tag): _fields(one) for one in structs}
    every = {field.name: field for fields in kinds.values() for field in fields}
    return Field(name=told.encode_name, form=Form.GROUP, fields=tuple(every.values()),
                 kinds=kinds, by=str(structs[0].tag_field))  # fmt: skip


def _bare(kind: inspect.Type) -> tuple[inspect.Type, bool]:
    """(the type itself, whether it may be absent)."""
    blank = False
    while True:
        if isinstance(kind, inspect.Metadata):
            kind = kind.type
        elif isinstance(kind, inspect.UnionType):
            rest = [one for one in kind.types if not isinstance(one, inspect.NoneType)]
            blank = blank or len(rest) < len(kind.types)
            kind = rest[0]
        else:
            return kind, blank


def _shaped(kind: inspect.Type) -> bool:
    """Whether a text left blank would be refused."""
    pattern = getattr(kind, "pattern", None)
    return _least(kind) > 0 or (pattern is not None and re.search(pattern, "") is None)


def _least(kind: inspect.Type) -> int:
    return int(getattr(kind, "min_length", None) or 0)


def _made(name: str, kind: inspect.Type) -> Field:
    if isinstance(kind, inspect.ListType | inspect.VarTupleType | inspect.SetType):
        return _several(name, _bare(kind.item_type)[0])
    if isinstance(kind, inspect.DictType):
        return Field(name=name, form=Form.PAIRS)
    if isinstance(kind, inspect.StructType):
        return Field(name=name, form=Form.GROUP, fields=_fields(kind))
    if isinstance(kind, inspect.EnumType):
        return Field(name=name, form=Form.ONE, codes=_enum(kind))
    if isinstance(kind, inspect.LiteralType):
        return Field(name=name, form=Form.ONE, codes=_literal(name, kind))
    return _scalar(name, kind)


def _scalar(name: str, kind: inspect.Type) -> Field:
    if isinstance(kind, inspect.BoolType):
        return Field(name=name, form=Form.FLAG)
    if isinstance(kind, inspect.IntType):
        return Field(name=name, form=Form.MONEY if name.endswith(FEN) else Form.INTEGER)
    if isinstance(kind, inspect.DateType):
        return Field(name=name, form=Form.DAY)
    if isinstance(kind, inspect.DateTimeType):
        return Field(name=name, form=Form.INSTANT)
    longest = getattr(kind, "max_length", None)
    refers = _refers(name)
    if refers == "document":
        return Field(name=name, form=Form.FILE, refers=refers)
    form = Form.LINE if refers or (longest is not None and longest <= _LONG) else Form.TEXT
    return Field(name=name, form=form, longest=longest, refers=refers)


def _several(name: str, item: inspect.Type) -> Field:
    if isinstance(item, inspect.StructType):
        return Field(name=name, form=Form.GROUPS, fields=_fields(item), several=True)
    if isinstance(item, inspect.EnumType):
        return Field(name=name, form=Form.MANY, codes=_enum(item), several=True)
    if isinstance(item, inspect.LiteralType):
        return Field(name=name, form=Form.MANY, codes=_literal(name, item), several=True)
    refers = _refers(name)
    if refers == "document":
        return Field(name=name, form=Form.FILE, refers=refers, several=True)
    if refers:
        return Field(name=name, form=Form.MANY, refers=refers, several=True)
    form = Form.NUMBERS if isinstance(item, inspect.IntType) else Form.WORDS
    return Field(name=name, form=form, several=True)


REFERS = {
    "targets": "area", "documents": "document", "areas": "area", "children": "",
    "units": "organisation", "organisations": "organisation", "people": "person",
    "agenda": "request", "present": "person", "applicants": "organisation", "requests": "request",
    "evidence_ids": "document",
}  # fmt: skip
"""Fields whose name does not end in ``_id``."""


def _refers(name: str) -> str:
    if name in REFERS:
        return REFERS[name]
    for ending in ("_ids", "_id"):
        if name.endswith(ending):
            return name.removesuffix(ending).rpartition("_")[2] or name
    return ""


def _enum(kind: inspect.EnumType) -> tuple[Code, ...]:
    return tuple(Code(str(code.value), code=code) for code in kind.cls)


def _literal(name: str, kind: inspect.LiteralType) -> tuple[Code, ...]:
    told = sorted((str(value) for value in kind.values), key=lambda value: place(name, value))
    return tuple(Code(value, zh=word_of(name, value)) for value in told)
