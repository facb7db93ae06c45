"""各状态件数 how many requests stand in each state: of the whole county kept, of a part counted anew."""

from collections.abc import Sequence

from sqlalchemy import Connection, exists, func, select

from registry.domain.request import Request, State, Target
from registry.store import tables
from registry.store.below import below
from registry.store.kept import Kept, Sheet


def by_state(
    connection: Connection, county: str, states: Sequence[str], path: str | None, *, kept: Kept
) -> dict[str, int]:  # fmt: skip
    """Requests in these states, by state.

    Args:
        kept: where those of the whole county are kept and brought forward.
        path: of the area for which they are meant, where a draft is nobody's business yet;
            ``None`` = all of the county.
    """
    r, t = tables.BY_RECORD[Request], tables.BY_RECORD[Target]
    if path is None:
        sheet = Sheet(r, [r.c.state], [func.count()])
        found = kept.standing(connection, (county, "states"), sheet)
        return {state: many for (state,), (many,) in found.items() if state in states}
    meant = exists().where(
        t.c.county == county, t.c.request_id == r.c.id, t.c.event_to.is_(None),
        below(t.c.path, path),
    )  # fmt: skip
    query = select(r.c.state, func.count()).where(
        r.c.county == county, r.c.event_to.is_(None), r.c.state.in_(states),
        r.c.state != State.DRAFT.value, meant,
    )  # fmt: skip
    return {state: int(many) for state, many in connection.execute(query.group_by(r.c.state))}
