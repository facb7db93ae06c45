"""公众页 what is in force in each community and open to everybody (P8): no person, complaint, refusal,
arrear or finding is named here, whoever asks.
"""

from functools import partial
from typing import Any

import msgspec

from registry.actions.certifying import answering
from registry.actions.evaluating import reporting
from registry.actions.office import HIDDEN
from registry.actions.publicity import listing
from registry.actions.publicity.listing import PublicQuery
from registry.actions.vouching.telling import counties
from registry.api import verify_page
from registry.api.serving import aside
from registry.domain.errors import Refusal
from registry.web.community import papers_page
from registry.web.serving import Kind, Line, shown
from registry.web.visit import Visit

PATH = "/public"
OPEN = Kind(open=True)
LISTED = Kind(open=True, parameters=frozenset({"after"}))
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
        asked = {"code": visit.id} | {n: v for n, v in visit.query.items() if n == "after"}
        query = msgspec.convert(asked, PublicQuery)
    except msgspec.ValidationError:
        raise Refusal(HIDDEN) from None
    matters = listing.matters(visit.office, query)
    postings = listing.postings(visit.office, PublicQuery(code=visit.id))
    return shown(visit, "public/place.html", matters=matters, postings=postings)


async def papers(visit: Visit) -> Any:
    """``GET /public/certificates``: may the community issue this paper."""
    given = {n: v for n, v in visit.query.items() if v}
    if given.get("q") and not given.get("area"):
        given.pop("q")
    return await aside(papers_page, visit, partial(answering.answer_public, visit.office), given)


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
