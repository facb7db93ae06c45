"""用词 how words are compared: one form for all writings, sentences, and the cue words around.

Every number and every cue word is tuning data passed in; none stands here.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Literal

import msgspec
from opencc import OpenCC

from registry.domain.records import Wire

Where = Literal["title", "text"]
_ENDS = str.maketrans(dict.fromkeys("。；;！？!?", "\n"))
_IDEOGRAPHS = ((0x3400, 0x4DC0), (0x4E00, 0xA000))


class Tuning(Wire, frozen=True, kw_only=True):
    """比对参数: thresholds and cue words, kept with the labelled titles they were tuned on."""

    near_title: int
    """Least likeness of two whole titles, 0–100."""
    phrase_min: int
    """Shortest phrase, in characters, compared by likeness."""
    phrase_errors: int
    """Characters of a phrase that may differ."""
    segment_min: int
    """Shorter pieces between stops are joined: a stop inside a word is an attempt to hide it."""
    negation_span: int
    """Characters between a negation and what it negates."""
    negated: list[str]
    benign: list[str]
    """Words that make a sentence talk about a thing: 宣传, 咨询 …"""
    demand: list[str]
    """Words that ask for it: 任务, 指标 …"""
    paper: list[str]
    """Words by which a matter other than a certificate asks for one."""
    implied: list[str]
    """Words of a hint that any filing for a certificate implies."""
    duty: dict[str, list[str]]
    """Ground → words of its own text that must stand beside the printed name."""
    decompositions: dict[str, str]
    """拆字: pieces of a character → the character."""
    lookalikes: dict[str, str]
    """同音、形近: a character written instead → the character meant."""


@cache
def _simplified() -> dict[int, str]:
    """繁 → 简, one character at a time: the whole table is asked once, a title in microseconds."""
    letters = [chr(code) for low, high in _IDEOGRAPHS for code in range(low, high)]
    plain = OpenCC("t2s").convert("\n".join(letters)).split("\n")
    return {ord(a): b for a, b in zip(letters, plain, strict=True) if a != b}


class _Letters(dict[int, str]):
    """Letters and digits in simplified form, all else nothing; found out once for each."""

    def __missing__(self, code: int) -> str:
        plain = _simplified().get(code, chr(code))
        kept = "".join(c for c in plain if unicodedata.category(c)[0] in "LN")
        self[code] = kept
        return kept


_letters = _Letters()


def normalise(text: str) -> str:
    """归一: the form in which words are compared, never stored or shown.

    NFKC, 繁 → 简, small letters; spaces, zero-width signs, punctuation and marks are dropped.
    """
    return unicodedata.normalize("NFKC", text).casefold().translate(_letters)


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """文本: a title or a text made ready: sentences in compared form."""

    where: Where
    whole: str
    sentences: tuple[str, ...]
    letters: tuple[frozenset[str], ...]
    elsewhere: bool
    """Of a title: its text asks for something, so that the title may be what is asked."""

    def asks(self, sentence: str, tuning: Tuning) -> bool:
        """Whether ``sentence``, or the text below this title, asks for anything."""
        return self.elsewhere or mentions(tuning.demand, sentence)


def _sentences(text: str, least: int) -> tuple[str, ...]:
    """Sentences in compared form; pieces under ``least`` characters join what comes next."""
    out, piece = [], ""
    for part in text.translate(_ENDS).split("\n"):
        piece += normalise(part)
        if len(piece) >= least:
            out.append(piece)
            piece = ""
    if piece:
        out.append(out.pop() + piece if out else piece)
    return tuple(out)


def readings(text: str, where: Where, tuning: Tuning, elsewhere: bool) -> Iterator[Reading]:
    """The text as written and, where it spells characters in pieces, as meant."""
    sentences = meant = _sentences(text, tuning.segment_min)
    # Most texts hold none of these: to look once is cheaper than to replace in every sentence.
    whole = "".join(sentences)
    for written, letter in (tuning.decompositions | tuning.lookalikes).items():
        if written in whole:
            meant = tuple(sentence.replace(written, letter) for sentence in meant)
            whole = "".join(meant)
    for form in dict.fromkeys((sentences, meant)):
        yield Reading(
            where=where,
            whole="".join(form),
            sentences=form,
            letters=tuple(frozenset(s) for s in form),
            elsewhere=elsewhere,
        )


def mentions(words: Iterable[str], sentence: str) -> bool:
    """Whether any of ``words`` stands in ``sentence``."""
    return any(word in sentence for word in words)


def only_talks(sentence: str, word: str, tuning: Tuning, asked: bool) -> bool:
    """Whether ``sentence`` negates ``word``, or speaks of it without asking for it.

    ``asked``: something is asked for elsewhere in the filing that may be meant.
    """
    start = max(sentence.find(word), 0)
    for negation in tuning.negated:
        reach = tuning.negation_span + len(negation)
        if negation in sentence[max(0, start - reach) : start]:
            return True
    return mentions(tuning.benign, sentence) and not asked
