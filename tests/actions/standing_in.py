"""代办 people of the demo county who lend their posts, get new ones and lose them, for tests."""

from datetime import date
from functools import partial
from typing import Any

from registry.actions.office import Answer, Desk, Office
from registry.actions.seeding import Seeder
from registry.actions.staff import absences, delegating, staffing
from registry.actions.staff.absences import AbsenceCommand
from registry.actions.staff.delegating import DelegationCommand, DeputyCommand
from registry.actions.staff.staffing import PostCommand
from registry.domain.delegation import Absence, Delegation
from registry.domain.people import Post
from tests.actions.case import Hands

COUNTY = "990102"
STREET, STREET2, CIVIL = "o-990102001", "o-990102002", "o-990102-civil"
FINANCE, ADMISSION = "o-990102-finance", "o-990102-admission"
COMMUNITY = "o-990102001001"
FIRST, LAST = date(2026, 3, 2), date(2026, 3, 13)


def person(username: str) -> str:
    """Id of a demo person."""
    return f"person-{username}"


def lend(
    hand: Hands, by: str, to: str, *acts: str, role: str = "street.head", of: str = STREET,
    **more: Any,
) -> Delegation:  # fmt: skip
    """授权委托 of some acts, from today."""
    fields: dict[str, Any] = {"valid_from": FIRST, "valid_to": LAST, **more}
    command = DelegationCommand(
        to_person_id=person(to), role=role, organisation_id=of, acts=list(acts), **fields
    )
    made: Delegation = hand(by).do(lambda d: delegating.give(d, command))
    return made


def deputy(
    hand: Hands, by: str, to: str, *, role: str = "street.head", of: str = STREET
) -> Delegation:
    """A/B角."""
    command = DeputyCommand(to_person_id=person(to), role=role, organisation_id=of)
    made: Delegation = hand(by).do(lambda d: delegating.name_deputy(d, command))
    return made


def away(hand: Hands, by: str, first: date = FIRST, last: date = LAST, **more: Any) -> Absence:
    """外出."""
    command = AbsenceCommand(valid_from=first, valid_to=last, **more)
    made: Absence = hand(by).do(lambda d: absences.record(d, command))
    return made


def ended(hand: Hands, by: str, given: Delegation) -> None:
    """终止委托."""
    hand(by).do(lambda d: delegating.end(d, given.id, given.version))


def operated(office: Office, act: str, verb: Any) -> Any:
    """An act of those who keep the accounts."""
    return Seeder(office).act(COUNTY, act, verb).body


def posted(office: Office, username: str, role: str, of: str, *, since: date | None = None) -> str:
    """任职: one more post; returns its id."""
    command = PostCommand(role=role, organisation_id=of, valid_from=since)
    verb = partial(staffing.grant_post, id=person(username), command=command)
    return str(operated(office, "post.grant", verb)["id"])


def post_of(office: Office, username: str) -> Post:
    """The post a demo person came with."""
    found: list[Post] = office.store.reader.find(Post, COUNTY, person_id=person(username))
    return found[0]


def left(office: Office, post_id: str, last: date) -> None:
    """免职 with effect after a day."""
    operated(office, "post.end", partial(staffing.end_post, id=post_id, last=last))


def disabled(office: Office, username: str) -> None:
    """停用."""
    operated(office, "person.disable", partial(staffing.disable_person, id=person(username)))


def changed(office: Office, record: Any, **fields: Any) -> None:
    """A row as another act would have left it, where how it came so is not tried."""

    def verb(desk: Desk) -> Answer:
        return Answer(body=desk.unit.change(desk.unit.get(type(record), record.id), **fields))

    operated(office, "person.test", verb)
