"""资金管理模式 by date: what a community's money passes on its way, and what was under way before a
change (P5, E7).

A change takes hold from its day. Money sent before it arrives as it was sent; what a street still
holds is passed on by the street.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from registry.actions.office import Answer, Desk
from registry.actions.places import UNKNOWN_ORGANISATION
from registry.domain.accounts import Account, Move, Slot, Told, VoucherStage, moves, room
from registry.domain.budget import CustodyTerm
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.funds import Entry, VoucherLine, flows
from registry.domain.instrument import Instrument
from registry.domain.people import Organisation
from registry.domain.presence import Presence
from registry.domain.records import Ident, Wire
from registry.domain.vocabulary import Custody, OrganisationKind

ON_ITS_WAY = declare(
    "voucher.custody", RefusalKind.INVALID,
    "在途款项按拨付当日的资金管理模式到账：应到街道 {street_fen:元}，应直达社区 {direct_fen:元}（E7）",
    "Money arrives as it was sent: {street_fen:yuan} are bound for the street, {direct_fen:yuan} "
    "for the community itself (E7).", recorded=True,
)  # fmt: skip
SINCE = declare(
    "custody.since", RefusalKind.CONFLICT,
    "资金管理模式的起始日期须晚于 {last}：此前已有变更，或者已有凭证按原模式登记（P5）",
    "A custody begins after {last}: there is a change or a voucher of that day under the old one.",
    recorded=True,
)  # fmt: skip
SAME = declare(
    "custody.same", RefusalKind.CONFLICT, "该社区现在就是这种资金管理模式",
    "The community is under that custody already.", recorded=True,
)  # fmt: skip
_ARRIVALS = frozenset({VoucherStage.STREET_ARRIVAL, VoucherStage.COMMUNITY_ARRIVAL})


class CustodyCommand(Wire, frozen=True, kw_only=True):
    """变更资金管理模式 of a community, from a day on, by a document."""

    organisation_id: Ident
    """The community's organisation."""
    custody: Custody
    since: date
    instrument_id: Ident
    """文件: the registered document that changes it."""


def change(desk: Desk, command: CustodyCommand) -> Answer:
    """变更资金管理模式: from a day on which nothing is booked yet; what came before stays."""
    body = desk.unit.get(Organisation, command.organisation_id, lock=True)
    desk.about(body)
    home = desk.places.home(body)
    desk.authorise("custody.change", paths=[home.path])
    if body.kind is not OrganisationKind.COMMUNITY:
        raise Refusal(UNKNOWN_ORGANISATION, organisation=body.name)
    desk.unit.get(Instrument, command.instrument_id)
    terms = _terms(desk, [body.id])
    days = [t.since for t in terms] + [day for day in [_last_booked(desk, body.id)] if day]
    if days and command.since <= max(days):
        raise Refusal(SINCE, last=str(max(days)))
    if terms and terms[-1].custody is command.custody:
        raise Refusal(SAME)
    if terms:
        desk.unit.change(terms[-1], until=command.since - timedelta(days=1))
    made = desk.unit.add(CustodyTerm(
        county=desk.unit.county, id=desk.id("cst"), organisation_id=body.id,
        area_path=home.path, custody=command.custody, since=command.since,
        instrument_id=command.instrument_id, recorded_by=desk.actor.person_id,
    ))  # fmt: skip
    desk.about(made)
    desk.business_date = command.since
    return Answer(body=made, version=made.version)


def _last_booked(desk: Desk, body_id: str) -> date | None:
    """The last day on which a stage that depends on the custody was booked for the community."""
    places = [p.id for p in desk.unit.find(Presence, organisation_id=body_id)]
    lines = desk.unit.find(VoucherLine, presence_id=places) if places else []
    depends = _ARRIVALS | {VoucherStage.DISPATCH, VoucherStage.REFUND}
    return max(
        (x.dated_on for x in lines if x.dated_on and x.stage in depends and not x.voided),
        default=None,
    )


def _terms(desk: Desk, bodies: Iterable[str]) -> list[CustodyTerm]:
    found = desk.unit.find(CustodyTerm, organisation_id=sorted(set(bodies)))
    return sorted(found, key=lambda term: (term.since, term.id))


def custody_on(desk: Desk, presence: Presence, on: date) -> Custody:
    """The custody of a presence's community on a day; without a dated one, that with which it was
    admitted."""
    return custody_of(presence, _terms(desk, [presence.organisation_id]), on)


