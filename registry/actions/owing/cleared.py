"""清算之后 what was agreed is carried out: the open pledge is withdrawn, the refund comes back (E15).

Nothing past is changed: what was granted beyond what was earned is taken back by a voucher of its
own (追减), as far as it was not asked for, and again when money has come back.
"""

from collections.abc import Sequence

from registry.actions.ledger.closed import closed_of
from registry.actions.ledger.posting import lines_of, post
from registry.actions.ledger.truing import true_up
from registry.actions.office import Desk
from registry.domain.accounts import ACCOUNT_ZH, OPEN, Account, VoucherStage, balances, room
from registry.domain.closing import Clearance, ClearanceState
from registry.domain.funds import Chain, Voucher, VoucherLine, VoucherState, chain, flows
from registry.domain.reckoning import yuan

ENDED = ("revoked", "exited")
"""Reasons after which nothing more is promised than was earned."""
UNDER_WAY = (Account.ORDERED, Account.TRANSIT)


def own_lines(lines: Sequence[VoucherLine], clearance: Clearance) -> list[VoucherLine]:
    """The lines of the presence and funding line that it clears."""
    key = (clearance.presence_id, clearance.funding_key)
    return [line for line in lines if (line.presence_id, line.funding_key) == key]


def follow_clearances(desk: Desk, presence_ids: Sequence[str]) -> None:
    """Carry out what is agreed of these presences as far as the books let it today."""
    ids = sorted(set(presence_ids))
    states = [ClearanceState.AGREED.value, ClearanceState.SETTLED.value]
    for clearance in desk.unit.find(Clearance, presence_id=ids, state=states) if ids else []:
        carry_out(desk, clearance)


def carry_out(desk: Desk, clearance: Clearance) -> Clearance:
    """Withdraw the open pledge, and settle the clearance once nothing of it is open."""
    lines = own_lines(lines_of(desk, [clearance.presence_id]), clearance)
    if clearance.reason in ENDED:
        made = _withdrawn(desk, clearance, lines)
        lines += made
        if made:
            kept = [*clearance.withdrawn, made[0].voucher_id]
            clearance = desk.unit.change(clearance, withdrawn=kept)
    if clearance.state is not ClearanceState.AGREED or not _done(clearance, lines):
        return clearance
    return desk.unit.change(clearance, state=ClearanceState.SETTLED, settled_on=desk.today)


def _done(clearance: Clearance, lines: Sequence[VoucherLine]) -> bool:
    books = chain(lines)
    still = balances(flows(lines))
    if any(fen and slot.account in UNDER_WAY for slot, fen in still.items()):
        return False
    more = books.dispatched_fen - clearance.paid_fen
    paid = not clearance.due_fen or more >= clearance.due_fen
    return paid and refund_left(clearance, books) == 0


def refund_left(clearance: Clearance, books: Chain) -> int:
    """What of the refund is not back yet, 分."""
    back = max(clearance.paid_fen - books.dispatched_fen, 0)
    return max(clearance.refund_fen - back, 0)


def _withdrawn(desk: Desk, clearance: Clearance, lines: Sequence[VoucherLine]) -> list[VoucherLine]:
    """追减 of what is granted beyond what was earned, as far as nobody asked for it; what a closed
    year left behind stays where it is (E9)."""
    left = chain(lines).approved_fen - clearance.earned_fen
    id = clearance.presence_id
    free = sorted(room(flows(lines)).items(), reverse=True)
    closed = closed_of(desk, {(id, slot.year) for slot, _ in free})
    taken: list[tuple[int, int]] = []
    for slot, fen in free:
        if slot.account is not Account.PLEDGED or (id, slot.year) in closed:
            continue
        if fen > 0 and left > 0:
            taken.append((slot.year, min(fen, left)))
            left -= taken[-1][1]
    if not taken:
        return []
    return _posted(desk, clearance, VoucherStage.DECREASE, taken)


