"""查询号 how a record is called over the telephone: the day it was made, and four digits of its id.

It is no 文号 and stands for none: where the packs give a paper no number, it is found by this.
"""

import re
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from registry.clock import instant_of
from registry.domain.records import SHANGHAI, civil

_TAIL, _HEX, _DIGITS = 16, 16, 4
_TYPED = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})-?(\d{4})")


class Reference(NamedTuple):
    """查询号, as somebody typed it."""

    on: date
    digits: str


def reference(id: str) -> str:
    """``20260302-4821``; empty for an id that was made elsewhere."""
    at = instant_of(id)
    return f"{civil(at):%Y%m%d}-{digits_of(id)}" if at is not None else ""


def digits_of(id: str) -> str:
    """The four digits of an id."""
    return f"{int(id[-_TAIL:], _HEX) % 10**_DIGITS:0{_DIGITS}}"


def typed(text: str) -> Reference | None:
    """What was typed, read as a 查询号; ``None`` = it is none."""
    found = _TYPED.fullmatch(text)
    if found is None:
        return None
    year, month, day, digits = found.groups()
    try:
        return Reference(date(int(year), int(month), int(day)), digits)
    except ValueError:
        return None


def span(prefix: str, on: date) -> tuple[str, str]:
    """Between which ids those of a day lie."""
    begins, ends = (
        int(datetime.combine(day, time(), SHANGHAI).timestamp() * 1_000)
        for day in (on, on + timedelta(days=1))
    )
    return f"{prefix}-{begins:011x}", f"{prefix}-{ends:011x}"
