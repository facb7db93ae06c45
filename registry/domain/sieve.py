"""粗筛 which list items a reading may meet at all, found in one pass over its letters.

Nothing is decided here: an item that is let through is compared word by word (``matching``), one
that is held back could not have met it. So the answer is the same, with far fewer comparisons.
"""

from collections import Counter
from collections.abc import Iterable
from itertools import chain

from rapidfuzz import fuzz, process

from registry.domain.wording import Reading

Phrase = tuple[str, frozenset[str]]
"""Its words in compared form, and their letters."""
_PAIR = 2
_LONG = 512
"""Longer texts are searched word by word: their pieces would be more than the words."""


class Sieve:
    """粗筛器 over items, each given by its place: what words, phrases and names it has."""

    def __init__(self, errors: int, least: int) -> None:
        """Empty. ``errors``: letters of a phrase that may differ; ``least``: likeness, 0–100."""
        self._errors, self._least = errors, least
        self._words: dict[str, set[int]] = {}
        self._short: set[str] = set()
        self._begun: dict[str, set[str]] = {}
        """Words by their first two letters."""
        self._phrases: list[tuple[int, int]] = []
        self._letters: dict[str, list[int]] = {}
        self._loose: set[int] = set()
        self._names: list[str] = []
        self._owners: list[int] = []

    def add(
        self, place: int, words: Iterable[str], phrases: Iterable[Phrase], names: Iterable[str]
    ) -> None:
        """An item may be met where one of ``words`` stands, or nearly one of ``phrases``, or by a
        whole title that is like one of ``names``."""
        for word in words:
            self._words.setdefault(word, set()).add(place)
            if len(word) < _PAIR:
                self._short.add(word)
            else:
                self._begun.setdefault(word[:_PAIR], set()).add(word)
        for _, letters in phrases:
            needed = len(letters) - self._errors
            if needed <= 0:
                self._loose.add(place)
            for letter in letters:
                self._letters.setdefault(letter, []).append(len(self._phrases))
            self._phrases.append((place, needed))
        for name in names:
            self._names.append(name)
            self._owners.append(place)

    def through(self, reading: Reading) -> set[int]:
        """Places of the items this reading may meet."""
        found = set(self._loose)
        for word in self._standing(reading.whole):
            found |= self._words[word]
        for letters in reading.letters:
            found |= self._nearly(letters)
        if reading.where == "title":
            alike = process.extract(
                reading.whole, self._names, scorer=fuzz.ratio, score_cutoff=self._least, limit=None
            )
            found.update(self._owners[at] for _, _, at in alike)
        return found

    def _standing(self, whole: str) -> set[str]:
        """The words that stand in the text."""
        if len(whole) > _LONG:
            return {word for word in self._words if word in whole}
        found = {word for word in self._short if word in whole}
        begun = self._begun
        for at in range(len(whole) - 1):
            for word in begun.get(whole[at : at + _PAIR], ()):
                if whole.startswith(word, at):
                    found.add(word)
        return found

    def _nearly(self, letters: frozenset[str]) -> set[int]:
        """Items with a phrase whose letters are all there, but for the errors allowed."""
        known = self._letters
        met = Counter(chain.from_iterable([known[c] for c in letters if c in known]))
        phrases = self._phrases
        return {phrases[at][0] for at, count in met.items() if count >= phrases[at][1]}
