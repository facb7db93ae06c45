"""公众页 what is in force in each community and open to everybody (P8): no person, complaint, refusal,
arrear or finding is named here, whoever asks.
"""

from functools import partial
from typing import Any
from urllib.parse import urlencode

import msgspec

from registry.actions.certifying import answering
from registry.actions.evaluating import reporting
from registry.actions.office import HIDDEN
from registry.actions.publicity import listing
from registry.actions.publicity.listing import PublicQuery
from registry.actions.vouching.telling import counties
from registry.api import verify_page
from registry.api.entrance import API
from registry.api.serving import aside
from registry.domain.areas import AreaLevel
from registry.domain.errors import Refusal
from registry.domain.records import civil
from registry.web.community import papers_page
from registry.web.saying import below, place_of
from registry.web.serving import Kind, Line, shown
from registry.web.visit import Visit

PATH = "/public"
OPEN = Kind(open=True)
LISTED = Kind(open=True, parameters=frozenset({"after", "valid_on"}))
_MOST = 500
"""Rows of the file: what one call of the API answers."""
PAPERS = Kind(open=True, parameters=frozenset({"q", "area", "demander", "out_of_area"}))
FOLLOWS = Kind(open=True, parameters=frozenset({"number"}))


async def begin(visit: Visit) -> Any:
    """``GET /public``: choose a county; look up a notice, a paper, a report."""
    places = await aside(counties, visit.office)
    return shown(visit, "public/begin.html", places=places, verify=verify_page.PATH)


async def place(visit: Visit) -> Any:
    """``GET /public/{code}``: what is in force there, and what was posted."""
    return await aside(_place, visit)


def _place(visit: Visit) -> Any:
    try:
        asked = {"code": visit.id} | {n: v for n, v in visit.query.items() if v}
        query = msgspec.convert(asked, PublicQuery)
    except msgspec.ValidationError:
        raise Refusal(HIDDEN) from None
    if query.valid_on is not None and query.valid_on > civil(visit.office.clock()):
        raise Refusal(HIDDEN)
    matters = listing.matters(visit.office, query)
    postings = listing.postings(visit.office, PublicQuery(code=visit.id))
    here = place_of(visit, visit.id)
    day = {"valid_on": f"{query.valid_on}"} if query.valid_on else {}
    file = urlencode(day | {"limit": str(_MOST), "format": "csv"})
    return shown(
        visit, "public/place.html", matters=matters, postings=postings, day=day.get("valid_on", ""),
        parts=below(visit, here) if here and here.level is not AreaLevel.COMMUNITY else [],
        csv=f"{API}/public/areas/{visit.id}/matters?{file}",
        more=urlencode(day | {"after": matters.next}) if matters.next else "",
    )  # fmt: skip


async def papers(visit: Visit) -> Any:
    """``GET /public/certificates``: may the community issue this paper."""
    given = {n: v for n, v in visit.query.items() if v}
    return await aside(_papers, visit, given)


def _papers(visit: Visit, given: dict[str, str]) -> Any:
    here = place_of(visit, given.get("area", ""))
    parts = below(visit, here) if here and here.level is not AreaLevel.COMMUNITY else []
    told = {"public": True, "places": counties(visit.office), "chosen": here, "parts": parts}
    return papers_page(visit, partial(answering.answer_public, visit.office), given, told)


async def report(visit: Visit) -> Any:
    """``GET /public/report``: how far a resident's report is, by its number."""
    number = visit.query.get("number", "").strip()
    found, wrong = None, False
    if number:
        try:
            found = await aside(reporting.follow, visit.office, number)
        except Refusal:
            wrong = True
    return shown(visit, "public/report.html", number=number, found=found, wrong=wrong)


PAGES: list[Line] = [
    ("GET", PATH, begin, OPEN),
    ("GET", PATH + "/certificates", papers, PAPERS),
    ("GET", PATH + "/report", report, FOLLOWS),
    ("GET", PATH + "/{id:str}", place, LISTED),
]
