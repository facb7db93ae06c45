"""日志条目 the one canonical entry of an act: what it says, and every row version it names."""

from datetime import date, datetime
from typing import Any

import msgspec

from registry.domain.audit import FORMAT, Event, EventOutcome, RowSeal, canonical, leaf
from registry.domain.records import Wire


class Header(Wire, frozen=True, kw_only=True):
    """事件头: what an entry says besides the rows."""

    actor: str
    post: str = ""
    act: str
    outcome: EventOutcome = EventOutcome.DONE
    code: str = ""
    object_kind: str
    object_id: str
    object_version: int = 0
    business_date: date
    at: datetime
    pack: str | None = None
    clock_fixed: bool = False
    note: dict[str, Any] = {}
    salt: str


def entered(header: Header, county: str, seq: int, seals: list[RowSeal]) -> Event:
    """The event of one act: its canonical entry, with every row version it wrote, and its leaf."""
    entry = numbered(opening(header, county, seals), seq)
    return Event(
        county=county, seq=seq, at=header.at, actor=header.actor, act=header.act,
        outcome=header.outcome, code=header.code, object_kind=header.object_kind,
        object_id=header.object_id, object_version=header.object_version,
        business_date=header.business_date, entry=entry.decode(), leaf=leaf(entry),
    )  # fmt: skip


def opening(header: Header, county: str, seals: list[RowSeal]) -> bytes:
    """The canonical entry of one act up to its number, which is told when it is written: in the
    order of the names only the format comes after it."""
    told = msgspec.to_builtins(header)
    told |= {"v": FORMAT, "county": county, "seq": 0, "rows": seals}
    return canonical(told).removesuffix(numbered(b"", 0))


def numbered(start: bytes, seq: int) -> bytes:
    """The whole entry: what ``opening`` gave, and its number."""
    return b'%b%d,"v":%d}' % (start, seq, FORMAT)
