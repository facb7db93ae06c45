"""编表 a statement as of one entry of the log: its rows are sums of the entries, so are its totals
(E8). Rows stand in the order of codes and numbers, never of amounts (P9).
"""

from collections.abc import Iterable
from typing import Annotated, Any, NamedTuple

import msgspec

from registry.actions.office import Office
from registry.actions.owing.arrears import SEPARATOR
from registry.actions.places import above
from registry.actions.querying.cursors import BAD_CURSOR
from registry.actions.reading import NOT_READABLE, moment
from registry.actions.seeing import scopes
from registry.domain.areas import Area, full_code
from registry.domain.closing import opened_by
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.funds import Chain, Year
from registry.domain.people import Actor, Organisation
from registry.domain.records import Ident, Wire, civil
from registry.domain.statement import BY_ZH, By, Statement, StatementRow, added, execution_of
from registry.domain.vocabulary import Custody, OrganisationKind
from registry.store.chain import Key, Sought
from registry.store.stated import Asked, Moment, Stamp, bodies, doors, places, stated, terms, titles

NO_AREA = declare(
    "statement.area", RefusalKind.INVALID, "没有这个区划或者社区：{area}",
    "No such area: {area}.",
)  # fmt: skip
TITLE, TITLE_EN = "社区事项经费收支表", "Money of matters in communities"
EXISTING_ZH = "存量事项期初余额"


class StatementQuery(Wire, frozen=True, kw_only=True):
    """报表条件."""

    by: By = By.ITEM
    year: Year | None = None
    area: Ident | None = None
    """Id or code of the area below which the communities lie, or of one community."""
    payer_id: Ident | None = None
    request_id: Ident | None = None
    as_of: str | None = None
    """Event number or instant: as the books stood then."""
    limit: Annotated[int, msgspec.Meta(ge=1, le=500)] | None = None
    """So many rows; absent = all of them."""
    after: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    county: str | None = None


_COLUMNS: dict[By, str] = {
    By.ITEM: "request_id", By.COMMUNITY: "organisation_id", By.DEPARTMENT: "payer_id",
    By.YEAR: "year", By.PRESENCE: "presence_id",
}  # fmt: skip


def state(office: Office, actor: Actor, query: StatementQuery) -> Statement:
    """The statement of what the reader may see.

    Raises:
        Refusal: ``access.reading``, ``statement.area``, ``query.as_of``, ``query.cursor``.
    """
    county = query.county or actor.county
    seen = [s for s in scopes(office, actor, "voucher.read", county) if s.county == county]
    if not seen:
        raise Refusal(NOT_READABLE)
    area = _area(office, county, query.area)
    sought = Sought(
        seen=seen, payer_id=query.payer_id, request_id=query.request_id,
        path=area.path if area is not None else None,
        years=[query.year] if query.year is not None else None,
        as_of=moment(office, county, query.as_of),
    )  # fmt: skip
    asked = Asked(sought, (_COLUMNS[query.by], "funding_key"))

    def make(at: Moment, chains: dict[Key, Chain]) -> _Made:
        names = _Names.read(office, at, (query.by, {str(key[0]) for key in chains if key[0]}))
        return _Made(names, _rows(query.by, chains, names))

    stamp, made = stated(office.store.reader, county, asked, make)
    return _whole(query, stamp, made, _issuer(made.names, area))


def _area(office: Office, county: str, named: str | None) -> Area | None:
    if named is None:
        return None
    find = office.store.reader.find
    found = find(Area, county, id=named)
    if not found and named.isdigit():
        try:
            found = find(Area, county, code=full_code(named))
        except ValueError:
            found = []
    if not found:
        raise Refusal(NO_AREA, area=named)
    return found[0]


class _Names(NamedTuple):
    """名称 as they were called at the snapshot."""

    bodies: dict[str, Organisation]
    areas: dict[str, Area | None]
    """Place of each body."""
    titles: dict[str, tuple[str, str]]
    doors: dict[str, tuple[str, str, str | None]]
    custody: dict[str, Custody]
    """Of each community by id of its organisation, on the day of the snapshot."""
    county: Area | None

    @classmethod
    def read(cls, office: Office, at: Moment, of: tuple[By, set[str]]) -> "_Names":
        """Those that a kind of statement needs.

        Args:
            of: the kind, and what its rows are of.
        """
        (by, keys), there = of, places(at)
        behind = doors(at, keys) if by is By.PRESENCE else {}
        asked = {request for _, _, request in behind.values() if request}
        higher = [b for code in above(at.county)[1:] for b in bodies(at, code)]
        areas = {body.id: area for body, area in there}
        tops = [a for a in areas.values() if a is not None and a.code == full_code(at.county)]
        return cls(
            {body.id: body for body in (*higher, *(b for b, _ in there))}, areas,
            titles(at, keys if by is By.ITEM else asked), behind,
            _custody(office, at, there), tops[0] if tops else None,
        )  # fmt: skip


