"""语言 the two languages of the pages: words by key, names of fields and codes, days, money."""

import tomllib
from datetime import date, datetime
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

from registry.api.acting import Act
from registry.api.shapes import word_of
from registry.domain.amounts import told_yuan
from registry.domain.errors import Refusal
from registry.domain.records import SHANGHAI
from registry.policies import roles
from registry.policies import words as drafted
from registry.policies.access import shipped
from registry.policies.dictionary import code_zh, field_zh, own_zh
from registry.web.forms import called
from registry.web.forms.fields import Code

WORDS = Path(__file__).parent / "words"
LANGUAGES = ("zh", "en")
_ITSELF = "tick."
"""How acts begin that the passing of time does."""
_IDS = ("_id", "_ids")
"""Endings of fields that name a record: on a page its name stands there, and no number."""


@cache
def words() -> dict[str, tuple[str, str]]:
    """Every word of the pages by its key: (Chinese, English).

    Raises:
        ValueError: a key without both, or given twice.
    """
    found: dict[str, tuple[str, str]] = {}
    for file in sorted(WORDS.glob("*.toml")):
        for group, lines in tomllib.loads(file.read_text("utf-8")).items():
            for name, said in lines.items():
                key = f"{group}.{name}"
                if key in found or len(said) != len(LANGUAGES) or not all(said):
                    raise ValueError(f"{file.name}: {key}")
                found[key] = (said[0], said[1])
    return found


class Tongue:
    """一种语言."""

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else LANGUAGES[0]
        self._at = LANGUAGES.index(self.language)
        self.html = "zh-CN" if self.language == "zh" else "en"

    def t(self, key: str, **facts: Any) -> str:
        """A word or sentence by its key.

        Raises:
            KeyError: there is none.
        """
        said = words()[key][self._at]
        return said.format(**facts) if facts else said

    def pair(self, zh: str, en: str) -> str:
        """Whichever of two is in this language; the other where that is empty."""
        return (zh, en)[self._at] or zh or en

    def field(self, name: str, resource: str = "", group: str = "") -> str:
        """What a field is called; what stands in a group, or is asked by the form of an act, goes
        by the words of that first, so that 来文 has a 成文日期 and a voucher a 凭证日期."""
        if told := called.within(group, name):
            return self.pair(*told)
        zh, en = called.field(name)
        said = own_zh(group, name) or field_zh(resource, name) or zh
        if name.endswith(_IDS):
            said = said.removesuffix("编号")
        return self.pair(said, en or _spaced(name.removesuffix("_fen").removesuffix("_id")))

    def at(self, path: str, resource: str = "", act: str = "") -> str:
        """What a field is called, by its path in the form of an act."""
        *groups, name = (part for part in path.split(".") if not part.isdigit())
        return self.field(name, resource, groups[-1] if groups else act)

    def code(self, code: Enum) -> str:
        """What a code is called."""
        zh, en = called.word(type(code).__name__, str(code.value))
        return self.pair(code_zh(code) or zh, en or _spaced(str(code.value)))

    def choice(self, code: Code, name: str = "") -> str:
        """What a value that may be chosen is called."""
        if code.code is not None:
            return self.code(code.code)
        zh, en = called.word(name, code.value)
        return self.pair(code.zh or zh, en or _spaced(code.value))

    def word(self, name: str, value: str) -> str:
        """What a word that a field takes is called; what is no such word stays as it is."""
        zh, en = called.word(name, value)
        return self.pair(zh or word_of(name, value), en) or value

    def column(self, name: str) -> str:
        """What a column of a decision table is called."""
        return self.pair(drafted.column_zh(name), _spaced(name))

    def cell(self, column: str, word: str) -> str:
        """What a word that stands in such a column is called."""
        return self.pair(drafted.value_zh(column, word), word.replace("_", " "))

    def setting(self, name: str) -> str:
        """What a section or a setting of a pack.toml is called: ``flow.step`` = 流程·环节."""
        told = (drafted.setting_zh(p) if drafted.setting_zh(p) != p else drafted.field_zh(p)
                for p in name.split("."))  # fmt: skip
        return self.pair("·".join(told), _spaced(name.replace(".", ", ")))

    def act(self, act: Act) -> str:
        """What an act is called."""
        return self.pair(act.zh, act.en)

    def act_named(self, act: str) -> str:
        """What an act is called, by its name in the tables of access."""
        zh, en = shipped("indexed").named(act)
        return (
            self.t("records.itself") if act.startswith(_ITSELF) and zh == act else self.pair(zh, en)
        )

    def role(self, role: str) -> str:
        """What a post's role is called; one that a county named itself, by its word."""
        return self.pair(*roles.named().get(role, (role, role)))

    def refusal(self, refusal: Refusal) -> str:
        """Why not."""
        return self.pair(refusal.detail, refusal.detail_en)

    def yuan(self, fen: int | None) -> str:
        """An amount of 分 in 元, e.g. ``1,450.00``; empty = not stated."""
        return "" if fen is None else told_yuan(fen)

    def day(self, value: date | datetime | None) -> str:
        """A civil day, with the time where there is one, as it is in Shanghai."""
        if value is None:
            return ""
        if isinstance(value, datetime):
            return value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
        return value.isoformat()

    def when(self, value: date | datetime | None) -> Markup:
        """The same for a page, with what a machine reads."""
        if value is None:
            return Markup("")
        return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), self.day(value))


def _spaced(name: str) -> str:
    return name.replace("_", " ").capitalize() if name else ""
