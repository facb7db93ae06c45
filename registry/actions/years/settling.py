"""结余上缴核销 what the passing of time closes: a surplus that was handed in is no finding any more."""

from collections.abc import Callable, Iterator

from registry.actions.doubting import keeping
from registry.actions.doubting.glancing import Glance
from registry.actions.office import Answer, Desk, Office
from registry.actions.years.doubts import SURPLUS_DUE
from registry.domain.accounts import Account
from registry.domain.audit import Finding
from registry.domain.funds import VoucherLine

Effect = Callable[[Desk], Answer]
ROOM = "surplus"


def lapses(office: Office, glance: Glance) -> Iterator[tuple[str, Effect]]:
    """Findings of what was to be handed in, and is now."""
    if glance.idle(ROOM):
        return
    find, left = office.store.reader.find, 0
    for finding in find(Finding, glance.county, code=SURPLUS_DUE.code, closed_on=None):
        lines = find(VoucherLine, glance.county, presence_id=finding.object_id)
        if handed_in(finding, lines) >= finding.facts["amount_fen"]:
            left += 1
            yield "surplus_handed_in", _closed(finding.id)
    glance.done(ROOM, left=left)


def handed_in(finding: Finding, lines: list[VoucherLine]) -> int:
    """What of its funding line was handed in since the year it was told of, 分, net of reversals."""
    key, year = finding.facts["funding_key"], finding.facts["year"]
    mine = [x for x in lines if x.counted and x.funding_key == key and x.year > year]
    into = sum(x.amount_fen for x in mine if x.debit is Account.REMITTED)
    return into - sum(x.amount_fen for x in mine if x.credit is Account.REMITTED)


def _closed(id: str) -> Effect:
    def verb(desk: Desk) -> Answer:
        held = desk.unit.get(Finding, id, lock=True)
        desk.about(held)
        closed = keeping.close(desk, id)
        return Answer(body=None if closed is None else closed.id)

    return verb
