"""寻找 steps of substance laid on a filing, each combination once, and its facts asked of the table.

Sought on facts, for all receivers and grounds at once; what cannot help is not tried: a rule that
looks at nothing a step may move, and a step that no row of the table would notice.
"""

import copy
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from types import MappingProxyType

import msgspec

from registry.domain.admission import COLUMNS, Hit, Vector
from registry.domain.filing import Filing
from registry.domain.records import Wire
from registry.domain.vocabulary import Outcome, Receiver
from registry.policies.explaining.reckoned import setting_of
from registry.policies.explaining.substance import (
    Edit,
    Move,
    Payer,
    amended,
    named,
    steps,
    substance,
    worked_out,
)
from registry.policies.index import bits
from registry.policies.judge import NOTHING, Rulebook, Waived, decide
from registry.policies.judgement import Judgement
from registry.policies.measuring.facts import Matter, Rows
from registry.policies.overlay import Governing
from registry.policies.standing import Found, Lists

STOPS = frozenset({Outcome.REFUSED, Outcome.HUMAN_REVIEW, Outcome.OUT_OF_SCOPE})
_BETTER = (
    Outcome.ALLOWED, Outcome.LISTED, Outcome.EXEMPT, Outcome.NEEDS_APPROVAL,
    Outcome.DISCRETIONARY, Outcome.PURCHASE, Outcome.HUMAN_REVIEW,
)  # fmt: skip
"""What is preferred among ways of one size, best first."""
ANY = "*"
_OTHER = "-"
"""In place of a word that no row of the table names."""


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """所问: a matter on its dates, with the exceptions that stand for it."""

    matter: Matter
    dates: Governing
    waived: Waived = NOTHING
    payers: Mapping[str, Payer] = MappingProxyType({})
    """By organisation id: others who may be named as payer."""


class Change(Wire, frozen=True, kw_only=True):
    """一项改动: what a person does, and the same as edits of the filing or facts of the case."""

    id: str
    subject: str
    zh: str
    en: str
    edits: list[Edit] = []
    state: dict[str, str] = {}


class Node(msgspec.Struct, frozen=True):
    """途中: a filing on the way, with the steps taken and the facts it then has."""

    taken: tuple[Change, ...]
    subjects: frozenset[str]
    after: int
    """Position in the table of steps from which further steps may be taken."""
    matter: Matter
    rows: Rows
    judgement: Judgement


class _Remembered(Lists):
    """The same lists; a text that was met once is not compared again."""

    def __init__(self, of: Lists) -> None:
        self.__dict__.update(of.__dict__)
        self._known: dict[tuple[str, str, date], list[Found]] = {}

    def meet(self, filing: Filing, on: date, paths: Collection[str] = ()) -> list[Found]:
        key = (filing.title, filing.text, on)
        if key not in self._known:
            self._known[key] = super().meet(filing, on, paths)
        return self._known[key]


