"""存量研判 what the rules' answers mean for a matter that is there without an admission (P11).

It is asked twice: as if it came in today, and whether it may go on unadmitted. Where a pack says of
the second that it may not (the old leave when the rule begins), it goes, whatever could be applied
for.
"""

from collections.abc import Callable

import msgspec

from registry.domain.existing import Standing
from registry.domain.vocabulary import Gate, Outcome
from registry.policies.case import Case, Failure, differs
from registry.policies.judgement import Judgement

UNADMITTED = {"decision": "none", "agreement": "not_needed", "money": "not_needed"}
"""Facts of what nobody has decided, agreed or paid by an admission; that it owes nothing by one
either is not held against it."""
_STANDING: dict[Outcome, Standing] = {
    Outcome.LISTED: Standing.STANDS,
    Outcome.EXEMPT: Standing.STANDS,
    Outcome.ALLOWED: Standing.STANDS,
    Outcome.NEEDS_APPROVAL: Standing.NEEDS_ADMISSION,
    Outcome.DISCRETIONARY: Standing.NEEDS_ADMISSION,
    Outcome.PURCHASE: Standing.NEEDS_ADMISSION,
    Outcome.REFUSED: Standing.MUST_GO,
    Outcome.HUMAN_REVIEW: Standing.ASK,
    Outcome.OUT_OF_SCOPE: Standing.ASK,
}


def decisive(entering: Judgement, going_on: Judgement) -> Judgement:
    """The answer that decides of the two."""
    return going_on if going_on.outcome is Outcome.REFUSED else entering


def standing_of(outcome: Outcome) -> Standing:
    """What an outcome means for what is there."""
    return _STANDING[outcome]


def stocktaken(case: Case, ask: Callable[[Case], Judgement]) -> list[Failure]:
    """What is not as a worked case expects of 存量研判."""
    wanted = case.expect.existing if case.expect else None
    if wanted is None:
        return []
    entering = ask(msgspec.structs.replace(case, gate=Gate.FILE))
    alone = {**UNADMITTED, **case.facts}
    going_on = ask(msgspec.structs.replace(case, gate=Gate.CONTINUE, facts=alone))
    found = standing_of(decisive(entering, going_on).outcome)
    return [] if found is wanted else [differs(("存量研判", "existing"), found, wanted)]
