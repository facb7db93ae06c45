"""主体 which organisations stand behind a body key of a flow, and whose request it is."""

from registry.actions.office import Desk
from registry.domain.approval import Step
from registry.domain.people import Organisation
from registry.domain.records import Wire
from registry.domain.request import Request
from registry.domain.vocabulary import Level, OrganisationKind
from registry.policies.judge import Rulebook
from registry.policies.pack import Body

STREETS = [OrganisationKind.STREET, OrganisationKind.TOWNSHIP]
ABOVE = {level.value: level for level in (Level.NATIONAL, Level.PROVINCE, Level.CITY)}
"""Role families of bodies that sit above the county: only organisations of that level are meant,
though one in the county carries the same function."""


class Seat(Wire, frozen=True, kw_only=True):
    """席位: one organisation under the key by which the flow names it."""

    key: str
    organisation: Organisation
    family: str


def book_of(desk: Desk, request: Request) -> Rulebook:
    """The rules of the day the case was filed on: a running case keeps the flow it began with,
    until it is moved to the one in force on a later day (改用现行流程)."""
    return desk.rulebook(request.flow_on or request.applied_on or desk.today)


def asking(request: Request) -> set[str]:
    """Organisations whose own request it is: they judge nothing in it (P13)."""
    return {a.organisation_id for a in request.filing.applicants}


def seats(desk: Desk, request: Request, keys: list[str]) -> list[Seat]:
    """Every organisation behind the keys, those that ask left in."""
    return [seat for key in keys for seat in _behind(desk, request, key)]


def takers(desk: Desk, request: Request, step: Step, keys: list[str]) -> list[Seat]:
    """Who is asked in a step, in order: nobody judges their own request (P13), so who asks is left
    out, or the body the step names answers in their place."""
    away, found = asking(request), list[Seat]()
    for seat in seats(desk, request, keys):
        own = seat.organisation.id in away
        found += seats(desk, request, [step.instead] if step.instead else []) if own else [seat]
    once = {seat.organisation.id: seat for seat in reversed(found)}
    return [s for s in found if once[s.organisation.id] is s and s.organisation.id not in away]


def _behind(desk: Desk, request: Request, key: str) -> list[Seat]:
    if key == "street":
        return _streets(desk, request)
    if key == "community":
        return _communities(desk, request)
    body = book_of(desk, request).overlay.setting(lambda d: d.bodies.get(key))
    return [] if body is None else _carrying(desk, key, body)


def _streets(desk: Desk, request: Request) -> list[Seat]:
    targets = [desk.places.area(t, desk.today) for t in request.filing.targets]
    serving = desk.places.serving(desk.places.streets(targets), STREETS)
    return [Seat(key="street", organisation=o, family=o.kind.value) for o in serving]


def _communities(desk: Desk, request: Request) -> list[Seat]:
    targets = [desk.places.area(t, desk.today) for t in request.filing.targets]
    areas = {
        area.id
        for receiver in request.filing.receivers
        for area in desk.places.communities(targets, receiver, desk.today)
    }
    serving = desk.places.serving(sorted(areas), [OrganisationKind.COMMUNITY])
    return [Seat(key="community", organisation=o, family=o.kind.value) for o in serving]


def _carrying(desk: Desk, key: str, body: Body) -> list[Seat]:
    found = desk.places.carrying(body.function, ABOVE.get(body.family))
    return [Seat(key=key, organisation=o, family=body.family) for o in found]
