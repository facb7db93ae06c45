"""用例覆盖 every enforced rule is met by one hand-written case and missed by another.

A rule is missed where a case names it under ``not_rules``, or expects another outcome than any of
the rule's rows gives, at a gate of theirs, while the rule does not match.
"""

from collections.abc import Sequence
from typing import Literal

from registry.domain.admission import COLUMNS
from registry.domain.records import Wire
from registry.policies.case import Case
from registry.policies.cases import Result, read_cases
from registry.policies.pack import Pack, Rule

_GATE = COLUMNS.index("gate")
Side = Literal["passing", "failing"]
SIDES_ZH: dict[Side, str] = {"passing": "命中的", "failing": "不命中的"}


class Missing(Wire, frozen=True, kw_only=True):
    """缺少的用例: a rule that no case meets, or none misses."""

    rule: str
    side: Side


def missing_cases(pack: Pack, results: Sequence[Result]) -> list[Missing]:
    """Rules of a pack without a passing or without a failing case, in the pack's order."""
    sound = {result.case: result for result in results if not result.failures}
    cases = [case for case in read_cases(pack) if case.expect and case.id in sound]
    found: list[Missing] = []
    for rule in pack.document.rule:
        if not rule.decides:
            continue
        if not any(case.expect and rule.id in case.expect.rules for case in cases):
            found.append(Missing(rule=rule.id, side="passing"))
        if not any(_missed(case, sound[case.id], rule, pack) for case in cases):
            found.append(Missing(rule=rule.id, side="failing"))
    return found


def _missed(case: Case, result: Result, rule: Rule, pack: Pack) -> bool:
    if case.expect is None or rule.id in case.expect.not_rules:
        return case.expect is not None
    rows = [row for row in pack.rows if row.rule == rule.id]
    if case.gate not in {row.facts[_GATE] for row in rows}:
        return False
    outcomes, wanted = {row.outcome for row in rows}, case.expect.outcome
    return wanted is not None and wanted not in outcomes and rule.id not in result.matched
