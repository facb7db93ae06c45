"""查询 keyset lists and single rows, in the reader's own area, at any moment recorded.

No offset and no hidden count: a page says whether there is another and where it begins.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Connection, Engine, func, select, text

from registry.domain.audit import Event
from registry.domain.people import Person
from registry.domain.records import Record
from registry.store import listing, prepared, tables
from registry.store.engine import end
from registry.store.heads import Stamp, standing_rules
from registry.store.kept import Kept
from registry.store.mapping import to_record
from registry.store.marks import Owner, failed_hours, failures, token_owner
from registry.store.planned import Page as Page  # noqa: PLC0414 - named here for those who ask
from registry.store.planned import at_snapshot as at_snapshot  # noqa: PLC0414
from registry.store.visible import Scope

R = TypeVar("R", bound=Record)


class Reader:
    """读出口: each call is one short read transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.kept = Kept()

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
        asked = msgspec.structs.replace(page, where=[*listing.equal(equals), *page.where])
        with self._engine.connect() as connection:
            return [row for _, row in listing.listed(connection, kind, scopes, asked)]

    def asked(
        self, kind: type[Any], scopes: Sequence[Scope], page: Page, *, told: bool = False
    ) -> tuple[listing.Found, dict[str, int]]:
        """One page, each row with its position, and the snapshot of each county that was read.

        Args:
            told: only to be written out, see ``listing.told_of``.
        """
        with self.moment() as connection, listing.timed(connection):
            heads = listing.heads(connection, sorted({scope.county for scope in scopes}))
            return listing.listed(connection, kind, scopes, page, told=told), heads

    @contextmanager
    def moment(self) -> Iterator[Connection]:
        """A connection all of whose reads see one moment."""
        with self._engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection

    def events(self, counties: Sequence[str], equals: dict[str, Any], page: Page) -> list[Event]:
        """One page of the log, in sequence order."""
        scopes = [Scope(county=county, whole=True) for county in sorted(counties)]
        asked = msgspec.structs.replace(page, where=[*listing.equal(equals), *page.where])
        with self._engine.connect() as connection:
            return [row for _, row in listing.listed(connection, Event, scopes, asked)]

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

    def token_owner(self, digest: str, at: datetime) -> Owner | None:
        """Whose a token is that has not expired."""
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
