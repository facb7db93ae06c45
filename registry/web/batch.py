"""批量备案页 listed matters that wait for one's body, ticked and filed together: each an act of its own,
answered row by row; anything else is refused by the act (P13).
"""

from datetime import date
from typing import Any, NamedTuple

import msgspec

from registry.actions import boxes, reading
from registry.actions.between.batching import FILED, BatchCommand, BatchView
from registry.actions.boxes import BoxQuery
from registry.actions.querying.askable import Condition, Op
from registry.actions.reading import ListQuery
from registry.api import batches
from registry.api.serving import aside
from registry.domain.request import Request
from registry.web.named import Named
from registry.web.serving import Kind, Line, shown
from registry.web.visit import AGAIN, KEY, Visit

PATH = "/desk/batch"
MOST = 500
PICK, REASON, ALL = "pick", "reason", "all"


class Waiting(NamedTuple):
    """可以批量备案的: cases, and when each is due."""

    cases: list[Request]
    due: dict[str, date | None]
    cut: bool
    """More waits than was looked through."""


async def ask(visit: Visit) -> Any:
    """``GET /desk/batch``: what may be filed together; ``?all=1`` with every box ticked."""
    return await aside(_page, visit)


def _page(visit: Visit, view: BatchView | None = None, status: int = 200) -> Any:
    waiting = _waiting(visit)
    told = {one.request_id: one for one in view.results} if view else {}
    titles = {r.id: r.title for r in _requests(visit, sorted(told))} if told else {}
    again = view is None and bool(visit.posted)
    return shown(
        visit, "batch.html", status=status, waiting=waiting.cases, due=waiting.due,
        cut=waiting.cut, named=Named(visit, waiting.cases), told=told, titles=titles,
        every=visit.query.get(ALL) == "1", picked={id for id, _ in _picked(visit)} if again else (),
        nothing=status != OK, reason=visit.field(REASON) if again else "",
        key=(visit.field(KEY) if again else "") or visit.office.source.token(16).hex(),
    )  # fmt: skip


OK, NOT_TICKED = 200, 422


def _waiting(visit: Visit) -> Waiting:
    page = boxes.page(visit.office, visit.actor(), BoxQuery(limit=MOST))
    due = {i.request_id: i.task.due_on for i in page.items if i.task is not None and i.request_id}
    found = _requests(visit, sorted(due))
    cases = [r for r in found if r.outcome in FILED and not r.insisted]
    return Waiting(cases, due, page.next is not None)


def _requests(visit: Visit, ids: list[str]) -> list[Request]:
    where = [Condition(field="id", op=Op.IN, value=ids)]
    query = ListQuery(limit=MOST, where=where, county=visit.county)
    return list(reading.page(visit.office, visit.actor(), Request, query).items) if ids else []


def _picked(visit: Visit) -> list[tuple[str, int]]:
    """Each case that was ticked, with the version the person saw."""
    told = [value.partition("|") for name, value in visit.posted if name == PICK]
    return [(id, int(version)) for id, _, version in told if version.isdecimal()]


async def file(visit: Visit) -> Any:
    """``POST /desk/batch``: those that were ticked; the answer row by row."""
    picked = _picked(visit)
    if visit.field(AGAIN):
        return await aside(_page, visit)
    if not picked:
        return await aside(_page, visit, None, NOT_TICKED)
    items = [{"request_id": id, "version": version} for id, version in picked]
    told = {"items": items, "reason": visit.field(REASON).strip()}
    command = msgspec.convert(told, BatchCommand)
    call = visit.call(visit.actor(), batches.ACT, command)
    view = await batches.filed(visit.office, call, command)
    return await aside(_page, visit, view)


PAGES: list[Line] = [
    ("GET", PATH, ask, Kind(parameters=frozenset({ALL}))),
    ("POST", PATH, file, Kind(parameters=frozenset({ALL}), again=True)),
]
