"""雷同 how alike two filings are: by their titles (R12), and by what is left once the dress is off.

Renaming, splitting, another receiver and a shorter term alter no substance (P38); who pays, with
what authority, on what basis, with whose consent, from when: those do.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import msgspec
from rapidfuzz import fuzz

from registry.domain.calendar import Calendar, Clock, Unit
from registry.domain.document_number import folded
from registry.domain.filing import Filing
from registry.domain.vocabulary import FundingMode
from registry.domain.wording import normalise

_DAY = timedelta(days=1)
_DETAILS = ("signboard", "certificate", "form", "app", "inspection", "campaign", "meeting",
            "office", "target")  # fmt: skip
_DRESS = frozenset({"wording", "place", "demand"})
"""Parts of a detail that name the matter anew without changing it."""


def back(calendar: Calendar, clock: Clock, on: date) -> date:
    """The first day that lies within ``clock`` before a day."""
    if clock.unit is Unit.CALENDAR:
        return on - timedelta(days=clock.days)
    day, left = on, clock.days
    while left:
        day -= _DAY
        left -= calendar.is_working(day)[0]
    return day


def how_alike(title: str, other: str, near: int) -> str:
    """``exact`` where two titles are the same in compared form, ``near`` from that likeness on."""
    a, b = normalise(title), normalise(other)
    if a == b:
        return "exact"
    return "near" if fuzz.ratio(a, b, score_cutoff=near) else ""


def surest(words: Iterable[str]) -> str:
    """The surest of several answers."""
    return "exact" if "exact" in set(words) else "near"


def same_substance(now: Filing, before: Filing, near: int) -> bool:
    """Whether a filing asks again what an earlier one asked, nothing but its dress being changed.

    Args:
        near: likeness of the two texts from which they say the same.
    """
    return (
        now.kind is before.kind
        and _substance(now) == _substance(before)
        and _alike(now.content + now.standard, before.content + before.standard, near)
        and not _more_money(now, before)
        and not _other_term(now, before)
    )


def _alike(text: str, other: str, near: int) -> bool:
    a, b = normalise(text), normalise(other)
    return a == b or fuzz.ratio(a, b) >= near


def _substance(filing: Filing) -> dict[str, Any]:
    """Authority, money, basis, consent, conditions and medium: what a change must touch."""
    return {
        "role": filing.role,
        "asked_by": sorted(a.organisation_id for a in filing.applicants),
        "powers": sorted(p.scope for p in filing.powers if p.authorisation_document_id),
        "bases": sorted({
            (b.level, folded(b.document_number) or normalise(b.title)) for b in filing.bases
        }),
        "consents": sorted({(c.by, c.organisation_id or "") for c in filing.consents}),
        "consulted": bool(filing.consultations),
        "conditions": sorted((c.what, c.quantity) for c in filing.conditions),
        "money": sorted({
            (line.mode.value, line.payer_id or "", line.purpose or "", bool(line.amount_fen))
            for line in filing.funding
        }),
        "emergency": filing.government_emergency_decision,
        "medium": filing.medium,
        "details": {name: _undressed(getattr(filing, name)) for name in _DETAILS},
    }  # fmt: skip


def _undressed(detail: Any) -> Any:
    if detail is None:
        return None
    told = msgspec.to_builtins(detail)
    return {name: value for name, value in told.items() if name not in _DRESS}


def _more_money(now: Filing, before: Filing) -> bool:
    """Less of it may be a part split off; more of it is a change of substance."""
    return _total(now) > _total(before)


def _total(filing: Filing) -> int:
    return sum(f.amount_fen for f in filing.funding if f.mode is not FundingMode.NONE)


def _other_term(now: Filing, before: Filing) -> bool:
    """A later beginning, an end where there was none, a longer term: not a shorter one."""
    if now.starts_on != before.starts_on or (now.ends_on and not before.ends_on):
        return True
    return bool(now.ends_on and before.ends_on and now.ends_on > before.ends_on)
