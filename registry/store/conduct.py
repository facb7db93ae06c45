"""办理比对 the statements by which acts, decisions and walls are held against each other.

Each is shown to whoever asks how a finding was made, word for word; each names the rows it rests
on, so that only what was written since the last look is looked at again.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Dialect,
    FromClause,
    Select,
    Text,
    bindparam,
    cast,
    exists,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import JSON

from registry.domain.admission import Verdict
from registry.domain.approval import DECIDING, Decision, DecisionKind, Task, TaskState
from registry.domain.certifying import CertificateDemand, Certifying
from registry.domain.living import Departure, DepartureState
from registry.domain.presence import Presence, PresenceState
from registry.domain.records import Record
from registry.domain.request import Purpose, Request, State, Target
from registry.domain.vocabulary import Outcome
from registry.domain.walls import HANGING, Board, Bureau, Origin, Profile
from registry.store import tables
from registry.store.columns import said

COUNTY, SINCE, IDS = "county", "since", "ids"
Built = tuple[Select[Any], list[FromClause]]
Build = Callable[[Dialect], Built]
Which = tuple[int | None, list[str] | None]


class Row(NamedTuple):
    """所见一行: what one statement says of one object."""

    about: str
    asked: str | None
    path: str | None
    facts: dict[str, Any]


def rows(at: tuple[Connection, str], build: Build, which: Which, told: dict[str, str]) -> list[Row]:
    """What a statement finds.

    Args:
        at: connection and county.
        which: only where one of the rows it rests on was written after this event; besides, or
            where none is given only, what it says of these objects; of all without both.
        told: what else the statement is told: the day.
    """
    (connection, county), (since, ids) = at, which
    query, resting = build(connection.dialect)
    about = query.exported_columns["about"]
    narrowed: list[ColumnElement[bool]] = []
    given: dict[str, Any] = {COUNTY: county, **told}
    if since is not None:
        narrowed += [t.c.event_from > bindparam(SINCE) for t in resting]
        given[SINCE] = since
    if ids is not None:
        narrowed.append(_element(about).in_(bindparam(IDS, expanding=True)))
        given[IDS] = ids
    if narrowed:
        query = query.where(or_(*narrowed))
    found: dict[str, Row] = {}
    for row in connection.execute(query, given).mappings():
        said_of = dict(row)
        about_id, asked, path = (said_of.pop(name) for name in ("about", "asked", "path"))
        one = Row(str(about_id), asked, path, said_of)
        found.setdefault(one.about, one)
    return [found[id] for id in sorted(found)]


def _element(column: Any) -> ColumnElement[Any]:
    found: ColumnElement[Any] = getattr(column, "element", column)
    return found


def shown(build: Build) -> str:
    """The statement in words of SQL, as SQLite is asked it."""
    dialect = sqlite.dialect()
    query, _ = build(dialect)
    return " ".join(str(query.compile(dialect=sqlite.dialect(paramstyle="named"))).split())


def _words(*values: str) -> list[ColumnElement[str]]:
    """Words of our own vocabularies, written out so that the statement reads as it is."""
    return [literal_column(f"'{value}'") for value in sorted(values)]


def _t(kind: type[Record], name: str) -> Any:
    return tables.BY_RECORD[kind].alias(name)


def _now(*some: Any) -> list[ColumnElement[bool]]:
    return [c for t in some for c in (t.c.county == bindparam(COUNTY), t.c.event_to.is_(None))]


def _nothing(name: str) -> ColumnElement[Any]:
    return cast(literal_column("NULL"), Text).label(name)


def _inner(dialect: Dialect, table: FromClause, *names: str) -> ColumnElement[str]:
    """A word deeper in the body of a row."""
    if dialect.name == "sqlite":
        path = ".".join(("$", *names))
        return cast(func.json_extract(table.c.body, literal_column(f"'{path}'")), Text)
    found: Any = cast(table.c.body, JSON)
    for name in names[:-1]:
        found = found.op("->", return_type=JSON())(literal_column(f"'{name}'"))
    told: ColumnElement[str] = found.op("->>", return_type=Text())(literal_column(f"'{names[-1]}'"))
    return told


RUNS = (PresenceState.AGREED, PresenceState.ACTIVE, PresenceState.SUSPENDED)


def unadmitted_presences(_dialect: Dialect) -> Built:
    """Matters that go on in a community though their request is not admitted."""
    p, r = _t(Presence, "p"), _t(Request, "r")
    query = select(
        p.c.id.label("about"), r.c.applicant_id.label("asked"), p.c.area_path.label("path"),
        p.c.title, r.c.id.label("request_id"), r.c.state.label("request_state"),
    ).where(
        *_now(p, r), r.c.id == p.c.request_id, p.c.state.in_(_words(*RUNS)),
        r.c.state.not_in(_words(State.APPROVED, State.CLOSED)),
    )  # fmt: skip
    return query, [p, r]


def _unadmitted_walls(kind: type[Record], words: str) -> Build:
    def build(_dialect: Dialect) -> Built:
        w = _t(kind, "w")
        query = select(
            w.c.id.label("about"), w.c.department_id.label("asked"), w.c.area_path.label("path"),
            w.c[words].label("title"), cast(w.c.since, Text).label("since"),
        ).where(
            *_now(w), w.c.origin.in_(_words(Origin.UNADMITTED)),
            w.c.state.in_(_words(*HANGING)),
            or_(w.c.profile.is_(None), w.c.profile.not_in(_words(Profile.STANDS))),
        )  # fmt: skip
        return query, [w]

    return build


unadmitted_boards = _unadmitted_walls(Board, "wording")
unadmitted_bureaus = _unadmitted_walls(Bureau, "name")


def own_decisions(dialect: Dialect) -> Built:
    """Decisions of a body in its own case, or by a person who drafted or signed it."""
    d, r = _t(Decision, "d"), _t(Request, "r")
    person = said(dialect, d, "person_id")
    query = select(
        d.c.id.label("about"), d.c.organisation_id.label("asked"), _nothing("path"),
        d.c.number, r.c.title, r.c.id.label("request_id"),
    ).where(
        *_now(d, r), r.c.id == d.c.request_id, said(dialect, d, "voided_on").is_(None),
        or_(d.c.organisation_id == r.c.applicant_id, person == r.c.drafted_by,
            person == said(dialect, r, "submitted_by")),
    )  # fmt: skip
    return query, [d, r]


def decisions_outside(dialect: Dialect) -> Built:
    """Admissions by a body in which no task to decide ever lay in that case."""
    d, r, t = _t(Decision, "d"), _t(Request, "r"), _t(Task, "t")
    lay = exists().where(
        t.c.county == d.c.county, t.c.request_id == d.c.request_id,
        t.c.organisation_id == d.c.organisation_id, t.c.act.in_(_words(*DECIDING)),
    )  # fmt: skip
    query = select(
        d.c.id.label("about"), d.c.organisation_id.label("asked"), _nothing("path"),
        d.c.number, r.c.title, r.c.id.label("request_id"),
    ).where(
        *_now(d, r), r.c.id == d.c.request_id, d.c.kind.in_(_words(DecisionKind.ADMITTED)),
        said(dialect, d, "conference_id").is_(None), said(dialect, d, "replaces").is_(None),
        said(dialect, d, "voided_on").is_(None), ~lay,
    )  # fmt: skip
    return query, [d, r]


def decisions_apart(dialect: Dialect) -> Built:
    """Admissions of what the rules in force had said no to."""
    d, r, v = _t(Decision, "d"), _t(Request, "r"), _t(Verdict, "v")
    query = select(
        d.c.id.label("about"), d.c.organisation_id.label("asked"), _nothing("path"),
        d.c.number, r.c.title, r.c.id.label("request_id"), v.c.outcome,
    ).where(
        *_now(d, r, v), r.c.id == d.c.request_id, d.c.kind.in_(_words(DecisionKind.ADMITTED)),
        v.c.id == said(dialect, d, "verdict_id"), said(dialect, d, "voided_on").is_(None),
        v.c.outcome.in_(_words(Outcome.REFUSED, Outcome.OUT_OF_SCOPE)),
    )  # fmt: skip
    return query, [d, r, v]


def begun_before_asked(dialect: Dialect) -> Built:
    """Requests for work that had begun before they were filed, with no word of a late entry."""
    r = _t(Request, "r")
    begun = _inner(dialect, r, "filing", "starts_on")
    query = select(
        r.c.id.label("about"), r.c.applicant_id.label("asked"), _nothing("path"), r.c.title,
        begun.label("starts_on"), cast(r.c.applied_on, Text).label("applied_on"),
    ).where(
        *_now(r), r.c.applied_on.is_not(None), r.c.amends.is_(None),
        or_(said(dialect, r, "purpose").is_(None),
            said(dialect, r, "purpose").in_(_words(Purpose.ENTER))),
        begun < cast(r.c.applied_on, Text), _inner(dialect, r, "filing", "late").is_(None),
    )  # fmt: skip
    return query, [r]


def side_by_side(_dialect: Dialect) -> Built:
    """Pairs of one applicant's running requests of one kind for the same place."""
    r, o, a, b = _t(Request, "r"), _t(Request, "o"), _t(Target, "a"), _t(Target, "b")
    live = _words(State.SUBMITTED, State.ACCEPTED, State.IN_REVIEW, State.APPROVED)
    query = select(
        r.c.id.label("about"), r.c.applicant_id.label("asked"), _nothing("path"), r.c.title,
        o.c.id.label("other_id"), o.c.title.label("other"),
        cast(r.c.applied_on, Text).label("applied_on"),
        cast(o.c.applied_on, Text).label("other_on"),
    ).where(
        *_now(r, o, a, b), r.c.applicant_id == o.c.applicant_id, r.c.kind == o.c.kind,
        r.c.state.in_(live), o.c.state.in_(live), a.c.request_id == r.c.id,
        b.c.request_id == o.c.id, a.c.path == b.c.path, r.c.amends.is_(None),
        o.c.amends.is_(None), r.c.parent_id.is_(None), o.c.parent_id.is_(None),
        or_(o.c.applied_on < r.c.applied_on,
            (o.c.applied_on == r.c.applied_on) & (o.c.id < r.c.id)),
    )  # fmt: skip
    return query, [r, o]


