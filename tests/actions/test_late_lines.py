"""迟付行数: at every moment, on every day and for whoever reads, as many lines are counted late as the
list of what is owed shows line by line, on both engines."""

from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from registry.actions.owing import late_lines as counting
from registry.actions.owing.arrears import MoneyQuery, arrears
from registry.actions.owing.late_lines import late_lines
from registry.domain.calendar import Calendar, Clock, Unit
from registry.domain.owing import Rule, Step, late_from, late_of
from registry.domain.presence import PresenceState
from registry.store import kept
from registry.store.unpaid import touched
from tests.actions.case import Hands, admitted
from tests.actions.decided import BOTH, presences
from tests.actions.ledger_invariants import COUNTY
from tests.actions.ledger_turns import Turns
from tests.actions.ledger_world import on_postgres, on_sqlite
from tests.actions.lived import at, begun, given, left, put, reported
from tests.actions.measuring import plans
from tests.actions.owed import agreed_to, drawn, late, ruled, sent
from tests.actions.reorganised import carried_out
from tests.conftest import TEMPLATE, Hand

PIECES: dict[str, Any] = {
    "key": "F1", "mode": "per_case", "payer_id": "o-990102-civil", "amount_fen": 800_000,
    "fiscal_year": 2026,
    "formula": {"mode": "per_case", "rate_fen": 800, "quantity": 1000, "unit": "处"},
}  # fmt: skip
"""Paid by what was accepted: nothing of it is owed before."""
READERS = ("auditor", "street.clerk", "dept.head", "community.head", "dept2.head")
ROUNDS, ACTS, DAYS = 6, 6, 9


@pytest.fixture(params=["sqlite", "postgres"])
def played(request: pytest.FixtureRequest, sqlite_template: Path, tmp_path: Path) -> Any:
    """A ledger that is written to and asked in turns."""
    if request.param == "sqlite":
        Turns.ground = on_sqlite(sqlite_template)
    else:
        template = request.getfixturevalue("postgres_template")
        assert template is not None
        Turns.ground = on_postgres(template, TEMPLATE, tmp_path)
    run = Turns()
    run.open()
    yield run
    run.teardown()


def told(office: Any) -> dict[str, int]:
    """How many are late, by reader: counted, and held against the list."""
    found = {}
    for who in READERS:
        actor, after, listed = Hand(office, who).actor, None, 0
        while True:
            page = arrears(office, actor, MoneyQuery(late=True, limit=2, after=after))
            listed, after = listed + len(page.items), page.next
            if after is None:
                break
        found[who] = late_lines(office, actor, COUNTY)
        assert found[who] == listed, who
    return found


def test_as_many_are_counted_as_are_listed_whatever_happens(played: Any) -> None:
    chance, seen = Random(20260302), set[int]()
    for _ in range(ROUNDS):
        for _ in range(ACTS):
            played.something_happens(chance.randrange(2**64))
        seen |= set(told(played.office).values())
        played.clock.at += timedelta(days=DAYS)
        seen |= set(told(played.office).values())
    assert 0 in seen and len(seen) > 2


def test_what_says_when_a_line_is_late_brings_its_count_forward(
    hand: Hands, office: Any, clock: Any
) -> None:
    """Each by itself: entries, what the matter became, where it is, an acceptance."""
    ruled(hand, late_money=late("owe"))
    first, second = presences(hand, admitted(hand, targets=BOTH))
    (piece,) = presences(hand, admitted(hand, title="楼道扶手编号拍照", funding=[PIECES]))
    clock.at = at(date(2026, 3, 27))
    assert told(office)["auditor"] == 0, "the fifth working day is still in time"
    clock.at = at(date(2026, 3, 30))
    assert told(office) == dict.fromkeys(READERS, 2) | {"dept2.head": 0, "community.head": 1}
    sent(hand, first, 150_000)
    assert told(office)["auditor"] == 1
    clock.at = at(date(2026, 6, 9))
    assert told(office)["auditor"] == 2, "the next instalment of both"
    put(hand, piece, state=PresenceState.ACTIVE, started_on=date(2026, 4, 1))
    asked = reported(hand, piece, quantity=10)
    assert told(office)["auditor"] == 2, "reported is not accepted"
    given(hand, asked, "passed", quantity=10)
    assert told(office)["auditor"] == 2
    clock.at = at(date(2026, 6, 17))
    assert told(office)["auditor"] == 3, "what was accepted is owed"
    before = told(office)["street.clerk"]
    put(hand, first, area_path=first.area_path.replace("001000", "002000"))
    assert told(office)["street.clerk"] == before - 1, "the place is another street's"
    put(hand, second, state=PresenceState.EXITED)
    assert told(office)["auditor"] == 2, "what has left owes by its clearance alone"


def test_a_clearance_takes_the_place_of_the_plan(
    one_hand: Hands, one_office: Any, clock: Any
) -> None:
    ruled(one_hand, late_money=late("owe"))
    presence = begun(one_hand)
    left(one_hand, presence)
    assert told(one_office)["auditor"] == 0
    agreed_to(one_hand, drawn(one_hand, presence, quantity=1000))
    clock.at = at(date(2026, 6, 30))
    assert told(one_office)["auditor"] == 1


