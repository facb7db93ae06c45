"""清点 what is already there, counted or listed by column: for quotas, likeness and what is held.

Bodies are not decoded. Each answer reads the rows of one kind, of one applicant or of one place by
an index; none walks the county.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    String,
    and_,
    cast,
    distinct,
    func,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSON

from registry.domain.approval import Decision, DecisionKind
from registry.domain.people import Organisation
from registry.domain.presence import Presence, PresenceState
from registry.domain.records import Wire
from registry.domain.request import Request, State, Target
from registry.domain.vocabulary import Outcome
from registry.store import tables

THERE = [s.value for s in (PresenceState.PLANNED, PresenceState.AGREED, PresenceState.ACTIVE,
                           PresenceState.SUSPENDED, PresenceState.LEGACY)]  # fmt: skip
"""States in which a matter is in the community, or will be without another decision."""
RUNNING = [s.value for s in (State.SUBMITTED, State.ACCEPTED, State.RETURNED, State.IN_REVIEW,
                             State.APPROVED)]  # fmt: skip
TURNED_DOWN = [s.value for s in (State.REJECTED, State.NOT_ACCEPTED)]
_ADMITTED = [State.APPROVED.value, State.CLOSED.value, State.REVOKED.value]
NAMED = 500
"""More communities than this are not named to the engine one by one: the kind is counted whole."""


class Tally(Wire, frozen=True, kw_only=True):
    """清点条件: which admitted matters are counted; an empty part means any."""

    kinds: list[str]
    areas: list[str] | None = None
    """Community ids to count apart; ``None`` = requests of the whole county as one number."""
    receivers: list[str] = []
    places: list[str] = []
    """Of a board: where it hangs."""
    levels: list[str] = []
    """Of the applicant, whose organisation may stand in any of ``above``."""
    above: list[str] = []
    applicant: str | None = None
    without: str | None = None
    """The request that asks: it does not stand in its own way."""
    replaced: list[str] = []
    """Presences that end by what is asked: neither do they."""
    admitted: tuple[date, date] | None = None
    """Decided between these days, both included; ``None`` = what is there now."""
    hours: bool = False
    """Told are the hours a year 每年工时 of what is counted; what states none adds none."""


class Known(Wire, frozen=True, kw_only=True):
    """已有申请: what is read of an earlier request to compare it."""

    id: str
    title: str
    state: str
    applicant_id: str
    outcome: str | None = None
    parent_id: str | None = None
    applied_on: date | None = None


def counted(connection: Connection, county: str, what: Tally) -> dict[str, int]:
    """Presences by community id, in one statement; or under ``""`` the matters of the county: the
    requests, and of what was there before each that one department asks under one title; or the
    hours a year of either."""
    p = tables.BY_RECORD[Presence]
    conditions = _conditions(connection, county, what)
    hours = func.coalesce(func.sum(p.c.hours_year), 0)
    if what.areas is None:
        number = func.count(distinct(_unindexed(p.c.request_id)))
        query = select(hours if what.hours else number).where(*conditions)
        old = 0 if what.hours or what.admitted else _of_before(connection, conditions)
        return {"": int(connection.execute(query).scalar() or 0) + old}
    if len(what.areas) <= NAMED:
        conditions.append(p.c.area_id.in_(what.areas))
    measure = hours if what.hours else func.count()
    grouped = select(p.c.area_id, measure).where(*conditions).group_by(p.c.area_id)
    wanted = set(what.areas)
    return {area: int(n) for area, n in connection.execute(grouped) if area in wanted}


def _of_before(connection: Connection, conditions: list[ColumnElement[bool]]) -> int:
    """存量 as matters: it rests on no request, so one title of one department is one."""
    p = tables.BY_RECORD[Presence]
    titles = (
        select(p.c.department_id, p.c.title)
        .where(*conditions, p.c.state == PresenceState.LEGACY.value)
        .distinct()
        .subquery()
    )
    return int(connection.execute(select(func.count()).select_from(titles)).scalar() or 0)


def _conditions(connection: Connection, county: str, what: Tally) -> list[ColumnElement[bool]]:
    p = tables.BY_RECORD[Presence]
    found = [p.c.county == county, p.c.event_to.is_(None), p.c.kind.in_(what.kinds)]
    if what.admitted is None:
        found.append(p.c.state.in_(THERE))
    else:
        found.append(p.c.state != PresenceState.REFUSED.value)
        found.append(p.c.request_id.in_(_decided(county, what.admitted)))
    if what.receivers:
        found.append(p.c.receiver.in_(what.receivers))
    if what.without is not None:
        # What was there before the registry rests on no request, and is counted like all else.
        found.append(or_(p.c.request_id.is_(None), p.c.request_id != what.without))
    if what.replaced:
        found.append(p.c.id.not_in(what.replaced))
    if what.applicant or what.places or what.levels:
        asked = p.c.request_id.in_(_asked(connection, county, what))
        # Where a board hangs, its own row says (``hanging``), not what was there before.
        found.append(asked if what.places else or_(asked, and_(*_asks(county, what))))
    return found


def _asks(county: str, what: Tally) -> list[ColumnElement[bool]]:
    """存量 of this applicant, of applicants of these levels, where it is known who asks it."""
    p = tables.BY_RECORD[Presence]
    found: list[ColumnElement[bool]] = [p.c.request_id.is_(None)]
    if what.applicant:
        found.append(p.c.department_id == what.applicant)
    if what.levels:
        found.append(p.c.department_id.in_(fitting(what)))
    return found


def fitting(what: Tally) -> Select[Any]:
    """Organisations of the levels that are counted."""
    o = tables.BY_RECORD[Organisation]
    return select(o.c.id).where(
        o.c.county.in_(what.above), o.c.event_to.is_(None), o.c.level.in_(what.levels)
    )


def _decided(county: str, days: tuple[date, date]) -> Select[Any]:
    d = tables.BY_RECORD[Decision]
    return select(d.c.request_id).where(
        d.c.county == county,
        d.c.event_to.is_(None),
        _unindexed(d.c.kind) == DecisionKind.ADMITTED.value,
        d.c.issued_on.between(*days),
    )


def _asked(connection: Connection, county: str, what: Tally) -> Select[Any]:
    """Admitted requests of this applicant, of applicants of these levels, of boards hung there."""
    r = tables.BY_RECORD[Request]
    query = select(r.c.id).where(
        r.c.county == county,
        r.c.event_to.is_(None),
        (_unindexed(r.c.kind) if what.applicant else r.c.kind).in_(what.kinds),
        _unindexed(r.c.state).in_(_ADMITTED),
    )
    if what.applicant:
        query = query.where(r.c.applicant_id == what.applicant)
    if what.levels:
        query = query.where(r.c.applicant_id.in_(fitting(what)))
    if what.places:
        query = query.where(_place(connection, r).in_(what.places))
    return query


def _place(connection: Connection, request: FromClause) -> ColumnElement[str]:
    """Where the board of a request hangs."""
    body = request.c.body
    if connection.dialect.name == "sqlite":
        return cast(func.json_extract(body, "$.filing.signboard.place"), String)
    found: ColumnElement[str] = cast(body, JSON)["filing"]["signboard"]["place"].astext
    return found


def hold(connection: Connection, county: str, key: str) -> None:
    """Let nobody else count under this key until the act ends: who counts second sees the first.
    SQLite writes one act at a time and needs no lock."""
    if connection.dialect.name == "postgresql":
        connection.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"),
            {"key": f"quota {county} {key}"},
        )


def own_requests(
    connection: Connection, county: str, applicant: str, kinds: tuple[str, date]
) -> list[Known]:
    """Requests of one applicant and kind, applied for since a day: running, or turned down; and
    drafts that were refused, whose day only their verdict knows."""
    kind, since = kinds
    r = tables.BY_RECORD[Request]
    refused = _unindexed(r.c.outcome) == Outcome.REFUSED.value
    query = _known(r, county).where(
        r.c.applicant_id == applicant,
        _unindexed(r.c.kind) == kind,
        or_(
            (r.c.applied_on >= since) & _unindexed(r.c.state).in_(RUNNING + TURNED_DOWN),
            (_unindexed(r.c.state) == State.DRAFT.value) & refused,
        ),
    )
    return _read(connection, query)


def others_there(
    connection: Connection, county: str, path: str, kinds: tuple[str, date]
) -> list[Known]:
    """Running requests of one kind aimed at exactly this area, applied for since a day."""
    kind, since = kinds
    r, t = tables.BY_RECORD[Request], tables.BY_RECORD[Target]
    query = (
        _known(r, county)
        .join(t, (t.c.county == r.c.county) & (t.c.request_id == r.c.id))
        .where(
            t.c.county == county,
            t.c.path == path,
            t.c.event_to.is_(None),
            _unindexed(r.c.kind) == kind,
            r.c.applied_on >= since,
            _unindexed(r.c.state).in_(RUNNING),
        )
    )
    return _read(connection, query)


def _unindexed(column: ColumnElement[str]) -> ColumnElement[str]:
    """A column that says nothing to the planner: without figures on a table SQLite may take the
    index of a kind, and read a county, where that of an applicant or a place is meant."""
    return column + ""


def _known(r: FromClause, county: str) -> Select[Any]:
    columns = [r.c[name] for name in Known.__struct_fields__]
    # A change repeats its original on purpose: it is no request of its own to be compared with.
    return select(*columns).where(
        r.c.county == county, r.c.event_to.is_(None), _unindexed(r.c.amends).is_(None)
    )


def _read(connection: Connection, query: Select[Any]) -> list[Known]:
    rows = connection.execute(query).mappings()
    return sorted((Known(**{str(k): v for k, v in row.items()}) for row in rows),
                  key=lambda k: k.id)  # fmt: skip


def standing_requests(
    connection: Connection, county: str, kinds: Sequence[str], areas: Sequence[str]
) -> dict[str, list[str]]:
    """Request id → those of the communities in which its admitted matter of these kinds is."""
    p = tables.BY_RECORD[Presence]
    query = select(p.c.request_id, p.c.area_id).where(
        p.c.county == county,
        p.c.event_to.is_(None),
        p.c.kind.in_(kinds),
        p.c.state.in_(THERE),
    )
    if len(areas) <= NAMED:
        query = query.where(p.c.area_id.in_(areas))
    wanted, found = set(areas), dict[str, dict[str, None]]()
    for request, area in connection.execute(query):
        if area in wanted:
            found.setdefault(request, {})[area] = None
    return {request: list(there) for request, there in found.items()}


def resting_on(connection: Connection, county: str, number: str) -> list[str]:
    """Ids of running requests in whose text a document number stands; the caller looks closer.
    Every running request is read: asked once for an instrument, not for a request."""
    r = tables.BY_RECORD[Request]
    query = select(r.c.id).where(
        r.c.county == county,
        r.c.event_to.is_(None),
        r.c.state.in_(RUNNING),
        r.c.body.contains(number, autoescape=True),
    )
    return sorted(connection.execute(query).scalars())
