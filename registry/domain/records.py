"""版本记录 the shape every business row shares: one immutable version of one thing in one county."""

from datetime import UTC, date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec

SHANGHAI = ZoneInfo("Asia/Shanghai")
NATION = "000000"
"""The partition that holds national lists, packs and calendars."""

FEN_MAX = 10**15
"""Greatest amount, 分 (contract)."""

# No C0 control but TAB and LF: PostgreSQL text refuses NUL, and a control character in a title
# is never meant.
_CLEAN = r"^[^\x00-\x08\x0b-\x1f\x7f]*$"

_C = r"[^\x00-\x1f\x7f]"

Line = Annotated[
    str,
    msgspec.Meta(min_length=1, max_length=200, pattern=rf"^{_C}*[^\s\x00-\x1f\x7f]{_C}*$"),
]
Text = Annotated[str, msgspec.Meta(max_length=20_000, pattern=_CLEAN)]
Ident = Annotated[str, msgspec.Meta(min_length=1, max_length=120, pattern=r"^[0-9A-Za-z._:\-]+$")]
Fen = Annotated[int, msgspec.Meta(ge=0, le=FEN_MAX, description="分")]
PositiveFen = Annotated[int, msgspec.Meta(gt=0, le=FEN_MAX, description="分")]
Count = Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)]


class Wire(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Anything that crosses an edge: unknown fields are refused."""


class Record(Wire, frozen=True, kw_only=True):
    """一条记录的一个版本. ``county`` is the six-digit code that owns the row and comes first in
    every key; ``version`` starts at 1 and grows by one with each change."""

    county: str
    id: str
    version: int = 1


def civil(at: datetime) -> date:
    """The civil date 民用日期 in Asia/Shanghai of an instant."""
    return at.astimezone(SHANGHAI).date()


def utc(at: datetime) -> datetime:
    """The same instant in UTC; a naive one is refused, for it has no meaning here."""
    if at.tzinfo is None:
        raise ValueError("naive datetime")
    return at.astimezone(UTC)
