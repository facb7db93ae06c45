"""用词 what an official calls the columns and values of the tables: sheets and reports speak so."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_PAGE = Path(__file__).parent / "words.toml"
ANY = "*"


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(_PAGE.read_text("utf-8"))


def column_zh(column: str) -> str:
    """The Chinese name of a fact or answer column; the wire name where none is kept."""
    found = _words()["columns"].get(column) or _words()["answer"].get(column)
    return str(found or column)


def value_zh(column: str, value: str) -> str:
    """The Chinese word for a value of a column; the value itself where none is kept."""
    if value == ANY:
        return str(_words()["any"]["zh"])
    return str(_words()["values"].get(column, {}).get(value, value))


def column_of(word: str) -> str | None:
    """The wire name of a column called by either name, or ``None``."""
    known = _words()["columns"] | _words()["answer"]
    if word in known:
        return word
    return next((wire for wire, zh in known.items() if zh == word), None)


def value_of(column: str, word: str) -> str:
    """The wire word for a value written in either language; an unknown word stays as it is."""
    if word in ("", ANY, _words()["any"]["zh"]):
        return ANY
    values = _words()["values"].get(column, {})
    if word in values:
        return word
    return str(next((wire for wire, zh in values.items() if zh == word), word))


def said_zh(facts: dict[str, str]) -> str:
    """Facts as an official reads them: 关口=申报、事项类别=报表."""
    return "、".join(f"{column_zh(c)}={value_zh(c, v)}" for c, v in facts.items())


def said_en(facts: dict[str, str]) -> str:
    """Facts in wire words: ``gate=file, kind=report``."""
    return ", ".join(f"{c}={v}" for c, v in facts.items())


def field_zh(name: str) -> str:
    """The Chinese name of a field of a pack, a rule or a list item."""
    return str(_words()["fields"].get(name, name))


def setting_zh(name: str) -> str:
    """The Chinese name of a setting of pack.toml."""
    return str(_words()["settings"].get(name, name))


def plain_zh(word: str) -> str:
    """A wire word as an official says it; any other text stays as it is."""
    return str(_words()["said"].get(word, word))


def head_zh(name: str) -> str:
    """The Chinese name of what is told of a list as a whole."""
    return str(_words()["heads"].get(name, name))


def item_zh(column: str) -> str:
    """The Chinese name of a column of list items."""
    return str(_words()["items"].get(column, column))


def item_of(word: str) -> str | None:
    """The wire name of a column of list items called by either name, or ``None``."""
    known: dict[str, str] = _words()["items"]
    return word if word in known else next((w for w, zh in known.items() if zh == word), None)


def values(column: str) -> tuple[str, ...]:
    """The wire words of a column for which a Chinese word is kept."""
    return tuple(_words()["values"].get(column, {}))
