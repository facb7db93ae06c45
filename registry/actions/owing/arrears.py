"""欠付台账 promised, due, sent, arrived, held, passed on, spent, and how long late: each community by
itself, in code order, never ranked (P9, E10, E16).
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import Annotated, TypeVar

import msgspec

from registry.actions.office import Answer, Call, Desk, Office
from registry.actions.owing.lateness import clock_of, lateness, rule_of
from registry.actions.owing.reckoning import Key, Owing, owing
from registry.actions.reading import NOT_READABLE
from registry.actions.seeing import scopes
from registry.domain.calendar import Unit
from registry.domain.errors import Refusal
from registry.domain.funds import Chain, Year
from registry.domain.owing import execution_rate
from registry.domain.people import Actor
from registry.domain.presence import Presence
from registry.domain.records import Ident, Wire
from registry.store.chain import Sought, sums
from registry.store.moneyed import Placed, Wanted, few_booked, with_money
from registry.store.visible import Scope

READ = "voucher.read"
_DAY = timedelta(days=1)
SEPARATOR = "|"
"""Between a community's code and a matter's id, where a page goes on."""
LOOKS = 20
"""How often one page looks further where what it asks for is seldom: a thousand matters or so."""


class MoneyQuery(Wire, frozen=True, kw_only=True):
    """台账条件: what is absent does not narrow."""

    county: str | None = None
    area: Annotated[str, msgspec.Meta(max_length=120)] | None = None
    """Id or code of an area: all below it."""
    organisation_id: Ident | None = None
    """The community."""
    request_id: Ident | None = None
    presence_id: Ident | None = None
    payer_id: Ident | None = None
    year: Year | None = None
    open: bool | None = None
    """True: only where something due is not there."""
    late: bool | None = None
    """True: only where that is past its last day."""
    after: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=500)] = 50


class Arrear(Wire, frozen=True, kw_only=True):
    """应付一行: one community's matter, funding line and year, 分."""

    presence_id: str
    request_id: str | None
    title: str
    organisation_id: str
    code: str
    """Code of the community."""
    name: str
    payer_id: str | None
    funding_key: str
    year: int
    promised_fen: int
    """核定, as it is now."""
    due_fen: int
    """今日应到: by schedule, acceptance or clearance; told with the year of the funding line."""
    sent_fen: int
    arrived_fen: int
    held_fen: int
    """街道代管: at the street now."""
    passed_on_fen: int
    spent_fen: int
    missing_fen: int
    """Due and not there."""
    execution_rate: str
    """执行率: spent ÷ promised; of nothing promised a dash."""
    due_on: date | None = None
    """Since when the earliest of what is missing is due."""
    days: int | None = None
    """Days since, of the unit that the packs count money by; working days where they are silent."""
    provisional: bool = False
    """The days touch a year without its table: nothing is late by them."""
    late: bool = False


class Arrears(Wire, frozen=True, kw_only=True):
    """欠付台账: ``next`` is the ``after`` of the following page; where few of very many are asked
    for, a page may hold fewer than it has room for, or none, and another follow."""

    county: str
    on: date
    items: list[Arrear]
    next: str | None = None


def arrears(office: Office, actor: Actor, query: MoneyQuery) -> Arrears:
    """The rows that the reader may see.

    Raises:
        Refusal: ``access.reading``; ``area.unknown``.
    """
    return money_asked(office, actor, query, ("arrear.read", _page))


A = TypeVar("A")


def money_asked(
    office: Office, actor: Actor, query: MoneyQuery,
    read: tuple[str, Callable[[Desk, list[Scope], MoneyQuery], A]],
) -> A:  # fmt: skip
    """What is read of money in the county asked for, within what the reader sees there.

    Args:
        read: the act, and what reads.

    Raises:
        Refusal: ``access.reading``.
    """
    county = query.county or actor.county
    seen = readers(office, actor, county)
    call = Call(actor=actor, county=county, act=read[0])
    found: A = office.ask(call, lambda desk: Answer(body=read[1](desk, seen, query))).body
    return found


def readers(office: Office, actor: Actor, county: str) -> list[Scope]:
    """What a reader of money sees there.

    Raises:
        Refusal: ``access.reading``.
    """
    if seen := scopes(office, actor, READ, county):
        return seen
    raise Refusal(NOT_READABLE)


def wanted_of(desk: Desk, query: MoneyQuery) -> Wanted:
    """The first page of what is asked for."""
    after = query.after.split(SEPARATOR, 1) if query.after else None
    return Wanted(
        request_id=query.request_id, presence_id=query.presence_id,
        organisation_id=query.organisation_id, limit=query.limit + 1,
        path=desk.places.area(query.area, desk.today).path if query.area else None,
        after=(after[0], after[-1]) if after else None,
    )  # fmt: skip


def place_after(one: Placed) -> str:
    """Where the page after a presence begins."""
    return f"{one.code}{SEPARATOR}{one.presence.id}"


