"""通过办法 the way to yes: the smallest change of substance after which a filing is no longer refused.

Sought on facts: each step is laid on the filing, its facts asked of the table. What is found is
judged once more as a whole filing, through the same rulebook, before it is told (P38).
"""

import copy
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from types import MappingProxyType

import msgspec

from registry.domain.admission import COLUMNS
from registry.domain.filing import Filing
from registry.domain.records import Wire
from registry.domain.vocabulary import ZH, Outcome
from registry.policies.facts import Matter, Rows
from registry.policies.judge import NOTHING, Judgement, Rulebook, Waived, decide
from registry.policies.overlay import Governing
from registry.policies.reckoned import setting_of
from registry.policies.standing import Found, Lists
from registry.policies.substance import (
    Edit,
    Move,
    Payer,
    amended,
    named,
    steps,
    substance,
    worked_out,
)

STOPS = frozenset({Outcome.REFUSED, Outcome.HUMAN_REVIEW, Outcome.OUT_OF_SCOPE})
_BETTER = (
    Outcome.ALLOWED, Outcome.LISTED, Outcome.EXEMPT, Outcome.NEEDS_APPROVAL,
    Outcome.DISCRETIONARY, Outcome.PURCHASE, Outcome.HUMAN_REVIEW,
)  # fmt: skip
"""What is preferred among ways of one size, best first."""


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


class Way(Wire, frozen=True, kw_only=True):
    """一种办法: the changes that make it pass, in the order in which they are made."""

    outcome: Outcome
    """What the rules answer after the changes."""
    changes: list[Change]
    rules: list[str]
    """The rules that decide then."""
    sentence: str
    sentence_en: str

    @property
    def edits(self) -> list[Edit]:
        """The whole as one JSON patch."""
        return [edit for change in self.changes for edit in change.edits]


class Ways(Wire, frozen=True, kw_only=True):
    """通过办法: ways of the smallest size; none where nothing of substance helps."""

    needed: bool
    """False: the filing is not stopped."""
    ways: list[Way] = []
    to_person: bool = False
    """No way lets it pass; these only bring it before a person."""
    stubborn: list[str] = []
    """Rules that stop it and that no admissible change touches."""
    sentence: str
    sentence_en: str


class _Node(msgspec.Struct, frozen=True):
    """A filing on the way, with the steps taken and the facts it then has."""

    taken: tuple[Change, ...]
    subjects: frozenset[str]
    after: int
    """Position in the table of steps from which further steps may be taken."""
    matter: Matter
    rows: Rows
    judgement: Judgement


def ways(rulebook: Rulebook, question: Question) -> Ways:
    """The smallest changes of substance that let a matter pass."""
    search = _Search(rulebook, question)
    if search.root.judgement.outcome not in STOPS:
        return Ways(needed=False, sentence="无须改动。", sentence_en="No change is needed.")
    level, seen = [search.root], [search.root]
    person: list[_Node] = []
    for _ in range(substance().most):
        level = [node for before in level for node in search.after(before)]
        seen += level
        passing = [n for n in level if n.judgement.outcome not in STOPS]
        if found := search.verified(passing):
            return _told(found, to_person=False)
        person = person or [n for n in level if _nearer(search.root, n)]
    if found := search.verified(person):
        return _told(found, to_person=True)
    return _nothing(seen)


def _nearer(root: _Node, node: _Node) -> bool:
    """Whether a refused matter would now go to a person."""
    return (
        root.judgement.outcome is Outcome.REFUSED and node.judgement.outcome is Outcome.HUMAN_REVIEW
    )


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


