"""机器核对 lines and vouchers that show each other beyond doubt are joined; nothing else is (E14).

Only keys and amounts that are the same and the only ones on both sides, or that sum to each other:
whatever else might fit is offered to a person (``offering``). No number of days is made up.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from registry.actions.doubting.glancing import Glance
from registry.actions.office import Answer, Desk, Office
from registry.actions.reconciling.parties import PAYING
from registry.actions.reconciling.parting import Share, Word, join, left, release
from registry.domain.bank import BankLine, Direction, LineSource
from registry.domain.document_number import folded
from registry.domain.funds import Voucher
from registry.domain.people import Organisation
from registry.domain.reconciling import TREASURY, Leg, Pair, Shown, legs, pairs
from registry.store import banking, parted
from registry.store.parted import Side
from registry.store.touched import touched

ROOM = "reconciled"
"""Under which a tick remembers how far it has looked."""


def pair(desk: Desk, fresh: Sequence[BankLine]) -> list[BankLine]:
    """Match what waits, lines that this act brings among it; returns what was matched."""
    bodies = desk.unit.find(Organisation)
    found = _pairs(desk.unit.connection, desk.unit.county, bodies, fresh)
    if not found:
        return []
    lines = {line.id: line for line in fresh}
    missing = sorted({one.line_id for one in found} - set(lines))
    lines |= {line.id: line for line in desk.unit.find(BankLine, id=missing)} if missing else {}
    shares: dict[str, list[Share]] = {}
    for one in found:
        shares.setdefault(one.line_id, []).append(Share(one.leg, one.fen))
    ways = {one.line_id: one.way for one in found}
    return [join(desk, lines[id], some, Word(ways[id])) for id, some in shares.items()]


def effects(office: Office, glance: Glance) -> list[tuple[str, Callable[[Desk], Answer]]]:
    """What a tick takes back, as its voucher was reversed, and what it matches: vouchers that were
    confirmed after their lines came in. Where no line and no voucher was written since the last
    look, there is nothing to find."""
    if glance.idle(ROOM):
        return []
    county, since = glance.county, glance.since(ROOM)
    found: list[tuple[str, Callable[[Desk], Answer]]] = []
    with office.store.reader.connect() as connection:
        fresh = since is None or any(
            touched(connection, county, kind, since) for kind in (Voucher, BankLine)
        )
        if fresh and (gone := _gone(connection, county)):
            found = [("unmatched", partial(_released, gone=gone))]
        elif fresh and banking.any_open(connection, county):
            bodies = office.store.reader.find(Organisation, county)
            if _pairs(connection, county, bodies, []):
                found = [("reconciled", _matched)]
    glance.done(ROOM, left=len(found))
    return found


def _matched(desk: Desk) -> Answer:
    found = pair(desk, [])
    desk.note = {"matched": len(found)} if found else {}
    return Answer(body=len(found))


def _gone(connection: Any, county: str) -> list[str]:
    """Vouchers of which lines show more than is left of them after a reversal (E12, E14)."""
    ids = parted.reversed_ids(connection, county)
    done = parted.matched(connection, county, ids) if ids else {}
    every = legs(banking.moved(connection, county, ids)) if ids else []
    return sorted({leg.voucher_id for leg in every if shown_fen(leg, done) > leg.fen})


def _released(desk: Desk, gone: list[str]) -> Answer:
    """冲销后撤回核对: what showed a voucher that is no more waits again."""
    unit = desk.unit
    released = 0
    for voucher in unit.find(Voucher, id=gone):
        reason = f"凭证 {voucher.number} 已冲销"
        for id in parted.shows(unit.connection, unit.county, [voucher.id]):
            line = unit.get(BankLine, id, lock=True)
            release(desk, line, reason, voucher.id, by_hand=False)
            released += 1
    desk.note = {"unmatched": released} if released else {}
    return Answer(body=released)


def _pairs(
    connection: Any, county: str, bodies: Sequence[Organisation], fresh: Sequence[BankLine]
) -> list[Pair]:
    waiting = open_legs(connection, county)
    if not waiting:
        return []
    lines = [line for line in (*banking.open_lines(connection, county), *fresh)
             if not line.by_hand]  # fmt: skip
    if not lines:
        return []
    numbers = banking.admissions(connection, county)
    paying = {body.id for body in bodies if body.kind in PAYING}
    told = [shown(line, numbers, paying) for line in lines]
    return pairs(told, waiting, banking.references(connection, county))


def open_legs(connection: Any, county: str, voucher_ids: Sequence[str] | None = None) -> list[Leg]:
    """Sides of confirmed vouchers, with what no line was matched with yet.

    Args:
        connection: of an act, or of a reader.
    """
    done = parted.matched(connection, county, voucher_ids)
    every = legs(banking.moved(connection, county, voucher_ids))
    waiting = (leg._replace(fen=leg.fen - shown_fen(leg, done)) for leg in every)
    return [leg for leg in waiting if leg.fen > 0]


def shown_fen(leg: Leg, done: dict[Side, int]) -> int:
    """What lines were matched with a side of a voucher, 分."""
    if leg.path:
        return done.get(Side(leg.voucher_id, leg.source, leg.direction, leg.path), 0)
    return sum(fen for at, fen in done.items() if at[:3] == leg_of(leg))


def leg_of(leg: Leg) -> tuple[str, LineSource, Direction]:
    """The side, wherever the money went."""
    return leg.voucher_id, leg.source, leg.direction


def shown(line: BankLine, numbers: dict[str, str], paying: set[str]) -> Shown:
    """What a line says, as it is compared.

    Args:
        numbers: 准入批准号 → the request.
        paying: bodies that pay in others' names.
    """
    number = folded(line.voucher_number)
    return Shown(
        id=line.id, source=line.source, direction=line.direction, path=line.area_path,
        fen=left(line), keys=frozenset({line.external_key, line.voucher_number} - {""}),
        request_id=numbers.get(folded(line.admission_number)) if line.admission_number else None,
        admission=bool(line.admission_number), number=number, payer=_payer(line, paying),
        dated_on=line.dated_on,
    )  # fmt: skip


def _payer(line: BankLine, paying: set[str]) -> str | None:
    """Whose name stands as payer; of what leaves an account, its holder's."""
    if (line.source is LineSource.TREASURY) is not (line.direction is Direction.OUT):
        return line.area_path
    named = line.payer_id or (line.party_id if line.source is LineSource.BANK else None)
    return TREASURY if named in paying else named
