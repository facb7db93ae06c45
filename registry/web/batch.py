"""批量备案页 listed matters that wait for one's body, ticked and filed together: each an act of its own,
answered row by row; anything else is refused by the act (P13).
"""

from typing import Any

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
from registry.web.serving import PLAIN, Kind, Line, shown
from registry.web.visit import AGAIN, Visit

PATH = "/desk/batch"
MOST = 500
PICK = "pick"


async def ask(visit: Visit) -> Any:
    """``GET /desk/batch``: what may be filed together."""
    return await aside(_page, visit)


def _page(visit: Visit, view: BatchView | None = None) -> Any:
    waiting = _listed(visit)
    told = {one.request_id: one for one in view.results} if view else {}
    titles = {r.id: r.title for r in _requests(visit, sorted(told))} if told else {}
    return shown(visit, "batch.html", waiting=waiting, named=Named(visit, waiting), told=told,
                 titles=titles, key=visit.office.source.token(16).hex())  # fmt: skip


def _listed(visit: Visit) -> list[Request]:
    page = boxes.page(visit.office, visit.actor(), BoxQuery(limit=MOST))
    ids = {one.request_id for one in page.items if one.task is not None and one.request_id}
    return [r for r in _requests(visit, sorted(ids)) if r.outcome in FILED]


def _requests(visit: Visit, ids: list[str]) -> list[Request]:
    where = [Condition(field="id", op=Op.IN, value=ids)]
    query = ListQuery(limit=MOST, where=where, county=visit.county)
    return list(reading.page(visit.office, visit.actor(), Request, query).items) if ids else []


async def file(visit: Visit) -> Any:
    """``POST /desk/batch``: those that were ticked; the answer row by row."""
    picked = [value.partition("|") for name, value in visit.posted if name == PICK]
    items = [{"request_id": id, "version": int(v)} for id, _, v in picked if v.isdigit()]
    if not items or visit.field(AGAIN):
        return await aside(_page, visit)
    command = msgspec.convert({"items": items}, BatchCommand)
    call = visit.call(visit.actor(), batches.ACT, command)
    view = await batches.filed(visit.office, call, command)
    return await aside(_page, visit, view)


PAGES: list[Line] = [("GET", PATH, ask, PLAIN), ("POST", PATH, file, Kind(again=True))]
