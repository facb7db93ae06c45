"""登录会话 a browser in which somebody is signed in: begun, used, exchanged, listed, ended."""

from datetime import datetime, timedelta
from typing import Annotated

import msgspec

from registry.actions.office import Answer, Call, Desk, Office
from registry.actions.staff.accounts import NO_TOKEN, SignInCommand, actor_for, digest_of, proven
from registry.domain.errors import Refusal
from registry.domain.people import Actor, Person
from registry.domain.records import Wire, civil
from registry.policies.sessions import shipped
from registry.store.seats import Seats, Session, held, of_person

BETWEEN = timedelta(minutes=1)
"""Between two notes that a session is in use."""
GRACE = timedelta(minutes=1)
"""How long the former secret still counts: pages asked for at the same time carry it."""
_SECRET = 32


class Begun(Wire, frozen=True, kw_only=True):
    """已登录: the secret goes to the browser and is kept nowhere."""

    secret: str
    session: Session
    must_change: bool


class Seated(Wire, frozen=True, kw_only=True):
    """在用会话: who sits there; ``fresh`` = a secret to hand the browser in place of its own."""

    actor: Actor
    session: Session
    fresh: str = ""


class From(Wire, frozen=True, kw_only=True):
    """来处: of a sign-in, as the server sees it."""

    address: str = ""
    browser: Annotated[str, msgspec.Meta(max_length=200)] = ""


def begin(office: Office, command: SignInCommand, came: From) -> Begun:
    """Check the password and begin a session; the act is in the log, the secret is not.

    Raises:
        Refusal: ``sign_in.failed``, ``sign_in.too_many``.
    """
    return seat(office, proven(office, command), came)


def seat(office: Office, person: Person, came: From) -> Begun:
    """A session for somebody whose password has been checked."""
    now, secret = office.clock(), _secret(office)
    made = Session(
        county=person.county, id=office.source.identifier("ses", now), person_id=person.id,
        begun_at=now, turned_at=now, seen_at=now, expires_at=now + shipped().longest,
        address=came.address, browser=came.browser,
    )  # fmt: skip
    actor = Actor(person_id=person.id, name=person.name, county=person.county)

    def verb(desk: Desk) -> Answer:
        desk.act = "token.issue"
        told = {"address": came.address, "session": made.id}
        desk.note = {name: value for name, value in told.items() if value}
        desk.about(person)
        Seats(desk.unit.connection, person.county).begin(made, digest_of(secret))
        return Answer(body=None)

    office.perform(Call(actor=actor, county=person.county, act="token.issue"), verb)
    return Begun(secret=secret, session=made, must_change=person.must_change)


def seated(office: Office, secret: str, *, turning: bool = False) -> Seated:
    """Who sits behind a secret, with the posts in force today.

    Args:
        turning: the answer can carry a fresh secret, and carries one when it is time.

    Raises:
        Refusal: ``token.invalid`` for one that is unknown, over or unused for too long.
    """
    digest, now = digest_of(secret), office.clock()
    with office.store.reader.connect() as connection:
        found = held(connection, digest)
    if found is None or _over(found[0], now) or _late(found, digest, now):
        raise Refusal(NO_TOKEN)
    one, current = found
    actor = office.bearers.get(one.id, now)
    if actor is None:
        person = office.store.reader.get(Person, one.county, one.person_id)
        if person is None or not person.in_force(civil(now)):
            raise Refusal(NO_TOKEN)
        actor = actor_for(office, person)
        office.bearers.put(one.id, now, actor)
    fresh = ""
    if turning and current == digest and now - one.turned_at > shipped().turn:
        fresh = _turned(office, one, digest)
    elif now - one.seen_at > BETWEEN:
        _noted(office, one, now)
    return Seated(actor=actor, session=one, fresh=fresh)


def _over(one: Session, now: datetime) -> bool:
    return now >= one.expires_at or now - one.seen_at > shipped().idle


def _late(found: tuple[Session, str], digest: str, now: datetime) -> bool:
    """Whether it is the former secret, and no page can still be carrying that."""
    one, current = found
    return digest != current and now - one.turned_at > GRACE


def _turned(office: Office, one: Session, before: str) -> str:
    secret, now = _secret(office), office.clock()
    digests = (before, digest_of(secret))
    done = office.store.writer.submit(
        one.county, lambda unit: Seats(unit.connection, one.county).turn(one.id, digests, now)
    ).result()
    return secret if done else ""


def _noted(office: Office, one: Session, now: datetime) -> None:
    office.store.writer.submit(
        one.county, lambda unit: Seats(unit.connection, one.county).see(one.id, now)
    )


def _secret(office: Office) -> str:
    return office.source.token(_SECRET).hex()


def mine(office: Office, actor: Actor) -> list[Session]:
    """One's own sessions that are not over, the latest first."""
    return living(office, actor.county, actor.person_id)


def living(office: Office, county: str, person: str) -> list[Session]:
    """A person's sessions that are not over, the latest first."""
    with office.store.reader.connect() as connection:
        return unended(of_person(connection, county, person), office.clock())


def unended(held: list[Session], now: datetime) -> list[Session]:
    """Those that are not over."""
    return [one for one in held if not _over(one, now)]


def end(office: Office, actor: Actor, id: str) -> None:
    """退出登录: one of one's own sessions ends; one that is nowhere has ended already."""
    if id not in {one.id for one in mine(office, actor)}:
        return

    def verb(desk: Desk) -> Answer:
        desk.act = "session.end"
        desk.note = {"session": id}
        desk.about(desk.unit.get(Person, actor.person_id))
        Seats(desk.unit.connection, actor.county).end(id)
        return Answer(body=None)

    office.perform(Call(actor=actor, county=actor.county, act="session.end"), verb)
