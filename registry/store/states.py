"""各状态件数 how many requests stand in each state, counted from the index alone."""

from collections.abc import Sequence

from sqlalchemy import Connection, exists, func, select

from registry.domain.request import Request, State, Target
from registry.store import tables
from registry.store.below import below


def by_state(
    connection: Connection, county: str, states: Sequence[str], path: str | None
) -> dict[str, int]:
    """Requests in these states, by state.

    Args:
        path: of the area for which they are meant, where a draft is nobody's business yet;
            ``None`` = all of the county.
    """
    r, t = tables.BY_RECORD[Request], tables.BY_RECORD[Target]
    query = select(r.c.state, func.count()).where(
        r.c.county == county, r.c.event_to.is_(None), r.c.state.in_(states)
    )
    if path is not None:
        meant = exists().where(
            t.c.county == county, t.c.request_id == r.c.id, t.c.event_to.is_(None),
            below(t.c.path, path),
        )  # fmt: skip
        query = query.where(r.c.state != State.DRAFT.value, meant)
    return {state: int(many) for state, many in connection.execute(query.group_by(r.c.state))}
