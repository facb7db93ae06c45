"""查阅 what each person may read: their own organisation's rows, and their own area's, no other's."""

from datetime import date, datetime
from typing import Annotated, Any, TypeVar

import msgspec

from registry.actions.office import HIDDEN, Office
from registry.actions.places import above
from registry.domain.admission import Verdict
from registry.domain.afterwards import Correction, Review, Revocation
from registry.domain.agreement import Agreement
from registry.domain.approval import Decision, Opinion, Step, Task
from registry.domain.areas import Area, Relation
from registry.domain.audit import Event, Finding
from registry.domain.calendar import CalendarYear
from registry.domain.catalogue import MatterList
from registry.domain.conference import Conference, ConferenceVote
from registry.domain.delegation import Absence, Delegation
from registry.domain.document import Document
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.funds import Voucher
from registry.domain.instrument import Instrument
from registry.domain.movement import Movement
from registry.domain.notice import Notice
from registry.domain.outcome import StreetOutcome
from registry.domain.pack import PackRun, PublishedPack
from registry.domain.people import Actor, Organisation, Person
from registry.domain.phrase import Phrase
from registry.domain.presence import Presence
from registry.domain.records import Record, Wire, civil, utc
from registry.domain.reevaluation import Reevaluation
from registry.domain.request import Request
from registry.domain.succession import Handover, Reorganisation, Succession
from registry.domain.waiver import Waiver, WaiverUse
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

ACT: dict[type[Record], str] = {
    Request: "request.read", Verdict: "verdict.read", Decision: "decision.read",
    StreetOutcome: "decision.read",
    Task: "task.read", Step: "task.read",
    Opinion: "opinion.read", Agreement: "agreement.read", Presence: "presence.read",
    Voucher: "voucher.read", Document: "document.read", Area: "area.read",
    Organisation: "organisation.read", Person: "people.read", MatterList: "list.read",
    PublishedPack: "pack.read", CalendarYear: "calendar.read", Finding: "finding.read",
    Instrument: "instrument.read", Notice: "notice.read", Movement: "movement.read",
    Phrase: "phrase.read",
    Reevaluation: "request.read", Handover: "handover.read",
    Reorganisation: "reorganisation.read", Succession: "reorganisation.read",
    Correction: "decision.read", Revocation: "decision.read", Review: "decision.read",
    Conference: "conference.read", ConferenceVote: "conference_vote.read",
    Delegation: "delegation.read", Absence: "absence.read",
    PackRun: "pack_run.read", Waiver: "exception.read", WaiverUse: "verdict.read",
}  # fmt: skip
"""Which reading act each resource stands under."""

SHARED = (Area, Organisation, MatterList, PublishedPack, CalendarYear, Instrument,
          Reorganisation, Succession)  # fmt: skip
"""Public directories: read over the county and every jurisdiction above it."""


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


class PageOf(Wire, frozen=True, kw_only=True):
    """一页: ``next`` is the ``after`` of the following page."""

    items: list[Any]
    next: str | None = None


def scopes(office: Office, actor: Actor, act: str, county: str | None = None) -> list[Scope]:
    """What the person's posts let them see, by Casbin; empty = nothing."""
    found = []
    for post in actor.posts:
        allowed = office.access.relations(post.role, act)
        if not allowed or not post.serves(act):
            continue
        path = post.area_path if Relation.BELOW in allowed else None
        own = [post.organisation_id, *post.formerly] if Relation.OWN in allowed else []
        before = post.formerly_paths if Relation.BELOW in allowed else []
        for code in _counties(office, actor, post.level.value):
            if county is not None and code != county:
                continue
            whole = path is not None and _is_whole(office, code, path)
            found.append(Scope(county=code, organisations=own, path=path, whole=whole,
                               person=actor.person_id))  # fmt: skip
            found += [Scope(county=code, path=former) for former in before if not whole]
    return found


def _counties(office: Office, actor: Actor, level: str) -> list[str]:
    """The partitions a post may look into: its own, and for a city or province those below."""
    if level in ("county", "street"):
        return [actor.county]
    return [c for c in office.store.reader.partitions() if actor.county in above(c)]


def own_ground(office: Office, actor: Actor, county: str | None = None) -> list[Scope]:
    """The partitions where a person's own papers may lie: theirs, and those below their level."""
    levels = {post.level.value for post in actor.posts}
    lying = {actor.county, *(c for level in levels for c in _counties(office, actor, level))}
    return [Scope(county=c, whole=True) for c in sorted(lying) if county in (None, c)]


def _is_whole(office: Office, county: str, path: str) -> bool:
    if not path.strip("/"):
        return False
    head = office.county_path(county)
    return head is not None and head.startswith(path)


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
    rows = office.store.reader.page(kind, seen, query.equals, _page(office, actor, query))
    return _cut(list(rows), query.limit, lambda row: f"{row.county}|{row.id}")


def _page(office: Office, actor: Actor, query: ListQuery) -> Page:
    return Page(
        after=query.after, limit=query.limit + 1, valid_on=query.valid_on, used=query.used,
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
