"""账号 signing in, tokens, and who a bearer is; failures are counted."""

import hashlib
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from typing import Annotated

import msgspec

from registry.actions.office import Answer, Call, Desk, Office
from registry.actions.places import above, came_to
from registry.actions.staff.lending import held_by, lent_to
from registry.actions.staff.passwords import check_first, matches
from registry.domain.areas import Area
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.people import Actor, Organisation, Person, Post, PostView
from registry.domain.records import Wire, civil
from registry.store.marks import TOKEN_ID, Marks
from registry.store.unit import Unit

BAD_SIGN_IN = declare(
    "sign_in.failed", RefusalKind.UNAUTHENTICATED, "用户名或口令不对",
    "User name or password is wrong.",
)  # fmt: skip
TOO_MANY = declare(
    "sign_in.too_many", RefusalKind.TOO_MANY, "登录失败次数过多，请稍后再试",
    "Too many failed sign-ins; try again later.",
)  # fmt: skip
NO_TOKEN = declare(
    "token.invalid", RefusalKind.UNAUTHENTICATED, "请先登录；令牌无效或已过期",
    "Sign in first; the token is invalid or has expired.",
)  # fmt: skip
TAKEN = declare(
    "person.username", RefusalKind.CONFLICT, "用户名 {username} 已有人使用",
    "The user name {username} is taken.", recorded=True,
)  # fmt: skip
TOKEN_LIFE = timedelta(hours=12)
"""How long a token lives: a working day."""
FAILURES_PER_HOUR = 10
"""Failed sign-ins of one account within an hour before it must wait."""


class SignInCommand(Wire, frozen=True, kw_only=True):
    """登录."""

    username: Annotated[str, msgspec.Meta(min_length=1, max_length=60, pattern=r"^[\x21-\x7e]+$")]
    password: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class TokenView(Wire, frozen=True, kw_only=True):
    """令牌."""

    token: str
    expires_at: datetime
    person_id: str
    name: str
    must_change: bool = False
    """The first password is to be changed before anything else."""


def sign_in(office: Office, command: SignInCommand, address: str = "") -> TokenView:
    """Check the password and issue a token that expires.

    Raises:
        Refusal: ``sign_in.failed``, ``sign_in.too_many``.
    """
    return issue_token(office, proven(office, command), address)


def proven(office: Office, command: SignInCommand) -> Person:
    """Whose name and password they are; failures are counted.

    Raises:
        Refusal: ``sign_in.failed``, ``sign_in.too_many``, ``password.over``.
    """
    now = office.clock()
    if office.store.reader.sign_in_failures(command.username, now) >= FAILURES_PER_HOUR:
        raise Refusal(TOO_MANY)
    person = office.store.reader.person_named(command.username)
    if not matches(person, command.password) or person is None:
        office.store.writer.submit(
            "000000",
            lambda unit: Marks(unit.connection, "000000").count_failure(command.username, now),
        ).result()
        raise Refusal(BAD_SIGN_IN)
    if not person.in_force(civil(now)):
        raise Refusal(BAD_SIGN_IN)
    check_first(office, person)
    return person


def issue_token(office: Office, person: Person, address: str = "") -> TokenView:
    """A fresh token for a person; the act is in the log with its address, the token is not."""
    now = office.clock()
    secret = urlsafe_b64encode(office.source.token(32)).decode().rstrip("=")
    expires = now + TOKEN_LIFE
    actor = Actor(person_id=person.id, name=person.name, county=person.county)

    def verb(desk: Desk) -> Answer:
        desk.act = "token.issue"
        desk.note = {"token": digest_of(secret)[:TOKEN_ID]}
        desk.note |= {"address": address} if address else {}
        desk.about(person)
        Marks(desk.unit.connection, person.county).add_token(
            digest_of(secret), person.id, now, expires
        )
        return Answer(body=None)

    office.perform(Call(actor=actor, county=person.county, act="token.issue"), verb)
    return TokenView(
        token=secret, expires_at=expires, person_id=person.id, name=person.name,
        must_change=person.must_change,
    )  # fmt: skip


def digest_of(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def actor_of(office: Office, bearer: str) -> Actor:
    """Who holds a token, with the posts in force today.

    Raises:
        Refusal: ``token.invalid``.
    """
    digest, now = digest_of(bearer), office.clock()
    known = office.bearers.get(digest, now)
    if known is not None:
        return known
    owner = office.store.reader.token_owner(digest, now)
    if owner is None:
        raise Refusal(NO_TOKEN)
    today = civil(now)
    person = office.store.reader.get(Person, owner.county, owner.person_id)
    if person is None or not person.in_force(today):
        raise Refusal(NO_TOKEN)
    actor = actor_for(office, person)
    office.bearers.put(digest, now, actor)
    if owner.used_on != today:
        _used(office, owner.county, digest)
    return actor


def _used(office: Office, county: str, digest: str) -> None:
    """Note once a day that a token is in use; no request waits for it."""
    today = civil(office.clock())
    office.store.writer.submit(
        county, lambda unit: Marks(unit.connection, county).use_token(digest, today)
    )


def actor_for(office: Office, person: Person) -> Actor:
    """A person with the posts in force today: their own, then those held for others."""
    today = civil(office.clock())
    with office.store.reader.connect() as connection:
        unit = Unit(connection, person.county, firm=False)
        own = held_by(unit, person.id, today)
        lent = lent_to(unit, person.id, today)
    views = [view for post in own if (view := _post_view(office, post)) is not None]
    for given, post in lent:
        view = _post_view(office, post)
        if view is not None:
            whose = {"on_behalf_of": given.from_person_id, "delegation_id": given.id}
            views.append(msgspec.structs.replace(view, **whose, acts=given.acts))
    return Actor(
        person_id=person.id, name=person.name, county=person.county, posts=views,
        must_change=person.must_change,
    )  # fmt: skip


def _post_view(office: Office, post: Post) -> PostView | None:
    reader = office.store.reader
    body = area = None
    for county in above(post.county):
        body = body or reader.get(Organisation, county, post.organisation_id)
        area = area or reader.get(Area, county, post.area_id)
    if body is None or area is None:
        return None
    view = PostView(
        role=post.role, organisation_id=body.id, organisation_kind=body.kind, area_id=area.id,
        area_path=area.path, level=body.level, post_id=post.id,
    )  # fmt: skip
    return msgspec.structs.replace(view, **came_to(reader, body, area))