def reopen(desk: Desk, presence_ids: Sequence[str]) -> None:
    """What had left is there again: its clearances count no more, and what they withdrew of the
    pledge is granted again, by a voucher of its own, in the first year since that is not closed.
    What went back stays back, to be paid anew."""
    ids = sorted(set(presence_ids))
    for clearance in desk.unit.find(Clearance, presence_id=ids) if ids else []:
        if clearance.state is ClearanceState.VOID or clearance.reason not in ENDED:
            continue
        lines = desk.unit.find(VoucherLine, voucher_id=clearance.withdrawn)
        if lines:
            back = [(_open_year(desk, line), line.amount_fen) for line in lines]
            _posted(desk, clearance, VoucherStage.INCREASE, back)
        desk.unit.change(clearance, state=ClearanceState.VOID)


def _open_year(desk: Desk, line: VoucherLine) -> int:
    """The year of a line, or the first after it that is not closed."""
    year = line.year
    while closed_of(desk, {(line.presence_id, year)}):
        year += 1
    return year


def _posted(
    desk: Desk, clearance: Clearance, stage: VoucherStage, amounts: Sequence[tuple[int, int]]
) -> list[VoucherLine]:
    """追减 or 追加 of a clearance, by year."""
    down = stage is VoucherStage.DECREASE
    move = (Account.SOURCE, Account.PLEDGED) if down else (Account.PLEDGED, Account.SOURCE)
    total, book = sum(fen for _, fen in amounts), max(year for year, _ in amounts)
    voucher = _voucher(desk, clearance, stage, (total, book))
    made = post(desk, voucher, [
        VoucherLine(
            county=voucher.county, id=f"{voucher.id}.l{at}", voucher_id=voucher.id,
            request_id=voucher.request_id, presence_id=clearance.presence_id,
            funding_key=clearance.funding_key, stage=stage, debit=move[0], credit=move[1],
            amount_fen=fen, counted=True, year=year, payer_id=clearance.payer_id,
            area_path=clearance.area_path, dated_on=desk.today,
        )
        for at, (year, fen) in enumerate(amounts)
    ], lines_of(desk, [clearance.presence_id]))  # fmt: skip
    true_up(desk, made)
    return made


def _voucher(desk: Desk, clearance: Clearance, stage: VoucherStage, of: tuple[int, int]) -> Voucher:
    """Of both who cleared it; where a decision brings the matter back, of who decides."""
    id, down = desk.id("vch"), stage is VoucherStage.DECREASE
    return Voucher(
        county=desk.unit.county, id=id, request_id=clearance.request_id, stage=stage,
        number=f"清算{id}", payer_id=clearance.payer_id, issuer_id=clearance.payer_id,
        fiscal_year=of[1], dated_on=desk.today, total_fen=of[0],
        state=VoucherState.CONFIRMED, document_id=clearance.document_id,
        note=f"清算 {clearance.id}：{'撤回未使用的核定' if down else '恢复在办，恢复所撤回的核定'}",
        recorded_by=clearance.drawn_by if down else desk.actor.person_id,
        confirmed_by=clearance.agreed_by if down else None, confirmed_on=desk.today,
    )  # fmt: skip


def money_left(desk: Desk, presence_id: str) -> list[str]:
    """What of a presence's money is still open, account by account, in words; nothing of a funding
    line whose clearance is settled: what lies there was earned."""
    settled = {
        one.funding_key for one in desk.unit.find(
            Clearance, presence_id=presence_id, state=ClearanceState.SETTLED.value
        )
    }  # fmt: skip
    held = balances(flows(lines_of(desk, [presence_id])))
    return [
        f"{ACCOUNT_ZH[slot.account]} {slot.funding_key} {yuan(fen)}"
        for slot, fen in sorted(held.items())
        if slot.account in OPEN and fen > 0 and slot.funding_key not in settled
    ]
