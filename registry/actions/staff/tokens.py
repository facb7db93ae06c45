"""令牌 with which programs act as a person: one's own seen, issued and ended; those of others seen by
those who keep accounts and logs, and ended as their sessions are (``ending``).

A token is told once; what is kept of it is its digest, and its first letters are its name.
"""

from typing import Annotated

import msgspec

from registry.actions.office import Answer, Call, Desk, Office
from registry.actions.reading import NOT_READABLE
from registry.actions.seeing import scopes
from registry.actions.staff.accounts import (
    TOKEN_LIFE,
    SignInCommand,
    TokenView,
    issue_token,
    proven,
)
from registry.actions.staff.passwords import Password
from registry.domain.errors import Refusal
from registry.domain.people import Actor, Person
from registry.domain.records import Wire
from registry.store.marks import Marks, Token, tokens
from registry.store.reader import Page

TokenId = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{16}$")]
_MOST = 500


class TokenLine(Token, frozen=True, kw_only=True):
    """在用令牌, and where it was asked for."""

    address: str = ""
    """As the server saw it; empty = on the server itself, or unknown."""


class Tokens(Wire, frozen=True, kw_only=True):
    """在用令牌, the latest first."""

    items: list[TokenLine]


class TokenEndCommand(Wire, frozen=True, kw_only=True):
    """结束本人令牌."""

    token_id: TokenId


class TokenEnded(Wire, frozen=True, kw_only=True):
    """已结束; one that had ended already stays so."""

    token_id: str


def mine(office: Office, actor: Actor) -> Tokens:
    """One's own tokens that have not expired."""
    return _told(office, actor.county, actor.person_id)


def everybodys(office: Office, actor: Actor, county: str) -> Tokens:
    """Every token of a county that has not expired.

    Raises:
        Refusal: ``access.reading`` for all but those who keep accounts and logs.
    """
    if not any(s.whole for s in scopes(office, actor, "sign_in.read", county)):
        raise Refusal(NOT_READABLE)
    return _told(office, county)


def _told(office: Office, county: str, person: str | None = None) -> Tokens:
    with office.store.reader.connect() as connection:
        living = tokens(connection, county, office.clock(), person)
    came: dict[str, str] = {}
    for one in dict.fromkeys(token.person_id for token in living):
        came |= _addresses(office, county, one)
    return Tokens(items=[
        TokenLine(**msgspec.structs.asdict(one), address=came.get(one.id, "")) for one in living
    ])  # fmt: skip


def _addresses(office: Office, county: str, person: str) -> dict[str, str]:
    """Where a person's tokens were asked for, by the log."""
    reader = office.store.reader
    since = reader.snapshot(county, office.clock() - TOKEN_LIFE)
    wanted = {"act": "token.issue", "outcome": "done", "object_id": person}
    events = reader.events([county], wanted, Page(after=f"{county}|{since}", limit=_MOST))
    notes = (msgspec.json.decode(event.entry).get("note", {}) for event in events)
    return {str(n["token"]): str(n.get("address", "")) for n in notes if "token" in n}


def issue(office: Office, actor: Actor, password: Password, address: str = "") -> TokenView:
    """发本人令牌, for a program of one's own: the password is asked for again, so that an open desk
    gives nobody a token.

    Raises:
        Refusal: ``sign_in.failed``, ``sign_in.too_many``, ``access.hidden``.
    """
    person = office.store.reader.get(Person, actor.county, actor.person_id)
    username = person.username if person is not None else ""
    checked = proven(office, SignInCommand(username=username, password=password))
    return issue_token(office, checked, address)


def end(office: Office, actor: Actor, command: TokenEndCommand) -> TokenEnded:
    """结束本人令牌 at once."""

    def verb(desk: Desk) -> Answer:
        desk.act, desk.note = "session.end", {"token": command.token_id}
        desk.about(desk.unit.get(Person, actor.person_id))
        Marks(desk.unit.connection, actor.county).drop_token(actor.person_id, command.token_id)
        return Answer(body=TokenEnded(token_id=command.token_id))

    done: TokenEnded = office.perform(
        Call(actor=actor, county=actor.county, act="session.end"), verb
    ).body
    return done
