"""应付: what falls due by which day in each community, exactly and never beyond what is granted."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.domain.calendar import Calendar, Clock, Unit
from registry.domain.formula import (
    NegotiatedFormula,
    PerCaseFormula,
    ProjectFormula,
    ProjectStage,
    TransferFormula,
)
from registry.domain.funding import FundingLine, Instalment
from registry.domain.owing import (
    Accepted,
    Late,
    Rule,
    Step,
    due_fen,
    execution_rate,
    late_of,
    settles,
    steps_of,
    unscheduled,
)
from registry.domain.shares import Delivered, shares_of

MARCH, JUNE, BEGINS = date(2026, 3, 20), date(2026, 6, 1), date(2026, 4, 1)
KNOWN = Calendar(years=frozenset({2026}))
NOBODY = Accepted(None, None)


def line(amount_fen: int = 800_000, **fields: Any) -> FundingLine:
    told = {"key": "F1", "mode": "transfer", "amount_fen": amount_fen, "fiscal_year": 2026}
    return FundingLine(**(told | fields))


def planned(*instalments: tuple[date, int]) -> FundingLine:
    schedule = [Instalment(due_on=day, amount_fen=fen) for day, fen in instalments]
    return line(sum(fen for _, fen in instalments), schedule=schedule)


def test_every_instalment_counts_and_not_the_first_alone() -> None:
    (steps,) = steps_of(planned((MARCH, 300), (JUNE, 500)), ["a"])
    assert steps == [Step(MARCH, 300), Step(JUNE, 800)]
    assert [due_fen(steps, 800, d) for d in (date(2026, 3, 19), MARCH, JUNE)] == [0, 300, 800]
    assert due_fen(steps, 200, JUNE) == 200, "nobody is owed more than is granted now"


@given(
    parts=st.lists(st.integers(1, 10**9), min_size=1, max_size=6),
    figures=st.lists(st.integers(0, 1000), min_size=1, max_size=7),
    told=st.booleans(),
)
def test_the_last_step_of_each_community_is_its_whole_share(
    parts: list[int], figures: list[int], told: bool
) -> None:
    areas = [f"a{at}" for at in range(len(figures))]
    one = planned(*((date(2026, at + 1, 1), fen) for at, fen in enumerate(parts)))
    if told and sum(figures):
        formula = TransferFormula(
            rate_fen=1, quantity=sum(figures), figures=dict(zip(areas, figures, strict=True))
        )
        amount = sum(figures)
        one = line(amount, formula=formula,
                   schedule=[Instalment(due_on=MARCH, amount_fen=amount)])  # fmt: skip
    steps = steps_of(one, areas)
    assert [own[-1].reached_fen for own in steps] == shares_of(one, areas)
    for own in steps:
        reached = [step.reached_fen for step in own]
        assert reached == sorted(reached)


def test_without_a_schedule_the_day_the_work_begins_is_the_day() -> None:
    assert unscheduled(line(), 800, BEGINS, NOBODY) == [Step(BEGINS, 800)]
    assert unscheduled(line(), 800, None, NOBODY) == []


def test_what_is_paid_by_the_case_is_owed_from_the_day_it_was_accepted() -> None:
    by_case = line(1000, mode="per_case", formula=PerCaseFormula(rate_fen=10, quantity=100))
    assert unscheduled(by_case, 1000, BEGINS, NOBODY) == []
    assert unscheduled(by_case, 1000, BEGINS, Accepted(30, JUNE)) == [Step(JUNE, 300)]
    assert unscheduled(by_case, 1000, BEGINS, Accepted(300, JUNE)) == [Step(JUNE, 1000)]


def test_a_stage_of_a_project_is_owed_once_it_is_accepted() -> None:
    stages = [
        ProjectStage(key=key, name=key, amount_fen=fen, acceptance="验收", due_on=JUNE)
        for key, fen in (("s1", 300), ("s2", 700))
    ]
    by_stage = line(1000, mode="project", formula=ProjectFormula(stages=stages))
    assert unscheduled(by_stage, 1000, BEGINS, NOBODY) == []
    done = Accepted(None, JUNE, ("s1",))
    assert unscheduled(by_stage, 1000, BEGINS, done) == [Step(JUNE, 300)]


def late(steps: list[Step], arrived: int, today: date, days: int | None = 5, **how: Any) -> Any:
    within = Clock(days=days, count_first_day=False, **how) if days else None
    return late_of(steps, 800, arrived, Rule(how.get("calendar", KNOWN), within, today))


def test_late_is_counted_by_the_calendar_from_the_day_after_it_was_due() -> None:
    steps = [Step(MARCH, 300), Step(JUNE, 800)]
    assert late(steps, 0, date(2026, 3, 27)) is None, "the fifth working day is still in time"
    assert late(steps, 0, date(2026, 3, 28)) == Late(MARCH, 300, 300)
    assert late(steps, 100, date(2026, 3, 28)) == Late(MARCH, 300, 200)
    assert late(steps, 300, date(2026, 3, 28)) is None
    assert late(steps, 300, date(2026, 6, 9)) == Late(JUNE, 800, 500)
    assert late(steps, 0, date(2026, 6, 9)) == Late(MARCH, 800, 800)
    assert late(steps, 0, MARCH, None) is None
    assert late(steps, 0, date(2026, 3, 21), None) == Late(MARCH, 300, 300)


def test_a_year_without_its_table_makes_nothing_late() -> None:
    steps = [Step(date(2026, 12, 28), 300)]
    assert late(steps, 0, date(2027, 3, 1)) is None
    assert late(steps, 0, date(2027, 3, 1), unit=Unit.CALENDAR) == Late(
        date(2026, 12, 28), 300, 300
    )


@pytest.mark.parametrize(
    ("spent", "approved", "rate"),
    [(704, 1000, "70.40%"), (1, 3, "33.33%"), (2, 3, "66.67%"), (0, 5, "0.00%"), (0, 0, "—")],
)
def test_the_rate_of_execution_is_exact_and_a_dash_of_nothing(
    spent: int, approved: int, rate: str
) -> None:
    assert execution_rate(spent, approved) == rate


def test_terms_settle_by_quantity_or_say_that_they_give_only_the_whole() -> None:
    rated = line(8000, rate_fen=8, quantity=1000)
    assert settles(rated, 8000, Delivered(quantity=600)) == 4800
    assert settles(rated, 4000, Delivered(quantity=600)) == 4000, "never beyond the share"
    assert settles(rated, 8000, Delivered()) is None
    whole = line(500, mode="negotiated", formula=NegotiatedFormula(agreed_fen=500, minutes="一"))
    assert settles(whole, 500, Delivered(quantity=1)) is None
