"""登记支出 a voucher and the particulars of each of its lines, in one act (P20, E18).

The voucher goes the way of every other; here it is said what it was for, and who got it.
"""

from typing import NamedTuple

from registry.actions.granting import admitted
from registry.actions.judging import GATE, ask_gate, kept
from registry.actions.ledger import recording
from registry.actions.ledger.recording import VoucherView
from registry.actions.office import Answer, Desk
from registry.actions.presences import standing
from registry.actions.rules.exceptions import uses_of as waivers_of
from registry.actions.spending import checking
from registry.actions.spending.asking import asked_of, fact_of, spends
from registry.actions.spending.payees import ExpenditureView, digest, shown
from registry.domain.accounts import VoucherStage
from registry.domain.document import Document
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.filing import Filing
from registry.domain.funds import Entry, Voucher, VoucherCommand, VoucherLine
from registry.domain.presence import Presence
from registry.domain.records import Wire
from registry.domain.request import Request
from registry.domain.spending import (
    Expenditure,
    ExpenditureCommand,
    Particulars,
    masked,
    papers_key,
    plain,
)
from registry.domain.vocabulary import Gate, Outcome

NOT_SPENT = declare(
    "expenditure.stage", RefusalKind.INVALID,
    "这样拨付的款项还没有支出：只有直接支付的社区，拨付才同时是支出（P5）",
    "What is sent so is not spent yet: only where money is paid directly is a dispatch spending.",
    recorded=True,
)  # fmt: skip
NEIGHBOURS = declare(
    "expenditure.community", RefusalKind.INVALID, "一张支出凭证只登记一个社区的支出",
    "A voucher of expenditure is one community's.", recorded=True,
)  # fmt: skip


class SpendingView(Wire, frozen=True, kw_only=True):
    """支出凭证: the voucher, its lines and what each was for."""

    voucher: Voucher
    lines: list[VoucherLine]
    expenditures: list[ExpenditureView]


class _Made(NamedTuple):
    """The voucher just recorded, its case, and its lines by number from 1."""

    request: Request
    filing: Filing
    voucher: Voucher
    lines: dict[int, tuple[Particulars, VoucherLine]]


def record(desk: Desk, command: ExpenditureCommand) -> Answer:
    """登记支出及明细.

    Raises:
        Refusal: as ``POST /vouchers``; ``expenditure.…``; ``gate.refused`` where a rule says that
            the use may not be.
    """
    answer = recording.record(desk, _voucher(command), particulars=True)
    view: VoucherView = answer.body
    made = _made(desk, command, view)
    _check(desk, made)
    seconds = _let(desk, made)
    found = [
        desk.unit.add(_expenditure(desk, made, number, needs_second=seconds[number]))
        for number in made.lines
    ]
    desk.about(made.voucher)
    told = [shown(one, named=True) for one in found]
    body = SpendingView(voucher=view.voucher, lines=view.lines, expenditures=told)
    return Answer(body=body, version=answer.version)


def _voucher(command: ExpenditureCommand) -> VoucherCommand:
    return VoucherCommand(
        request_id=command.request_id, stage=VoucherStage(command.stage), number=command.number,
        fiscal_year=command.fiscal_year, dated_on=command.dated_on, total_fen=command.total_fen,
        lines=[
            Entry(presence_id=line.presence_id, funding_key=line.funding_key,
                  amount_fen=line.amount_fen, year=line.year)
            for line in command.lines
        ],
        document_id=command.document_id, note=command.note,
    )  # fmt: skip


def _made(desk: Desk, command: ExpenditureCommand, view: VoucherView) -> _Made:
    request = desk.unit.get(Request, command.request_id)
    held = {line.id: line for line in view.lines}
    lines = {
        at + 1: (line, held[f"{view.voucher.id}.l{at}"]) for at, line in enumerate(command.lines)
    }
    return _Made(request, admitted(desk, request), view.voucher, lines)


