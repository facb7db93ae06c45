"""信箱 待办, 已办, 我发起的, 抄送: what one person finds when they sign in, a page at a time."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, NamedTuple

from registry.actions import box_facts
from registry.actions.boxed import Box, BoxCount, BoxItem, BoxPage, BoxQuery
from registry.actions.office import Office
from registry.actions.places import above
from registry.actions.seeing import own_ground
from registry.domain.approval import Opinion, StepAct, Task
from registry.domain.areas import Relation
from registry.domain.calendar import Calendar
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.movement import Movement
from registry.domain.people import Actor, PostView
from registry.domain.records import civil
from registry.domain.request import Request
from registry.store import boxes
from registry.store.boxes import Cut, Desktop, Owner
from registry.store.listing import timed
from registry.store.owed import Debtor, Owed, owed
from registry.store.scan import Moment
from registry.store.sieve import Sieve

__all__ = ["Box", "BoxItem", "BoxPage", "BoxQuery"]

BAD_PAGE = declare(
    "query.box_after", RefusalKind.MALFORMED, "after 不是此信箱某一页给出的位置",
    "after is no place that a page of this box has given.",
)  # fmt: skip


_OWED = (
    ("request.edit", "holders", "person"), ("request.record_edit", "holders", "person"),
    ("request.submit", "signing", "body"), ("request.submit", "unsigned", "body"),
    ("revocation.answer", "answering", "body"),
    ("revocation.answer", "heard", "person"), ("objection.answer", "objections", "body"),
    ("complaint.verify", "complaints", "body"), ("resident_report.examine", "reports", "body"),
    ("request.draft", "reviewed", "body"), ("acceptance.give", "acceptances", "body"),
    ("amendment_proposal.answer", "proposals", "body"), ("finding.answer", "findings", "body"),
)  # fmt: skip
"""By which act a person may do something about what is owed: of whose cases, or of which body's."""
READ: dict[Box, Callable[[Any, Owner, Cut, Sieve], list[Any]]] = {
    Box.DONE: boxes.done, Box.STARTED: boxes.started, Box.COPIED: boxes.copied,
}  # fmt: skip


MOST_COUNTED = 99
"""Of each box; beyond that it is said that there are more."""


def page(office: Office, actor: Actor, query: BoxQuery) -> BoxPage:
    """One page of one box: 待办 by the day it is due, the others the latest first.

    Raises:
        Refusal: ``query.box_after``; ``query.slow`` where it is narrowed to what takes too long to
            find among all that lies there.
    """
    whose = _whose(office, actor)
    with office.store.reader.connect() as connection:
        if query.narrowed:
            with timed(connection):
                found = _found(connection, office, whose, query)
        else:
            found = _found(connection, office, whose, query)
        counts = _counts(connection, whose) if query.detailed else None
    shown = found[: query.limit]
    items = _items(office, shown)
    if query.detailed:
        items = box_facts.told(office, actor, items)
    more = len(found) > query.limit
    return BoxPage(items=items, next=_place(shown[-1][0]) if more else None, counts=counts)


class _Whose(NamedTuple):
    """谁的: where the person's papers lie, by the posts they hold."""

    counties: list[str]
    desks: list[Desktop]
    debtor: Debtor
    owner: Owner


def _whose(office: Office, actor: Actor) -> _Whose:
    counties = [scope.county for scope in own_ground(office, actor)]
    bodies = sorted({p.organisation_id for p in actor.posts if p.on_behalf_of is None})
    return _Whose(
        counties=counties, desks=_desktops(office, actor, counties),
        debtor=_debtor(office, actor, counties),
        owner=Owner(counties=counties, person=actor.person_id, bodies=bodies),
    )  # fmt: skip


def _found(connection: Moment, office: Office, whose: _Whose, query: BoxQuery) -> list[Any]:
    cut, sieve = _cut(query), _sieve(office, whose.counties, query)
    if query.box is not Box.TODO:
        return READ[query.box](connection, whose.owner, cut, sieve)
    tasks = boxes.todo(connection, whose.desks, cut, sieve)
    return _by_day(tasks, owed(connection, whose.debtor, cut, sieve))


def _sieve(office: Office, counties: list[str], query: BoxQuery) -> Sieve:
    """What leaves rows out; of the two kinds of 待办, naming one leaves out the other."""
    today = civil(office.clock())
    one = query.act is not None or query.owed is not None
    until: dict[str, date] = {}
    if query.due_within is not None:
        until = {c: _last_day(office, c, query.due_within, today) for c in counties}
    return Sieve(
        text=query.text.strip(), kind=query.kind, applicant=query.applicant.strip(),
        above=sorted({code for county in counties for code in above(county)}),
        area=query.area.strip(), unread=query.unread, until=until,
        acts=[one.value for one in (query.act,) if one] if one else None,
        owed=[one.value for one in (query.owed,) if one] if one else None,
        before=today if query.late else None,
    )  # fmt: skip


def _last_day(office: Office, county: str, days: int, today: date) -> date:
    """The last day on which so many working days are left, and no more."""
    calendar = office.rulebooks.of(county, today).calendar
    over, _ = calendar.add_working_days(today, days + 1, count_first_day=False)
    return over - timedelta(days=1)


