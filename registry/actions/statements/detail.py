"""明细账 the entries of the ledger one by one: what arrived this month, what was sent, what was spent.

In the order of their days, with the sum of all that is asked for: what was taken back is taken off,
so that the sum is what the chain says.
"""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, NamedTuple

import msgspec

from registry.actions.office import Answer, Call, Desk, Office
from registry.actions.owing.arrears import readers
from registry.domain.accounts import ACCOUNT_ZH, STAGE_ZH, Account, VoucherStage
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.funds import VoucherState, Year
from registry.domain.people import Actor, Organisation
from registry.domain.presence import Presence
from registry.domain.records import Ident, Wire
from registry.store.accounted import LEAST, Accounted, Moved
from registry.store.chain import Sought
from registry.store.entries import Entered, Entries, entered, entries
from registry.store.visible import Scope

BAD_PAGE = declare(
    "query.entries_after", RefusalKind.MALFORMED, "after 不是明细账某一页给出的位置",
    "after is no place that a page of the entries has given.",
)  # fmt: skip


class DetailQuery(Wire, frozen=True, kw_only=True):
    """明细账条件: what is absent does not narrow."""

    stage: VoucherStage | None = None
    """资金环节; a reversal stands with the stage that it takes back."""
    state: VoucherState = VoucherState.CONFIRMED
    """Of the vouchers; what counts, unless something else is asked for."""
    organisation_id: Ident | None = None
    """The community."""
    request_id: Ident | None = None
    presence_id: Ident | None = None
    payer_id: Ident | None = None
    area: Annotated[str, msgspec.Meta(max_length=120)] | None = None
    """Id or code of an area: all below it."""
    year: Year | None = None
    """Of the money."""
    first: date | None = None
    last: date | None = None
    after: Annotated[str, msgspec.Meta(max_length=140)] | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=500)] = 20


class Turnover(NamedTuple):
    """哪个环节、哪段时间的发生额, both days within it."""

    stage: VoucherStage
    first: date
    last: date


class DetailEntry(Wire, frozen=True, kw_only=True):
    """明细账一笔."""

    voucher_id: str
    number: str
    """凭证号."""
    dated_on: date
    stage: VoucherStage
    stage_zh: str
    request_id: str | None
    presence_id: str
    title: str
    organisation_id: str
    code: str
    """Code of the community."""
    name: str
    payer_id: str
    payer_name: str
    funding_key: str
    year: int
    debit_zh: str
    """借: where it went."""
    credit_zh: str
    """贷: where it came from."""
    amount_fen: int
    reversal: bool
    """冲销: it takes the amount back."""


class Detail(Wire, frozen=True, kw_only=True):
    """明细账: ``next`` is the ``after`` of the following page."""

    county: str
    many: int
    """How many entries there are in all, on every page."""
    total_fen: int
    """What they come to, what was taken back taken off; over different stages it says nothing."""
    items: list[DetailEntry]
    next: str | None = None


def detail(office: Office, actor: Actor, call: Call, query: DetailQuery) -> Detail:
    """The entries that the reader may see.

    Raises:
        Refusal: ``access.reading``, ``area.unknown``, ``query.entries_after``.
    """
    seen = readers(office, actor, call.county)
    found: Detail = office.ask(call, lambda d: Answer(body=_page(d, seen, query))).body
    return found


def turnovers(
    office: Office, actor: Actor, call: Call, asked: Sequence[Turnover]
) -> list[int]:  # fmt: skip
    """发生额 what the entries of each of several stages and periods come to, at one moment: the
    ``total_fen`` of each, 分, without the entries themselves.

    Raises:
        Refusal: ``access.reading``.
    """
    sought = Sought(seen=readers(office, actor, call.county))
    kept = office.store.reader.kept

    def read(desk: Desk) -> Answer:
        return Answer(body=Accounted(kept, desk.unit.connection, call.county, sought).moved())

    moved: dict[tuple[str, date], Moved] = office.ask(call, read).body
    days: dict[str, list[tuple[date, int]]] = {}
    for (stage, day), (_, fen) in moved.items():
        days.setdefault(stage, []).append((day, fen))
    return [
        sum(fen for day, fen in days.get(one.stage, ()) if one.first <= day <= one.last)
        for one in asked
    ]


def _sought(desk: Desk, seen: list[Scope], query: DetailQuery) -> Entries:
    return Entries(
        seen=seen, state=query.state.value, request_id=query.request_id,
        stages=[query.stage.value] if query.stage is not None else None,
        presence_id=query.presence_id, organisation_id=query.organisation_id,
        payer_id=query.payer_id, year=query.year, first=query.first, last=query.last,
        path=desk.places.area(query.area, desk.today).path if query.area else None,
    )  # fmt: skip


def _page(desk: Desk, seen: list[Scope], query: DetailQuery) -> Detail:
    connection, county = desk.unit.connection, desk.unit.county
    sought = _sought(desk, seen, query)
    page = _after(query.after), query.limit + 1
    many, fen = _all(desk, sought)
    rows = entries(connection, county, sought, page, many=many >= LEAST)
    shown = rows[: query.limit]
    more = f"{shown[-1].dated_on}|{shown[-1].id}" if len(rows) > query.limit else None
    return Detail(
        county=county, many=many, total_fen=fen, items=[_told(desk, row) for row in shown],
        next=more,
    )  # fmt: skip


def _all(desk: Desk, sought: Entries) -> tuple[int, int]:
    """How many there are in all, and what they come to: of what counts, as the kept sums have it;
    of one matter, or of one community, the entries are few."""
    connection, county = desk.unit.connection, desk.unit.county
    few = (sought.request_id, sought.presence_id, sought.organisation_id)
    if sought.state != VoucherState.CONFIRMED.value or any(few):
        return entered(connection, county, sought)
    of = Sought(
        seen=sought.seen, payer_id=sought.payer_id, path=sought.path,
        years=[sought.year] if sought.year is not None else None,
    )  # fmt: skip
    books = Accounted(desk.office.store.reader.kept, connection, county, of)
    found = [
        one
        for (stage, day), one in books.moved().items()
        if sought.stages is None or stage in sought.stages
        if sought.first is None or day >= sought.first
        if sought.last is None or day <= sought.last
    ]
    return sum(one.many for one in found), sum(one.fen for one in found)


def _after(text: str | None) -> tuple[date, str] | None:
    if text is None:
        return None
    day, _, id = text.partition("|")
    try:
        return date.fromisoformat(day), id
    except ValueError:
        raise Refusal(BAD_PAGE) from None


def _told(desk: Desk, row: Entered) -> DetailEntry:
    payer = desk.unit.maybe(Organisation, row.payer_id) if row.payer_id else None
    stage = VoucherStage(row.stage)
    return DetailEntry(
        voucher_id=row.voucher_id, number=row.number, dated_on=row.dated_on, stage=stage,
        stage_zh=STAGE_ZH[stage], request_id=row.request_id, presence_id=row.presence_id,
        title=desk.unit.get(Presence, row.presence_id).title,
        organisation_id=row.organisation_id, code=row.code, name=row.name, payer_id=row.payer_id,
        payer_name=payer.name if payer is not None else row.payer_id,
        funding_key=row.funding_key, year=row.year, debit_zh=_account(row.debit),
        credit_zh=_account(row.credit), amount_fen=row.amount_fen, reversal=row.sign < 0,
    )  # fmt: skip


def _account(word: str | None) -> str:
    return ACCOUNT_ZH[Account(word)] if word else ""