def overdue_cases(_dialect: Dialect) -> Built:
    """Cases past their day that still lie with somebody."""
    r, t = _t(Request, "r"), _t(Task, "t")
    query = select(
        r.c.id.label("about"), t.c.organisation_id.label("asked"), _nothing("path"), r.c.title,
        cast(r.c.due_on, Text).label("due_on"),
    ).where(
        *_now(r, t), t.c.request_id == r.c.id, t.c.state.in_(_words(TaskState.OPEN)),
        r.c.overdue, r.c.state.in_(_words(State.ACCEPTED, State.IN_REVIEW)),
    ).order_by(r.c.id, t.c.id)  # fmt: skip
    return query, [r, t]


def unpublished(dialect: Dialect) -> Built:
    """Leavings that the rules want published and nobody has posted."""
    d, p = _t(Departure, "d"), _t(Presence, "p")
    publish = said(dialect, d, "publish").in_(_words("1", "true"))
    query = select(
        d.c.id.label("about"), d.c.organisation_id.label("asked"), d.c.area_path.label("path"),
        p.c.title, cast(d.c.left_on, Text).label("left_on"),
    ).where(
        *_now(d, p), p.c.id == d.c.presence_id, d.c.state.in_(_words(DepartureState.OPEN)),
        publish, said(dialect, d, "posting_id").is_(None),
        cast(d.c.left_on, Text) < bindparam("today"),
    )  # fmt: skip
    return query, [d]


