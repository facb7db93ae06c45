"""核对建议 the vouchers that a line might show, for a person to choose from: it matches nothing."""

from registry.actions.office import HIDDEN, Answer, Call, Desk, Office
from registry.actions.reconciling.pairing import open_legs
from registry.actions.reconciling.parting import left
from registry.actions.seeing import scopes
from registry.domain.bank import BankLine, LineSource
from registry.domain.document_number import folded
from registry.domain.errors import Refusal
from registry.domain.reconciling import Leg, numbers
from registry.domain.records import Wire
from registry.store import banking
from registry.store.seen import seen

READ = "bank.read"


class Offer(Wire, frozen=True, kw_only=True):
    """建议一张凭证, and what speaks for it."""

    voucher_id: str
    number: str
    request_id: str | None
    amount_fen: int
    """What no line has shown of it yet."""
    same_amount: bool
    same_number: bool
    """凭证号."""
    same_admission: bool
    """准入批准号."""
    same_place: bool


class Offers(Wire, frozen=True, kw_only=True):
    """核对建议, those for which most speaks first."""

    line_id: str
    amount_fen: int
    """What of the line no voucher is shown by yet."""
    offers: list[Offer]


_MOST = 20


def asked(office: Office, call: Call, id: str) -> Offers:
    """What might be behind a line.

    Raises:
        Refusal: ``access.hidden``.
    """
    found: Offers = office.ask(call, lambda desk: Answer(body=offered(desk, id))).body
    return found


def offered(desk: Desk, id: str) -> Offers:
    """The same within an act."""
    unit = desk.unit
    within = scopes(desk.office, desk.actor, READ, unit.county)
    if not seen(unit.connection, BankLine, (unit.county, id), within):
        raise Refusal(HIDDEN)
    line = unit.get(BankLine, id)
    request = banking.admissions(unit.connection, unit.county).get(folded(line.admission_number))
    found = [
        offer for leg in open_legs(unit.connection, unit.county)
        if (leg.source, leg.direction) == (line.source, line.direction)
        and (offer := _offer(line, leg, request)) is not None
    ]  # fmt: skip
    found.sort(key=lambda one: (-_signs(one), one.number, one.voucher_id))
    return Offers(line_id=line.id, amount_fen=left(line), offers=found[:_MOST])


def _offer(line: BankLine, leg: Leg, request: str | None) -> Offer | None:
    here = leg.path == line.area_path
    if not here and line.source is LineSource.BANK:
        return None
    made = Offer(
        voucher_id=leg.voucher_id, number=leg.number, request_id=leg.request_id,
        amount_fen=leg.fen, same_amount=leg.fen == left(line),
        same_number=folded(leg.number) in numbers(line.voucher_number),
        same_admission=request is not None and request == leg.request_id, same_place=here,
    )  # fmt: skip
    return made if made.same_amount or made.same_number or made.same_admission else None


def _signs(offer: Offer) -> int:
    return sum((offer.same_amount, offer.same_number, offer.same_admission, offer.same_place))
