"""两个引擎一本账: the same acts give the same answers, sums, statements and log on SQLite and on
PostgreSQL, to the byte."""

from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from registry.actions.ledger import books
from registry.actions.ledger.books import FundsQuery
from registry.actions.office import Call
from registry.actions.statements import stating
from registry.actions.statements.stating import StatementQuery
from registry.domain.funds import Voucher, VoucherLine
from registry.domain.statement import By
from registry.store import tables
from tests.actions.ledger_invariants import COUNTY, Books
from tests.actions.ledger_turns import Turns
from tests.actions.ledger_world import Ground, on_postgres, on_sqlite
from tests.conftest import TEMPLATE, Hand


class Telling(Turns):
    """A run that keeps what was answered."""

    def begin(self, ground: Ground) -> "Telling":
        type(self).ground = ground
        self.answers: list[tuple[str, str, bytes]] = []
        self.open()
        return self

    def _try(self, by: str, verb: Any, key: str | None = None) -> tuple[Any, str]:
        answer, code = super()._try(by, verb, key)
        self.answers.append((by, code, msgspec.json.encode(answer)))
        return answer, code

    def statements(self) -> list[bytes]:
        """The chain of each request, and the statements, as officials read them."""
        person = Hand(self.office, "auditor")
        call = Call(actor=person.actor, county=COUNTY, act="voucher.read")
        told: list[Any] = [
            books.of_request(self.office, call, FundsQuery(request_id=id))
            for id in self.world.requests
        ]
        told += [stating.state(self.office, person.actor, StatementQuery(by=by)) for by in By]
        return [msgspec.json.encode(one) for one in told]

    def rows(self) -> list[Any]:
        """Every version of every voucher and line, without what the engine numbers for itself."""
        read = self.office.store.reader
        found = [r for kind in (Voucher, VoucherLine) for r in read.find(kind, COUNTY)]
        return sorted(found, key=lambda r: (type(r).__name__, r.id))

    def log(self) -> list[tuple[int, str]]:
        """The log itself: number and sealed bytes of every act, done or refused."""
        with self.office.store.reader.connect() as connection:
            query = select(tables.event.c.seq, tables.event.c.entry)
            query = query.where(tables.event.c.county == COUNTY).order_by(tables.event.c.seq)
            return [(r.seq, r.entry) for r in connection.execute(query)]


def _alike(one: Ground, other: Ground, seed: int, acts: int) -> None:
    assert one.world == other.world
    first, second = Telling().begin(one), Telling().begin(other)
    try:
        chance = Random(seed)
        for _ in range(acts):
            dice = chance.randrange(2**64)
            for run in (first, second):
                run.something_happens(dice)
            assert first.answers == second.answers
        assert {code for _, code, _ in first.answers} > {""}, "nothing was ever refused"
        assert first.statements() == second.statements()
        assert first.rows() == second.rows()
        assert Books(first.office, {}).sums() == Books(second.office, {}).sums()
        assert first.log() == second.log()
    finally:
        first.teardown()
        second.teardown()


@pytest.fixture
def both(sqlite_template: Path, postgres_template: Any, tmp_path: Path) -> tuple[Ground, Ground]:
    assert postgres_template is not None
    return on_sqlite(sqlite_template), on_postgres(postgres_template, TEMPLATE, tmp_path)


def test_the_same_acts_give_the_same_ledger_on_both_engines(both: tuple[Ground, Ground]) -> None:
    _alike(*both, seed=20260302, acts=80)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", range(20))
def test_many_random_ledgers_are_the_same_on_both_engines(
    both: tuple[Ground, Ground], seed: int
) -> None:
    _alike(*both, seed=seed, acts=250)
