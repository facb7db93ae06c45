"""比对与到期 what a tick looks at: the spending of a whole county, and advances not repaid in time.

A guessed day makes nobody late. What an act has confirmed was looked at by the act already.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import groupby
from typing import Any

from registry.actions.doubting import keeping
from registry.actions.doubting.glancing import LIKE_EVERYTHING, Glance
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
from registry.store.engine import Reading
from registry.store.spent import Advanced
from registry.store.touched import counted_anew, presences_touched, touched

Effect = Callable[[Desk], Answer]
ROOM = "spending"
BookOf = Callable[[date], Rulebook]
_LOOKED_AT = sorted(doubt.code for doubt in doubts.DOUBTS if doubt is not doubts.HANDLER)


def lapses(office: Office, glance: Glance) -> list[tuple[str, Effect]]:
    """One effect for each finding that is to be opened, brought up to date or closed."""
    if glance.idle(ROOM):
        return []
    look = _Look(office, glance)
    found, held = look.seen(), look.held()
    effects = [
        ("spending_looked_at", _looked_at(held.get(id), found.get(id)))
        for id in sorted({*found, *held}) if _apart(held.get(id), found.get(id))
    ]  # fmt: skip
    glance.done(ROOM, left=len(effects))
    return effects


def _apart(finding: Finding | None, odd: Seen | None) -> bool:
    if odd is not None:
        return keeping.differs(finding, odd)
    return finding is not None and finding.closed_on is None


class _Look:
    """比对一次: the whole county, or what was written since the last time."""

    def __init__(self, office: Office, glance: Glance) -> None:
        self._reader, self._county = office.store.reader, glance.county
        self._books, self._today = office.rulebooks, glance.now.day
        self._filings: dict[str, Filing] = {}
        self._touched: list[Expenditure] | None = None
        self._places: list[str] | None = None
        since = glance.since(ROOM)
        with self._reader.connect() as connection:
            if since is None or counted_anew(connection, self._county, since):
                return
            ids = touched(connection, self._county, Expenditure, since)
            places = presences_touched(connection, self._county, since)
        if len(ids) < LIKE_EVERYTHING > len(places):
            self._touched = self._reader.find(Expenditure, self._county, id=ids) if ids else []
            self._places = places

    def _filing(self, id: str) -> Filing:
        if id not in self._filings:
            request = self._reader.get(Request, self._county, id)
            assert request is not None
            self._filings[id] = request.filing
        return self._filings[id]

    def _book(self, on: date) -> Rulebook:
        return self._books.of(self._county, on)

    def _counts(self) -> dict[tuple[str, str], int]:
        narrowed: dict[str, Any] = {}
        if self._touched is not None:
            areas = {row.area_path.strip("/").rpartition("/")[2] for row in self._touched}
            narrowed = {"area_id": sorted(areas)}
        return looking.counted(self._reader.find(PopulationCount, self._county, **narrowed))

    def seen(self) -> dict[str, Seen]:
        """What is odd now, by the id of its finding."""
        found: list[Seen] = []
        with self._reader.connect() as connection:
            if self._touched is None or self._touched:
                found += looking.odd(Question(
                    connection, self._county, self._book(self._today), self._filing, self._today,
                    self._counts(), self._touched, looking.gone(self._touched or ()),
                ))  # fmt: skip
            if self._places is None or self._places:
                of = (connection, self._county)
                found += late_advances(of, self._book, self._today, self._places)
        return {one.id: one for one in found}

    def held(self) -> dict[str, Finding]:
        """Findings that may hold no longer, or say something else."""
        if self._touched is None:
            rows = self._reader.find(Finding, self._county, code=_LOOKED_AT)
            return {one.id: one for one in rows}
        book = self._book(self._today)
        ids = sorted(set().union(*(looking.possible(row, book) for row in self._touched)))
        rows = self._reader.find(Finding, self._county, id=ids) if ids else []
        if self._places:
            code = doubts.ADVANCE.code
            rows += self._reader.find(Finding, self._county, code=code, object_id=self._places)
        return {one.id: one for one in rows if one.code in _LOOKED_AT}


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
                {"vouchers": sorted({row.voucher_id for row in own})},
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
