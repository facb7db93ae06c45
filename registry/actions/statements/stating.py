"""编表 a statement as of one entry of the log: its rows are sums of the entries, so are its totals
(E8). Rows stand in the order of codes and numbers, never of amounts (P9).
"""

from collections.abc import Iterable
from typing import Annotated, Any, NamedTuple

import msgspec

from registry.actions.office import Office
from registry.actions.places import above
from registry.actions.reading import NOT_READABLE, moment
from registry.actions.seeing import scopes
from registry.actions.statements.leafing import part_of, window
from registry.domain.areas import Area, full_code
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.funds import Chain, Year
from registry.domain.people import Actor, Organisation
from registry.domain.records import Ident, Wire, civil
from registry.domain.statement import BY_ZH, By, Statement, StatementRow, added, execution_of
from registry.domain.vocabulary import Custody, OrganisationKind
from registry.store.accounted import Accounted
from registry.store.chain import OPENING, Key, Sought, sums
from registry.store.stated import Moment, Stamp, bodies, doors, places, stated, terms, titles

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
_MANY = (By.ITEM, By.PRESENCE)
"""Kinds with a row for every matter: a page of them adds up its own rows."""


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
    )  # fmt: skip

    def make(at: Moment) -> _Made:
        look = _Look(office, at, query, msgspec.structs.replace(sought, as_of=at.as_of))
        paged = at.as_of is None and query.limit is not None and query.by in _MANY
        return _some(look) if paged else _all(look)

    as_of = moment(office, county, query.as_of)
    stamp, made = stated(office.store.reader, county, as_of, make)
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


class _Look(NamedTuple):
    """所看 what is asked for, at one moment."""

    office: Office
    at: Moment
    query: StatementQuery
    sought: Sought

    @property
    def column(self) -> str:
        return _COLUMNS[self.query.by]

    @property
    def accounted(self) -> Accounted:
        kept = self.office.store.reader.kept
        return Accounted(kept, self.at.connection, self.at.county, self.sought)

    def names(self, keys: set[str]) -> _Names:
        return _Names.read(self.office, self.at, (self.query.by, keys))

    def sums(self, **of: Any) -> dict[Key, Chain]:
        """The chain of every row; ``of`` narrows them."""
        sought = msgspec.structs.replace(self.sought, **of)
        return sums(self.at.connection, self.at.county, sought, (self.column, OPENING))


class _Made(NamedTuple):
    names: _Names
    rows: list[StatementRow]
    total: dict[bool, Chain]
    """Of all rows, by whether they were there before."""
    more: str | None


def _all(look: _Look) -> _Made:
    """Every row added up, of which a part may be asked for."""
    few = look.query.by not in _MANY and look.at.as_of is None
    chains = look.accounted.sums((look.column, OPENING)) if few else look.sums()
    names = look.names({str(key) for key, _ in chains if key})
    rows = sorted(
        (_row(look.query.by, (_key(key), bool(old)), chain, names)
         for (key, old), chain in chains.items()), key=_place,
    )  # fmt: skip
    total = {old: added(row.chain for row in rows if row.existing is old) for old in (False, True)}
    part, more = part_of(rows, look.query.after, look.query.limit)
    return _Made(names, part, total, more)


def _some(look: _Look) -> _Made:
    """A page of very many rows: these alone are added up; the sum of all is kept."""
    by, accounted = look.query.by, look.accounted
    near = window(accounted.spots(look.column), look.query.after, look.query.limit)
    names = look.names({key for _, _, key in near if key})
    placed = (_row(by, (key, bool(old)), Chain(), names) for old, _, key in near)
    part, more = part_of(sorted(placed, key=_place), look.query.after, look.query.limit)
    chains = look.sums(**_of(by, part, names))
    rows = [_row(by, (r.key, r.existing), chains[r.key or None, r.existing], names) for r in part]
    total = {bool(old): chain for (old,), chain in accounted.sums((OPENING,)).items()}
    return _Made(names, rows, total, more)


def _of(by: By, rows: list[StatementRow], names: _Names) -> dict[str, Any]:
    """What narrows the lines to those of some rows; a line names the request of its presence."""
    if by is By.ITEM:
        return {"request_ids": [row.key or None for row in rows]}
    doors = (names.doors[row.key] for row in rows)
    return {"presence_ids": [r.key for r in rows], "request_ids": list({id for *_, id in doors})}


def _key(value: Any) -> str:
    return "" if value is None else str(value)


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
    total = made.total.get(False, Chain())
    kinds = list(made.names.custody.values())
    return Statement(
        title=f"{issuer}{TITLE}（按{BY_ZH[query.by]}）", title_en=f"{TITLE_EN}, by {query.by.value}",
        issuer=issuer, county=stamp.county, by=query.by, year=query.year, snapshot=stamp.seq,
        snapshot_at=stamp.at, custody={c: kinds.count(c) for c in Custody if c in kinds},
        rows=made.rows, next=made.more, total=total, execution=execution_of(total),
        total_existing=made.total.get(True, Chain()),
    )  # fmt: skip
