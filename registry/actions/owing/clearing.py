"""清算 what work is worth by the quantity accepted, against what was paid for it (P6, E11, E15).

Drawn up by who asked or pays, or by the office; it counts once the head of the community agrees.
"""

from collections.abc import Sequence
from typing import Annotated, NamedTuple

import msgspec

from registry.actions import evidence
from registry.actions.granting import admitted
from registry.actions.ledger.posting import lines_of
from registry.actions.living.departing import money_down
from registry.actions.living.sides import asking_side
from registry.actions.numbering import take_paper_number
from registry.actions.office import Answer, Desk
from registry.actions.outbox import Message, heads, tell
from registry.actions.owing.cleared import ENDED, UNDER_WAY, carry_out, own_lines
from registry.actions.owing.disputing import check_settled
from registry.actions.owing.reckoning import STANDING, accepted_of
from registry.actions.ties import acting
from registry.domain.accounts import ACCOUNT_ZH, balances
from registry.domain.closing import Clearance, ClearanceState
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.funding import FundingLine
from registry.domain.funds import VoucherLine, chain, flows
from registry.domain.living import Departure, DepartureState
from registry.domain.notice import NoticeKind
from registry.domain.owing import Accepted, settles
from registry.domain.people import PostView
from registry.domain.presence import Presence, PresenceState, admission_of
from registry.domain.reckoning import reckon, yuan
from registry.domain.records import Count, Fen, Ident, Wire
from registry.domain.request import Request, State
from registry.domain.serial import Paper
from registry.domain.shares import Delivered

LINE = declare(
    "clearance.line", RefusalKind.INVALID, "该事项没有经费项 {line}",
    "The matter has no funding line {line}.", recorded=True,
)  # fmt: skip
UNACCEPTED = declare(
    "clearance.unaccepted", RefusalKind.CONFLICT,
    "事项仍在执行且没有通过的验收，不能清算；请先验收（P6 按验收数量清算）",
    "It is still at work and nothing of it was accepted: accept first (P6).", recorded=True,
)  # fmt: skip
MOVING = declare(
    "clearance.under_way", RefusalKind.CONFLICT,
    "「{account_zh}」还有 {amount} 在办理中，到账、作废或者冲销之后再清算（E15 撤销后未用的核定须了结）",
    "{amount} is under way in {account}; clear once it has arrived or was taken back (E15).",
    recorded=True,
)  # fmt: skip
FIGURE = declare(
    "clearance.figure", RefusalKind.INVALID,
    "该经费项没有按数量计的公式，提前结束的，须写明双方认可的数额并附依据（E11、E15）",
    "Its terms give only the whole: state the figure both sides agree on, with its paper (E11).",
    recorded=True,
)  # fmt: skip
FORMULA = declare(
    "clearance.formula", RefusalKind.INVALID,
    "写明的 {agreed} 与按公式计算的 {reckoned} 不符（E11 测算可复算）",
    "The figure stated is {agreed}, the terms give {reckoned} (E11).", recorded=True,
)  # fmt: skip
DONE = declare(
    "clearance.state", RefusalKind.CONFLICT, "该清算已经同意，或者已被新的清算取代",
    "It was agreed to already, or drawn anew since.", recorded=True,
)  # fmt: skip
OUTDATED = declare(
    "clearance.outdated", RefusalKind.CONFLICT, "草拟清算之后账目有变，请重新草拟",
    "The books have changed since it was drawn: draw it anew.", recorded=True,
)  # fmt: skip
_LEFT = frozenset({PresenceState.EXITED, PresenceState.EXPIRED, PresenceState.REFUSED})


class ClearanceCommand(Wire, frozen=True, kw_only=True):
    """清算: of which funding line, by what was accepted."""

    funding_key: Ident
    quantity: Count | None = None
    """Absent = what the acceptances add up to."""
    amount_fen: Fen | None = None
    """Of 报账: claims found good; of a ratio: the base as it turned out."""
    stages: Annotated[list[Ident], msgspec.Meta(max_length=60)] = []
    """Stages of a project; absent = those that were accepted."""
    agreed_fen: Fen | None = None
    """双方认可: where the terms give only the whole and the work ended before its time."""
    document_id: Ident | None = None


class _Figures(NamedTuple):
    earned_fen: int
    paid_fen: int
    refund_fen: int
    beyond_fen: int

    @property
    def due_fen(self) -> int:
        return max(self.earned_fen - self.paid_fen, 0)


