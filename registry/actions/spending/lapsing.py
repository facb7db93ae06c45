"""比对与到期 what a tick looks at: the spending of a whole county, and advances not repaid in time.

A guessed day makes nobody late. What an act has confirmed was looked at by the act already.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import lru_cache
from itertools import groupby

from registry.actions.doubting import keeping
from registry.actions.doubting.keeping import Seen
from registry.actions.office import Answer, Desk, Office
from registry.actions.spending import doubts, looking, opening
from registry.actions.spending.looking import Question
from registry.domain.audit import Finding
from registry.domain.budget import PopulationCount
from registry.domain.filing import Filing
from registry.domain.request import Request
from registry.domain.spending import Expenditure
from registry.policies.judge import Rulebook
from registry.store import spent
from registry.store.spent import Advanced, Reading

Effect = Callable[[Desk], Answer]
BookOf = Callable[[date], Rulebook]
_LOOKED_AT = sorted(doubt.code for doubt in doubts.DOUBTS if doubt is not doubts.HANDLER)


def lapses(office: Office, county: str, today: date) -> Iterator[tuple[str, Effect]]:
    """One effect for each finding that is to be opened, brought up to date or closed."""
    reader = office.store.reader

    @lru_cache(None)
    def filing_of(id: str) -> Filing:
        request = reader.get(Request, county, id)
        assert request is not None
        return request.filing

    def book_of(on: date) -> Rulebook:
        return office.rulebooks.of(county, on)

    with reader.connect() as connection:
        counts = looking.counted(reader.find(PopulationCount, county))
        asked = Question(connection, county, book_of(today), filing_of, today, counts)
        found = {one.id: one for one in looking.odd(asked)}
        late = {one.id: one for one in late_advances((connection, county), book_of, today)}
    held = {f.id: f for f in reader.find(Finding, county, code=_LOOKED_AT)}
    for id in sorted({*found, *late, *held}):
        odd, finding = found.get(id) or late.get(id), held.get(id)
        if odd is not None and not keeping.differs(finding, odd):
            continue
        if odd is None and (finding is None or finding.closed_on is not None):
            continue
        yield "spending_looked_at", _looked_at(finding, odd)


def _looked_at(finding: Finding | None, odd: Seen | None) -> Effect:
    """The same question asked again in the act itself, of the rows behind one finding."""
    code = odd.doubt.code if odd else finding.code if finding else ""
    place = odd.about if odd else finding.object_id if finding else ""
    rows = {*(finding.facts.get("evidence", {}).get("expenditures", []) if finding else []),
            *(odd.evidence.get("expenditures", []) if odd else [])}  # fmt: skip

    def verb(desk: Desk) -> Answer:
        if code == doubts.ADVANCE.code:
            changed = _advances(desk, place)
        elif code == doubts.QUANTITY.code:
            changed = opening.look(desk, desk.unit.find(Expenditure, presence_id=place))
        else:
            changed = opening.look(desk, desk.unit.find(Expenditure, id=sorted(rows)))
        for id in changed:
            desk.about(desk.unit.get(Finding, id))
        return Answer(body=changed[0] if changed else None)

    return verb


def _advances(desk: Desk, presence_id: str) -> list[str]:
    of = (desk.unit.connection, desk.unit.county)
    late = late_advances(of, desk.rulebook, desk.today, [presence_id])
    held = keeping.open_of(desk, doubts.ADVANCE.code, object_id=presence_id)
    return keeping.set_right(desk, late, [one.id for one in held])


def late_advances(
    of: tuple[Reading, str], book_of: BookOf, today: date,
    presence_ids: list[str] | None = None,
) -> Iterator[Seen]:  # fmt: skip
    """垫付未归: of each line in one community and year, what was not repaid in the time that the
    pack of its day gives; what was repaid counts against the oldest first."""
    rows = spent.advances(*of, presence_ids)
    for key, group in groupby(rows, key=lambda r: (r.presence_id, r.funding_key, r.year)):
        own = list(group)
        late = [(on, fen) for on, fen in outstanding(own) if _past(book_of, on, today)]
        if late:
            since, last = min(on for on, _ in late), own[-1]
            yield Seen(
                doubts.ADVANCE,
                looking.finding_id(doubts.ADVANCE, "|".join(str(part) for part in key)), key[0],
                last.payer_id, last.area_path,
                {"funding_key": key[1], "year": key[2], "since": str(since),
                 "amount_fen": sum(fen for _, fen in late)},
            )  # fmt: skip


def outstanding(rows: Iterable[Advanced]) -> list[tuple[date, int]]:
    """Days on which something was advanced that is not repaid, and how much of it, 分."""
    every = list(rows)
    back = -sum(row.amount_fen for row in every if row.amount_fen < 0)
    left = []
    for row in sorted((r for r in every if r.amount_fen > 0), key=lambda r: r.dated_on):
        taken = min(back, row.amount_fen)
        back -= taken
        if row.amount_fen > taken:
            left.append((row.dated_on, row.amount_fen - taken))
    return left


def _past(book_of: BookOf, on: date, today: date) -> bool:
    rule = book_of(on).overlay.setting(lambda d: d.advance)
    if rule is None:
        return False
    due, provisional = book_of(today).calendar.due(rule.repaid_within, on)
    return due < today and not provisional
