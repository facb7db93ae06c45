"""信箱 待办, 已办, 我发起的, 抄送: what one person finds when they sign in, a page at a time."""

from collections.abc import Callable
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Any

import msgspec

from registry.actions.between.hearing import SPEAKING
from registry.actions.office import Office
from registry.actions.seeing import own_ground
from registry.domain.approval import Opinion, StepAct, Task
from registry.domain.areas import Relation
from registry.domain.calendar import Calendar
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.movement import Movement
from registry.domain.people import Actor, PostView
from registry.domain.records import Wire, civil
from registry.domain.request import Request
from registry.store import boxes
from registry.store.boxes import Cut, Desktop, Owner
from registry.store.owed import Debtor, Owed, owed

BAD_PAGE = declare(
    "query.box_after", RefusalKind.MALFORMED, "after 不是此信箱某一页给出的位置",
    "after is no place that a page of this box has given.",
)  # fmt: skip


class Box(StrEnum):
    """信箱."""

    TODO = "todo"
    DONE = "done"
    STARTED = "started"
    COPIED = "copied"


class BoxQuery(Wire, frozen=True, kw_only=True):
    """信箱条件."""

    box: Box = Box.TODO
    after: Annotated[str, msgspec.Meta(max_length=140)] | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=500)] = 50


class BoxItem(Wire, frozen=True, kw_only=True):
    """信箱一项: the record that put it there, and the case it belongs to."""

    request_id: str | None = None
    """``None`` for a complaint or a resident's report, which tell of no case."""
    request_title: str
    """Of the case; of what belongs to none, its subject or number."""
    request_state: str
    """Of the case; of an objection, a complaint or a report, its own."""
    task: Task | None = None
    """待办: what is to be done."""
    opinion: Opinion | None = None
    """已办: what the person said."""
    copy: Movement | None = None
    """抄送: who sent it and when it was read."""
    days_left: int | None = None
    """Working days until the task is due, below zero once it is late; ``None`` where no clock
    runs."""
    due_provisional: bool = False
    owed: Owed | None = None
    """待办 that is no task: a case returned (补正), a hearing to answer (陈述申辩), an objection,
    a complaint or a resident's report to be answered, work to be accepted, a proposal to
    amend a rule to be answered, what a yearly review asks."""


class BoxPage(Wire, frozen=True, kw_only=True):
    """信箱一页: ``next`` is the ``after`` of the following page."""

    items: list[BoxItem]
    next: str | None = None


_OWED = (
    ("request.edit", "holders", "person"), ("request.record_edit", "holders", "person"),
    ("request.submit", "signing", "body"), ("revocation.answer", "answering", "body"),
    ("revocation.answer", "heard", "person"), ("objection.answer", "objections", "body"),
    ("complaint.verify", "complaints", "body"), ("resident_report.examine", "reports", "body"),
    ("request.draft", "reviewed", "body"), ("acceptance.give", "acceptances", "body"),
    ("amendment_proposal.answer", "proposals", "body"),
)  # fmt: skip
"""By which act a person may do something about what is owed: of whose cases, or of which body's."""
READ: dict[Box, Callable[[Any, Owner, Cut], list[Any]]] = {
    Box.DONE: boxes.done, Box.STARTED: boxes.started, Box.COPIED: boxes.copied,
}  # fmt: skip


def page(office: Office, actor: Actor, query: BoxQuery) -> BoxPage:
    """One page of one box: 待办 by the day it is due, the others the latest first."""
    cut = _cut(query)
    with office.store.reader.connect() as connection:
        counties = [scope.county for scope in own_ground(office, actor)]
        if query.box is Box.TODO:
            tasks = boxes.todo(connection, _desktops(office, actor, counties), cut)
            besides = owed(connection, _debtor(office, actor, counties), cut)
            found: list[Any] = _by_day(tasks, besides)
        else:
            bodies = sorted({p.organisation_id for p in actor.posts if p.on_behalf_of is None})
            owner = Owner(counties=counties, person=actor.person_id, bodies=bodies)
            found = READ[query.box](connection, owner, cut)
    shown = found[: query.limit]
    items = _items(office, shown)
    more = len(found) > query.limit
    return BoxPage(items=items, next=_place(shown[-1][0]) if more else None)


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
    seats: dict[str, tuple[set[str], set[str]]] = {}
    for post in actor.posts:
        acts = _acts(office, post)
        if acts:
            people, may = seats.setdefault(post.organisation_id, (set(), set()))
            people.add(post.on_behalf_of or actor.person_id)
            may |= acts
    every = {act.value for act in StepAct}
    return [
        Desktop(county=county, organisation_id=body, people=sorted(people),
                acts=None if may == every else sorted(may))
        for county in counties for body, (people, may) in sorted(seats.items())
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


def _acts(office: Office, post: PostView) -> set[str]:
    """The kinds of task a post may do something about. Whoever accepts cases has any task of a
    case that is not accepted yet, so all are shown."""

    def may(act: str) -> bool:
        return post.serves(act) and Relation.OWN in office.access.relations(post.role, act)

    if may("request.accept"):
        return {act.value for act in StepAct}
    return {act.value for act in StepAct if may(SPEAKING[act])}


def _items(office: Office, found: list[Any]) -> list[BoxItem]:
    today = civil(office.clock())
    left: dict[tuple[str, date], int] = {}
    for record, _, _ in found:
        if isinstance(record, Task | Owed) and record.due_on is not None:
            key = (record.county, record.due_on)
            if key not in left:
                calendar = office.rulebooks.of(record.county, today).calendar
                left[key] = days_left(calendar, record.due_on, today)
    return [_item(record, (title, state), left) for record, title, state in found]


def _item(record: Any, case: tuple[str, str], left: dict[tuple[str, date], int]) -> BoxItem:
    told: dict[str, Any] = {
        "request_id": record.id if isinstance(record, Request) else record.request_id,
        "request_title": case[0], "request_state": case[1],
    }  # fmt: skip
    if isinstance(record, Owed):
        days = None if record.due_on is None else left[record.county, record.due_on]
        told |= {"owed": record, "days_left": days}
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
