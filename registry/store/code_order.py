"""按代码排列 rows in the code order of their communities, read community by community until a page is
full: put in that order all at once, every row of the county would be sorted for each page.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, FromClause, RowMapping, Select, select

from registry.domain.areas import Area
from registry.store import tables
from registry.store.below import below

Place = FromClause
"""The table of what lies in communities."""


def in_code_order(
    connection: Connection, of: tuple[Place, Select[Any]], within: tuple[str, str | None],
    page: tuple[str | None, int],
) -> list[RowMapping]:  # fmt: skip
    """The first rows of a statement whose order is that of the communities' codes.

    Args:
        of: the table with ``area_id``, and the statement, in its order and without a limit.
        within: the county, and the path below which the communities lie.
        page: code of the community at which to begin, and how many rows.
    """
    (place, query), (begin, limit) = of, page
    found: list[RowMapping] = []
    for some in _together(_areas(connection, within, begin)):
        wanted = query.where(place.c.area_id.in_(some)).limit(limit - len(found))
        found += connection.execute(wanted).mappings()
        if len(found) >= limit:
            break
    return found


def _areas(
    connection: Connection, within: tuple[str, str | None], begin: str | None
) -> list[str]:  # fmt: skip
    """Ids of the areas, in the order of their codes."""
    a, (county, path) = tables.BY_RECORD[Area], within
    query = select(a.c.id).where(a.c.county == county, a.c.event_to.is_(None))
    if path is not None:
        query = query.where(below(a.c.path, path))
    if begin is not None:
        query = query.where(a.c.code >= begin)
    return list(connection.execute(query.order_by(a.c.code, a.c.id)).scalars())


def _together(areas: Sequence[str]) -> Iterator[Sequence[str]]:
    """One, then twice as many each time: where little is found, few statements are asked."""
    at, many = 0, 1
    while at < len(areas):
        yield areas[at : at + many]
        at, many = at + many, 2 * many
