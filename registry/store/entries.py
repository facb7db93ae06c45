"""明细账 the entries that a reader may see, one by one and in all: by day, and by no amount (P9)."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, exists, false, func, or_, select, tuple_

from registry.domain.areas import Area
from registry.domain.funds import Voucher, VoucherLine
from registry.domain.presence import Presence
from registry.domain.records import Wire
from registry.store import tables
from registry.store.below import below
from registry.store.filters import sifted
from registry.store.visible import Scope, paid_by, visible


class Entries(Wire, frozen=True, kw_only=True):
    """要哪些分录: what is absent does not narrow."""

    seen: list[Scope]
    """What the reader's posts let them see, any of them."""
    state: str
    """Of the vouchers."""
    stages: list[str] | None = None
    request_id: str | None = None
    presence_id: str | None = None
    organisation_id: str | None = None
    """The community, as it is now: what it had is its heir's (P15)."""
    payer_id: str | None = None
    path: str | None = None
    year: int | None = None
    first: date | None = None
    last: date | None = None


class Entered(NamedTuple):
    """一笔分录 with its voucher and its community."""

    id: str
    voucher_id: str
    number: str
    dated_on: date
    presence_id: str
    request_id: str | None
    funding_key: str
    stage: str
    sign: int
    amount_fen: int
    debit: str | None
    credit: str | None
    year: int
    payer_id: str
    organisation_id: str
    code: str
    name: str


Page = tuple[tuple[date, str] | None, int]
"""Day and id of the entry that came last, and how many are wanted."""


def entries(
    connection: Connection, county: str, sought: Entries, page: Page, *, many: bool = False
) -> list[Entered]:
    """One page, in the order of their days.

    Args:
        many: so many are sought that those of a page soon come up, day by day; else all are found
            first.
    """
    line, voucher, place, area = _tables()
    after, limit = page
    query = _chosen(
        select(
            line.c.id, line.c.voucher_id, voucher.c.number, voucher.c.dated_on,
            line.c.presence_id, line.c.request_id, line.c.funding_key, line.c.stage, line.c.sign,
            line.c.amount_fen, line.c.debit, line.c.credit, line.c.year, line.c.payer_id,
            place.c.organisation_id, area.c.code, area.c.name,
        ),
        county, sought,
    ).order_by(voucher.c.dated_on, line.c.id).limit(limit)  # fmt: skip
    if many:
        found = connection.execute(_by_day(county, sought, page)).scalars().all()
        query = query.where(line.c.id.in_(found))
    elif after is not None:
        query = query.where(tuple_(voucher.c.dated_on, line.c.id) > tuple_(*after))
    return [Entered(*row) for row in connection.execute(query)]


def _by_day(county: str, sought: Entries, page: Page) -> Any:
    """Ids of the entries of a page: the vouchers are walked in the order of their days, and what is
    asked of its community is held against each entry."""
    line, voucher, place, _ = _tables()
    after, limit = page
    lies = exists().where(
        place.c.county == county, place.c.id == line.c.presence_id, place.c.event_to.is_(None),
        *_lying(sought), _seen(county, sought.seen, each=True),
    )  # fmt: skip
    query = select(line.c.id).where(
        voucher.c.county == county, voucher.c.event_to.is_(None), *_dated(sought),
        # Said so that SQLite finds the entries of a voucher, and never the voucher of an entry.
        line.c.county == voucher.c.county, line.c.voucher_id == voucher.c.id.concat(""),
        line.c.event_to.is_(None),
        sifted(and_(voucher.c.state == sought.state, *_named(sought), lies)),
    )  # fmt: skip
    if after is not None:
        query = query.where(
            voucher.c.dated_on >= after[0],
            tuple_(voucher.c.dated_on, line.c.id) > tuple_(*after),
        )  # fmt: skip
    return query.order_by(voucher.c.dated_on, line.c.id).limit(limit)


def entered(connection: Connection, county: str, sought: Entries) -> tuple[int, int]:
    """How many there are in all, and what they come to, 分: what was taken back taken off."""
    line, *_ = _tables()
    summed = func.coalesce(func.sum(line.c.amount_fen * line.c.sign), 0)
    told = _chosen(select(func.count(), summed), county, sought)
    row = connection.execute(told).one()
    return int(row[0]), int(row[1])


def _tables() -> tuple[Any, Any, Any, Any]:
    kinds = (VoucherLine, Voucher, Presence, Area)
    line, voucher, place, area = (tables.BY_RECORD[kind] for kind in kinds)
    return line, voucher, place, area


def _chosen(query: Any, county: str, sought: Entries) -> Any:
    line, voucher, place, area = _tables()
    joined = line
    for table, id in ((voucher, line.c.voucher_id), (place, line.c.presence_id)):
        of = and_(table.c.county == line.c.county, table.c.id == id, table.c.event_to.is_(None))
        joined = joined.join(table, of)
    lies = and_(
        area.c.county == place.c.county, area.c.id == place.c.area_id, area.c.event_to.is_(None)
    )
    return (
        query.select_from(joined.join(area, lies))
        .where(line.c.county == county, line.c.event_to.is_(None))
        .where(*_narrowed(sought), _seen(county, sought.seen))
    )


def _narrowed(sought: Entries) -> list[Any]:
    state = tables.BY_RECORD[Voucher].c.state == sought.state
    return [state, *_named(sought), *_lying(sought), *_dated(sought)]


def _named(sought: Entries) -> list[Any]:
    """What is asked of the entry itself."""
    line = tables.BY_RECORD[VoucherLine]
    same = (
        (line.c.request_id, sought.request_id), (line.c.presence_id, sought.presence_id),
        (line.c.payer_id, sought.payer_id), (line.c.year, sought.year),
    )  # fmt: skip
    found = [column == value for column, value in same if value is not None]
    return found if sought.stages is None else [*found, line.c.stage.in_(sought.stages)]


def _lying(sought: Entries) -> list[Any]:
    """What is asked of its matter in the community."""
    place, found = tables.BY_RECORD[Presence], []
    if sought.organisation_id is not None:
        found.append(place.c.organisation_id == sought.organisation_id)
    if sought.path is not None:
        found.append(below(place.c.area_path, sought.path))
    return found


def _dated(sought: Entries) -> list[Any]:
    voucher, found = tables.BY_RECORD[Voucher], []
    if sought.first is not None:
        found.append(voucher.c.dated_on >= sought.first)
    if sought.last is not None:
        found.append(voucher.c.dated_on <= sought.last)
    return found


def _seen(county: str, scopes: Sequence[Scope], *, each: bool = False) -> Any:
    """Of presences that one of the scopes may see, or of its own money."""
    line, _, place, _ = _tables()
    here = [scope for scope in scopes if scope.county == county]
    ways = [visible(place, scope, each=each) for scope in here] + paid_by(line, here)
    return or_(*ways) if ways else false()
