"""居民反映 of what is in a community, as the community reads it: of which matter, and how far it is.

The words are read by whoever examines them, so that nobody who spoke is known by them (P36).
"""

from datetime import date
from typing import Literal

from registry.actions.burden.reads import Read
from registry.actions.office import Office
from registry.domain.areas import Area
from registry.domain.evaluating import ReportState, ResidentReport
from registry.domain.presence import Presence
from registry.domain.records import Wire
from registry.store.counting import THERE


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
    office: Office, of: tuple[Area, list[str]], read: Read, span: tuple[date, date]
) -> list[SaidHere]:
    """What waits for an answer, and what was answered in a span of days.

    Args:
        of: the community's area, and its bodies.
        read: by it matters are named, where they are there and the reader may read them.
    """
    (area, bodies), (first, last) = of, span
    said = [
        one for one in office.store.reader.find(ResidentReport, area.county, area_id=area.id)
        if one.against_id not in bodies and (
            one.state is not ReportState.ANSWERED
            or (one.answered_on is not None and first <= one.answered_on <= last)
        )
    ]  # fmt: skip
    ids = sorted({one.presence_id for one in said if one.presence_id})
    named = read.all(Presence, {"id": ids}) if ids else []
    titles = {p.id: p.title for p in named if p.area_id == area.id and p.state.value in THERE}
    return [
        SaidHere(
            about=one.about,
            title=titles.get(one.presence_id or "", ""),
            state=one.state,
            due_on=one.due_on,
            ordered=one.ordered,
            answer=one.answer,
        )
        for one in said
    ]
