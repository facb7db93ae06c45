"""有效 whether an entry may be made at all: an admission that stands, a day within it, an open year
(E2, E3, E15; P17).

What begins something new with money needs work that lives; what carries on or winds up may come
after, as far as it settles what was done while it stood.
"""

from collections.abc import Mapping

from registry.actions.office import Desk
from registry.actions.presences import admitted_still
from registry.domain.accounts import STAGE_ZH, VoucherStage
from registry.domain.approval import Decision, DecisionKind
from registry.domain.closing import Clearance, ClearanceState
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.funds import VoucherCommand, VoucherLine, chain
from registry.domain.presence import STATE_ZH, Presence, PresenceState
from registry.domain.request import Request, State

NOT_ADMITTED = declare(
    "voucher.not_admitted", RefusalKind.CONFLICT,
    "未经准入的事项不得有资金凭证（E2 须有当时有效的准入）",
    "What is not admitted gets no money entry (E2).", recorded=True,
)  # fmt: skip
GONE = declare(
    "voucher.gone", RefusalKind.CONFLICT,
    "该社区的进驻事项现为「{state_zh}」，不能再登记「{stage_zh}」；已完成的工作先清算（E2、E15）",
    "The presence is {state}: no {stage} any more; what was done is cleared first (E2, E15).",
    recorded=True,
)  # fmt: skip
DATED = declare(
    "voucher.dated", RefusalKind.INVALID,
    "业务日期 {dated_on} 须在 {first} 至 {last} 之间（E2 准入有效期内，且不晚于今天）",
    "The business date {dated_on} must lie from {first} to {last}: within the admission, and not "
    "in the future (E2).", recorded=True,
)  # fmt: skip
YEAR = declare(
    "voucher.year", RefusalKind.INVALID,
    "年度 {year} 不对：业务日期为 {dated_on}，该经费项的年度为 {years}（E2 每笔属于一个年度）",
    "Year {year} is wrong: dated {dated_on}, and the funding line's years are {years} (E2).",
    recorded=True,
)  # fmt: skip
OUT = declare(
    "voucher.out", RefusalKind.INVALID,
    "「{stage_zh}」的分录不写 out（调出）：只有调剂分调出和调入（E20）",
    "{stage} says no 'out': a reallocation alone gives and receives (E20).", recorded=True,
)  # fmt: skip
_S = VoucherStage
BEGINNING = frozenset({_S.INCREASE, _S.REALLOCATE, _S.ALLOT, _S.ORDER, _S.ADVANCE})
"""What begins something new with money: only while the work lives, dated within its term."""
CARRYING_ON = frozenset({_S.DISPATCH, _S.EXPENDITURE})
"""What carries out what was ordered, or pays for what was done."""
_PAYING = frozenset({_S.ALLOT, _S.ORDER}) | CARRYING_ON
"""What a clearance lets be done after the end."""
WINDING_UP = frozenset({
    _S.REFUND, _S.SURPLUS, _S.REVERSAL, _S.DECREASE, _S.REPAYMENT,
    _S.STREET_ARRIVAL, _S.COMMUNITY_ARRIVAL,
})  # fmt: skip
"""What may still be recorded when the admission is gone: money on its way arrives, what is left
goes back, what was wrong is taken back (E15)."""
BY_BANK = frozenset({
    _S.DISPATCH, _S.STREET_ARRIVAL, _S.COMMUNITY_ARRIVAL, _S.EXPENDITURE, _S.ADVANCE,
    _S.REPAYMENT, _S.REFUND, _S.SURPLUS,
})  # fmt: skip
"""Dated by the bank: booked in the year of that day."""
_HAD = (State.APPROVED, State.REVOKED, State.CLOSED)
_OVER = frozenset({
    PresenceState.REFUSED, PresenceState.EXITED, PresenceState.EXPIRED, PresenceState.LEGACY,
})  # fmt: skip