def test_another_pack_has_other_days(one_hand: Hands, one_office: Any, clock: Any) -> None:
    admitted(one_hand)
    clock.at = at(date(2026, 5, 20))
    assert told(one_office)["auditor"] == 1
    ruled(one_hand, late_money=late("owe", within=100))
    assert told(one_office)["auditor"] == 0


def test_where_packs_are_silent_on_instalments_the_start_is_counted_day_by_day(
    one_hand: Hands, one_office: Any, clock: Any
) -> None:
    ruled(
        one_hand,
        late_money="",
        money=('required_at = "start"\nrequired = "first_instalment"\nlate_after_days = 5'),
    )
    admitted(one_hand, starts_on="2026-04-01", ends_on="2026-06-30")
    many = []
    for day in (date(2026, 4, 8), date(2026, 4, 30), date(2026, 6, 30), date(2026, 7, 1)):
        clock.at = at(day)
        many.append(told(one_office)["auditor"])
    assert many == [0, 1, 1, 0], "nothing is late of what is over"


def test_places_that_took_over_from_others_have_all_worked_out_anew(
    hand: Hands, office: Any, clock: Any
) -> None:
    ruled(hand, late_money=late("owe"))
    admitted(hand)
    clock.at = at(date(2026, 3, 30))
    assert told(office)["street.clerk"] == 1
    with office.store.reader.moment() as connection:
        before = touched(connection, COUNTY, 0)
    carried_out(hand, kind="merge", object_kind="area", sources=["a-990102001000"],
                successors=[{"id": "a-990102002000"}])  # fmt: skip
    with office.store.reader.moment() as connection:
        assert before is not None and touched(connection, COUNTY, 0) is None
    assert told(office) is not None


def test_only_what_was_written_of_is_worked_out_again(
    one_hand: Hands, one_office: Any, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ruled(one_hand, late_money=late("owe"))
    first = presences(one_hand, admitted(one_hand))[0]
    other = presences(one_hand, admitted(one_hand, title="楼道扶手编号拍照"))[0]
    clock.at = at(date(2026, 3, 30))
    actor = one_hand("auditor").actor
    asked: list[Any] = []
    found = counting._found
    monkeypatch.setattr(counting, "_found", lambda d, s, ids: asked.append(ids) or found(d, s, ids))
    assert late_lines(one_office, actor, COUNTY) == 2
    assert late_lines(one_office, actor, COUNTY) == 2
    sent(one_hand, other, 100_000)
    assert late_lines(one_office, actor, COUNTY) == 2
    assert asked == [None, {other.id}] and first.id not in asked[1]


def test_what_was_written_since_is_found_without_reading_what_was_there(
    one_hand: Hands, one_office: Any
) -> None:
    """On SQLite, which plans alike whatever a database holds."""
    admitted(one_hand)
    with one_office.store.reader.moment() as connection:
        found = plans(connection, lambda: touched(connection, COUNTY, 10)).splitlines()
    assert [one for one in found if "event_from>?" in one]
    read = [one for one in found if "SCAN CONSTANT ROW" not in one]
    assert [one for one in read if "SCAN" in one or "(county=?)" in one] == []


TABLED = Calendar(years=frozenset({2026}), off=frozenset({date(2026, 5, 1)}))


@pytest.mark.parametrize("unit", Unit)
@pytest.mark.parametrize("arrived", [0, 50, 100, 150])
@pytest.mark.parametrize("promised", [60, 100, 200])
def test_the_first_late_day_is_that_of_the_rule(unit: Unit, arrived: int, promised: int) -> None:
    steps = [
        Step(date(2026, 4, 28), 100),
        Step(date(2026, 3, 2), 40),
        Step(date(2026, 12, 29), 150),
    ]
    for within in (None, Clock(days=3, unit=unit)):
        day, days = date(2026, 2, 27), []
        while day < date(2027, 3, 1):
            rule = Rule(TABLED, within, day)
            days += [day] if late_of(steps, promised, arrived, rule) is not None else []
            day += timedelta(days=1)
        assert late_from(steps, promised, arrived, rule) == min(days, default=None)
        assert not days or (day - days[0]).days == len(days), "and late it stays"


def test_more_than_a_statement_can_name_is_worked_out_anew(
    one_hand: Hands, one_office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An act may touch more matters than there may be values in one statement."""
    ruled(one_hand, late_money=late("owe"))
    places = presences(one_hand, admitted(one_hand, targets=BOTH))
    told(one_office)
    asked: list[Any] = []
    found = counting._found
    monkeypatch.setattr(counting, "_found", lambda *of: (asked.append(of[-1]), found(*of))[1])
    monkeypatch.setattr(kept, "FAR", 1)
    put(one_hand, places[0], state=PresenceState.ACTIVE)
    told(one_office)
    assert len(places) > 1 and asked and None in asked
