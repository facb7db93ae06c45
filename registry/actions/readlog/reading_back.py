"""查阅日志查询 the log of what was read, for the administrator of the logs: entries, size, tree hash."""

from typing import Annotated

import msgspec

from registry.actions.office import Office
from registry.actions.reading import NOT_READABLE
from registry.actions.seeing import scopes
from registry.domain.auditing import ReadEntry
from registry.domain.errors import Refusal
from registry.domain.people import Actor
from registry.domain.records import Ident, Wire
from registry.store import readings

ACT = "reading.read"


class ReadQuery(Wire, frozen=True, kw_only=True):
    """查阅日志条件."""

    after: Annotated[int, msgspec.Meta(ge=0)] = 0
    limit: Annotated[int, msgspec.Meta(ge=1, le=500)] = 50
    person_id: Ident | None = None
    check: bool = False
    """Follow the whole chain from its first entry."""


class ReadPage(Wire, frozen=True, kw_only=True):
    """查阅日志一页."""

    items: list[ReadEntry]
    next: int | None = None
    size: int
    """Entries in all."""
    root: str
    """Tree hash over them (RFC 9162), hex; of none at all the hash of nothing."""
    broken: int | None = None
    """The first entry that does not follow from the one before; absent = it holds, or was not
    asked."""


def page(office: Office, actor: Actor, county: str, query: ReadQuery) -> ReadPage:
    """Entries of the county's read log.

    Raises:
        Refusal: ``access.reading``.
    """
    if not any(scope.whole for scope in scopes(office, actor, ACT, county)):
        raise Refusal(NOT_READABLE)
    with office.store.reader.connect() as connection:
        size = readings.size_of(connection, county)
        found = readings.entries(
            connection, county, after=query.after, limit=query.limit + 1, person=query.person_id
        )
        root = readings.Readings(connection, county).root(size)
        bad = readings.broken(connection, county) if query.check else None
    more = len(found) > query.limit
    items = list(found[: query.limit])
    return ReadPage(items=items, next=items[-1].seq if more else None, size=size, root=root.hex(),
                    broken=bad)  # fmt: skip