def check_rightful(
    desk: Desk, request: Request, command: VoucherCommand, presences: Mapping[str, Presence]
) -> None:
    """Refuse a voucher that no admission stands behind, by state or by day.

    Raises:
        Refusal: ``voucher.not_admitted``, ``voucher.gone``, ``voucher.dated``, ``voucher.year``,
            ``voucher.out``.
    """
    if command.stage is not _S.REALLOCATE and any(entry.out for entry in command.lines):
        raise Refusal(OUT, stage=command.stage.value, stage_zh=STAGE_ZH[command.stage])
    stands = admitted_still(desk, request)
    if not stands and request.state not in _HAD:
        raise Refusal(NOT_ADMITTED)
    _check_days(desk, request, command)
    asked = {(e.presence_id, e.funding_key) for e in command.lines if not e.out}
    for id, key in sorted(asked):
        if (presence := presences.get(id)) is not None:
            _check_living(desk, (presence, stands), key, command)


def _check_living(
    desk: Desk, place: tuple[Presence, bool], funding_key: str, command: VoucherCommand
) -> None:
    presence, stands = place
    stage = command.stage
    if stage in WINDING_UP:
        return
    over = presence.dropped or presence.state in _OVER or not stands
    late = presence.ends_on is not None and command.dated_on > presence.ends_on
    if stage is VoucherStage.EXPENDITURE:
        # What was done while it stood is still paid for.
        blocked = over and presence.started_on is None
    elif stage is VoucherStage.DISPATCH:
        blocked = over and not (presence.state is PresenceState.EXPIRED and stands)
    else:
        blocked = over or late
    if not blocked or _due(desk, presence, funding_key, command):
        return
    if not stands:
        raise Refusal(NOT_ADMITTED)
    if late and not over:
        raise _misdated(command, presence.starts_on, presence.ends_on)
    raise Refusal(
        GONE, state=presence.state.value, state_zh=STATE_ZH[presence.state], stage=stage.value,
        stage_zh=STAGE_ZH[stage], presence_id=presence.id,
    )  # fmt: skip


def _due(desk: Desk, presence: Presence, funding_key: str, command: VoucherCommand) -> bool:
    """Whether it pays what both sides have agreed in a 清算 is still due: no more is asked for after
    the end than was earned, in however many entries, and nothing else is begun (E15)."""
    stage = command.stage
    if stage not in _PAYING:
        return False
    agreed = desk.unit.find(
        Clearance, presence_id=presence.id, state=ClearanceState.AGREED.value
    )  # fmt: skip
    due = [c for c in agreed if c.funding_key == funding_key and c.due_fen]
    if not due or stage is not VoucherStage.ORDER:
        return bool(due)
    held = desk.unit.find(VoucherLine, presence_id=presence.id)
    asked = chain(line for line in held if line.funding_key == funding_key).ordered_fen
    here = (presence.id, funding_key)
    now = sum(e.amount_fen for e in command.lines if (e.presence_id, e.funding_key) == here)
    return asked + now <= due[0].earned_fen


def _check_days(desk: Desk, request: Request, command: VoucherCommand) -> None:
    """Not before the admission was decided, not after today; in the book of its year."""
    days = [
        d.issued_on
        for d in desk.unit.find(Decision, request_id=request.id)
        if d.kind is DecisionKind.ADMITTED
    ]
    if command.dated_on > desk.today or (days and command.dated_on < min(days)):
        raise _misdated(command, min(days, default=None), desk.today)
    year = command.dated_on.year
    wrong = command.fiscal_year != year if command.stage in BY_BANK else command.fiscal_year > year
    if wrong:
        raise Refusal(
            YEAR, year=command.fiscal_year, dated_on=str(command.dated_on), years=str(year)
        )


def _misdated(command: VoucherCommand, first: object, last: object) -> Refusal:
    return Refusal(
        DATED, dated_on=str(command.dated_on), first=str(first or ""), last=str(last or "")
    )


def check_years(desk: Desk, command: VoucherCommand, years: Mapping[tuple[str, str], int]) -> None:
    """Refuse money of a year that its funding line does not have: its own, or one into which it was
    carried over or opened.

    Args:
        years: the fiscal year of each (presence, funding line).

    Raises:
        Refusal: ``voucher.year``.
    """
    for entry in command.lines:
        own = years[entry.presence_id, entry.funding_key]
        if entry.year in (None, own):
            continue
        held = {
            line.year for line in desk.unit.find(VoucherLine, presence_id=entry.presence_id)
            if line.funding_key == entry.funding_key and line.counted
        }  # fmt: skip
        if entry.year not in held:
            told = "、".join(str(year) for year in sorted({own, *held}))
            raise Refusal(YEAR, year=entry.year, dated_on=str(command.dated_on), years=told)
