"""报账 a community hands in what it spent in a period; its street reviews it and has it paid (P5).

Under 居财街管 the review is the confirmation of its vouchers: one act by another person than who
recorded them, whole or not at all.
"""

from collections.abc import Iterable
from datetime import date
from typing import Annotated

import msgspec

from registry.actions import evidence
from registry.actions.ledger import confirming
from registry.actions.office import Answer, Desk
from registry.actions.ties import acting
from registry.domain.accounts import VoucherStage
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.funds import Voucher, VoucherState
from registry.domain.people import PostView
from registry.domain.records import Ident, Wire
from registry.domain.spending import (
    CLAIM_MOVES,
    CLAIM_ZH,
    STANDING,
    Claim,
    ClaimState,
    Expenditure,
    PayMeans,
    SpendingState,
)

EMPTY = declare(
    "claim.empty", RefusalKind.INVALID, "该期间没有可以报账的支出",
    "Nothing was spent in that period that is not in a claim already.", recorded=True,
)  # fmt: skip
TAKEN = declare(
    "claim.taken", RefusalKind.CONFLICT,
    "支出 {expenditure} 不能列入：已在报账单中、已作废或冲销，或者不是该社区该期间的支出",
    "Expenditure {expenditure} cannot be claimed: it is in a claim, void, taken back, or not of "
    "that community and period.", recorded=True,
)  # fmt: skip
DATES = declare(
    "claim.dates", RefusalKind.INVALID, "报账期间的起日不得晚于止日，止日和支付日不得晚于今天",
    "A period begins before it ends; neither it nor the day of payment lies after today.",
)  # fmt: skip
STATE = declare(
    "claim.state", RefusalKind.CONFLICT, "报账单{state_zh}，不能这样办理",
    "The claim is {state}: this cannot be done with it.", recorded=True,
)  # fmt: skip
CHANGED = declare(
    "claim.changed", RefusalKind.CONFLICT,
    "报账单中的支出 {expenditure} 已冲销或者作废，须先退回报账单",
    "Expenditure {expenditure} of the claim was taken back: return the claim first.", recorded=True,
)  # fmt: skip
_CLAIMED = frozenset({VoucherStage.EXPENDITURE, VoucherStage.REPAYMENT})
"""What a community spends of its own books; an advance is somebody else's money."""
Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"\S")]


class ClaimCommand(Wire, frozen=True, kw_only=True):
    """提交报账单."""

    organisation_id: Ident
    """The community."""
    first_on: date
    last_on: date
    """Both days count: by the day on which it was paid."""
    expenditure_ids: Annotated[list[Ident], msgspec.Meta(max_length=2000)] = []
    """Absent = all of the period that are in no claim; a voucher is handed in whole."""
    document_id: Ident | None = None
    note: Annotated[str, msgspec.Meta(max_length=200)] = ""


class ReturnCommand(Wire, frozen=True, kw_only=True):
    """退回报账单."""

    reason: Reason


class ReimburseCommand(Wire, frozen=True, kw_only=True):
    """支付报账款."""

    means: PayMeans
    reference: Annotated[str, msgspec.Meta(min_length=1, max_length=80, pattern=r"\S")]
    paid_on: date
    document_id: Ident | None = None


def draw(desk: Desk, command: ClaimCommand) -> Answer:
    """提交报账单: what one community spent; each expenditure stands in one claim at most.

    Raises:
        Refusal: ``claim.dates``, ``claim.empty``, ``claim.taken``.
    """
    body = desk.places.organisation(command.organisation_id)
    area = desk.places.home(body)
    desk.authorise("claim.draw", owners=[body.id], paths=[area.path])
    if not command.first_on <= command.last_on <= desk.today:
        raise Refusal(DATES)
    rows = [desk.unit.get(Expenditure, id, lock=True) for id in _wanted(desk, command)]
    for row in rows:
        if row.claim_id is not None or row.state not in STANDING:
            raise Refusal(TAKEN, expenditure=row.id)
    evidence.check(desk, [command.document_id], *dict.fromkeys(row.request_id for row in rows))
    claim = desk.unit.add(Claim(
        county=desk.unit.county, id=desk.id("clm"), organisation_id=body.id, area_path=area.path,
        first_on=command.first_on, last_on=command.last_on,
        total_fen=sum(row.amount_fen for row in rows), expenditures=[row.id for row in rows],
        drawn_by=desk.actor.person_id, drawn_for=desk.on_behalf_of, drawn_on=desk.today,
        document_id=command.document_id, note=command.note,
    ))  # fmt: skip
    for row in rows:
        desk.unit.change(row, claim_id=claim.id)
    return _told(desk, claim)


