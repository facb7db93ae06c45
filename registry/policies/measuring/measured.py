"""计量事实 what code counts, held against the numbers that packs and lists state: one word a column.

No number stands here. Where nothing is stated, or what is counted is not known, the word says so.
"""

from collections.abc import Collection, Iterable
from datetime import date
from fractions import Fraction
from typing import Any

from registry.domain.calendar import Calendar, Clock
from registry.domain.catalogue import ListItem
from registry.domain.filing import Filing
from registry.domain.records import Wire
from registry.domain.vocabulary import FundingMode, OrganisationKind, Receiver
from registry.policies.measures import AGREEMENT, Band, DurationRule
from registry.policies.measuring.filed import paying
from registry.policies.measuring.gauges import Gauges
from registry.policies.pack import Conditions

Payers = dict[str, OrganisationKind]
"""Payer's organisation id → its kind, as far as the register knows it."""
_PURSE = {
    OrganisationKind.GOVERNMENT: "government",
    OrganisationKind.STREET: "government",
    OrganisationKind.TOWNSHIP: "government",
    OrganisationKind.FINANCE: "finance",
    OrganisationKind.TREASURY: "finance",
    OrganisationKind.COMMUNITY: "community",
}
"""A street office pays as the government whose office it is (居委会组织法 43)."""
_MONTHS, _WEEK = 12, 7
_NOT_BY_AGREEMENT = {FundingMode.PURCHASE.value, FundingMode.PROJECT.value}


def lead_time(filing: Filing, applied: date, calendar: Calendar, ahead: Clock | None) -> str:
    """Days before entry against the pack's number; a provisional count makes nothing late."""
    if ahead is None or filing.starts_on is None:
        return "unset"
    days, provisional = calendar.days_ahead(ahead, applied, filing.starts_on)
    return "ok" if days >= ahead.days or provisional else "short"


def conditions(filing: Filing, required: Conditions) -> str:
    """Whether every condition the pack names is offered."""
    offered = {condition.what for condition in filing.conditions}
    return "complete" if offered >= set(required.required) else "missing"


def term(filing: Filing, receiver: Receiver, gauges: Gauges, calendar: Calendar) -> str:
    """期限 against what the packs ask of this duration; the strictest entry that fits speaks."""
    asked = [
        one for one in gauges.durations
        if one.of is filing.duration and (not one.kinds or filing.kind in one.kinds)
        and (not one.receivers or receiver in one.receivers)
    ]  # fmt: skip
    said = {_one_term(filing, one, calendar) for one in asked}
    return next((word for word in ("missing", "over", "ok") if word in said), "unset")


def _one_term(filing: Filing, asked: DurationRule, calendar: Calendar) -> str:
    """One entry. A longest term cannot be kept without an end, so it asks for one too."""
    if filing.ends_on is None:
        return "missing" if asked.end_required or asked.at_most else "unset"
    if asked.at_most is None:
        return "ok"
    if filing.starts_on is None:
        return "unset"
    last, provisional = calendar.due(asked.at_most, filing.starts_on)
    return "ok" if filing.ends_on <= last or provisional else "over"


def purposes(filing: Filing, gauges: Gauges) -> str:
    """经费用途 whether each group that the packs ask for has one of its purposes in a line (F4)."""
    groups = [
        group for one in gauges.purposes
        if (not one.durations or filing.duration in one.durations)
        and (not one.kinds or filing.kind in one.kinds)
        for group in one.needs
    ]  # fmt: skip
    if not groups:
        return "unset"
    named = {line.purpose for line in paying(filing)}
    return "complete" if all(named & set(group) for group in groups) else "missing"


