"""疑点登记 findings of spending: opened once, kept true, and closed when they no longer hold."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from registry.actions.office import Desk
from registry.actions.spending import doubts, looking
from registry.actions.spending.looking import Odd, Question
from registry.domain.audit import Finding
from registry.domain.budget import PopulationCount
from registry.domain.people import Person
from registry.domain.request import Request
from registry.domain.spending import STANDING, Expenditure, Signatory, plain


def look(desk: Desk, changed: Sequence[Expenditure]) -> list[str]:
    """Look at what an act has confirmed or taken back; ids of the findings opened or closed."""
    if not changed:
        return []
    gone = frozenset(row.id for row in changed if row.state not in STANDING)
    asked = Question(
        desk.unit.connection, desk.unit.county, desk.rulebook(),
        lambda id: desk.unit.get(Request, id).filing, desk.today, _counts(desk, changed), changed,
        gone,
    )  # fmt: skip
    found = {one.id: one for one in (*looking.odd(asked), *_handled(desk, changed))}
    ids = set().union(*(looking.possible(row, asked.book) for row in changed))
    return keep(desk, found, ids)


def _counts(desk: Desk, changed: Sequence[Expenditure]) -> dict[tuple[str, str], int]:
    areas = {row.area_path.strip("/").rpartition("/")[2] for row in changed}
    return looking.counted(desk.unit.find(PopulationCount, area_id=sorted(areas)))


def keep(desk: Desk, found: Mapping[str, Odd], ids: set[str]) -> list[str]:
    """Bring the findings of these ids to what was found; ids of those that changed."""
    changed = []
    for id in sorted(ids | set(found)):
        held = desk.unit.maybe(Finding, id)
        odd = found.get(id)
        if odd is not None and (held is None or differs(held, odd)):
            changed.append(_opened(desk, odd, held).id)
        elif odd is None and held is not None and held.closed_on is None:
            changed.append(desk.unit.change(held, closed_on=desk.today).id)
    return changed


def differs(held: Finding, odd: Odd) -> bool:
    """Whether a finding does not tell what was seen now."""
    return held.closed_on is not None or held.facts != told(odd)


def told(odd: Odd) -> dict[str, Any]:
    """The facts as a finding keeps them."""
    law = doubts.DOUBTS[odd.code].law
    return {**odd.facts, "law": law} if law else dict(odd.facts)


def _opened(desk: Desk, odd: Odd, held: Finding | None) -> Finding:
    words = doubts.DOUBTS[odd.code]
    fresh = Finding(
        county=desk.unit.county, id=odd.id, code=odd.code, object_kind=odd.object_kind,
        object_id=odd.object_id, organisation_id=odd.organisation_id, area_path=odd.area_path,
        opened_on=desk.today, detail=words.zh.format(**odd.facts),
        detail_en=words.en.format(**odd.facts), facts=told(odd),
    )  # fmt: skip
    if held is None:
        return desk.unit.add(fresh)
    return desk.unit.change(
        held, closed_on=None, opened_on=held.opened_on if held.closed_on is None else desk.today,
        object_id=fresh.object_id, organisation_id=fresh.organisation_id,
        area_path=fresh.area_path, detail=fresh.detail, detail_en=fresh.detail_en,
        facts=fresh.facts,
    )  # fmt: skip


def _handled(desk: Desk, changed: Sequence[Expenditure]) -> Iterator[Odd]:
    """Payments to a person of the same name as who handled them."""
    for row in changed:
        handler = desk.unit.maybe(Person, row.signatures.get(Signatory.HANDLED, ""))
        if row.state in STANDING and row.payee_kind == "person" and handler is not None and (
            plain(handler.name) == plain(row.payee_name)
        ):  # fmt: skip
            yield Odd(
                doubts.HANDLER, row.id, "expenditure", row.id, row.organisation_id, row.area_path,
                {"expenditures": [row.id], "vouchers": [row.voucher_id],
                 "amount_fen": row.amount_fen},
            )  # fmt: skip
