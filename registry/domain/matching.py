"""比对 which list items a title and its text meet, and how surely.

``exact`` = a name printed in the instrument, where the words plainly ask it of the community;
``near`` = our own hint or a look-alike: it may only send to a person, never refuse.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Literal

import msgspec
from rapidfuzz import fuzz

from registry.domain.catalogue import ListItem, MatterList
from registry.domain.records import Wire
from registry.domain.vocabulary import Kind, Polarity
from registry.domain.wording import (
    Reading,
    Tuning,
    Where,
    mentions,
    normalise,
    only_talks,
    readings,
)

__all__ = ["Match", "MatchIndex", "Tuning", "normalise"]

JOIN = "＋"
"""Joins the words of one hint that must all occur in the same sentence."""

How = Literal["exact", "near"]
_BY_CUE = frozenset({Polarity.BARRED, Polarity.OWN_DUTY})
_REFUSING = _BY_CUE | {Polarity.NEGATIVE}
_PAPER = frozenset({Kind.CERTIFICATE, Kind.SIGNBOARD})


class Match(Wire, frozen=True, kw_only=True):
    """命中: one list item that a filing's words met."""

    list_id: str
    item_id: str
    title: str
    polarity: Polarity
    ground: str
    how: How
    where: Where
    score: int
    """Likeness, 0–100."""


