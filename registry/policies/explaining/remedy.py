"""通过办法 the way to yes: the smallest change of substance after which a filing is no longer refused.

What the search finds is judged once more as a whole filing, through the same rulebook, before it is
told. Nothing here or in the table of steps slips a rule without changing the matter (P38).
"""

from registry.domain.records import Wire
from registry.domain.vocabulary import ZH, Outcome
from registry.policies.explaining.seeking import STOPS, Change, Node, Question, Search, stopping
from registry.policies.explaining.substance import Edit, substance
from registry.policies.judge import Rulebook

__all__ = ["STOPS", "Change", "Question", "Way", "Ways", "ways"]


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


def ways(rulebook: Rulebook, question: Question) -> Ways:
    """The smallest changes of substance that let a matter pass."""
    search = Search(rulebook, question)
    if search.root.judgement.outcome not in STOPS:
        return Ways(needed=False, sentence="无须改动。", sentence_en="No change is needed.")
    if fixed := _hopeless(search):
        return _nothing([search.root], fixed)
    level, seen = [search.root], [search.root]
    person: list[Node] = []
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


def _hopeless(search: Search) -> list[str]:
    """The rules that no step can move, where they leave neither a pass nor a person."""
    fixed = search.stubborn()
    if search.root.judgement.outcome is not Outcome.REFUSED:
        return fixed
    refusing = [h for h in stopping(search.root.judgement) if h.outcome is not Outcome.HUMAN_REVIEW]
    return fixed if any(hit.rule in fixed for hit in refusing) else []


def _nearer(root: Node, node: Node) -> bool:
    """Whether a refused matter would now go to a person, and no rule refuses it any more: that a
    person is asked first where a refusal still stands beside is no way to yes."""
    outcomes = {hit.outcome for hit in stopping(node.judgement)}
    return root.judgement.outcome is Outcome.REFUSED and outcomes == {Outcome.HUMAN_REVIEW}


def _told(nodes: list[Node], *, to_person: bool) -> Ways:
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


def _way(node: Node) -> Way:
    outcome = node.judgement.outcome
    zh = "；".join(change.zh for change in node.taken)
    en = "; ".join(change.en for change in node.taken)
    return Way(
        outcome=outcome, changes=list(node.taken), rules=node.judgement.deciding,
        sentence=f"{zh}。改后：{ZH[outcome]}。", sentence_en=f"{en}. Then: {outcome.value}.",
    )  # fmt: skip


def _nothing(seen: list[Node], fixed: list[str] | None = None) -> Ways:
    """Why no change helps: the rules that stop it whatever is changed, and what they advise."""
    told = [[hit.rule for hit in stopping(node.judgement)] for node in seen]
    lasting = fixed or [rule for rule in told[0] if all(rule in others for others in told)]
    hits = {hit.rule: hit for hit in seen[0].judgement.rules}
    named = [hits[rule] for rule in dict.fromkeys(lasting or told[0])]
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
