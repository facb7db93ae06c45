"""查阅 what each person may read: their own organisation's rows, and their own area's, no other's."""

from datetime import date, datetime
from typing import Annotated, Any, TypeVar

import msgspec

from registry.actions.office import HIDDEN, Office
from registry.actions.places import above
from registry.actions.seeing import ACT, SHARED, own_ground, scopes
from registry.domain.approval import Decision
from registry.domain.audit import Event
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.notice import Notice
from registry.domain.people import Actor
from registry.domain.records import Record, Wire, civil, utc
from registry.domain.request import Request
from registry.store.reader import Page
from registry.store.visible import Scope

R = TypeVar("R", bound=Record)

BAD_MOMENT = declare(
    "query.as_of", RefusalKind.MALFORMED, "as_of 应为事件序号或 RFC 3339 时刻",
    "as_of is an event number or an RFC 3339 instant.",
)  # fmt: skip

NOT_READABLE = declare(
    "access.reading", RefusalKind.FORBIDDEN, "您的岗位不能查阅此类记录",
    "Your post may not read records of this kind.",
)  # fmt: skip


class ListQuery(Wire, frozen=True, kw_only=True):
    """列表条件."""

    after: str | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=500)] = 50
    as_of: str | None = None
    valid_on: date | None = None
    county: str | None = None
    equals: dict[str, Any] = {}
    honoured: bool | None = None
    """Exceptions: those that stand on ``valid_on`` (today), or those that do not."""
    used: bool | None = None
    """Exceptions: those that changed a verdict, or those that never did."""
    open: bool | None = None
    """Findings: those that stand open, or those that were closed."""


class PageOf(Wire, frozen=True, kw_only=True):
    """一页: ``next`` is the ``after`` of the following page."""

    items: list[Any]
    next: str | None = None


def page(office: Office, actor: Actor, kind: type[R], query: ListQuery) -> PageOf:
    """One page of what the person may see."""
    if kind in SHARED:
        counties = above(query.county or actor.county)
        seen = [Scope(county=c, whole=True) for c in counties]
    elif kind is Notice:
        seen = own_ground(office, actor, query.county)
        query = msgspec.structs.replace(query, equals=query.equals | {"person_id": actor.person_id})
    else:
        seen = scopes(office, actor, ACT[kind], query.county)
    if not seen:
        raise Refusal(NOT_READABLE)
    equals = query.equals
    if kind is Decision and "request_id" in equals:
        equals = equals | {"request_id": _with_changes(office, seen, equals["request_id"])}
    rows = office.store.reader.page(kind, seen, equals, _page(office, actor, query))
    return _cut(list(rows), query.limit, lambda row: f"{row.county}|{row.id}")


def _with_changes(office: Office, seen: list[Scope], request_id: str) -> list[str]:
    """变更: what was decided on a change is found with its original; ``amends`` says whose it is."""
    counties = sorted({scope.county for scope in seen})
    find = office.store.reader.find
    return [request_id, *(r.id for c in counties for r in find(Request, c, amends=request_id))]


def _page(office: Office, actor: Actor, query: ListQuery) -> Page:
    return Page(
        after=query.after, limit=query.limit + 1, valid_on=query.valid_on, used=query.used,
        open=query.open,
        honoured=None if query.honoured is None else (
            query.valid_on or civil(office.clock()), query.honoured
        ),
        as_of=moment(office, query.county or actor.county, query.as_of),
    )  # fmt: skip


def _cut(rows: list[Any], limit: int, key: Any) -> PageOf:
    more = len(rows) > limit
    return PageOf(items=rows[:limit], next=key(rows[limit - 1]) if more else None)


def moment(office: Office, county: str, as_of: str | None) -> int | None:
    """An ``as_of`` as an event number of the county.

    Raises:
        Refusal: ``query.as_of``.
    """
    if as_of is None:
        return None
    if as_of.isdigit() and len(as_of) < 16:  # noqa: PLR2004 - below 2⁵³
        return int(as_of)
    try:
        return office.store.reader.snapshot(county, utc(datetime.fromisoformat(as_of)))
    except ValueError:
        raise Refusal(BAD_MOMENT) from None


def one(
    office: Office, actor: Actor, kind: type[R], id: str, *,
    as_of: str | None = None, county: str | None = None,
) -> R:  # fmt: skip
    """One row the person may see.

    Raises:
        Refusal: ``access.hidden``, also where it exists but is not theirs.
    """
    found = page(
        office, actor, kind, ListQuery(limit=1, as_of=as_of, county=county, equals={"id": id})
    )
    if found.items:
        row: R = found.items[0]
        return row
    raise Refusal(HIDDEN)


def events(office: Office, actor: Actor, query: ListQuery) -> PageOf:
    """One page of the log of the person's whole county (auditors, log administrators)."""
    seen = [s for s in scopes(office, actor, "event.read", query.county) if s.whole]
    if not seen:
        raise Refusal(NOT_READABLE)
    counties = sorted({s.county for s in seen})
    rows: list[Event] = office.store.reader.events(
        counties, query.equals, _page(office, actor, query)
    )
    return _cut(list(rows), query.limit, lambda event: f"{event.county}|{event.seq}")


def parent_of(record: Record) -> str:
    """The request a record belongs to."""
    return record.id if isinstance(record, Request) else str(getattr(record, "request_id", ""))
