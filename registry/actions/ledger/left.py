"""可用余额 what a voucher of one matter may still draw on at a stage, community by community.

A telling and no promise: what is recorded meanwhile takes its part, and the act itself decides
(``recording``). Communities stand in the order of their codes (P9).
"""

from collections.abc import Iterable, Iterator

import msgspec

from registry.actions.granting import admitted
from registry.actions.ledger.books import READ
from registry.actions.ledger.custody import custody_of
from registry.actions.ledger.recording import BY_ACT
from registry.actions.ledger.reversing import taken_back
from registry.actions.office import HIDDEN, Answer, Call, Desk, Office
from registry.actions.reading import NOT_READABLE
from registry.actions.seeing import scopes
from registry.actions.spending.asking import SPENT, uses_of
from registry.domain.accounts import (
    CHOSEN,
    HOLDING,
    OUTSIDE,
    OWED,
    Account,
    Move,
    Slot,
    Told,
    VoucherStage,
    moves,
    room,
)
from registry.domain.areas import Area
from registry.domain.budget import CustodyTerm, Indicator
from registry.domain.errors import Refusal
from registry.domain.funds import Voucher, VoucherLine
from registry.domain.presence import Presence
from registry.domain.records import Ident, Wire
from registry.domain.request import Request
from registry.domain.vocabulary import Custody
from registry.store import indicators, rooms
from registry.store.chain import Sought, sums

_ORDERED = frozenset({VoucherStage.ORDER, VoucherStage.REFUND})
_SPLIT = frozenset({VoucherStage.ALLOT, VoucherStage.REFUND})
Key = tuple[str, str, int]
"""(presence, funding line, year)."""


class LeftQuery(Wire, frozen=True, kw_only=True):
    """可用余额查询条件."""

    request_id: Ident
    stage: VoucherStage
    reverses_id: Ident | None = None
    """Of 冲销: the voucher that is to be taken back."""


class LeftRow(Wire, frozen=True, kw_only=True):
    """一行可用: one entry that a voucher of the stage could have."""

    presence_id: str
    code: str
    name: str
    funding_key: str
    year: int
    payer_id: str
    at: Account | None = None
    """Where the money lies, where an entry has to say so."""
    indicator_id: str = ""
    """指标 that it draws on."""
    indicator: str = ""
    out: bool = False
    """Of 调剂: the side that gives."""
    spends: bool = False
    """It is spending at once, and tells for what, and to whom."""
    left_fen: int | None = None
    """可用, 分; ``None`` = nothing bounds it but what is decided."""


class OfIndicator(Wire, frozen=True, kw_only=True):
    """指标 and what of it is not split yet, 分."""

    id: str
    number: str
    year: int
    purpose: str
    left_fen: int


class Left(Wire, frozen=True, kw_only=True):
    """可用余额: rows in the order of codes; indicators and uses as far as the stage names any."""

    rows: list[LeftRow]
    indicators: list[OfIndicator] = []
    uses: dict[str, str] = {}
    """用途: word and name."""


def left(office: Office, call: Call, query: LeftQuery) -> Left:
    """What may be drawn on, of what the reader may see.

    Raises:
        Refusal: ``access.reading``, ``access.hidden``.
    """
    found: Left = office.ask(call, lambda desk: Answer(body=_left(desk, query))).body
    return found


def _left(desk: Desk, query: LeftQuery) -> Left:
    within = scopes(desk.office, desk.actor, READ, desk.unit.county)
    if not within:
        raise Refusal(NOT_READABLE)
    sought = Sought(seen=within, request_id=query.request_id)
    by = ("presence_id", "funding_key", "year", "payer_id")
    held = list(sums(desk.unit.connection, desk.unit.county, sought, by))
    request = desk.unit.maybe(Request, query.request_id)
    if request is None or not held:
        raise Refusal(HIDDEN)
    payers = {(presence, key, year): payer for presence, key, year, payer in held}
    made = _Rows(desk, query, payers)
    rows = list(made.reversed() if query.stage is VoucherStage.REVERSAL else made.rows())
    uses: dict[str, str] = {}
    if any(row.spends for row in rows):
        named = [uses_of(desk, request.filing.kind, f) for f in admitted(desk, request).funding]
        uses = {word: name for one in named if one for word, name in one.allowed.items()}
    split = _split(desk, payers) if query.stage in _SPLIT else []
    return Left(rows=rows, indicators=split, uses=uses)


