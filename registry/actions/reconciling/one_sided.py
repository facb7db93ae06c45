"""单边账 what stands in one side's books only, community by community: a standing report (E14).

A payment is matched when payer and receiver have both confirmed it with one amount. What is not is
told here with its days: on its way too long, on a statement without a voucher, in a voucher that
the statement of those days does not show. Places stand in the order of their codes (P9).
"""

from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

import msgspec

from registry.actions.office import Answer, Call, Desk, Office
from registry.actions.reading import NOT_READABLE
from registry.actions.reconciling.pairing import shown_fen
from registry.actions.seeing import scopes
from registry.domain.areas import Area
from registry.domain.bank import Direction, LineSource
from registry.domain.errors import Refusal
from registry.domain.reconciling import Leg, legs
from registry.domain.records import Ident, Wire
from registry.store import banking, parted
from registry.store.chain import Sought, sums
from registry.store.visible import Scope

BOOKS, LINES = "voucher.read", "bank.read"


class Sided(StrEnum):
    """单边种类."""

    PAYER_ONLY = "payer_only"
    """付方有、收方无."""
    RECEIVER_ONLY = "receiver_only"
    """收方有、付方无."""
    DIFFERS = "differs"
    """双方金额不符: also a line of which a part has found its voucher."""
    NO_STATEMENT = "no_statement"
    """凭证有、流水无: the statement of those days is there and does not show it."""


class Item(Wire, frozen=True, kw_only=True):
    """单边一笔."""

    key: str
    """Where it stands in the report: ``after`` of the next page."""
    kind: Sided
    books: Literal["vouchers", "treasury", "bank"]
    area_code: str
    area_name: str
    payer_fen: int
    receiver_fen: int
    difference_fen: int
    since: date
    days: int
    """Calendar days since then."""
    presence_id: str | None = None
    funding_key: str = ""
    year: int | None = None
    voucher_id: str | None = None
    line_id: str | None = None


class Total(Wire, frozen=True, kw_only=True):
    """合计 of one kind, of all that the reader may see."""

    kind: Sided
    items: int
    difference_fen: int


class OneSided(Wire, frozen=True, kw_only=True):
    """单边账."""

    on: date
    items: list[Item]
    totals: list[Total]
    next: str | None = None


class OneSidedQuery(Wire, frozen=True, kw_only=True):
    """单边账查询条件."""

    area: Ident | None = None
    kind: Sided | None = None
    after: Annotated[str, msgspec.Meta(max_length=300)] = ""
    limit: Annotated[int, msgspec.Meta(ge=1, le=500)] = 256


def asked(office: Office, call: Call, query: OneSidedQuery) -> OneSided:
    """The report for whoever may read vouchers, or statements, of a place.

    Raises:
        Refusal: ``access.reading``; ``area.unknown``.
    """
    found: OneSided = office.ask(call, lambda desk: Answer(body=report(desk, query))).body
    return found


def report(desk: Desk, query: OneSidedQuery) -> OneSided:
    """The same within an act."""
    books = scopes(desk.office, desk.actor, BOOKS, desk.unit.county)
    lines = scopes(desk.office, desk.actor, LINES, desk.unit.county)
    if not books and not lines:
        raise Refusal(NOT_READABLE)
    below = desk.places.area(query.area, desk.today).path if query.area else "/"
    made = _Report(desk, below)
    items = sorted(
        (*made.on_their_way(books), *made.on_statements(lines), *made.in_vouchers(lines)),
        key=lambda item: item.key,
    )
    wanted = [item for item in items if query.kind in (None, item.kind)]
    page = [item for item in wanted if item.key > query.after][: query.limit + 1]
    more = len(page) > query.limit
    return OneSided(
        on=desk.today, items=page[: query.limit], totals=_totals(wanted),
        next=page[query.limit - 1].key if more else None,
    )  # fmt: skip


def on_their_way(desk: Desk, presence_ids: list[str] | None) -> list[Item]:
    """What was sent, in the whole county or to some presences, and is not confirmed where it goes,
    for a tick."""
    whole = [Scope(county=desk.unit.county, whole=True)]
    return list(_Report(desk, "/").on_their_way(whole, presence_ids))


def _totals(items: Iterable[Item]) -> list[Total]:
    found: dict[Sided, list[int]] = {kind: [] for kind in Sided}
    for item in items:
        found[item.kind].append(item.difference_fen)
    return [Total(kind=k, items=len(v), difference_fen=sum(v)) for k, v in found.items() if v]


