"""第二套账 a naive second ledger in plain dicts, written from docs/ledger.md and the list of
invariants alone: it knows nothing of ``registry.domain.accounts``.

Pots hold 分; what waits for confirmation has left its pot already and is not yet in the next one.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

Key = tuple[str, str, int]
"""(presence, funding line, year)."""
Pot = tuple[str, str, int, str]
"""(presence, funding line, year, name of the pot); a split part bears its indicator's id."""
Step = tuple[str, str]
"""Out of one pot, into another."""

IN_THE_BOOKS = {
    "budget": "source", "unused": "pledged", "asked": "ordered", "way": "transit",
    "street": "street", "books": "community", "spent": "spent", "handed in": "remitted",
    "next year": "carried", "before": "opening", "lent": "advanced", "owed": "lender",
}  # fmt: skip
"""The name of a pot in the registry's rows; a split part is ``allotted``."""
BOUNDLESS = {"budget", "next year", "before", "owed"}
"""Beyond the chain of one year, or what is owed: these alone may stand below nothing."""
CUSTODY = {"990102001001": "street_custody", "990102001005": "street_custody",
           "990102001002": "own_account", "990102001004": "direct_pay"}  # fmt: skip
PLACES = {"street": "street", "community": "books"}


@dataclass
class Told:
    """What an entry says besides its amount."""

    at: str = ""
    out: bool = False
    indicator: str = ""


def steps(  # noqa: C901, PLR0911, PLR0912 - the table of the docs, told in words
    stage: str, custody: str, told: Told
) -> list[Step]:
    """What a stage does with an amount, as the table of docs/ledger.md has it; empty = no such
    stage under that custody."""
    drawn = f"split {told.indicator}" if told.indicator else "unused"
    by_street = custody == "street_custody"
    place = PLACES.get(told.at, "")
    if stage in ("increase", "pledge"):
        return [("budget", "unused")]
    if stage == "decrease":
        return [("unused", "budget")]
    if stage == "reallocate":
        return [("unused", "budget") if told.out else ("budget", "unused")]
    if stage == "allot":
        return [("unused", f"split {told.indicator}")]
    if stage == "order":
        return [(drawn, "asked")]
    if stage == "dispatch":
        return [("asked", "spent" if custody == "direct_pay" else "way")]
    if stage == "street_arrival":
        return [("way", "street")] if by_street else []
    if stage == "community_arrival":
        return [] if custody == "direct_pay" else [("street" if by_street else "way", "books")]
    if stage == "expenditure":
        return [("books", "spent")]
    if stage == "advance":
        return [("owed", "lent")]
    if stage == "repayment":
        return [("lent", "owed"), ("books", "spent")]
    if stage == "surplus":
        return [(place, "handed in")] if place else []
    if stage == "refund" and place:
        through = place == "books" and by_street
        return [("books", "street"), ("street", drawn)] if through else [(place, drawn)]
    return []


@dataclass
class Part:
    """One entry of a voucher: what it moves, and how much of it was taken back, waiting or not."""

    key: Key
    amount: int
    steps: list[Step]
    back: int = 0

    @property
    def drawn_on(self) -> list[str]:
        """The pots it takes from; what only passes through one takes nothing out of it."""
        passed = {into for _, into in self.steps}
        return [out for out, _ in self.steps if out not in passed]


@dataclass
class Paper:
    """凭证 as the second ledger knows it."""

    id: str
    stage: str
    request: str
    parts: list[Part]
    by: str
    state: str = "recorded"
    takes_back: list[tuple[Part, int]] = field(default_factory=list)