def _page(desk: Desk, seen: Sequence[Scope], query: MoneyQuery) -> Arrears:
    """Rows until the page is full, or enough was looked at for one page: then it goes on from
    there, however few were found. The rows of one presence stand together."""
    known = few_booked(desk.unit.connection, desk.unit.county)
    wanted = msgspec.structs.replace(wanted_of(desk, query), booked=True, known=known)
    items, looked = list[Arrear](), 0
    while True:
        looked += 1
        placed = with_money(desk.unit.connection, desk.unit.county, seen, wanted)
        some, more = placed[: query.limit], len(placed) > query.limit
        rows = _rows(desk, seen, some, query)
        for at, one in enumerate(some):
            items += rows.get(one.presence.id, [])
            if len(items) >= query.limit and (more or at + 1 < len(some)):
                return Arrears(county=desk.unit.county, on=desk.today, items=items,
                               next=place_after(one))  # fmt: skip
        if not more or looked == LOOKS:
            return Arrears(county=desk.unit.county, on=desk.today, items=items,
                           next=place_after(some[-1]) if more else None)  # fmt: skip
        last = some[-1]
        wanted = msgspec.structs.replace(wanted, after=(last.code, last.presence.id))


def added(chains: Iterable[Chain]) -> Chain:
    """Chains added up; every figure of them is a sum."""
    held = list(chains)
    if len(held) == 1:
        return held[0]
    return Chain(**{
        name: sum(getattr(one, name) for one in held) for name in Chain.__struct_fields__
    })  # fmt: skip


def reckoned(
    desk: Desk, seen: Sequence[Scope], presences: Sequence[Presence]
) -> tuple[dict[Key, dict[int, Chain]], list[Owing]]:
    """What the reader sees of some presences in the books, year by year, and what they owe."""
    ids = [one.id for one in presences]
    sought = Sought(seen=list(seen), presence_ids=ids)
    by = ("presence_id", "funding_key", "year")
    chains = sums(desk.unit.connection, desk.unit.county, sought, by) if ids else {}
    years: dict[Key, dict[int, Chain]] = {}
    for (presence, key, year), chain in chains.items():
        years.setdefault((str(presence), str(key)), {})[int(year)] = chain
    books = {key: added(one.values()) for key, one in years.items()}
    return years, owing(desk, presences, books)


def _rows(
    desk: Desk, seen: Sequence[Scope], placed: Sequence[Placed], query: MoneyQuery
) -> dict[str, list[Arrear]]:
    """The rows of some presences: their amounts in one statement."""
    years, owed = reckoned(desk, seen, [one.presence for one in placed])
    where = {one.presence.id: one for one in placed}
    found: dict[str, list[Arrear]] = {}
    for one in owed:
        own = years.get((one.presence.id, one.line.key), {})
        rows = [_row(desk, one, where[one.presence.id], (y, own[y])) for y in sorted(own)]
        late = line_late(desk, one, owed)
        rows = [msgspec.structs.replace(r, late=late and r.missing_fen > 0) for r in rows]
        found.setdefault(one.presence.id, []).extend(r for r in rows if _asked(r, query))
    return found


def line_late(desk: Desk, one: Owing, owed: Sequence[Owing]) -> bool:
    """Whether a line is late today, by the packs' clock or by the start of its matter."""
    if rule_of(desk) is not None:
        return one.late(clock_of(desk)) is not None
    own = [other for other in owed if other.presence.id == one.presence.id]
    return lateness(desk, one.presence, own) is not None


def _asked(row: Arrear, query: MoneyQuery) -> bool:
    return (
        query.payer_id in (None, row.payer_id)
        and query.year in (None, row.year)
        and query.open in (None, row.missing_fen > 0)
        and query.late in (None, row.late)
    )


def _row(desk: Desk, one: Owing, placed: Placed, of: tuple[int, Chain]) -> Arrear:
    (year, books), presence, line = of, one.presence, one.line
    planned = year == line.fiscal_year  # what is carried on is not owed a second time
    missing = one.missing(desk.today) if planned else 0
    since = _since(one, desk.today) if missing else None
    days, guessed = _days(desk, since) if since is not None else (None, False)
    return Arrear(
        presence_id=presence.id, request_id=presence.request_id, title=presence.title,
        organisation_id=presence.organisation_id, code=placed.code, name=placed.name,
        payer_id=line.payer_id, funding_key=line.key, year=year,
        promised_fen=books.approved_fen, due_fen=one.due(desk.today) if planned else 0,
        sent_fen=books.dispatched_fen, held_fen=books.held_fen,
        arrived_fen=one._replace(books=books).arrived_fen, passed_on_fen=books.community_fen,
        spent_fen=books.spent_fen, missing_fen=missing, due_on=since, days=days,
        provisional=guessed, execution_rate=execution_rate(books.spent_fen, books.approved_fen),
    )  # fmt: skip


def _since(one: Owing, on: date) -> date | None:
    return min(
        (s.due_on for s in one.steps if s.due_on <= on and one.due(s.due_on) > one.arrived_fen),
        default=None,
    )


def _days(desk: Desk, since: date) -> tuple[int, bool]:
    """Days after the day it was due, by the calendar of the place (E16)."""
    rule = rule_of(desk)
    if rule is not None and rule.within is not None and rule.within.unit is Unit.CALENDAR:
        return (desk.today - since).days, False
    return desk.rulebook().calendar.working_days_between(since + _DAY, desk.today)
