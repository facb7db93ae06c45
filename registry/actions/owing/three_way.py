"""三方对账 presence ↔ agreement ↔ vouchers: where what was admitted, what was signed and what the
books say differ, each difference with its cause. Told for a person to look at; nobody is blamed.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from registry.actions.office import Desk, Office
from registry.actions.owing.arrears import MoneyQuery, money_asked, place_after, wanted_of
from registry.domain.agreement import Agreement, AgreementState
from registry.domain.funds import Chain
from registry.domain.people import Actor
from registry.domain.presence import Presence
from registry.domain.records import Wire
from registry.domain.request import Request
from registry.store.chain import Sought, sums
from registry.store.moneyed import Placed, with_money
from registry.store.visible import Scope


class Difference(Wire, frozen=True, kw_only=True):
    """一处差异, 分."""

    what: str
    """agreement 协议与核定, pledge 进驻事项与账面核定, transit 拨付与到账, street 街道与社区."""
    what_zh: str
    first_fen: int
    second_fen: int
    cause: str
    cause_en: str


class Compared(Wire, frozen=True, kw_only=True):
    """一个社区的一项: what each of the three says, 分."""

    presence_id: str
    request_id: str | None
    title: str
    organisation_id: str
    code: str
    name: str
    share_fen: int
    """进驻事项: its share of what was admitted."""
    agreement_fen: int | None
    """协议金额, of the whole request; ``None`` = no agreement."""
    approved_fen: int
    sent_fen: int
    arrived_fen: int
    differences: list[Difference]


class ThreeWay(Wire, frozen=True, kw_only=True):
    """三方对账: ``next`` is the ``after`` of the following page."""

    county: str
    on: date
    items: list[Compared]
    next: str | None = None


class _Case(NamedTuple):
    """What belongs to a request as a whole."""

    agreement_fen: int | None
    shares_fen: int


def three_way(office: Office, actor: Actor, query: MoneyQuery) -> ThreeWay:
    """The matters of a page that the reader sees; with ``open=true`` only those that differ.

    Raises:
        Refusal: ``access.reading``; ``area.unknown``.
    """
    return money_asked(office, actor, query, ("three_way.read", _page))


def _page(desk: Desk, seen: list[Scope], query: MoneyQuery) -> ThreeWay:
    placed = with_money(desk.unit.connection, desk.unit.county, seen, wanted_of(desk, query))
    some = placed[: query.limit]
    ids = [one.presence.id for one in some]
    sought = Sought(seen=seen, presence_ids=ids)
    by = ("presence_id",)
    chains = sums(desk.unit.connection, desk.unit.county, sought, by) if ids else {}
    cases = _cases(desk, [one.presence for one in some])
    rows = [_row(one, chains.get((one.presence.id,), Chain()), cases) for one in some]
    return ThreeWay(
        county=desk.unit.county, on=desk.today,
        items=[row for row in rows if row.differences or not query.open],
        next=place_after(some[-1]) if len(placed) > query.limit else None,
    )  # fmt: skip


def _cases(desk: Desk, presences: Sequence[Presence]) -> dict[str, _Case]:
    ids = sorted({p.request_id for p in presences if p.request_id})
    if not ids:
        return {}
    offered = AgreementState.OFFERED.value
    signed = {
        a.request_id: a.terms.money_fen
        for a in desk.unit.find(Agreement, request_id=ids, state=offered)
    }
    shares: dict[str, int] = dict.fromkeys(ids, 0)
    for one in desk.unit.find(Presence, request_id=ids):
        shares[one.request_id or ""] += one.share_fen
    known = desk.unit.find(Request, id=ids)
    return {r.id: _Case(signed.get(r.id), shares[r.id]) for r in known}


def _row(placed: Placed, chain: Chain, cases: Mapping[str, _Case]) -> Compared:
    presence = placed.presence
    case = cases.get(presence.request_id or "", _Case(None, presence.share_fen))
    return Compared(
        presence_id=presence.id, request_id=presence.request_id, title=presence.title,
        organisation_id=presence.organisation_id, code=placed.code, name=placed.name,
        share_fen=presence.share_fen, agreement_fen=case.agreement_fen,
        approved_fen=chain.approved_fen, sent_fen=chain.dispatched_fen,
        arrived_fen=chain.community_fen, differences=list(_differences(presence, chain, case)),
    )  # fmt: skip


def _differences(presence: Presence, chain: Chain, case: _Case) -> Iterator[Difference]:
    if case.agreement_fen is not None and case.agreement_fen != case.shares_fen:
        yield _apart("agreement", (case.agreement_fen, case.shares_fen))
    if presence.share_fen != chain.approved_fen:
        yield _apart("pledge", (presence.share_fen, chain.approved_fen))
    if chain.transit_fen:
        yield _apart("transit", (chain.dispatched_fen, chain.dispatched_fen - chain.transit_fen))
    if chain.held_fen:
        yield _apart("street", (chain.street_fen, chain.street_fen - chain.held_fen))


_SAID = {
    "agreement": (
        "协议金额与各社区核定之和",
        "签订协议之后准予的经费有变更、追加、追减或者调剂，协议未随之修订",
        "What is granted changed after the agreement was offered, and its text was not amended.",
    ),
    "pledge": (
        "进驻事项份额与账面核定",
        "追加、追减、调剂或者清算撤回了未使用的核定",
        "Added, taken away, moved between items, or withdrawn by a clearance.",
    ),
    "transit": (
        "拨付与到账",
        "已拨付，到账尚未登记确认",
        "Sent; its arrival is not confirmed yet.",
    ),
    "street": ("街道到账与转拨", "街道已收到，尚未转拨社区", "At the street, not passed on yet."),
}


def _apart(what: str, figures: tuple[int, int]) -> Difference:
    zh, cause, cause_en = _SAID[what]
    return Difference(what=what, what_zh=zh, first_fen=figures[0], second_fen=figures[1],
                      cause=cause, cause_en=cause_en)  # fmt: skip
