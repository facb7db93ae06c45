"""记着的账 what a statement adds up of the whole ledger, kept and brought forward (``kept``): sums of
few groups, and the order of rows that are very many, so that a page adds up its own alone.

Lines are taken off and added again when they were written, or what their being seen, their day,
their place or their number hangs on: their voucher, their presence, its request and the admission.
A line names the request of its presence, which never changes.
"""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, select, union_all

from registry.domain.approval import Decision, DecisionKind
from registry.domain.funds import Chain, Voucher
from registry.domain.presence import Presence
from registry.domain.request import Request
from registry.store import tables
from registry.store.chain import (
    LINE,
    OPENING,
    PARTS,
    PLACE,
    Key,
    Sought,
    chained,
    column,
    counted,
    narrowed,
    needs_place,
    sees_all,
    standing,
)
from registry.store.kept import Kept, Part, Sheet, Sums
from registry.store.reckoned import as_of

Spot = tuple[int, str, str]
"""期初 or not, number of the admission (none: empty), id: where a row stands, but for its name."""
LEAST = 2_000
"""Lines of a part of the county from which on it pays to keep its sums."""
_GRANTED: Any = tables.BY_RECORD[Decision].alias("granted")
_LATER: Any = tables.BY_RECORD[Decision].alias("later")
_VOUCHER: Any = tables.BY_RECORD[Voucher].alias("dated")
_FUTURE = tables.BY_RECORD[Request], tables.BY_RECORD[Decision], tables.BY_RECORD[Presence]


class Moved(NamedTuple):
    """发生额: how many entries, and what they come to, 分, what was taken back taken off."""

    many: int
    fen: int


class Accounted:
    """记着的账 of what one reader asks of one county, as it stands at a connection's moment."""

    def __init__(self, kept: Kept, connection: Connection, county: str, sought: Sought) -> None:
        self._connection, self._county = connection, county
        # What was written of in a period cannot be said of the past: it is counted anew.
        self._kept = Kept() if any(scope.within for scope in sought.seen or ()) else kept
        whole = sought.seen is None or sees_all(county, sought.seen)
        self._sought = msgspec.structs.replace(sought, seen=None) if whole else sought
        self._least = 0 if whole else LEAST

    def sums(self, by: Sequence[str]) -> dict[Key, Chain]:
        """The chain of every group of lines that count, as ``chain.sums`` has it."""
        columns = [column(name) for name in by]
        joined = [standing(self._sought)] if needs_place(self._sought, by) else []
        found = self._standing([*columns, *PARTS], joined, ("sums", *by))
        return chained(((*key, told[-1]) for key, told in found.items()), len(by))

    def moved(self) -> dict[tuple[str, date], Moved]:
        """发生额 of every stage and every day of the vouchers."""
        dated = and_(
            _VOUCHER.c.county == LINE.c.county, _VOUCHER.c.id == LINE.c.voucher_id,
            _VOUCHER.c.event_to.is_(None),
        )  # fmt: skip
        joined = [dated, standing(self._sought)] if needs_place(self._sought, ()) else [dated]
        by = (LINE.c.stage, _VOUCHER.c.dated_on, LINE.c.sign)
        found: dict[tuple[str, date], Moved] = {}
        for (stage, day, sign), (many, fen) in self._standing(by, joined, ("moved",)).items():
            before = found.get((stage, day), Moved(0, 0))
            found[stage, day] = Moved(before.many + many, before.fen + sign * fen)
        return found

    def spots(self, by: str) -> list[Spot]:
        """Every row of a statement by ``request_id`` or ``presence_id``, in no order."""
        place = [standing(self._sought)] if by == "presence_id" or self._sought.path else []
        of = PLACE.c.request_id if by == "presence_id" else LINE.c.request_id
        granted = and_(_admits(_GRANTED), _GRANTED.c.request_id == of)
        numbered = [*place, granted, ~exists().where(
            _admits(_LATER), _LATER.c.request_id == _GRANTED.c.request_id,
            _LATER.c.id > _GRANTED.c.id,
        )]  # fmt: skip
        id, opening = column(by), column(OPENING)
        found = self._standing([opening, _GRANTED.c.number, id], numbered, ("numbered", by))
        bare = self._standing([opening, id], [*place, ~exists().where(granted)], ("bare", by))
        return [*found, *((at, "", key or "") for at, key in bare)]

    def _standing(
        self, by: Sequence[ColumnElement[Any]], joined: Sequence[ColumnElement[bool]], what: Key
    ) -> Sums:  # fmt: skip
        now = and_(*joined, *narrowed(self._county, self._sought))
        part = Part(now, partial(as_of, now), partial(_moved, self._county))
        measures = [func.count(), func.sum(LINE.c.amount_fen)]
        count: Any = counted(self._connection)
        sheet = Sheet(LINE, by, measures, [count], part)
        key = (self._county, "money", what, msgspec.json.encode(self._sought))
        return self._kept.standing(self._connection, key, sheet, least=self._least)


def _admits(decision: Any) -> ColumnElement[bool]:
    return and_(
        decision.c.county == LINE.c.county, decision.c.event_to.is_(None),
        decision.c.kind == DecisionKind.ADMITTED.value,
    )  # fmt: skip


def _moved(county: str, at: int) -> list[Select[Any]]:
    """Ids of lines of which something was written since an event."""
    request, decision, place = (one.alias("written") for one in _FUTURE)
    of = ((request, request.c.id), (decision, decision.c.request_id), (place, place.c.request_id))
    through = union_all(*(select(id).where(*_since(t, county, at)) for t, id in of))
    laid = select(place.c.id).where(*_since(place, county, at))
    of_no_request = and_(LINE.c.request_id.is_(None), LINE.c.presence_id.in_(laid))
    dated = tables.BY_RECORD[Voucher].alias("written")
    headed = LINE.c.voucher_id.in_(select(dated.c.id).where(*_since(dated, county, at)))
    line = LINE.alias("moved")
    return [
        select(line.c.id).where(*_since(line, county, at)),
        *(select(LINE.c.id).where(LINE.c.county == county, one)
          for one in (LINE.c.request_id.in_(through), of_no_request, headed)),
    ]  # fmt: skip


def _since(table: Any, county: str, at: int) -> list[ColumnElement[bool]]:
    return [table.c.county == county, table.c.event_from > at]
