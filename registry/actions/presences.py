"""启动 the gate between an admitted matter and the community's door."""

from typing import Annotated, Literal

import msgspec

from registry.actions import evidence
from registry.actions.doubting import keeping
from registry.actions.doubting.keeping import Seen
from registry.actions.judging import pass_gate
from registry.actions.office import Answer, Desk
from registry.actions.owing.findings import ARREARS
from registry.actions.walls.laying import hang_for
from registry.domain.agreement import Agreement, Side, Signature
from registry.domain.approval import Decision, DecisionKind
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.funds import VoucherLine, arrived
from registry.domain.presence import (
    MOVE_ZH,
    MOVES,
    STATE_ZH,
    Presence,
    PresenceState,
    Receipt,
    admission_of,
)
from registry.domain.records import Ident, Wire
from registry.domain.request import Request, State
from registry.domain.vocabulary import Gate
from registry.policies.pack import Money

STATE = declare(
    "presence.state", RefusalKind.CONFLICT, "进驻事项现为「{state_zh}」，此时不能办理「{act_zh}」",
    "The presence is {state}; {act} is not possible now.", recorded=True,
)  # fmt: skip
OVER = declare(
    "presence.over", RefusalKind.CONFLICT, "准入期限已于 {ends_on} 届满，须先续期",
    "Its term ended on {ends_on}: it has to be renewed first.", recorded=True,
)  # fmt: skip
NO_CONDITION = declare(
    "condition.unknown", RefusalKind.INVALID, "申请中没有保障条件 {key}",
    "The request has no condition {key}.", recorded=True,
)  # fmt: skip
OUT = declare(
    "condition.out", RefusalKind.INVALID, "发出数量超过已收数量 {held}",
    "More goes out than the {held} that came in.", recorded=True,
)  # fmt: skip


class ReceiptCommand(Wire, frozen=True, kw_only=True):
    """交接登记 (P29)."""

    key: Ident
    direction: Literal["in", "out"] = "in"
    quantity: Annotated[int, msgspec.Meta(ge=1, le=1_000_000_000)]
    document_id: Ident | None = None


def start(desk: Desk, id: str, version: int | None) -> Answer:
    """启动: by the community's head, when decision, agreement and money are what the pack asks."""
    presence = desk.unit.get(Presence, id, lock=True)
    desk.about(presence)
    desk.authorise("presence.start", owners=[presence.organisation_id])
    after = move(presence, "start")
    desk.check_version(presence, version)
    check_term(desk, presence)
    request = desk.unit.get(Request, admission_of(presence))
    state, measured = standing(desk, request, presence)
    pass_gate(desk, Gate.START, request, state=state, about=presence, measured=measured)
    short = state["money"] in ("short", "none")
    changed = desk.unit.change(
        presence, state=after, started_on=desk.today, arrears=short and bool(presence.share_fen)
    )
    if changed.arrears:
        keeping.tell(desk, arrear_of(request, changed, measured))
    hang_for(desk, request, changed)
    desk.about(changed)
    return Answer(body=changed, version=changed.version)


def check_term(desk: Desk, presence: Presence) -> None:
    """Refuse to begin, or go on with, what has run out, though nobody has noted it yet.

    Raises:
        Refusal: ``presence.over``.
    """
    if presence.ends_on is not None and presence.ends_on < desk.today:
        raise Refusal(OVER, ends_on=str(presence.ends_on))


def move(presence: Presence, act: str) -> PresenceState:
    """The state after an act, from the one table of moves.

    Raises:
        Refusal: ``presence.state``.
    """
    after = MOVES[act].get(presence.state)
    if after is None:
        raise misplaced(presence, act)
    return after


def misplaced(presence: Presence, act: str) -> Refusal:
    """The refusal of an act that its present state does not allow."""
    state = presence.state
    return Refusal(
        STATE, state=state.value, state_zh=STATE_ZH[state], act=act, act_zh=MOVE_ZH.get(act, act)
    )


