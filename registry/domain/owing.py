"""应付 what is to have arrived in one community by which day, and whether it did (E3, E10, E16).

The day comes from the approval: the schedule of the funding line, else the day the work begins or,
where it is paid by quantity, the day it was accepted. Nothing is read into silence.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from registry.domain.amounts import share
from registry.domain.calendar import Calendar, Clock
from registry.domain.formula import (
    FixedFormula,
    NegotiatedFormula,
    PerCapitaFormula,
    RatioFormula,
    SecondmentFormula,
    TransferFormula,
)
from registry.domain.funding import FundingLine
from registry.domain.funds import Chain
from registry.domain.shares import Delivered, apportioned, figures_of, owed, shares_of

_STREET = "street"
_DAY = timedelta(days=1)
HUNDRED = 100
DASH = "—"
"""What stands for a rate of nothing approved."""


class Step(NamedTuple):
    """应付一期: by this day so much is to have arrived, earlier instalments included, 分."""

    due_on: date
    reached_fen: int


class Accepted(NamedTuple):
    """已验收: what a community's work was accepted as, and when last."""

    quantity: int | None
    on: date | None
    stages: tuple[str, ...] = ()
    """Stages of a project, by key."""


def steps_of(line: FundingLine, areas: Sequence[str]) -> list[list[Step]]:
    """The schedule of a line as each of its presences is to be paid by it, in their order."""
    if not line.schedule or not areas:
        return [[] for _ in areas]
    shares = shares_of(line, areas)
    found: list[list[Step]] = [[] for _ in areas]
    reached = [0] * len(areas)
    for day in sorted({one.due_on for one in line.schedule}):
        whole = sum(one.amount_fen for one in line.schedule if one.due_on <= day)
        # Parts of a growing sum may fall by a 分 in between; nobody is owed less than before.
        parts = _parts(line, areas, shares, whole)
        reached = [min(top, max(*two)) for top, *two in zip(shares, reached, parts, strict=True)]
        for at, fen in enumerate(reached):
            found[at].append(Step(day, fen))
    return found


def _parts(line: FundingLine, areas: Sequence[str], shares: Sequence[int], whole: int) -> list[int]:
    figures = figures_of(line)
    if any(figures.get(area) for area in areas):
        return apportioned(whole, [Fraction(one) for one in shares])
    return [share(whole, len(areas), at) for at in range(len(areas))]


def unscheduled(
    line: FundingLine, share_fen: int, begins: date | None, accepted: Accepted
) -> list[Step]:
    """What a line without a schedule owes: by the day the work begins, or, where only what was
    accepted is paid, from the day of its acceptance."""
    if owed(line, share_fen, Delivered()) == share_fen:
        return [Step(begins, share_fen)] if begins is not None else []
    if accepted.on is None:
        return []
    earned = owed(line, share_fen, Delivered(quantity=accepted.quantity, stages=[*accepted.stages]))
    return [Step(accepted.on, earned)] if earned else []


def due_fen(steps: Iterable[Step], promised_fen: int, on: date) -> int:
    """What is to have arrived by a day, 分: never more than is granted now."""
    reached = max((step.reached_fen for step in steps if step.due_on <= on), default=0)
    return min(reached, promised_fen)


class Late(NamedTuple):
    """迟付: what is past its last day and not there, 分, and since when it is due."""

    due_on: date
    needed_fen: int
    missing_fen: int


def limit_of(calendar: Calendar, within: Clock | None, due_on: date) -> tuple[date, bool]:
    """The last day on which money due on a day is not late, and whether that is a guess (E16)."""
    return calendar.due(within, due_on) if within is not None else (due_on, False)


class Rule(NamedTuple):
    """时限: how late is told: by which calendar, within what of the day it was due, on which day."""

    calendar: Calendar
    within: Clock | None
    today: date


def late_of(steps: Iterable[Step], promised_fen: int, arrived_fen: int, rule: Rule) -> Late | None:
    """What of the steps is late on a day; a guessed last day makes nothing late."""
    found: Late | None = None
    for step in sorted(steps):
        needed = min(step.reached_fen, promised_fen)
        if arrived_fen >= needed or step.due_on >= rule.today:
            continue
        last, guessed = limit_of(rule.calendar, rule.within, step.due_on)
        if guessed or last >= rule.today:
            continue
        since = found.due_on if found is not None else step.due_on
        found = Late(since, needed, needed - arrived_fen)
    return found


def late_from(
    steps: Iterable[Step], promised_fen: int, arrived_fen: int, rule: Rule
) -> date | None:  # fmt: skip
    """The first day on which something of the steps is late (``late_of``), while nothing more
    arrives; ``None`` = it never is, as far as is known. The rule's own day says nothing here."""
    found: list[date] = []
    for step in steps:
        if arrived_fen >= min(step.reached_fen, promised_fen):
            continue
        last, guessed = limit_of(rule.calendar, rule.within, step.due_on)
        if not guessed:
            found.append(max(last, step.due_on) + _DAY)
    return min(found, default=None)


class Came(NamedTuple):
    """逾期到账 of one instalment: by when it was to be there, when it was, and how much came late."""

    due_on: date
    last_day: date
    came_on: date
    amount_fen: int


def came_late(
    steps: Iterable[Step], promised_fen: int, reached: Sequence[tuple[date, int]], rule: Rule
) -> list[Came]:
    """Instalments that are there now, whole, and were not on their last day; a guessed last day
    makes nothing late.

    Args:
        reached: days in their order, and how much had arrived by the end of each, 分.
    """
    found, before = [], 0
    total = reached[-1][1] if reached else 0
    for step in sorted(steps):
        needed = min(step.reached_fen, promised_fen)
        last, guessed = limit_of(rule.calendar, rule.within, step.due_on)
        by_then = next((fen for day, fen in reversed(reached) if day <= last), 0)
        if not guessed and before < needed <= total and by_then < needed:
            came_on = next(day for day, fen in reached if day > last and fen >= needed)
            amount = needed - max(by_then, before)
            found.append(Came(step.due_on, last, came_on, amount))
        before = max(before, needed)
    return found


def arrived_in(chain: Chain, at: str) -> int:
    """到账 at the ``street`` (or beyond it) or the ``community``, 分, net of what went back, by
    whatever way it came: a custody that changed makes no difference (P5)."""
    if at == _STREET:
        return chain.dispatched_fen - chain.transit_fen
    return chain.community_fen + chain.direct_fen


def execution_rate(spent_fen: int, approved_fen: int) -> str:
    """执行率: spent ÷ approved in a hundred, two decimals half up; of nothing approved a dash
    (E10)."""
    if approved_fen <= 0:
        return DASH
    share_of = Fraction(spent_fen * HUNDRED * HUNDRED, approved_fen)
    points = (2 * share_of.numerator + share_of.denominator) // (2 * share_of.denominator)
    whole, rest = divmod(points, HUNDRED)
    return f"{whole}.{rest:02d}%"


def settles(line: FundingLine, share_fen: int, evidence: Delivered) -> int | None:
    """What the terms of a line give for what was accepted, 分, never beyond the share; ``None`` =
    they give only the whole, so that for less both sides must agree on a figure (E15)."""
    match line.formula:
        case None:
            if not line.rate_fen or evidence.quantity is None:
                return None
            return min(share_fen, line.rate_fen * evidence.quantity)
        case PerCapitaFormula() | FixedFormula() | NegotiatedFormula():
            return None
        case TransferFormula() | SecondmentFormula():
            known = evidence.quantity is not None
        case RatioFormula():
            known = evidence.amount_fen is not None
        case _:
            known = True
    return owed(line, share_fen, evidence) if known else None
