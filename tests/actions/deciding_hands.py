"""决定的手 what the bodies of a flow do in tests: they decide, and it is looked where it stands."""

from typing import Any

from registry.actions import approving
from registry.actions.approving import DecideCommand
from registry.domain.approval import Decision, Step
from registry.domain.request import Request
from tests.actions.case import Hands, accepted, drafted, submitted
from tests.actions.flowed import files_with, flow, in_force

DECIDE = DecideCommand(reason="同意")


def begun(
    hand: Hands,
    *steps: dict[str, Any],
    by: str = "street.clerk",
    filing: dict[str, Any] | None = None,
) -> Request:
    """A request accepted under a flow of these steps."""
    in_force(hand, files_with(flow(*steps)))
    return accepted(hand, submitted(hand, drafted(hand, **(filing or {}))), by=by)


def now(hand: Hands, request: Request) -> Request:
    found: Request = hand("auditor").office.store.reader.get(Request, "990102", request.id)
    return found


def steps_of(hand: Hands, request: Request) -> dict[str, Step]:
    reader = hand("auditor").office.store.reader
    return {s.key: s for s in reader.find(Step, "990102", request_id=request.id)}


def decisions_of(hand: Hands, request: Request) -> list[Decision]:
    reader = hand("auditor").office.store.reader
    return list(reader.find(Decision, "990102", request_id=request.id))


def decides(
    hand: Hands, by: str, request: Request, verb: Any = approving.approve, *,
    order: DecideCommand = DECIDE,
) -> Request:  # fmt: skip
    """What one body decides now, whichever version stands."""
    standing = now(hand, request)
    after: Request = hand(by).do(
        lambda d: verb(d, standing.id, standing.version, order)
    ).request  # fmt: skip
    return after
