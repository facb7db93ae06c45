"""查阅 what each person may read: their own organisation's rows, and their own area's, no other's."""

from datetime import date, datetime
from typing import Annotated, Any, NamedTuple, TypeVar

import msgspec

from registry.actions.office import HIDDEN, Office
from registry.actions.places import above
from registry.actions.querying import cursors, narrowing
from registry.actions.seeing import (
    ACT,
    SHARED,
    in_line,
    invites,
    own_ground,
    scopes,
    with_records,
)
from registry.domain.approval import Decision
from registry.domain.audit import Event
from registry.domain.document import Document
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.notice import Notice
from registry.domain.people import Actor
from registry.domain.records import Record, Wire, civil, utc
from registry.domain.request import Request
from registry.store.filters import Condition
from registry.store.listing import equal, table_of
from registry.store.planned import Page, Unserved, order_of
from registry.store.visible import Scope
from registry.store.visible_papers import WITH_RECORD

R = TypeVar("R", bound=Record)

BAD_MOMENT = declare(
    "query.as_of", RefusalKind.MALFORMED, "as_of 应为事件序号或 RFC 3339 时刻",
    "as_of is an event number or an RFC 3339 instant.",
)  # fmt: skip

NOT_READABLE = declare(
    "access.reading", RefusalKind.FORBIDDEN, "您的岗位不能查阅此类记录",
    "Your post may not read records of this kind.",
)  # fmt: skip

