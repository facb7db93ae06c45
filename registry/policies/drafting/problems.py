"""问题 what is wrong with a pack: where it stands, what it is, how to mend it, in both languages."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Literal

from registry.domain.records import Wire
from registry.policies import words
from registry.policies.decision_table import PackError

Severity = Literal["error", "warning", "note"]
Place = tuple[str, int, int]
"""File, line, column; lines and columns count from 1."""

_PAGE = Path(__file__).parent / "problems.toml"


class Problem(Wire, frozen=True, kw_only=True):
    """问题: one thing that ``check`` found."""

    code: str
    severity: Severity
    file: str
    line: int
    column: int
    zh: str
    en: str
    mend: str
    mend_en: str
    facts: dict[str, str] = {}
    """The witness: one row of facts on which the problem shows."""

    @property
    def where(self) -> str:
        """``file:line:column``, as editors read it."""
        return f"{self.file}:{self.line}:{self.column}"


@cache
def _page() -> dict[str, Any]:
    return tomllib.loads(_PAGE.read_text("utf-8"))


def codes() -> list[str]:
    """Every code of a problem there is."""
    return [code for code in _page() if code != "phrase"]


def problem(code: str, place: Place, witness: dict[str, str] | None = None, **told: str) -> Problem:
    """A problem of the catalogue at a place; ``told`` fills its sentences."""
    said = _page()[code]
    file, line, column = place
    return Problem(
        code=code, severity=said["severity"], file=file, line=line, column=column,
        zh=said["zh"].format(**told), en=said["en"].format(**told),
        mend=said["mend"].format(**told), mend_en=said["mend_en"].format(**told),
        facts=witness or {},
    )  # fmt: skip


def from_error(error: PackError) -> Problem:
    """What the strict reader refused, with its Chinese sentence where one is kept."""
    plain = problem("format", (error.file, error.line, error.column),
                    zh=f"格式有误：{error.message}", en=error.message)  # fmt: skip
    for phrase in _page()["phrase"]:
        found = re.fullmatch(phrase["en"], error.message)
        if found:
            parts = _glossed(found.groups()) if phrase.get("glossed") else found.groups()
            return Problem(
                code="format", severity="error", file=error.file, line=error.line,
                column=error.column, zh=phrase["zh"].format(*parts), en=error.message,
                mend=phrase["mend"].format(*parts), mend_en=phrase["mend_en"].format(*parts),
            )  # fmt: skip
    return plain


def _glossed(parts: tuple[str, ...]) -> tuple[str, ...]:
    """Column, word and known words of a closed column, with what an official calls them."""
    column, word, known = parts
    spoken = [f"{wire} {words.value_zh(column, wire)}" for wire in known.split()]
    return f"{column} {words.column_zh(column)}", word, "、".join(spoken)


def failed(problems: list[Problem]) -> bool:
    """Whether anything of it must be mended before a pack can be published."""
    return any(one.severity == "error" for one in problems)


def in_order(problems: list[Problem]) -> list[Problem]:
    """Errors first, then by file and line; each told once."""
    weight = {"error": 0, "warning": 1, "note": 2}
    unique = {(p.code, p.where, p.zh): p for p in problems}
    return sorted(
        unique.values(), key=lambda p: (weight[p.severity], p.file, p.line, p.column, p.code)
    )


def sentences(code: str) -> dict[str, str]:
    """Severity and sentences of a code, as the page has them."""
    return dict(_page()[code])