def _wanted(desk: Desk, command: ClaimCommand) -> list[str]:
    """Ids of what is handed in, in their order: of each voucher all or nothing."""
    every = desk.unit.find(Expenditure, organisation_id=command.organisation_id)
    free = [
        row for row in every
        if row.claim_id is None and row.state in STANDING and row.stage in _CLAIMED
        and command.first_on <= row.paid_on <= command.last_on
    ]  # fmt: skip
    named = set(command.expenditure_ids)
    foreign = sorted(named - {row.id for row in free})
    if foreign:
        raise Refusal(TAKEN, expenditure=foreign[0])
    vouchers = {row.voucher_id for row in free if not named or row.id in named}
    if not vouchers:
        raise Refusal(EMPTY)
    return [row.id for row in every if row.voucher_id in vouchers]


def review(desk: Desk, id: str, version: int | None) -> Answer:
    """审核报账单: every voucher of it that waits is confirmed, or none is.

    Raises:
        Refusal: ``claim.state``, ``claim.changed``, and as confirming a voucher.
    """
    claim, after = _let(desk, id, version, "review")
    act, post, whose = desk.act, desk.post, desk.on_behalf_of
    rows = _rows(desk, claim)
    for voucher in desk.unit.find(Voucher, id=sorted({row.voucher_id for row in rows})):
        if voucher.state is VoucherState.RECORDED:
            confirming.confirm(desk, voucher.id, voucher.version)
    desk.act, desk.post, desk.business_date = act, post, desk.today
    return _told(desk, desk.unit.change(
        claim, state=after, reviewed_by=desk.actor.person_id, reviewed_for=whose,
        reviewed_on=desk.today,
    ))  # fmt: skip


def send_back(desk: Desk, id: str, version: int | None, command: ReturnCommand) -> Answer:
    """退回报账单: what was in it may be handed in anew.

    Raises:
        Refusal: ``claim.state``.
    """
    claim, after = _let(desk, id, version, "return")
    for row in desk.unit.find(Expenditure, claim_id=claim.id):
        desk.unit.change(row, claim_id=None)
    return _told(desk, desk.unit.change(claim, state=after, returned_why=command.reason))


def reimburse(desk: Desk, id: str, version: int | None, command: ReimburseCommand) -> Answer:
    """支付报账款: by another person than who reviewed it; the ledger has it as spent already.

    Raises:
        Refusal: ``claim.state``, ``claim.changed``, ``claim.dates``.
    """
    claim, after = _let(desk, id, version, "reimburse")
    rows = _rows(desk, claim)
    if command.paid_on > desk.today:
        raise Refusal(DATES)
    papers = dict.fromkeys(row.request_id for row in rows)
    evidence.check(desk, [command.document_id], *papers)
    return _told(desk, desk.unit.change(
        claim, state=after, reimbursed_by=desk.actor.person_id, reimbursed_on=command.paid_on,
        means=command.means, reference=command.reference,
        document_id=command.document_id or claim.document_id,
    ))  # fmt: skip


def _let(desk: Desk, id: str, version: int | None, word: str) -> tuple[Claim, ClaimState]:
    claim = desk.unit.get(Claim, id, lock=True)
    desk.about(claim)

    def ties(post: PostView) -> list[str]:
        people = acting(desk, post)
        found = ["recorded"] if people & {claim.drawn_by, claim.drawn_for} else []
        return [*found, *(["approved"] if people & {claim.reviewed_by, claim.reviewed_for} else [])]

    owners = [claim.organisation_id]
    desk.authorise(f"claim.{word}", owners=owners, paths=[claim.area_path], ties=ties)
    desk.check_version(claim, version)
    after = CLAIM_MOVES[word].get(claim.state)
    if after is None:
        raise Refusal(STATE, state=claim.state.value, state_zh=CLAIM_ZH[claim.state])
    return claim, after


def _rows(desk: Desk, claim: Claim) -> list[Expenditure]:
    """What stands in a claim, all of it still spent."""
    rows = desk.unit.find(Expenditure, claim_id=claim.id)
    _check_standing(rows)
    return rows


def _check_standing(rows: Iterable[Expenditure]) -> None:
    for row in rows:
        if row.state in (SpendingState.VOIDED, SpendingState.REVERSED):
            raise Refusal(CHANGED, expenditure=row.id)


def _told(desk: Desk, claim: Claim) -> Answer:
    desk.about(claim)
    return Answer(body=claim, version=claim.version)