def custody_of(presence: Presence, terms: Iterable[CustodyTerm], on: date) -> Custody:
    """The same where the terms of its community are read already, in the order of their days."""
    held = [
        t for t in terms
        if t.organisation_id == presence.organisation_id
        and t.since <= on and (t.until is None or on <= t.until)
    ]  # fmt: skip
    return held[-1].custody if held else presence.custody


def custody_today(desk: Desk, bodies: Sequence[str]) -> dict[str, Custody]:
    """The custody that communities are under today by a dated change, by organisation."""
    return {t.organisation_id: t.custody for t in _terms(desk, bodies) if t.since <= desk.today}


class Entered(NamedTuple):
    """An entry, the presence it is for, and the fiscal year of its funding line."""

    entry: Entry
    presence: Presence
    year: int


class Ways:
    """去向: between which accounts a stage moves entries, under the custody of their day. What is
    known of communities is read once for all entries of a voucher."""

    def __init__(
        self, desk: Desk, stage: VoucherStage, presences: Iterable[Presence], on: date
    ) -> None:
        self._desk, self._stage, self._on = desk, stage, on
        self._terms: dict[str, list[CustodyTerm]] = {}
        for term in _terms(desk, (p.organisation_id for p in presences)):
            self._terms.setdefault(term.organisation_id, []).append(term)
        self._known: dict[tuple[str, Told], tuple[Move, ...]] = {}

    def moves(self, entered: Entered) -> tuple[Move, ...]:
        """The moves that an entry makes; empty where its custody knows no such stage.

        Raises:
            Refusal: ``voucher.custody``.
        """
        entry, presence, _ = entered
        terms = self._terms.get(presence.organisation_id, [])
        if terms and self._stage in _ARRIVALS:
            custody = custody_of(presence, terms, self._on)
            return _arriving(self._stage, entered, custody, _under_way(self._desk, entered, terms))
        told = Told(at=entry.at, out=entry.out, allotted=entry.indicator_id is not None)
        key = presence.id, told
        if key not in self._known:
            custody = custody_of(presence, terms, self._on)
            self._known[key] = moves(self._stage, custody, told)
        return self._known[key]


class _Way(NamedTuple):
    """在途 of one funding line in one community and year, 分: what waits taken off."""

    held_fen: int
    """At the street."""
    street_fen: int
    """On its way to the street, as it was sent."""
    direct_fen: int
    """On its way to the community itself."""


def _under_way(desk: Desk, entered: Entered, terms: Sequence[CustodyTerm]) -> _Way:
    entry, presence, year = entered
    key = (presence.id, entry.funding_key, entry.year or year)
    lines = [
        x for x in desk.unit.find(VoucherLine, presence_id=presence.id)
        if x.key == key and not x.voided
    ]  # fmt: skip
    free = room(flows(lines))
    transit = max(free.get(Slot(*key, Account.TRANSIT), 0), 0)
    days = {line.id: line.dated_on for line in lines}

    def by_street(line: VoucherLine) -> bool:
        day = days.get(line.reverses or line.id) or line.dated_on
        return day is not None and (
            custody_of(presence, terms, day) is Custody.STREET_CUSTODY
        )  # fmt: skip

    sent = (x for x in lines if x.stage is VoucherStage.DISPATCH and by_street(x))
    bound = sum(x.sign * x.amount_fen for x in sent if x.counted or x.sign < 0)
    bound -= sum(
        line.sign * line.amount_fen for line in lines
        if line.stage is VoucherStage.STREET_ARRIVAL and (line.counted or line.sign > 0)
    )  # fmt: skip
    street = min(max(bound, 0), transit)
    return _Way(max(free.get(Slot(*key, Account.STREET), 0), 0), street, transit - street)


def _arriving(
    stage: VoucherStage, entered: Entered, custody: Custody, way: _Way
) -> tuple[Move, ...]:
    """到账 where the custody has changed once: by the street what was sent to it, and directly what
    was not; where the entry does not say, as today's custody has it if there is so much."""
    asked = entered.entry.amount_fen
    if stage is VoucherStage.STREET_ARRIVAL:
        if asked > way.street_fen:
            raise Refusal(ON_ITS_WAY, street_fen=way.street_fen, direct_fen=way.direct_fen)
        return (Move(Account.STREET, Account.TRANSIT),)
    held = custody is Custody.STREET_CUSTODY
    if asked > (way.held_fen if held else way.direct_fen):
        held = way.held_fen >= asked
    if entered.entry.at is not None:
        held = entered.entry.at is Account.STREET
    if not held and asked > way.direct_fen:
        raise Refusal(ON_ITS_WAY, street_fen=way.street_fen, direct_fen=way.direct_fen)
    return (Move(Account.COMMUNITY, Account.STREET if held else Account.TRANSIT),)