def _counts(connection: Moment, whose: _Whose) -> dict[Box, BoxCount]:
    """How many lie in each box."""
    most = MOST_COUNTED + 1
    waiting = boxes.count_todo(connection, whose.desks, most)
    if waiting < most:
        waiting += len(owed(connection, whose.debtor, Cut(limit=most - waiting)))
    kept = boxes.count_kept(connection, whose.owner, most)
    return {
        box: BoxCount(found=min(count, MOST_COUNTED), more=count > MOST_COUNTED)
        for box, count in zip(Box, (waiting, *kept), strict=True)
    }


def _by_day(tasks: list[Any], besides: list[Any]) -> list[Any]:
    """Both together, by the day they are due, those without one last."""
    if not besides:
        return tasks

    def order(found: tuple[Task | Owed, str, str]) -> tuple[bool, date, str]:
        due = found[0].due_on
        return due is None, due or date.min, found[0].id

    return sorted([*tasks, *besides], key=order)


def _cut(query: BoxQuery) -> Cut:
    if query.after is None:
        return Cut(limit=query.limit + 1)
    day, _, id = query.after.partition("|")
    try:
        due = date.fromisoformat(day) if day else None
    except ValueError:
        raise Refusal(BAD_PAGE) from None
    if not id:
        raise Refusal(BAD_PAGE)
    return Cut(due_on=due, id=id, limit=query.limit + 1)


def _place(record: Task | Owed | Opinion | Movement | Request) -> str:
    due = record.due_on if isinstance(record, Task | Owed) else None
    return f"{due or ''}|{record.id}"


def _desktops(office: Office, actor: Actor, counties: list[str]) -> list[Desktop]:
    """Every body for which the person may finish tasks, by their own posts and by those held for
    others."""
    seats: dict[str, tuple[set[str], set[str], list[PostView]]] = {}
    for post in actor.posts:
        acts, accepts = box_facts.acts_of(office, post), box_facts.accepts(office, post)
        if acts or accepts:
            people, may, accepting = seats.setdefault(post.organisation_id, (set(), set(), []))
            people.add(post.on_behalf_of or actor.person_id)
            may |= acts
            accepting += [post] if accepts else []
    every = {act.value for act in StepAct}
    return [
        Desktop(county=county, organisation_id=body, people=sorted(people),
                acts=None if may == every else sorted(may),
                accepts=sorted(every - may) if accepting else [])
        for county in counties for body, (people, may, accepting) in sorted(seats.items())
    ]  # fmt: skip


def _debtor(office: Office, actor: Actor, counties: list[str]) -> Debtor:
    """Whose cases the person may supplement, submit again or be heard on, by any of their posts."""
    named: dict[str, set[str]] = {field: set() for _, field, _ in _OWED}
    own = {id for post in actor.posts for id in (post.organisation_id, *post.formerly)}
    for post in actor.posts:
        whose = {"person": post.on_behalf_of or actor.person_id, "body": post.organisation_id}
        for act, field, of in _OWED:
            if post.serves(act) and Relation.OWN in office.access.relations(post.role, act):
                named[field].add(whose[of])
    whole = {name: sorted(found) for name, found in named.items()}
    return Debtor(counties=counties, bodies=sorted(own), **whole)


def _items(office: Office, found: list[Any]) -> list[BoxItem]:
    today = civil(office.clock())
    due = {(one.county, one.due_on) for one, _, _ in found
           if isinstance(one, Task | Owed) and one.due_on is not None}  # fmt: skip
    # Which calendar stands is asked of the database: once a county, not once a day.
    calendars = {c: office.rulebooks.of(c, today).calendar for c in {c for c, _ in due}}
    left = {(c, day): days_left(calendars[c], day, today) for c, day in due}
    return [_item(record, (title, state), left) for record, title, state in found]


def _item(record: Any, case: tuple[str, str], left: dict[tuple[str, date], int]) -> BoxItem:
    told: dict[str, Any] = {
        "request_id": record.id if isinstance(record, Request) else record.request_id,
        "request_title": case[0], "request_state": case[1],
    }  # fmt: skip
    if isinstance(record, Owed):
        days = None if record.due_on is None else left[record.county, record.due_on]
        told |= {"owed": record, "days_left": days, "due_provisional": record.due_provisional}
    elif isinstance(record, Task):
        days = None if record.due_on is None else left[record.county, record.due_on]
        told |= {"task": record, "days_left": days, "due_provisional": record.due_provisional}
    elif isinstance(record, Opinion):
        told["opinion"] = record
    elif isinstance(record, Movement):
        told["copy"] = record
    return BoxItem(**told)


def days_left(calendar: Calendar, due_on: date, today: date) -> int:
    """Working days from tomorrow to the last day; the days it is late, negative."""
    if due_on >= today:
        return calendar.working_days_between(today + timedelta(days=1), due_on)[0]
    return -calendar.working_days_between(due_on + timedelta(days=1), today)[0]
