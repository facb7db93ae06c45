"""设置 the plain settings of a pack.toml, line by line: read, and written back in their place.

A plain setting stands on one line: ``name = "text"``, a number, a day, yes or no. Remarks, order
and everything else stay as they are. Pure: text in, text out; lines count from 1.
"""

import json
import re
import tomllib
from datetime import date
from typing import Any

from registry.domain.records import Wire

_HEAD = re.compile(r"^\s*(\[\[?)\s*([A-Za-z0-9_.\-]+)\s*\]\]?\s*(#.*)?$")
_PLAIN = re.compile(
    r"^(\s*([A-Za-z0-9_\-]+)\s*=\s*)"
    r"(\"(?!\"\")(?:[^\"\\]|\\.)*\"|true|false|\d{4}-\d\d-\d\d|[+-]?\d+)(\s*(?:#.*)?)$"
)
_LONG = ('"""', "'''")
_NAMES = ("name", "id", "key", "rule", "title", "of", "fact")
TOP = "top"


class Setting(Wire, frozen=True, kw_only=True):
    """设置 on one line."""

    line: int
    name: str
    value: str
    """As an official types it: no quotes, a day as 2026-01-31, ``true`` or ``false``."""
    kind: str
    """``text``, ``number``, ``day`` or ``flag``."""


class Section(Wire, frozen=True, kw_only=True):
    """节 of a pack.toml, with what can be set in it line by line."""

    line: int
    """On which its heading stands; 1 for what stands before the first."""
    until: int
    name: str
    told: str
    """What this one is called, where several have the same name."""
    plain: list[Setting]
    further: bool = False
    """Whether more stands in it than plain settings."""


def sections(text: str) -> list[Section]:
    """The sections of a file in order; what cannot be read as plain stays unread."""
    found, heading, held = [], (1, TOP), list[Setting]()
    further, inside = False, ""
    number = 0
    for number, line in enumerate(text.splitlines(), start=1):
        if inside:
            inside = "" if inside in line else inside
        elif head := _HEAD.match(line):
            found.append(_section(heading, number - 1, held, further=further))
            heading, held, further = (number, head[2]), [], False
        elif plain := _PLAIN.match(line):
            held.append(_setting(number, plain))
        elif line.strip() and not line.lstrip().startswith("#"):
            inside = next((mark for mark in _LONG if line.count(mark) == 1), "")
            further = True
    found.append(_section(heading, number, held, further=further))
    return [one for one in found if one.plain or one.further]


def _section(
    heading: tuple[int, str], until: int, held: list[Setting], *, further: bool
) -> Section:
    line, name = heading
    known = {one.name: one.value for one in held}
    told = next((known[n] for n in _NAMES if n in known), "")
    return Section(line=line, until=until, name=name, told=told, plain=held, further=further)


def _setting(line: int, match: re.Match[str]) -> Setting:
    read: Any = tomllib.loads(f"it = {match[3]}")["it"]
    if isinstance(read, bool):
        return Setting(line=line, name=match[2], value=str(read).lower(), kind="flag")
    if isinstance(read, date):
        return Setting(line=line, name=match[2], value=read.isoformat(), kind="day")
    kind = "text" if isinstance(read, str) else "number"
    return Setting(line=line, name=match[2], value=str(read), kind=kind)


def fits(kind: str, value: str) -> bool:
    """Whether what was typed can stand in a setting of this kind."""
    if kind == "flag":
        return value in ("true", "false")
    if kind == "number":
        return re.fullmatch(r"[+-]?\d{1,15}", value, re.ASCII) is not None
    if kind == "day":
        try:
            return date.fromisoformat(value).isoformat() == value
        except ValueError:
            return False
    return value.isprintable()


def changed(text: str, given: dict[int, str]) -> str:
    """The text with other values on some lines; those that do not fit are left alone.

    Args:
        given: line → what was typed.
    """
    lines = text.splitlines()
    for line, value in given.items():
        match = _PLAIN.match(lines[line - 1]) if 1 <= line <= len(lines) else None
        if match is None:
            continue
        held = _setting(line, match)
        if value != held.value and fits(held.kind, value):
            lines[line - 1] = match[1] + _written(held.kind, value) + match[4]
    return "\n".join(lines) + "\n"


def _written(kind: str, value: str) -> str:
    if kind == "text":
        return json.dumps(value, ensure_ascii=False)
    return str(int(value)) if kind == "number" else value


_DAY = re.compile(r"(?m)^(\s*on\s*=\s*)(\d{4}-\d\d-\d\d)(?=\s*(?:#|$))")


def later(text: str, first: date) -> str:
    """A file of cases whose days before the first day of the pack are that first day."""
    return _DAY.sub(lambda m: m[1] + max(m[2], first.isoformat()), text)
