"""人员账号 people, their posts, passwords and tokens, as those who keep accounts make them."""

import hashlib
from base64 import urlsafe_b64encode
from datetime import date

import msgspec

from registry.actions.office import Answer, Desk
from registry.actions.rules.signing import county_paths
from registry.actions.staff.accounts import TAKEN, TOKEN_LIFE, TokenView
from registry.actions.staff.incompatible import keep_apart, longer
from registry.actions.staff.passwords import hash_password
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.people import Person, Post
from registry.domain.records import Ident, Line, Wire
from registry.policies.apart import term_of
from registry.store.marks import TOKEN_ID, Marks

NO_ROLE = declare(
    "post.role", RefusalKind.INVALID, "没有「{role}」这个岗位", "There is no post {role}.",
    recorded=True,
)  # fmt: skip
MACHINE = frozenset({"cli", "system", "resident"})
"""Posts of the registry's own machine, and of whoever says a word without signing in: nobody holds
them."""


SECRET_BYTES = 24
"""192 bits, which nobody guesses; they fill their letters without padding."""


class PostCommand(Wire, frozen=True, kw_only=True):
    """任职: which role, in which organisation, for which area, from when."""

    role: str
    organisation_id: Ident
    area: str = ""
    """Id or code of the area the post serves; empty = the organisation's own."""
    valid_from: date | None = None


class PersonCommand(PostCommand, frozen=True, kw_only=True):
    """新建人员: with a first post, since an account alone can do nothing (P23)."""

    username: str
    name: Line
    password: str


def create_person(desk: Desk, command: PersonCommand) -> Answer:
    """建账号: a person with one post."""
    desk.authorise("post.grant", paths=county_paths(desk))
    desk.authorise("person.create", paths=county_paths(desk))
    if desk.office.store.reader.person_named(command.username) is not None:
        raise Refusal(TAKEN, username=command.username)
    given = {
        "county": desk.unit.county, "id": desk.id("psn"), "name": command.name,
        "username": command.username, "password_hash": hash_password(command.password),
        "valid_from": command.valid_from or desk.today,
    }  # fmt: skip
    person = desk.unit.add(msgspec.convert(given, Person))
    _post(desk, person.id, command)
    desk.about(person)
    return Answer(body={"id": person.id, "username": person.username}, version=person.version)


def grant_post(desk: Desk, id: str, command: PostCommand) -> Answer:
    """任职: one more post for a person who has an account.

    Raises:
        Refusal: ``post.role``, ``post.incompatible``.
    """
    desk.authorise("post.grant", paths=county_paths(desk))
    post = _post(desk, desk.unit.get(Person, id).id, command)
    keep_apart(desk, id, term_of(post))
    desk.about(post)
    return Answer(body={"id": post.id, "role": post.role}, version=post.version)


def end_post(desk: Desk, id: str, last: date) -> Answer:
    """免去任职: the post is held to the end of that day; what was done in it stays.

    Raises:
        Refusal: ``post.incompatible`` where that day is later than the one that stood, and other
            posts were given for the days between.
    """
    desk.authorise("post.end", paths=county_paths(desk))
    held = desk.unit.get(Post, id, lock=True)
    post = desk.unit.change(held, valid_to=last)
    if longer(held, post):
        keep_apart(desk, post.person_id, term_of(post))
    desk.about(post)
    return Answer(body={"id": post.id, "role": post.role}, version=post.version)


def _post(desk: Desk, person_id: str, command: PostCommand) -> Post:
    if command.role in MACHINE or command.role not in desk.office.access.roles:
        raise Refusal(NO_ROLE, role=command.role)
    organisation = desk.places.standing(command.organisation_id)
    area = (
        desk.places.area(command.area, desk.today)
        if command.area
        else desk.places.home(organisation)
    )
    held = {
        "county": desk.unit.county, "id": desk.id("pst"), "person_id": person_id,
        "organisation_id": organisation.id, "area_id": area.id, "role": command.role,
        "valid_from": command.valid_from or desk.today,
    }  # fmt: skip
    return desk.unit.add(msgspec.convert(held, Post))


def disable_person(desk: Desk, id: str) -> Answer:
    """停用账号: sessions end at once; what the person did stays as it was."""
    desk.authorise("person.disable", paths=county_paths(desk))
    person = desk.unit.change(desk.unit.get(Person, id, lock=True), active=False)
    Marks(desk.unit.connection, desk.unit.county).drop_tokens(id)
    desk.about(person)
    return Answer(body={"id": person.id, "username": person.username}, version=person.version)


def set_password(desk: Desk, id: str, password: str) -> Answer:
    """改口令: tokens given under the old one end."""
    desk.authorise("person.create", paths=county_paths(desk))
    held = desk.unit.get(Person, id, lock=True)
    person = desk.unit.change(held, password_hash=hash_password(password))
    Marks(desk.unit.connection, desk.unit.county).drop_tokens(id)
    desk.about(person)
    return Answer(body={"id": person.id, "username": person.username}, version=person.version)


def hand_token(desk: Desk, id: str) -> Answer:
    """发令牌 to a program that acts as this person; the token itself is kept nowhere."""
    desk.authorise("token.issue", paths=county_paths(desk))
    person = desk.unit.get(Person, id)
    secret = urlsafe_b64encode(desk.office.source.token(SECRET_BYTES)).decode()
    expires = desk.now + TOKEN_LIFE
    digest = hashlib.sha256(secret.encode()).hexdigest()
    marks = Marks(desk.unit.connection, desk.unit.county)
    marks.add_token(digest, person.id, desk.now, expires)
    desk.note = {"token": digest[:TOKEN_ID]}
    desk.about(person)
    told = TokenView(token=secret, expires_at=expires, person_id=person.id, name=person.name)
    return Answer(body=told)
