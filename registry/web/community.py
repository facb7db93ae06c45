"""社区页 what one community carries, on a phone at the door; which papers it issues, what it declines.

Nothing here is put in an order of merit, and nothing is compulsory (P9).
"""

from datetime import date
from functools import partial
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

import msgspec

from registry.actions.burden import at_the_door
from registry.actions.burden.portions import Portion, Sought, portion_of
from registry.actions.burden.reads import Read
from registry.actions.burden.this_month import Duty, MonthOf, MonthQuery, month_of
from registry.actions.certifying import answering
from registry.actions.certifying.answering import AskCommand
from registry.actions.telephoning import checking
from registry.api.asked import misread
from registry.api.asking import read_as
from registry.api.residents import ISSUE
from registry.api.serving import aside
from registry.domain.areas import Area, AreaLevel
from registry.domain.certifying import Demander
from registry.domain.errors import Refusal
from registry.domain.telephone import CallState
from registry.domain.vocabulary import OrganisationKind
from registry.web.hands import PATH, Hands
from registry.web.records import done_of
from registry.web.serving import Kind, Line, moved, shown
from registry.web.shell import may
from registry.web.visit import Visit

HERE = Kind(parameters=frozenset({"done", "month", "text", "after"}))
LISTED = Kind(parameters=frozenset({"month", "after"}))
PAPERS = Kind(parameters=frozenset({"q", "area", "demander", "out_of_area"}))


async def mine(visit: Visit) -> Any:
    """``GET /community``: one's own community; who has several, or a street, chooses."""
    places = await aside(_places, visit)
    if len(places) == 1:
        return moved(f"{PATH}/{places[0].id}")
    return shown(visit, "community/choose.html", places=places)


def _places(visit: Visit) -> list[Area]:
    """Communities of one's posts, else those below them, in the order of codes."""
    actor, find = visit.actor(), visit.office.store.reader.find
    own = {post.area_id for post in actor.posts}
    areas = [a for a in find(Area, actor.county) if a.level is AreaLevel.COMMUNITY]
    here = [a for a in areas if a.id in own]
    below = [a for a in areas if any(a.path.startswith(p.area_path) for p in actor.posts)]
    return sorted(here or below, key=lambda a: a.code)


async def door(visit: Visit) -> Any:
    """``GET /community/{id}``: what is to be done this month, what it carries, what hangs there."""
    return await aside(_door, visit)


def _door(visit: Visit) -> Any:
    actor = visit.actor()
    read = Read(visit.office, actor, visit.county or actor.county)
    portion = _portion(visit, read)
    text = visit.query.get("text", "").strip()
    told = at_the_door.door(
        visit.office, actor, visit.id, visit.county, read=read, portion=portion
    )  # fmt: skip
    calls = checking.entries(visit.office, actor, visit.id, visit.county)
    hands = Hands(visit, calls)
    month = None if text else _month(visit, read, portion)
    listed = {one.presence_id for one in told.matters}
    return shown(
        visit, "community/door.html", door=told, month=month, portion=portion, text=text,
        listed=listed,
        days=by_day(month.duties) if month else [], hands=hands,
        matters=hands.matters(told.matters, portion.matters),
        begin=hands.anew(), done=done_of(visit), back=f"{PATH}/{visit.id}", place=visit.id,
        waiting=[c for c in calls.entries if c.state is CallState.WAITING], calls=calls.entries,
        others=[w for w in told.waiting if not w.by_us],
        beside=_beside(month.month) if month else (),
        onward=_onward(visit, portion), kept=_kept(visit),
        codes=f"{PATH}/{visit.id}/codes" if may(visit.office, actor, ISSUE) else "",
    )  # fmt: skip


def _portion(visit: Visit, read: Read) -> Portion:
    """Which of its matters are told: the first, those that follow, or those of a word."""
    actor = visit.actor()
    place = at_the_door.area_of(
        visit.office, actor, visit.id, visit.county or actor.county
    )  # fmt: skip
    said = {n: visit.query.get(n, "").strip() for n in ("text", "after")}
    return portion_of(read, place, read_as(Sought, {n: v for n, v in said.items() if v}))


def _kept(visit: Visit) -> dict[str, str]:
    """What of the address goes with its reader to another portion."""
    said = {n: visit.query.get(n, "") for n in ("month", "text")} | {"county": visit.county or ""}
    return {n: v for n, v in said.items() if v}


