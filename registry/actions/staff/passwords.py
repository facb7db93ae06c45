"""口令 argon2id of passwords, and changing one's own; those who keep accounts give the first one."""

from datetime import date
from typing import Annotated

import msgspec
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from registry.actions.office import Answer, Call, Desk, Office
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.people import Actor, Person
from registry.domain.records import Wire, civil
from registry.policies.sessions import shipped
from registry.store.given import password_since
from registry.store.marks import Marks

WEAK = declare(
    "person.password", RefusalKind.INVALID, "口令至少 12 个字符",
    "A password has at least 12 characters.",
)  # fmt: skip
WRONG = declare("password.wrong", RefusalKind.INVALID, "原口令不对", "The old password is wrong.")
SAME = declare(
    "password.same", RefusalKind.INVALID, "新口令不能与原口令相同",
    "The new password must not be the old one.",
)  # fmt: skip
MUST_CHANGE = declare(
    "password.change", RefusalKind.FORBIDDEN, "请先修改初始口令，再办理其他事项",
    "Change the first password before anything else.",
)  # fmt: skip
OVER = declare(
    "password.over", RefusalKind.UNAUTHENTICATED,
    "初始口令已过 {until}，不能再用，请安全保密管理员重发",
    "The first password could be used until {until}; ask the security administrator for another.",
)  # fmt: skip
SHORTEST = 12
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

Password = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class PasswordCommand(Wire, frozen=True, kw_only=True):
    """改口令: the old one too, so that an open desk gives nobody an account."""

    old: Password
    new: Password


class Changed(Wire, frozen=True, kw_only=True):
    """已改: every token ends, this one too; sign in again."""

    person_id: str


def hash_password(password: str) -> str:
    """argon2id of a password.

    Raises:
        Refusal: ``person.password``.
    """
    if len(password) < SHORTEST:
        raise Refusal(WEAK)
    return _HASHER.hash(password)


def matches(person: Person | None, password: str) -> bool:
    """Whether it is the person's password; takes as long where there is no such person."""
    held = person.password_hash if person and person.password_hash else _NOBODY
    try:
        _HASHER.verify(held, password)
    except (VerificationError, InvalidHashError):
        return False
    return person is not None


_NOBODY = _HASHER.hash("nobody has this password")
"""Checked when the account does not exist, so that the answer takes as long."""


def last_day(office: Office, person: Person) -> date | None:
    """The last day on which a password given by another can be used; ``None`` = no such day."""
    if not person.must_change:
        return None
    with office.store.reader.connect() as connection:
        given = password_since(connection, person)
    return None if given is None else civil(given) + shipped().first_password


def check_first(office: Office, person: Person) -> None:
    """Refuse a first password that nobody changed in its days.

    Raises:
        Refusal: ``password.over``.
    """
    until = last_day(office, person)
    if until is not None and until < civil(office.clock()):
        raise Refusal(OVER, until=until)


def change(office: Office, actor: Actor, command: PasswordCommand) -> Changed:
    """改口令 of one's own account. Hashing is done before the act: it holds nobody up.

    Raises:
        Refusal: ``password.wrong``, ``password.same``, ``person.password``.
    """
    person = office.store.reader.get(Person, actor.county, actor.person_id)
    if not matches(person, command.old):
        raise Refusal(WRONG)
    if command.new == command.old:
        raise Refusal(SAME)
    fresh = hash_password(command.new)

    def verb(desk: Desk) -> Answer:
        held = desk.unit.get(Person, actor.person_id, lock=True)
        if person is None or held.password_hash != person.password_hash:
            raise Refusal(WRONG)
        desk.act = "password.change"
        changed = desk.unit.change(held, password_hash=fresh, must_change=False)
        Marks(desk.unit.connection, desk.unit.county).drop_tokens(held.id)
        desk.about(changed)
        return Answer(body=Changed(person_id=held.id))

    call = Call(actor=actor, county=actor.county, act="password.change")
    done: Changed = office.perform(call, verb).body
    return done
