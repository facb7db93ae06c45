"""不予承接的依据 on which grounds a community may decline before it begins, by the clauses in force today.

What a community says so of one matter is weighed by itself (``redress``); here stands what the
rules say to everybody (权随责走、费随事转).
"""

from datetime import date

from registry.domain.admission import COLUMNS
from registry.domain.records import Wire
from registry.domain.redress import GROUND_ZH, Ground
from registry.domain.vocabulary import Gate
from registry.policies.declining import CLAIMS, Claim
from registry.policies.judge import Rulebook
from registry.policies.overlay import Governing
from registry.policies.pack import TableRow

_DENIES = "deny"
_ANY = "*"


class GroundClause(Wire, frozen=True, kw_only=True):
    """一条依据: a ground, and the rule that stands behind it."""

    ground: Ground
    ground_zh: str
    clause: str
    sentence: str
    sentence_en: str


class DecliningRule(Wire, frozen=True, kw_only=True):
    """不予承接怎么规定的."""

    right: bool | None
    """Whether the packs grant the right to decline; ``None`` = they are silent."""
    grounds: list[GroundClause]


def declining_rule(book: Rulebook, on: date) -> DecliningRule:
    """Grounds that the rules measure before a matter begins, each with its clauses once."""
    rows = book.overlay.active(Governing(applied=on, decided=on, entered=on)).rows
    found: dict[tuple[str, str], GroundClause] = {}
    for ground, claim in _claims().items():
        for one in rows:
            if one.rule.decides and _claimed(one.row, claim):
                found.setdefault((ground, one.rule.clause), GroundClause(
                    ground=ground, ground_zh=GROUND_ZH[ground], clause=one.rule.clause,
                    sentence=one.rule.sentence, sentence_en=one.rule.sentence_en,
                ))  # fmt: skip
    return DecliningRule(right=book.overlay.effects[None][0], grounds=list(found.values()))


def _claims() -> dict[Ground, Claim]:
    """Those asked when it is to begin; grounds that claim the same count once."""
    found: dict[Ground, Claim] = {}
    for ground, claim in CLAIMS.items():
        if claim.gate is Gate.START and claim not in found.values():
            found[ground] = claim
    return found


def _claimed(row: TableRow, claim: Claim) -> bool:
    cells = dict(zip(COLUMNS, row.facts, strict=True))
    return row.eft == _DENIES and cells["gate"] in (_ANY, claim.gate.value) and any(
        all(cells[column] in values for column, values in facts.items()) for facts in claim.facts
    )  # fmt: skip
