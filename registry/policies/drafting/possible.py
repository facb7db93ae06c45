"""可能的事实 which rows of facts can occur, and whether a row of a table can ever match one.

The relations between columns are data, ``possible.toml``. A region is a set of words per column,
held as bits; a search over regions answers: can it occur at all, and outside these other regions?
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from registry.domain.admission import FACTS
from registry.domain.records import Wire

Region = tuple[int, ...]
"""One bit mask per column: the words that are left."""

_PAGE = Path(__file__).parent / "possible.toml"
_STEPS = 1 << 18
"""Regions compared before a search is given up: then nothing is claimed."""


class Implication(Wire, frozen=True, kw_only=True):
    """事实关系: where all of ``when`` holds, all of ``then`` holds."""

    when: dict[str, list[str]]
    then: dict[str, list[str]]
    zh: str
    en: str


@cache
def implications() -> tuple[Implication, ...]:
    """The relations between columns, as the page beside this file states them."""
    import msgspec

    raw: dict[str, Any] = tomllib.loads(_PAGE.read_text("utf-8"))
    return tuple(msgspec.convert(raw["implies"], list[Implication]))


class Space:
    """事实空间: named columns with their words, and the relations between them."""

    def __init__(
        self, facts: Mapping[str, Sequence[str]], known: Iterable[Implication] = ()
    ) -> None:
        self.columns = tuple(facts)
        self.words = [tuple(words) for words in facts.values()]
        self.whole: Region = tuple((1 << len(words)) - 1 for words in self.words)
        self.known = [one for one in known if {*one.when, *one.then} <= set(facts)]
        self._rules = [(self._sides(one.when), self._sides(one.then)) for one in self.known]

    def _sides(self, wanted: Mapping[str, Sequence[str]]) -> list[tuple[int, int]]:
        return [(self.columns.index(c), self._mask(c, words)) for c, words in wanted.items()]

    def _mask(self, column: str, words: Iterable[str]) -> int:
        known = self.words[self.columns.index(column)]
        return sum(1 << known.index(word) for word in words if word in known)

    def region(self, row: Sequence[str]) -> Region:
        """The facts that one row of a table matches; ``*`` is every word."""
        return tuple(
            full if word == "*" else self._mask(column, [word])
            for column, word, full in zip(self.columns, row, self.whole, strict=True)
        )

    def named(self, region: Region, wide: Region | None = None) -> dict[str, str]:
        """One row of facts inside a region, told by the columns that ``wide`` leaves open only
        where they are narrowed."""
        told = {}
        for column, words, left, full in zip(
            self.columns, self.words, region, wide or self.whole, strict=True
        ):
            if left != full:
                told[column] = words[(left & -left).bit_length() - 1]
        return told

    def settled(self, region: Region) -> Region | None:
        """The region with everything struck out that the relations forbid; ``None`` = nothing is
        left, nothing of it can occur."""
        left = list(region)
        moved = True
        while moved:
            if 0 in left:
                return None
            moved = any([_apply(left, when, then) for when, then in self._rules])
        return None if 0 in left else tuple(left)

    def possible(self, region: Region) -> Region | None:
        """A part of the region all of which can occur, or ``None`` where nothing can."""
        return self.outside(region, ())

    def outside(
        self, region: Region, others: Sequence[Region], budget: "Budget | None" = None
    ) -> Region | None:
        """A part of the region that can occur and lies in none of the others, or ``None``.

        Raises:
            SearchGivenUp: the answer was not found within the budget.
        """
        return _Search(self, budget or Budget()).outside(region, list(others))

    def forbidding(self, region: Region) -> Implication | None:
        """A relation that alone leaves nothing of the region."""
        for one, (when, then) in zip(self.known, self._rules, strict=True):
            left = list(region)
            _apply(left, when, then)
            if 0 in left:
                return one
        return None

    def open_rule(self, region: Region) -> int | None:
        """The column at which a relation is still undecided, or ``None`` where all are settled."""
        for when, then in self._rules:
            if any(not region[c] & mask for c, mask in when):
                continue
            if all(not region[c] & ~mask for c, mask in then):
                continue
            return next(c for c, mask in when if region[c] & ~mask)
        return None


class SearchGivenUp(Exception):  # noqa: N818 - an answer: it was too wide to say
    """放弃查找."""


class Budget:
    """查找限度: how many more regions may be compared, over one search or several."""

    def __init__(self, steps: int = _STEPS) -> None:
        self.left = steps

    def spend(self, steps: int) -> None:
        """Count what was compared.

        Raises:
            SearchGivenUp: nothing is left.
        """
        self.left -= steps
        if self.left < 0:
            raise SearchGivenUp


class _Search:
    def __init__(self, space: Space, budget: Budget) -> None:
        self.space, self.budget = space, budget

    def outside(self, region: Region, others: list[Region]) -> Region | None:
        self.budget.spend(1 + len(others))
        settled = self.space.settled(region)
        if settled is None:
            return None
        near = [o for o in others if overlap(settled, o) is not None]
        if not near:
            return self._split(settled)
        # Leave the other region column by column: each part lies outside it for certain.
        inside = list(settled)
        for column, allowed in enumerate(near[0]):
            beyond = inside[column] & ~allowed
            if beyond:
                part = (*inside[:column], beyond, *inside[column + 1 :])
                found = self.outside(tuple(part), near[1:])
                if found is not None:
                    return found
                inside[column] &= allowed
        return None

    def _split(self, region: Region) -> Region | None:
        """Decide the relations that are still open, one column at a time."""
        column = self.space.open_rule(region)
        if column is None:
            return region
        left = region[column]
        while left:
            bit = left & -left
            left ^= bit
            found = self.outside((*region[:column], bit, *region[column + 1 :]), [])
            if found is not None:
                return found
        return None


def _apply(left: list[int], when: list[tuple[int, int]], then: list[tuple[int, int]]) -> bool:
    """Strike out of ``left`` what one relation forbids; whether anything was."""
    unsure = [(c, mask) for c, mask in when if left[c] & ~mask]
    if any(not left[c] & mask for c, mask in when):
        return False
    if not unsure:
        moved = any(left[c] & ~mask for c, mask in then)
        for column, mask in then:
            left[column] &= mask
        return moved
    if len(unsure) == 1 and any(not left[c] & mask for c, mask in then):
        column, mask = unsure[0]
        left[column] &= ~mask
        return True
    return False


def overlap(one: Region, other: Region) -> Region | None:
    """What two regions share, or ``None``."""
    shared = tuple(a & b for a, b in zip(one, other, strict=True))
    return None if 0 in shared else shared


def covers(one: Region, other: Region) -> bool:
    """Whether all of ``other`` lies in ``one``."""
    return all(not b & ~a for a, b in zip(one, other, strict=True))


@cache
def admission_space() -> Space:
    """The columns of rules.csv with the relations between them."""
    return Space(FACTS, implications())