def beyond_profile(_dialect: Dialect) -> Built:
    """Boards that hang though the rules in force say that they have to go."""
    w = _t(Board, "w")
    query = select(
        w.c.id.label("about"), w.c.department_id.label("asked"), w.c.area_path.label("path"),
        w.c.wording.label("title"), cast(w.c.since, Text).label("since"),
    ).where(
        *_now(w), w.c.state.in_(_words(*HANGING)), w.c.profile.in_(_words(Profile.MUST_GO)),
    )  # fmt: skip
    return query, [w]


def off_list_demands(_dialect: Dialect) -> Built:
    """Papers demanded of communities that they must not issue."""
    c = _t(CertificateDemand, "c")
    query = select(
        c.c.id.label("about"), _nothing("asked"), c.c.area_path.label("path"), c.c.item,
        c.c.demander, c.c.times, c.c.month,
    ).where(
        *_now(c), c.c.answer.in_(_words(Certifying.MUST_NOT)), c.c.times > literal_column("0"),
    )  # fmt: skip
    return query, [c]


def boards_before(dialect: Dialect) -> Built:
    """Boards that hung before the matter they hang for was admitted."""
    w, p, d = _t(Board, "w"), _t(Presence, "p"), _t(Decision, "d")
    query = select(
        w.c.id.label("about"), w.c.department_id.label("asked"), w.c.area_path.label("path"),
        w.c.wording.label("title"), cast(w.c.since, Text).label("since"),
        cast(d.c.issued_on, Text).label("issued_on"), d.c.number,
    ).where(
        *_now(w, p, d), w.c.presence_id == p.c.id, d.c.request_id == p.c.request_id,
        d.c.kind.in_(_words(DecisionKind.ADMITTED)), said(dialect, d, "replaces").is_(None),
        w.c.origin.in_(_words(Origin.ADMITTED)), w.c.since < d.c.issued_on,
    )  # fmt: skip
    return query, [w, d]


def work_before(dialect: Dialect) -> Built:
    """Work that began in a community before it was admitted."""
    p, d = _t(Presence, "p"), _t(Decision, "d")
    begun = said(dialect, p, "started_on")
    query = select(
        p.c.id.label("about"), p.c.department_id.label("asked"), p.c.area_path.label("path"),
        p.c.title, begun.label("since"), cast(d.c.issued_on, Text).label("issued_on"), d.c.number,
    ).where(
        *_now(p, d), d.c.request_id == p.c.request_id,
        d.c.kind.in_(_words(DecisionKind.ADMITTED)), said(dialect, d, "replaces").is_(None),
        begun < cast(d.c.issued_on, Text),
    )  # fmt: skip
    return query, [p, d]
