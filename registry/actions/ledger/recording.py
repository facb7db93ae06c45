"""登记凭证 vouchers are recorded by one person and confirmed by another (C7, E6, E13).

An order by the department, a dispatch by finance, an arrival by who received, an expenditure by the
community's cashier: each on a voucher of its own, with its own date.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from registry.actions import evidence
from registry.actions.budgeting.splitting import check_indicators, covered
from registry.actions.filing import owners
from registry.actions.judging import pass_gate
from registry.actions.ledger.agents import check_agent
from registry.actions.ledger.closed import check_open
from registry.actions.ledger.custody import Entered, Ways, custody_on
from registry.actions.ledger.grounds import check_grounds
from registry.actions.ledger.knowing import Known, known_of, read_ahead
from registry.actions.ledger.posting import post
from registry.actions.ledger.reversing import reversal
from registry.actions.ledger.rightful import check_rightful, check_years
from registry.actions.ledger.sent import check_sent
from registry.actions.office import FORBIDDEN, Answer, Desk
from registry.actions.paying.queueing import queued
from registry.actions.spending.asking import check_untold
from registry.domain import document_number
from registry.domain.accounts import CHOSEN, STAGE_ZH, STAGES, Move, VoucherStage
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.funds import (
    Entry,
    Voucher,
    VoucherCommand,
    VoucherLine,
    VoucherState,
)
from registry.domain.paying import Payment
from registry.domain.presence import Presence
from registry.domain.records import Wire
from registry.domain.request import Request
from registry.domain.vocabulary import ZH, Gate

SUM = declare(
    "voucher.sum", RefusalKind.INVALID, "分录合计 {lines_fen:元}与凭证总额 {total_fen:元}不符",
    "The lines sum to {lines_fen:yuan}, the voucher says {total_fen:yuan}.", recorded=True,
)  # fmt: skip
FOREIGN_LINE = declare(
    "voucher.line", RefusalKind.INVALID, "分录 {presence}/{line} 不属于该申请",
    "Line {presence}/{line} does not belong to the request.", recorded=True,
)  # fmt: skip
NUMBER = declare(
    "voucher.number", RefusalKind.CONFLICT,
    "凭证号 {number} 在该年度已用过，作废的号码也不再使用，请换一个（E13 凭证号不得重复）",
    "Voucher number {number} is taken in that year, a void one stays so: use another (E13).",
    recorded=True,
)  # fmt: skip
PAYER = declare(
    "voucher.payer", RefusalKind.INVALID, "该经费项的付款方是 {payer}（E4 付款方随依据）",
    "That funding line is paid by {payer} (E4).", recorded=True,
)  # fmt: skip
STAGE = declare(
    "voucher.stage", RefusalKind.INVALID,
    "该社区的资金管理模式为「{custody_zh}」，没有「{stage_zh}」环节，依次为：{stages_zh}（E7）",
    "That community's custody is {custody}: there is no stage {stage}, but {stages} (E7).",
    recorded=True,
)  # fmt: skip
WHERE = declare(
    "voucher.at", RefusalKind.INVALID, "「{stage_zh}」须写明款项在街道（street）还是社区（community）",
    "{stage} must say whether the money lies at the street or in the community.", recorded=True,
)  # fmt: skip
NOT_SO = declare(
    "voucher.by_act", RefusalKind.INVALID, "「{stage_zh}」由对应的办理产生，不能直接登记凭证",
    "{stage} comes from an act of its own; no voucher of it is recorded by hand.", recorded=True,
)  # fmt: skip
BY_ACT = frozenset(
    {VoucherStage.PLEDGE, VoucherStage.CARRY_OUT, VoucherStage.CARRY_IN, VoucherStage.OPENING}
)
"""核定 comes from the decision, 结转 from the year's closing, 期初 from what both sides signed."""
_OWN = frozenset({VoucherStage.ORDER, VoucherStage.ALLOT, VoucherStage.REALLOCATE})
"""What an applicant does with its own money alone."""


class VoucherView(Wire, frozen=True, kw_only=True):
    """凭证及分录."""

    voucher: Voucher
    lines: list[VoucherLine]
    payment: Payment | None = None
    """Of a dispatch that was just recorded: how it is carried to the treasury, or that it is not.
    """