class _Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One list item, its words normalised once."""

    list_id: str
    of: MatterList
    item: ListItem
    kinds: frozenset[Kind]
    title: str
    printed: tuple[str, ...]
    hints: tuple[tuple[str, ...], ...]

    def match(self, how: How, where: Where, score: float) -> Match:
        sure = how == "exact" and self.item.on
        return Match(
            list_id=self.list_id,
            item_id=self.item.id,
            title=self.item.title,
            polarity=self.of.polarity,
            ground=self.item.ground,
            how="exact" if sure else "near",
            where=where,
            score=round(score),
        )


def _entry(of: MatterList, item: ListItem) -> _Entry:
    title = normalise(item.title)
    return _Entry(
        list_id=of.id,
        of=of,
        item=item,
        kinds=frozenset(of.kinds),
        title=title,
        printed=(title, *filter(None, (normalise(a) for a in item.aliases))),
        hints=tuple(tuple(normalise(w) for w in hint.split(JOIN)) for hint in item.hints),
    )


class MatchIndex:
    """比对索引: the items of the lists in force, prepared once, asked many times."""

    def __init__(self, entries: Sequence[_Entry], tuning: Tuning) -> None:
        self._tuning = tuning
        self._listing = [e for e in entries if e.of.polarity not in _REFUSING]
        self._refusing = [e for e in entries if e.of.polarity in _REFUSING]
        self._printed: dict[str, list[_Entry]] = {}
        for entry in self._listing:
            for name in entry.printed:
                self._printed.setdefault(name, []).append(entry)

    @classmethod
    def build(cls, lists: Iterable[MatterList], tuning: Tuning) -> "MatchIndex":
        """Prepare every item of ``lists``; count-only lists have none and are simply absent."""
        return cls([_entry(of, item) for of in lists for item in of.items], tuning)

    def find(self, title: str, text: str, kind: Kind, on: date | None = None) -> list[Match]:
        """Every item met, surest first, one match an item; ``on`` leaves out items not in force."""
        read = [
            *readings(title, "title", self._tuning),
            *readings(text, "text", self._tuning),
        ]
        best: dict[tuple[str, str], Match] = {}
        for match in self._all(read, kind, on):
            key = (match.list_id, match.item_id)
            if key not in best or _rank(match) < _rank(best[key]):
                best[key] = match
        return sorted(best.values(), key=_rank)

    def _all(self, read: list[Reading], kind: Kind, on: date | None) -> Iterator[Match]:
        for reading in read:
            for entry in self._refusing:
                if _asked(entry, kind, on):
                    yield from self._refused(entry, reading, kind)
            yield from self._equal(reading, kind, on)
            if reading.where == "title":
                for entry in self._listing:
                    if kind in entry.kinds and _asked(entry, kind, on):
                        yield from self._alike(entry, reading)

    def _equal(self, reading: Reading, kind: Kind, on: date | None) -> Iterator[Match]:
        """Names printed on a permitting list, written out in full."""
        names = [reading.whole] if reading.where == "title" else []
        if reading.where == "text" and kind in _PAPER:
            names = list(reading.sentences)
        for name in names:
            for entry in self._printed.get(name, ()):
                if kind in entry.kinds and _asked(entry, kind, on):
                    yield entry.match("exact", reading.where, 100)

    def _alike(self, entry: _Entry, title: Reading) -> Iterator[Match]:
        """Titles like one on a permitting list: a suggestion."""
        score = fuzz.ratio(entry.title, title.whole, score_cutoff=self._tuning.near_title)
        hinted = any(all(word in title.whole for word in hint) for hint in entry.hints)
        if score or hinted or entry.title in title.whole:
            yield entry.match("near", "title", score or self._tuning.near_title)

    def _refused(self, entry: _Entry, reading: Reading, kind: Kind) -> Iterator[Match]:
        if reading.where == "title" and reading.whole == entry.title:
            yield entry.match("exact", "title", 100)
        for name in entry.printed:
            if name in reading.whole:
                how = self._printed_how(entry, name, reading, kind)
                if how is not None:
                    yield entry.match(how, reading.where, 100)
        if self._hinted(entry, reading, kind) or self._resembled(entry, reading, kind):
            yield entry.match("near", reading.where, self._tuning.near_title)

    def _printed_how(self, entry: _Entry, name: str, reading: Reading, kind: Kind) -> How | None:
        """How surely a printed name binds; a name cut in two by a stop is judged with the whole."""
        if entry.of.polarity is Polarity.NEGATIVE and kind is Kind.CERTIFICATE:
            return "exact"
        around = [s for s in reading.sentences if name in s] or [reading.whole]
        found = [self._cue(entry, s, name) for s in around]
        return "exact" if "exact" in found else "near" if "near" in found else None

    def _cue(self, entry: _Entry, sentence: str, word: str) -> How | None:
        """What the words around a printed name make of it."""
        if only_talks(sentence, word, self._tuning):
            return None
        if entry.of.polarity is Polarity.NEGATIVE:
            return "near" if mentions(self._tuning.paper, sentence) else None
        if mentions(self._tuning.benign, sentence):
            return "near"
        if mentions(self._tuning.duty.get(entry.item.ground, ()), sentence):
            return "exact"
        return "near" if mentions(self._tuning.demand, sentence) else None

    def _hinted(self, entry: _Entry, reading: Reading, kind: Kind) -> bool:
        for hint in entry.hints:
            if not all(word in reading.whole for word in hint):
                continue
            around = [s for s in reading.sentences if all(w in s for w in hint)]
            if len(hint) == 1 and not around:
                around = [reading.whole]
            if any(self._asks(entry, s, hint[0], kind) for s in around):
                return True
        return False

    def _asks(self, entry: _Entry, sentence: str, word: str, kind: Kind) -> bool:
        if entry.of.polarity is Polarity.NEGATIVE and kind is Kind.CERTIFICATE:
            return True
        if only_talks(sentence, word, self._tuning):
            return False
        return entry.of.polarity in _BY_CUE or mentions(self._tuning.paper, sentence)

    def _resembled(self, entry: _Entry, reading: Reading, kind: Kind) -> bool:
        """A printed name with a character or so changed (同音、形近)."""
        for sentence, letters in zip(reading.sentences, reading.letters, strict=True):
            for name in entry.printed:
                if self._like(name, sentence, letters) and self._meant(entry, sentence, kind):
                    return True
        return False

    def _meant(self, entry: _Entry, sentence: str, kind: Kind) -> bool:
        if not self._asks(entry, sentence, sentence, kind):
            return False
        if entry.of.polarity is Polarity.BARRED:
            return mentions(self._tuning.demand, sentence)
        return True

    def _like(self, name: str, sentence: str, letters: frozenset[str]) -> bool:
        size, errors = len(name), self._tuning.phrase_errors
        if size < self._tuning.phrase_min or len(letters & set(name)) < len(set(name)) - errors:
            return False
        measure = fuzz.partial_ratio if len(sentence) >= size else fuzz.ratio
        return measure(name, sentence) >= 100 * (size - errors) / size


def _asked(entry: _Entry, kind: Kind, on: date | None) -> bool:
    """Whether the item is asked: negative lists of papers are, for any kind (hidden demands)."""
    if on is not None and not (entry.item.in_force(on) and entry.of.in_force(on)):
        return False
    return kind in entry.kinds or entry.of.polarity is Polarity.NEGATIVE


def _rank(match: Match) -> tuple[bool, bool, int, str, str]:
    return (
        match.how != "exact",
        match.where != "title",
        -match.score,
        match.list_id,
        match.item_id,
    )
