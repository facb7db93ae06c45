"""加一件之前 what the communities of one case carry already: theirs alone, and nothing of the county."""

from registry.actions.burden.weighing import Scale, seen_paths
from registry.actions.office import Office
from registry.domain.areas import Area
from registry.domain.people import Actor
from registry.domain.records import Wire, civil
from registry.store import burden as store
from registry.store.burden import County


class Carried(Wire, frozen=True, kw_only=True):
    """一个社区现在承担的: of its figures those that one more matter changes."""

    area_id: str
    code: str
    name: str
    items: int
    hours_year: int
    """With what the registry itself asks of it, as everywhere."""


def carried(office: Office, actor: Actor, areas: list[str], county: str) -> list[Carried]:
    """What the communities in some areas carry today, as ``burden`` tells it of each, in the order
    of codes; one reading however many they are, and none of the rest of the county.

    Args:
        areas: ids or codes; what is not the person's to see is left out.

    Raises:
        Refusal: ``access.reading``.
    """
    seen, today = tuple(seen_paths(office, actor, county)), civil(office.clock())
    find = office.store.reader.find
    named = [*find(Area, county, id=areas), *find(Area, county, code=areas)]
    with office.store.reader.moment() as connection:
        scale = Scale(office, County(connection, county, office.store.reader.kept))
        places = store.communities(scale.county, today, sorted({area.path for area in named}))
        ours = [place for place in places if place.path.startswith(seen)]
        held = scale.carried(ours)
    return [
        Carried(area_id=one.id, code=one.code, name=one.name, items=held[one.id]["items"],
                hours_year=held[one.id]["hours_year"])
        for one in ours
    ]  # fmt: skip