class SecondLedger:
    """第二套账."""

    def __init__(self) -> None:
        self.pots: dict[Pot, int] = defaultdict(int)
        self.leaving: dict[Pot, int] = defaultdict(int)
        """What waits, by the pot it has left."""
        self.papers: dict[str, Paper] = {}
        self.closed: set[tuple[str, int]] = set()
        """(presence, year)."""
        self.indicators: dict[str, int] = {}

    def grant(self, key: Key, fen: int) -> None:
        """核定, up or down: a decision is its own confirmation."""
        self.pots[*key, "budget"] -= fen
        self.pots[*key, "unused"] += fen

    def left(self, key: Key, pot: str) -> int:
        """What may still be taken out."""
        return self.pots.get((*key, pot), 0) - self.leaving.get((*key, pot), 0)

    def has_room(self, parts: Iterable[Part]) -> bool:
        """Whether every pot holds what all parts together take out of it."""
        wanted: dict[Pot, int] = defaultdict(int)
        for part in parts:
            for out in part.drawn_on:
                wanted[*part.key, out] += part.amount
        return all(
            self.left(pot[:3], pot[3]) >= fen
            for pot, fen in wanted.items() if pot[3] not in BOUNDLESS
        )  # fmt: skip

    def enter(self, paper: Paper, *, confirmed: bool = False) -> None:
        """A voucher is recorded; it counts at once only where nobody confirms it."""
        self.papers[paper.id] = paper
        for part in paper.parts:
            for out in part.drawn_on:
                self.leaving[*part.key, out] += part.amount
        for part, amount in paper.takes_back:
            part.back += amount
        if confirmed:
            self.confirm(paper.id)

    def confirm(self, id: str) -> None:
        paper = self.papers[id]
        assert paper.state == "recorded", f"{id} was {paper.state} and was confirmed"
        paper.state = "confirmed"
        for part in paper.parts:
            for out in part.drawn_on:
                self.leaving[*part.key, out] -= part.amount
            for out, into in part.steps:
                self.pots[*part.key, out] -= part.amount
                self.pots[*part.key, into] += part.amount

    def void(self, id: str) -> None:
        paper = self.papers[id]
        assert paper.state == "recorded", f"{id} was {paper.state} and was voided"
        paper.state = "voided"
        for part in paper.parts:
            for out in part.drawn_on:
                self.leaving[*part.key, out] -= part.amount
        for part, amount in paper.takes_back:
            part.back -= amount

    def reversal(self, of: Paper, presence: str, line: str, amount: int) -> list[tuple[Part, int]]:
        """Which parts of a voucher an amount is taken off, from the first on; empty where there is
        not so much left in them."""
        found, rest = [], amount
        for part in of.parts:
            if (part.key[0], part.key[1]) == (presence, line):
                taken = min(part.amount - part.back, rest)
                if taken > 0:
                    found.append((part, taken))
                    rest -= taken
        return found if rest == 0 else []

    def close(self, presence: str, year: int, unspent: str = "carry") -> None:
        """年终结转: what lies, is on its way or is owed goes on where it lay; what was never sent
        stays in the old year, and nothing is drawn on it any more."""
        assert unspent == "carry"
        for pot, fen in list(self.pots.items()):
            if pot[0] == presence and pot[2] == year and fen > 0:
                after = (pot[0], pot[1], year + 1)
                if pot[3] in ("books", "street", "way"):
                    self._shift(pot, "next year", fen)
                    self._shift((*after, "next year"), pot[3], fen)
                if pot[3] == "lent":
                    self._shift(pot, "owed", fen)
                    self._shift((*after, "owed"), "lent", fen)
        self.closed.add((presence, year))

    def _shift(self, pot: Pot, into: str, fen: int) -> None:
        self.pots[pot] -= fen
        self.pots[pot[0], pot[1], pot[2], into] += fen

    def split(self, indicator: str) -> int:
        """Of an indicator what was split, what waits included; taken back only once confirmed."""
        total = 0
        for paper in self.papers.values():
            for part in paper.parts:
                for out, into in part.steps:
                    if into == f"split {indicator}" and paper.stage == "allot":
                        total += part.amount if paper.state != "voided" else 0
                    if (
                        out == f"split {indicator}"
                        and paper.stage == "reversal"
                        and (into == "unused" and paper.state == "confirmed")
                    ):
                        total -= part.amount
        return total

    def in_the_books(self) -> dict[tuple[str, str, int, str, str], int]:
        """What stands in each pot, under the names of the registry's rows; empty ones left out."""
        found: dict[tuple[str, str, int, str, str], int] = {}
        for (presence, line, year, pot), fen in self.pots.items():
            split = pot.removeprefix("split ") if pot.startswith("split ") else ""
            if fen:
                name = "allotted" if split else IN_THE_BOOKS[pot]
                found[presence, line, year, name, split] = fen
        return found
