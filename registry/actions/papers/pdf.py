"""版式文件 a paper as PDF/A by typst, with the font that comes along: the same paper, the same bytes.

What a record says goes in as data and is never read as commands of the layout; nothing is fetched.
"""

import json
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

import msgspec

from registry.actions.papers.drawing import FONTS, arranged, cleaned, picture, printable, weights
from registry.domain.paper import Grid, Paper, chinese_day

MEDIA = "application/pdf"
_LAYOUT = Path(__file__).with_name("paper.typ")
_STANDARD: Literal["a-2a"] = "a-2a"
"""PDF/A-2a: kept for good, fonts inside, readable aloud."""
_UNDATED = date.fromisoformat("1980-01-01")
"""The day that a file without a day of its own bears inside."""


@cache
def _fonts() -> Any:
    from typst import Fonts

    return Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


def made(paper: Paper) -> bytes:
    """The PDF of a paper."""
    octets: bytes = _compiler(paper).compile(
        format="pdf", pdf_standards=[_STANDARD], timestamp=_moment(paper)
    )
    return octets


def counted(paper: Paper) -> tuple[bytes, int]:
    """The PDF of a paper, and how many pages it has."""
    compiler = _compiler(paper)
    octets = compiler.compile(format="pdf", pdf_standards=[_STANDARD], timestamp=_moment(paper))
    return octets, int(json.loads(compiler.query("<pages>", field="value", one=True)))


def _moment(paper: Paper) -> datetime:
    on = paper.signed_on or _UNDATED
    return datetime(on.year, on.month, on.day, tzinfo=UTC)


def _compiler(paper: Paper) -> Any:
    """The layout with a paper as its data."""
    # Not before it is asked for: its library is large, and most processes print nothing.
    from typst import Compiler

    told = printable(cleaned(paper))
    on = paper.signed_on or _UNDATED
    data = msgspec.to_builtins(told) | {
        "day": chinese_day(on) if paper.signed_on else "", "dated": [on.year, on.month, on.day],
        "grids": [_grid(grid) for grid in told.grids],
    }  # fmt: skip
    given = {"paper": json.dumps(data, ensure_ascii=False)}
    if paper.qr:
        given["qr"] = picture(paper.qr, "svg").decode()
    return Compiler(
        _LAYOUT,
        root=_LAYOUT.parent,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs=given,
    )


def _grid(grid: Grid) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(grid)
    return told | {"weights": weights(grid), "arranged": [] if grid.headings else arranged(grid)}
