"""试算 what changes when other rules speak: the answers before and after, and what differs.

Pure. One case is judged by two rulebooks on the same day and the same footing, so that what differs
comes from the rules alone. The same ``stand`` judges what is live anew.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from registry.domain.admission import Vector
from registry.domain.records import Wire
from registry.domain.vocabulary import Outcome, Receiver
from registry.policies.judge import Rulebook, decide
from registry.policies.measuring.facts import Rows
from registry.policies.overlay import Governing


class Change(StrEnum):
    """变化."""

    SAME = "same"
    OTHER_REASONS = "other_reasons"
    NEWLY_REFUSED = "newly_refused"
    NEWLY_ADMITTED = "newly_admitted"
    TO_A_PERSON = "to_a_person"
    OTHER_OUTCOME = "other_outcome"


CHANGE_ZH = {
    Change.SAME: "不变",
    Change.OTHER_REASONS: "结果不变、理由不同",
    Change.NEWLY_REFUSED: "新增不通过",
    Change.NEWLY_ADMITTED: "新增可进入",
    Change.TO_A_PERSON: "转人工研判",
    Change.OTHER_OUTCOME: "其他结果变化",
}
_BARRED = frozenset({Outcome.REFUSED, Outcome.OUT_OF_SCOPE})
_PASSING = frozenset(Outcome) - _BARRED - {Outcome.HUMAN_REVIEW}


class Stand(NamedTuple):
    """答案: what one rulebook says of a case."""

    outcome: Outcome
    deciding: tuple[str, ...]
    rules: tuple[str, ...]
    waivers: tuple[str, ...]


def stand(
    book: Rulebook,
    vectors: Sequence[tuple[Receiver, Vector]],
    on: date,
    waived: Mapping[str, str],
) -> Stand:
    """What a rulebook says of rows of facts on a day, as if it were filed that day."""
    rows = Rows(vectors=list(vectors), behind={}, suggestions=[], basis={})
    judged = decide(book.overlay, rows, Governing(applied=on, decided=on, entered=on), waived)
    rules = tuple(dict.fromkeys(hit.rule for hit in judged.rules))
    return Stand(judged.outcome, tuple(judged.deciding), rules, tuple(judged.waivers))


def change(before: Stand, after: Stand) -> Change:
    """What became of the answer."""
    if before.outcome is after.outcome:
        same = set(before.deciding) == set(after.deciding)
        return Change.SAME if same else Change.OTHER_REASONS
    if after.outcome is Outcome.HUMAN_REVIEW:
        return Change.TO_A_PERSON
    if after.outcome in _BARRED and before.outcome not in _BARRED:
        return Change.NEWLY_REFUSED
    if after.outcome in _PASSING and before.outcome not in _PASSING:
        return Change.NEWLY_ADMITTED
    return Change.OTHER_OUTCOME


def graver(now: Outcome, was: Outcome) -> bool:
    """Whether an answer is worse than the one a case was let on with: refused is worse than left
    to a person, and that is worse than any other."""
    return _gravity(now) > _gravity(was)


def _gravity(outcome: Outcome) -> int:
    return (outcome in _BARRED) + (outcome not in _PASSING)


class Weighed(Wire, frozen=True, kw_only=True):
    """一件变化: a case whose answer changed, as it is counted and listed."""

    change: Change
    applicant_id: str
    kind: str
    areas: list[str]
    """Codes or ids of its targets."""
    amount_fen: int
    in_force: int
    """Presences it has now."""


class Summary(Wire, frozen=True, kw_only=True):
    """试算汇总: cases and presences by change, and the money behind them."""

    on: date
    total: int = 0
    reused: int = 0
    """Cases whose kept facts could be used again; the others were read anew."""
    cases: dict[str, int] = {}
    in_force: dict[str, int] = {}
    """Presences in force behind the cases that changed."""
    money_fen: dict[str, int] = {}
    """分, of all funding lines of the cases that changed."""
    by_department: dict[str, dict[str, int]] = {}
    by_community: dict[str, dict[str, int]] = {}
    by_kind: dict[str, dict[str, int]] = {}
    unreadable: int = 0
    """Cases that could not be judged, e.g. because an organisation is no longer on record."""


class Tally:
    """计数: grows with departments and communities, never with cases."""

    def __init__(self, on: date) -> None:
        self.on, self.total, self.reused, self.unreadable = on, 0, 0, 0
        self._cases: dict[str, int] = {}
        self._in_force: dict[str, int] = {}
        self._money: dict[str, int] = {}
        self._by: tuple[dict[str, dict[str, int]], ...] = ({}, {}, {})

    def same(self, cases: int, reused: int) -> None:
        """So many cases were judged, so many of them by the facts kept."""
        self.total += cases
        self.reused += reused

    def add(self, weighed: Weighed) -> None:
        """Count a case that changed."""
        word = weighed.change.value
        for counts, more in (
            (self._cases, 1), (self._in_force, weighed.in_force), (self._money, weighed.amount_fen)
        ):  # fmt: skip
            counts[word] = counts.get(word, 0) + more
        for groups, names in zip(
            self._by, ([weighed.applicant_id], weighed.areas, [weighed.kind]), strict=True
        ):
            for name in names:
                group = groups.setdefault(name, {})
                group[word] = group.get(word, 0) + 1

    def summary(self) -> Summary:
        """What was counted so far."""
        cases = dict(self._cases)
        if same := self.total - self.unreadable - sum(cases.values()):
            cases[Change.SAME.value] = same
        return Summary(
            on=self.on, total=self.total, reused=self.reused, cases=cases,
            in_force=self._in_force, money_fen=self._money, unreadable=self.unreadable,
            by_department=self._by[0], by_community=self._by[1], by_kind=self._by[2],
        )  # fmt: skip


def joined(parts: Sequence[Summary]) -> Summary:
    """The sum of parts of one run."""
    first, *rest = parts
    for part in rest:
        first = Summary(
            on=first.on, total=first.total + part.total, reused=first.reused + part.reused,
            unreadable=first.unreadable + part.unreadable,
            cases=_sum(first.cases, part.cases), in_force=_sum(first.in_force, part.in_force),
            money_fen=_sum(first.money_fen, part.money_fen),
            by_department=_nested(first.by_department, part.by_department),
            by_community=_nested(first.by_community, part.by_community),
            by_kind=_nested(first.by_kind, part.by_kind),
        )  # fmt: skip
    return first


def _sum(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return {k: one.get(k, 0) + other.get(k, 0) for k in {**one, **other}}


def _nested(
    one: Mapping[str, dict[str, int]], other: Mapping[str, dict[str, int]]
) -> dict[str, dict[str, int]]:
    return {k: _sum(one.get(k, {}), other.get(k, {})) for k in {**one, **other}}


_RISKY = ("=", "+", "-", "@", "\t", "\r")


def plain(cell: str) -> str:
    """A cell of an exported table: what a spreadsheet would take for a formula gets a quote."""
    return f"'{cell}" if cell.startswith(_RISKY) else cell
