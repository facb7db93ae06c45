"""雷同事项 earlier requests that read like one, and what became of them: for whoever decides it.

The same comparison as the ground of likeness (R12), told instead of judged.
"""

from datetime import date

from registry.actions import reading
from registry.actions.likeness import alike
from registry.actions.office import Answer, Call, Desk, Office
from registry.actions.reading import ListQuery
from registry.domain.records import Wire
from registry.domain.request import Request, State
from registry.store.filters import Condition, Op


class Resembling(Wire, frozen=True, kw_only=True):
    """雷同事项 that the person may read."""

    request_id: str
    title: str
    applicant_id: str
    applied_on: date | None
    state: State
    own: bool
    """Of the same applicant; else another's for the same places (可合并)."""


def resembling(office: Office, call: Call, request: Request) -> list[Resembling]:
    """Earlier requests that read like this one, the latest first; none where no rule compares."""

    def verb(desk: Desk) -> Answer:
        return Answer(body=alike(desk, request))

    found: dict[str, bool] = office.ask(call, verb).body
    if not found:
        return []
    where = [Condition(field="id", op=Op.IN, value=sorted(found))]
    query = ListQuery(limit=len(found), where=where, county=request.county)
    shown = reading.page(office, call.actor, Request, query).items
    told = [
        Resembling(
            request_id=r.id, title=r.title, applicant_id=r.filing.leading,
            applied_on=r.applied_on, state=r.state, own=found[r.id],
        )
        for r in shown
    ]  # fmt: skip
    return sorted(told, key=lambda r: (r.applied_on or date.min, r.request_id), reverse=True)
