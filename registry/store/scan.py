"""遍历 all requests of a county in keyset batches, each with the verdict it stands under.

For what judges many anew: only what it needs is decoded, and memory does not grow with the county.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, select

from registry.domain.admission import Verdict
from registry.domain.filing import Filing
from registry.domain.presence import Presence, PresenceState
from registry.domain.reevaluation import Reevaluation
from registry.domain.request import Request
from registry.store import tables
from registry.store.footing import Kept, kept_of
from registry.store.mapping import to_record
from registry.store.reader import Reader

T = TypeVar("T")
BATCH = 1_024
"""Cases told at once."""
WHOLE = 224
"""Bodies held at once."""
_STEP = 32
"""Ids are asked for so many at once, or twice as many, and so on."""
_CACHE = 1_024
"""KiB of the file that SQLite keeps for a walk: every page is met once."""
IN_FORCE = [s.value for s in (PresenceState.PLANNED, PresenceState.AGREED, PresenceState.ACTIVE,
                              PresenceState.SUSPENDED)]  # fmt: skip
"""Presences that are there, or will be without another decision."""
_REQUEST, _VERDICT = tables.BY_RECORD[Request], tables.BY_RECORD[Verdict]
_PRESENCE = tables.BY_RECORD[Presence]
# A batch is found by ids in order, whatever the planner thinks of the table's size.
_BY_INDEX = ("enable_hashjoin", "enable_mergejoin", "enable_seqscan", "enable_sort", "jit")


Moment = Connection
"""一个时刻: what ``steady`` gives, for whoever does not know the database."""


class Case(NamedTuple):
    """一件申请 as the walk tells it: what stands in columns."""

    id: str
    state: str
    kind: str
    applicant_id: str
    outcome: str | None
    event_from: int
    verdict_id: str | None
    footing: str | None
    """Key of what its verdict was made from (``store/footing``); ``None`` = no verdict."""
    judged: int | None
    """The event that gave the verdict."""
    amends: str | None = None
    """The admitted request it would change."""
    narrowed_by: str | None = None
    """The decision by which less is in force than was asked."""


class Whole(NamedTuple):
    """全件: of one case, what is read only where it is needed."""

    title: str
    applied_on: date | None
    body: str

    def filing(self) -> Filing:
        """The whole filing."""
        return _asked.decode(self.body).filing


class _Asked(msgspec.Struct, frozen=True):
    filing: Filing


class _Parts(msgspec.Struct, frozen=True):
    """Of a request's body, whether it is asked by its parts."""

    composite: bool = False


_asked = msgspec.json.Decoder(_Asked)
_parts = msgspec.json.Decoder(_Parts)


class Range(msgspec.Struct, frozen=True):
    """一段: requests after one id, up to and with another."""

    after: str = ""
    upto: str = "\U0010ffff"


@contextmanager
def steady(reader: Reader) -> Iterator[Connection]:
    """A connection that sees one moment of the database and keeps little of it in memory."""
    with reader.connect() as connection:
        if connection.dialect.name == "postgresql":
            yield _found_by_index(connection)
            return
        usual = connection.exec_driver_sql("PRAGMA cache_size").scalar()
        connection.exec_driver_sql(f"PRAGMA cache_size=-{_CACHE}")
        try:
            yield connection
        finally:
            connection.exec_driver_sql(f"PRAGMA cache_size={usual}")


def _found_by_index(connection: Connection) -> Connection:
    connection = connection.execution_options(isolation_level="REPEATABLE READ")
    for name in _BY_INDEX:
        connection.exec_driver_sql(f"SET LOCAL {name} = off")
    return connection


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
    connection: Connection, county: str, within: Range, states: Collection[str] = (), *,
    size: int = BATCH,
) -> Iterator[list[Case]]:  # fmt: skip
    """Batches of current requests in id order, composites among them."""
    told = {"county": county, "after": within.after, "upto": within.upto}
    page, options = _page(tuple(sorted(states))), {"yield_per": size}
    with connection.execute(page, told, execution_options=options) as found:
        for rows in found.partitions():
            yield [Case._make(row) for row in rows]