def draw(desk: Desk, id: str, version: int | None, command: ClearanceCommand) -> Answer:
    """草拟清算 of one funding line in one community; it takes the place of one not agreed to."""
    # As whoever records a voucher does: the request is held first, then the presence.
    request = desk.unit.get(Request, admission_of(desk.unit.get(Presence, id)), lock=True)
    presence = desk.unit.get(Presence, id, lock=True)
    desk.about(presence)
    line = next((f for f in admitted(desk, request).funding if f.key == command.funding_key), None)
    whose = [*asking_side(request, presence), *([line.payer_id] if line and line.payer_id else [])]
    desk.authorise("clearance.draw", owners=whose, paths=[presence.area_path])
    desk.check_version(presence, version)
    if line is None or not line.paid_out:
        raise Refusal(LINE, line=command.funding_key)
    evidence.check(desk, [command.document_id], id, request.id)
    accepted = accepted_of(desk, presence)
    reason = _reason(request, presence, accepted)
    for before in _others(desk, presence, line, (ClearanceState.DRAWN,)):
        desk.unit.change(before, state=ClearanceState.VOID)
    drawn = desk.unit.add(_drawn(desk, (request, presence, line), reason, (command, accepted)))
    _tell(desk, drawn, drawn.organisation_id, ("请核对清算", "Please look at the clearance"))
    desk.about(drawn)
    return Answer(body=drawn, version=drawn.version)


def _reason(request: Request, presence: Presence, accepted: Accepted) -> str:
    """What it is cleared for: derived from what happened, never typed."""
    if request.state is State.REVOKED:
        return "revoked"
    if presence.dropped or presence.state in _LEFT:
        return "exited"
    if accepted.on is None and presence.state is not PresenceState.COMPLETED:
        raise Refusal(UNACCEPTED)
    return "accepted"


def _drawn(
    desk: Desk, of: tuple[Request, Presence, FundingLine], reason: str,
    told: tuple[ClearanceCommand, Accepted],
) -> Clearance:  # fmt: skip
    (request, presence, line), (command, accepted) = of, told
    lines = [x for x in lines_of(desk, [presence.id]) if x.funding_key == line.key]
    quantity = accepted.quantity if command.quantity is None else command.quantity
    share_fen = chain(lines).approved_fen
    stages = command.stages or [*accepted.stages]
    given = Delivered(quantity=quantity, amount_fen=command.amount_fen, stages=stages)
    earned = _earned((line, share_fen), given, reason, command)
    figures, id = _figures(lines, earned), desk.id("clr")
    payer = desk.places.organisation(line.payer_id or request.applicant_id)
    return Clearance(
        county=desk.unit.county, id=id, presence_id=presence.id,
        request_id=request.id, funding_key=line.key, year=line.fiscal_year,
        area_path=presence.area_path, organisation_id=presence.organisation_id,
        payer_id=payer.id, number=take_paper_number(desk, Paper.CLEARANCE, payer, object_id=id),
        reason=reason, quantity=quantity,
        formula=_words(line, quantity, figures, share_fen), earned_fen=figures.earned_fen,
        paid_fen=figures.paid_fen, due_fen=figures.due_fen, refund_fen=figures.refund_fen,
        beyond_fen=figures.beyond_fen, drawn_by=desk.actor.person_id,
        drawn_for=desk.on_behalf_of, drawn_on=desk.today, document_id=command.document_id,
    )  # fmt: skip


def _earned(
    of: tuple[FundingLine, int], given: Delivered, reason: str, command: ClearanceCommand
) -> int:
    line, share_fen = of
    reckoned, agreed = settles(line, share_fen, given), command.agreed_fen
    if reckoned is not None:
        if agreed not in (None, reckoned):
            raise Refusal(FORMULA, agreed=yuan(agreed or 0), reckoned=yuan(reckoned),
                          invariant="E11")  # fmt: skip
        return reckoned
    if agreed is None and reason not in ENDED:
        return share_fen
    if agreed is None or command.document_id is None:
        raise Refusal(FIGURE, invariant="E15")
    if agreed > share_fen:
        raise Refusal(FORMULA, agreed=yuan(agreed), reckoned=yuan(share_fen), invariant="E11")
    return agreed


def _figures(lines: list[VoucherLine], earned_fen: int) -> _Figures:
    """What is earned, paid, and to be given back, 分; nothing may be under way.

    Raises:
        Refusal: ``clearance.under_way``.
    """
    held = balances(flows(lines))
    waiting = next((x for x in lines if not x.counted and not x.voided and x.debit), None)
    moving = next(((s.account, f) for s, f in sorted(held.items())
                   if s.account in UNDER_WAY and f), None)  # fmt: skip
    if moving is None and waiting is not None and waiting.debit is not None:
        moving = (waiting.debit, waiting.amount_fen)
    if moving is not None:
        raise Refusal(MOVING, account=moving[0].value, account_zh=ACCOUNT_ZH[moving[0]],
                      amount=yuan(moving[1]), invariant="E15")  # fmt: skip
    books = chain(lines)
    over = max(books.dispatched_fen - earned_fen, 0)
    back = min(over, books.held_fen + books.balance_fen)
    return _Figures(earned_fen, books.dispatched_fen, back, over - back)


