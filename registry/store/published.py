"""公开内容 what the public may read of a place: matters of class ``open`` (P8), and what was posted."""

from collections.abc import Sequence
from datetime import date
from typing import TypeVar

from sqlalchemy import Connection, and_, exists, or_, select

from registry.domain.approval import Decision
from registry.domain.areas import Area
from registry.domain.posting import Posting
from registry.domain.presence import Presence, PresenceState
from registry.domain.records import Record, Wire
from registry.domain.request import Request
from registry.domain.vocabulary import Disclosure
from registry.store import tables
from registry.store.below import below
from registry.store.burden import lay_in
from registry.store.code_order import in_code_order
from registry.store.columns import said
from registry.store.mapping import to_record
from registry.store.reader import at_snapshot

R = TypeVar("R", bound=Record)

IN_FORCE = [s.value for s in (PresenceState.PLANNED, PresenceState.AGREED, PresenceState.ACTIVE,
                              PresenceState.SUSPENDED)]  # fmt: skip
"""States in which an admission holds in a community."""


class Cut(Wire, frozen=True, kw_only=True):
    """一页: below which path, as of which day and event, after which row, how many."""

    county: str
    path: str
    on: date
    snapshot: int | None = None
    """Last event of that day; ``None`` = now."""
    after: tuple[str, str] | None = None
    """Code of the community and id of the last row of the page before."""
    limit: int


def in_force(connection: Connection, cut: Cut) -> list[tuple[Presence, str, str]]:
    """Open matters with code and name of their community, by code and id."""
    p, a = tables.BY_RECORD[Presence], tables.BY_RECORD[Area]
    query = (
        select(p, a.c.code.label("at_code"), a.c.name.label("at_name"))
        .join(a, and_(a.c.county == p.c.county, a.c.id == p.c.area_id, a.c.event_to.is_(None)))
        .where(
            p.c.county == cut.county,
            at_snapshot(p, cut.snapshot),
            lay_in(p, cut.path) if cut.snapshot is not None else below(p.c.area_path, cut.path),
            p.c.state.in_(IN_FORCE),
            p.c.request_id.is_not(None),
            or_(p.c.ends_on.is_(None), p.c.ends_on >= cut.on),
            said(connection.dialect, p, "disclosure") == Disclosure.OPEN.value,
        )
        .order_by(a.c.code, p.c.id)
    )
    if cut.snapshot is not None:
        # What was taken back from the public since is not told of a day of the past either.
        now = p.alias("now")
        query = query.where(exists().where(
            now.c.county == p.c.county, now.c.id == p.c.id, now.c.event_to.is_(None),
            said(connection.dialect, now, "disclosure") == Disclosure.OPEN.value,
        ))  # fmt: skip
    if cut.after is not None:
        code, id = cut.after
        query = query.where(or_(a.c.code > code, and_(a.c.code == code, p.c.id > id)))
    # On a day of the past it lay below the path by what it was then, wherever that lies now.
    path = cut.path if cut.snapshot is None else None
    begin = cut.after[0] if cut.after is not None else None
    rows = in_code_order(connection, (p, query), (cut.county, path), (begin, cut.limit))
    return [(to_record(Presence, row), row["at_code"], row["at_name"]) for row in rows]


def admitted_by(
    connection: Connection, cut: Cut, requests: Sequence[str]
) -> dict[str, tuple[Request, Decision | None]]:
    """Requests by id as they stood, each with the decision it rested on that day."""
    found = _rows(connection, Request, cut, requests)
    named = [one.decision_id for one in found if one.decision_id]
    decisions = {one.id: one for one in _rows(connection, Decision, cut, named)}
    return {one.id: (one, decisions.get(one.decision_id or "")) for one in found}


def _rows(connection: Connection, kind: type[R], cut: Cut, ids: Sequence[str]) -> list[R]:
    t = tables.BY_RECORD[kind]
    query = select(t).where(
        t.c.county == cut.county, t.c.id.in_(list(ids)), at_snapshot(t, cut.snapshot)
    )
    return [to_record(kind, row) for row in connection.execute(query).mappings()]


def posted(connection: Connection, cut: Cut) -> list[Posting]:
    """Postings of a place put up by the day, by id; whoever shows them looks at their class."""
    t = tables.BY_RECORD[Posting]
    query = select(t).where(
        t.c.county == cut.county,
        t.c.event_to.is_(None),
        lay_in(t, cut.path),
        t.c.posted_on <= cut.on,
    )
    if cut.after is not None:
        query = query.where(t.c.id > cut.after[1])
    rows = connection.execute(query.order_by(t.c.id).limit(cut.limit)).mappings()
    return [to_record(Posting, row) for row in rows]
