"""图 charts drawn on the server as SVG: plain data in, escaped markup out, alike for alike data.

A chart repeats what a table beside it says, and is told to who cannot see it by title and
description. Nothing is said by colour alone: every mark stands with its figure. No order of merit:
what is drawn stands in the order in which it was given (P9).
"""

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

WIDE = 340
"""Units of a drawing's width: what fits on a phone."""
_ROW, _LABEL, _BASE = 40, 16, 12
_BOX, _GAP = 44, 18
_HIGH, _LOW, _SIDE = 20, 130, 34
_TINY = 120


class Caption(NamedTuple):
    """图题: what it shows, for everybody; and in words, for who cannot see it."""

    id: str
    title: str
    told: str = ""


class Bar(NamedTuple):
    """一条: its name, its figure, how the figure is written, where its rows are read."""

    name: str
    value: int
    said: str
    to: str = ""


class Pair(NamedTuple):
    """前后: a figure then and now; ``before`` is ``None`` where nothing is known of then."""

    before: int | None
    now: int


def bars(caption: Caption, rows: Sequence[Bar]) -> Markup:
    """One bar a row, in the order given."""
    most = max((abs(row.value) for row in rows), default=0)
    drawn = Markup("").join(_bar(n, row, most) for n, row in enumerate(rows))
    return _svg(caption, (WIDE, max(1, len(rows)) * _ROW), drawn)


def _bar(n: int, row: Bar, most: int) -> Markup:
    top = n * _ROW
    return Markup(
        '<text x="0" y="{}">{}</text><text x="{}" y="{}" text-anchor="end">{}</text>'
        '<rect class="bar now" x="0" y="{}" width="{}" height="{}"/>'
    ).format(top + _LABEL, row.name, WIDE, top + _LABEL, row.said, top + _LABEL + 5,
             _part(abs(row.value), most, WIDE), _BASE)  # fmt: skip


def funnel(caption: Caption, rows: Sequence[Bar]) -> Markup:
    """What came in and what of it went on: one bar a step, each from the middle, in order."""
    most = max((row.value for row in rows), default=0)
    drawn = Markup("").join(_step(n, row, most) for n, row in enumerate(rows))
    return _svg(caption, (WIDE, max(1, len(rows)) * _ROW), drawn)


def _step(n: int, row: Bar, most: int) -> Markup:
    wide, top = _part(row.value, most, WIDE), n * _ROW
    return Markup(
        '<text x="0" y="{}">{}</text><text x="{}" y="{}" text-anchor="end">{}</text>'
        '<rect class="bar after" x="{}" y="{}" width="{}" height="{}"/>'
    ).format(top + _LABEL, row.name, WIDE, top + _LABEL, row.said, (WIDE - wide) // 2,
             top + _LABEL + 5, wide, _BASE)  # fmt: skip


def line(caption: Caption, points: Sequence[Bar]) -> Markup:
    """A figure over time, the oldest first; what changes with its figure, both ends named."""
    most = max((one.value for one in points), default=0)
    step = (WIDE - 2 * _SIDE) / max(1, len(points) - 1)
    places = [(round(_SIDE + n * step), _LOW - _part(one.value, most, _LOW - _HIGH - 10))
              for n, one in enumerate(points)]  # fmt: skip
    drawn = Markup('<polyline class="trace" points="{}"/>').format(
        " ".join(f"{x},{y}" for x, y in places)
    )
    for n, ((x, y), one) in enumerate(zip(places, points, strict=True)):
        drawn += Markup('<circle class="bar after" cx="{}" cy="{}" r="4"/>').format(x, y)
        if n in (0, len(points) - 1) or one.value != points[n - 1].value:
            drawn += _middle(x, y - 8, one.said)
        if n in (0, len(points) - 1):
            drawn += _middle(x, _LOW + 18, one.name)
    axis = Markup('<line class="axis" x1="0" y1="{}" x2="{}" y2="{}"/>').format(_LOW, WIDE, _LOW)
    return _svg(caption, (WIDE, _LOW + 26), axis + drawn)


def multiple(caption: Caption, pair: Pair, most: int) -> Markup:
    """One of many small charts on one scale: then and now, each with its figure."""
    rows = [(pair.now, "after")] if pair.before is None else [
        (pair.before, "now"), (pair.now, "after")
    ]  # fmt: skip
    drawn = Markup("")
    for n, (value, kind) in enumerate(rows):
        wide = _part(value, most, _TINY)
        drawn += Markup(
            '<rect class="bar {}" x="0" y="{}" width="{}" height="14"/>'
            '<text x="{}" y="{}">{}</text>'
        ).format(kind, n * 20, wide, wide + 6, n * 20 + 12, value)
    return _svg(caption, (_TINY + 60, len(rows) * 20), drawn)


def chain(caption: Caption, steps: Sequence[Bar]) -> Markup:
    """资金链: one box a stage, one below the other, an arrow between; each leads to its entries.

    The wash within a box is what of the largest amount has come as far.
    """
    most = max((step.value for step in steps), default=0)
    drawn = Markup("").join(_stage(n, step, most) for n, step in enumerate(steps))
    high = max(1, len(steps)) * (_BOX + _GAP) - _GAP + 2
    return _svg(caption, (WIDE, high), drawn, linked=any(step.to for step in steps))


def _stage(n: int, step: Bar, most: int) -> Markup:
    top = 1 + n * (_BOX + _GAP)
    box = Markup(
        '<rect class="wash" x="1" y="{}" width="{}" height="{}"/>'
        '<rect class="frame" x="1" y="{}" width="{}" height="{}" rx="4"/>'
        '<text x="12" y="{}">{}</text><text x="{}" y="{}" text-anchor="end">{}</text>'
    ).format(top, _part(step.value, most, WIDE - 2), _BOX, top, WIDE - 2, _BOX, top + 27, step.name,
             WIDE - 12, top + 27, step.said)  # fmt: skip
    if step.to:
        box = Markup('<a href="{}">{}</a>').format(step.to, box)
    if not n:
        return box
    middle = WIDE // 2
    arrow = Markup('<path class="arrow" d="M{0} {1}v{2}m-5 -5l5 5l5 -5"/>').format(
        middle, top - _GAP + 2, _GAP - 4
    )
    return arrow + box


def _middle(x: int, y: int, said: str) -> Markup:
    return Markup('<text x="{}" y="{}" text-anchor="middle">{}</text>').format(x, y, said)


def _part(value: int, most: int, wide: int) -> int:
    """The length of a mark: something is never drawn as nothing, nor nothing as something."""
    if most <= 0 or value <= 0:
        return 0
    return min(wide, max(2, round(value / most * wide)))


def _svg(caption: Caption, size: tuple[int, int], drawn: Markup, *, linked: bool = False) -> Markup:
    # What holds links is no single picture: each of them is read and reached.
    role = "group" if linked else "img"
    named = f"{caption.id}-t {caption.id}-d" if caption.told else f"{caption.id}-t"
    told = Markup('<desc id="{}-d">{}</desc>').format(caption.id, caption.told)
    return Markup(
        '<svg class="chart" role="{}" aria-labelledby="{}" viewBox="0 0 {} {}" width="{}" '
        'height="{}" xmlns="http://www.w3.org/2000/svg"><title id="{}-t">{}</title>{}{}</svg>'
    ).format(role, named, *size, *size, caption.id, caption.title,
             told if caption.told else "", drawn)  # fmt: skip
