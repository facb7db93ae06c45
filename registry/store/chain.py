"""资金链之和 what went through the accounts, summed by any grouping in one statement.

Whoever reads amounts, of one matter or of the largest county, adds them up here: the rule by which
a line moves the totals stands in ``domain/funds`` and nowhere else.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    TextClause,
    and_,
    case,
    false,
    func,
    literal_column,
    or_,
    select,
    text,
)

from registry.domain.accounts import Account, VoucherStage
from registry.domain.closing import opening_key
from registry.domain.funds import Chain, VoucherLine, chain_from
from registry.domain.presence import Presence
from registry.domain.records import Wire
from registry.store import tables
from registry.store.below import below
from registry.store.reader import at_snapshot
from registry.store.visible import Scope, paid_by, visible

OF_LINE = ("presence_id", "funding_key", "year", "payer_id", "request_id", "indicator_id")
OF_PRESENCE = ("organisation_id", "area_id", "area_path", "kind", "department_id")
"""Asked of the presence as it is now: what a community had is its heir's (P15)."""
OPENING = "opening"
"""期初: 1 of what was there before the registry, else 0."""
Key = tuple[Any, ...]


class Sought(Wire, frozen=True, kw_only=True):
    """求和范围: which lines are added up; what is absent does not narrow."""

    seen: list[Scope] | None = None
    """What the reader's posts let them see, any of them; ``None`` = asked by the registry itself.
    """
    presence_ids: list[str] | None = None
    request_id: str | None = None
    request_ids: list[str | None] | None = None
    payer_id: str | None = None
    path: str | None = None
    """Path of the area below which the communities lie."""
    years: list[int] | None = None
    as_of: int | None = None
    """Event sequence: as the books stood then; ``None`` = now."""


def sums(
    connection: Connection, county: str, sought: Sought, by: Sequence[str]
) -> dict[Key, Chain]:
    """The chain of every group that has confirmed lines, 分, keyed by the values of ``by``, in the
    order of these keys.

    Args:
        by: columns of ``OF_LINE`` and ``OF_PRESENCE``, or ``OPENING``; none = one chain of all,
            under ``()``.
    """
    columns = [column(name) for name in by]
    query = (
        select(*columns, *PARTS, func.sum(LINE.c.amount_fen))
        .select_from(LINE.join(PLACE, standing(sought)) if needs_place(sought, by) else LINE)
        .where(*narrowed(county, sought), counted(connection))
        .group_by(*columns, *PARTS)
    )
    rows: Any = connection.execute(query)
    # As the driver gives them: words and whole numbers, of which the largest county has very many.
    raw = rows.cursor.fetchall()
    rows.close()
    return chained(raw, len(columns))


def chained(rows: Iterable[Sequence[Any]], width: int) -> dict[Key, Chain]:
    """The chain of each group, in the order of their keys.

    Args:
        rows: values of the group, then of ``PARTS``, last what the lines come to.
        width: how many values name the group.
    """
    found: dict[Key, list[int]] = {}
    for row in rows:
        key = tuple(row[:width])
        held = found.get(key)
        if held is None:
            held = found[key] = [0] * len(_FIELDS)
        fen = int(row[-1])
        for at, way in _ways(*row[width:-1]):
            held[at] += way * fen
    ordered = sorted(found, key=lambda key: [("" if v is None else str(v)) for v in key])
    return {key: Chain(**dict(zip(_FIELDS, found[key], strict=True))) for key in ordered}


@lru_cache(None)
def _ways(
    stage: str, sign: int, debit: str | None, credit: str | None
) -> tuple[tuple[int, int], ...]:
    """Which fields of a chain one 分 of such a line moves, and by how much."""
    one = chain_from([(STAGES[stage], sign, ACCOUNTS[debit], ACCOUNTS[credit], 1)])
    return tuple((at, way) for at, name in enumerate(_FIELDS) if (way := getattr(one, name)))


