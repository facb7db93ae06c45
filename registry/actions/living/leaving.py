"""退出 a matter leaves one community, or all of them: by the procedure of the packs, or, where they
give none, by who asks it, or by order of who decided it (M22).
"""

from typing import Annotated

import msgspec

from registry.actions.afterwards.amended import running
from registry.actions.afterwards.amending import still_running
from registry.actions.afterwards.settled import check_at_rest, check_unchanging
from registry.actions.filing import owners, put_down
from registry.actions.granting import admitted
from registry.actions.judging import pass_gate
from registry.actions.living.departing import Why, depart
from registry.actions.living.sides import deciding_side
from registry.actions.office import Answer, Desk
from registry.actions.owing.lateness import settled_fact
from registry.actions.presences import admitted_still, misplaced, move
from registry.actions.views import RequestView, view
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.living import Departure
from registry.domain.presence import MOVES, Presence, admission_of
from registry.domain.records import Wire
from registry.domain.request import Purpose, Request
from registry.domain.vocabulary import Gate, Trigger
from registry.policies.dictionary import code_zh
from registry.policies.measures import Exit

TRIGGER = declare(
    "exit.trigger", RefusalKind.INVALID, "规则没有把「{trigger_zh}」作为可以提出退出的事由",
    "The rules do not let anybody ask to leave for {trigger}.", recorded=True,
)  # fmt: skip
NOWHERE = declare(
    "exit.nowhere", RefusalKind.CONFLICT, "该事项已不在任何社区，没有可以退出的",
    "The matter is in no community any more; there is nothing to leave.", recorded=True,
)  # fmt: skip
_OF_ITSELF = frozenset({Trigger.EXPIRED, Trigger.REVOKED})
"""What brings a matter to leave without anybody's asking: its date, or a decision of its own."""


class LeaveCommand(Wire, frozen=True, kw_only=True):
    """退出: what brings it about, and why."""

    trigger: Trigger
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=20_000, pattern=r"\S")]


class Leaving(Wire, frozen=True, kw_only=True):
    """退出办理: what has left already, or the request by which it is asked for."""

    departures: list[Departure] = []
    request: RequestView | None = None
    """The draft, where the packs want a procedure: to be signed and decided like any other."""


def leave_one(desk: Desk, id: str, version: int | None, command: LeaveCommand) -> Answer:
    """退出一个社区."""
    presence = desk.unit.get(Presence, id, lock=True)
    desk.about(presence)
    request = desk.unit.get(Request, admission_of(presence), lock=True)
    rule = _let(desk, request)
    move(presence, "exit")
    desk.check_version(presence, version)
    told = _go(desk, request, [presence], (command, rule))
    after = desk.unit.get(Presence, id)
    desk.about(after)
    return Answer(body=told, version=after.version)


def leave_all(desk: Desk, request_id: str, version: int | None, command: LeaveCommand) -> Answer:
    """整项退出: out of every community in which it still is."""
    request = desk.unit.get(Request, request_id, lock=True)
    desk.about(request)
    rule = _let(desk, request)
    desk.check_version(request, version)
    every = desk.unit.find(Presence, request_id=request.id)
    there = [p for p in every if p.state in MOVES["exit"]]
    if not there:
        raise Refusal(NOWHERE)
    told = _go(desk, request, there, (command, rule))
    return Answer(body=told, version=desk.unit.get(Request, request_id).version)


def leave_decided(desk: Desk, request: Request, command: LeaveCommand) -> Leaving:
    """整项退出 that was decided elsewhere (年度评估): who may decide it was asked there."""
    rule = desk.rulebook().overlay.setting(lambda d: d.exit)
    there = [p for p in desk.unit.find(Presence, request_id=request.id) if p.state in MOVES["exit"]]
    if not there:
        raise Refusal(NOWHERE)
    return _go(desk, request, there, (command, rule))


def _let(desk: Desk, request: Request) -> Exit | None:
    """What the packs say of leaving, and whether this person may bring it about."""
    rule = desk.rulebook().overlay.setting(lambda d: d.exit)
    by_order = [] if _by_procedure(rule) else deciding_side(desk, request)
    desk.authorise("request.leave", owners=[*owners(request), *by_order])
    return rule


def _by_procedure(rule: Exit | None) -> bool:
    return rule is not None and bool(rule.flow or rule.same_procedure)


def _go(
    desk: Desk, request: Request, there: list[Presence], asked: tuple[LeaveCommand, Exit | None]
) -> Leaving:
    command, rule = asked
    stated = rule.triggers if rule is not None else []
    if command.trigger in _OF_ITSELF or (stated and command.trigger not in stated):
        told = command.trigger
        raise Refusal(TRIGGER, trigger=told.value, trigger_zh=code_zh(told))
    check_at_rest(desk, request)
    if _by_procedure(rule):
        return Leaving(request=view(desk, _drafted(desk, request, there, command)))
    check_unchanging(desk, request)
    return Leaving(departures=_gone(desk, request, there, command))


def _drafted(desk: Desk, request: Request, there: list[Presence], command: LeaveCommand) -> Request:
    """The request to leave: what was admitted, of these communities."""
    if not admitted_still(desk, request) or request.amends is not None:
        raise misplaced(there[0], "exit")
    if under_way := running(desk, request):
        raise still_running(under_way[0])
    whole = admitted(desk, request)
    every = desk.unit.find(Presence, request_id=request.id)
    left = {p.id for p in there}
    stays = any(p.id not in left and p.state in MOVES["exit"] for p in every)
    areas = list(dict.fromkeys(p.area_id for p in there))
    receivers = list(dict.fromkeys(p.receiver for p in there))
    fewer = msgspec.structs.replace(whole, targets=areas, receivers=receivers)
    filing = fewer if stays else whole
    return put_down(
        desk, filing, request.recorded_by_organisation_id, amends=request,
        purpose=Purpose.LEAVE, trigger=command.trigger, leave_reason=command.reason,
    )  # fmt: skip


def _gone(
    desk: Desk, request: Request, there: list[Presence], command: LeaveCommand
) -> list[Departure]:
    """Out at once: the department withdraws it, or who decided it orders so."""
    state = {
        "trigger": command.trigger.value,
        "decision": "approved" if admitted_still(desk, request) else "none",
        "settled": settled_fact(desk, there),
    }
    about = there[0] if len(there) == 1 else request
    verdict = pass_gate(desk, Gate.EXIT, request, state=state, about=about)
    left = [
        desk.unit.change(
            p, state=move(p, "exit"), ended_from=p.state, ended_why=command.reason
        )
        for p in there
    ]  # fmt: skip
    why = Why(trigger=command.trigger, reason=command.reason, verdict_id=verdict.id)
    return depart(desk, left, why)
