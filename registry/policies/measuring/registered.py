"""登记事实 what the register tells of a filing: quotas met, what is held, the state of its bases.

Pure: counts, titles and instruments come in, words and names go out. The numbers are the packs'.
"""

from calendar import monthrange
from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta

from registry.domain.areas import Area
from registry.domain.filing import Filing
from registry.domain.instrument import Instrument, InstrumentStatus
from registry.domain.records import Wire
from registry.domain.vocabulary import GRADES_OFF, ZH, Kind, Level
from registry.domain.wording import normalise
from registry.policies.measures import InstrumentRule, Quota, Similar
from registry.policies.overlay import Overlay

COLLECTING = (Kind.REPORT, Kind.LEDGER, Kind.SURVEY)
"""Kinds that collect: what they ask is compared field by field."""
Ground = tuple[str, list[str]]
"""How surely (exact or near), and what stands behind it."""
_MONTHS, _SEASON = 12, 3


# ---- quotas 限额 (R15) -------------------------------------------------------------------------


def quotas(overlay: Overlay, on: date) -> list[Quota]:
    """The quotas in force on a day: a child's in place of its parent's of the same key."""
    found: dict[str, Quota] = {}
    for pack in overlay.packs:
        if pack.in_force(on):
            for quota in pack.document.quota:
                found.setdefault(quota.key, quota)
    return list(found.values())


def concerns(quota: Quota, filing: Filing, level: Level) -> bool:
    """Whether a quota is about such a filing of an applicant of this level."""
    place = filing.signboard.place if filing.signboard else ""
    return (
        filing.kind in quota.kinds
        and (not quota.receivers or bool(added(quota, filing)))
        and (not quota.places or place in quota.places)
        and (not quota.levels or level in quota.levels)
    )


def added(quota: Quota, filing: Filing) -> int:
    """How many the filing would add in one community."""
    wanted = quota.receivers or filing.receivers
    return sum(receiver in wanted for receiver in filing.receivers)


def period(quota: Quota, on: date) -> tuple[date, date] | None:
    """First and last day of the civil period 周、月、季、年 around a day; ``None`` = standing."""
    match quota.period:
        case "standing":
            return None
        case "week":
            first = on - timedelta(days=on.weekday())
            return first, first + timedelta(weeks=1) - timedelta(days=1)
        case "month":
            return on.replace(day=1), _last(on.year, on.month)
        case "quarter":
            month = on.month - (on.month - 1) % _SEASON
            return date(on.year, month, 1), _last(on.year, month + _SEASON - 1)
        case "year":
            return date(on.year, 1, 1), _last(on.year, _MONTHS)


