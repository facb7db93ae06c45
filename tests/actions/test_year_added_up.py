"""年末账册: what is left of a year, what waits and what ends are the same whether a community's books
are added up by the database or read line by line, on both engines."""

from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from registry.actions.office import Answer, Call, Desk
from registry.actions.years import rehearsing
from registry.actions.years.closing import read_book
from registry.domain.year_end import Rule, left_over, waits
from registry.store.year_books import added_up, ending
from tests.actions.ledger_invariants import COUNTY
from tests.actions.ledger_turns import Turns
from tests.actions.ledger_world import on_postgres, on_sqlite
from tests.conftest import TEMPLATE, Hand

ROUNDS, ACTS, DAYS = 10, 8, 40
RULES = (
    Rule(unspent="carry", unsent="lapse", years=2),
    Rule(unspent="hand_in", unsent="carry", years=1),
)


@pytest.fixture(params=["sqlite", "postgres"])
def played(request: pytest.FixtureRequest, sqlite_template: Path, tmp_path: Path) -> Any:
    """A ledger that is written to, years of it."""
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


def compared(desk: Desk) -> tuple[int, int, set[int]]:
    """How much is left and waits, and of which years; held against the lines themselves."""
    much, waiting, years = 0, 0, set[int]()
    for _, body in rehearsing.communities(desk):
        book = read_book(desk, body)
        summed = added_up(desk.unit.connection, COUNTY, body.id)
        assert {line.year for line in summed} == {line.year for line in book.lines}
        for year in {line.year for line in book.lines if line.year}:
            assert waits(summed, year) == waits(book.lines, year)
            waiting += len(waits(summed, year))
            for rule in RULES:
                left = left_over(book.lines, year, rule)
                assert left_over(summed, year, rule) == left
                much += len(left)
                years |= {one.source_year for one in left}
        for last in (desk.today, date.max):
            assert ending(desk.unit.connection, COUNTY, (body.id, rehearsing._LIVE), last) == [
                book.presences[id]
                for id in sorted(book.presences)
                if book.presences[id].state in rehearsing._LIVE
                and (ends := book.presences[id].ends_on) is not None
                and ends <= last
            ]
    return much, waiting, years


def test_books_that_are_added_up_leave_what_their_lines_leave(played: Any) -> None:
    chance, much, waiting, years = Random(20261231), 0, 0, set[int]()
    for _ in range(ROUNDS):
        for _ in range(ACTS):
            played.something_happens(chance.randrange(2**64))
        finance = Hand(played.office, "finance.clerk")
        call = Call(actor=finance.actor, county=COUNTY, act="year.rehearse")
        told = played.office.ask(call, lambda desk: Answer(body=compared(desk))).body
        much, waiting, years = much + told[0], waiting + told[1], years | told[2]
        played.clock.at += timedelta(days=DAYS)
    assert much > ROUNDS and waiting > 0 and len(years) > 1
