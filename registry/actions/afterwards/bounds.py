"""变更的界限 what a change may not do: end before today, give less than was paid, or leave money in a
matter that nobody can act on any more (E2, E5, E20).
"""

from registry.actions.entering import sharing
from registry.actions.granting import reached
from registry.actions.ledger.grounds import CHANGING
from registry.actions.ledger.pledging import committed
from registry.actions.office import Desk
from registry.domain.accounts import Account
from registry.domain.areas import Area
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.filing import Filing
from registry.domain.funds import VoucherLine
from registry.domain.presence import Presence
from registry.domain.request import Request
from registry.domain.shares import shares_of
from registry.domain.vocabulary import Receiver

OVER = declare(
    "change.over", RefusalKind.CONFLICT,
    "变更或者续期后的期限止于 {ends_on}，已经届满，准予后无事可办；要继续的，请申请续期至今天以后，"
    "已完成的工作请验收、清算",
    "What it would read ended on {ends_on}: nothing would come of an approval. To go on, renew it "
    "to a day that is not over; what was done is accepted and cleared.",
    recorded=True,
)  # fmt: skip
BELOW_PAID = declare(
    "change.below_paid", RefusalKind.INVALID,
    "变更后 {presence} 经费项 {line} 的核定数 {share_fen:元}低于已下达或已到账的 {paid_fen:元}，请先冲销",
    "After the change {presence}, line {line}, has a share of {share_fen:yuan}, less than the "
    "{paid_fen:yuan} ordered or paid already; reverse that first.",
    recorded=True,
)  # fmt: skip
ADDED = declare(
    "change.added", RefusalKind.CONFLICT,
    "变更后 {presence} 不再有经费项 {line}，而追加、调剂来的 {left_fen:元}还在其账上或者待确认；"
    "请先追减、调出或者作废（E20 专款专用）",
    "After the change {presence} has no line {line}, and {left_fen:yuan} that were added or moved "
    "to it are there, or wait; cut, move or void them first (E20).",
    recorded=True,
)  # fmt: skip
Place = tuple[Receiver, Area]


def check_lasting(desk: Desk, filing: Filing) -> None:
    """Refuse that a matter be changed, or renewed, to what is over already: a term is prolonged to
    a day that is to come, and what was done in one that is over is cleared.

    Raises:
        Refusal: ``change.over``.
    """
    if filing.ends_on is not None and filing.ends_on < desk.today:
        raise Refusal(OVER, ends_on=str(filing.ends_on))


def check_paid(desk: Desk, original: Request, filing: Filing) -> None:
    """Refuse to give a presence less than was ordered or paid to it already, or nothing where more
    was added since.

    Raises:
        Refusal: ``change.below_paid``, ``change.added``.
    """
    lines = desk.unit.find(VoucherLine, request_id=original.id)
    kept, added = kept_and_added(desk, original, reached(desk, filing))
    areas = [*(p.area_id for p in kept), *(area.id for _, area in added)]
    granted = {
        (presence.id, line.key): part
        for line in filing.funding
        if line.paid_out
        for presence, part in zip(kept, shares_of(line, areas), strict=False)
    }
    left: dict[tuple[str, str], int] = {}
    for (id, key, _), paid in sorted(committed(lines).items()):
        given = granted.get((id, key), 0)
        if paid > given:
            raise Refusal(BELOW_PAID, presence=id, line=key, share_fen=given, paid_fen=paid)
        left[id, key] = left.get((id, key), 0) - paid
    for line in lines:
        if (
            line.stage in CHANGING
            and line.debit is Account.PLEDGED
            and not (line.counted or line.voided)
        ):
            of = (line.presence_id, line.funding_key)
            left[of] = left.get(of, 0) + line.amount_fen
    for (id, key), fen in sorted(left.items()):
        if fen > 0 and (id, key) not in granted:
            raise Refusal(ADDED, presence=id, line=key, left_fen=fen, invariant="E20")


def kept_and_added(
    desk: Desk, request: Request, places: list[Place]
) -> tuple[list[Presence], list[Place]]:
    """Presences that go on, in the order of their numbers, and places that need a new one. What had
    run out is no new one: it comes back as the same, with its books, begun or not. Where two
    communities became one, both go on in it, each with its own agreement and money."""
    held = sharing(desk.unit.find(Presence, request_id=request.id))
    wanted = {(receiver, area.id): (receiver, area) for receiver, area in places}
    there = {(p.receiver, p.area_id) for p in held}
    return (
        [p for p in held if (p.receiver, p.area_id) in wanted],
        [place for key, place in wanted.items() if key not in there],
    )