LINE = tables.BY_RECORD[VoucherLine]
PLACE: Any = tables.BY_RECORD[Presence].alias("place")
PARTS = (LINE.c.stage, LINE.c.sign, LINE.c.debit, LINE.c.credit)
"""What tells which totals a line moves."""
_FIELDS = Chain.__struct_fields__
STAGES = {stage.value: stage for stage in VoucherStage}
ACCOUNTS: dict[str | None, Account | None] = {None: None, **{a.value: a for a in Account}}


def column(name: str) -> ColumnElement[Any]:
    """What is grouped by, by its name."""
    if name == OPENING:
        begins = LINE.c.funding_key.startswith(opening_key(""))
        return case((begins, literal_column("1")), else_=literal_column("0"))
    found: ColumnElement[Any] = (PLACE if name in OF_PRESENCE else LINE).c[name]
    return found


def counted(connection: Connection) -> TextClause:
    """Lines that count: said as the index over them says it, or neither engine would use it."""
    words = (
        "voucher_line.counted"
        if connection.dialect.name == "postgresql"
        else "voucher_line.counted = 1"
    )
    return text(words)


def needs_place(sought: Sought, by: Sequence[str]) -> bool:
    """Whether something is asked of the presence itself."""
    return sought.path is not None or any(name in OF_PRESENCE for name in by)


def standing(sought: Sought) -> ColumnElement[bool]:
    """The presence of a line, as it stood."""
    return and_(
        PLACE.c.county == LINE.c.county, PLACE.c.id == LINE.c.presence_id,
        at_snapshot(PLACE, sought.as_of),
    )  # fmt: skip


def narrowed(county: str, sought: Sought) -> list[ColumnElement[bool]]:
    """The lines that are sought, joined with their presence where the path is asked for."""
    found = [LINE.c.county == county, at_snapshot(LINE, sought.as_of)]
    if sought.presence_ids is not None:
        found.append(LINE.c.presence_id.in_(sought.presence_ids))
    if sought.request_id is not None:
        found.append(LINE.c.request_id == sought.request_id)
    if sought.request_ids is not None:
        found.append(_among(LINE.c.request_id, sought.request_ids))
    if sought.payer_id is not None:
        found.append(LINE.c.payer_id == sought.payer_id)
    if sought.years is not None:
        found.append(LINE.c.year.in_(sought.years))
    if sought.path is not None:
        found.append(below(PLACE.c.area_path, sought.path))
    if sought.seen is not None and not sees_all(county, sought.seen):
        found.append(_seen(county, sought))
    return found


def _among(of: ColumnElement[Any], values: Sequence[Any]) -> ColumnElement[bool]:
    some = [value for value in values if value is not None]
    ways = [of.in_(some)] if some else []
    return or_(false(), *ways, *([of.is_(None)] if None in values else []))


def sees_all(county: str, seen: Sequence[Scope]) -> bool:
    """Whether one of them sees every line of the county, whenever its place was written of."""
    return any(s.whole and s.county == county and s.within is None for s in seen)


def _seen(county: str, sought: Sought) -> ColumnElement[bool]:
    """Lines of presences that one of the scopes may see, and of its own money."""
    place: Any = tables.BY_RECORD[Presence].alias("seen")
    scopes = [scope for scope in sought.seen or () if scope.county == county]
    few = sought.request_ids is not None or sought.presence_ids is not None
    ways = [visible(place, scope, each=few) for scope in scopes]
    here = select(place.c.id).where(
        place.c.county == county, at_snapshot(place, sought.as_of),
        or_(*ways) if ways else false(),
    )  # fmt: skip
    # Of few lines each is held against what is seen, instead of all that is seen being read.
    held = here.where(place.c.id == LINE.c.presence_id).exists()
    there = held if few else LINE.c.presence_id.in_(here)
    return or_(there, *paid_by(LINE, scopes))