def _last(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


class Count(Wire, frozen=True, kw_only=True):
    """限额计数: one quota, what was counted, and where it would be passed."""

    quota: Quota
    more: int
    """What the filing would add in each place: matters, or hours a year."""
    unstated: bool = False
    """The quota is of hours, and the filing states none: it adds nothing that can be counted."""
    counts: dict[str, int]
    """Community id → how many are there; ``""`` where the quota counts requests."""

    @property
    def over(self) -> list[str]:
        """The places where one more would pass the cap."""
        return [a for a, n in self.counts.items() if n + self.more > self.quota.cap]


def capped(counts: Iterable[Count], areas: Mapping[str, Area], told: int) -> Ground | None:
    """The ground of the quotas that would be passed; one of a grade that is off decides nothing.

    Args:
        areas: community id → community, for their names.
        told: at most so many places are named for each quota.
    """
    names: list[str] = []
    for count in counts:
        quota, over = count.quota, count.over
        if quota.grade in GRADES_OFF or not over:
            continue
        kinds = "、".join(ZH[kind] for kind in quota.kinds)
        for area in over[:told]:
            where = f" {areas[area].name}" if area else ""
            names.append(f"{quota.key} {kinds} {_told(count, area)}{where}")
        if len(over) > told:
            names.append(f"{quota.key} 等{len(over)}个社区（村）")
    return ("exact", names) if names else None


def _told(count: Count, area: str) -> str:
    """What is there against the cap; of hours, with what would come."""
    there, cap = count.counts[area], count.quota.cap
    if count.quota.of == "matters":
        return f"{there}/{cap}"
    return f"每年工时 {there}+{count.more}/{cap} 小时"


def figures(counts: Iterable[Count]) -> list[dict[str, object]]:
    """The numbers behind the quotas, for the verdict: the fullest place speaks for each."""
    return [
        {
            "quota": count.quota.key, "of": count.quota.of, "cap": count.quota.cap,
            "period": count.quota.period, "unstated": count.unstated,
            "most": max(count.counts.values(), default=0), "adds": count.more,
            "over": len(count.over), "decides": count.quota.grade not in GRADES_OFF,
        }
        for count in counts
    ]  # fmt: skip


# ---- what is already collected 已有数据 (M11, P25) ---------------------------------------------


class Holder(Wire, frozen=True, kw_only=True):
    """已有报表: an admitted report, ledger or survey, and the communities it covers."""

    request_id: str
    title: str
    applicant: str
    filing: Filing
    areas: list[str]


class Held(Wire, frozen=True, kw_only=True):
    """已收集情况: the word for the table, and field by field who collects it where."""

    word: str
    fields: list[dict[str, str]]

    @property
    def names(self) -> list[str]:
        """For an official: which fields, by whom, in which matter."""
        return [
            f"{f['field']} 已由{f['applicant']}《{f['title']}》收集（{f['request']}），建议共享或合并"
            for f in self.fields
        ]  # fmt: skip


def held_of(filing: Filing, holders: Iterable[Holder], areas: Collection[str]) -> Held:
    """Which of the fields asked are collected already: ``whole`` where every field is, in every
    community asked; ``part`` where any is in any.

    What is asked on paper counts as held only where it is held electronically (P25): whoever has it
    on paper too is named and decides nothing.
    """
    asked = (
        {normalise(field.name): field.name for field in filing.form.fields} if filing.form else {}
    )
    covered: dict[str, set[str]] = {name: set() for name in asked}
    told: list[dict[str, str]] = []
    for holder in holders:
        form, medium = holder.filing.form, holder.filing.medium or "unstated"
        counts = filing.medium != "paper" or medium in _ELECTRONIC
        for name in dict.fromkeys(normalise(f.name) for f in (form.fields if form else [])):
            if name in asked:
                covered[name] |= set(holder.areas if counts else ())
                told.append({
                    "field": asked[name], "request": holder.request_id, "title": holder.title,
                    "applicant": holder.applicant, "medium": medium,
                })  # fmt: skip
    told.sort(key=lambda t: (t["field"], t["request"]))
    if not any(covered.values()):
        return Held(word="none", fields=told)
    whole = all(found >= set(areas) for found in covered.values())
    return Held(word="whole" if whole else "part", fields=told)


_ELECTRONIC = ("electronic", "both")


# ---- instruments 文件 (P35) --------------------------------------------------------------------

_WORST = ("lapsed", "not_yet", "unknown", "in_force")


def numbers(filing: Filing) -> list[str]:
    """The document numbers that a filing rests on."""
    return list(dict.fromkeys(b.document_number for b in filing.bases if b.document_number))


def basis_state(
    filing: Filing, registered: Mapping[str, Instrument], on: date
) -> tuple[str, list[str]]:
    """The word for the bases on a day, the gravest first; and each number with its own."""
    states = {number: _status(registered.get(number), on) for number in numbers(filing)}
    word = status_word(states, registered, on)
    return word, [f"{number} {_STATUS_ZH[state]}" for number, state in states.items()]


def status_word(named: Collection[str], registered: Mapping[str, Instrument], on: date) -> str:
    """The gravest word among the numbers named; ``none`` where none is."""
    states = {_status(registered.get(number), on) for number in named}
    return next((word for word in _WORST if word in states), "none")


def _status(found: Instrument | None, on: date) -> str:
    return found.status(on).value if found else "unknown"


_STATUS_ZH = {
    InstrumentStatus.LAPSED.value: "已失效",
    InstrumentStatus.NOT_YET.value: "尚未施行",
    InstrumentStatus.IN_FORCE.value: "有效",
    "unknown": "未登记",
}


def similar_rule(overlay: Overlay) -> Similar | None:
    """How alike is alike, by the nearest pack that says so."""
    return overlay.setting(lambda d: d.similar)


def instrument_rule(overlay: Overlay) -> InstrumentRule | None:
    """How long before an instrument lapses one is told, by the nearest pack that says so."""
    return overlay.setting(lambda d: d.instruments)
