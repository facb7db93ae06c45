"""重复资金 one invoice, or one matter, paid for from two sources (P21)."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple, TypeVar

from registry.actions.office import Answer, Desk, Office
from registry.actions.reconciling import doubts
from registry.domain.audit import Finding
from registry.domain.bank import Direction, OtherIncome
from registry.domain.presence import Presence
from registry.domain.records import Record
from registry.domain.spending import STANDING, Expenditure
from registry.domain.wording import normalise
from registry.store.doubled import doubled_invoices

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


def double_funding(desk: Desk, incomes: Sequence[OtherIncome]) -> None:
    """Look at what an act keeps of other sources beside what is there already."""
    for twice in (*_invoices(desk, incomes), *_matters(desk, incomes)):
        _open(desk, twice)


def effects(office: Office, county: str) -> list[tuple[str, Callable[[Desk], Answer]]]:
    """What a tick finds: invoices recorded here after they were told of another source."""
    with office.store.reader.connect() as connection:
        doubles = doubled_invoices(connection, county)
    code = doubts.DOUBLE_FUNDING.code
    known = {f.object_id for f in office.store.reader.find(Finding, county, code=code)}
    # Withdrawn incomes stay in the answer of the engine, and make no effect.
    waiting = [
        one for one in office.store.reader.find(OtherIncome, county, id=sorted(doubles - known))
        if not one.withdrawn
    ] if doubles - known else []  # fmt: skip
    return [("double_funding", partial(_told, id=one.id)) for one in waiting]


def _told(desk: Desk, id: str) -> Answer:
    income = desk.unit.get(OtherIncome, id)
    desk.about(income)
    found = list(_invoices(desk, [income]))
    for twice in found:
        _open(desk, twice)
    return Answer(body=bool(found))


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
            if place.share_fen and place.request_id is not None:
                there[place.organisation_id, normalise(place.title)].append(place)
    for one in named:
        found = there.get((one.organisation_id, normalise(one.purpose)))
        if found:
            others = [("presences", place.id) for place in found]
            yield Twice(one, "matter", others, sum(place.share_fen for place in found))


def _open(desk: Desk, twice: Twice) -> None:
    income = twice.income
    others: dict[str, list[str]] = {"other-incomes": [income.id]}
    for kind, id in twice.others:
        others.setdefault(kind, []).append(id)
    doubts.opened(
        desk, doubts.DOUBLE_FUNDING, income, (income.organisation_id, income.area_path),
        evidence=others, by=twice.by, source=income.source.value, amount_fen=income.amount_fen,
        other_fen=twice.amount_fen,
    )  # fmt: skip


def _some(values: Sequence[T]) -> Iterator[list[T]]:
    for start in range(0, len(values), _AT_ONCE):
        yield list(values[start : start + _AT_ONCE])