def _check(desk: Desk, made: _Made) -> None:
    stage = made.voucher.stage
    checking.check(desk, made.request, {n: told for n, (told, _) in made.lines.items()}, stage)
    funding = {line.key: line for line in made.filing.funding}
    for number, (told, line) in made.lines.items():
        if stage is VoucherStage.DISPATCH and not spends(line):
            raise Refusal(NOT_SPENT)
        fund = funding[told.funding_key]
        rule = asked_of(desk, fund)
        if rule is not None:
            checking.check_asked(number, told, rule, fund.mode)
    homes = {desk.unit.get(Presence, t.presence_id).organisation_id for t, _ in made.lines.values()}
    if len(homes) > 1 and stage is not VoucherStage.DISPATCH:
        raise Refusal(NEIGHBOURS)


def _let(desk: Desk, made: _Made) -> dict[int, bool]:
    """Let each line through the gate of spending; whether it needs a second approver first.

    Raises:
        Refusal: ``gate.refused``.
    """
    funding = {line.key: line for line in made.filing.funding}
    asked: dict[tuple[str, str], bool] = {}
    found: dict[int, bool] = {}
    for number, (told, _) in made.lines.items():
        fact = fact_of(desk, made.filing.kind, funding[told.funding_key], told.use)
        key = (told.presence_id, fact)
        if key not in asked:
            asked[key] = _passes(desk, made, *key)
        found[number] = asked[key]
    return found


def _passes(desk: Desk, made: _Made, presence_id: str, fact: str) -> bool:
    """What the rules say of one use in one community: it passes, or it waits for another person
    (转人工). What is paid directly cannot wait: it is gone once it is sent."""
    state, measured = standing(desk, made.request, desk.unit.get(Presence, presence_id))
    verdict = ask_gate(
        desk, Gate.SPEND, made.request, state={**state, "use": fact}, about=made.voucher,
        measured=measured,
    )  # fmt: skip
    waits = verdict.outcome is Outcome.HUMAN_REVIEW
    if verdict.outcome is not Outcome.ALLOWED and (
        not waits or made.voucher.stage is VoucherStage.DISPATCH
    ):
        keep = [verdict, *waivers_of(desk, verdict)]
        raise Refusal(
            GATE, rules=verdict.rules, keep=keep, verdict_id=verdict.id, use=fact,
            gate=Gate.SPEND.value, object_id=made.voucher.id, **measured,
        )  # fmt: skip
    desk.pack = verdict.pack_digest
    kept(desk, verdict)
    return waits


def _expenditure(desk: Desk, made: _Made, number: int, *, needs_second: bool) -> Expenditure:
    told, line = made.lines[number]
    place = desk.unit.get(Presence, told.presence_id)
    papers = [desk.unit.get(Document, id).sha256 for id in told.evidence_ids]
    lender = told.lender
    return Expenditure(
        county=line.county, id=f"{made.voucher.id}.x{number}", voucher_id=made.voucher.id,
        line_id=line.id, stage=made.voucher.stage, request_id=made.request.id,
        presence_id=place.id, organisation_id=place.organisation_id, payer_id=line.payer_id,
        funding_key=line.funding_key, year=line.year, area_path=line.area_path,
        amount_fen=line.amount_fen, use=told.use, payee_kind=told.payee.kind,
        payee_name=told.payee.name, payee_masked=masked(told.payee.account),
        payee_digest=digest(desk.office, told.payee), means=told.means,
        invoice_number=told.invoice_number, invoice_key=plain(told.invoice_number) or None,
        evidence_key=papers_key(papers),
        signatures={who.value: person for who, person in sorted(told.signatures.items())},
        quantity=told.quantity, unit=told.unit, evidence_ids=told.evidence_ids,
        paid_on=told.paid_on, served_on=told.served_on,
        lender_kind=lender.kind if lender else None, lender_name=lender.name if lender else "",
        text=told.text, needs_second=needs_second,
    )  # fmt: skip
