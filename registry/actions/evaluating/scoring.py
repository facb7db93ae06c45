"""加权结果 what each group said of a subject, and the weighted whole of it, formula and parts beside.

Whole numbers alone, tenths of a point in a hundred. Where a group that the pack weighs said
nothing, there is no whole: it is told which group is missing, and no weight is moved to others.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated, NamedTuple

import msgspec

from registry.domain.evaluating import RATER_ZH as RATER_ZH  # noqa: PLC0414 - asked for here too
from registry.domain.evaluating import Rater
from registry.domain.records import Wire
from registry.policies.judge import Rulebook
from registry.policies.measures import Evaluation
from registry.store.reader import Reader
from registry.store.satisfaction import Tally, tallied

Weight = Annotated[int, msgspec.Meta(ge=0, le=100)]
_TENTHS, _HUNDRED = 10, 100
_BEST = 4
"""Place of the best of five answers; the worst has 0. They stand evenly between 0 and 100."""
PLACES_ZH = "每档按 0、25、50、75、100 计，各档人数加权平均"
PLACES_EN = "answers count 0, 25, 50, 75, 100; their mean over all who answered"


class Scored(StrEnum):
    """计分对象; an item is an admitted request in all its communities, or one legacy matter."""

    ITEM = "item"
    PRESENCE = "presence"
    DEPARTMENT = "department"
    UTILITY = "utility"


class Subject(Wire, frozen=True, kw_only=True, order=True):
    """计分对象 of which kind, and its id: request, presence, organisation or ``utl-…``."""

    kind: Scored
    id: str


class Part(Wire, frozen=True, kw_only=True):
    """一方的评价."""

    rater: Rater
    name: str
    weight: Weight | None
    """``None`` = the pack gives this group no weight: shown, and not in the whole."""
    value_tenths: int | None
    """``None`` = this group said nothing."""
    answers: int
    """How many answers it rests on."""
    bodies: int
    """In how many communities and streets, or by how many of them, they were given."""


class Score(Wire, frozen=True, kw_only=True):
    """加权结果, in tenths of a point in a hundred."""

    name: str
    """Of the subject, as it was last told."""
    value_tenths: int | None
    """``None`` = not to be had: see ``missing``; with nothing missing the pack gives no weights."""
    parts: list[Part]
    missing: list[Rater] = []
    """Groups that the pack weighs and that said nothing."""
    withheld: list[Rater] = []
    """Groups whose figure is not shown to the reader: it would be a single body's."""
    formula: str
    formula_en: str


class Said(NamedTuple):
    """What was said in a period, by subject in the order of kinds and ids."""

    told: dict[Subject, list[Tally]]
    whose: dict[Subject, str | None]
    """Of each item the department that asks it, where it is known."""


def scores(
    reader: Reader, county_id: str, period: str, rule: Evaluation | None
) -> Mapping[Subject, Score]:
    """Every subject of which anything was said in a period, in the order of kinds and ids.

    Args:
        county_id: six digits, the partition.
        period: ``2026`` (with all its quarters) or ``2026Q1`` (that quarter alone).
        rule: of the packs in force, see ``rule_of``; ``None`` = they say nothing.
    """
    told = said(reader, county_id, period).told
    return {subject: weighed(words, rule) for subject, words in told.items()}


def said(reader: Reader, county: str, period: str) -> Said:
    """What was said in a period: of a presence both of itself and of the item it is of."""
    with reader.connect() as connection:
        found = tallied(connection, county, within(period))
    told: dict[Subject, list[Tally]] = {}
    whose: dict[Subject, str | None] = {}
    for one in found:
        subject = Subject(kind=Scored(one.rated.value) if one.rated else Scored.ITEM, id=one.id)
        told.setdefault(subject, []).append(one.tally)
        if subject.kind is Scored.ITEM:
            whose[subject] = whose.get(subject) or one.department_id
    return Said(told={s: told[s] for s in sorted(told)}, whose=whose)


def rule_of(rules: Rulebook) -> Evaluation | None:
    """What the packs say of weights, in a rulebook."""
    return rules.overlay.setting(lambda d: d.evaluation)


def last_day(period: str) -> date:
    """The last day of a period."""
    year, _, quarter = period.partition("Q")
    return date(int(year), *_ENDS[quarter])


_ENDS = {"1": (3, 31), "2": (6, 30), "3": (9, 30), "4": (12, 31), "": (12, 31)}
"""Month and day with which a quarter, or the year, ends."""


def within(period: str) -> list[str]:
    """Periods that lie in one: a year's quarters with it."""
    return [period] if "Q" in period else [period, *(f"{period}Q{n}" for n in _ENDS if n)]


def weighed(
    told: Sequence[Tally], rule: Evaluation | None, withheld: Collection[Rater] = ()
) -> Score:
    """What was said of one subject, as one figure of each group and the whole.

    Args:
        withheld: groups whose figure would tell what a single body said; nor is there a whole
            then, from which it could be worked out.
    """
    weights = rule.weights if rule else {}
    parts = [
        _part(rater, words, weights.get(rater), rater in withheld)
        for rater in Rater
        if (words := [s for s in told if s.rater is rater]) or weights.get(rater)
    ]
    lacking = [p.rater for p in parts if p.weight and p.value_tenths is None]
    whole = sum((p.weight or 0) * (p.value_tenths or 0) for p in parts)
    zh, en = _formula(parts)
    return Score(
        name=max(told, key=lambda t: (t.told_on, t.name)).name, parts=parts,
        missing=[rater for rater in lacking if rater not in withheld],
        withheld=[p.rater for p in parts if p.rater in withheld],
        value_tenths=_halves_up(whole, _HUNDRED) if weights and not lacking else None,
        formula=zh, formula_en=en,
    )  # fmt: skip


def _part(rater: Rater, told: Sequence[Tally], weight: int | None, hidden: bool) -> Part:
    """One group over all places and methods: each answer weighs as much as any other."""
    counts = [sum(column) for column in zip(*(one.counts for one in told), strict=True)]
    answers = 0 if hidden else sum(counts)
    points = sum(place * times for place, times in enumerate(counts))
    return Part(
        rater=rater, name=RATER_ZH[rater], weight=weight, answers=answers,
        bodies=sum(one.bodies for one in told),
        value_tenths=_halves_up(points * _HUNDRED * _TENTHS, _BEST * answers) if answers else None,
    )  # fmt: skip


def _halves_up(dividend: int, divisor: int) -> int:
    """Rounded to the nearest, a half upwards, in whole numbers."""
    return (2 * dividend + divisor) // (2 * divisor)


def _formula(parts: Sequence[Part]) -> tuple[str, str]:
    """How the whole is worked out, with the very figures, as anybody may do it again."""
    heavy = [p for p in parts if p.weight]
    if not heavy:
        return f"规则包没有规定权重；{PLACES_ZH}", f"The pack gives no weights; {PLACES_EN}."
    zh = "＋".join(f"{p.name} {shown(p.value_tenths)}×{p.weight}%" for p in heavy)
    en = " + ".join(f"{p.rater.value} {shown(p.value_tenths)}×{p.weight}%" for p in heavy)
    return f"{zh}；{PLACES_ZH}", f"{en}; {PLACES_EN}."


def shown(value_tenths: int | None) -> str:
    """A figure as it is read, with one decimal; ``—`` = there is none."""
    return "—" if value_tenths is None else "{}.{}".format(*divmod(value_tenths, _TENTHS))
