"""中文说法 what the strict reader says of a body, in Chinese, from a table beside its English."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_PAGE = Path(__file__).with_name("shapes.toml")


@cache
def _table() -> tuple[dict[str, str], list[tuple[re.Pattern[str], str]]]:
    read: dict[str, Any] = tomllib.loads(_PAGE.read_text("utf-8"))
    return read["types"], [(re.compile(line["form"]), line["zh"]) for line in read["line"]]


def in_chinese(reason: str) -> str:
    """The reason in Chinese; as it is where the table has no words for it."""
    types, lines = _table()
    for form, zh in lines:
        found = form.fullmatch(reason)
        if found is not None:
            return zh.format(*(_named(types, one or "") for one in found.groups()))
    return reason


def word_of(field: str, value: str) -> str:
    """What a word is called that a field of that name takes; empty = it has no name here."""
    return str(_words().get(field, {}).get(value, ""))


@cache
def _words() -> dict[str, dict[str, str]]:
    read: dict[str, Any] = tomllib.loads(_PAGE.read_text("utf-8"))
    words: dict[str, dict[str, str]] = read["of"]
    return words


def _named(types: dict[str, str], told: str) -> str:
    """Types by their Chinese names, those of a choice each; anything else as it stood."""
    return "或".join(types.get(one, one) for one in told.split(" | "))
