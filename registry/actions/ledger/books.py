"""资金链查询 the chain of amounts of one matter: in one community, or of a request in all of them.

Communities stand in the order of their codes and in no other (P9); nothing is netted between them.
"""

from collections.abc import Iterable

from registry.actions.ledger.custody import custody_on
from registry.actions.ledger.posting import lines_of
from registry.actions.office import HIDDEN, Answer, Call, Desk, Office
from registry.actions.reading import NOT_READABLE
from registry.actions.seeing import scopes
from registry.domain.accounts import ACCOUNT_ZH, OUTSIDE, OWED, Account, Slot, balances, room
from registry.domain.areas import Area
from registry.domain.errors import Refusal
from registry.domain.funds import Chain, VoucherLine, chain, flows
from registry.domain.presence import Presence
from registry.domain.records import Ident, Wire
from registry.domain.request import Request
from registry.domain.vocabulary import Custody
from registry.store.chain import Sought, sums
from registry.store.seen import seen
from registry.store.visible import Scope

READ = "voucher.read"


class FundsQuery(Wire, frozen=True, kw_only=True):
    """资金链查询条件."""

    request_id: Ident


class InAccount(Wire, frozen=True, kw_only=True):
    """一户: what stands in an account, and what of it may still be taken out."""

    account: Account
    account_zh: str
    indicator_id: str = ""
    balance_fen: int
    """By confirmed vouchers; of what is owed to a lender, what is owed."""
    free_fen: int
    """What waits for confirmation taken off."""


class OfLine(Wire, frozen=True, kw_only=True):
    """一条经费项一年的资金链 in one community."""

    funding_key: str
    year: int
    payer_id: str
    chain: Chain
    accounts: list[InAccount]


class PresenceFunds(Wire, frozen=True, kw_only=True):
    """一个社区的资金链, by funding line and year."""

    presence_id: str
    request_id: str | None
    organisation_id: str
    custody: Custody
    """资金管理模式 today."""
    share_fen: int
    lines: list[OfLine]
    total: Chain


class OfCommunity(Wire, frozen=True, kw_only=True):
    """申请在一个社区的资金链, by funding line and year."""

    presence_id: str
    organisation_id: str
    code: str
    name: str
    funding_key: str
    year: int
    chain: Chain


class RequestFunds(Wire, frozen=True, kw_only=True):
    """一件申请的资金链: its communities in the order of their codes."""

    request_id: str
    snapshot: int
    """日志序号: as the books stood then."""
    communities: list[OfCommunity]
    total: Chain
    """Of what the reader may see."""


def of_presence(office: Office, call: Call, id: str) -> PresenceFunds:
    """The chain of one presence, for whoever may read its vouchers.

    Raises:
        Refusal: ``access.hidden``.
    """
    found: PresenceFunds = office.ask(call, lambda d: Answer(body=_of_presence(d, id))).body
    return found


def of_request(office: Office, call: Call, query: FundsQuery) -> RequestFunds:
    """The chains of a request, for whoever may read vouchers in it.

    Raises:
        Refusal: ``access.reading``, ``access.hidden``.
    """
    found: RequestFunds = office.ask(call, lambda d: Answer(body=_of_request(d, query))).body
    return found


def _scopes(desk: Desk) -> list[Scope]:
    found = scopes(desk.office, desk.actor, READ, desk.unit.county)
    if not found:
        raise Refusal(NOT_READABLE)
    return found


def _of_presence(desk: Desk, id: str) -> PresenceFunds:
    within, county = _scopes(desk), desk.unit.county
    presence = desk.unit.maybe(Presence, id)
    lines = lines_of(desk, [id])  # Asked of one that is nowhere too, which takes as long.
    whole = seen(desk.unit.connection, Presence, (county, id), within)
    if not whole:
        # Who pays sees its own money there, and no other's.
        own = {body for scope in within for body in scope.organisations}
        lines = [line for line in lines if line.payer_id in own]
    if presence is None or not (whole or lines):
        raise Refusal(HIDDEN)
    return PresenceFunds(
        presence_id=id, request_id=presence.request_id, organisation_id=presence.organisation_id,
        custody=custody_on(desk, presence, desk.today), share_fen=presence.share_fen,
        lines=_by_line(lines), total=chain(lines),
    )  # fmt: skip


def _by_line(lines: Iterable[VoucherLine]) -> list[OfLine]:
    apart: dict[tuple[str, int], list[VoucherLine]] = {}
    for line in lines:
        apart.setdefault((line.funding_key, line.year), []).append(line)
    return [
        OfLine(
            funding_key=key, year=year, payer_id=own[0].payer_id, chain=chain(own),
            accounts=_accounts(own),
        )
        for (key, year), own in sorted(apart.items())
    ]  # fmt: skip


def _accounts(lines: list[VoucherLine]) -> list[InAccount]:
    moved = flows(lines)
    held, free = balances(moved), room(moved)
    order = {account: at for at, account in enumerate(Account)}
    slots = sorted({*held, *free}, key=lambda s: (order[s.account], s.indicator_id))
    return [
        InAccount(
            account=slot.account, account_zh=ACCOUNT_ZH[slot.account],
            indicator_id=slot.indicator_id, balance_fen=_told(held, slot),
            free_fen=free.get(slot, 0),
        )
        for slot in slots if slot.account not in OUTSIDE
    ]  # fmt: skip


def _told(held: dict[Slot, int], slot: Slot) -> int:
    return held.get(slot, 0) * (-1 if slot.account in OWED else 1)


def _of_request(desk: Desk, query: FundsQuery) -> RequestFunds:
    within, id = _scopes(desk), query.request_id
    places = {p.id: p for p in desk.unit.find(Presence, request_id=id)}
    sought = Sought(seen=within, request_id=id)
    by = ("presence_id", "funding_key", "year")
    found = sums(desk.unit.connection, desk.unit.county, sought, by)
    if not found and not seen(
        desk.unit.connection, Request, (desk.unit.county, id), within
    ):  # fmt: skip
        raise Refusal(HIDDEN)
    areas = {a.id: a for a in desk.unit.find(Area, id=sorted({p.area_id for p in places.values()}))}
    listed = [
        _community(places[presence_id], areas[places[presence_id].area_id], (key, year, had))
        for (presence_id, key, year), had in found.items()
    ]
    whole = sums(desk.unit.connection, desk.unit.county, sought, ())
    return RequestFunds(
        request_id=id, snapshot=desk.office.store.reader.head(desk.unit.county),
        communities=sorted(listed, key=lambda c: (c.code, c.presence_id, c.funding_key, c.year)),
        total=whole.get((), Chain()),
    )  # fmt: skip


def _community(place: Presence, area: Area, had: tuple[str, int, Chain]) -> OfCommunity:
    return OfCommunity(
        presence_id=place.id, organisation_id=place.organisation_id, code=area.code,
        name=area.name, funding_key=had[0], year=had[1], chain=had[2],
    )  # fmt: skip