def _words(line: FundingLine, quantity: int | None, figures: _Figures, share_fen: int) -> str:
    """The reckoning in words and figures, that anybody may do again (E11)."""
    unit = line.unit or str(getattr(line.formula, "unit", ""))
    if line.formula is not None:
        terms = reckon(line.formula).words_zh
    elif line.rate_fen:
        terms = f"{yuan(line.rate_fen)}/{line.unit or '单位'} × {line.quantity:,}{line.unit}"
    else:
        terms = line.basis or "定额"
    counted = f"；认可数量 {quantity:,}{unit}" if quantity is not None else ""
    beyond = f"；已支出未获认可 {yuan(figures.beyond_fen)}" if figures.beyond_fen else ""
    return (
        f"公式：{terms}{counted}；本社区核定 {yuan(share_fen)}；应付 {yuan(figures.earned_fen)}；"
        f"已付 {yuan(figures.paid_fen)}；应补付 {yuan(figures.due_fen)}；"
        f"应退回 {yuan(figures.refund_fen)}{beyond}"
    )


def agree(desk: Desk, id: str, version: int | None) -> Answer:
    """同意清算: by the head of the community, another person than who drew it up; the open pledge
    of what has ended is withdrawn, and what is due either way begins its clock."""
    named = desk.unit.get(Clearance, id)
    request = desk.unit.get(Request, named.request_id, lock=True)
    presence = desk.unit.get(Presence, named.presence_id, lock=True)
    drawn = desk.unit.get(Clearance, id, lock=True)
    desk.about(drawn)

    def ties(post: PostView) -> list[str]:
        return ["recorded"] if {drawn.drawn_by, drawn.drawn_for} & acting(desk, post) else []

    desk.authorise("clearance.agree", owners=[presence.organisation_id], ties=ties)
    if drawn.state is not ClearanceState.DRAWN:
        raise Refusal(DONE)
    check_settled(desk, drawn)
    desk.check_version(drawn, version)
    lines = own_lines(lines_of(desk, [presence.id]), drawn)
    now = _figures(lines, drawn.earned_fen)
    if (now.paid_fen, now.refund_fen) != (drawn.paid_fen, drawn.refund_fen):
        raise Refusal(OUTDATED)
    line = next(f for f in admitted(desk, request).funding if f.key == drawn.funding_key)
    for before in _others(desk, presence, line, STANDING):
        desk.unit.change(before, state=ClearanceState.VOID)
    after = carry_out(desk, _agreed(desk, drawn))
    words = ("清算已经社区同意", "The community agreed to the clearance")
    _tell(desk, after, after.payer_id, words)
    for left in desk.unit.find(
        Departure, presence_id=presence.id, state=DepartureState.OPEN.value
    ):  # fmt: skip
        money_down(desk, left)
    desk.about(after)
    return Answer(body=after, version=after.version)


def _agreed(desk: Desk, drawn: Clearance) -> Clearance:
    rule = desk.rulebook().overlay.setting(lambda d: d.clearance)
    due, guessed = None, False
    if drawn.refund_fen and rule is not None:
        due, guessed = desk.rulebook().calendar.due(rule.refund_within, desk.today)
    return desk.unit.change(
        drawn, state=ClearanceState.AGREED, agreed_by=desk.actor.person_id,
        agreed_on=desk.today, refund_due_on=due, refund_due_provisional=guessed,
    )  # fmt: skip


def _others(
    desk: Desk, presence: Presence, line: FundingLine, states: Sequence[ClearanceState]
) -> list[Clearance]:
    """Those of the same funding line, of which one alone stands at a time."""
    told = [state.value for state in states]
    held = desk.unit.find(Clearance, presence_id=presence.id, state=told)
    return [one for one in held if one.funding_key == line.key]


def _tell(desk: Desk, about: Clearance, whom: str, words: tuple[str, str]) -> None:
    title = desk.unit.get(Presence, about.presence_id).title
    message = Message(
        kind=NoticeKind.AFTERWARDS, request_id=about.request_id, text=f"{words[0]}：{title}",
        text_en=f"{words[1]}: {title}",
    )  # fmt: skip
    tell(desk, heads(desk, whom), message, about)
