"""推算 the values of an edit that follow from the filing, the day and the pack: no number of ours.

Where a person must choose (an amount, a last day) the value only holds the place and is asked for.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import msgspec

from registry.domain.calendar import Calendar, Clock
from registry.domain.filing import Filing
from registry.domain.formula import Formula, amount_of
from registry.domain.records import Wire
from registry.policies.judge import Rulebook
from registry.policies.measuring.filed import paying
from registry.policies.measuring.gauges import Gauges

_DAY = timedelta(days=1)
Place = tuple[Filing, dict[str, Any], dict[str, Any]]
"""The filing, the same as plain data with the edits so far, and the element an edit lies in."""


class Setting(Wire, frozen=True, kw_only=True):
    """条件: what the packs in force ask of one filing, and the day it is filed."""

    applied: date
    ahead: Clock | None
    terms: list[Clock]
    """Longest terms that the packs allow for a filing like this."""
    conditions: list[str]
    """Conditions asked for and not offered."""
    purposes: list[str]
    """One purpose for each group that is asked for and not met."""
    calendar: Calendar


def setting_of(filing: Filing, rulebook: Rulebook, applied: date) -> Setting:
    """What the packs ask of this filing."""
    gauges = rulebook.gauges
    offered = {condition.what for condition in filing.conditions}
    return Setting(
        applied=applied, calendar=rulebook.calendar, ahead=gauges.apply_ahead,
        terms=[
            rule.at_most for rule in gauges.durations
            if rule.at_most is not None and rule.of is filing.duration
            and (not rule.kinds or filing.kind in rule.kinds)
            and (not rule.receivers or set(filing.receivers) & set(rule.receivers))
        ],
        conditions=[what for what in gauges.conditions.required if what not in offered],
        purposes=_lacking(filing, gauges),
    )  # fmt: skip


def _lacking(filing: Filing, gauges: Gauges) -> list[str]:
    """The first purpose of every group that no line of money serves."""
    served = {line.purpose for line in paying(filing)}
    groups = [
        group for rule in gauges.purposes for group in rule.needs
        if (not rule.kinds or filing.kind in rule.kinds)
        and (not rule.durations or filing.duration in rule.durations)
    ]  # fmt: skip
    found: list[str] = []
    for group in groups:
        if not served & set(group) and not set(found) & set(group):
            found.append(group[0])
    return found


def reckoned(word: str, place: Place, setting: Setting) -> Any:
    """The value of a ``$word`` of ``substance.toml``; ``None`` where there is none."""
    return _WORDS[word](place, setting)


def _leading(place: Place, _setting: Setting) -> str:
    return place[0].leading


def _today(_place: Place, setting: Setting) -> str:
    return setting.applied.isoformat()


def _year(place: Place, setting: Setting) -> int:
    return (place[0].starts_on or setting.applied).year


def _least_fen(_place: Place, _setting: Setting) -> int:
    """分: the least that is an amount at all; the clerk states the real one."""
    return 1


def _quantity(place: Place, _setting: Setting) -> int | None:
    """A quantity only where a rate stands without one."""
    return 1 if place[2].get("rate_fen") else None


def _amount(place: Place, _setting: Setting) -> int:
    """分: rate × quantity where a rate stands, else the least amount."""
    line = place[2]
    return int(line.get("rate_fen", 0) * line.get("quantity", 0)) or 1


def _formula_fen(place: Place, _setting: Setting) -> int | None:
    """分: what the line's own formula gives."""
    told = place[2].get("formula")
    return amount_of(msgspec.convert(told, Formula)) if told else None


def _formula_schedule(place: Place, setting: Setting) -> list[dict[str, Any]] | None:
    """None of the old instalments where their sum is another now."""
    reckoned_fen = _formula_fen(place, setting)
    differs = reckoned_fen is not None and reckoned_fen != place[2].get("amount_fen")
    return [] if differs else None


def _first_free(letter: str) -> Callable[[Place, Setting], str]:
    def made(place: Place, _setting: Setting) -> str:
        lines: Sequence[dict[str, Any]] = [*place[1]["funding"], *place[1]["conditions"]]
        used = {line["key"] for line in lines}
        number = 1
        while f"{letter}{number}" in used:
            number += 1
        return f"{letter}{number}"

    return made


def _earliest(_place: Place, setting: Setting) -> str | None:
    """The first day of entry that keeps the lead time."""
    if setting.ahead is None:
        return None
    return (setting.calendar.due(setting.ahead, setting.applied)[0] + _DAY).isoformat()


def _end_moved(place: Place, setting: Setting) -> str | None:
    """The end, moved as far as the start: the term keeps its length (P38)."""
    filing, earliest = place[0], _earliest(place, setting)
    if earliest is None or filing.starts_on is None or filing.ends_on is None:
        return None
    return (filing.ends_on + (date.fromisoformat(earliest) - filing.starts_on)).isoformat()


def _last_day(place: Place, setting: Setting) -> str:
    """The end of the year in which it begins, or of the longest term allowed: holds the place."""
    begins = place[0].starts_on or setting.applied
    allowed = [
        setting.calendar.due(Clock(days=t.days, unit=t.unit, count_first_day=True), begins)[0]
        for t in setting.terms
    ]
    return min([date(begins.year + 1, 1, 1) - _DAY, *allowed]).isoformat()


def _responsible(place: Place, _setting: Setting) -> str | None:
    """责任主体: asked for only where it is not stated yet."""
    return None if place[0].responsible_party.strip() else "待填写"


def _powers(place: Place, setting: Setting) -> list[dict[str, Any]]:
    """Every power with scope, term and document; what is missing holds its place."""
    filing: Filing = place[0]
    begins = (filing.starts_on or setting.applied).isoformat()
    whole = {
        "term_from": begins,
        "term_to": filing.ends_on.isoformat() if filing.ends_on else _last_day(place, setting),
        "authorisation_document_id": "document-to-be-named",
    }
    stated = place[1]["powers"] or [{"scope": "待填写"}]
    return [{**whole, **{k: v for k, v in power.items() if v}} for power in stated]


_WORDS: dict[str, Callable[[Place, Setting], Any]] = {
    "leading": _leading, "today": _today, "year": _year, "least_fen": _least_fen,
    "quantity": _quantity, "amount": _amount, "funding_key": _first_free("F"),
    "formula_fen": _formula_fen, "formula_schedule": _formula_schedule,
    "condition_key": _first_free("C"), "earliest": _earliest, "end_moved": _end_moved,
    "last_day": _last_day, "responsible": _responsible, "powers": _powers,
}  # fmt: skip
"""``$word`` → how it is worked out."""
