"""TOML 文本 the TOML files of a pack, read strictly: every field that is wrong, on its line."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from enum import StrEnum
from itertools import islice
from types import UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

import msgspec

from registry.domain.admission import FACTS
from registry.policies.case import Case
from registry.policies.decision_table import PackError

W = TypeVar("W", bound=msgspec.Struct)

_DOTS = 256
"""Most dots in one line: a dotted key takes time by the square of its parts."""
_TOLD = 30
"""Faults of one file that are looked up by line; who mends these is told the next."""


def scan_struct(name: str, text: str, form: type[W]) -> tuple[W | None, list[PackError]]:
    """A whole TOML file as the struct ``form``, or everything that keeps it from being one."""
    try:
        raw = toml(name, text)
    except PackError as error:
        return None, [error]
    try:
        return msgspec.convert(raw, form), []
    except msgspec.ValidationError as error:
        wrongs = islice(_wrongs(raw, form, ""), _TOLD)
        told = list(dict.fromkeys(wrongs)) or [str(error)]
    return None, [PackError(name, *place(text, message), message) for message in told]


def toml(name: str, text: str) -> dict[str, Any]:
    """The tables of a TOML file.

    Raises:
        PackError: it does not parse, and where.
    """
    for number, row in enumerate(text.split("\n"), start=1):
        if row.count(".") > _DOTS:
            raise PackError(name, number, 1, f"more than {_DOTS} dots in one line")
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise PackError(name, 1, 1, "brackets are nested too deep") from error
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+), column (\d+)", str(error))
        line, column = (int(found[1]), int(found[2])) if found else (1, 1)
        raise PackError(name, line, column, str(error).split(" (at")[0]) from error
    except ValueError as error:
        raise PackError(name, 1, 1, "a number has too many digits") from error


def place(text: str, message: str) -> tuple[int, int]:
    """Line and column in the TOML text that a msgspec path such as ``$.rule[3].grade`` means."""
    path = re.search(r"`\$\.?([^`]*)`", message)
    unknown = re.search(r"unknown field `(\w+)`", message)
    lines, start = text.splitlines(), 0
    parts = re.findall(r"(\w+)(?:\[(\d+)\])?", path[1]) if path else []
    for name, index in parts:
        stated = re.compile(rf"\s*(\[+[\w.]*{name}\]+|{name}\s*=)").match
        hits = [start + i for i, row in enumerate(lines[start:]) if stated(row)]
        if not hits:
            break
        start = hits[min(int(index or 0), len(hits) - 1)]
    if unknown:
        said = re.compile(rf"\s*{unknown[1]}\s*=|\s*\[+[\w.]*{unknown[1]}\]+").match
        for i in range(start, len(lines)):
            if said(lines[i]):
                return i + 1, 1 + len(lines[i]) - len(lines[i].lstrip())
    return start + 1, 1


def _wrongs(value: Any, form: Any, path: str) -> Iterator[str]:
    """What keeps a value from being of a form, field by field, in msgspec's words."""
    forms = _alternatives(form)
    struct = next((f for f in forms if isinstance(f, type) and issubclass(f, msgspec.Struct)), None)
    many = next((f for f in forms if get_origin(f) is list), None)
    told: list[str] = []
    if struct is not None and isinstance(value, dict):
        told = list(_wrong_fields(value, struct, path))
    elif many is not None and isinstance(value, list):
        told = [
            wrong
            for index, one in enumerate(value)
            for wrong in _wrongs(one, get_args(many)[0], f"{path}[{index}]")
        ]
    if told:
        yield from told
        return
    try:
        msgspec.convert(value, form)
    except msgspec.ValidationError as error:
        words, _, inside = str(error).partition(" - at `$")
        choice = _choice(forms)
        if choice and not inside.rstrip("`") and words.startswith("Invalid enum value"):
            words += f", one of: {choice}"
        yield f"{words} - at `${path}{inside.rstrip('`')}`"


def _wrong_fields(value: dict[str, Any], struct: type[msgspec.Struct], path: str) -> Iterator[str]:
    fields = {field.encode_name: field for field in msgspec.structs.fields(struct)}
    for name in value:
        if name not in fields:
            yield f"Object contains unknown field `{name}` - at `${path}`"
    for name, field in fields.items():
        if name in value:
            yield from _wrongs(value[name], field.type, f"{path}.{name}")
        elif field.required:
            yield f"Object missing required field `{name}` - at `${path}`"


def _choice(forms: tuple[Any, ...]) -> str:
    """The words of a closed field, one space between them; empty where it is not closed."""
    closed = [f for f in forms if isinstance(f, type) and issubclass(f, StrEnum)]
    literal = [word for f in forms if get_origin(f) is Literal for word in get_args(f)]
    return " ".join([str(word) for f in closed for word in f] + [str(w) for w in literal if w])


def _alternatives(form: Any) -> tuple[Any, ...]:
    if get_origin(form) is Annotated:
        return _alternatives(get_args(form)[0])
    return get_args(form) if get_origin(form) in (Union, UnionType) else (form,)


def scan_cases(files: Mapping[str, str]) -> tuple[list[dict[str, object]], list[PackError]]:
    """The cases of every file below ``cases/`` that can be read, and what is wrong elsewhere."""
    cases: list[dict[str, object]] = []
    errors: list[PackError] = []
    for name in sorted(files):
        if not name.startswith("cases/"):
            continue
        try:
            found, wrong = _cases_of(name, files[name])
        except PackError as error:
            errors.append(error)
            continue
        cases += found
        errors += wrong
    return cases, errors


def _cases_of(name: str, text: str) -> tuple[list[dict[str, object]], list[PackError]]:
    document = toml(name, text)
    if set(document) - {"case"}:
        raise PackError(name, 1, 1, f"only [[case]] is known, found {sorted(document)}")
    cases: list[dict[str, object]] = document.get("case", [])
    lines = text.splitlines()
    starts = [n for n, line in enumerate(lines) if re.match(r"\s*\[\[case\]\]", line)]
    if len(starts) != len(cases):
        raise PackError(name, 1, 1, "each case stands under a [[case]] line of its own")
    sound: list[dict[str, object]] = []
    errors: list[PackError] = []
    for case, start in zip(cases, starts, strict=True):
        wrong = list(_wrong_case(name, case, (lines, start)))
        errors += wrong
        if len(errors) > _TOLD:
            break
        sound += [] if wrong else [case]
    return sound, errors


def _wrong_case(
    name: str, raw: dict[str, object], where: tuple[list[str], int]
) -> Iterator[PackError]:
    lines, before = where
    if not raw.get("source") or not raw.get("id"):
        message = f"case {raw.get('id', '?')} needs id and source"
        yield PackError(name, before + 1, 1, message)
        return
    try:
        case = msgspec.convert(raw, Case)
    except msgspec.ValidationError:
        text = "\n".join(lines[before:])
        for message in islice(_wrongs(raw, Case, ""), _TOLD):
            line, column = place(text, message)
            yield PackError(name, before + line, column, message)
        return
    for fact, word in islice(case.facts.items(), _TOLD):
        if word not in FACTS.get(fact, ()):
            line, column = place("\n".join(lines[before:]), "`$.facts`")
            yield PackError(name, before + line, column, f"no fact {fact} = {word!r}")
