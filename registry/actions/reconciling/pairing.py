"""机器核对 lines and vouchers that show each other beyond doubt are joined; nothing else is (E14).

Only keys and amounts that are the same and the only ones on both sides: whatever else might fit is
offered to a person (``offering``). No number of days is made up.
"""

from collections.abc import Callable, Sequence
from typing import Any

from registry.actions.office import Answer, Desk, Office
from registry.actions.reconciling.parties import PAYING
from registry.domain.bank import BankLine, Direction, LineSource, LineState
from registry.domain.document_number import folded
from registry.domain.people import Organisation
from registry.domain.reconciling import TREASURY, Leg, Pair, Shown, legs, pairs
from registry.store import banking
from registry.store.banking import Side


def pair(desk: Desk, fresh: Sequence[BankLine]) -> list[BankLine]:
    """Match what waits, lines that this act brings among it; returns what was matched."""
    bodies = desk.unit.find(Organisation)
    found = _pairs(desk.unit.connection, desk.unit.county, bodies, fresh)
    if not found:
        return []
    lines = {line.id: line for line in fresh}
    missing = [one.line_id for one in found if one.line_id not in lines]
    lines |= {line.id: line for line in desk.unit.find(BankLine, id=missing)} if missing else {}
    return [
        desk.unit.change(
            lines[one.line_id], state=LineState.MATCHED, voucher_id=one.voucher_id,
            matched_way=one.way,
        )
        for one in found
    ]  # fmt: skip


def effects(office: Office, county: str) -> list[tuple[str, Callable[[Desk], Answer]]]:
    """What a tick matches: vouchers that were confirmed after their lines came in."""
    with office.store.reader.connect() as connection:
        if not banking.any_open(connection, county):
            return []
        bodies = office.store.reader.find(Organisation, county)
        found = _pairs(connection, county, bodies, [])
    return [("reconciled", _matched)] if found else []


def _matched(desk: Desk) -> Answer:
    found = pair(desk, [])
    desk.note = {"matched": len(found)} if found else {}
    return Answer(body=len(found))


def _pairs(
    connection: Any, county: str, bodies: Sequence[Organisation], fresh: Sequence[BankLine]
) -> list[Pair]:
    waiting = open_legs(connection, county)
    if not waiting:
        return []
    amounts = {leg.fen for leg in waiting}
    there = [*banking.open_lines(connection, county, amounts),
             *(line for line in fresh if line.amount_fen in amounts)]  # fmt: skip
    lines = [line for line in there if not line.by_hand]
    if not lines:
        return []
    numbers = banking.admissions(connection, county)
    paying = {body.id for body in bodies if body.kind in PAYING}
    told = [shown(line, numbers, paying) for line in lines]
    return pairs(told, waiting, banking.references(connection, county))


def open_legs(connection: Any, county: str, voucher_ids: Sequence[str] | None = None) -> list[Leg]:
    """Sides of confirmed vouchers that no line was matched with yet.

    Args:
        connection: of an act, or of a reader.
    """
    done = banking.matched(connection, county, voucher_ids)
    every = legs(banking.moved(connection, county, voucher_ids))
    return [leg for leg in every if not shown_fen(leg, done)]


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
        fen=line.amount_fen, keys=frozenset({line.external_key, line.voucher_number} - {""}),
        request_id=numbers.get(folded(line.admission_number)) if line.admission_number else None,
        admission=bool(line.admission_number), number=number, payer=_payer(line, paying),
    )  # fmt: skip


def _payer(line: BankLine, paying: set[str]) -> str | None:
    """Whose name stands as payer; of what leaves an account, its holder's."""
    if (line.source is LineSource.TREASURY) is not (line.direction is Direction.OUT):
        return line.area_path
    named = line.payer_id or (line.party_id if line.source is LineSource.BANK else None)
    return TREASURY if named in paying else named
