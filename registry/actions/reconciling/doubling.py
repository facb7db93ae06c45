"""重复资金 one invoice, or one matter, paid for from two sources (P21)."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple, TypeVar

from registry.actions.doubting import keeping
from registry.actions.doubting.glancing import Glance, places_since
from registry.actions.doubting.keeping import Seen
from registry.actions.office import Answer, Call, Desk, Office
from registry.actions.reconciling import doubts
from registry.domain.audit import Finding
from registry.domain.bank import Direction, OtherIncome
from registry.domain.people import Actor
from registry.domain.presence import Presence
from registry.domain.records import Record
from registry.domain.spending import STANDING, Expenditure
from registry.domain.wording import normalise
from registry.store.doubled import doubled_invoices

ROOM = "doubling"
_AT_ONCE = 4096
"""Keys asked for together."""
_RESOURCE: dict[type[Record], str] = {Expenditure: "expenditures", OtherIncome: "other-incomes"}
T = TypeVar("T")


class Twice(NamedTuple):
    """二次列支: money from another source, by what it meets another, and what stands there."""

    income: OtherIncome
    by: str
    """invoice or matter."""
    others: list[tuple[str, str]]
    """Resource and id of each."""
    amount_fen: int


def double_funding(desk: Desk, incomes: Sequence[OtherIncome]) -> list[str]:
    """Set right what is asked about money of other sources, beside what is there already; ids of
    the findings that changed. What was withdrawn, and what stands beside nothing any more, because
    the other was taken back or is granted no more, is asked about no longer."""
    ids = [doubts.finding_id(doubts.DOUBLE_FUNDING, one.id) for one in incomes]
    return keeping.set_right(desk, _seen(desk, incomes), ids)


def effects(
    office: Office, actor: Actor, glance: Glance
) -> list[tuple[str, Callable[[Desk], Answer]]]:
    """What a tick finds: invoices recorded here after they were told of another source, and
    questions that hold no longer."""
    if glance.idle(ROOM):
        return []
    call = Call(actor=actor, county=glance.county, act="tick.double_funding")
    since = glance.since(ROOM)
    changing = office.ask(call, lambda desk: Answer(body=_changing(desk, since))).body
    glance.done(ROOM, left=len(changing))
    return [("double_funding", partial(_told, id=id)) for id in changing]


def _changing(desk: Desk, since: int | None) -> list[str]:
    """Money of other sources of which something else is to be asked than stands."""
    standing = {one.id: one for one in keeping.open_of(desk, doubts.DOUBLE_FUNDING.code)}
    named = {one.object_id for one in standing.values()}
    named |= doubled_invoices(desk.unit.connection, desk.unit.county, since)
    named |= {one.id for one in _beside(desk, places_since(desk, since) or [])}
    incomes = [one for some in _some(sorted(named)) for one in desk.unit.find(OtherIncome, id=some)]
    seen = {one.id: one for one in _seen(desk, incomes)}
    changing = []
    for income in incomes:
        id = doubts.finding_id(doubts.DOUBLE_FUNDING, income.id)
        now = seen.get(id)
        held = standing.get(id) or (desk.unit.maybe(Finding, id) if now else None)
        if id in standing if now is None else keeping.differs(held, now):
            changing.append(income.id)
    return changing


def _beside(desk: Desk, places: list[str]) -> list[OtherIncome]:
    """Money of other sources in the communities of these presences."""
    bodies = sorted({one.organisation_id for one in desk.unit.find(Presence, id=places)})
    return desk.unit.find(OtherIncome, organisation_id=bodies) if bodies else []


def _told(desk: Desk, id: str) -> Answer:
    income = desk.unit.get(OtherIncome, id)
    desk.about(income)
    return Answer(body=bool(double_funding(desk, [income])))


def _seen(desk: Desk, incomes: Sequence[OtherIncome]) -> list[Seen]:
    """One question an income: an invoice says more than a title."""
    counted = [one for one in incomes if not one.withdrawn]
    found = {one.income.id: one for one in (*_matters(desk, counted), *_invoices(desk, counted))}
    return [_asked(one) for one in found.values()]


def _invoices(desk: Desk, incomes: Sequence[OtherIncome]) -> Iterator[Twice]:
    """Invoices that were paid out of these and out of something else."""
    out = [one for one in incomes if one.invoice_key and one.direction is Direction.OUT]
    keys = sorted({one.invoice_key for one in out if one.invoice_key})
    spent: dict[str | None, list[Expenditure | OtherIncome]] = defaultdict(list)
    for some in _some(keys):
        for row in desk.unit.find(Expenditure, invoice_key=some):
            if row.state in STANDING:
                spent[row.invoice_key].append(row)
        for other in desk.unit.find(OtherIncome, invoice_key=some):
            if other.direction is Direction.OUT and not other.withdrawn:
                spent[other.invoice_key].append(other)
    for one in out:
        beside = [
            row for row in spent[one.invoice_key]
            if row.id != one.id and not (isinstance(row, OtherIncome) and _same(row, one))
        ]  # fmt: skip
        if beside:
            others = [(_RESOURCE[type(row)], row.id) for row in beside]
            yield Twice(one, "invoice", others, beside[0].amount_fen)


def _same(one: OtherIncome, other: OtherIncome) -> bool:
    """One bill of one community, paid out of one source in parts, is not paid twice."""
    return (one.organisation_id, one.source) == (other.organisation_id, other.source)


def _matters(desk: Desk, incomes: Sequence[OtherIncome]) -> Iterator[Twice]:
    """Money from elsewhere for a matter that has money of its own in the same community."""
    named = [one for one in incomes if one.purpose]
    there: dict[tuple[str, str], list[Presence]] = defaultdict(list)
    for some in _some(sorted({one.organisation_id for one in named})):
        for place in desk.unit.find(Presence, organisation_id=some):
            if place.share_fen and place.request_id is not None and not place.dropped:
                there[place.organisation_id, normalise(place.title)].append(place)
    for one in named:
        found = there.get((one.organisation_id, normalise(one.purpose)))
        if found:
            others = [("presences", place.id) for place in found]
            yield Twice(one, "matter", others, sum(place.share_fen for place in found))


def _asked(twice: Twice) -> Seen:
    income = twice.income
    others: dict[str, list[str]] = {"other-incomes": [income.id]}
    for kind, id in twice.others:
        others.setdefault(kind, []).append(id)
    return Seen(
        doubts.DOUBLE_FUNDING, doubts.finding_id(doubts.DOUBLE_FUNDING, income.id), income.id,
        income.organisation_id, income.area_path,
        {"by": twice.by, "source": income.source.value, "amount_fen": income.amount_fen,
         "other_fen": twice.amount_fen},
        others,
    )  # fmt: skip


def _some(values: Sequence[T]) -> Iterator[list[T]]:
    for start in range(0, len(values), _AT_ONCE):
        yield list(values[start : start + _AT_ONCE])