def act_of(stage: VoucherStage) -> str:
    """The act, as the access tables name it, that records a voucher of a stage."""
    return "voucher.reverse" if stage is VoucherStage.REVERSAL else f"voucher.{stage}"


def record(desk: Desk, command: VoucherCommand, *, particulars: bool = False) -> Answer:
    """登记凭证.

    Args:
        particulars: the caller tells what is spent line by line, and for what.
    """
    command = msgspec.structs.replace(command, number=document_number.kept(command.number))
    read_ahead(desk, command)
    request = desk.unit.get(Request, command.request_id, lock=True)
    desk.about(request)
    known = known_of(desk, request, command)
    if command.stage in BY_ACT:
        raise Refusal(NOT_SO, stage=command.stage.value, stage_zh=STAGE_ZH[command.stage])
    issuer = _authorise(desk, request, command, known)
    check_rightful(desk, request, command, known.presences)
    evidence.check(desk, [command.document_id], request.id)
    _check_sum(command)
    _check_payers(desk, command, known)
    years = {key: line.fiscal_year for key, line in known.funding.items()}
    check_years(desk, command, years)
    check_grounds(desk, command, years)
    check_number(desk, command.number, issuer, command.fiscal_year)
    _check_own(request, command, issuer, known)
    if command.stage is VoucherStage.ORDER:
        state = {"decision": "approved", "indicator": covered(desk, command)}
        pass_gate(desk, Gate.PAY, request, state=state, about=request)
    voucher = _voucher(desk, command, issuer, known)
    lines = _lines(desk, voucher, command.lines, known)
    if command.stage is VoucherStage.REVERSAL:
        voucher, lines = reversal(desk, voucher, command.lines, issuer)
    check_indicators(desk, voucher, lines)
    check_open(desk, lines, voucher.fiscal_year)
    check_sent(desk, lines)
    if not particulars:
        check_untold(desk, request, voucher, lines)
    voucher, payment = queued(desk, voucher, lines)
    kept = post(desk, voucher, lines)
    desk.business_date = command.dated_on
    desk.about(voucher)
    view = VoucherView(voucher=voucher, lines=kept, payment=payment)
    return Answer(body=view, version=voucher.version)


def _check_sum(command: VoucherCommand) -> None:
    summed = sum(entry.amount_fen for entry in command.lines)
    if summed != command.total_fen:
        raise Refusal(SUM, lines_fen=summed, total_fen=command.total_fen)


def _check_payers(desk: Desk, command: VoucherCommand, known: Known) -> None:
    """Every line is one of the request's, and all have one payer (E2, E4)."""
    for entry in command.lines:
        if (entry.presence_id, entry.funding_key) not in known.funding:
            raise Refusal(FOREIGN_LINE, presence=entry.presence_id, line=entry.funding_key)
    payers = [known.funding[e.presence_id, e.funding_key].payer_id for e in command.lines]
    if len(set(payers)) > 1:
        raise Refusal(PAYER, payer=payers[0])
    paid = {presence.organisation_id for presence in known.presences.values()}
    check_agent(desk, command, payers[0] or "", paid)


def _check_own(request: Request, command: VoucherCommand, issuer: str, known: Known) -> None:
    """An applicant orders, splits and reallocates its own money, not that of another who asks
    beside it (E4); who recorded a request for another (代录) does so in that one's name."""
    asks = command.stage is VoucherStage.ORDER or issuer in owners(request)
    if command.stage not in _OWN or not asks or issuer == request.recorded_by_organisation_id:
        return
    first = command.lines[0]
    payer = known.funding[first.presence_id, first.funding_key].payer_id
    if payer != issuer and payer in owners(request):
        raise Refusal(PAYER, payer=payer)


def _authorise(
    desk: Desk, request: Request, command: VoucherCommand, known: Known
) -> str:  # fmt: skip
    """The organisation in whose name the voucher is issued."""
    act = act_of(command.stage)
    # Each line by itself: a post reaches its own presence, never a neighbour's beside it, nor of
    # two matters the one that another asks for.
    posts = [
        desk.authorise(
            act,
            owners=[*owners(known.cases[p.request_id or ""]), p.organisation_id],
            paths=[p.area_path],
        )
        for p in known.presences.values()
    ] or [desk.authorise(act, owners=owners(request))]
    issuers = {post.organisation_id for post in posts}
    if len(issuers) > 1:
        zh, en = desk.office.access.named(act)
        raise Refusal(FORBIDDEN, act=act, act_zh=zh, act_en=en)
    return issuers.pop()


