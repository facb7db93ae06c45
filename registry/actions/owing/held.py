"""街道代管 what lies at a street, and the reasons told for it: they follow the money (E6, E7)."""

from collections.abc import Iterable, Sequence
from datetime import date

from registry.actions.ledger.posting import lines_of
from registry.actions.office import Desk
from registry.domain.accounts import Account, balances
from registry.domain.closing import Hold
from registry.domain.funds import VoucherLine, flows

Place = tuple[str, str, int]
"""(presence, funding line, year)."""


def at_street(lines: Iterable[VoucherLine]) -> dict[Place, int]:
    """What lies at the street of each presence, line and year, 分."""
    return {
        (slot.presence_id, slot.funding_key, slot.year): fen
        for slot, fen in balances(flows(lines)).items()
        if slot.account is Account.STREET and fen > 0
    }


def lying_since(lines: Iterable[VoucherLine]) -> dict[Place, date]:
    """The day on which the oldest of what still lies at the street came in: what came first is
    passed on first."""
    came: dict[Place, list[tuple[date, int]]] = {}
    went: dict[Place, int] = {}
    for line in lines:
        if not line.counted or line.voided or line.dated_on is None:
            continue
        if line.debit is Account.STREET:
            came.setdefault(line.key, []).append((line.dated_on, line.amount_fen))
        if line.credit is Account.STREET:
            went[line.key] = went.get(line.key, 0) + line.amount_fen
    found = {}
    for place, entries in came.items():
        gone = went.get(place, 0)
        for day, fen in sorted(entries):
            if gone < fen:
                found[place] = day
                break
            gone -= fen
    return found


def open_holds(desk: Desk, presence_ids: Sequence[str]) -> list[Hold]:
    """Reasons that stand, the oldest first."""
    ids = sorted(set(presence_ids))
    held = desk.unit.find(Hold, presence_id=ids, released_on=None) if ids else []
    return sorted(held, key=lambda one: (one.since, one.id))


def follow_holds(desk: Desk, presence_ids: Sequence[str]) -> None:
    """What was passed on or given back is held no more: the oldest reasons end first."""
    standing = open_holds(desk, presence_ids)
    if not standing:
        return
    lying = at_street(lines_of(desk, [one.presence_id for one in standing]))
    told: dict[Place, int] = {}
    for one in standing:
        told[place_of(one)] = told.get(place_of(one), 0) + one.amount_fen
    for one in standing:
        over = min(told[place_of(one)] - lying.get(place_of(one), 0), one.amount_fen)
        if over <= 0:
            continue
        told[place_of(one)] -= over
        if over == one.amount_fen:
            desk.unit.change(one, released_on=desk.today)
        else:
            desk.unit.change(one, amount_fen=one.amount_fen - over)


def place_of(hold: Hold) -> Place:
    """Of which presence, line and year it tells."""
    return (hold.presence_id, hold.funding_key, hold.year)
