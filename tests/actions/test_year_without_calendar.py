"""跨年无日历: a guessed day is marked, makes nobody late, and is counted anew when the table comes."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from registry.actions.office import Office
from registry.actions.rules import publishing
from registry.actions.seeding import Seeder
from registry.actions.ticking import tick
from registry.domain.audit import Finding
from registry.domain.living import Departure
from registry.domain.presence import PresenceState
from tests.actions import case, lived, redressed
from tests.actions.decided import now, rows
from tests.actions.stocktaken import brought, judged
from tests.actions.test_postings import down, up
from tests.actions.test_resident_reports import recorded
from tests.actions.walled import hung, ordered
from tests.conftest import MovingClock

Hands = Callable[[str], Any]
EVE = date(2026, 12, 29)
TABLE = "date,kind,name,source\n" + "".join(
    f"2027-01-{day:02},off,虚构假日,演示\n" for day in (1, 4, 5, 6, 7)
)
"""A table of the next year that gives more days off than anybody would have guessed."""


def _order(hand: Hands) -> Any:
    return ordered(hand, hung(hand))


def _acceptance(hand: Hands) -> Any:
    return lived.reported(hand, lived.begun(hand, ends_on="2027-06-30"))


WAITING = {
    "acceptance.overdue": _acceptance,
    "objection.unanswered": redressed.objected,
    "complaint.unanswered": redressed.complained,
    "walls.overdue": _order,
    "resident_report.unanswered": recorded,
}
"""Finding of whoever is late → what they have to do in time."""


@pytest.mark.parametrize("code", WAITING)
def test_what_is_to_be_done_over_a_year_without_a_calendar_is_late_only_by_its_table(
    one_office: Office, one_hand: Hands, clock: MovingClock, code: str
) -> None:
    clock.at = lived.at(EVE)
    held = WAITING[code](one_hand)
    assert held.due_provisional, "no table of the next year is there"
    clock.at = lived.at(date(2027, 6, 1))
    told = tick(one_office)
    assert not (set(told) & {"unanswered", "walls_overdue", "legacy_overdue", "recomputed"}), told
    assert not now(one_hand, held).overdue
    assert rows(one_hand, Finding, code=code) == []
    table = TABLE.encode()
    Seeder(one_office).act("000000", "calendar.import", lambda d: publishing.put_calendar(d, table))
    tick(one_office)
    firm = now(one_hand, held)
    assert not firm.due_provisional
    assert firm.due_on > held.due_on, "the days off of the table were not guessed"
    tick(one_office)
    assert now(one_hand, held).overdue
    assert len(rows(one_hand, Finding, code=code)) == 1
    assert tick(one_office) == {}


def test_a_time_in_days_of_every_kind_is_certain_without_any_table(
    one_office: Office, one_hand: Hands, clock: MovingClock
) -> None:
    clock.at = lived.at(EVE)
    (review,) = judged(one_hand, *brought(one_hand, "items"))
    assert (review.due_on, review.due_provisional) == (EVE + timedelta(days=90), False)
    clock.at = lived.at(review.due_on + timedelta(days=1))
    assert tick(one_office)["legacy_overdue"] == 1


def test_a_term_ends_on_its_day_whether_or_not_there_is_a_calendar(
    one_office: Office, one_hand: Hands, clock: MovingClock
) -> None:
    presence = lived.begun(one_hand, ends_on="2027-01-31")
    clock.at = lived.at(date(2027, 1, 31))
    tick(one_office)
    assert now(one_hand, presence).state is PresenceState.ACTIVE
    clock.at += timedelta(days=1)
    tick(one_office)
    assert now(one_hand, presence).state is PresenceState.EXPIRED
    (left,) = rows(one_hand, Departure)
    assert left.left_on == date(2027, 2, 1)


def test_a_posting_over_the_turn_of_the_year_is_counted_in_days_of_the_calendar_of_all(
    one_hand: Hands, clock: MovingClock
) -> None:
    clock.at = lived.at(date(2026, 12, 25))
    presence = case.presence_of(one_hand, case.admitted(one_hand, ends_on="2027-06-30"))
    held = up(one_hand, presence_id=presence.id, posted_on=date(2026, 12, 25))
    clock.at = lived.at(date(2027, 1, 8))
    down(one_hand, held)
    assert rows(one_hand, Finding, code="publicity.short") == []


def test_an_answer_in_time_by_the_guess_or_the_table_is_never_late(
    one_office: Office, one_hand: Hands, clock: MovingClock
) -> None:
    clock.at = lived.at(EVE)
    raised = redressed.objected(one_hand)
    clock.at = lived.at(date(2027, 3, 1))
    after = redressed.answered(one_hand, raised)
    table = TABLE.encode()
    Seeder(one_office).act("000000", "calendar.import", lambda d: publishing.put_calendar(d, table))
    tick(one_office)
    assert not now(one_hand, after).overdue
    assert rows(one_hand, Finding, code="objection.unanswered") == []
