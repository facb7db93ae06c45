"""街道代管一览 what a street holds, community by community, with and without a reason; the communities
sum to the street's account, and nothing is netted between them (E6, E7).
"""

from datetime import date

from registry.actions.office import Desk, Office
from registry.actions.owing.arrears import MoneyQuery, money_asked
from registry.domain.areas import Area
from registry.domain.closing import Hold
from registry.domain.people import Actor
from registry.domain.records import Wire
from registry.store.chain import Sought, sums
from registry.store.visible import Scope


class Holding(Wire, frozen=True, kw_only=True):
    """一个社区的代管资金, 分."""

    organisation_id: str
    code: str
    name: str
    held_fen: int
    explained_fen: int
    """Of it, what the street has given a reason for."""
    unexplained_fen: int


class Holdings(Wire, frozen=True, kw_only=True):
    """街道代管一览, in code order."""

    county: str
    on: date
    total_fen: int
    items: list[Holding]


def holdings(office: Office, actor: Actor, query: MoneyQuery) -> Holdings:
    """What lies at streets for the communities that the reader sees.

    Raises:
        Refusal: ``access.reading``; ``area.unknown``.
    """
    return money_asked(office, actor, query, ("hold.read", _told))


def _told(desk: Desk, seen: list[Scope], query: MoneyQuery) -> Holdings:
    path = desk.places.area(query.area, desk.today).path if query.area else None
    sought = Sought(
        seen=seen, path=path, request_id=query.request_id, payer_id=query.payer_id,
        presence_ids=[query.presence_id] if query.presence_id else None,
        years=[query.year] if query.year else None,
    )  # fmt: skip
    by = ("organisation_id", "area_id", "presence_id", "funding_key", "year")
    chains = sums(desk.unit.connection, desk.unit.county, sought, by)
    told = _explained(desk)
    held: dict[tuple[str, str], list[int]] = {}
    for (body, area, presence, key, year), chain in chains.items():
        if chain.held_fen > 0 and query.organisation_id in (None, body):
            reason = min(told.get((str(presence), str(key), int(year)), 0), chain.held_fen)
            both = held.setdefault((str(body), str(area)), [0, 0])
            both[0] += chain.held_fen
            both[1] += reason
    areas = {a.id: a for a in desk.unit.find(Area, id=sorted({area for _, area in held}))}
    items = [
        Holding(organisation_id=body, code=areas[area].code, name=areas[area].name,
                held_fen=fen, explained_fen=reason, unexplained_fen=fen - reason)
        for (body, area), (fen, reason) in held.items()
    ]  # fmt: skip
    items.sort(key=lambda one: (one.code, one.organisation_id))
    return Holdings(county=desk.unit.county, on=desk.today, items=items,
                    total_fen=sum(one.held_fen for one in items))  # fmt: skip


def _explained(desk: Desk) -> dict[tuple[str, str, int], int]:
    found: dict[tuple[str, str, int], int] = {}
    for hold in desk.unit.find(Hold, released_on=None):
        key = (hold.presence_id, hold.funding_key, hold.year)
        found[key] = found.get(key, 0) + hold.amount_fen
    return found
