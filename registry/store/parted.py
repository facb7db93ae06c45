"""已核对 what lines, and parts of lines, were matched with the vouchers of a county."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from registry.domain.bank import BankLine, Direction, LinePart, LineSource, LineState
from registry.store import banking, tables


class Side(NamedTuple):
    """已核对: which side of a voucher lines were matched with."""

    voucher_id: str
    source: LineSource
    direction: Direction
    path: str


def matched(
    connection: Connection, county: str, voucher_ids: Sequence[str] | None = None
) -> dict[Side, int]:
    """What lines, and parts of lines, were matched with each side of a voucher, 分."""
    whole, part = tables.BY_RECORD[BankLine], tables.BY_RECORD[LinePart]
    found: dict[Side, int] = {}
    for t, standing in ((whole, whole.c.state == LineState.MATCHED.value),
                        (part, part.c.withdrawn == "")):  # fmt: skip
        by = (t.c.voucher_id, t.c.source, t.c.direction, t.c.area_path)
        query = (
            select(*by, func.sum(t.c.amount_fen))
            .where(t.c.county == county, t.c.event_to.is_(None), t.c.voucher_id.is_not(None),
                   standing)
            .group_by(*by)
        )  # fmt: skip
        if voucher_ids is not None:
            query = query.where(t.c.voucher_id.in_(voucher_ids))
        for row in connection.execute(query):
            side = Side(row[0], LineSource(row[1]), Direction(row[2]), row[3])
            found[side] = found.get(side, 0) + int(row[4])
    return found


def reversed_ids(connection: Connection, county: str) -> list[str]:
    """Vouchers of which something was taken back and that lines were matched with."""
    back = {key[0] for key in banking.taken_back(connection, county)}
    return sorted(back & {side.voucher_id for some in banking.portions(sorted(back))
                          for side in matched(connection, county, some)})  # fmt: skip


def shows(connection: Connection, county: str, voucher_ids: Sequence[str]) -> list[str]:
    """Lines that were matched with one of these, whole or in part."""
    whole, part = tables.BY_RECORD[BankLine], tables.BY_RECORD[LinePart]
    found: set[str] = set()
    for some in banking.portions(voucher_ids):
        of_whole = select(whole.c.id).where(
            whole.c.county == county, whole.c.event_to.is_(None), whole.c.voucher_id.in_(some)
        )
        of_part = select(part.c.line_id).where(
            part.c.county == county, part.c.event_to.is_(None), part.c.voucher_id.in_(some),
            part.c.withdrawn == "",
        )  # fmt: skip
        found |= set(connection.execute(of_whole).scalars())
        found |= set(connection.execute(of_part).scalars())
    return sorted(found)
