"""本人 who is signed in: posts, what they do for others and others for them, what comes first."""

from datetime import date

from registry.actions.office import Office
from registry.actions.places import above
from registry.actions.staff.passwords import MUST_CHANGE
from registry.domain.areas import Area
from registry.domain.delegation import Absence, Delegation
from registry.domain.errors import Refusal
from registry.domain.people import Actor, Organisation, Person, PostView
from registry.domain.records import Wire, civil
from registry.domain.vocabulary import Level
from registry.store.unit import Unit


class PostLine(Wire, frozen=True, kw_only=True):
    """岗位 in which the person may act today, by its names."""

    role: str
    organisation_id: str
    organisation_name: str
    area_id: str
    area_name: str
    level: Level
    on_behalf_of: str | None = None
    """委托人, where it is another's post."""
    on_behalf_of_name: str = ""
    delegation_id: str | None = None
    acts: list[str] | None = None
    """Of another's post: the acts that were lent; absent = all that the role may do."""


class Duty(Wire, frozen=True, kw_only=True):
    """先办事项: what stands before everything else; the code that every other call is refused with."""

    code: str
    detail: str
    detail_en: str


class Oneself(Wire, frozen=True, kw_only=True):
    """本人."""

    person_id: str
    name: str
    username: str
    county: str
    roles: list[str]
    """Of one's own posts."""
    posts: list[PostLine]
    lent: list[Delegation]
    """委出: others act for the person, today or later."""
    borrowed: list[Delegation]
    """受托: the person acts for others, today or later; A/B角 only while the other is away."""
    absences: list[Absence]
    """外出 that is recorded and not over."""
    must: list[Duty]


def oneself(office: Office, actor: Actor) -> Oneself:
    """Who is asking, as the registry knows them today."""
    today = civil(office.clock())
    with office.store.reader.connect() as connection:
        unit = Unit(connection, actor.county, firm=False)
        away = unit.find(Absence, person_id=actor.person_id)
        return Oneself(
            person_id=actor.person_id, name=actor.name, county=actor.county,
            username=unit.get(Person, actor.person_id).username,
            roles=sorted({p.role for p in actor.posts if p.on_behalf_of is None}),
            posts=[_line(unit, post) for post in actor.posts],
            lent=_standing(unit.find(Delegation, from_person_id=actor.person_id), today),
            borrowed=_standing(unit.find(Delegation, to_person_id=actor.person_id), today),
            absences=[a for a in away if a.ended_on is None and a.valid_to >= today],
            must=_must(actor),
        )  # fmt: skip


def _line(unit: Unit, post: PostView) -> PostLine:
    body = area = None
    for county in above(unit.county):
        body = body or unit.beside(county).maybe(Organisation, post.organisation_id)
        area = area or unit.beside(county).maybe(Area, post.area_id)
    whose = unit.maybe(Person, post.on_behalf_of) if post.on_behalf_of else None
    return PostLine(
        role=post.role, organisation_id=post.organisation_id, area_id=post.area_id,
        organisation_name=body.name if body else "", area_name=area.name if area else "",
        level=post.level, on_behalf_of=post.on_behalf_of,
        on_behalf_of_name=whose.name if whose else "", delegation_id=post.delegation_id,
        acts=post.acts,
    )  # fmt: skip


def _standing(given: list[Delegation], today: date) -> list[Delegation]:
    return [d for d in given if d.ended_on is None and (d.valid_to is None or d.valid_to >= today)]


def _must(actor: Actor) -> list[Duty]:
    if not actor.must_change:
        return []
    first = Refusal(MUST_CHANGE)
    return [Duty(code=first.code, detail=first.detail, detail_en=first.detail_en)]
