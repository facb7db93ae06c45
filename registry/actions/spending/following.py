"""随凭证 what is told of a voucher goes with it: confirmed, voided, taken back; who may confirm it.

Recorder, approver and who confirms are three people, and who keeps the cash of a community keeps
no books of it (E13).
"""

from collections.abc import Callable

from registry.actions.office import Desk
from registry.actions.spending.opening import look
from registry.actions.ties import acting
from registry.domain.accounts import VoucherStage
from registry.domain.areas import Relation
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.funds import Voucher, VoucherState
from registry.domain.people import Post, PostView
from registry.domain.presence import Presence
from registry.domain.spending import (
    STANDING,
    Claim,
    ClaimState,
    Expenditure,
    Signatory,
    SpendingState,
)

SECOND = declare(
    "expenditure.second", RefusalKind.CONFLICT,
    "用途「{use}」须先由另一人加批，才能确认（E18）",
    "Use {use} needs a second approver before it is confirmed (E18).", recorded=True,
)  # fmt: skip
CLAIMED = declare(
    "claim.holds", RefusalKind.CONFLICT, "支出已列入报账单 {claim}，须先退回报账单",
    "It is part of claim {claim}, which has to be returned first.", recorded=True,
)  # fmt: skip
_CASH = frozenset({VoucherStage.EXPENDITURE, VoucherStage.ADVANCE, VoucherStage.REPAYMENT})
"""出纳 records these, and confirms none of them."""
Bound = Callable[[PostView], list[str]]


def told_of(desk: Desk, voucher: Voucher) -> list[Expenditure]:
    """The particulars of a voucher, in the order of its lines."""
    found = desk.unit.find(Expenditure, voucher_id=voucher.id)
    return sorted(found, key=lambda one: (len(one.id), one.id))


def ties_of(desk: Desk, voucher: Voucher, place: Presence) -> Bound:
    """What keeps somebody from confirming a voucher of one community: ``recorded``, ``approved``,
    ``cashier``; asked of each post."""
    told = told_of(desk, voucher)
    recorded = {voucher.recorded_by, voucher.recorded_for}
    approved = {one.signatures.get(Signatory.APPROVED) for one in told}
    approved |= {one.second_approver for one in told} | {one.second_for for one in told}

    def bound(post: PostView) -> list[str]:
        people = acting(desk, post)
        found = ["recorded"] if people & recorded else []
        found += ["approved"] if people & approved else []
        return [*found, *(["cashier"] if _keeps_cash(desk, voucher, place, people) else [])]

    return bound


def _keeps_cash(desk: Desk, voucher: Voucher, place: Presence, people: set[str]) -> bool:
    """Whether one of them holds, today, the post that records what this community spends."""
    if voucher.stage not in _CASH:
        return False
    posts = desk.unit.find(
        Post, organisation_id=place.organisation_id, person_id=sorted(people)
    )  # fmt: skip
    relations, act = desk.office.access.relations, f"voucher.{voucher.stage.value}"
    return any(p.in_force(desk.today) and Relation.OWN in relations(p.role, act) for p in posts)


def check_second(desk: Desk, voucher: Voucher) -> None:
    """Refuse to confirm what waits for a second approver.

    Raises:
        Refusal: ``expenditure.second``.
    """
    for one in told_of(desk, voucher):
        if one.needs_second and one.second_approver is None:
            raise Refusal(SECOND, use=one.use, expenditure_id=one.id)


def confirmed(desk: Desk, voucher: Voucher) -> None:
    """A voucher counts from now on: so does what it was for; what it takes back whole does not any
    more. What looks odd is kept as a finding, and one that no longer holds is closed."""
    if voucher.stage is VoucherStage.REVERSAL:
        changed = _reversed(desk, voucher)
    else:
        told = told_of(desk, voucher)
        changed = [desk.unit.change(one, state=SpendingState.CONFIRMED) for one in told]
    look(desk, changed)


def _reversed(desk: Desk, voucher: Voucher) -> list[Expenditure]:
    original = desk.unit.get(Voucher, voucher.reverses_id or "")
    told = told_of(desk, original)
    if not told:
        return []
    back = [
        one.total_fen for one in desk.unit.find(Voucher, request_id=original.request_id)
        if one.reverses_id == original.id and one.state is VoucherState.CONFIRMED
    ]  # fmt: skip
    if sum(back) < original.total_fen:
        return []
    return [desk.unit.change(one, state=SpendingState.REVERSED) for one in told]


def voided(desk: Desk, voucher: Voucher) -> None:
    """What a voided voucher was for was never spent.

    Raises:
        Refusal: ``claim.holds``.
    """
    told = [one for one in told_of(desk, voucher) if one.state in STANDING]
    for one in told:
        claim = desk.unit.maybe(Claim, one.claim_id) if one.claim_id else None
        if claim is not None and claim.state is not ClaimState.RETURNED:
            raise Refusal(CLAIMED, claim=claim.id)
    look(
        desk, [desk.unit.change(one, state=SpendingState.VOIDED) for one in told]
    )  # fmt: skip
