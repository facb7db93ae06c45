"""技术记录 idempotency keys, tokens and failed sign-ins: rows that are no business facts."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from registry.domain.records import Wire
from registry.store import tables


class Kept(Wire, frozen=True, kw_only=True):
    """已答复: the answer kept under an idempotency key."""

    fingerprint: str
    answer: bytes


class Token(Wire, frozen=True, kw_only=True):
    """在用令牌: what is known of it; the secret is nowhere."""

    id: str
    person_id: str
    issued_at: datetime
    expires_at: datetime
    used_on: date | None = None
    """The last day a program came with it; ``None`` = never."""


class Owner(NamedTuple):
    """持令牌人 by county and id, and the day on which the token was used last."""

    county: str
    person_id: str
    used_on: date | None


TOKEN_ID = 16
"""Characters of its digest by which a token is named: too few to find the secret by."""


class Marks:
    """技术记录 of one county, inside an act's transaction or a read."""

    def __init__(self, connection: Connection, county: str) -> None:
        self._connection, self._county = connection, county

    def answer(self, person: str, key: str) -> Kept | None:
        """What was answered under this key, if anything."""
        table = tables.idempotency
        row = self._connection.execute(
            select(table.c.fingerprint, table.c.reply).where(
                table.c.county == self._county, table.c.person_id == person, table.c.key == key
            )
        ).first()
        return None if row is None else Kept(fingerprint=row[0], answer=bytes(row[1]))

    def keep(self, person: str, key: str, kept: Kept, at: datetime) -> None:
        """Keep an answer; a second writer of the same key fails and replays."""
        self._connection.execute(
            insert(tables.idempotency).values(
                county=self._county, person_id=person, key=key,
                fingerprint=kept.fingerprint, reply=kept.answer, at=at,
            )
        )  # fmt: skip

    def forget_failures(self, username: str, at: datetime) -> int:
        """Failed sign-ins of an account within the hour before, forgotten; how many there were."""
        table = tables.sign_in
        counted = failures(self._connection, username, at)
        late = table.c.hour > at - timedelta(hours=1)
        self._connection.execute(delete(table).where(table.c.username == username, late))
        return counted

    def add_token(self, digest: str, person: str, issued: datetime, expires: datetime) -> None:
        """Keep a token by its digest."""
        self._connection.execute(
            insert(tables.token).values(
                county=self._county, digest=digest, person_id=person, issued_at=issued,
                expires_at=expires,
            )
        )  # fmt: skip

    def use_token(self, digest: str, day: date) -> None:
        """Note the day on which a token was used."""
        table = tables.token
        one = (table.c.county == self._county, table.c.digest == digest)
        self._connection.execute(update(table).where(*one).values(used_on=day))

    def drop_tokens(self, person: str) -> None:
        """Forget every token of a person, and every browser they are signed in with."""
        for table in (tables.token, tables.session):
            self._connection.execute(
                delete(table).where(table.c.county == self._county, table.c.person_id == person)
            )

    def drop_token(self, person: str, id: str) -> bool:
        """Forget one token of a person; whether there was one."""
        table = tables.token
        theirs = (table.c.county == self._county, table.c.person_id == person)
        done = self._connection.execute(
            delete(table).where(*theirs, table.c.digest.startswith(id, autoescape=True))
        )
        return bool(done.rowcount)

    def count_failure(self, username: str, at: datetime) -> None:
        """Count one failed sign-in in its hour."""
        table = tables.sign_in
        make = pg_insert if self._connection.dialect.name == "postgresql" else sqlite_insert
        hour = at.replace(minute=0, second=0, microsecond=0)
        statement = make(table).values(username=username, hour=hour, failures=1)
        self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["username", "hour"], set_={"failures": table.c.failures + 1}
            )
        )


def failures(connection: Connection, username: str, since: datetime) -> int:
    """Failed sign-ins of an account since an instant."""
    table = tables.sign_in
    rows = connection.execute(
        select(table.c.failures).where(
            table.c.username == username, table.c.hour > since - timedelta(hours=1)
        )
    )
    return sum(int(row[0]) for row in rows)


def failed_hours(
    connection: Connection, username: str | None, first: datetime | None, last: datetime | None
) -> list[tuple[str, datetime, int]]:
    """Failed sign-ins by account and hour, in order of the hour."""
    table = tables.sign_in
    query = select(table.c.username, table.c.hour, table.c.failures)
    if username is not None:
        query = query.where(table.c.username == username)
    if first is not None:
        query = query.where(table.c.hour >= first)
    if last is not None:
        query = query.where(table.c.hour <= last)
    ordered = query.order_by(table.c.hour, table.c.username)
    return [(row[0], row[1], int(row[2])) for row in connection.execute(ordered)]


def token_owner(connection: Connection, digest: str, at: datetime) -> Owner | None:
    """Whose a token is that has not expired."""
    c = tables.token.c
    query = select(c.county, c.person_id, c.used_on)
    row = connection.execute(query.where(c.digest == digest, c.expires_at > at)).first()
    return None if row is None else Owner(*row)


def tokens(
    connection: Connection, county: str, at: datetime, person: str | None = None
) -> list[Token]:
    """Tokens of a county, perhaps of one person, that have not expired, the latest first."""
    c = tables.token.c
    query = select(c.digest, c.person_id, c.issued_at, c.expires_at, c.used_on)
    query = query.where(c.county == county, c.expires_at > at)
    if person is not None:
        query = query.where(c.person_id == person)
    found = connection.execute(query.order_by(c.issued_at.desc(), c.digest))
    return [
        Token(
            id=digest[:TOKEN_ID], person_id=whose, issued_at=issued, expires_at=over, used_on=used
        )
        for digest, whose, issued, over, used in found
    ]


KEPT_FOR = timedelta(days=7)
"""How long an answered key is remembered: longer than any client goes on retrying."""


def purge(connection: Connection, now: datetime) -> None:
    """Forget expired tokens, and idempotency keys answered long ago."""
    connection.execute(delete(tables.token).where(tables.token.c.expires_at < now))
    old = tables.idempotency.c.at < now - KEPT_FOR
    connection.execute(delete(tables.idempotency).where(old))