def _payers(filing: Filing, known: Payers) -> list[frozenset[str]]:
    """Each payer named, by every word that is true of it; no word where its kind is not known."""
    asking = {a.organisation_id for a in filing.applicants}
    named = dict.fromkeys(line.payer_id for line in paying(filing) if line.payer_id)
    found = []
    for payer in named:
        words = {"entrusting"} if payer in asking else set()
        if payer in known:
            words.add(_PURSE.get(known[payer], "other"))
        found.append(frozenset(words))
    return found


def payer_kind(filing: Filing, known: Payers) -> str:
    """What kind of body pays; who asks and pays is ``entrusting`` whatever else it is."""
    by_payer = _payers(filing, known)
    if not all(by_payer):
        return "none"
    words = {"entrusting" if "entrusting" in one else next(iter(one)) for one in by_payer}
    if not words:
        return "none"
    return words.pop() if len(words) == 1 else "several"


def statutory_payer(filing: Filing, known: Payers, items: Iterable[ListItem]) -> str:
    """法定付款单位 whether those who pay are the one that the text of the list item fixes (F6)."""
    fixed = {item.payer for item in items if item.payer and item.on}
    by_payer = _payers(filing, known)
    if not fixed or not by_payer or not all(by_payer):
        return "unset"
    return "met" if all(one & fixed for one in by_payer) else "unmet"


class Mode(Wire, frozen=True, kw_only=True):
    """承办方式 (P26): whether the filing's mode is the one the table names, and by which row."""

    fit: str = "unset"
    told: dict[str, Any] = {}


def mode(filing: Filing, applied: date, gauges: Gauges) -> Mode:
    """工作量、难度、人数、期限 → agreement, purchase or project, by the nearest table that answers."""
    if not gauges.modes:
        return Mode()
    hours = hours_a_month(filing, applied)
    facts = {
        "kind": filing.kind.value,
        "workload": band_of(gauges.bands, "workload", hours),
        "headcount": band_of(gauges.bands, "headcount", filing.headcount),
        "difficulty": filing.difficulty or "unset",
        "duration": filing.duration.value,
        "technical": "yes" if filing.technical else "no",
    }
    for table in gauges.modes:
        answer = table.ask(tuple(facts.values()))
        if answer is not None:
            line, named = answer
            told = {
                "mode": named, "pack": table.pack, "table": "modes.csv", "line": line,
                "hours_a_month": hours, "persons": filing.headcount, **facts,
            }  # fmt: skip
            filed = {one.mode.value for one in paying(filing)}
            return Mode(fit=_fit(named, filed), told={"mode": told})
    return Mode()


def _fit(named: str, filed: Collection[str]) -> str:
    """Whether the modes in the filing go with the one named; no money says nothing of it."""
    if not filed:
        return "unset"
    by_agreement = named == AGREEMENT and not _NOT_BY_AGREEMENT & set(filed)
    return "fits" if by_agreement or named in filed else "differs"


def band_of(bands: Iterable[Band], fact: str, value: int | None) -> str:
    """The name of the band in which a measure lies; ``unset`` below the lowest or not known."""
    if value is None:
        return "unset"
    reached = [one for one in bands if one.fact == fact and one.least <= value]
    return max(reached, key=lambda one: one.least).name if reached else "unset"


def hours_a_month(filing: Filing, applied: date) -> int | None:
    """每月工时 in whole hours, averaged over the civil year in which the work begins.

    A day's work is taken to come every day, as the filing says; what happens once counts in the
    month in which it happens. ``None`` = hours or cycle are not stated.
    """
    hours, cycle = filing.hours_per_cycle, filing.cycle
    if hours is None or cycle is None:
        return None
    year = (filing.starts_on or applied).year
    length = (date(year, 12, 31) - date(year, 1, 1)).days + 1
    times = {
        "day": Fraction(length, _MONTHS), "week": Fraction(length, _WEEK * _MONTHS),
        "month": Fraction(1), "quarter": Fraction(1, 3), "year": Fraction(1, _MONTHS),
        "once": Fraction(1),
    }[cycle]  # fmt: skip
    return int(hours * times)