class _Report:
    """单边账 of one county, put together from what both sides have told."""

    def __init__(self, desk: Desk, below: str) -> None:
        self._desk, self._below = desk, below
        self._areas = {area.path: area for area in desk.unit.find(Area)}

    def on_their_way(
        self, seen: list[Scope], presence_ids: list[str] | None = None
    ) -> Iterator[Item]:
        """Sent by the payer, and not yet, or not all, confirmed where it goes."""
        if not seen:
            return
        unit = self._desk.unit
        path = None if self._below == "/" else self._below
        by = ("presence_id", "funding_key", "year", "area_path")
        sought = Sought(seen=seen, path=path, presence_ids=presence_ids)
        chains = sums(unit.connection, unit.county, sought, by)
        open_ = {key: chain for key, chain in chains.items() if chain.transit_fen > 0}
        since = self._since({key[:3]: chain.transit_fen for key, chain in open_.items()})
        for (presence, funding, year, place), chain in open_.items():
            arrived = chain.dispatched_fen - chain.transit_fen
            kind = Sided.DIFFERS if arrived > 0 else Sided.PAYER_ONLY
            yield self._item(
                kind, "vouchers",
                (place, f"{presence}.{funding}.{year}", since[presence, funding, year]),
                (chain.dispatched_fen, arrived),
                presence_id=presence, funding_key=funding, year=year,
            )  # fmt: skip

    def _since(self, waiting: dict[tuple[str, str, int], int]) -> dict[tuple[str, str, int], date]:
        """The day on which the oldest of what is still on its way was sent: what was sent first
        has arrived first."""
        unit = self._desk.unit
        sent: dict[tuple[str, str, int], list[tuple[date, int]]] = {key: [] for key in waiting}
        ids = sorted({presence for presence, _, _ in waiting})
        for one in banking.sent(unit.connection, unit.county, ids):
            if (key := (one.presence_id, one.funding_key, one.year)) in sent:
                sent[key].append((one.dated_on, one.fen))
        return {key: _oldest(sent[key], fen) or self._desk.today for key, fen in waiting.items()}

    def on_statements(self, seen: list[Scope]) -> Iterator[Item]:
        """Lines that show no voucher."""
        unit = self._desk.unit
        for line in banking.waiting_lines(unit.connection, unit.county) if seen else ():
            if not _may(seen, line.area_path, line.account_id) or not self._here(line.area_path):
                continue
            paid = line.direction is Direction.OUT
            one, other = line.amount_fen, line.parted_fen
            amounts = (one, other) if paid else (other, one)
            alone = Sided.PAYER_ONLY if paid else Sided.RECEIVER_ONLY
            yield self._item(
                Sided.DIFFERS if other else alone, line.source.value,
                (line.area_path, line.id, line.dated_on), amounts, line_id=line.id,
            )  # fmt: skip

    def in_vouchers(self, seen: list[Scope]) -> Iterator[Item]:
        """Vouchers that the statements of their days show in part, or not at all."""
        if not seen:
            return
        unit = self._desk.unit
        done = parted.matched(unit.connection, unit.county)
        days = banking.statement_days(unit.connection, unit.county)
        for leg in legs(banking.moved(unit.connection, unit.county)) if days else ():
            shown = shown_fen(leg, done)
            if shown == leg.fen or not self._here(leg.path) or not _may(seen, leg.path, ""):
                continue
            place = leg.path if leg.source is LineSource.BANK else ""
            first, last = days.get((leg.source, place), (date.max, date.min))
            if shown or first <= leg.dated_on <= last:
                yield self._leg(leg, shown)

    def _leg(self, leg: Leg, shown: int) -> Item:
        theirs = (leg.source is LineSource.TREASURY) is (leg.direction is Direction.OUT)
        of_payer = leg.source is LineSource.TREASURY if theirs else leg.source is LineSource.BANK
        amounts = (shown, leg.fen) if of_payer else (leg.fen, shown)
        return self._item(
            Sided.DIFFERS if shown else Sided.NO_STATEMENT, leg.source.value,
            (leg.path, f"{leg.voucher_id}.{leg.direction.value}", leg.dated_on), amounts,
            voucher_id=leg.voucher_id,
        )  # fmt: skip

    def _here(self, path: str) -> bool:
        return path.startswith(self._below) or self._below == "/"

    def _item(
        self, kind: Sided, books: str, at: tuple[str, str, date], amounts: tuple[int, int],
        **about: object,
    ) -> Item:  # fmt: skip
        place, id, since = at
        area = self._areas.get(place)
        code = area.code if area else self._desk.unit.county
        return msgspec.convert(
            {
                "key": f"{code}|{books}|{id}", "kind": kind, "books": books, "area_code": code,
                "area_name": area.name if area else "", "payer_fen": amounts[0],
                "receiver_fen": amounts[1], "difference_fen": abs(amounts[0] - amounts[1]),
                "since": since, "days": (self._desk.today - since).days, **about,
            },
            Item,
        )  # fmt: skip


def _oldest(sent: list[tuple[date, int]], waiting: int) -> date | None:
    """Of amounts in the order of their days, the day of the first that is still on its way."""
    arrived = sum(fen for _, fen in sent) - waiting
    for day, fen in sent:
        arrived -= fen
        if arrived < 0:
            return day
    return None


def _may(seen: Iterable[Scope], path: str, account: str) -> bool:
    return any(
        scope.whole
        or (account and account in scope.organisations)
        or (scope.path is not None and path.startswith(scope.path))
        for scope in seen
    )
