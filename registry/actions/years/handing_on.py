"""期初随行 when what was there before is admitted, its opening balance goes on with what is admitted.

The old matter's books end with a voucher that takes out what is left, the new one's begin with the
same amounts, of the same years, in the same place, on a line of its own: it is still what was there
before, and no part of what was granted now (E8, E20).
"""

from datetime import date

from registry.actions.ledger.posting import lines_of, post
from registry.actions.office import Desk
from registry.actions.years.signing import Opened, opening_line, voucher_of
from registry.domain.accounts import Account, Move, room
from registry.domain.closing import opened_by
from registry.domain.funding import FundingLine
from registry.domain.funds import VoucherLine, flows
from registry.domain.presence import Presence
from registry.domain.vocabulary import FundingMode
from registry.domain.year_end import Left, Rule, left_over

HANDED_ON, TAKEN_OVER = "补办准入，余款转出", "补办准入，余款转入"
_AS_IT_IS = Rule(unspent="carry", unsent="carry")


def pass_on(desk: Desk, old: Presence, new: Presence) -> None:
    """Let what is left of a legacy matter's opening balance go on with the admitted one; what waits
    to be handed in stays where it is."""
    held = lines_of(desk, [old.id])
    free = room(flows(held))
    years = sorted({line.year for line in held if line.counted})
    for left in [one for year in years for one in left_over(held, year, _AS_IT_IS)]:
        amount = min(left.amount_fen, max(free.get(left.slot, 0), 0))
        if amount:
            free[left.slot] -= amount
            _move(desk, (old, new), left._replace(amount_fen=amount))


def _move(desk: Desk, pair: tuple[Presence, Presence], left: Left) -> None:
    at, payer = left.slot.account, opened_by(left.slot.funding_key) or ""
    out, into = Move(Account.OPENING, at), Move(at, Account.OPENING)
    # Money of a year that is over and not closed yet stays in that year's book.
    day = min(desk.today, date.max.replace(year=left.slot.year))
    for presence, move, note in ((pair[0], out, HANDED_ON), (pair[1], into, TAKEN_OVER)):
        opened = Opened(presence, at, left.amount_fen, left.source_year)
        voucher = voucher_of(
            desk, opened, (payer, day), recorded_by=desk.actor.person_id, note=note
        )
        sign = -1 if move is out else 1
        post(desk, voucher, [opening_line(voucher, opened, move, sign=sign)])


def opened_lines(desk: Desk, presence: Presence) -> list[FundingLine]:
    """The funding lines of what a matter was opened with, for those who book on them."""
    years: dict[str, int] = {}
    for line in desk.unit.find(VoucherLine, presence_id=presence.id):
        if line.counted and opened_by(line.funding_key) is not None:
            years[line.funding_key] = min(line.year, years.get(line.funding_key, line.year))
    return [
        FundingLine(
            key=key, mode=FundingMode.TRANSFER, payer_id=opened_by(key), amount_fen=0,
            fiscal_year=year,
        )
        for key, year in sorted(years.items())
    ]  # fmt: skip
