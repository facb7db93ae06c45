"""双方核对 of one voucher: what payer and receiver have confirmed of it, and what statements show."""

from registry.actions.office import HIDDEN, Answer, Call, Desk, Office
from registry.actions.reconciling.pairing import shown_fen
from registry.actions.seeing import scopes
from registry.domain.bank import Direction, LineSource
from registry.domain.errors import Refusal
from registry.domain.funds import Voucher, VoucherLine, VoucherState
from registry.domain.reconciling import legs
from registry.domain.records import Wire
from registry.store import banking, parted
from registry.store.chain import Sought, sums
from registry.store.seen import seen
from registry.store.visible import Scope

READ = "voucher.read"


class Shown(Wire, frozen=True, kw_only=True):
    """一方流水: what a statement should show of the voucher, and what its lines came to."""

    source: LineSource
    direction: Direction
    voucher_fen: int
    statement_fen: int


class OnTheWay(Wire, frozen=True, kw_only=True):
    """收付双方 of one community's line and year that the voucher moved: confirmed amounts."""

    presence_id: str
    funding_key: str
    year: int
    payer_fen: int
    receiver_fen: int


class VoucherSides(Wire, frozen=True, kw_only=True):
    """双方核对."""

    voucher_id: str
    confirmed: bool
    sides: list[OnTheWay]
    statements: list[Shown]
    matched: bool
    """已对上: confirmed by both sides with one amount (E14); no statement shows another."""
    on_statements: bool
    """Every statement that should show it does, with its amount."""


def asked(office: Office, call: Call, id: str) -> VoucherSides:
    """Both sides of a voucher, for whoever may read it.

    Raises:
        Refusal: ``access.hidden``.
    """
    found: VoucherSides = office.ask(call, lambda desk: Answer(body=sides(desk, id))).body
    return found


def sides(desk: Desk, id: str) -> VoucherSides:
    """The same within an act."""
    unit = desk.unit
    within = scopes(desk.office, desk.actor, READ, unit.county)
    if not seen(unit.connection, Voucher, (unit.county, id), within):
        raise Refusal(HIDDEN)
    voucher = unit.get(Voucher, id)
    confirmed = voucher.state is VoucherState.CONFIRMED
    both = _both(desk, voucher, within)
    done = parted.matched(unit.connection, unit.county, [id])
    shown = [
        Shown(source=leg.source, direction=leg.direction, voucher_fen=leg.fen,
              statement_fen=shown_fen(leg, done))
        for leg in legs(banking.moved(unit.connection, unit.county, [id]))
        if leg.fen or shown_fen(leg, done)
    ]  # fmt: skip
    equal = all(one.payer_fen == one.receiver_fen for one in both)
    contradicted = any(0 < one.statement_fen != one.voucher_fen for one in shown)
    return VoucherSides(
        voucher_id=id, confirmed=confirmed, sides=both, statements=shown,
        matched=confirmed and equal and not contradicted,
        on_statements=bool(shown) and all(o.statement_fen == o.voucher_fen for o in shown),
    )  # fmt: skip


def _both(desk: Desk, voucher: Voucher, seen_in: list[Scope]) -> list[OnTheWay]:
    """Of the communities that the reader may see: a neighbour's money is not one's own."""
    unit = desk.unit
    keys = sorted({line.key for line in unit.find(VoucherLine, voucher_id=voucher.id)})
    within = Sought(seen=seen_in, presence_ids=sorted({key[0] for key in keys}))
    by = ("presence_id", "funding_key", "year")
    chains = sums(unit.connection, unit.county, within, by)
    return [
        OnTheWay(presence_id=key[0], funding_key=key[1], year=key[2],
                 payer_fen=chains[key].dispatched_fen,
                 receiver_fen=chains[key].dispatched_fen - chains[key].transit_fen)
        for key in keys if key in chains
    ]  # fmt: skip
