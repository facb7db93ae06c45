"""结束会话 sessions and tokens of others: seen by those who keep the log, ended by 安全保密管理员."""

from registry.actions.office import Answer, Desk, Office
from registry.actions.reading import NOT_READABLE
from registry.actions.rules.signing import county_paths
from registry.actions.seeing import scopes
from registry.actions.staff.seats import unended
from registry.actions.staff.tokens import TokenId
from registry.domain.errors import Refusal
from registry.domain.people import Actor, Person
from registry.domain.records import Ident, Wire
from registry.store.marks import Marks
from registry.store.seats import Seats, Session, of_county, of_person

ACT = "session.end"


class SessionEndCommand(Wire, frozen=True, kw_only=True):
    """结束会话: one browser of a person, or whatever they are signed in with."""

    person_id: Ident
    session_id: Ident | None = None
    token_id: TokenId | None = None
    """One token instead. Neither named = every session and every token."""


def everybodys(office: Office, actor: Actor, county: str) -> list[Session]:
    """Every session of a county that is not over, the latest first.

    Raises:
        Refusal: ``access.reading`` for all but those who keep accounts and logs.
    """
    if not any(s.whole for s in scopes(office, actor, "sign_in.read", county)):
        raise Refusal(NOT_READABLE)
    with office.store.reader.connect() as connection:
        return unended(of_county(connection, county), office.clock())


def end(desk: Desk, command: SessionEndCommand) -> Answer:
    """结束会话; one that is over already stays so."""
    desk.authorise(ACT, paths=county_paths(desk))
    person, county = desk.unit.get(Person, command.person_id), desk.unit.county
    desk.about(person)
    if command.token_id is not None:
        desk.note = {"token": command.token_id}
        Marks(desk.unit.connection, county).drop_token(person.id, command.token_id)
        return Answer(body={"id": person.id})
    if command.session_id is None:
        Marks(desk.unit.connection, county).drop_tokens(person.id)
        return Answer(body={"id": person.id})
    desk.note = {"session": command.session_id}
    theirs = {one.id for one in of_person(desk.unit.connection, county, person.id)}
    if command.session_id in theirs:
        Seats(desk.unit.connection, county).end(command.session_id)
    return Answer(body={"id": person.id})


__all__ = ["ACT", "SessionEndCommand", "end", "everybodys"]
