"""二维码与字库 what the forms of a paper draw: a QR, and which characters the shipped font has."""

import io
import re
import string
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import segno

from registry.domain.paper import Grid, Paper, words_of

FONTS = Path(__file__).parent / "fonts"
MISSING = "□"
"""What stands where the font has no sign of a character; a note says which was meant."""
_LEVEL, _SCALE, _MARGIN = "m", 4, 4
_LINES, _HEX = "\n\t", 16
_BREAKS = str.maketrans(dict.fromkeys("\r\u2028\u2029", "\n"))
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufe00-\ufe0f\ufeff"
    "\ufffe\uffff]"
)
"""Characters that print nothing, or turn the order of those beside them."""


def picture(pieces: Sequence[str], form: str) -> bytes:
    """A QR as ``svg`` or ``png``; several pieces are packed each in its own closest writing."""
    drawn = io.BytesIO()
    whole: Any = list(pieces)
    code = segno.make(whole, error=_LEVEL, micro=False, boost_error=False)
    code.save(drawn, kind=form, scale=_SCALE, border=_MARGIN)
    return drawn.getvalue()


@cache
def _covered() -> tuple[list[int], list[int]]:
    first, last = [], []
    for line in (FONTS / "covers.txt").read_text("ascii").split():
        begin, _, end = line.partition("-")
        first.append(int(begin, base=_HEX))
        last.append(int(end or begin, base=_HEX))
    return first, last


def shown(character: str) -> bool:
    """Whether the shipped font has a sign for it."""
    first, last = _covered()
    code = ord(character)
    at = bisect_right(first, code) - 1
    return at >= 0 and code <= last[at]


def plain(text: str) -> str:
    """Text without what is unseen or would turn its order; lone halves of a pair are told apart."""
    whole = text.replace("\r\n", "\n").encode("utf-16", "surrogatepass")
    return _UNSEEN.sub("", whole.decode("utf-16", "replace").translate(_BREAKS))


def arranged(grid: Grid) -> list[list[str]]:
    """The pairs of a form, two short ones in a row: rows of two (or three, signed) and of four."""
    rows: list[list[str]] = []
    waiting: list[str] | None = None
    for row in grid.rows:
        short = len(row) == len(_PAIR) and all(map(_fits, row, _PAIR))
        if waiting is not None:
            rows.append([*waiting, *row] if short else waiting)
            waiting = None
            if short:
                continue
        if short:
            waiting = list(row)
        else:
            rows.append(list(row))
    return rows if waiting is None else [*rows, waiting]


_PAIR = (6, 10)
"""Characters of a name and of what is said that half a line holds."""
_LINE, _SHORT, _LONG, _WIDEST = 34, 7, 11, 30
"""In characters: what a line of a table holds; up to where a column is as wide as what stands in
it, where the line does not hold all and where it does; and the widest that counts."""


def _fits(text: str, most: int) -> bool:
    return "\n" not in text and breadth(text) <= most


def weights(grid: Grid) -> list[int]:
    """Of each column: 0 = as wide as what stands in it, else its share of the width."""
    columns = range(len(grid.headings))
    longest = [max(breadth(row[n]) for row in [grid.headings, *grid.rows]) for n in columns]
    crowded = sum(longest) + len(longest) > _LINE
    shares = [
        0
        if long <= (_SHORT if crowded else _LONG) or n in grid.amounts
        else min(long, _WIDEST) + _SHORT
        for n, long in enumerate(longest)
    ]
    texts = [n for n in columns if n not in grid.amounts]
    if texts and not any(shares):
        shares[max(texts, key=lambda n: longest[n])] = 1
    return shares


def breadth(text: str) -> int:
    """How many characters wide a text is: figures and letters are half as wide."""
    narrow = sum(c in string.printable for c in text)
    return len(text) - narrow + (narrow + 1) // 2


def cleaned(paper: Paper) -> Paper:
    """The same paper in characters that may be printed."""
    return _mapped(paper, plain)


def printable(paper: Paper) -> Paper:
    """The paper as the shipped font can show it: what it lacks is a box, and a note names it."""
    wanting = sorted({c for text in words_of(paper) for c in text if c not in _LINES} - _known())
    lacking = [c for c in wanting if not shown(c)]
    if not lacking:
        return paper
    table = str.maketrans(dict.fromkeys(lacking, MISSING))
    made = _mapped(paper, lambda text: text.translate(table))
    named = "、".join(f"U+{ord(c):04X}" for c in lacking)
    note = f"文中 {MISSING} 为字库未收的字，依次见统一码：{named}；原字以电子记录为准。"
    return msgspec.structs.replace(made, notes=[*made.notes, note])


@cache
def _known() -> frozenset[str]:
    return frozenset(string.printable)


def _mapped(paper: Paper, change: Any) -> Paper:
    told = {name: getattr(paper, name) for name in paper.__struct_fields__}
    for name, value in told.items():
        if isinstance(value, str) and name != "kind":
            told[name] = change(value)
        elif name == "grids":
            told[name] = [
                Grid(caption=change(g.caption), headings=[change(h) for h in g.headings],
                     rows=[[change(c) for c in row] for row in g.rows], amounts=g.amounts)
                for g in value
            ]  # fmt: skip
        elif isinstance(value, list) and name != "qr":
            told[name] = [change(one) for one in value]
    return Paper(**told)
