"""遍历 all requests of a county in keyset batches, each with the verdict it stands under.

For what judges many anew: only what it needs is decoded, and memory does not grow with the county.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, select

from registry.domain.admission import Verdict
from registry.domain.filing import Filing
from registry.domain.presence import Presence, PresenceState
from registry.domain.reevaluation import Reevaluation
from registry.domain.request import Request
from registry.store import tables
from registry.store.mapping import to_record
from registry.store.reader import Reader

BATCH = 224
"""Requests held at once."""
_CACHE = 1_024
"""KiB of the file that SQLite keeps for a walk: every page is met once."""
IN_FORCE = [s.value for s in (PresenceState.PLANNED, PresenceState.AGREED, PresenceState.ACTIVE,
                              PresenceState.SUSPENDED)]  # fmt: skip
"""Presences that are there, or will be without another decision."""
_REQUEST, _VERDICT = tables.BY_RECORD[Request], tables.BY_RECORD[Verdict]
_PRESENCE = tables.BY_RECORD[Presence]


Moment = Connection
"""一个时刻: what ``steady`` gives, for whoever does not know the database."""


class Kept(msgspec.Struct, frozen=True):
    """留存意见: of a kept verdict, what it was made from."""

    facts: msgspec.Raw
    reading: str = ""
    event_from: int = 0


class _Tie(msgspec.Struct, frozen=True):
    """Of a request's body, what leads to its verdict."""

    verdict_id: str | None = None
    composite: bool = False


class Case(NamedTuple):
    """一件申请 as the walk sees it."""

    id: str
    version: int
    state: str
    kind: str
    title: str
    applicant_id: str
    applied_on: date | None
    event_from: int
    body: str
    verdict: Kept | None
    outcome: str | None


_READ = Case._fields.index("verdict")
_tie = msgspec.json.Decoder(_Tie)
_kept = msgspec.json.Decoder(Kept)


class Range(msgspec.Struct, frozen=True):
    """一段: requests after one id, up to and with another."""

    after: str = ""
    upto: str = "\U0010ffff"


@contextmanager
def steady(reader: Reader) -> Iterator[Connection]:
    """A connection that sees one moment of the database and keeps little of it in memory."""
    with reader.connect() as connection:
        if connection.dialect.name == "postgresql":
            yield connection.execution_options(isolation_level="REPEATABLE READ")
            return
        usual = connection.exec_driver_sql("PRAGMA cache_size").scalar()
        connection.exec_driver_sql(f"PRAGMA cache_size=-{_CACHE}")
        try:
            yield connection
        finally:
            connection.exec_driver_sql(f"PRAGMA cache_size={usual}")


def count(connection: Connection, county: str, states: Collection[str] = ()) -> int:
    """How many requests a walk will meet, composites among them."""
    query = select(func.count()).select_from(_REQUEST).where(*_standing(county, states))
    return int(connection.execute(query).scalar() or 0)


def ranges(connection: Connection, county: str, parts: int) -> list[Range]:
    """The requests of a county in so many ranges of about the same size."""
    total, marks = count(connection, county), [""]
    for part in range(1, parts):
        query = select(_REQUEST.c.id).where(*_standing(county, ())).order_by(_REQUEST.c.id)
        found = connection.execute(query.offset(total * part // parts).limit(1)).scalar()
        if found is not None:
            marks.append(found)
    return [
        Range(after, upto)
        for after, upto in zip(marks, [*marks[1:], Range().upto], strict=True)
    ]  # fmt: skip


def walk(
    connection: Connection, county: str, within: Range, states: Collection[str] = ()
) -> Iterator[list[Case]]:
    """Batches of current requests in id order; a composite holds no verdict and is left out."""
    after = within.after
    query = _page(tuple(sorted(states)))
    while True:
        told = {"county": county, "after": after, "upto": within.upto}
        rows = connection.execute(query, told).all()
        if not rows:
            return
        after = rows[-1].id
        ties = [_tie.decode(row.body) for row in rows]
        verdicts = _verdicts(connection, county, [t.verdict_id for t in ties if t.verdict_id])
        yield [
            Case._make((*row[:_READ], verdicts.get(tie.verdict_id or ""), row[_READ]))
            for row, tie in zip(rows, ties, strict=True)
            if not tie.composite
        ]


def filing_of(case: Case) -> Filing:
    """The whole filing of a case."""
    return _filing.decode(case.body).filing


class _Asked(msgspec.Struct, frozen=True):
    filing: Filing


_filing = msgspec.json.Decoder(_Asked)


def presences(
    connection: Connection, county: str, requests: Sequence[str], states: Sequence[str]
) -> dict[str, list[Presence]]:
    """Presences in these states, by request.

    The states are picked here and not in SQL: asked for both, SQLite takes the index of states and
    reads the whole county's presences for every batch.
    """
    found: dict[str, list[Presence]] = {}
    for first in range(0, len(requests), BATCH):
        batch = requests[first : first + BATCH]
        for row in connection.execute(presences_of(county, batch)).mappings():
            if row["state"] in states:
                one = to_record(Presence, row)
                found.setdefault(one.request_id, []).append(one)
    return found


def presences_of(county: str, requests: Sequence[str]) -> Select[Any]:
    """The presences of some requests, as SQL says it: looked up by request."""
    return select(_PRESENCE).where(
        _PRESENCE.c.county == county, _PRESENCE.c.event_to.is_(None),
        _PRESENCE.c.request_id.in_(requests),
    )  # fmt: skip


def reevaluations(
    connection: Connection, county: str, requests: Sequence[str]
) -> list[Reevaluation]:
    """The last answers kept on these requests and on what lives by them."""
    table = tables.BY_RECORD[Reevaluation]
    query = select(table).where(
        table.c.county == county, table.c.event_to.is_(None), table.c.request_id.in_(requests)
    )
    return [to_record(Reevaluation, row) for row in connection.execute(query).mappings()]


def _standing(county: Any, states: Collection[str]) -> list[ColumnElement[bool]]:
    where = [_REQUEST.c.county == county, _REQUEST.c.event_to.is_(None)]
    return [*where, _REQUEST.c.state.in_(sorted(states))] if states else where


@lru_cache(16)
def _page(states: tuple[str, ...]) -> Select[Any]:
    table = _REQUEST.c
    return (
        select(
            table.id, table.version, table.state, table.kind, table.title, table.applicant_id,
            table.applied_on, table.event_from, table.body, table.outcome,
        )
        .where(*_standing(bindparam("county"), states))
        .where(table.id > bindparam("after"), table.id <= bindparam("upto"))
        .order_by(table.id)
        .limit(BATCH)
    )  # fmt: skip


_KEPT = select(_VERDICT.c.id, _VERDICT.c.event_from, _VERDICT.c.body).where(
    _VERDICT.c.county == bindparam("county"), _VERDICT.c.event_to.is_(None),
    _VERDICT.c.id.in_(bindparam("ids", expanding=True)),
)  # fmt: skip


def _verdicts(connection: Connection, county: str, ids: list[str]) -> dict[str, Kept]:
    if not ids:
        return {}
    rows = connection.execute(_KEPT, {"county": county, "ids": ids})
    found = {}
    for id, seq, body in rows:
        kept = _kept.decode(body)
        # A copy: the part alone, for what was cut from holds the whole verdict in memory.
        found[id] = Kept(kept.facts.copy(), kept.reading, seq)
    return found
