"""取走 what a person may read as a file: a list as it was narrowed, or a package for an audit. Small
ones come at once, large ones are made meanwhile and fetched here (``actions/exporting``)."""

from functools import partial
from typing import Any
from urllib.parse import urlencode

import msgspec

from registry.actions.exporting import making, ordering
from registry.actions.office import HIDDEN
from registry.api import exports, grammar, sending
from registry.api.exports import ExportCommand
from registry.api.lists import RESOURCES
from registry.api.serving import aside
from registry.domain.errors import Refusal
from registry.domain.exporting import FORM_ZH, OF_ONE, Form
from registry.web.serving import HEADERS, Kind, Line, moved, shown
from registry.web.visit import Visit

PATH = "/take-away"
_ALL = frozenset().union(*(grammar.parameters_of(name) for name in RESOURCES))
ASKS = Kind(parameters=_ALL | {"resource"})
MOST = 20
"""Of one's own exports on the page."""


def _desk(visit: Visit) -> exports.Desk:
    jobs = visit.office.exports
    if jobs is None:
        raise Refusal(HIDDEN)
    return exports.Desk(visit.office, jobs, visit.house.about.version)


async def ask(visit: Visit) -> Any:
    """``GET /take-away``: in which form; one's own exports, each as far as it is."""
    return await aside(_asked, visit)


def _asked(visit: Visit, refusal: Refusal | None = None) -> Any:
    name = visit.query.get("resource", "")
    resource = RESOURCES.get(name)
    given, left = _conditions(visit, name)
    desk, county = _desk(visit), visit.call(visit.actor(), making.ACT).county
    return shown(
        visit, "taking.html", status=422 if refusal else 200, resource=resource, given=given,
        left=left, refusal=refusal, query=urlencode({"resource": name} | given) if name else "",
        forms=[(f, FORM_ZH[f]) for f in Form if (f in OF_ONE) is (resource is not None)],
        jobs=desk.jobs.mine(visit.actor(), county, MOST), zh=FORM_ZH,
    )  # fmt: skip


def _conditions(visit: Visit, name: str) -> tuple[dict[str, str], list[str]]:
    """(conditions that narrow the file, names of those that narrow a page alone)."""
    resource = RESOURCES.get(name)
    if resource is None:
        return {}, []
    known = (grammar.parameters_of(name) - exports.OTHER - resource.flags) | {"area"}
    asked = {n: v for n, v in visit.query.items() if v and n not in ("resource", "after", "limit")}
    return {n: v for n, v in asked.items() if n in known}, sorted(asked.keys() - known)


async def order(visit: Visit) -> Any:
    """``POST /take-away``: the file itself, or its place among what is being made."""
    name, actor = visit.query.get("resource", ""), visit.actor()
    given, _ = _conditions(visit, name)
    told = {"form": visit.field("form"), "resource": name if name in RESOURCES else "",
            "filters": given, "history": visit.field("history") == "true"}  # fmt: skip
    desk = _desk(visit)
    try:
        command = msgspec.convert(told, ExportCommand)
        county = visit.call(actor, making.ACT).county
        of, made = await aside(exports.order_of, desk, actor, county, command)
        if made.form in OF_ONE and await aside(ordering.small, of, made, exports.SMALL):
            done, file = await aside(ordering.at_once, of, actor, made)
            answer = sending.sent(done, file)
            for header, value in HEADERS.items():
                answer.headers.setdefault(header, value)
            return answer
        await aside(desk.jobs.begin, of, actor, made)
    except msgspec.ValidationError:
        return await aside(_asked, visit)
    except Refusal as refusal:
        return await aside(partial(_asked, visit, refusal))
    return moved(PATH)


async def fetch(visit: Visit) -> Any:
    """``GET /take-away/{id}``: the file of one's own export."""
    job, file = await aside(_desk(visit).jobs.file, visit.actor(), visit.id)
    if job.made is None:
        raise Refusal(HIDDEN)
    return sending.resumed(job.made, file, visit.request.headers)


PAGES: list[Line] = [
    ("GET", PATH, ask, ASKS),
    ("POST", PATH, order, ASKS),
    ("GET", PATH + "/{id:str}", fetch, Kind()),
]
