"""救济用例 what a worked case expects of declining and of complaints, on the real engine."""

from collections.abc import Callable
from typing import Any

import msgspec

from registry.domain.vocabulary import Gate
from registry.policies.case import Case, Expectation, Failure, differs
from registry.policies.declining import breach_of, right_of
from registry.policies.judge import Judgement, Rulebook

Ask = Callable[[Case], Judgement]
"""The rules' answer to a case at its gate."""


def redressed(case: Case, rulebook: Rulebook, ask: Ask) -> list[Failure]:
    """What is not as the case expects of 不予承接 and 投诉."""
    expect = case.expect or Expectation()
    wrong = _complaints(case, rulebook)
    if not (expect.may_decline or expect.may_not_decline or expect.department_in_breach):
        return wrong
    unadmitted: dict[str, Any] = {"decision": "none", **case.facts}
    start = ask(msgspec.structs.replace(case, gate=Gate.START, facts=unadmitted))
    entering = ask(msgspec.structs.replace(case, gate=Gate.FILE))
    for wanted, grounds in ((True, expect.may_decline), (False, expect.may_not_decline)):
        wrong += [
            differs(
                (f"以「{ground}」为由不予承接", f"declining as {ground}"),
                not wanted,
                wanted,
            )
            for ground in grounds
            if right_of(ground, start, entering).granted is not wanted
        ]
    breach = breach_of(start, entering)
    if expect.department_in_breach and breach is not True:
        wrong.append(differs(("部门违规", "department in breach"), breach, True))
    return wrong


def _complaints(case: Case, rulebook: Rulebook) -> list[Failure]:
    """Who handles a complaint about it, until when, and what may come of it."""
    expect, wrong = case.expect or Expectation(), list[Failure]()
    rule = rulebook.overlay.setting(lambda d: d.complaints)
    bodies = list(rule.bodies) if rule else []
    handling = sorted(rule.handling) if rule else []
    if expect.handled_by and bodies != expect.handled_by:
        wrong.append(differs(("投诉办理主体", "handled by"), bodies, expect.handled_by))
    if expect.handling and handling != sorted(expect.handling):
        wrong.append(differs(("处理方式", "handling"), handling, sorted(expect.handling)))
    clock = rule.answered_in if rule else None
    due = rulebook.calendar.due(clock, case.on)[0] if clock else None
    if (expect.complaint_by or expect.complaint_untimed) and due != expect.complaint_by:
        wrong.append(differs(("投诉答复的末日", "complaint answered by"), due, expect.complaint_by))
    return wrong
