"""年度评估 opens a year: every matter in force gets one review, with what the packs propose (M7, M21).

The same year again makes no second row: what was admitted meanwhile is added, and told as such.
"""

from datetime import date
from typing import Annotated, Any

import msgspec

from registry.actions.evaluating.weighing_years import YearWeighing, id_of
from registry.actions.office import Answer, Desk, Office
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.evaluating import PROPOSAL_ZH, Proposal, YearlyReview
from registry.domain.presence import Presence
from registry.domain.records import Count, Wire
from registry.store.counting import hold
from registry.store.reviewing import admitted_in_force, legacy_standing, reviews_of

AHEAD = declare(
    "yearly_review.year", RefusalKind.INVALID, "{year}年还没有开始", "{year} has not begun yet."
)
AT_ONCE = 256
"""Matters weighed in one act: a technical limit, ``left`` are weighed by the next."""


class OpenCommand(Wire, frozen=True, kw_only=True):
    """开启年度评估."""

    year: Annotated[int, msgspec.Meta(ge=1949, le=9999)]


class Opened(Wire, frozen=True, kw_only=True):
    """已开启: what this act added, and what there is."""

    year: int
    added: Count
    of_legacy: Count
    """Of those added: 存量, told apart."""
    proposals: dict[Proposal, Count]
    undecidable: Count
    """待定: added, and the packs propose nothing for them."""
    held: Count
    """Reviews of the year, with those added."""
    left: Count
    """In force and not weighed yet: send the same again."""


class ReviewView(Wire, frozen=True, kw_only=True):
    """年度评估: as it is read."""

    county: str
    id: str
    version: int
    year: int
    request_id: str | None
    """The admission; ``None`` for what was there before."""
    presence_id: str | None
    """存量."""
    legacy: bool
    title: str
    organisation_id: str
    department_id: str | None
    proposal: Proposal | None
    """``None`` = 待定: the packs say nothing, a person weighs the figures."""
    proposal_zh: str
    reasons: list[str]
    reasons_en: list[str]
    clauses: list[str]
    verdict_id: str | None
    figures: dict[str, int]
    formula: str
    formula_en: str
    proposed_on: date
    decided: Proposal | None
    decided_zh: str
    decided_on: date | None
    decided_by: str | None
    opinion: str
    document_id: str | None
    into_id: str | None
    draft_id: str | None
    departures: list[str]


_SAME = (
    "county", "id", "version", "year", "request_id", "presence_id", "proposal",
    "title", "organisation_id", "reasons",
    "reasons_en", "clauses", "verdict_id", "figures", "formula", "formula_en", "decided",
    "proposed_on", "decided_on", "decided_by", "opinion", "document_id", "into_id", "draft_id",
    "departures",
)  # fmt: skip


def shown(review: YearlyReview) -> ReviewView:
    """A review as it is read."""
    return ReviewView(
        **{name: getattr(review, name) for name in _SAME},
        legacy=review.presence_id is not None, department_id=review.department_id or None,
        proposal_zh=PROPOSAL_ZH[review.proposal],
        decided_zh=PROPOSAL_ZH[review.decided] if review.decided else "",
    )  # fmt: skip


def views(_office: Office, rows: list[YearlyReview]) -> list[ReviewView]:
    """Reviews as they are read."""
    return [shown(row) for row in rows]


def open_year(desk: Desk, command: OpenCommand) -> Answer:
    """开启年度评估.

    Raises:
        Refusal: ``yearly_review.year``.
    """
    post = desk.authorise("yearly_review.open", paths=[desk.places.county().path])
    year, unit = command.year, desk.unit
    if year > desk.today.year:
        raise Refusal(AHEAD, year=year)
    # Of two who open the same year at once, the second sees what the first has added.
    hold(unit.connection, unit.county, f"yearly_review {year}")
    found = admitted_in_force(unit.connection, unit.county, year, desk.today)
    old = legacy_standing(unit.connection, unit.county, year)
    taken, some = found[:AT_ONCE], old[: max(AT_ONCE - len(found), 0)]
    there = unit.find(Presence, id=some) if some else []
    weighing = YearWeighing(desk, year, taken, there)
    whole: dict[str, Any] = {
        "county": unit.county, "year": year, "organisation_id": post.organisation_id,
        "proposed_on": desk.today, "proposed_by": desk.actor.person_id,
    }  # fmt: skip
    made = []
    for one in taken:
        request = weighing.requests[one.request_id]
        whose = request.applicant_id
        made.append(YearlyReview(
            id=id_of(year, whose, request.id), request_id=request.id, department_id=whose,
            title=request.title, **weighing.admitted(one), **whole,
        ))  # fmt: skip
    for presence in there:
        whose = presence.department_id or ""
        made.append(YearlyReview(
            id=id_of(year, whose, presence.id), presence_id=presence.id,
            department_id=whose, title=presence.title, **weighing.legacy(presence), **whole,
        ))  # fmt: skip
    return _answered(desk, year, made, len(found) + len(old))


def _answered(desk: Desk, year: int, made: list[YearlyReview], waiting: int) -> Answer:
    for review in made:
        desk.unit.add(review)
    said = [review.proposal for review in made]
    body = Opened(
        year=year, added=len(made),
        of_legacy=sum(review.presence_id is not None for review in made),
        proposals={one: many for one in Proposal if (many := said.count(one))},
        undecidable=said.count(None), left=waiting - len(made),
        held=len(made) + reviews_of(desk.unit.connection, desk.unit.county, year),
    )  # fmt: skip
    desk.note = {"year": year, "added": body.added, "left": body.left}
    return Answer(body=body)
