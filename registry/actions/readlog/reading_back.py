"""查阅日志查询 the log of what was read, for the administrator of the logs: entries, size, tree hash."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

import msgspec

from registry.actions.office import Office
from registry.actions.reading import NOT_READABLE
from registry.actions.seeing import scopes
from registry.domain.auditing import ReadEntry, ReadKind, Taken
from registry.domain.errors import Refusal
from registry.domain.people import Actor
from registry.domain.records import Ident, Wire
from registry.policies.sittings import shipped
from registry.store import listing, readings
from registry.store.engine import Reading

ACT = "reading.read"


class ReadQuery(Wire, frozen=True, kw_only=True):
    """查阅日志条件."""

    after: Annotated[int, msgspec.Meta(ge=0)] = 0
    limit: Annotated[int, msgspec.Meta(ge=1, le=500)] = 50
    person_id: Ident | None = None
    check: bool = False
    """Follow the chain from the entry ``after`` on, as far as the time of a question reaches."""


class ReadLine(ReadEntry, frozen=True, kw_only=True):
    """查阅日志一条, with what the person did meanwhile that stands in the county's own log."""

    acts: list[Taken] = []


class ReadPage(Wire, frozen=True, kw_only=True):
    """查阅日志一页."""

    items: list[ReadLine]
    next: int | None = None
    size: int
    """Entries in all."""
    root: str
    """Tree hash over them (RFC 9162), hex; of none at all the hash of nothing."""
    checked: int | None = None
    """The last entry to which the chain was followed: where that is not ``size`` and nothing is
    broken, go on from it with ``after``; absent = it was not asked."""
    broken: int | None = None
    """The first entry that does not follow from the one before; absent = as far as it was followed
    it holds."""


def page(office: Office, actor: Actor, county: str, query: ReadQuery) -> ReadPage:
    """Entries of the county's read log.

    Raises:
        Refusal: ``access.reading``, ``query.slow``.
    """
    if not any(scope.whole for scope in scopes(office, actor, ACT, county)):
        raise Refusal(NOT_READABLE)
    with office.store.reader.connect() as connection, listing.timed(connection) as within:
        size = readings.size_of(connection, county)
        found = readings.entries(
            connection, county, after=query.after, limit=query.limit + 1, person=query.person_id
        )
        lines = [_line(connection, one, within) for one in found[: query.limit]]
        root = readings.Readings(connection, county).root(size)
        followed = (
            readings.follow(connection, county, min(query.after, size), within)
            if query.check
            else None
        )
    more = len(found) > query.limit
    return ReadPage(
        items=lines, next=lines[-1].seq if more else None, size=size, root=root.hex(),
        checked=followed.to if followed else None, broken=followed.broken if followed else None,
    )  # fmt: skip


def _line(connection: Reading, one: ReadEntry, within: Callable[[], bool]) -> ReadLine:
    """An entry beside the opened cases, exports and proofs of the same sitting."""
    if not within():
        raise Refusal(listing.SLOW)
    acts: list[Taken] = []
    if one.kind is ReadKind.SITTING:
        told = _told.decode(one.entry)
        times = (told.began, told.ended + shipped().idle)
        acts = readings.taken(connection, one.county, one.person_id, times)
    return ReadLine(**{n: getattr(one, n) for n in ReadEntry.__struct_fields__}, acts=acts)


class _Sitting(msgspec.Struct):
    began: datetime
    ended: datetime


_told = msgspec.json.Decoder(_Sitting)