class Search:
    """寻找: the steps that may help, laid on one matter."""

    def __init__(self, rulebook: Rulebook, question: Question) -> None:
        self._whole, self._question = rulebook, question
        self._quick = copy.copy(rulebook)
        self._quick.lists = _Remembered(rulebook.lists)
        kinds = {id: payer.kind for id, payer in question.payers.items()}
        matter = msgspec.structs.replace(
            question.matter, payers={**kinds, **question.matter.payers}
        )
        self._words = _words(rulebook, matter.gate.value)
        offered = steps(matter.gate, matter.filing.kind, question.payers)
        self._moves = [m for m in offered if self._words.keys() & set(m.facts)]
        self._known: set[tuple[frozenset[str], tuple[tuple[Receiver, Vector], ...]]] = set()
        rows = self._quick.facts(matter)
        self.root = Node((), frozenset(), 0, matter, rows, self._judged(matter, rows))

    def _judged(self, matter: Matter, rows: Rows) -> Judgement:
        dates = self._dates(matter.filing)
        return decide(self._whole.overlay, rows, dates, self._question.waived)

    def _dates(self, filing: Filing) -> Governing:
        """The governing dates: a start that is moved moves the day of entry."""
        asked, dates = self._question.matter, self._question.dates
        if filing.starts_on == asked.filing.starts_on:
            return dates
        entered = max(filing.starts_on or asked.applied, asked.applied)
        return msgspec.structs.replace(dates, entered=entered)

    def after(self, node: Node) -> Iterator[Node]:
        """Every matter one step further, each combination of steps once."""
        for position, move in enumerate(self._moves[node.after :], start=node.after):
            if move.subject not in node.subjects and _stands(move, node.rows):
                made = self._step(node, move, position)
                if made is not None and self._new(made):
                    yield made

    def _new(self, node: Node) -> bool:
        """Whether the table could tell it from what was tried with steps of the same subjects."""
        asked = [self._words.get(column, set[str]()) for column in COLUMNS]
        seen = tuple(
            (receiver, tuple(w if w in a else _OTHER for w, a in zip(vector, asked, strict=True)))
            for receiver, vector in node.rows.vectors
        )
        before = len(self._known)
        self._known.add((node.subjects, seen))
        return len(self._known) > before

    def stubborn(self) -> list[str]:
        """Rules that stop it now and look at nothing that a step may move: whatever is done, they
        stay. An exception of the law that a step may bring about, or a day of entry that may be
        moved, leaves nothing certain."""
        overlay, rules = self._whole.overlay, [r for p in self._whole.overlay.packs
                                               for r in p.document.rule]  # fmt: skip
        moved = {fact for move in self._moves for fact in move.facts}
        liftable = {name for rule in rules if rule.decides for name in rule.lifts}
        dated = "lead_time" in moved and any(
            r.governed_by == "entered" and (r.valid_from or r.valid_to) for r in rules
        )
        live = set() if dated else {h.rule for h in stopping(self.root.judgement)} - liftable
        active = overlay.active(self._dates(self.root.matter.filing))
        met = [active.rows[at] for _, mask in active.met(self.root.rows.vectors)
               for at in bits(mask)]  # fmt: skip
        held = (
            row.rule.id for row in met
            if row.rule.id in live and not moved & _looked_at(row.row.facts)
        )  # fmt: skip
        return list(dict.fromkeys(held))

    def _step(self, node: Node, move: Move, position: int) -> Node | None:
        filing = node.matter.filing
        setting = setting_of(filing, self._whole, node.matter.applied)
        edits = worked_out(move, filing, setting)
        changed = amended(filing, edits)
        if changed is None or not (edits or move.state):
            return None
        matter = msgspec.structs.replace(
            node.matter, filing=changed, state=node.matter.state | move.state
        )
        rows = self._quick.facts(matter)
        if rows.vectors == node.rows.vectors:
            return None
        zh, en = named(move, setting)
        change = Change(
            id=move.id, subject=move.subject, zh=zh, en=en, edits=edits, state=move.state
        )
        return Node(
            (*node.taken, change), node.subjects | {move.subject}, position + 1, matter, rows,
            self._judged(matter, rows),
        )  # fmt: skip

    def verified(self, nodes: list[Node]) -> list[Node]:
        """The best of them that hold when the whole filing is judged again."""
        ranked = sorted(nodes, key=lambda n: _BETTER.index(n.judgement.outcome))
        held = (n for n in ranked if self._again(n) is n.judgement.outcome)
        return [node for node, _ in zip(held, range(substance().shown), strict=False)]

    def _again(self, node: Node) -> Outcome | None:
        """The outcome of the filing rebuilt from its edits and judged from the beginning."""
        edits = [edit for change in node.taken for edit in change.edits]
        filing = amended(self._question.matter.filing, edits)
        if filing is None:
            return None
        matter = msgspec.structs.replace(node.matter, filing=filing)
        judged = self._whole.judge(matter, self._dates(filing), self._question.waived)
        return judged.outcome


def _words(rulebook: Rulebook, gate: str) -> dict[str, set[str]]:
    """Column → the words that some row of the packs names at this gate, whatever its dates."""
    found: dict[str, set[str]] = {}
    for pack in rulebook.overlay.packs:
        for row in pack.rows:
            if row.facts[0] in (gate, ANY):
                for column, word in zip(COLUMNS, row.facts, strict=True):
                    if word != ANY:
                        found.setdefault(column, set()).add(word)
    return found


def _looked_at(facts: Vector) -> set[str]:
    """The columns that a row asks anything of."""
    return {column for column, word in zip(COLUMNS, facts, strict=True) if word != ANY}


def stopping(judgement: Judgement) -> list[Hit]:
    """The hits that by themselves would stop it now."""
    return [
        h for h in judgement.rules
        if h.outcome in STOPS and h.stage == "enforce" and not h.lifted_by and not h.waived_by
    ]  # fmt: skip


def _stands(move: Move, rows: Rows) -> bool:
    """Whether the step may be taken from these facts."""
    return all(
        {row[column] for row in _named(rows)} & set(values) for column, values in move.from_.items()
    )


def _named(rows: Rows) -> list[dict[str, str]]:
    return [dict(zip(COLUMNS, vector, strict=True)) for _, vector in rows.vectors]
