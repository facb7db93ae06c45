"""决策表检查 rows that contradict each other, rows that never decide, rows that can never match.

The order of outcomes always yields one answer; what is told here is where an officer may not have
meant it.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from registry.domain.admission import COLUMNS, rank
from registry.domain.vocabulary import Gate, Outcome
from registry.policies.drafting.possible import (
    Budget,
    Region,
    SearchGivenUp,
    Space,
    admission_space,
    covers,
    overlap,
)
from registry.policies.drafting.problems import Place, Problem, problem
from registry.policies.pack import Pack, Rule, TableRow
from registry.policies.words import said_en, said_zh, value_zh

_LETTING_IN = frozenset({Outcome.LISTED, Outcome.EXEMPT, Outcome.ALLOWED, Outcome.DISCRETIONARY})
_FILE = "rules.csv"
_NEAR = 256
"""Rows compared with one row; a table in which more meet is told what is found among these."""
_GATE, _GROUND, _MATCH = (COLUMNS.index(c) for c in ("gate", "ground", "match"))
_CERTIFICATE = COLUMNS.index("certificate")


class Line:
    """一行: a row of the table with its rule, the facts it matches and its strength."""

    def __init__(self, row: TableRow, rule: Rule, region: Region) -> None:
        self.row, self.rule, self.region = row, rule, region
        self.outcome = Outcome(row.outcome)
        self.rank = rank(self.outcome, rule.absolute)

    @property
    def place(self) -> Place:
        return _FILE, self.row.line, 1

    @property
    def name(self) -> str:
        return f"{self.rule.id}(rules.csv:{self.row.line})"

    def together(self, other: "Line") -> bool:
        """Whether the rules of both are in force on some day."""
        starts = max(self.rule.valid_from or date.min, other.rule.valid_from or date.min)
        ends = min(self.rule.valid_to or date.max, other.rule.valid_to or date.max)
        return starts <= ends

    def throughout(self, other: "Line") -> bool:
        """Whether this rule is in force on every day on which the other is."""
        mine, theirs = self.rule, other.rule
        if mine.valid_from is None and mine.valid_to is None:
            return True
        return (
            mine.governed_by == theirs.governed_by
            and (mine.valid_from or date.min) <= (theirs.valid_from or date.min)
            and (theirs.valid_to or date.max) <= (mine.valid_to or date.max)
        )


def check_rows(pack: Pack, lifted: Iterable[str]) -> list[Problem]:
    """Everything odd about the rows of a pack.

    Args:
        lifted: rules that some rule of the pack or of those above it lifts.
    """
    space = admission_space()
    rules = {rule.id: rule for rule in pack.document.rule}
    found: list[Problem] = []
    lines: list[Line] = []
    for row in pack.rows:
        if row.rule in rules:
            line = Line(row, rules[row.rule], space.region(row.facts))
            dead = _impossible(line, space)
            found += [*dead, *_wording(line)]
            if not dead and line.rule.decides:
                lines.append(line)
    table = Table(lines, space)
    for line in lines:
        found += table.opposed(line) or table.idle(line, frozenset(lifted))
    if table.budget.left < 0:
        found.append(problem("rows.many", (_FILE, 1, 1)))
    return [*found, *table.overlaps()]


def _impossible(line: Line, space: Space) -> list[Problem]:
    if space.possible(line.region) is not None:
        return []
    why = space.forbidding(line.region)
    zh, en = (why.zh, why.en) if why else ("各格互相矛盾", "its cells contradict each other")
    return [problem("row.impossible", line.place, rule=line.rule.id, why=zh, why_en=en)]


def _wording(line: Line) -> Iterator[Problem]:
    facts = line.row.facts
    near = facts[_MATCH] == "near" or facts[_CERTIFICATE] == "negative_near"
    if near and line.outcome is not Outcome.HUMAN_REVIEW:
        yield problem("row.near", line.place, rule=line.rule.id,
                      outcome=value_zh("outcome", line.row.outcome))  # fmt: skip
    ground = facts[_GROUND]
    stated = line.rule.ground
    if stated and ground not in {"*", "none", stated}:
        yield problem("row.ground", line.place, rule=line.rule.id, ground=ground, stated=stated)
    if facts[_GATE] == Gate.FILE and ground == "*":
        yield problem("row.every_ground", line.place, rule=line.rule.id)


class Table:
    """决策表: the rows that can match and decide, and which of them meet."""

    def __init__(self, lines: list[Line], space: Space) -> None:
        self.lines, self.space, self.budget = lines, space, Budget()
        self._at = {id(line): position for position, line in enumerate(lines)}
        self._masks = [self._column(c) for c in range(len(space.columns))]
        self._all = (1 << len(lines)) - 1

    def _column(self, column: int) -> dict[int, int]:
        """Words of a column, as a region has them → the rows that share one with it."""
        held: dict[int, int] = {}
        for position, line in enumerate(self.lines):
            word = line.region[column]
            held[word] = held.get(word, 0) | 1 << position
        return {
            word: sum(mask for other, mask in held.items() if other & word) for word in held
        }  # fmt: skip

    def meeting(self, line: Line) -> list[Line]:
        """Other rows that share facts with a row; of very many only so many."""
        live = self._all & ~(1 << self._at[id(line)])
        for column, word in enumerate(line.region):
            live &= self._masks[column][word]
        found: list[Line] = []
        while live and len(found) < _NEAR:
            low = live & -live
            live ^= low
            found.append(self.lines[low.bit_length() - 1])
        return found

    def opposed(self, line: Line) -> list[Problem]:
        """A row that says the opposite of exactly the same facts, told once, at the later."""
        for other in self.meeting(line):
            if (
                other.row.line < line.row.line
                and other.row.eft != line.row.eft
                and other.region == line.region
                and other.together(line)
                and not _exempt(line.rule, other.rule)
            ):
                witness = self.space.named(line.region)
                return [problem("rows.opposed", line.place, witness, rule=line.rule.id,
                                by=other.name)]  # fmt: skip
        return []

    def idle(self, line: Line, lifted: frozenset[str]) -> list[Problem]:
        """A row that says nothing new, or that something stronger always outweighs."""
        near = self.meeting(line)
        same = [
            o for o in near
            if o.rule is line.rule and o.outcome is line.outcome and covers(o.region, line.region)
            and (o.region != line.region or o.row.line < line.row.line)
        ]  # fmt: skip
        if same:
            return [problem("row.twice", line.place, rule=line.rule.id, by=same[0].name)]
        stronger = [
            o for o in near
            if o.rank < line.rank and o.rule.id not in lifted and o.throughout(line)
        ]  # fmt: skip
        if line.rule.lifts or not stronger or not self._hidden(line, stronger):
            return []
        by = "、".join(o.name for o in self._needed(line, stronger))
        return [problem("row.shadowed", line.place, rule=line.rule.id, by=by)]

    def _hidden(self, line: Line, stronger: list[Line]) -> bool:
        try:
            others = [o.region for o in stronger]
            return self.space.outside(line.region, others, self.budget) is None
        except SearchGivenUp:
            return False

    def _needed(self, line: Line, stronger: list[Line]) -> list[Line]:
        """Of the rows that hide it, those that cannot be spared."""
        kept = stronger
        for one in stronger:
            rest = [o for o in kept if o is not one]
            if rest and self._hidden(line, rest):
                kept = rest
        return kept

    def overlaps(self) -> Iterator[Problem]:
        """Refusing and letting in, of some facts in common, neither being the other's exception:
        told once for two rules."""
        told: set[tuple[str, str]] = set()
        for line in self.lines:
            if line.outcome is not Outcome.REFUSED:
                continue
            for other in self.meeting(line):
                pair = (line.rule.id, other.rule.id)
                if pair in told or other.outcome not in _LETTING_IN or not self._odd(line, other):
                    continue
                told.add(pair)
                yield self._overlap(line, other)

    def _odd(self, line: Line, other: Line) -> bool:
        apart = not covers(line.region, other.region) and not covers(other.region, line.region)
        return apart and line.together(other) and not _exempt(line.rule, other.rule)

    def _overlap(self, line: Line, other: Line) -> Problem:
        shared = overlap(line.region, other.region)
        witness = self.space.named(shared or line.region)
        wins = line if line.rank < other.rank else other
        return problem(
            "rows.overlap", line.place, witness, rule=line.rule.id, by=other.name,
            facts=said_zh(witness), facts_en=said_en(witness), wins=wins.rule.id,
        )  # fmt: skip


def _exempt(one: Rule, other: Rule) -> bool:
    """Whether one of two rules says itself how it stands to the other."""
    return any(
        a.id in b.lifts or a.id in b.replaces for a, b in ((one, other), (other, one))
    )  # fmt: skip


def check_order(rows: list[tuple[int, tuple[str, ...]]], space: Space) -> Iterator[tuple[int, int]]:
    """Lines of a first-match table that are never reached: (line, the line that takes it last).

    One budget for the table: of a very long one only the head is searched.
    """
    regions = [(line, space.region(facts)) for line, facts in rows]
    budget = Budget()
    for index, (line, region) in enumerate(regions):
        try:
            budget.spend(index)
            before = [(n, r) for n, r in regions[:index] if overlap(r, region) is not None]
            taken = [r for _, r in before]
            reached = not before or space.outside(region, taken, budget) is not None
        except SearchGivenUp:
            return
        if not reached:
            yield line, before[-1][0]