ELSEWHERE = declare(
    "access.elsewhere", RefusalKind.FORBIDDEN, "所问区县不在您的辖区，也不在您参加的审计项目范围内",
    "That county is neither in your area nor in an audit that you take part in.",
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
    where: list[Condition] = []
    sort: str | None = None
    """A column, with ``-`` before it the greatest first; absent = see ``planned.order_of``."""
    area: str | None = None
    text: str | None = None
    holder: str | None = None
    """A person: what fell to them in their terms of office (P23)."""
    post: str | None = None

    def bound(self, kind: type[Any]) -> str:
        """What a cursor of this list is bound to."""
        kept = msgspec.structs.replace(self, after=None, limit=1, as_of=None)
        return cursors.mark(kind.__name__, kept)

    open: bool | None = None
    """Findings: those that stand open, or those that were closed."""


class PageOf(Wire, frozen=True, kw_only=True):
    """一页: ``next`` is the ``after`` of the following page."""

    items: list[Any]
    next: str | None = None
    snapshot: int | None = None
    """Last number of the county's log that was read; absent where several counties were."""


class Look(NamedTuple):
    """查看: who looks at what, and what they see of it."""

    office: Office
    actor: Actor
    kind: type[Any]
    seen: list[Scope]


def page(
    office: Office, actor: Actor, kind: type[R], query: ListQuery, *, told: bool = False
) -> PageOf:
    """One page of what the person may see.

    Args:
        told: only to be written out: the items have every field of the record, not its type.
    """
    look, bound = looked(office, actor, kind, query), query.bound(kind)
    if kind is Notice:
        query = msgspec.structs.replace(query, equals=query.equals | {"person_id": actor.person_id})
    if kind is Decision and "request_id" in query.equals:
        changed = _with_changes(office, look.seen, query.equals["request_id"])
        query = msgspec.structs.replace(query, equals=query.equals | {"request_id": changed})
    return _listed(look, bound, query, told=told)


def looked(office: Office, actor: Actor, kind: type[Any], query: ListQuery) -> Look:
    """What the person sees of a kind of record.

    Raises:
        Refusal: ``access.reading`` where that is nothing; ``access.elsewhere`` where it is nothing
            of the county that was asked for, and something of the person's own.
    """
    seen = _seen(office, actor, kind, query)
    if not seen:
        raise Refusal(_why(office, actor, kind, query.county))
    return Look(office, actor, kind, seen)


def _why(office: Office, actor: Actor, kind: type[Any], county: str | None) -> str:
    """Whether it is the kind or the county that is not the person's to read. Whether there is such
    a county is not asked."""
    if county in (None, actor.county):
        return NOT_READABLE
    at_home = _seen(office, actor, kind, ListQuery(county=actor.county))
    return ELSEWHERE if at_home else NOT_READABLE


def _seen(office: Office, actor: Actor, kind: type[Any], query: ListQuery) -> list[Scope]:
    if kind in SHARED:
        county = query.county or actor.county
        known = in_line(actor, county) or invites(office, actor, county)
        return [Scope(county=c, whole=True) for c in (above(county) if known else ())]
    if kind is Notice:
        return own_ground(office, actor, query.county)
    if kind is Event:
        return [s for s in scopes(office, actor, "event.read", query.county) if s.whole]
    if kind is Document:
        return _papers(office, actor, query)
    return scopes(office, actor, ACT[kind], query.county)


def _papers(office: Office, actor: Actor, query: ListQuery) -> list[Scope]:
    """附件, by the case or the ground, and with the records they hang on; of either only what was
    asked for, so that a case's papers are found by the case alone."""
    parent, of_case = query.equals.get("parent_kind"), query.equals.get("request_id")
    if parent in WITH_RECORD:
        return with_records(office, actor, query.county, kinds=[str(parent)])
    found = scopes(office, actor, ACT[Document], query.county)
    if parent is not None or of_case is not None:
        return found
    return found + with_records(office, actor, query.county)


def _with_changes(office: Office, seen: list[Scope], request_id: str) -> list[str]:
    """变更: what was decided on a change is found with its original; ``amends`` says whose it is."""
    counties = sorted({scope.county for scope in seen})
    find = office.store.reader.find
    return [request_id, *(r.id for c in counties for r in find(Request, c, amends=request_id))]


def _listed(look: Look, bound: str, query: ListQuery, *, told: bool = False) -> PageOf:
    """One page of what scopes see."""
    office, kind, table = look.office, look.kind, table_of(look.kind)
    asked, seen = asking(look, query)
    try:
        order = order_of(table, asked)
        if query.after is not None:
            value, numbered = narrowing.type_of(table, order), kind is Event or bool(asked.text)
            at = cursors.read(query.after, bound, value, numbered=numbered)
            asked = msgspec.structs.replace(asked, after=at)
        found, heads = office.store.reader.asked(kind, seen, asked, told=told)
    except Unserved as unserved:
        raise narrowing.refused(unserved) from None
    more, rows = len(found) > query.limit, found[: query.limit]
    snapshot = heads.get(seen[0].county, 0) if len({s.county for s in seen}) == 1 else None
    return PageOf(
        items=[row for _, row in rows], next=cursors.written(rows[-1][0], bound) if more else None,
        snapshot=snapshot if asked.as_of is None or snapshot is None else asked.as_of,
    )  # fmt: skip


def asking(look: Look, query: ListQuery) -> tuple[Page, list[Scope]]:
    """A list as the store is asked for it, and by which scopes.

    Raises:
        Refusal: ``query.as_of``, ``query.area``, ``query.text``, ``query.holder``.
    """
    office, actor, kind, seen = look
    table, county = table_of(kind), query.county or actor.county
    path, terms, as_of = None, None, moment(office, county, query.as_of)
    if query.area is not None:
        counties = sorted({scope.county for scope in seen})
        where, path = narrowing.place(office, counties, table, query.area)
        seen = narrowing.within(seen, where)
    if query.holder is not None:
        whose = (query.holder, query.post)
        terms = narrowing.terms((office, actor, county), whose, table, as_of)
        seen = narrowing.within(seen, county)
    sort = query.sort or ""
    page = Page(
        limit=query.limit + 1, valid_on=query.valid_on, used=query.used, open=query.open,
        honoured=None if query.honoured is None else (
            query.valid_on or civil(office.clock()), query.honoured
        ),
        as_of=as_of, where=[*equal(query.equals), *query.where], area=path, terms=terms,
        text=None if query.text is None else narrowing.word(kind, query.text, query.sort),
        sort=sort.removeprefix("-") or None, down=sort.startswith("-"),
    )  # fmt: skip
    return page, seen


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
    except (ValueError, OverflowError):
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
    return _listed(looked(office, actor, Event, query), query.bound(Event), query)


def parent_of(record: Record) -> str:
    """The request a record belongs to."""
    return record.id if isinstance(record, Request) else str(getattr(record, "request_id", ""))
