"""现行范围 of a case that was admitted in part, what is in force is judged anew, not what was asked."""

import msgspec

from registry.actions.granting import inherited
from registry.actions.office import Desk
from registry.domain.admission import Verdict
from registry.domain.approval import Decision
from registry.domain.grant import narrowed
from registry.domain.vocabulary import Gate, Outcome
from registry.store.footing import Kept
from registry.store.scan import Case, Whole


def as_granted(
    desk: Desk, case: Case, whole: Whole, held: Kept | None
) -> tuple[Whole, Kept | None]:
    """A case with its filing as far as it was granted, and what the register counted when that was
    approved; as asked, where everything was granted."""
    decision = desk.unit.maybe(Decision, case.narrowed_by) if case.narrowed_by else None
    if decision is None or decision.grant is None:
        return whole, held
    filing = narrowed(whole.filing(), inherited(desk, decision.grant))
    body = msgspec.json.encode({"filing": filing}).decode()
    return whole._replace(body=body), _approved_on(desk, decision)


def _approved_on(desk: Desk, decision: Decision) -> Kept | None:
    """What the last verdict at the gate of approval was made from: it was asked about the grant."""
    made = desk.unit.find(
        Verdict, request_id=decision.request_id, gate=[Gate.APPROVE.value, Gate.RENEW.value],
        outcome=Outcome.ALLOWED.value,
    )  # fmt: skip
    if not made:
        return None
    last = max(made, key=lambda v: (v.governing["decided"], v.id))
    return Kept(facts=msgspec.Raw(msgspec.json.encode(last.facts)), reading=last.reading)