def wholes(connection: Connection, county: str, ids: Sequence[str]) -> dict[str, Whole]:
    """The rest of some cases, by id; a composite holds no verdict and is left out."""
    found = {}
    for id, *rest in connection.execute(_WHOLE, {"county": county, "ids": _filled(ids)}):
        whole = Whole._make(rest)
        if not _parts.decode(whole.body).composite:
            found[id] = whole
    return found


def kept(connection: Connection, county: str, ids: Sequence[str]) -> dict[str, Kept]:
    """What some verdicts were made from, by id."""
    rows = connection.execute(_KEPT, {"county": county, "ids": _filled(ids)})
    return {id: kept_of(body) for id, body in rows}


def presences(
    connection: Connection, county: str, requests: Sequence[str], states: Sequence[str]
) -> dict[str, list[Presence]]:
    """Presences in these states, by request.

    The states are picked here and not in SQL: asked for both, SQLite takes the index of states and
    reads the whole county's presences for every batch.
    """
    found: dict[str, list[Presence]] = {}
    for batch in pieces(requests):
        for row in connection.execute(presences_of(county, batch)).mappings():
            if row["state"] in states:
                one = to_record(Presence, row)
                found.setdefault(one.request_id or "", []).append(one)
    return found


def pieces(of: Sequence[T]) -> Iterator[Sequence[T]]:
    """As many at once as may be held whole."""
    for first in range(0, len(of), WHOLE):
        yield of[first : first + WHOLE]


def _filled(ids: Sequence[str]) -> list[str]:
    """The same ids, the last told again: few lengths make few statements, which drivers keep."""
    return [*ids, *list(ids[-1:]) * (-len(ids) % _STEP)]


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


def in_force(connection: Connection, county: str, requests: Sequence[str]) -> Counter[str]:
    """How many presences in force these requests have, by request."""
    asked = presences_of(county, _filled(requests)).with_only_columns(
        _PRESENCE.c.request_id, _PRESENCE.c.state
    )  # fmt: skip
    return Counter(id for id, state in connection.execute(asked) if state in IN_FORCE)


def _standing(county: Any, states: Collection[str]) -> list[ColumnElement[bool]]:
    where = [_REQUEST.c.county == county, _REQUEST.c.event_to.is_(None)]
    return [*where, _REQUEST.c.state.in_(sorted(states))] if states else where


@lru_cache(16)
def _page(states: tuple[str, ...]) -> Select[Any]:
    asked, given = _REQUEST.c, _VERDICT.c
    verdict = (
        (given.county == asked.county) & (given.id == asked.verdict_id) & given.event_to.is_(None)
    )
    return (
        select(
            asked.id, asked.state, asked.kind, asked.applicant_id, asked.outcome,
            asked.event_from, asked.verdict_id, given.footing, given.event_from, asked.amends,
            asked.narrowed_by,
        )
        .select_from(_REQUEST.outerjoin(_VERDICT, verdict))
        .where(*_standing(bindparam("county"), states))
        .where(asked.id > bindparam("after"), asked.id <= bindparam("upto"))
        .order_by(asked.id)
    )  # fmt: skip


_WHOLE = select(
    _REQUEST.c.id, _REQUEST.c.title, _REQUEST.c.applied_on, _REQUEST.c.body
).where(
    _REQUEST.c.county == bindparam("county"), _REQUEST.c.event_to.is_(None),
    _REQUEST.c.id.in_(bindparam("ids", expanding=True)),
)  # fmt: skip
_KEPT = select(_VERDICT.c.id, _VERDICT.c.body).where(
    _VERDICT.c.county == bindparam("county"), _VERDICT.c.event_to.is_(None),
    _VERDICT.c.id.in_(bindparam("ids", expanding=True)),
)  # fmt: skip
