"""登录日志 who signed in and when, and which accounts failed how often: for those who keep the log."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated

import msgspec

from registry.actions.office import Office
from registry.actions.reading import NOT_READABLE
from registry.actions.seeing import scopes
from registry.actions.staff.accounts import FAILURES_PER_HOUR
from registry.domain.audit import Event
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.people import Actor, Person
from registry.domain.records import SHANGHAI, Wire, civil
from registry.store.reader import Page

REVERSED = declare(
    "query.days", RefusalKind.MALFORMED, "起始日 {first} 晚于截止日 {last}",
    "The first day {first} is after the last day {last}.",
)  # fmt: skip


class SignIn(Wire, frozen=True, kw_only=True):
    """一次登录: a token was issued."""

    seq: int
    at: datetime
    person_id: str
    username: str
    name: str
    address: str = ""
    """Where from, as the server saw it; behind a proxy that does not say, the proxy's own."""


class FailedHour(Wire, frozen=True, kw_only=True):
    """登录失败: of one account in one hour."""

    username: str
    hour: datetime
    failures: int
    locked: bool
    """So many that the account must wait."""


class SignIns(Wire, frozen=True, kw_only=True):
    """登录日志一页; failures are those of the same days, of accounts here and of none at all."""

    items: list[SignIn]
    failures: list[FailedHour]
    next: str | None = None


class SignInQuery(Wire, frozen=True, kw_only=True):
    """登录日志条件: civil days, both counted."""

    username: str | None = None
    first: datetime | None = None
    last: datetime | None = None
    after: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,15}$")] | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=500)] = 50


def read(office: Office, actor: Actor, county: str, query: SignInQuery) -> SignIns:
    """One page of a county's sign-ins, in the order of the log.

    Raises:
        Refusal: ``access.reading`` for all but those who keep accounts and logs; ``query.days``.
    """
    if not any(s.whole for s in scopes(office, actor, "sign_in.read", county)):
        raise Refusal(NOT_READABLE)
    if query.first and query.last and query.last < query.first:
        raise Refusal(REVERSED, first=civil(query.first), last=civil(query.last))
    person = office.store.reader.person_named(query.username) if query.username else None
    unknown = bool(query.username) and (person is None or person.county != county)
    events = [] if unknown else _events(office, county, query, person)
    more = len(events) > query.limit
    items = [_told(office, event) for event in events[: query.limit]]
    return SignIns(
        items=items, failures=_failures(office, county, query),
        next=str(items[-1].seq) if more else None,
    )  # fmt: skip


def _events(office: Office, county: str, query: SignInQuery, who: Person | None) -> list[Event]:
    reader = office.store.reader
    begin = reader.snapshot(county, query.first) if query.first else 0
    after = max(begin, int(query.after or 0))
    wanted = {"act": "token.issue", "outcome": "done"} | ({"object_id": who.id} if who else {})
    page = Page(
        after=f"{county}|{after}", limit=query.limit + 1,
        as_of=reader.snapshot(county, query.last) if query.last else None,
    )  # fmt: skip
    return reader.events([county], wanted, page)


def _told(office: Office, event: Event) -> SignIn:
    person = office.store.reader.get(Person, event.county, event.object_id)
    note = msgspec.json.decode(event.entry).get("note", {})
    return SignIn(
        seq=event.seq, at=event.at, person_id=event.object_id,
        username=person.username if person else "", name=person.name if person else "",
        address=str(note.get("address", "")),
    )  # fmt: skip


def _failures(office: Office, county: str, query: SignInQuery) -> list[FailedHour]:
    reader = office.store.reader
    found = reader.failed_hours(query.username, query.first, query.last)
    theirs = {u: p.county for u in {f[0] for f in found} if (p := reader.person_named(u))}
    return [
        FailedHour(
            username=username, hour=hour, failures=failures, locked=failures >= FAILURES_PER_HOUR
        )
        for username, hour, failures in found
        if theirs.get(username, county) == county
    ]


def first_instant(day: date) -> datetime:
    """When a civil day begins, in UTC."""
    return datetime.combine(day, time(), SHANGHAI).astimezone(UTC)


def last_instant(day: date) -> datetime:
    """When a civil day ends, in UTC."""
    return first_instant(day + timedelta(days=1)) - timedelta(microseconds=1)