def standing(
    desk: Desk, request: Request, presence: Presence
) -> tuple[dict[str, str], dict[str, int]]:
    """The facts of a presence at a gate, and the numbers behind them, 分."""
    money, measured = _money(desk, presence)
    state = {
        "money": money,
        "agreement": _agreement(desk, presence),
        "decision": "approved" if admitted_still(desk, request) else "none",
    }
    return state, measured


def admitted_still(desk: Desk, request: Request) -> bool:
    """Whether the admission stands: archiving 归档 puts the papers away and ends nothing."""
    if request.state is not State.CLOSED or request.decision_id is None:
        return request.state is State.APPROVED
    return desk.unit.get(Decision, request.decision_id).kind is DecisionKind.ADMITTED


def _money(desk: Desk, presence: Presence) -> tuple[str, dict[str, int]]:
    """到账情况 against what the pack says must have arrived."""
    rule = desk.rulebook().overlay.setting(lambda d: d.money)
    if rule is None or rule.required_at is None or not presence.share_fen:
        return "not_needed", {}
    come = arrived(desk.unit.find(VoucherLine, presence_id=presence.id), rule.arrived_at)
    needed = needed_fen(presence, rule)
    measured = {"needed_fen": needed, "arrived_fen": come, "missing_fen": max(needed - come, 0)}
    if come >= needed:
        return "arrived", measured
    return ("short" if come else "none"), measured


def needed_fen(presence: Presence, rule: Money) -> int:
    """What must have arrived, 分: all, the first instalment, or a percentage rounded up."""
    if rule.required == "first_instalment":
        return presence.first_due_fen
    if rule.required == "percent":
        hundred = 100
        return -(-presence.share_fen * (rule.percent or 0) // hundred)
    return presence.share_fen


def _agreement(desk: Desk, presence: Presence) -> str:
    rule = desk.rulebook().overlay.setting(lambda d: d.agreement)
    if rule is None or not rule.required:
        return "not_needed"
    editions = {a.id: a.edition for a in desk.unit.find(Agreement, request_id=presence.request_id)}
    signed = {
        s.side for s in desk.unit.find(Signature, presence_id=presence.id)
        if editions.get(s.agreement_id) == s.edition
    }  # fmt: skip
    return "signed" if signed == set(Side) else "unsigned"


def arrear_of(request: Request, presence: Presence, measured: dict[str, int]) -> Seen:
    """应付未付: work goes on, both sides are told (P4)."""
    return Seen(
        ARREARS, f"{presence.id}.arrear", presence.id, request.applicant_id, presence.area_path,
        {**measured, "amount_fen": measured["missing_fen"]} if measured else {},
    )  # fmt: skip


def receive(desk: Desk, id: str, version: int | None, command: ReceiptCommand) -> Answer:
    """签收: the community receives staff, training, equipment or goods it was promised."""
    presence = desk.unit.get(Presence, id, lock=True)
    desk.about(presence)
    desk.authorise("condition.receive", owners=[presence.organisation_id])
    desk.check_version(presence, version)
    if presence.state in (PresenceState.EXITED, PresenceState.REFUSED):
        raise misplaced(presence, "receive")
    request = desk.unit.get(Request, admission_of(presence))
    if command.key not in {c.key for c in request.filing.conditions}:
        raise Refusal(NO_CONDITION, key=command.key)
    evidence.check(desk, [command.document_id], id, request.id)
    held = sum(
        r.quantity if r.direction == "in" else -r.quantity
        for r in desk.unit.find(Receipt, presence_id=id) if r.key == command.key
    )  # fmt: skip
    if command.direction == "out" and command.quantity > held:
        raise Refusal(OUT, held=held)
    receipt = desk.unit.add(
        Receipt(
            county=desk.unit.county,
            id=desk.id("rcp"),
            presence_id=id,
            request_id=request.id,
            key=command.key,
            direction=command.direction,
            quantity=command.quantity,
            document_id=command.document_id,
            recorded_by=desk.actor.person_id,
            happened_on=desk.today,
            recorded_at=desk.now,
        )
    )
    return Answer(body=receipt, version=presence.version)