def _onward(visit: Visit, portion: Portion) -> str:
    """Where the following portion is; empty = there is none."""
    return urlencode(_kept(visit) | {"after": portion.next}) if portion.next else ""


def _month(visit: Visit, read: Read, portion: Portion | None = None) -> MonthOf:
    asked = {"area": visit.id, "county": visit.county, "month": visit.query.get("month") or None}
    try:
        query = msgspec.convert(asked, MonthQuery)
    except msgspec.ValidationError as error:
        raise misread(error, MonthQuery) from error
    return month_of(visit.office, visit.actor(), query, read=read, portion=portion)


def by_day(duties: list[Duty]) -> list[tuple[date | None, list[Duty]]]:
    """Duties by the day they are due, in its order."""
    return [(day, list(held)) for day, held in groupby(duties, key=lambda d: d.due_on)]


def _beside(month: str) -> tuple[str, str]:
    """The months before and after."""
    year, number = (int(part) for part in month.split("-"))
    at = year * _MONTHS + number - 1
    before, after = (f"{m // _MONTHS:04d}-{m % _MONTHS + 1:02d}" for m in (at - 1, at + 1))
    return before, after


_MONTHS = 12


async def on_paper(visit: Visit) -> Any:
    """``GET /community/{id}/list``: the same on a sheet, to be printed and hung at the door; where
    there are many matters, on several."""
    return await aside(_on_paper, visit)


def _on_paper(visit: Visit) -> Any:
    actor = visit.actor()
    read = Read(visit.office, actor, visit.county or actor.county)
    portion = _portion(visit, read)
    told = at_the_door.door(
        visit.office, actor, visit.id, visit.county, read=read, portion=portion
    )  # fmt: skip
    return shown(visit, "community/list.html", door=told, month=_month(visit, read, portion),
                 place=visit.id, portion=portion, onward=_onward(visit, portion),
                 kept=_kept(visit))  # fmt: skip


async def papers(visit: Visit) -> Any:
    """``GET /community/certificates``: may it issue this paper, and who verifies it instead."""
    return await aside(_papers, visit)


def _papers(visit: Visit) -> Any:
    actor = visit.actor()
    given = {n: v for n, v in visit.query.items() if v}
    return papers_page(visit, partial(_asked, visit, actor), given)


def _asked(visit: Visit, actor: Any, command: AskCommand) -> Any:
    return answering.answer(visit.office, actor, visit.county or actor.county, command)


_SIGNED_IN: dict[str, Any] = {"public": False, "places": [], "chosen": None, "parts": []}
"""Who is signed in asks for their own place."""


def papers_page(
    visit: Visit, ask: Any, given: dict[str, str], chosen: dict[str, Any] | None = None
) -> Any:
    """The look-up and its answer, whoever asks.

    Args:
        chosen: of the public, which place was chosen and which may be.
    """
    answer, refusal = None, None
    if given.get("q") and (chosen is None or given.get("area")):
        try:
            flagged = given | {"out_of_area": given.get("out_of_area") == "true"}
            answer = ask(msgspec.convert(flagged, AskCommand))
        except msgspec.ValidationError:
            refusal = visit.tongue.t("community.bad_words")
        except Refusal as raised:
            refusal = visit.tongue.refusal(raised)
    records = visit.who is not None and may(visit.office, visit.who, "certificate_demand.record")
    return shown(visit, "community/papers.html", given=given, answer=answer, refusal=refusal,
                 demanders=list(Demander), slip=_slip(visit, given) if records else "",
                 **(chosen or _SIGNED_IN))  # fmt: skip


def _slip(visit: Visit, given: dict[str, str]) -> str:
    """The form that records a demand and gives its slip a number, with what is known already."""
    posts = visit.actor().posts
    own = [p.organisation_id for p in posts if p.organisation_kind is OrganisationKind.COMMUNITY]
    known = {"item": given.get("q", ""), "demander": given.get("demander", ""), "slip": "true",
             "organisation_id": next(iter(own), "")}  # fmt: skip
    asked = urlencode({name: value for name, value in known.items() if value})
    return f"/do/certificate_demand.record?{asked}"


PAGES: list[Line] = [
    ("GET", PATH, mine, HERE),
    ("GET", PATH + "/certificates", papers, PAPERS),
    ("GET", PATH + "/{id:str}", door, HERE),
    ("GET", PATH + "/{id:str}/list", on_paper, LISTED),
]
