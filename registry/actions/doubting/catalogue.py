"""疑点目录 every kind of finding that an act or a tick may open, by its code: no other is opened."""

import tomllib
from pathlib import Path

from registry.actions.auditing import conduct
from registry.actions.doubting import cases, communities, words
from registry.actions.office import Office
from registry.actions.owing import findings as owed
from registry.actions.paying import settling as paid
from registry.actions.reconciling import doubts as told
from registry.actions.sealing import doubts as sealed
from registry.actions.spending import doubts as spent
from registry.actions.years import doubts as turned
from registry.domain.doubts import ASKED_ZH, Asked, Doubt
from registry.domain.records import Wire
from registry.policies.dictionary import field_zh

TABLES = (
    words.DOUBTS, owed.DOUBTS, spent.DOUBTS, told.DOUBTS, turned.DOUBTS, paid.DOUBTS,
    cases.DOUBTS, communities.DOUBTS, conduct.DOUBTS, sealed.DOUBTS,
)  # fmt: skip
CATALOGUE: dict[str, Doubt] = {
    doubt.code: doubt
    for doubt in sorted((d for table in TABLES for d in table), key=lambda d: d.code)
}
"""By code, in the order of the codes."""
METHODS: dict[str, str] = tomllib.loads((Path(__file__).parent / "methods.toml").read_text("utf-8"))
"""查证方法 of kinds that no one statement finds."""


class FactName(Wire, frozen=True, kw_only=True):
    """所附事实: what one thing that a finding tells is called."""

    name: str
    zh: str


class KindLine(Wire, frozen=True, kw_only=True):
    """疑点种类 as it is read."""

    code: str
    name: str
    zh: str
    en: str
    law: str
    about: list[str]
    """Kinds of its object."""
    facts: list[FactName]
    evidence: list[str]
    """Resources whose rows stand under ``evidence`` among its facts."""
    asked: Asked
    asked_zh: str
    query: str = ""
    """查证方法: how it is found: the statement itself, or what the program compares."""


class Catalogue(Wire, frozen=True, kw_only=True):
    """疑点目录."""

    items: list[KindLine]
    """In the order of their codes."""


def _line(doubt: Doubt) -> KindLine:
    facts = [FactName(name=name, zh=field_zh("findings", name)) for name in doubt.facts]
    return KindLine(
        code=doubt.code, name=doubt.name, zh=doubt.zh, en=doubt.en, law=doubt.law,
        about=list(doubt.about), facts=facts, evidence=list(doubt.evidence), asked=doubt.asked,
        asked_zh=ASKED_ZH[doubt.asked], query=doubt.query or METHODS[doubt.code],
    )  # fmt: skip


def listed(_office: Office) -> Catalogue:
    """The catalogue as it is read."""
    return Catalogue(items=[_line(doubt) for doubt in CATALOGUE.values()])
