"""席位 sessions of browsers and forms put aside: rows that are no business facts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, insert, or_, select, update

from registry.domain.records import Wire
from registry.store.tables.seats import form_draft, session


class Session(Wire, frozen=True, kw_only=True):
    """登录会话: one browser in which a person is signed in."""

    county: str
    id: str
    person_id: str
    begun_at: datetime
    turned_at: datetime
    """When its secret was last exchanged for a fresh one."""
    seen_at: datetime
    expires_at: datetime
    """The latest it ends, used or not."""
    address: str
    """Where it was begun from, as the server saw it."""
    browser: str
    """What the browser called itself."""


class Draft(Wire, frozen=True, kw_only=True):
    """暂存表单: what was typed into a form and not handed in."""

    id: str
    form: str
    """Where it is filled in： the path of its page."""
    title: str
    saved_at: datetime
    body: str
    """The fields as they were typed, JSON."""


_SEEN = tuple(session.c[name] for name in Session.__struct_fields__)
_DRAFT = tuple(form_draft.c[name] for name in Draft.__struct_fields__)


def held(connection: Connection, digest: str) -> tuple[Session, str] | None:
    """The session of a secret, and the digest of its secret of now: another one where it was just
    exchanged."""
    query = select(*_SEEN, session.c.digest).where(
        or_(session.c.digest == digest, session.c.former == digest)
    )
    row = connection.execute(query).first()
    return None if row is None else (_session(row[:-1]), row[-1])


def of_person(connection: Connection, county: str, person: str) -> list[Session]:
    """Every session of a person, the latest first."""
    query = select(*_SEEN).where(session.c.county == county, session.c.person_id == person)
    return [_session(r) for r in connection.execute(query.order_by(session.c.begun_at.desc()))]


def of_county(connection: Connection, county: str) -> list[Session]:
    """Every session of a county, the latest first."""
    query = select(*_SEEN).where(session.c.county == county)
    return [_session(r) for r in connection.execute(query.order_by(session.c.begun_at.desc()))]


def drafts(connection: Connection, county: str, person: str) -> list[Draft]:
    """What a person has put aside, the latest first."""
    query = select(*_DRAFT).where(form_draft.c.county == county, form_draft.c.person_id == person)
    found = connection.execute(query.order_by(form_draft.c.saved_at.desc()))
    return [Draft(**dict(zip(Draft.__struct_fields__, row, strict=True))) for row in found]


def _session(row: Sequence[Any]) -> Session:
    return Session(**dict(zip(Session.__struct_fields__, row, strict=True)))


class Seats:
    """席位 of one county, inside a transaction of the writer."""

    def __init__(self, connection: Connection, county: str) -> None:
        self._connection, self._county = connection, county

    def begin(self, made: Session, digest: str) -> None:
        """Keep a session by the digest of its secret."""
        row = {name: getattr(made, name) for name in Session.__struct_fields__}
        self._connection.execute(insert(session).values(**row, digest=digest, former=None))

    def see(self, id: str, at: datetime) -> None:
        """Note that it was used."""
        self._connection.execute(update(session).where(*self._one(id)).values(seen_at=at))

    def turn(self, id: str, digests: tuple[str, str], at: datetime) -> bool:
        """Exchange the secret, unless another request did so first; (held, fresh)."""
        before, after = digests
        done = self._connection.execute(
            update(session).where(*self._one(id), session.c.digest == before)
            .values(digest=after, former=before, turned_at=at, seen_at=at)
        )  # fmt: skip
        return bool(done.rowcount)

    def end(self, id: str) -> None:
        """Forget one."""
        self._connection.execute(delete(session).where(*self._one(id)))

    def put_aside(self, person: str, draft: Draft) -> None:
        """Keep a form half filled, in place of what was kept under its id."""
        self.drop_draft(person, draft.id)
        row = {name: getattr(draft, name) for name in Draft.__struct_fields__}
        self._connection.execute(
            insert(form_draft).values(county=self._county, person_id=person, **row)
        )

    def drop_draft(self, person: str, id: str) -> None:
        """Forget a form that was put aside."""
        at = form_draft.c
        self._connection.execute(
            delete(form_draft).where(at.county == self._county, at.person_id == person, at.id == id)
        )

    def _one(self, id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        return session.c.county == self._county, session.c.id == id


def purge(connection: Connection, now: datetime, unused_since: datetime) -> None:
    """Forget sessions that are over."""
    over = or_(session.c.expires_at < now, session.c.seen_at < unused_since)
    connection.execute(delete(session).where(over))
