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
from registry.domain.sieve import Sieve
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
ASKED = "＊"
"""In a hint: any word that asks for the thing (任务, 指标 …)."""

How = Literal["exact", "near"]
_BY_CUE = frozenset({Polarity.BARRED, Polarity.OWN_DUTY, Polarity.CANCELLED})
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


class _Hint(msgspec.Struct, frozen=True, kw_only=True):
    """One suggestion, its words normalised once."""

    words: tuple[str, ...]
    asked: bool
    """A word that asks must stand beside them."""
    subject: tuple[str, ...]
    """The words without those a certificate implies (证明)."""


def _hint(hint: str, implied: Iterable[str]) -> _Hint:
    words = tuple(normalise(w) for w in hint.split(JOIN) if w != ASKED)
    subject = tuple(w for w in words if w not in set(implied))
    return _Hint(words=words, asked=ASKED in hint, subject=subject or words)


class _Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One list item, its words normalised once."""

    list_id: str
    of: MatterList
    item: ListItem
    kinds: frozenset[Kind]
    title: str
    printed: tuple[str, ...]
    hints: tuple["_Hint", ...]
    spelled: tuple[str, ...]
    """Title, printed names and hints long enough to be compared by likeness."""
    phrases: tuple[tuple[str, frozenset[str]], ...]
    """Printed names long enough to be sought with a character changed, and their letters."""

    @property
    def words(self) -> set[str]:
        """One of them stands in any text that meets it word by word."""
        hinted = [h[0] for x in self.hints for h in (x.words, x.subject)]
        return {self.title, *self.printed, *hinted}

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


def _entry(of: MatterList, item: ListItem, tuning: Tuning) -> _Entry:
    title = normalise(item.title)
    printed = (title, *filter(None, (normalise(a) for a in item.aliases)))
    hints = tuple(_hint(hint, tuning.implied) for hint in item.hints)
    # The words of a composed hint are no phrase: 住房＋证明 must not resemble 居住证明.
    joined = (hint.words[0] for hint in hints if len(hint.words) == 1 and not hint.asked)
    return _Entry(
        list_id=of.id,
        of=of,
        item=item,
        kinds=frozenset(of.kinds),
        title=title,
        printed=printed,
        hints=hints,
        phrases=tuple((n, frozenset(n)) for n in printed if len(n) >= tuning.phrase_min),
        spelled=(title, *(w for w in (*printed[1:], *joined) if len(w) >= tuning.phrase_min)),
    )


class MatchIndex:
    """比对索引: the items of the lists in force, prepared once, asked many times."""

    def __init__(self, entries: Sequence[_Entry], tuning: Tuning) -> None:
        self.tuning = tuning
        self._listing = [e for e in entries if e.of.polarity not in _REFUSING]
        self._refusing = [e for e in entries if e.of.polarity in _REFUSING]
        self._printed: dict[str, list[_Entry]] = {}
        for entry in self._listing:
            for name in entry.printed:
                self._printed.setdefault(name, []).append(entry)
        self._sieve = Sieve(tuning.phrase_errors, tuning.near_title)
        for place, entry in enumerate([*self._refusing, *self._listing]):
            self._sieve.add(place, entry.words, entry.phrases, entry.spelled)

    @classmethod
    def build(cls, lists: Iterable[MatterList], tuning: Tuning) -> "MatchIndex":
        """Prepare every item of ``lists``; count-only lists have none and are simply absent."""
        entries = [_entry(of, item, tuning) for of in lists for item in of.items]
        return cls(entries, tuning)

    def find(self, title: str, text: str, kind: Kind, on: date | None = None) -> list[Match]:
        """Every item met, surest first, one match an item; ``on`` leaves out items not in force."""
        below = list(readings(text, "text", self.tuning, False))
        asked = any(mentions(self.tuning.demand, r.whole) for r in below)
        read = [*readings(title, "title", self.tuning, asked), *below]
        best: dict[tuple[str, str], Match] = {}
        for match in self._all(read, kind, on):
            key = (match.list_id, match.item_id)
            if key not in best or _rank(match) < _rank(best[key]):
                best[key] = match
        return sorted(best.values(), key=_rank)

    def _all(self, read: list[Reading], kind: Kind, on: date | None) -> Iterator[Match]:
        for reading in read:
            through = self._sieve.through(reading)
            for place, entry in enumerate(self._refusing):
                if place in through and _asked(entry, kind, on):
                    yield from self._refused(entry, reading, kind)
            yield from self._equal(reading, kind, on)
            if reading.where == "title":
                for place, entry in enumerate(self._listing, len(self._refusing)):
                    if place in through and kind in entry.kinds and _asked(entry, kind, on):
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
        least = self.tuning.near_title
        score = self._likeness(entry, title)
        hinted = any(all(w in title.whole for w in hint.words) for hint in entry.hints)
        if score or hinted or entry.title in title.whole:
            yield entry.match("near", "title", score or least)

    def _likeness(self, entry: _Entry, title: Reading) -> float:
        """Best likeness of the whole title to a name or hint; 0 below the threshold."""
        least = self.tuning.near_title
        return max(fuzz.ratio(name, title.whole, score_cutoff=least) for name in entry.spelled)

    def _refused(self, entry: _Entry, reading: Reading, kind: Kind) -> Iterator[Match]:
        if reading.where == "title" and reading.whole == entry.title:
            yield entry.match("exact", "title", 100)
        for name in entry.printed:
            if name in reading.whole:
                how = self._printed_how(entry, name, reading, kind)
                if how is not None:
                    yield entry.match(how, reading.where, 100)
        looks = (self._hinted, self._resembled, self._titled)
        if any(look(entry, reading, kind) for look in looks):
            yield entry.match("near", reading.where, self.tuning.near_title)

    def _titled(self, entry: _Entry, reading: Reading, kind: Kind) -> bool:
        """A whole title much like a name or a hint, whatever stands between its words."""
        if reading.where == "text" or reading.whole in self._printed:
            return False
        if not self._likeness(entry, reading):
            return False
        asked = reading.asks(reading.whole, self.tuning)
        talk = only_talks(reading.whole, reading.whole, self.tuning, asked)
        return self._serious(entry, reading.whole, kind, talk)

    def _printed_how(self, entry: _Entry, name: str, reading: Reading, kind: Kind) -> How | None:
        """How surely a printed name binds; a name cut in two by a stop is judged with the whole."""
        if entry.of.polarity is Polarity.NEGATIVE and kind is Kind.CERTIFICATE:
            return "exact"
        around = [s for s in reading.sentences if name in s] or [reading.whole]
        found = [self._cue(entry, s, name, reading.asks(s, self.tuning)) for s in around]
        return "exact" if "exact" in found else "near" if "near" in found else None

    def _cue(self, entry: _Entry, sentence: str, word: str, asked: bool) -> How | None:
        """What the words around a printed name make of it."""
        if only_talks(sentence, word, self.tuning, asked):
            return None
        if entry.of.polarity is Polarity.NEGATIVE:
            return "near" if mentions(self.tuning.paper, sentence) else None
        if mentions(self.tuning.benign, sentence):
            return "near"
        if mentions(self.tuning.duty.get(entry.item.ground, ()), sentence):
            return "exact"
        return "near" if asked else None

    def _hinted(self, entry: _Entry, reading: Reading, kind: Kind) -> bool:
        for hint in entry.hints:
            words = hint.subject if kind is Kind.CERTIFICATE else hint.words
            if words[0] not in reading.whole or not all(w in reading.whole for w in words):
                continue
            around = [s for s in reading.sentences if all(w in s for w in words)]
            if len(words) == 1 and not around:
                around = [reading.whole]
            for sentence in around:
                asked = reading.asks(sentence, self.tuning)
                talk = only_talks(sentence, words[0], self.tuning, asked)
                if (asked or not hint.asked) and self._serious(entry, sentence, kind, talk):
                    return True
        return False

    def _serious(self, entry: _Entry, sentence: str, kind: Kind, talk: bool) -> bool:
        """Whether a suggestion is worth a person's time; ``talk``: nothing is asked for."""
        if entry.of.polarity is Polarity.NEGATIVE and kind is Kind.CERTIFICATE:
            return True
        if talk:
            return False
        return entry.of.polarity in _BY_CUE or mentions(self.tuning.paper, sentence)

    def _resembled(self, entry: _Entry, reading: Reading, kind: Kind) -> bool:
        """A printed name with a character or so changed (同音、形近)."""
        for sentence, letters in zip(reading.sentences, reading.letters, strict=True):
            if sentence in self._printed:  # 居住证明 is itself, not a misspelt 分居证明
                continue
            for name, needed in entry.phrases:
                if len(needed & letters) < len(needed) - self.tuning.phrase_errors:
                    continue
                found = self._like(name, sentence)
                asked = bool(found) and reading.asks(sentence, self.tuning)
                # A bare look-alike of a common phrase (城市治理 for 城市管理) says nothing.
                if not found or (entry.of.polarity is Polarity.BARRED and not asked):
                    continue
                talk = only_talks(sentence, found, self.tuning, asked)
                if self._serious(entry, sentence, kind, talk):
                    return True
        return False

    def _like(self, name: str, sentence: str) -> str:
        """The part of ``sentence`` that resembles ``name``, or nothing."""
        size = len(name)
        least = 100 * (size - self.tuning.phrase_errors) / size
        if len(sentence) < size:
            return sentence if fuzz.ratio(name, sentence) >= least else ""
        at = fuzz.partial_ratio_alignment(name, sentence, score_cutoff=least)
        return sentence[at.dest_start : at.dest_end] if at is not None else ""


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
