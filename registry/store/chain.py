"""资金链之和 what went through the accounts, summed by any grouping in one statement.

Whoever reads amounts, of one matter or of the largest county, adds them up here: the rule by which
a line moves the totals stands in ``domain/funds`` and nowhere else.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    TextClause,
    and_,
    false,
    func,
    or_,
    select,
    text,
)

from registry.domain.accounts import Account, VoucherStage
from registry.domain.funds import Chain, VoucherLine, chain_from
from registry.domain.presence import Presence
from registry.domain.records import Wire
from registry.store import tables
from registry.store.below import below
from registry.store.reader import at_snapshot
from registry.store.visible import Scope, visible

OF_LINE = ("presence_id", "funding_key", "year", "payer_id", "request_id", "indicator_id")
OF_PRESENCE = ("organisation_id", "area_id", "area_path", "kind", "department_id")
"""Asked of the presence as it is now: what a community had is its heir's (P15)."""
Key = tuple[Any, ...]


class Sought(Wire, frozen=True, kw_only=True):
    """求和范围: which lines are added up; what is absent does not narrow."""

    seen: list[Scope] | None = None
    """What the reader's posts let them see, any of them; ``None`` = asked by the registry itself.
    """
    presence_ids: list[str] | None = None
    request_id: str | None = None
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
        by: columns of ``OF_LINE`` and ``OF_PRESENCE``; none = one chain of all, under ``()``.
    """
    line = tables.BY_RECORD[VoucherLine]
    place: Any = tables.BY_RECORD[Presence].alias("place")
    wide = _needs_place(sought, by)
    columns = [(place if name in OF_PRESENCE else line).c[name] for name in by]
    parts = [line.c.stage, line.c.sign, line.c.debit, line.c.credit]
    source = line.join(place, _standing(line, place, sought)) if wide else line
    query = (
        select(*columns, *parts, func.sum(line.c.amount_fen))
        .select_from(source)
        .where(*_narrowed(line, place, county, sought), _counted(connection))
        .group_by(*columns, *parts)
    )
    return _folded(connection.execute(query), len(columns))


def _folded(rows: Any, width: int) -> dict[Key, Chain]:
    found: dict[Key, list[int]] = {}
    # As the driver gives them: words and whole numbers, of which the largest county has very many.
    raw = rows.cursor.fetchall()
    rows.close()
    for row in raw:
        key = row[:width]
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
    one = chain_from([(_STAGES[stage], sign, _ACCOUNTS[debit], _ACCOUNTS[credit], 1)])
    return tuple((at, way) for at, name in enumerate(_FIELDS) if (way := getattr(one, name)))


_FIELDS = Chain.__struct_fields__
_STAGES = {stage.value: stage for stage in VoucherStage}
_ACCOUNTS: dict[str | None, Account | None] = {None: None, **{a.value: a for a in Account}}


def _counted(connection: Connection) -> TextClause:
    """Said as the index over what counts says it, or neither engine would use it."""
    words = (
        "voucher_line.counted"
        if connection.dialect.name == "postgresql"
        else "voucher_line.counted = 1"
    )
    return text(words)


def _needs_place(sought: Sought, by: Sequence[str]) -> bool:
    return sought.path is not None or any(name in OF_PRESENCE for name in by)


def _standing(line: Table, place: Any, sought: Sought) -> ColumnElement[bool]:
    return and_(
        place.c.county == line.c.county, place.c.id == line.c.presence_id,
        at_snapshot(place, sought.as_of),
    )  # fmt: skip


def _narrowed(line: Table, place: Table, county: str, sought: Sought) -> list[ColumnElement[bool]]:
    found = [line.c.county == county, at_snapshot(line, sought.as_of)]
    if sought.presence_ids is not None:
        found.append(line.c.presence_id.in_(sought.presence_ids))
    if sought.request_id is not None:
        found.append(line.c.request_id == sought.request_id)
    if sought.payer_id is not None:
        found.append(line.c.payer_id == sought.payer_id)
    if sought.years is not None:
        found.append(line.c.year.in_(sought.years))
    if sought.path is not None:
        found.append(below(place.c.area_path, sought.path))
    if sought.seen is not None and not _all(county, sought.seen):
        found.append(_seen(line, county, sought))
    return found


def _all(county: str, seen: Sequence[Scope]) -> bool:
    return any(scope.whole and scope.county == county for scope in seen)


def _seen(line: Table, county: str, sought: Sought) -> ColumnElement[bool]:
    """Lines of presences that one of the scopes may see, and of its own money."""
    place: Any = tables.BY_RECORD[Presence].alias("seen")
    scopes = [scope for scope in sought.seen or () if scope.county == county]
    ways = [visible(place, scope) for scope in scopes]
    here = select(place.c.id).where(
        place.c.county == county, at_snapshot(place, sought.as_of),
        or_(*ways) if ways else false(),
    )  # fmt: skip
    own = [line.c.payer_id.in_(scope.organisations) for scope in scopes if scope.organisations]
    return or_(line.c.presence_id.in_(here), *own)