class _Search:
    """The steps that may help, laid on one matter."""

    def __init__(self, rulebook: Rulebook, question: Question) -> None:
        self._whole, self._question = rulebook, question
        self._quick = copy.copy(rulebook)
        self._quick.lists = _Remembered(rulebook.lists)
        kinds = {id: payer.kind for id, payer in question.payers.items()}
        matter = msgspec.structs.replace(
            question.matter, payers={**kinds, **question.matter.payers}
        )
        asked = looked_at(rulebook, question)
        offered = steps(matter.gate, matter.filing.kind, question.payers)
        self._moves = [m for m in offered if asked & set(m.facts)]
        rows = self._quick.facts(matter)
        self.root = _Node((), frozenset(), 0, matter, rows, self._judged(matter, rows))

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

    def after(self, node: _Node) -> Iterator[_Node]:
        """Every matter one step further, each combination of steps once."""
        for position, move in enumerate(self._moves[node.after :], start=node.after):
            if move.subject not in node.subjects and _stands(move, node.rows):
                made = self._step(node, move, position)
                if made is not None:
                    yield made

    def _step(self, node: _Node, move: Move, position: int) -> _Node | None:
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
        return _Node(
            (*node.taken, change), node.subjects | {move.subject}, position + 1, matter, rows,
            self._judged(matter, rows),
        )  # fmt: skip

    def verified(self, nodes: list[_Node]) -> list[_Node]:
        """The best of them that hold when the whole filing is judged again."""
        ranked = sorted(nodes, key=lambda n: _BETTER.index(n.judgement.outcome))
        held = (n for n in ranked if self._again(n) is n.judgement.outcome)
        return [node for node, _ in zip(held, range(substance().shown), strict=False)]

    def _again(self, node: _Node) -> Outcome | None:
        """The outcome of the filing rebuilt from its edits and judged from the beginning."""
        edits = [edit for change in node.taken for edit in change.edits]
        filing = amended(self._question.matter.filing, edits)
        if filing is None:
            return None
        matter = msgspec.structs.replace(node.matter, filing=filing)
        judged = self._whole.judge(matter, self._dates(filing), self._question.waived)
        return judged.outcome


def looked_at(rulebook: Rulebook, question: Question) -> set[str]:
    """The columns that a rule of the packs asks anything of at this gate, whatever its dates."""
    gate = question.matter.gate.value
    return {
        column
        for pack in rulebook.overlay.packs for row in pack.rows if row.facts[0] in (gate, "*")
        for column, cell in zip(COLUMNS, row.facts, strict=True) if cell != "*"
    }  # fmt: skip


def _stands(move: Move, rows: Rows) -> bool:
    """Whether the step may be taken from these facts."""
    return all(
        {row[column] for row in _named(rows)} & set(values) for column, values in move.from_.items()
    )


def _named(rows: Rows) -> list[dict[str, str]]:
    return [dict(zip(COLUMNS, vector, strict=True)) for _, vector in rows.vectors]


def _told(nodes: list[_Node], *, to_person: bool) -> Ways:
    found = [_way(node) for node in nodes]
    size = len(found[0].changes)
    if to_person:
        return Ways(
            needed=True, ways=found, to_person=True,
            sentence=f"没有可以直接通过的办法；改动{size}项后可转人工研判。",
            sentence_en=f"Nothing lets it pass; after {size} change(s) a person judges it.",
        )  # fmt: skip
    return Ways(
        needed=True, ways=found,
        sentence=f"最少改动{size}项实质内容即可通过，办法{len(found)}种。",
        sentence_en=f"{size} change(s) of substance let it pass; {len(found)} way(s).",
    )  # fmt: skip


def _way(node: _Node) -> Way:
    outcome = node.judgement.outcome
    zh = "；".join(change.zh for change in node.taken)
    en = "; ".join(change.en for change in node.taken)
    return Way(
        outcome=outcome, changes=list(node.taken), rules=node.judgement.deciding,
        sentence=f"{zh}。改后：{ZH[outcome]}。", sentence_en=f"{en}. Then: {outcome.value}.",
    )  # fmt: skip


def _nothing(seen: list[_Node]) -> Ways:
    """Why no change helps: the rules that stop it whatever is changed, and what they advise."""
    stopping = [_stopping(node.judgement) for node in seen]
    lasting = [rule for rule in stopping[0] if all(rule in others for others in stopping)]
    hits = {hit.rule: hit for hit in seen[0].judgement.rules}
    named = [hits[rule] for rule in dict.fromkeys(lasting or stopping[0])]
    names = "、".join(hit.rule for hit in named)
    advice = "".join(dict.fromkeys(hit.remedy for hit in named))
    english = " ".join(dict.fromkeys(hit.remedy_en for hit in named if hit.remedy_en))
    return Ways(
        needed=True, stubborn=[hit.rule for hit in named] if lasting else [],
        sentence=f"可改的内容都不能使其通过：{names} 针对的是事项本身或其依据，不因经费、日期、"
        f"同意等改动而不同。规则提示：{advice or '由受理机关研判。'}",
        sentence_en="Nothing that may be changed lets it pass; it is stopped by what it is or "
        f"rests on: {names}. {english}".strip(),
    )  # fmt: skip


def _stopping(judgement: Judgement) -> list[str]:
    """Rules that by themselves would stop it now."""
    return [
        h.rule for h in judgement.rules
        if h.outcome in STOPS and h.stage == "enforce" and not h.lifted_by and not h.waived_by
    ]  # fmt: skip
