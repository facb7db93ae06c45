"""查询 keyset lists and single rows, in the reader's own area, at any moment recorded.

No offset and no hidden count: a page says whether there is another and where it begins.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, TypeVar

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Table,
    and_,
    func,
    not_,
    or_,
    select,
    text,
)

from registry.domain.audit import Event, wire
from registry.domain.people import Person
from registry.domain.records import Record, Wire
from registry.store import prepared, tables, waivers
from registry.store.engine import end
from registry.store.heads import Stamp, standing_rules
from registry.store.mapping import to_record
from registry.store.marks import failed_hours, failures, token_owner
from registry.store.visible import Scope, visible

R = TypeVar("R", bound=Record)


class Page(Wire, frozen=True, kw_only=True):
    """分页条件."""

    after: str | None = None
    limit: int = 50
    as_of: int | None = None
    """Event sequence: what was recorded by then; ``None`` = now."""
    valid_on: date | None = None
    honoured: tuple[date, bool] | None = None
    """Exceptions only: those that stand on a day, or those that do not."""
    used: bool | None = None
    """Exceptions only: those that changed a verdict, or those that never did."""
    open: bool | None = None
    """Findings only: those that stand open, or those that were closed."""


class Reader:
    """读出口: each call is one short read transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def close(self) -> None:
        """Close every connection."""
        end(self._engine)

    def connect(self) -> Connection:
        """A connection whose block is one consistent read."""
        return self._engine.connect()

    def get(self, kind: type[R], county: str, id: str, as_of: int | None = None) -> R | None:
        """One row as of a snapshot."""
        table = tables.BY_RECORD[kind]
        if as_of is None:
            standing = prepared.current(self._engine.dialect, table)
            with self._engine.connect() as connection:
                rows = standing.rows(connection, {"county": county, "id": id})
            return to_record(kind, rows[0]) if rows else None
        query = select(table).where(table.c.county == county, table.c.id == id)
        with self._engine.connect() as connection:
            row = connection.execute(query.where(at_snapshot(table, as_of))).mappings().first()
        return None if row is None else to_record(kind, row)

    def find(
        self, kind: type[R], county: str, *, before: tuple[str, date] | None = None, **equals: Any
    ) -> list[R]:
        """Current rows whose columns equal the values given, in id order.

        Args:
            before: a date column and the day it must lie before.
        """
        table = tables.BY_RECORD[kind]
        if before is None:
            with self._engine.connect() as connection:
                found = prepared.matching(connection, table, county, equals)
            return [to_record(kind, row) for row in found]
        query = select(table).where(table.c.county == county, table.c.event_to.is_(None))
        query = query.where(table.c[before[0]] < before[1])
        for column, value in equals.items():
            where = table.c[column]
            query = query.where(where.in_(value) if isinstance(value, list) else where == value)
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(table.c.id)).mappings().all()
        return [to_record(kind, row) for row in rows]

    def many(self, kind: type[Record], county: str, **equals: Any) -> int:
        """How many current rows have these values in their columns."""
        table = tables.BY_RECORD[kind]
        query = select(func.count()).where(table.c.county == county, table.c.event_to.is_(None))
        for column, value in equals.items():
            query = query.where(table.c[column] == value)
        with self._engine.connect() as connection:
            return int(connection.execute(query).scalar() or 0)

    def page(
        self, kind: type[R], scopes: Sequence[Scope], equals: dict[str, Any], page: Page
    ) -> list[R]:
        """One page of rows visible to any of ``scopes``, newest ids last; one more than ``limit``
        is fetched by the caller's asking ``limit + 1``."""
        table = tables.BY_RECORD[kind]
        counties = sorted({scope.county for scope in scopes})
        query = (
            select(table)
            .where(table.c.county.in_(counties), at_snapshot(table, page.as_of))
            .where(or_(*(visible(table, scope) for scope in scopes)))
            .order_by(table.c.county, table.c.id)
            .limit(page.limit)
        )
        for column, value in equals.items():
            query = query.where(
                table.c[column].in_(value) if isinstance(value, list) else table.c[column] == value
            )
        if page.valid_on is not None and "valid_from" in table.c:
            query = query.where(
                or_(table.c.valid_from.is_(None), table.c.valid_from <= page.valid_on),
                or_(table.c.valid_to.is_(None), table.c.valid_to >= page.valid_on),
            )
        if page.honoured is not None:
            stands = waivers.honoured(table, page.honoured[0])
            query = query.where(stands if page.honoured[1] else not_(stands))
        if page.used is not None:
            query = query.where(waivers.used(table) if page.used else not_(waivers.used(table)))
        if page.open is not None:
            stands = table.c.closed_on.is_(None)
            query = query.where(stands if page.open else not_(stands))
        if page.after is not None:
            county, _, last = page.after.partition("|")
            query = query.where(_beyond(table.c.county, table.c.id, counties, (county, last)))
        with self._engine.connect() as connection:
            return [to_record(kind, row) for row in connection.execute(query).mappings()]

    def events(self, counties: Sequence[str], equals: dict[str, Any], page: Page) -> list[Event]:
        """One page of the log, in sequence order."""
        table = tables.event
        query = select(table).where(table.c.county.in_(sorted(counties)))
        for column, value in equals.items():
            query = query.where(table.c[column] == value)
        if page.as_of is not None:
            query = query.where(table.c.seq <= page.as_of)
        if page.after is not None:
            county, _, last = page.after.partition("|")
            after = (county, int(last))
            query = query.where(_beyond(table.c.county, table.c.seq, counties, after))
        query = query.order_by(table.c.county, table.c.seq).limit(page.limit)
        with self._engine.connect() as connection:
            rows = connection.execute(query).mappings().all()
        return [msgspec.convert({str(k): wire(v) for k, v in row.items()}, Event) for row in rows]

    def partitions(self) -> list[str]:
        """Every partition that has a log."""
        head = tables.log_head
        with self._engine.connect() as connection:
            return list(connection.execute(select(head.c.county).order_by(head.c.county)).scalars())

    def person_named(self, username: str) -> Person | None:
        """The account with this user name; user names are unique in the whole registry."""
        table = tables.BY_RECORD[Person]
        query = select(table).where(table.c.username == username, table.c.event_to.is_(None))
        with self._engine.connect() as connection:
            row = connection.execute(query).mappings().first()
        return None if row is None else to_record(Person, row)

    def token_owner(self, digest: str, at: datetime) -> tuple[str, str] | None:
        """(county, person id) of a token that has not expired."""
        with self._engine.connect() as connection:
            return token_owner(connection, digest, at)

    def sign_in_failures(self, username: str, at: datetime) -> int:
        """Failed sign-ins of an account within the hour before ``at``."""
        with self._engine.connect() as connection:
            return failures(connection, username, at)

    def failed_hours(
        self, username: str | None, first: datetime | None, last: datetime | None
    ) -> list[tuple[str, datetime, int]]:
        """Failed sign-ins by account and hour, in order of the hour."""
        with self._engine.connect() as connection:
            return failed_hours(connection, username, first, last)

    def head(self, county: str) -> int:
        """Last sequence number of a county's log: the snapshot id of now."""
        head = tables.log_head
        with self._engine.connect() as connection:
            found = connection.execute(select(head.c.seq).where(head.c.county == county)).scalar()
        return int(found or 0)

    def snapshot(self, county: str, at: datetime) -> int:
        """The last event recorded by an instant."""
        table = tables.event
        query = select(func.max(table.c.seq)).where(table.c.county == county, table.c.at <= at)
        with self._engine.connect() as connection:
            return int(connection.execute(query).scalar() or 0)

    def rules_standing(self, counties: Sequence[str]) -> Stamp:
        """Which packs, lists and calendars stand in these partitions: changes when they do."""
        with self._engine.connect() as connection:
            return standing_rules(connection, counties)

    def counts(self) -> dict[str, int]:
        """Figures for ``/metrics``: events per county and open tasks."""
        with self._engine.connect() as connection:
            heads = connection.execute(select(tables.log_head.c.county, tables.log_head.c.seq))
            return {county: seq for county, seq in heads}

    def ready(self) -> bool:
        """Whether the database answers."""
        with self._engine.connect() as connection:
            return bool(connection.execute(text("SELECT 1")).scalar())


def _beyond(
    county: ColumnElement[Any], key: ColumnElement[Any], counties: Sequence[str],
    after: tuple[str, Any],
) -> ColumnElement[bool]:  # fmt: skip
    """What comes after a row in (county, key) order. Said of one county without an ``or``, so that
    a page deep in the list is found by its index as fast as the first."""
    further: ColumnElement[bool] = key > after[1]
    if list(counties) == [after[0]]:
        return further
    return or_(county > after[0], and_(county == after[0], further))


def at_snapshot(table: Table, as_of: int | None) -> ColumnElement[bool]:
    """The version of each row that stood at an event, or the current one."""
    if as_of is None:
        return table.c.event_to.is_(None)
    return and_(
        table.c.event_from <= as_of, or_(table.c.event_to.is_(None), table.c.event_to > as_of)
    )
