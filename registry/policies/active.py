"""在用决策表 the rows in force for one set of dates, and what each says, written out once."""

from collections.abc import Callable, Iterable, Sequence

import msgspec

from registry.domain.admission import COLUMNS, Hit, rank
from registry.domain.records import Wire
from registry.domain.vocabulary import Default, Outcome, Receiver
from registry.policies.engine import matcher
from registry.policies.index import bits
from registry.policies.pack import Rule, TableRow

UNVERIFIED = "待核实"
IDLE = len(Outcome) + 1
"""Weaker than every rank: the row is shown and decides nothing."""


class ActiveRow(Wire, frozen=True, kw_only=True):
    """在用规则行."""

    pack: str
    rule: Rule
    row: TableRow


class Line(msgspec.Struct, frozen=True):
    """一行说明: a hit, how strongly it decides, and what tells it from other lines."""

    hit: Hit
    rank: int
    key: tuple[str, str, str, str]


class Answer(Wire, frozen=True, kw_only=True):
    """答案: what follows from the set of matching rows alone, whatever the facts were.

    Many verdicts share one; nobody changes its lists.
    """

    outcome: Outcome
    absolute: bool
    deciding: list[str]
    rules: list[Hit]
    defaulted: Default | None
    refusal_right: bool | None
    department_in_breach: bool | None
    packs: list[str]
    pack_digest: str
    waivers: list[str] = []


Met = tuple[tuple[Receiver, int], ...]
"""Receiver → the rows that matched for it, as bits."""


class Active:
    """在用决策表, ready to be asked."""

    def __init__(self, rows: list[ActiveRow], decider: str) -> None:
        self.rows = rows
        self.known: dict[tuple[str, Met], Answer] = {}
        """Answers by set of matching rows; never by facts."""
        self.silence: dict[str, Line] = {}
        """What the stated default says, by kind."""
        self.lines = [line_of(_hit(row)) for row in rows]
        self.lifting = sum(1 << at for at, r in enumerate(rows) if r.rule.decides and r.rule.lifts)
        self.mask: Callable[[Sequence[str]], int] = _nothing
        if rows:
            table = ([*r.row.facts, r.row.eft, r.row.outcome, r.row.rule] for r in rows)
            self.mask = matcher(decider, table).mask

    def met(self, vectors: Sequence[tuple[Receiver, Sequence[str]]]) -> Met:
        """The matching rows of each receiver, over all grounds it was asked for."""
        if len(vectors) == 1:
            return ((vectors[0][0], self.mask(vectors[0][1])),)
        found: dict[Receiver, int] = {}
        for receiver, vector in vectors:
            found[receiver] = found.get(receiver, 0) | self.mask(vector)
        return tuple(found.items())

    def said(self, mask: int) -> list[Line]:
        """What the matching rows say, in table order."""
        found = []
        lines = self.lines
        while mask:
            low = mask & -mask
            found.append(lines[low.bit_length() - 1])
            mask ^= low
        return found

    def lifted(self, mask: int, waived: Iterable[str]) -> dict[str, str]:
        """Rule → the statutory exception among the matching rows that lifts it.

        An exception that is itself waived lifts nothing.
        """
        lifters = [self.rows[at].rule for at in bits(mask & self.lifting)]
        held = set(waived)
        return {
            name: rule.id for rule in lifters
            if rule.absolute or rule.id not in held for name in rule.lifts
        }  # fmt: skip


def _nothing(_facts: Sequence[str]) -> int:
    """No row is in force."""
    return 0


def line_of(hit: Hit) -> Line:
    """A hit weighed: only what is enforced, not lifted and not waived decides."""
    decides = hit.stage == "enforce" and not hit.lifted_by and not hit.waived_by
    return Line(
        hit,
        rank(hit.outcome, hit.absolute) if decides else IDLE,
        (hit.rule, hit.outcome.value, hit.lifted_by, hit.waived_by),
    )


def _hit(active: ActiveRow) -> Hit:
    """What the row says where nothing stands behind its facts."""
    rule, row = active.rule, active.row
    return Hit(
        rule=rule.id, outcome=Outcome(row.outcome), grade=rule.grade.value, clause=rule.clause,
        sentence=rule.sentence + _places(rule.forbidden_in, "已有规定禁止的地方：", "、", "。"),
        sentence_en=rule.sentence_en + _places(rule.forbidden_in, " Forbidden in: ", ", ", "."),
        remedy=rule.remedy, remedy_en=rule.remedy_en, ground=rule.ground, absolute=rule.absolute,
        stage=rule.stage.value if rule.on else "dry_run", pack=active.pack,
        to_be_confirmed=rule.to_be_confirmed if rule.on else UNVERIFIED,
        governed_by=rule.governed_by,
    )  # fmt: skip


def _places(places: list[str], before: str, between: str, after: str) -> str:
    return before + between.join(places) + after if places else ""


def asked_of(row: TableRow) -> list[str]:
    """The columns of a row that name a list or what is registered: whose items stand behind it."""
    facts = dict(zip(COLUMNS, row.facts, strict=True))
    return [c for c in _REFERRING if facts[c] != "*"]


_REFERRING = ("standing", "statutory", "certificate", "held", "basis_state")
