"""差一点 which rules nearly matched and by which fact, and which listed item comes nearest by name.

A row that asks three things of a matter and finds two is what an official wants to be told of; a
table that answers only with what matched says nothing where nothing did.
"""

from datetime import date
from weakref import WeakKeyDictionary

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein

from registry.domain.admission import COLUMNS, Vector
from registry.domain.catalogue import ListItem, MatterList
from registry.domain.filing import Filing
from registry.domain.matching import normalise
from registry.domain.records import Wire
from registry.domain.vocabulary import Outcome, Polarity, Receiver
from registry.policies.active import ActiveRow
from registry.policies.explaining.substance import substance
from registry.policies.standing import PERMITTING, Lists
from registry.policies.words import column_zh, value_zh

_FURTHEST = 2
"""Facts that may differ for a rule to have nearly matched."""
ANY = "*"
_GATE, _GROUND, _MATCH = (COLUMNS.index(c) for c in ("gate", "ground", "match"))


class Miss(Wire, frozen=True, kw_only=True):
    """差异: a fact that is one word and would have to be another."""

    column: str
    column_zh: str
    has: str
    has_zh: str
    wants: str
    wants_zh: str


class Near(Wire, frozen=True, kw_only=True):
    """差一点的规则: it would have matched with one or two facts otherwise."""

    rule: str
    pack: str
    line: int
    """Of rules.csv."""
    outcome: Outcome
    stage: str
    clause: str
    receiver: Receiver
    misses: list[Miss]
    sentence: str
    sentence_en: str


class NearestItem(Wire, frozen=True, kw_only=True):
    """最相近的清单事项: by likeness of the names alone; it decides nothing."""

    list: str
    list_title: str
    polarity: Polarity
    item: str
    title: str
    likeness: int
    """0–100."""
    lacks: str = ""
    """Characters of the item's name that the title does not have."""
    adds: str = ""
    """Characters that the title has beside them."""
    sentence: str
    sentence_en: str


def nearly(
    rows: list[ActiveRow], vectors: list[tuple[Receiver, Vector]], matched: set[str]
) -> list[Near]:
    """The rules that one or two facts kept from matching, nearest first, each once.

    A rule about a ground that the text did not meet is not near: its fact is the text itself.

    Args:
        matched: rules that did match, for any receiver: they are told elsewhere.
    """
    best: dict[str, tuple[int, ActiveRow, tuple[Receiver, Vector], list[int]]] = {}
    for row in rows:
        if row.rule.id in matched:
            continue
        for asked in vectors:
            missed = _missed(row.row.facts, asked[1])
            known = best.get(row.rule.id)
            if missed and (known is None or len(missed) < known[0]):
                best[row.rule.id] = (len(missed), row, asked, missed)
    # Of two rules equally far, the one of which more is met says more to an official.
    found = sorted(best.values(), key=lambda one: (one[0], -_asked_by(one[1].row.facts)))
    return [_near(row, asked, missed) for _, row, asked, missed in found]


def _missed(wanted: Vector, has: Vector) -> list[int]:
    """Columns that differ, where they are one or two and the row is about this gate and ground."""
    if wanted[_GATE] not in (ANY, has[_GATE]) or wanted[_GROUND] not in (ANY, has[_GROUND]):
        return []
    missed = [at for at, word in enumerate(wanted) if word not in (ANY, has[at])]
    return missed if len(missed) <= _FURTHEST else []


def _asked_by(wanted: Vector) -> int:
    """Of how many facts a row asks anything."""
    return sum(word != ANY for word in wanted)


def _near(active: ActiveRow, asked: tuple[Receiver, Vector], missed: list[int]) -> Near:
    (receiver, has), wanted = asked, active.row.facts
    misses = [_miss(COLUMNS[at], has[at], wanted[at]) for at in missed]
    zh = "、".join(f"{m.column_zh}是「{m.has_zh}」而不是「{m.wants_zh}」" for m in misses)
    en = ", ".join(f"{m.column} is {m.has}, not {m.wants}" for m in misses)
    outcome = active.row.outcome
    return Near(
        rule=active.rule.id, pack=active.pack, line=active.row.line, outcome=Outcome(outcome),
        stage=active.rule.stage.value if active.rule.on else "dry_run",
        clause=active.rule.clause, receiver=receiver, misses=misses,
        sentence=f"{active.rule.id}（{value_zh('outcome', outcome)}）没有命中：{zh}。",
        sentence_en=f"{active.rule.id} ({outcome}) did not match: {en}.",
    )  # fmt: skip


def _miss(column: str, has: str, wants: str) -> Miss:
    return Miss(
        column=column, column_zh=column_zh(column), has=has, has_zh=value_zh(column, has),
        wants=wants, wants_zh=value_zh(column, wants),
    )  # fmt: skip


class _Names:
    """The printed names of every item, in compared form, made once for a set of lists."""

    def __init__(self, lists: Lists) -> None:
        self.of: list[tuple[MatterList, ListItem]] = []
        self.names: list[str] = []
        for one in lists.lists.values():
            for item in one.items:
                for name in (item.title, *item.aliases):
                    self.of.append((one, item))
                    self.names.append(normalise(name))


_known: WeakKeyDictionary[Lists, _Names] = WeakKeyDictionary()


def nearest(lists: Lists, filing: Filing, on: date) -> list[NearestItem]:
    """The item nearest by name on the permitting lists, and the one on the others.

    How a title would have to differ is told of permitting lists only: what bars a matter bars it
    under another name too (P38).
    """
    if lists not in _known:
        _known[lists] = _Names(lists)
    kept, title = _known[lists], normalise(filing.title)
    found: dict[bool, NearestItem] = {}
    scored = process.extract(
        title, kept.names, scorer=fuzz.ratio, score_cutoff=substance().alike, limit=None
    )
    for name, score, at in scored:
        one, item = kept.of[at]
        permits = one.polarity in PERMITTING
        standing = one.in_force(on) and item.in_force(on) and filing.kind in one.kinds
        if standing and permits not in found:
            found[permits] = _item(one, item, (title, name, round(score)))
    return [found[permits] for permits in (True, False) if permits in found]


def _item(one: MatterList, item: ListItem, said: tuple[str, str, int]) -> NearestItem:
    title, name, score = said
    permits = one.polarity in PERMITTING
    lacks, adds = _difference(name, title) if permits else ("", "")
    told = f"名称最相近的清单事项：《{one.title}》{item.id}「{item.title}」，相似度{score}。"
    if lacks or adds:
        told += f"与清单名称相比，{_words(lacks, adds)}。是否同一事项由人判断，改名称不算改实质。"
    return NearestItem(
        list=one.id, list_title=one.title, polarity=one.polarity, item=item.id, title=item.title,
        likeness=score, lacks=lacks, adds=adds, sentence=told,
        sentence_en=f"The nearest name is {item.id} on {one.id}, likeness {score}. Whether it is "
        "the same matter a person judges; another name changes nothing of substance.",
    )  # fmt: skip


def _difference(name: str, title: str) -> tuple[str, str]:
    """(what of the name is not in the title, what the title has beside it), in order."""
    lacks, adds = "", ""
    for step in Levenshtein.opcodes(name, title):
        if step.tag != "equal":
            lacks += name[step.src_start : step.src_end]
            adds += title[step.dest_start : step.dest_end]
    return lacks, adds


def _words(lacks: str, adds: str) -> str:
    parts = [f"少「{lacks}」"] if lacks else []
    return "、".join([*parts, f"多「{adds}」"] if adds else parts)