def _custody(
    office: Office, at: Moment, there: Iterable[tuple[Organisation, Area | None]]
) -> dict[str, Custody]:
    """By a dated change, else as the community was registered, else as the pack has it."""
    day = civil(at.at or office.clock())
    money = office.rulebooks.of(at.county, day).overlay.setting(lambda d: d.money)
    usual = money.custody if money is not None else Custody.STREET_CUSTODY
    dated: dict[str, Custody] = {
        term.organisation_id: term.custody
        for term in sorted(terms(at), key=lambda t: t.since)
        if term.since <= day and (term.until is None or day <= term.until)
    }
    return {
        body.id: dated.get(body.id) or body.custody or usual
        for body, _ in there
        if body.kind is OrganisationKind.COMMUNITY and body.in_force(day)
    }


class _Made(NamedTuple):
    names: _Names
    rows: list[StatementRow]


def _rows(by: By, chains: dict[Key, Chain], names: _Names) -> list[StatementRow]:
    parts: dict[tuple[str, bool], list[Chain]] = {}
    for (key, line), chain in chains.items():
        at = ("" if key is None else str(key), opened_by(line) is not None)
        parts.setdefault(at, []).append(chain)
    rows = [
        _row(by, at, some[0] if len(some) == 1 else added(some), names)
        for at, some in parts.items()
    ]
    return sorted(rows, key=_place)


def _place(row: StatementRow) -> tuple[bool, str, str, str, str]:
    return (row.existing, row.code, row.place, row.name, row.key)


def _row(by: By, at: tuple[str, bool], chain: Chain, names: _Names) -> StatementRow:
    key, existing = at
    told: dict[str, Any] = {}
    if by is By.ITEM:
        told = _item(key, names)
    elif by is By.PRESENCE:
        title, body, request_id = names.doors.get(key, (key, "", None))
        told = _item(request_id, names) if request_id else {"name": title}
        told |= {"place": _name(body, names), "custody": names.custody.get(body)}
    elif by is By.YEAR:
        told = {"code": key, "name": f"{key}年度"}
    else:
        area = names.areas.get(key) if by is By.COMMUNITY else None
        told = {"name": _name(key, names), "code": area.code if area is not None else key}
        told["custody"] = names.custody.get(key)
    return StatementRow(
        key=key, existing=existing, chain=chain, execution=execution_of(chain), **told
    )


def _item(request_id: str, names: _Names) -> dict[str, Any]:
    number, title = names.titles.get(request_id, ("", request_id or EXISTING_ZH))
    return {"code": number, "name": title}


def _name(body_id: str, names: _Names) -> str:
    body = names.bodies.get(body_id)
    return body.name if body is not None else body_id


def _issuer(names: _Names, area: Area | None) -> str:
    named = area or names.county
    return named.name if named is not None else ""


def _whole(
    query: StatementQuery, stamp: Stamp, made: _Made, issuer: str
) -> Statement:  # fmt: skip
    total = added(row.chain for row in made.rows if not row.existing)
    rows, more = _part(made.rows, query)
    kinds = list(made.names.custody.values())
    return Statement(
        title=f"{issuer}{TITLE}（按{BY_ZH[query.by]}）", title_en=f"{TITLE_EN}, by {query.by.value}",
        issuer=issuer, county=stamp.county, by=query.by, year=query.year, snapshot=stamp.seq,
        snapshot_at=stamp.at, custody={c: kinds.count(c) for c in Custody if c in kinds},
        rows=rows, next=more, total=total, execution=execution_of(total),
        total_existing=added(row.chain for row in made.rows if row.existing),
    )  # fmt: skip


def _part(
    rows: list[StatementRow], query: StatementQuery
) -> tuple[list[StatementRow], str | None]:  # fmt: skip
    """The rows asked for, and where the following begin."""
    places = [f"{row.existing:d}{SEPARATOR}{row.key}" for row in rows]
    if query.after is not None and query.after not in places:
        raise Refusal(BAD_CURSOR)
    first = places.index(query.after) + 1 if query.after is not None else 0
    last = len(rows) if query.limit is None else first + query.limit
    return rows[first:last], places[last - 1] if last < len(rows) else None
