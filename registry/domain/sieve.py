"""粗筛 which list items a reading may meet at all, found in one pass over its letters.

Nothing is decided here: an item that is let through is compared word by word (``matching``), one
that is held back could not have met it. So the answer is the same, with far fewer comparisons.
"""

from collections import Counter
from collections.abc import Iterable

from rapidfuzz import fuzz, process

from registry.domain.wording import Reading

Phrase = tuple[str, frozenset[str]]
"""Its words in compared form, and their letters."""
_LONG = 600
"""Longer texts are searched word by word: their pieces would be more than the words."""


class Sieve:
    """粗筛器 over items, each given by its place: what words, phrases and names it has."""

    def __init__(self, errors: int, least: int) -> None:
        """Empty. ``errors``: letters of a phrase that may differ; ``least``: likeness, 0–100."""
        self._errors, self._least = errors, least
        self._words: dict[str, set[int]] = {}
        self._lengths: list[int] = []
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
        self._lengths = sorted({len(word) for word in self._words})
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

    def _standing(self, whole: str) -> Iterable[str]:
        """The words that stand in the text."""
        if len(whole) > _LONG:
            return [word for word in self._words if word in whole]
        pieces = {
            whole[at : at + size] for size in self._lengths for at in range(len(whole) - size + 1)
        }
        return pieces & self._words.keys()

    def _nearly(self, letters: frozenset[str]) -> set[int]:
        """Items with a phrase whose letters are all there, but for the errors allowed."""
        met: Counter[int] = Counter()
        for letter in letters:
            met.update(self._letters.get(letter, ()))
        return {self._phrases[at][0] for at, count in met.items() if count >= self._phrases[at][1]}
