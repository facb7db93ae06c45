"""年度结转页 what closing a year would do, community by community, then the act itself (P17).

Communities stand in the order of their codes and are not compared (P9).
"""

import re
from typing import Any

import msgspec

from registry.actions.years.closing import CloseCommand
from registry.actions.years.rehearsing import Rehearsal, RehearseCommand, rehearse
from registry.api.acting import carried
from registry.api.serving import aside
from registry.api.strict import misfit
from registry.domain.errors import Refusal
from registry.domain.records import civil
from registry.web.admin.people import FINDING
from registry.web.forms.choices import options, sought
from registry.web.offers import BY_NAME
from registry.web.records import done_of
from registry.web.serving import Kind, Line, moved, shown
from registry.web.shell import may
from registry.web.visit import Visit

LOOK = Kind(parameters=FINDING | {"year", "after", "done"})
_PLACE = re.compile(r"\{(\w+)[^}]*\}")
PER_PAGE, ENDING = 5, 10
"""Communities on a page, each with all its books; what ends in one that is told by name."""
_REHEARSED, _CLOSE = "year.rehearse", "year.close"


async def look(visit: Visit) -> Any:
    """``GET /admin/year``: the rehearsal; nothing is recorded by looking."""
    visit.query.setdefault("year", str(civil(visit.office.clock()).year - 1))
    try:
        told = await aside(_rehearsed, visit)
    except Refusal as refusal:
        return await aside(_page, visit, None, refusal)
    return await aside(_page, visit, told, None)


def _rehearsed(visit: Visit) -> Rehearsal:
    given = {"year": visit.query["year"], "after": visit.query.get("after", ""),
             "limit": str(PER_PAGE),
             "organisation_id": visit.query.get("organisation") or None}  # fmt: skip
    try:
        command = msgspec.convert(given, RehearseCommand, strict=False)
    except msgspec.ValidationError as error:
        raise misfit(error, RehearseCommand) from error
    call = visit.call(visit.actor(), _REHEARSED)
    told: Rehearsal = visit.office.ask(call, lambda desk: rehearse(desk, command)).body
    return told


def _page(visit: Visit, told: Rehearsal | None, refusal: Refusal | None) -> Any:
    actor, asked = visit.actor(), visit.query
    bodies = options(visit.office, actor, {"organisations"}, visit.county)["organisations"]
    return shown(
        visit, "admin/year.html", status=422 if refusal else 200, told=told, refusal=refusal,
        year=visit.query["year"], closes=may(visit.office, actor, _CLOSE), done=done_of(visit),
        key=visit.office.source.token(16).hex(), series=_series(told), ending=ENDING,
        bodies=bodies, asked=asked, given=sought(asked.items()), why={},
    )  # fmt: skip


def _series(told: Rehearsal | None) -> list[str]:
    """Numbers that begin anew, as the first of each would read."""
    if told is None:
        return []
    given = {"body": "××", "year": told.year + 1, "serial": 1}
    return [
        _PLACE.sub(lambda place: str(given.get(place[1], "×")), one) for one in told.turning.series
    ]


async def close(visit: Visit) -> Any:
    """``POST /admin/year``: the year of one community is closed."""
    given = {"organisation_id": visit.field("organisation"), "year": visit.field("year")}
    try:
        command = msgspec.convert(given, CloseCommand, strict=False)
    except msgspec.ValidationError as error:
        raise misfit(error, CloseCommand) from error
    await carried(visit.office, BY_NAME[_CLOSE], (visit, visit.actor()), command)
    back = {name: value for name in ("after", "organisation") if (value := visit.query.get(name))}
    return moved("/admin/year", year=str(command.year), done=_CLOSE, **back)


PAGES: list[Line] = [("GET", "/admin/year", look, LOOK), ("POST", "/admin/year", close, LOOK)]
