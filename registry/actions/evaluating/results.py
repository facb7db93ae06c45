"""评价结果 what was said in a period: the county's office reads all, in the order of codes; whoever
is rated reads their own beside the county's median, and nobody else's (P9).

Never in an order of results, and never for the public.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Annotated

import msgspec

from registry.actions.evaluating.scoring import (
    Said,
    Score,
    Scored,
    Subject,
    last_day,
    rule_of,
    said,
    weighed,
)
from registry.actions.office import Office
from registry.actions.reading import NOT_READABLE
from registry.actions.seeing import scopes
from registry.domain.errors import Refusal
from registry.domain.evaluating import RATER_ZH, Rater
from registry.domain.people import Actor
from registry.domain.records import Wire, civil
from registry.policies.measures import Evaluation
from registry.store.satisfaction import Tally

ACT = "evaluation.read"
_OTHERS = 3
"""Arithmetic, no choice: whoever knows their own figure works out the other's from the median of
two, and of three the median is, where it is not theirs, the very figure of one of the two others.
Of three others and more it says no more than that somebody lies there."""
_BY_NAME = (Rater.COMMUNITY, Rater.STREET)
"""Who speaks in the name of one body: of fewer than three, those rated could tell who said what."""
SCORED_ZH: dict[Scored, str] = {
    Scored.ITEM: "事项", Scored.PRESENCE: "进驻事项", Scored.DEPARTMENT: "部门",
    Scored.UTILITY: "公共服务单位",
}  # fmt: skip
Year = Annotated[str, msgspec.Meta(pattern=r"^[1-9][0-9]{3}(Q[1-4])?$")]


class ResultQuery(Wire, frozen=True, kw_only=True):
    """评价条件."""

    period: Year
    """``2026``, with its quarters, or ``2026Q1``."""
    kind: Scored | None = None
    after: Annotated[str, msgspec.Meta(pattern=r"^[a-z]+\|[0-9A-Za-z._:\-]{1,120}$")] | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=500)] = 50
    county: str | None = None


class Result(Wire, frozen=True, kw_only=True):
    """一个对象的评价结果."""

    kind: Scored
    id: str
    score: Score


class Median(Wire, frozen=True, kw_only=True):
    """中位数 of all that are alike in the county, for one figure."""

    kind: Scored
    rater: Rater | None
    """``None`` = the weighted whole."""
    name: str
    value_tenths: int | None
    """``None`` = not told, for there are too few others; the half of two is rounded up."""


class Results(Wire, frozen=True, kw_only=True):
    """评价结果: ``next`` is the ``after`` of the following page."""

    county: str
    period: str
    weights: dict[Rater, int]
    """Of the pack in force on the last day of the period, or today; empty = it says none."""
    reverse: bool
    """反向评价: whether the pack has communities and streets rate departments."""
    organised_by: str
    items: list[Result]
    next: str | None
    medians: list[Median]
    note: str = "按编号排列，不按得分排名；不向社会公布各部门结果"
    note_en: str = "In the order of ids, never of results; not published by department."


def results(office: Office, actor: Actor, query: ResultQuery) -> Results:
    """What the person may read of a period.

    Raises:
        Refusal: ``access.reading``.
    """
    county = query.county or actor.county
    seen = scopes(office, actor, ACT, county)
    if not seen:
        raise Refusal(NOT_READABLE)
    whole = any(scope.whole for scope in seen)
    own = None if whole else {o for scope in seen for o in scope.organisations}
    rule, told = (
        weights(office, county, query.period),
        said(office.store.reader, county, query.period),
    )
    rows = list(scored(told, rule, own, query.kind))
    rest = [r for r in rows if query.after is None or _key(r) > query.after]
    shown = rest[: query.limit]
    return Results(
        county=county, period=query.period, weights=rule.weights if rule else {},
        reverse=bool(rule and rule.reverse), organised_by=rule.organised_by if rule else "",
        items=shown, next=_key(shown[-1]) if len(rest) > len(shown) else None,
        medians=list(_medians(told, rule, own, {r.kind for r in rows})),
    )  # fmt: skip


def weights(office: Office, county: str, period: str) -> Evaluation | None:
    """What the packs say of weights on the last day of a period; today where it is not over."""
    on = min(last_day(period), civil(office.clock()))
    return rule_of(office.rulebooks.of(county, on))


def scored(
    told: Said, rule: Evaluation | None, own: Collection[str] | None, kind: Scored | None = None
) -> Iterator[Result]:
    """The results of a period in the order of kinds and ids.

    Args:
        own: bodies whose results alone are told, without what a single community or street said;
            a matter's result is told by item, not by community. ``None`` = all.
    """
    for subject, words in told.told.items():
        if kind in (None, subject.kind) and (own is None or _rated(told, subject) in own):
            withheld = [] if own is None else withheld_of(words, rule)
            score = weighed(words, rule, withheld)
            yield Result(kind=subject.kind, id=subject.id, score=score)


def _rated(told: Said, subject: Subject) -> str | None:
    """The body whose result it is."""
    if subject.kind is Scored.PRESENCE:
        return None
    return told.whose.get(subject) if subject.kind is Scored.ITEM else subject.id


def withheld_of(words: Iterable[Tally], rule: Evaluation | None) -> list[Rater]:
    """Groups whose figure those rated are not told: too few bodies said it."""
    return [t.rater for t in words if t.rater in _BY_NAME and t.bodies < _floor(rule)]


def _floor(rule: Evaluation | None) -> int:
    return max(_OTHERS, (rule.median_from if rule else None) or 0)


def _medians(
    told: Said, rule: Evaluation | None, own: Collection[str] | None, kinds: Collection[Scored]
) -> Iterator[Median]:
    """Of each figure of each kind of which the reader is told anything; of others' figures the
    county's median alone, where there are enough others."""
    for kind in (k for k in Scored if k in kinds and k is not Scored.PRESENCE):
        every = [(s, weighed(words, rule)) for s, words in told.told.items() if s.kind is kind]
        for rater in (None, *Rater):
            found = [(s, v) for s, score in every if (v := _figure(score, rater)) is not None]
            if not found:
                continue
            others = {_rated(told, s) or s.id for s, _ in found} - set(own or ())
            hidden = own is not None and len(others) < _floor(rule)
            yield Median(
                kind=kind, rater=rater, name=RATER_ZH[rater] if rater else "加权结果",
                value_tenths=None if hidden else _median([v for _, v in found]),
            )  # fmt: skip


def _figure(score: Score, rater: Rater | None) -> int | None:
    if rater is None:
        return score.value_tenths
    return next((p.value_tenths for p in score.parts if p.rater is rater), None)


def _median(values: list[int]) -> int:
    ranked = sorted(values)
    low, high = ranked[(len(ranked) - 1) // 2], ranked[len(ranked) // 2]
    return (low + high + 1) // 2


def _key(row: Result) -> str:
    return f"{row.kind.value}|{row.id}"
