"""初始口令 a random password for somebody who has none or forgot theirs: shown once, good for a few
days and for nothing but choosing one's own; and 解锁 after too many failures.

Of the password its argon2id alone is kept; the log says who was given one, and by whom.
"""

from datetime import date
from typing import Annotated, Any

import msgspec

from registry.actions import sheets
from registry.actions.office import Answer, Call, Desk, Office
from registry.actions.rules.signing import county_paths
from registry.actions.staff.passwords import hash_password, last_day
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.people import Person
from registry.domain.records import Ident, Wire, civil
from registry.policies.sessions import shipped
from registry.store.marks import Marks

ACT, UNLOCK = "password.give", "person.unlock"
MOST = 200
"""Passwords given in one act: hashing each takes its time, and they are printed and cut apart."""
OWN = declare(
    "password.own", RefusalKind.INVALID, "本人的口令请在「本人」页修改",
    "Change your own password on your own page.", recorded=True,
)  # fmt: skip
CLOSED = declare(
    "password.closed", RefusalKind.CONFLICT, "账号 {username} 已停用，不能发口令",
    "The account {username} is closed and is given no password.", recorded=True,
)  # fmt: skip
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""None of them is taken for another on paper."""
_GROUPS, _GROUP = 4, 4


class PasswordsCommand(Wire, frozen=True, kw_only=True):
    """发初始口令: to whom."""

    person_ids: Annotated[list[Ident], msgspec.Meta(min_length=1, max_length=MOST)]


class Slip(Wire, frozen=True, kw_only=True):
    """口令条: for one person's eyes; the password is told here and never again."""

    person_id: str
    username: str
    name: str
    password: str
    until: date
    """The last day it can be used."""


class Slips(Wire, frozen=True, kw_only=True):
    """口令条 of one act, in the order that was asked for."""

    items: list[Slip]


class Made(Wire, frozen=True, kw_only=True):
    """已备口令: made and hashed before the act, which holds nobody up."""

    person_ids: list[str]
    secrets: dict[str, str]
    hashes: dict[str, str]


class Waiting(Wire, frozen=True, kw_only=True):
    """待发口令: an account that nobody signs in to yet."""

    person_id: str
    username: str
    name: str
    until: date | None = None
    """The last day of the first password; ``None`` = none was given."""
    over: bool = False


def made(office: Office, call: Call, command: PasswordsCommand) -> Made:
    """Random passwords and their argon2id.

    Raises:
        Refusal: ``access.forbidden``, before anything is hashed.
    """
    sheets.may(office, call.actor, ACT)
    wanted = list(dict.fromkeys(command.person_ids))
    secrets = {id: _random(office) for id in wanted}
    hashes = {id: hash_password(secret) for id, secret in secrets.items()}
    return Made(person_ids=wanted, secrets=secrets, hashes=hashes)


def _random(office: Office) -> str:
    number = int.from_bytes(office.source.token(32))
    letters = []
    for _ in range(_GROUPS * _GROUP):
        number, at = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[at])
    told = "".join(letters)
    return "-".join(told[at : at + _GROUP] for at in range(0, len(told), _GROUP))


def give(desk: Desk, given: Made) -> Answer:
    """发初始口令: whatever each was signed in with ends, failures are forgotten.

    Raises:
        Refusal: ``password.own``, ``password.closed``.
    """
    desk.authorise(ACT, paths=county_paths(desk))
    if desk.actor.person_id in given.person_ids:
        raise Refusal(OWN)
    until, slips = desk.today + shipped().first_password, list[Slip]()
    marks = Marks(desk.unit.connection, desk.unit.county)
    for id in given.person_ids:
        held = desk.unit.get(Person, id, lock=True)
        if not held.in_force(desk.today):
            raise Refusal(CLOSED, username=held.username)
        person = desk.unit.change(held, password_hash=given.hashes[id], must_change=True)
        marks.drop_tokens(id)
        marks.forget_failures(person.username, desk.now)
        desk.about(person)
        told: dict[str, Any] = {"username": person.username, "name": person.name, "until": until}
        slips.append(Slip(person_id=id, password=given.secrets[id], **told))
    desk.note = {"people": ",".join(slip.username for slip in slips)}
    return Answer(body=Slips(items=slips))


class Unlocked(Wire, frozen=True, kw_only=True):
    """已解锁: failures that were counted within the hour."""

    person_id: str
    failures: int


def unlock(desk: Desk, id: str) -> Answer:
    """解锁: an account that must wait after too many failures need not; the log keeps how many."""
    desk.authorise(UNLOCK, paths=county_paths(desk))
    person = desk.unit.get(Person, id)
    desk.about(person)
    marks = Marks(desk.unit.connection, desk.unit.county)
    failures = marks.forget_failures(person.username, desk.now)
    desk.note = {"failures": str(failures)}
    return Answer(body=Unlocked(person_id=id, failures=failures))


def waiting(office: Office, call: Call, after: str = "") -> list[Waiting]:
    """Accounts of a county without a password of their own, by user name: ``MOST`` and one more.

    Raises:
        Refusal: ``access.forbidden`` for all but who gives passwords.
    """

    def verb(desk: Desk) -> Answer:
        desk.authorise(ACT, paths=county_paths(desk))
        return Answer(body=None)

    office.ask(call, verb)
    today, found = civil(office.clock()), office.store.reader.find(Person, call.county)
    open_ = [p for p in found if p.in_force(today) and p.username > after]
    new = sorted((p for p in open_ if p.must_change or not p.password_hash), key=_by_name)
    return [_waits(office, person) for person in new[: MOST + 1]]


def _by_name(person: Person) -> str:
    return person.username


def _waits(office: Office, person: Person) -> Waiting:
    told: dict[str, Any] = {"username": person.username, "name": person.name}
    if not person.password_hash:
        return Waiting(person_id=person.id, **told)
    until = last_day(office, person)
    over = until is not None and until < civil(office.clock())
    return Waiting(person_id=person.id, until=until, over=over, **told)
