"""分笔核对 a line is joined to what it shows, whole or in parts, and what was joined is taken back.

A line that shows one voucher whole names it; of several, or of a part, a row each tells how much.
What is taken back keeps its row, and the reason.
"""

from collections.abc import Sequence
from typing import NamedTuple

from registry.actions.office import Desk
from registry.actions.reconciling import doubts
from registry.domain.bank import BankLine, LinePart, LineState, MatchWay, OtherIncome
from registry.domain.reconciling import Leg


class Share(NamedTuple):
    """一份: how much of a line shows this side of a voucher, 分."""

    leg: Leg
    fen: int


class Word(NamedTuple):
    """核对说明: how it was found, by whom, and what is said of it."""

    way: MatchWay
    by: str | None = None
    note: str = ""


def left(line: BankLine) -> int:
    """What of a line no voucher is shown by yet, 分."""
    return line.amount_fen - line.parted_fen


def join(desk: Desk, line: BankLine, shares: Sequence[Share], word: Word) -> BankLine:
    """核对: of the line, which waits, these shares are these vouchers'; what is left waits on."""
    given = sum(share.fen for share in shares)
    whole = len(shares) == 1 and given == line.amount_fen
    if not whole:
        _keep(desk, line, shares, word)
    done = given == left(line)
    path = shares[0].leg.path if whole else ""
    return desk.unit.change(
        line, matched_way=word.way, matched_by=word.by, note=word.note or line.note,
        state=LineState.MATCHED if done else line.state, area_path=path or line.area_path,
        voucher_id=shares[0].leg.voucher_id if whole else None,
        parted_fen=0 if whole else line.parted_fen + given,
    )  # fmt: skip


def _keep(desk: Desk, line: BankLine, shares: Sequence[Share], word: Word) -> None:
    before = len(desk.unit.find(LinePart, line_id=line.id))
    for n, (leg, fen) in enumerate(shares, before + 1):
        desk.unit.add(
            LinePart(
                county=line.county, id=f"{line.id}.p{n}", line_id=line.id,
                voucher_id=leg.voucher_id, source=line.source, account_id=line.account_id,
                area_path=leg.path or line.area_path, direction=line.direction, amount_fen=fen,
                way=word.way, matched_by=word.by,
            )
        )  # fmt: skip


def release(
    desk: Desk, line: BankLine, reason: str, voucher_id: str | None = None, *, by_hand: bool
) -> BankLine:
    """撤回核对: the line waits again, whole or for what showed this voucher.

    Args:
        by_hand: from then on only a person matches it.
    """
    for income in desk.unit.find(OtherIncome, bank_line_id=line.id):
        if not income.withdrawn:
            # Its invoice no longer stands anywhere; its history keeps it.
            desk.unit.change(income, withdrawn=reason, invoice_key=None)
    for doubt in (doubts.UNREGISTERED_PAYMENT, doubts.DIVERTED):
        doubts.closed(desk, doubt, line.id)
    parted = line.parted_fen
    for part in desk.unit.find(LinePart, line_id=line.id):
        if not part.withdrawn and voucher_id in (None, part.voucher_id):
            desk.unit.change(part, withdrawn=reason)
            parted -= part.amount_fen
    return desk.unit.change(
        line, state=LineState.OPEN, voucher_id=None, parted_fen=parted, matched_way=None,
        matched_by=None, by_hand=by_hand or line.by_hand, classed_as="", classed_by=None,
        money_of=None, note=reason,
    )  # fmt: skip
