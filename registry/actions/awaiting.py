"""待我确认 what of the ledger waits for one person: vouchers, indicators, claims, clearances, opening
balances, uses to be let pass by a second approver.

Whether it waits for them is asked of the act itself, which runs as far as it would before it looks
at the version it was given; so this list never says other than the act. In the order in which it
was recorded, never by amount (P9).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Annotated, Any, Literal, NamedTuple

import msgspec

from registry.actions.budgeting import indicating
from registry.actions.hindering import Trial, tried
from registry.actions.ledger import confirming
from registry.actions.office import Call, Desk, Office
from registry.actions.owing import clearing
from registry.actions.seeing import ACT, scopes
from registry.actions.spending import claiming, seconding
from registry.actions.years import signing
from registry.actions.years.signing import OpeningSignCommand
from registry.domain.accounts import VoucherStage
from registry.domain.budget import Indicator
from registry.domain.closing import Clearance, ClearanceState, OpeningBalance, OpeningState
from registry.domain.errors import RefusalKind
from registry.domain.funds import Voucher, VoucherLine, VoucherState
from registry.domain.people import Organisation, Person
from registry.domain.presence import Presence
from registry.domain.records import Record, Wire
from registry.domain.request import Request
from registry.domain.spending import Claim, ClaimState, Expenditure, SpendingState
from registry.store.reader import Page
from registry.store.unit import Unit

What = Literal["vouchers", "expenditures", "claims", "indicators", "clearances", "opening-balances"]
_NAMED = 3
"""Communities that are named; of more, how many there are is told."""


class AwaitingQuery(Wire, frozen=True, kw_only=True):
    """待我确认条件."""

    what: What | None = None
    """Only one kind of record."""
    after: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 20


class AwaitingItem(Wire, frozen=True, kw_only=True):
    """待我确认一项, with what is asked of the person."""

    what: What
    """The resource in which it is read whole."""
    id: str
    version: int
    """For ``If-Match``."""
    act: str
    """The address to post to, below /api/v1."""
    act_zh: str
    number: str = ""
    """凭证号, or 文号 of an indicator."""
    title: str = ""
    """Of the matter."""
    request_id: str | None = None
    places: list[str] = []
    """Names of its communities, the first few."""
    communities: int = 0
    amount_fen: int
    """Of a clearance, what the work done is worth."""
    dated_on: date
    recorded_by: str
    """Name of who recorded it."""
    obstacle: str = ""
    """Why it cannot be done yet, where something besides the person stands in the way: the code;
    the sentence follows."""
    obstacle_zh: str = ""
    obstacle_en: str = ""


class Awaiting(Wire, frozen=True, kw_only=True):
    """待我确认: ``next`` is the ``after`` of the following page."""

    items: list[AwaitingItem]
    next: str | None = None


class _Kind(NamedTuple):
    """What waits: how it is found, how it is done, what is told of it."""

    what: What
    record: type[Record]
    verb: str
    acts: tuple[str, ...]
    """Access acts, one of which a post must be able to do at all."""
    equals: Mapping[str, Any]
    do: Callable[[Desk, Any], object]
    tell: Callable[[Desk, Any], dict[str, Any]]


def awaiting(office: Office, call: Call, query: AwaitingQuery) -> Awaiting:
    """One page of what waits for the person in one county."""
    what, _, last = (query.after or "").partition("/")
    kinds = [k for k in KINDS if query.what in (None, k.what)]
    if what:
        kinds = kinds[next((i for i, k in enumerate(kinds) if k.what == what), len(kinds)) :]
    items: list[AwaitingItem] = []
    with office.store.reader.connect() as connection:
        for kind in kinds:
            begin = last if kind.what == what else ""
            for record in _rows(office, call, kind, (begin, query.limit)):
                if kind.record is Voucher and record.payment_id is not None:
                    continue  # 国库 decides, and nobody's hand
                # Nothing is recorded: no row need be held against others.
                unit = Unit(connection, call.county, firm=False, alone=True)
                told = _told(Trial(office, unit, call), kind, record)
                if told is not None:
                    items.append(told)
                if len(items) > query.limit:
                    end = items[query.limit - 1]
                    return Awaiting(items=items[:-1], next=f"{end.what}/{end.id}")
    return Awaiting(items=items)


def _rows(office: Office, call: Call, kind: _Kind, at: tuple[str, int]) -> Iterator[Any]:
    """Everything of a kind that waits and that the person may read, so many at a time."""
    begin, many = at
    equals = _wanted(office, call, kind)
    seen = scopes(office, call.actor, ACT[kind.record], call.county) if equals else []
    after = f"{call.county}|{begin}" if begin else None
    while seen and equals:
        rows: Sequence[Any] = office.store.reader.page(
            kind.record, seen, dict(equals), Page(after=after, limit=many)
        )
        yield from rows
        if len(rows) < many:
            return
        after = f"{call.county}|{rows[-1].id}"


def _wanted(office: Office, call: Call, kind: _Kind) -> Mapping[str, Any]:
    """What is looked for; nothing where no post of the person may do anything about it."""

    def able(act: str) -> bool:
        return any(
            post.serves(act) and office.access.relations(post.role, act)
            for post in call.actor.posts
        )

    if kind.record is Voucher:
        # A reversal is confirmed by whoever confirmed what it takes back.
        stages = [s.value for s in VoucherStage if able(f"voucher.confirm.{s.value}")]
        if not stages:
            return {}
        return {**kind.equals, "stage": sorted({*stages, VoucherStage.REVERSAL.value})}
    return kind.equals if any(map(able, kind.acts)) else {}


def _told(desk: Trial, kind: _Kind, record: Any) -> AwaitingItem | None:
    """What is told of a record that waits for the person; ``None`` = it does not."""
    obstacle: dict[str, Any] = {}
    refusal = tried(desk, kind.do, record)
    if refusal is not None:
        if refusal.kind in (RefusalKind.FORBIDDEN, RefusalKind.MISSING):
            return None
        said = desk.told(refusal)
        obstacle = {"obstacle": said.code, "obstacle_zh": said.detail,
                    "obstacle_en": said.detail_en}  # fmt: skip
    act_zh, _ = desk.office.access.named(desk.act)
    return AwaitingItem(
        what=kind.what, id=record.id, version=record.version, act_zh=act_zh,
        act=f"/{kind.what}/{record.id}/{kind.verb}", **kind.tell(desk, record), **obstacle,
    )  # fmt: skip


def _person(desk: Desk, id: str) -> str:
    held = desk.unit.maybe(Person, id) or desk.unit.beside(desk.actor.county).maybe(Person, id)
    return held.name if held is not None else id


def _of_places(desk: Desk, bodies: Sequence[str]) -> dict[str, Any]:
    once = list(dict.fromkeys(bodies))
    held = [desk.unit.maybe(Organisation, id) for id in once[:_NAMED]]
    return {"places": [one.name for one in held if one is not None], "communities": len(once)}


def _of_matter(desk: Desk, request_id: str | None) -> dict[str, Any]:
    held = desk.unit.maybe(Request, request_id) if request_id else None
    return {"request_id": request_id, "title": held.title if held is not None else ""}


def _voucher(desk: Desk, record: Voucher) -> dict[str, Any]:
    ids = dict.fromkeys(x.presence_id for x in desk.unit.find(VoucherLine, voucher_id=record.id))
    places = [desk.unit.get(Presence, id) for id in sorted(ids)]
    bodies = [p.organisation_id for p in places]
    return {
        "number": record.number, "amount_fen": record.total_fen, "dated_on": record.dated_on,
        "recorded_by": _person(desk, record.recorded_by),
        **(_of_matter(desk, record.request_id) if record.request_id else {
            "title": next((p.title for p in places), "")}),
        **_of_places(desk, bodies),
    }  # fmt: skip


def _expenditure(desk: Desk, record: Expenditure) -> dict[str, Any]:
    voucher = desk.unit.get(Voucher, record.voucher_id)
    return {
        "number": voucher.number, "amount_fen": record.amount_fen, "dated_on": record.paid_on,
        "recorded_by": _person(desk, voucher.recorded_by), **_of_matter(desk, record.request_id),
        **_of_places(desk, [record.organisation_id]),
    }  # fmt: skip


def _claim(desk: Desk, record: Claim) -> dict[str, Any]:
    return {
        "amount_fen": record.total_fen, "dated_on": record.drawn_on,
        "recorded_by": _person(desk, record.drawn_by),
        **_of_places(desk, [record.organisation_id]),
    }  # fmt: skip


def _indicator(desk: Desk, record: Indicator) -> dict[str, Any]:
    return {
        "number": record.number, "amount_fen": record.amount_fen, "dated_on": record.dated_on,
        "recorded_by": _person(desk, record.recorded_by),
    }  # fmt: skip


def _clearance(desk: Desk, record: Clearance) -> dict[str, Any]:
    return {
        "amount_fen": record.earned_fen, "dated_on": record.drawn_on,
        "recorded_by": _person(desk, record.drawn_by), **_of_matter(desk, record.request_id),
        **_of_places(desk, [record.organisation_id]),
    }  # fmt: skip


def _opening(desk: Desk, record: OpeningBalance) -> dict[str, Any]:
    by = record.street_signed_by
    return {
        "number": record.document_number, "title": record.title, "dated_on": record.as_on,
        "amount_fen": record.amount_fen, "recorded_by": _person(desk, by) if by else "",
        **_of_places(desk, [record.organisation_id]),
    }  # fmt: skip


def _second(desk: Desk, record: Expenditure) -> object:
    if not record.needs_second or record.second_approver is not None:
        raise desk.forbidden("expenditure.second")  # it waits for nobody's second word
    return seconding.second(desk, record.id, None)


def _done(act: Callable[[Desk, str, int | None], object], desk: Desk, record: Any) -> object:
    return act(desk, record.id, None)


def _sign(desk: Desk, record: OpeningBalance) -> object:
    return signing.sign(desk, record.id, None, OpeningSignCommand())


KINDS: tuple[_Kind, ...] = (
    _Kind("vouchers", Voucher, "confirm", (), {"state": VoucherState.RECORDED.value},
          partial(_done, confirming.confirm), _voucher),
    _Kind("expenditures", Expenditure, "second", ("expenditure.second",),
          {"state": SpendingState.RECORDED.value}, _second, _expenditure),
    _Kind("claims", Claim, "review", ("claim.review",), {"state": ClaimState.DRAWN.value},
          partial(_done, claiming.review), _claim),
    _Kind("indicators", Indicator, "confirm", ("indicator.confirm",), {"confirmed_by": None},
          partial(_done, indicating.confirm), _indicator),
    _Kind("clearances", Clearance, "agree", ("clearance.agree",),
          {"state": ClearanceState.DRAWN.value}, partial(_done, clearing.agree), _clearance),
    _Kind("opening-balances", OpeningBalance, "sign",
          ("opening.sign_street", "opening.sign_community"),
          {"state": [OpeningState.IMPORTED.value, OpeningState.STREET_SIGNED.value]}, _sign,
          _opening),
)  # fmt: skip
"""Each kind of thing in the ledger that a second person lets pass."""
