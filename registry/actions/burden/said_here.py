"""居民反映 of what is in a community, as the community reads it: of which matter, and how far it is.

The words are read by whoever examines them, so that nobody who spoke is known by them (P36).
"""

from collections.abc import Iterable
from datetime import date
from typing import Literal

from registry.actions.office import Office
from registry.domain.areas import Area
from registry.domain.evaluating import ReportState, ResidentReport
from registry.domain.presence import Presence
from registry.domain.records import Wire


class SaidHere(Wire, frozen=True, kw_only=True):
    """居民反映 about what is here; none that is about the community itself."""

    about: Literal["harm", "publicity", "opinion"]
    title: str
    """The matter; empty = none is named."""
    state: ReportState
    due_on: date | None
    ordered: str
    """责令公布: what must be published."""
    answer: str


def said_here(
    office: Office, of: tuple[Area, list[str]], here: Iterable[Presence], span: tuple[date, date]
) -> list[SaidHere]:
    """What waits for an answer, and what was answered in a span of days.

    Args:
        of: the community's area, and its bodies.
    """
    (area, bodies), (first, last) = of, span
    titles = {held.id: held.title for held in here}
    return [
        SaidHere(
            about=one.about, title=titles.get(one.presence_id or "", ""), state=one.state,
            due_on=one.due_on, ordered=one.ordered, answer=one.answer,
        )
        for one in office.store.reader.find(ResidentReport, area.county, area_id=area.id)
        if one.against_id not in bodies and (
            one.state is not ReportState.ANSWERED
            or (one.answered_on is not None and first <= one.answered_on <= last)
        )
    ]  # fmt: skip
