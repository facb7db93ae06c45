"""清点牌子 what hangs by right without an admission that is counted already: for quotas."""

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Connection, or_, select

from registry.domain.presence import Presence, PresenceState
from registry.domain.walls import HANGING, Board, Profile
from registry.store import tables
from registry.store.counting import NAMED, THERE, Tally, fitting


class Hung(NamedTuple):
    """牌子: one that hangs there."""

    area_id: str
    form: str
    place: str
    wording: str


def hanging(
    connection: Connection, county: str, what: Tally, areas: Mapping[str, str]
) -> list[Hung]:
    """Boards that may hang, as far as they were judged, and stand for no presence that is counted.

    Args:
        areas: id of each community → its path.
    """
    b = tables.BY_RECORD[Board]
    query = select(b.c.area_id, b.c.form, b.c.place, b.c.wording).where(
        b.c.county == county, b.c.event_to.is_(None), b.c.form.in_(what.kinds),
        b.c.state.in_([state.value for state in HANGING]), b.c.profile == Profile.STANDS.value,
    )  # fmt: skip
    if what.places:
        query = query.where(b.c.place.in_(what.places))
    if what.applicant:
        query = query.where(b.c.department_id == what.applicant)
    if what.levels:
        query = query.where(b.c.department_id.in_(fitting(what)))
    if len(areas) <= NAMED:
        query = query.where(b.c.area_path.in_(list(areas.values())))
    p = tables.BY_RECORD[Presence]
    counted = [s for s in THERE if not what.places or s != PresenceState.LEGACY.value]
    standing = select(p.c.id).where(
        p.c.county == county, p.c.id == b.c.presence_id, p.c.event_to.is_(None),
        or_(p.c.state.in_(counted), p.c.id.in_(what.replaced)),
    )  # fmt: skip
    query = query.where(or_(b.c.presence_id.is_(None), ~standing.exists()))
    return [Hung(*row) for row in connection.execute(query) if row[0] in areas]
