"""表单用词 what fields and words of commands are called, where the dictionary of records is silent."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_PAGE = Path(__file__).with_name("fields.toml")
Pair = tuple[str, str]
NONE: Pair = ("", "")


@cache
def _page() -> dict[str, dict[str, Any]]:
    return tomllib.loads(_PAGE.read_text("utf-8"))


def field(name: str) -> Pair:
    """A field's name in both languages; empty = it has none here."""
    return _pair(_page()["fields"].get(name))


def within(group: str, name: str) -> Pair | None:
    """What a field is called on the form of one act, or within a group of fields; ``None`` = as
    everywhere."""
    told = _page()["within"].get(group, {}).get(name)
    return _pair(told) if told else None


def folded(act: str) -> frozenset[str]:
    """Fields that the form of an act asks for below a fold: what few who fill it in need."""
    return frozenset(_page()["folded"].get(act, ()))


def word(of: str, value: str) -> Pair:
    """A word's name in both languages, by the field or the code it is a word of; the words of a
    code that stands in a field of its own name are told once, at the field."""
    codes = _page()["codes"]
    return _pair(codes.get(of, {}).get(value) or codes.get(of.lower(), {}).get(value))


def place(of: str, value: str) -> int:
    """Where a word stands among those of its field, as people tell them; one without a place comes
    last."""
    told = list(_page()["codes"].get(of, {}))
    return told.index(value) if value in told else len(told)


def _pair(told: Any) -> Pair:
    return (str(told[0]), str(told[1])) if told else NONE
