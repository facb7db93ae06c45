"""待公布 leavings that the pack wants published and nobody has posted yet, for who may post them."""

from datetime import date

from registry.actions.office import Office
from registry.actions.reading import NOT_READABLE
from registry.actions.seeing import scopes
from registry.domain.errors import Refusal
from registry.domain.living import Departure, DepartureState
from registry.domain.people import Actor
from registry.domain.presence import Presence
from registry.domain.records import Wire, civil
from registry.policies.measures import Publicity


class Waiting(Wire, frozen=True, kw_only=True):
    """待公布一项: what left, where, since when."""

    departure_id: str
    presence_id: str
    request_id: str | None
    title: str
    organisation_id: str
    area_path: str
    left_on: date
    reason: str
    what: str = "exit"
    """To be posted as this."""


class WaitingList(Wire, frozen=True, kw_only=True):
    """待公布清单, in the order of the communities, and how the pack wants it posted."""

    items: list[Waiting]
    rule: Publicity | None


def waiting(office: Office, actor: Actor, county: str | None) -> WaitingList:
    """What waits to be posted where the person may post.

    Raises:
        Refusal: ``access.reading``.
    """
    code = county or actor.county
    seen = scopes(office, actor, "posting.post", code)
    if not seen:
        raise Refusal(NOT_READABLE)
    paths = tuple(s.path for s in seen if s.path is not None)
    own = {o for s in seen for o in s.organisations}
    reader = office.store.reader
    left = [
        one for one in reader.find(Departure, code, state=DepartureState.OPEN.value)
        if one.publish and one.posting_id is None
        and (one.area_path.startswith(paths) or one.organisation_id in own)
    ]  # fmt: skip
    held = reader.find(Presence, code, id=[one.presence_id for one in left])
    titles = {one.id: one.title for one in held}
    rules = office.rulebooks.of(code, civil(office.clock())).overlay
    return WaitingList(
        items=[_told(one, titles.get(one.presence_id, "")) for one in sorted(left, key=_place)],
        rule=rules.setting(lambda d: d.publicity),
    )


def _place(left: Departure) -> tuple[str, date, str]:
    return left.area_path, left.left_on, left.id


def _told(left: Departure, title: str) -> Waiting:
    return Waiting(
        departure_id=left.id, presence_id=left.presence_id, request_id=left.request_id,
        title=title, organisation_id=left.organisation_id, area_path=left.area_path,
        left_on=left.left_on, reason=left.reason,
    )  # fmt: skip
