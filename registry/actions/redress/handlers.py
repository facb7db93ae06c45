"""办理单位 who answers and who handles: never a body that is concerned itself (P10)."""

from collections.abc import Callable, Collection, Iterator

from registry.actions.bodies import ABOVE, STREETS
from registry.actions.office import Answer, Call, Desk, Office
from registry.actions.outbox import heads
from registry.actions.places import above
from registry.domain.areas import Area, AreaLevel
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.people import Actor, Organisation, Post, PostView
from registry.domain.vocabulary import OrganisationKind

NO_BODY = declare(
    "redress.no_body", RefusalKind.INVALID,
    "没有可以办理的单位：规则包写明的和本级、上级准入管理机构，都没有设置或者都是当事单位",
    "Nobody can take it: the bodies the pack names and the admission offices here and above are "
    "missing, or concerned themselves.", recorded=True,
)  # fmt: skip


def answering(desk: Desk, place: Area, concerned: Collection[str], key: str) -> Organisation:
    """异议答复单位: the body that the pack names, else the street, the county's office, and the one
    above, the first that is not concerned.

    Raises:
        Refusal: ``redress.no_body``.
    """
    found = [*_behind(desk, key, place), *_behind(desk, _STREET, place), *_offices(desk)]
    for body in found:
        if not is_concerned(desk, body, concerned):
            return body
    raise Refusal(NO_BODY)


def handling(
    desk: Desk, place: Area, against: str, keys: list[str], *, before: Collection[str] = ()
) -> tuple[Organisation, list[str]]:
    """投诉办理单位: the first of the pack's bodies that is not concerned, else the office of the
    county and those above; and those passed over on the way.

    Args:
        before: bodies that had it and pass it on.

    Raises:
        Refusal: ``redress.no_body``.
    """
    over: list[str] = []
    named = [body for key in keys for body in _behind(desk, key, place)]
    for body in [*named, *_offices(desk)]:
        if body.id not in before and not is_concerned(desk, body, [against]):
            return body, list(dict.fromkeys([*before, *over]))
        over.append(body.id)
    raise Refusal(NO_BODY)


def somebody_takes(office: Office, county: str, find: Callable[[Desk], object]) -> bool:
    """Whether there is a body to take what lies with whom it is about: asked beside the log, so
    that what nobody can take is not tried in it again at every tick."""
    actor = Actor(person_id="system", name="system", county=county)
    try:
        office.ask(Call(actor=actor, county=county, act="tick.passed_on"),
                   lambda desk: Answer(body=find(desk)))  # fmt: skip
    except Refusal:
        return False
    return True


_STREET = "street"


def _behind(desk: Desk, key: str, place: Area) -> list[Organisation]:
    """The organisations behind a body key of the pack, for one place."""
    if not key:
        return []
    if key == _STREET:
        local = place.level in (AreaLevel.COMMUNITY, AreaLevel.STREET)
        streets = desk.places.streets([place]) if local else []
        return desk.places.serving(streets, STREETS)
    body = desk.rulebook().overlay.setting(lambda d: d.bodies.get(key))
    return [] if body is None else desk.places.carrying(body.function, ABOVE.get(body.family))


def _offices(desk: Desk) -> Iterator[Organisation]:
    """The bodies that carry the admission office of the county and of those above it, the nearest
    first."""
    for county in above(desk.unit.county):
        found = desk.unit.beside(county).find(Organisation)
        yield from (
            body for body in found
            if OrganisationKind.ADMISSION_OFFICE in body.functions and body.in_force(desk.today)
        )  # fmt: skip


def is_concerned(desk: Desk, body: Organisation, parties: Collection[str]) -> bool:
    """Whether a body is one of the parties, has one of their heads, or has charge of one of them:
    it judges nothing in it."""
    return any(_same(desk, body, party) or _over(desk, body, party) for party in parties)


def _same(desk: Desk, body: Organisation, party: str) -> bool:
    if body.id in _family(desk, [party]):
        return True
    return bool(set(heads(desk, body.id)) & set(heads(desk, party)))


def _over(desk: Desk, body: Organisation, party: str) -> bool:
    """The street of a community, or of what belongs to one, is concerned with it."""
    other = desk.places.organisation(party)
    if other.parent_id == body.id:
        return True
    if body.kind not in STREETS:
        return False
    return desk.places.home(other).path.startswith(desk.places.home(body).path)


def _family(desk: Desk, parties: Collection[str]) -> set[str]:
    """The parties, those they took over, and those that came after them."""
    heirs = desk.places.heirs(parties, acting=False)
    return {one for party in heirs for one in desk.places.before(party)}


def belongs(desk: Desk, person_id: str, party: str | None) -> bool:
    """Whether a person is one of those it is about, by whatever post: they hear of it what is told
    those, and no more."""
    theirs = _family(desk, [party]) if party is not None else set[str]()
    return any(
        post.organisation_id in theirs and post.in_force(desk.today)
        for county in above(desk.unit.county)
        for post in desk.unit.beside(county).find(Post, person_id=person_id)
    )


def binding(desk: Desk, post: PostView, parties: Collection[str], said: Collection[str | None]) \
        -> list[str]:  # fmt: skip
    """What binds who would answer or handle: ``filed`` where they said or entered it themselves,
    ``applicant`` where they belong to a party, by whatever post."""
    people = {desk.actor.person_id, *([post.on_behalf_of] if post.on_behalf_of else [])}
    held = [
        p.organisation_id for county in {desk.actor.county, desk.unit.county}
        for p in desk.unit.beside(county).find(Post, person_id=sorted(people))
        if p.in_force(desk.today)
    ]  # fmt: skip
    family = _family(desk, parties)
    found = ["filed"] if people & {one for one in said if one} else []
    return [*found, *(["applicant"] if family & set(held) else [])]
