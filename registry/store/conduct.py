"""办理比对 the statements by which acts and decisions of cases are held against each other."""

from datetime import date
from typing import Any

from sqlalchemy import (
    Connection,
    Dialect,
    Select,
    Text,
    bindparam,
    cast,
    exists,
    literal_column,
    or_,
    select,
)

from registry.domain.admission import Verdict
from registry.domain.approval import DECIDING, Decision, DecisionKind, Task, TaskState
from registry.domain.request import Purpose, Request, State, Target
from registry.domain.vocabulary import Outcome
from registry.store.columns import said
from registry.store.comparing import Built, days_before, deeper, named, nothing, now, words
from registry.store.filters import sifted


def own_decisions(dialect: Dialect) -> Built:
    """Decisions of a body in its own case, or by a person who drafted or signed it."""
    d, r = named(Decision, "d"), named(Request, "r")
    person = said(dialect, d, "person_id")
    query = select(
        d.c.id.label("about"), d.c.organisation_id.label("asked"), nothing("path"),
        d.c.number, r.c.title, r.c.id.label("request_id"),
    ).where(
        *now(d, r), r.c.id == d.c.request_id, said(dialect, d, "voided_on").is_(None),
        or_(d.c.organisation_id == r.c.applicant_id, person == r.c.drafted_by,
            person == said(dialect, r, "submitted_by")),
    )  # fmt: skip
    return query, [d, r]


def decisions_outside(dialect: Dialect) -> Built:
    """Admissions by a body in which no task to decide ever lay in that case."""
    d, r, t = named(Decision, "d"), named(Request, "r"), named(Task, "t")
    lay = exists().where(
        t.c.county == d.c.county, t.c.request_id == d.c.request_id,
        t.c.organisation_id == d.c.organisation_id, t.c.act.in_(words(*DECIDING)),
    )  # fmt: skip
    query = select(
        d.c.id.label("about"), d.c.organisation_id.label("asked"), nothing("path"),
        d.c.number, r.c.title, r.c.id.label("request_id"),
    ).where(
        *now(d, r), r.c.id == d.c.request_id, d.c.kind.in_(words(DecisionKind.ADMITTED)),
        said(dialect, d, "conference_id").is_(None), said(dialect, d, "replaces").is_(None),
        said(dialect, d, "voided_on").is_(None), ~lay,
    )  # fmt: skip
    return query, [d, r]


def decisions_apart(dialect: Dialect) -> Built:
    """Admissions of what the rules in force had said no to."""
    d, r, v = named(Decision, "d"), named(Request, "r"), named(Verdict, "v")
    query = select(
        d.c.id.label("about"), d.c.organisation_id.label("asked"), nothing("path"),
        d.c.number, r.c.title, r.c.id.label("request_id"), v.c.outcome,
    ).where(
        *now(d, r, v), r.c.id == d.c.request_id, d.c.kind.in_(words(DecisionKind.ADMITTED)),
        v.c.id == said(dialect, d, "verdict_id"), said(dialect, d, "voided_on").is_(None),
        v.c.outcome.in_(words(Outcome.REFUSED, Outcome.OUT_OF_SCOPE)),
    )  # fmt: skip
    return query, [d, r, v]


def begun_before_asked(dialect: Dialect) -> Built:
    """Requests for work that had begun before they were filed, with no word of a late entry."""
    r = named(Request, "r")
    begun = deeper(dialect, r, "filing", "starts_on")
    query = select(
        r.c.id.label("about"), r.c.applicant_id.label("asked"), nothing("path"), r.c.title,
        begun.label("starts_on"), cast(r.c.applied_on, Text).label("applied_on"),
    ).where(
        *now(r), r.c.applied_on.is_not(None), r.c.amends.is_(None),
        or_(said(dialect, r, "purpose").is_(None),
            said(dialect, r, "purpose").in_(words(Purpose.ENTER))),
        begun < cast(r.c.applied_on, Text), deeper(dialect, r, "filing", "late").is_(None),
    )  # fmt: skip
    return query, [r]


_LIVE = (State.SUBMITTED, State.ACCEPTED, State.IN_REVIEW, State.APPROVED)


def side_by_side(dialect: Dialect) -> Built:
    """Pairs of one applicant's running requests of one kind for the same place, the one applied for
    at most so many days before the other.

    What runs is laid beside itself once: asked of the rows as they lie, each request would be held
    against everything its applicant ever asked, wherever it was for.
    """
    return _pairs(dialect, "MATERIALIZED")


def beside(dialect: Dialect) -> Built:
    """The same of a few requests: found one by one, nothing is laid out."""
    return _pairs(dialect, "NOT MATERIALIZED")


def _pairs(dialect: Dialect, how: str) -> Built:
    running = _running().cte("running").prefix_with(how)
    r, o = running.alias("r"), running.alias("o")
    query = select(
        r.c.id.label("about"), r.c.applicant_id.label("asked"), nothing("path"), r.c.title,
        o.c.id.label("other_id"), o.c.title.label("other"),
        cast(r.c.applied_on, Text).label("applied_on"),
        cast(o.c.applied_on, Text).label("other_on"),
    ).where(
        r.c.applicant_id == o.c.applicant_id, r.c.kind == o.c.kind, r.c.path == o.c.path,
        cast(o.c.applied_on, Text) >= days_before(dialect, r.c.applied_on),
        or_(o.c.applied_on < r.c.applied_on,
            (o.c.applied_on == r.c.applied_on) & (o.c.id < r.c.id)),
    ).order_by(r.c.id + literal_column("''"), o.c.id)  # fmt: skip
    # Ordered by what no index holds: lest SQLite read a county in order of the key.
    return query, [r, o]


def _running() -> Select[Any]:
    """Running requests with the places they are meant for; no part of another, and no change."""
    q, t = named(Request, "q"), named(Target, "t")
    return select(
        q.c.id, q.c.applicant_id, q.c.kind, q.c.title, q.c.applied_on, q.c.event_from, t.c.path
    ).where(
        *now(q, t), t.c.request_id == q.c.id, q.c.state.in_(words(*_LIVE)),
        q.c.applied_on.is_not(None), sifted(q.c.amends.is_(None) & q.c.parent_id.is_(None)),
    )  # fmt: skip


def days_applied_on(connection: Connection, county: str, ids: list[str] | None) -> list[date]:
    """The days on which running requests were applied for: of these, or of all."""
    r = named(Request, "r")
    query = select(r.c.applied_on).where(
        *now(r), r.c.state.in_(words(*_LIVE)), r.c.applied_on.is_not(None)
    )  # fmt: skip
    if ids is not None:
        query = query.where(r.c.id.in_(bindparam("ids", expanding=True)))
    told = {"county": county, "ids": ids} if ids is not None else {"county": county}
    return sorted(connection.execute(query.distinct(), told).scalars())


def overdue_cases(_dialect: Dialect) -> Built:
    """Cases past their day that still lie with somebody."""
    r, t = named(Request, "r"), named(Task, "t")
    query = select(
        r.c.id.label("about"), t.c.organisation_id.label("asked"), nothing("path"), r.c.title,
        cast(r.c.due_on, Text).label("due_on"),
    ).where(
        *now(r, t), t.c.request_id == r.c.id, t.c.state.in_(words(TaskState.OPEN)),
        r.c.overdue, r.c.state.in_(words(State.ACCEPTED, State.IN_REVIEW)),
    ).order_by(r.c.id, t.c.id)  # fmt: skip
    return query, [r, t]