class _Rows:
    """What entries there could be, and what each could take."""

    def __init__(self, desk: Desk, query: LeftQuery, payers: dict[Key, str]) -> None:
        self._desk, self._query, self._payers = desk, query, payers
        ids = sorted({key[0] for key in payers})
        self._places = {p.id: p for p in desk.unit.find(Presence, id=ids)}
        areas = sorted({p.area_id for p in self._places.values()})
        self._areas = {a.id: a for a in desk.unit.find(Area, id=areas)}
        asked = rooms.Sought(
            years=sorted({year for _, _, year in payers}),
            presences=sorted({presence for presence, _, _ in payers}),
            keys=sorted({key for _, key, _ in payers}),
        )
        flows = rooms.moved(desk.unit.connection, desk.unit.county, asked)
        self._free = room(flows)
        bodies = sorted({p.organisation_id for p in self._places.values()})
        terms = desk.unit.find(CustodyTerm, organisation_id=bodies)
        self._terms = sorted(terms, key=lambda term: (term.since, term.id))
        self._numbers = self._named()

    def _named(self) -> dict[str, str]:
        ids = sorted({slot.indicator_id for slot in self._free if slot.indicator_id})
        return {one.id: one.number for one in self._desk.unit.find(Indicator, id=ids)}

    def _order(self) -> list[Key]:
        code = {p.id: self._areas[p.area_id].code for p in self._places.values()}
        return sorted(self._payers, key=lambda key: (code[key[0]], key))

    def rows(self) -> Iterator[LeftRow]:
        """Every entry of the stage, where the custody of today knows it."""
        stage = self._query.stage
        if stage in BY_ACT:
            return
        for key in self._order():
            place = self._places[key[0]]
            custody = custody_of(place, self._terms, self._desk.today)
            yield from self._of(key, custody)

    def _of(self, key: Key, custody: Custody) -> Iterator[LeftRow]:
        stage = self._query.stage
        for told, indicator in self._ways(key):
            made = moves(stage, custody, told)
            if not made:
                continue
            fen = self._room(key, made, indicator)
            if indicator and fen == 0:
                continue
            yield msgspec.structs.replace(
                self._row(key), at=told.at, indicator_id=indicator,
                indicator=self._numbers.get(indicator, ""), out=told.out, left_fen=fen,
                spends=any(move.debit in SPENT for move in made),
            )  # fmt: skip

    def _ways(self, key: Key) -> list[tuple[Told, str]]:
        """What an entry could say besides its amount."""
        stage = self._query.stage
        if stage in CHOSEN:
            return [(Told(at=at), "") for at in Account if at in HOLDING]
        if stage is VoucherStage.REALLOCATE:
            return [(Told(out=True), ""), (Told(), "")]
        if stage not in _ORDERED:
            return [(Told(), "")]
        split = [s.indicator_id for s in self._free if s[:3] == key and s.indicator_id]
        drawn = [(Told(allotted=True), one) for one in sorted(set(split))]
        return [*drawn, (Told(), "")]

    def _room(self, key: Key, made: Iterable[Move], indicator: str) -> int | None:
        """What may be taken out of the accounts that the moves draw on, whichever has least."""
        change: dict[Account, int] = {}
        for move in made:
            change[move.debit] = change.get(move.debit, 0) + 1
            change[move.credit] = change.get(move.credit, 0) - 1
        # Of what is owed, what may still be given back: there the room is on the other side.
        bounds = [a for a, by in change.items()
                  if by and a not in OUTSIDE and (by < 0) is not (a in OWED)]  # fmt: skip
        slots = [Slot(*key, a, indicator if a is Account.ALLOTTED else "") for a in bounds]
        return min((max(self._free.get(slot, 0), 0) for slot in slots), default=None)

    def _row(self, key: Key) -> LeftRow:
        area = self._areas[self._places[key[0]].area_id]
        return LeftRow(
            presence_id=key[0], code=area.code, name=area.name, funding_key=key[1], year=key[2],
            payer_id=self._payers[key],
        )  # fmt: skip

    def reversed(self) -> Iterator[LeftRow]:
        """Of the voucher that is to be taken back: what of each entry is not taken back yet."""
        unit = self._desk.unit
        original = unit.maybe(Voucher, self._query.reverses_id or "")
        if original is None or original.request_id != self._query.request_id:
            return
        lines = unit.find(VoucherLine, voucher_id=original.id)
        back, fen = taken_back(self._desk, original), dict[Key, int]()
        for line in lines:
            if "." not in line.id.rsplit(".l", 1)[1] and line.key in self._payers:
                own = line.amount_fen - back.get(line.id, 0)
                fen[line.key] = fen.get(line.key, 0) + own
        for key in self._order():
            if key in fen:
                yield msgspec.structs.replace(self._row(key), left_fen=fen[key])


def _split(desk: Desk, payers: dict[Key, str]) -> list[OfIndicator]:
    """Confirmed indicators of these payers and years, and what of each is not split."""
    within = scopes(desk.office, desk.actor, "indicator.read", desk.unit.county)
    if not within:
        return []
    bodies, years = sorted(set(payers.values())), sorted({key[2] for key in payers})
    found = desk.unit.find(Indicator, payer_id=bodies, year=years)
    found = [one for one in found if one.confirmed_by is not None]
    used = indicators.used(desk.unit.connection, desk.unit.county, [one.id for one in found])
    return [
        OfIndicator(
            id=one.id, number=one.number, year=one.year, purpose=one.purpose,
            left_fen=one.amount_fen - (used[one.id].split_fen if one.id in used else 0),
        )
        for one in sorted(found, key=lambda one: (one.year, one.number))
    ]  # fmt: skip
