"""通讯录 who holds a post in an organisation today: whom one may hand a task to, or call to sit."""

from datetime import date

from registry.actions.office import HIDDEN, Office
from registry.actions.places import above
from registry.actions.reading import NOT_READABLE
from registry.actions.seeing import own_ground
from registry.domain.errors import Refusal
from registry.domain.people import Actor, Organisation, Person, Post
from registry.domain.records import Wire, civil

READING = "colleague.read"


class Colleague(Wire, frozen=True, kw_only=True):
    """同事: a person by name, with their posts in this organisation."""

    person_id: str
    name: str
    roles: list[str]


class Directory(Wire, frozen=True, kw_only=True):
    """通讯录 of one organisation."""

    organisation_id: str
    organisation_name: str
    people: list[Colleague]


def listed(office: Office, actor: Actor, organisation_id: str) -> Directory:
    """The people of an organisation of one's own jurisdiction, of those above it, and for a city
    or a province of those below.

    Raises:
        Refusal: ``access.reading``; ``access.hidden`` where there is no such organisation there.
    """
    if not any(office.access.relations(p.role, READING) for p in actor.posts):
        raise Refusal(NOT_READABLE)
    today = civil(office.clock())
    ground = [scope.county for scope in own_ground(office, actor)]
    for partition in dict.fromkeys((*above(actor.county), *ground)):
        body = office.store.reader.get(Organisation, partition, organisation_id)
        if body is not None:
            people = _people(office, body, today)
            return Directory(organisation_id=body.id, organisation_name=body.name, people=people)
    raise Refusal(HIDDEN)


def _people(office: Office, body: Organisation, today: date) -> list[Colleague]:
    held: dict[str, list[str]] = {}
    for post in office.store.reader.find(Post, body.county, organisation_id=body.id):
        if post.in_force(today):
            held.setdefault(post.person_id, []).append(post.role)
    known = office.store.reader.find(Person, body.county, id=sorted(held)) if held else []
    found = [
        Colleague(person_id=p.id, name=p.name, roles=sorted(set(held[p.id])))
        for p in known if p.in_force(today)
    ]  # fmt: skip
    return sorted(found, key=lambda c: (c.name, c.person_id))
