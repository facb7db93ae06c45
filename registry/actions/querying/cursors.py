"""续页 where a page ended, as one word that fits the list it was given for and no other."""

import hashlib
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from typing import Any

import msgspec

from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.merkle import LARGEST
from registry.domain.records import utc
from registry.store.planned import Position

BAD_CURSOR = declare(
    "query.cursor", RefusalKind.MALFORMED, "续页标记不属于这一查询，请从第一页查起",
    "This cursor belongs to another list; begin again at the first page.",
)  # fmt: skip
_PLAIN = re.compile(r"[0-9]{6}\|[0-9A-Za-z._:\-]{1,120}")
_MOST = 1_000
_MARK = 12
_FORM = 5


def mark(*asked: Any) -> str:
    """What a cursor is bound to: what was asked, but for page and snapshot."""
    told = msgspec.json.encode(asked, order="sorted")
    return hashlib.sha256(told).hexdigest()[:_MARK]


def written(at: Position, bound: str) -> str:
    """A position as the word that ``read`` reads."""
    told = msgspec.json.encode([bound, at.county, at.key, at.value, at.none])
    return urlsafe_b64encode(told).decode().rstrip("=")


def read(word: str, bound: str, value: Any = None, *, numbered: bool = False) -> Position:
    """The position of a word.

    Args:
        word: of a page before; or ``county|key``, in a list that stands in order of its key.
        bound: what is asked now.
        value: type of the column that gives the order; ``None`` = the key.
        numbered: the key is a number: of the log, or of a text as it was laid down.

    Raises:
        Refusal: ``query.cursor``.
    """
    try:
        if len(word) > _MOST:
            raise ValueError("too long")
        found = _plain(word, value) if _PLAIN.fullmatch(word) else _told(word, bound, value)
        key = int(found.key) if numbered else str(found.key)
        if (numbered and not 0 <= int(key) <= LARGEST) or "\0" in f"{key}{found.value}":
            raise ValueError("no such key")
    except (ValueError, OverflowError, msgspec.MsgspecError) as error:
        raise Refusal(BAD_CURSOR) from error
    return found._replace(key=key)


def _plain(word: str, value: Any) -> Position:
    if value is not None:
        raise ValueError("of another order")
    county, _, key = word.partition("|")
    return Position(county, key)


def _told(word: str, bound: str, value: Any) -> Position:
    told = msgspec.json.decode(urlsafe_b64decode(word + "=" * (-len(word) % 4)), type=list)
    if len(told) != _FORM or told[0] != bound:
        raise ValueError("of another list")
    held = msgspec.convert(told, tuple[str, str, str | int, Any, bool])
    at = None if value is None or held[4] else msgspec.convert(held[3], value)
    if isinstance(at, datetime):
        at = utc(at)
    if isinstance(at, int) and abs(at) > LARGEST:
        raise ValueError("no such value")
    return Position(held[1], held[2], at, held[4])
