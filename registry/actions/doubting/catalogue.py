"""疑点目录 every finding about money that a tick or an act may open, by its code."""

from registry.actions.doubting import words
from registry.actions.office import Office
from registry.actions.owing import findings as owed
from registry.actions.paying import settling as paid
from registry.actions.reconciling import doubts as told
from registry.actions.spending import doubts as spent
from registry.actions.years import doubts as turned
from registry.domain.records import Wire


class DoubtLine(Wire, frozen=True, kw_only=True):
    """疑点种类: what is said of it, neutrally, and the clause it is seen in the light of."""

    code: str
    zh: str
    en: str
    law: str = ""


class Catalogue(Wire, frozen=True, kw_only=True):
    """疑点目录."""

    items: list[DoubtLine]
    """In the order of their codes."""


def _all() -> dict[str, DoubtLine]:
    lines = [DoubtLine(code=d.code, zh=d.zh, en=d.en, law=d.law) for d in words.DOUBTS]
    lines += [DoubtLine(code=c, zh=s.zh, en=s.en) for c, s in owed.CODES.items()]
    lines += [DoubtLine(code=c, zh=d.zh, en=d.en, law=d.law) for c, d in spent.DOUBTS.items()]
    lines += [DoubtLine(code=d.code, zh=d.detail, en=d.detail_en) for d in told.DOUBTS]
    lines += [DoubtLine(code=d.code, zh=d.zh, en=d.en, law=d.law) for d in turned.DOUBTS]
    lines += [DoubtLine(code=c, zh=zh, en=en) for c, (zh, en, _) in paid.FINDINGS.items()]
    return {line.code: line for line in sorted(lines, key=lambda line: line.code)}


CATALOGUE = _all()


def listed(_office: Office) -> Catalogue:
    """The catalogue as it is read."""
    return Catalogue(items=list(CATALOGUE.values()))
