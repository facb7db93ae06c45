"""报表所见 the chains and names of a statement, all as of one entry of the log."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection, and_, func, select

from registry.domain.approval import Decision, DecisionKind
from registry.domain.areas import Area
from registry.domain.budget import CustodyTerm
from registry.domain.people import Organisation
from registry.domain.presence import Presence
from registry.domain.records import Record
from registry.domain.request import Request
from registry.domain.vocabulary import Custody
from registry.store import tables
from registry.store.mapping import to_record
from registry.store.reader import Reader, at_snapshot


class Moment(NamedTuple):
    """快照: a connection as of one entry of the log; ``None`` = everything that stands, which is
    the same where that is the last entry."""

    connection: Connection
    county: str
    as_of: int | None
    at: datetime | None = None
    """The instant of that entry."""


class Stamp(NamedTuple):
    """快照号 and the instant of its entry."""

    county: str
    seq: int
    at: datetime | None


TOGETHER = 500
"""Ids asked for at once."""
T = TypeVar("T")


def stated(
    reader: Reader, county: str, as_of: int | None, make: Callable[[Moment], T]
) -> tuple[Stamp, T]:
    """What is made of one moment: of the entry asked for, else of the last one."""
    with reader.moment() as connection:
        head = _head(connection, county)
        wanted = head if as_of is None else min(as_of, head)
        stamp = Stamp(county, wanted, _at(connection, county, wanted))
        past = None if wanted == head else wanted
        return stamp, make(Moment(connection, county, past, stamp.at))


def _head(connection: Connection, county: str) -> int:
    head = tables.log_head
    return int(connection.execute(select(head.c.seq).where(head.c.county == county)).scalar() or 0)


def _at(connection: Connection, county: str, seq: int) -> datetime | None:
    event = tables.event
    query = select(func.max(event.c.at)).where(event.c.county == county, event.c.seq == seq)
    found: datetime | None = connection.execute(query).scalar()
    return found


def places(moment: Moment) -> list[tuple[Organisation, Area | None]]:
    """Every body with its place, as they were called then."""
    areas = {area.id: area for area in _standing(moment, Area)}
    return [(body, areas.get(body.area_id)) for body in _standing(moment, Organisation)]


def bodies(moment: Moment, county: str) -> list[Organisation]:
    """Every body of another partition (a city's, a province's) as it is called now."""
    return list(_standing(Moment(moment.connection, county, None), Organisation))


def titles(moment: Moment, wanted: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Of these requests, those that were admitted, the number of the admission and the title."""
    asked, found = sorted(set(wanted)), dict[str, tuple[str, str]]()
    for at in range(0, len(asked), TOGETHER):
        found |= _titles(moment, asked[at : at + TOGETHER])
    return found


def _titles(moment: Moment, wanted: list[str]) -> dict[str, tuple[str, str]]:
    request, decision = tables.BY_RECORD[Request], tables.BY_RECORD[Decision]
    query = (
        select(decision.c.request_id, decision.c.number, request.c.title)
        .select_from(decision.join(request, and_(
            request.c.county == decision.c.county, request.c.id == decision.c.request_id,
            at_snapshot(request, moment.as_of),
        )))
        .where(
            decision.c.county == moment.county, at_snapshot(decision, moment.as_of),
            decision.c.kind == DecisionKind.ADMITTED.value, decision.c.request_id.in_(wanted),
        )
        .order_by(decision.c.request_id, decision.c.id)
    )  # fmt: skip
    return {row[0]: (row[1], row[2]) for row in moment.connection.execute(query)}


def doors(
    moment: Moment, wanted: Iterable[str] | None = None
) -> dict[str, tuple[str, str, str | None]]:
    """Of these presences, or of every one, title, organisation of the community, and request."""
    t = tables.BY_RECORD[Presence]
    query = select(t.c.id, t.c.title, t.c.organisation_id, t.c.request_id).where(
        t.c.county == moment.county, at_snapshot(t, moment.as_of)
    )
    asked = None if wanted is None else sorted(set(wanted))
    some = [query] if asked is None else [
        query.where(t.c.id.in_(asked[at : at + TOGETHER]))
        for at in range(0, len(asked), TOGETHER)
    ]  # fmt: skip
    rows = (row for one in some for row in moment.connection.execute(one))
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


def terms(moment: Moment) -> list[CustodyTerm]:
    """Every dated change of custody."""
    return _standing(moment, CustodyTerm)


def custodies(moment: Moment) -> dict[str, Custody]:
    """Custody of each body that has one of its own: by the last dated change, else as it was
    registered."""
    dated = {t.organisation_id: t.custody for t in sorted(terms(moment), key=lambda t: t.since)}
    held = {body.id: body.custody for body, _ in places(moment) if body.custody is not None}
    return held | dated


def _standing(moment: Moment, kind: type[Record]) -> list[Any]:
    t = tables.BY_RECORD[kind]
    query = select(t).where(t.c.county == moment.county, at_snapshot(t, moment.as_of))
    return [to_record(kind, row) for row in moment.connection.execute(query).mappings()]