def check_number(desk: Desk, number: str, issuer: str, year: int) -> None:
    """Refuse a voucher number that its issuer has used in the year, voided ones too, in whatever
    brackets (E13).

    Raises:
        Refusal: ``voucher.number``.
    """
    if desk.unit.taken(
        Voucher, issuer_id=issuer, fiscal_year=year, number=document_number.writings(number)
    ):
        raise Refusal(NUMBER, number=number)


def _voucher(desk: Desk, command: VoucherCommand, issuer: str, known: Known) -> Voucher:
    first = command.lines[0]
    ordered = command.stage is VoucherStage.ORDER
    return Voucher(
        county=desk.unit.county, id=desk.id("vch"), request_id=command.request_id,
        stage=command.stage, number=command.number,
        payer_id=known.funding[first.presence_id, first.funding_key].payer_id or "",
        issuer_id=issuer, fiscal_year=command.fiscal_year, dated_on=command.dated_on,
        total_fen=command.total_fen, document_id=command.document_id,
        reverses_id=command.reverses_id, agent_id=command.agent_id, note=command.note,
        recorded_by=desk.actor.person_id,
        recorded_for=desk.on_behalf_of,
        state=VoucherState.CONFIRMED if ordered else VoucherState.RECORDED,
    )  # fmt: skip


def _lines(
    desk: Desk, voucher: Voucher, entries: Sequence[Entry], known: Known
) -> list[VoucherLine]:
    """The lines of a voucher; a reversal has none of its own."""
    if voucher.stage is VoucherStage.REVERSAL:
        return []
    made: list[VoucherLine] = []
    ways = Ways(desk, voucher.stage, known.presences.values(), voucher.dated_on)
    for at, entry in enumerate(entries):
        line = known.funding[entry.presence_id, entry.funding_key]
        entered = Entered(entry, known.presences[entry.presence_id], line.fiscal_year)
        found = ways.moves(entered)
        if not found:
            raise _no_move(desk, voucher, entered.presence)
        made += [line_of(voucher, (at, n), move, entered) for n, move in enumerate(found)]
    return made


def _no_move(desk: Desk, voucher: Voucher, presence: Presence) -> Refusal:
    """Why an entry moves nothing: it does not say where the money lies, or there is no such stage
    under the custody of the community on that day."""
    stage: dict[str, Any] = {
        "stage": voucher.stage.value, "stage_zh": STAGE_ZH[voucher.stage],
    }  # fmt: skip
    if voucher.stage in CHOSEN:
        return Refusal(WHERE, **stage)
    custody = custody_on(desk, presence, voucher.dated_on)
    return Refusal(
        STAGE, **stage, custody=custody.value, custody_zh=ZH[custody],
        stages=", ".join(s.value for s in STAGES[custody]),
        stages_zh="、".join(STAGE_ZH[s] for s in STAGES[custody]),
    )  # fmt: skip


def line_of(voucher: Voucher, at: tuple[int, int], move: Move, entered: Entered) -> VoucherLine:
    """One line of a voucher.

    Args:
        at: which entry of the voucher, and which of the moves it makes.
    """
    entry, presence, year = entered
    number = f"{at[0]}" if at[1] == 0 else f"{at[0]}.{at[1]}"
    return VoucherLine(
        county=voucher.county, id=f"{voucher.id}.l{number}", voucher_id=voucher.id,
        request_id=presence.request_id, presence_id=presence.id, funding_key=entry.funding_key,
        stage=voucher.stage, debit=move.debit, credit=move.credit, amount_fen=entry.amount_fen,
        counted=voucher.state is VoucherState.CONFIRMED, year=entry.year or year,
        payer_id=voucher.payer_id, area_path=presence.area_path, indicator_id=entry.indicator_id,
        dated_on=voucher.dated_on,
    )  # fmt: skip
