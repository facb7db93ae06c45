"""作废 of a number: dead and never given again; the same decision stands under another (P14)."""

from typing import Annotated

import msgspec

from registry.actions.afterwards.settled import key_of, tell_asking
from registry.actions.numbering import take_number
from registry.actions.office import Answer, Desk
from registry.actions.ties import of_case
from registry.actions.vouching.issuing import vouch
from registry.domain.afterwards import Review, Revocation
from registry.domain.approval import Decision
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.outcome import StreetOutcome
from registry.domain.presence import Presence
from registry.domain.records import Record, Wire
from registry.domain.request import Request

VOID = declare(
    "decision.voided", RefusalKind.CONFLICT, "文号 {number} 已作废",
    "Number {number} is void already.", recorded=True,
)  # fmt: skip


class VoidCommand(Wire, frozen=True, kw_only=True):
    """作废: why."""

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=2000, pattern=r"\S")]


def void(desk: Desk, id: str, version: int | None, command: VoidCommand) -> Answer:
    """作废一个文号: in the same act the decision is issued again under a new one."""
    old = desk.unit.get(Decision, id)
    request = desk.unit.get(Request, old.request_id, lock=True)
    old = desk.unit.get(Decision, id, lock=True)
    desk.about(old)
    desk.authorise("decision.void", owners=[old.organisation_id], ties=of_case(desk, request))
    check_stands(old)
    desk.check_version(old, version)
    body = desk.places.now(old.organisation_id)
    key = key_of(desk, request, body.id)
    new = desk.unit.add(
        msgspec.structs.replace(
            old, id=desk.id("dec"), version=1, replaces=old.id, reissued_on=desk.today,
            organisation_id=body.id, body_name=body.name,
            number=take_number(desk, request, body, kind=old.kind, key=key),
        )
    )  # fmt: skip
    desk.unit.change(old, voided_on=desk.today, void_reason=command.reason)
    _point(desk, request, old, new)
    vouch(desk, desk.unit.get(Request, request.id))
    tell_asking(desk, request, (f"文号 {old.number} 作废，改为 {new.number}",
                                f"{old.number} is void; it is {new.number} now"), new)  # fmt: skip
    desk.about(new)
    desk.note = {"voided": old.number}
    return Answer(body=new, version=new.version)


def check_stands(decision: Decision) -> None:
    """Refuse what is done to a number that is void: it stands under another.

    Raises:
        Refusal: ``decision.voided``.
    """
    if decision.voided_on is not None:
        raise Refusal(VOID, number=decision.number)


_NAMING: tuple[tuple[type[Record], str], ...] = (
    (Presence, "ended_by"), (StreetOutcome, "decision_id"),
    (Revocation, "decision_id"), (Revocation, "result_id"),
    (Review, "decision_id"), (Review, "result_id"),
)  # fmt: skip
"""Where a decision is named that stands, or by which something came about."""


def _point(desk: Desk, request: Request, old: Decision, new: Decision) -> None:
    """Whatever named the old decision as the one in force names the new one: in the case, and in
    what it changed."""
    cases = [request.id, request.amends or request.id]
    for held in desk.unit.find(Request, id=cases):
        if held.decision_id == old.id:
            narrowed = new.id if held.narrowed_by == old.id else held.narrowed_by
            desk.unit.change(held, decision_id=new.id, narrowed_by=narrowed)
    for kind, field in _NAMING:
        for row in desk.unit.find(kind, request_id=cases):
            if getattr(row, field) == old.id:
                desk.unit.change(row, **{field: new.id})
