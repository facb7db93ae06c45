"""资金读法 confirmed lines with the names of who pays and who receives, for forms that tell of it."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from registry.actions.exporting.ground import Ground
from registry.store.exported import table_of
from registry.store.scan import Moment
from registry.store.stated import Moment as At
from registry.store.stated import doors, places

LINES = "voucher-lines"
_TOLD = ("id", "voucher_id", "presence_id", "payer_id", "funding_key", "stage", "debit", "credit",
         "amount_fen", "year", "dated_on")  # fmt: skip


class Line(NamedTuple):
    """分录."""

    id: str
    voucher_id: str
    presence_id: str
    payer_id: str
    funding_key: str
    stage: str
    debit: str
    credit: str
    amount_fen: int
    year: int
    dated_on: str


class Names(NamedTuple):
    """名称 as they were at the snapshot."""

    bodies: dict[str, str]
    titles: dict[str, str]
    receivers: dict[str, str]
    """Presence → the community's organisation."""


def names(of: Ground, moment: Moment) -> Names:
    """What bodies and matters are called."""
    at = At(moment, of.county, of.as_of)
    told = doors(at)
    return Names(
        {body.id: body.name for body, _ in places(at)},
        {id: one[0] for id, one in told.items()}, {id: one[1] for id, one in told.items()},
    )  # fmt: skip


def lines(of: Ground, moment: Moment, stage: str | None = None) -> Iterator[Line]:
    """Confirmed lines, of one stage or of all, in the order of their ids."""
    sheet = of.sheets[LINES]
    of_them = {c.name: c for c in sheet.columns}
    table: Any = table_of(sheet)
    counted = [table.c.counted == True]  # noqa: E712 - as SQL says it
    counted += [] if stage is None else [table.c.stage == stage]
    narrow = sheet._replace(columns=tuple(of_them[name] for name in _TOLD))
    rows = of.rows(moment, narrow, narrowed=tuple(counted))
    if rows is not None:
        for batch in rows.batches(rows.values()):
            yield from (Line(*row) for row in batch)


def yuan(fen: int) -> str:
    """元 with two places, as a number."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"
