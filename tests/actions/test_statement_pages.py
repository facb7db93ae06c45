"""资金报表分页: a page adds up its own rows and takes the sum of all from what is kept; at every moment
both are what adding up every entry gives, for whoever reads, on both engines."""

from datetime import date
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from sqlalchemy import Connection

from registry.actions.office import Answer, Call, Office
from registry.actions.statements import stating
from registry.actions.statements.detail import DetailQuery, Turnover, detail, turnovers
from registry.actions.statements.stating import StatementQuery
from registry.domain.accounts import VoucherStage
from registry.domain.approval import Decision, DecisionKind
from registry.domain.funds import VoucherState
from registry.domain.presence import Presence
from registry.domain.statement import By, Statement
from registry.store import accounted, entries, journalled, moneyed
from registry.store import kept as keeping
from registry.store.chain import OPENING, Sought, sums
from registry.store.kept import Kept
from registry.store.visible import Scope
from tests.actions import case
from tests.actions.case import Hands
from tests.actions.ledger_invariants import COUNTY
from tests.actions.ledger_turns import Turns
from tests.actions.ledger_world import on_postgres, on_sqlite
from tests.actions.measuring import plans
from tests.actions.test_statements import make
from tests.conftest import TEMPLATE, Hand

READERS = ("auditor", "street.clerk", "community.head", "dept.head")
STREET = "a-990102001000"
LOOKS: tuple[dict[str, Any], ...] = ({}, {"year": 2026}, {"area": STREET})
ROUNDS, ACTS = 4, 8
SPANS = [(date(2020, 1, 1), date(2030, 1, 1)), (date(2026, 3, 2), date(2026, 3, 2))]


@pytest.fixture(params=["sqlite", "postgres"])
def played(
    request: pytest.FixtureRequest, sqlite_template: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Any:  # fmt: skip
    """A ledger that is written to and read in turns, where even little is kept."""
    monkeypatch.setattr(accounted, "LEAST", 0)
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


def asked(run: Any, who: str, **told: Any) -> Statement:
    return stating.state(run.office, Hand(run.office, who).actor, StatementQuery(**told))


def leafed(run: Any, who: str, **told: Any) -> Statement:
    """The whole of it, put together from its pages."""
    parts = [asked(run, who, limit=2, **told)]
    while (after := parts[-1].next) is not None:
        parts.append(asked(run, who, limit=2, after=after, **told))
    assert len({msgspec.json.encode((one.total, one.total_existing)) for one in parts}) == 1
    rows = [row for part in parts for row in part.rows]
    return msgspec.structs.replace(parts[-1], rows=rows)


def of_each_stage(run: Any, who: str) -> list[int]:
    """What every stage moved ever, and on one day: held against its entries, added up anew."""
    actor = Hand(run.office, who).actor
    call = Call(actor=actor, county=COUNTY, act="voucher.read")
    asked = [Turnover(stage, *span) for stage in VoucherStage for span in SPANS]
    told = turnovers(run.office, actor, call, asked)
    queries = [DetailQuery(stage=one.stage, first=one.first, last=one.last) for one in asked]
    assert told == [detail(run.office, actor, call, one).total_fen for one in queries], who
    return told


def test_what_is_kept_is_at_every_moment_what_adding_up_gives(played: Any) -> None:
    chance, told = Random(20260302), dict[tuple[str, By], Statement]()
    for turn in range(ROUNDS):
        for _ in range(ACTS):
            played.something_happens(chance.randrange(2**64))
        before = LOOKS[(turn - 1) % len(LOOKS)]
        for (who, by), one in told.items():  # As the books stood then, entry by entry.
            assert asked(played, who, by=by, as_of=str(one.snapshot), **before) == one, (who, by)
        look = LOOKS[turn % len(LOOKS)]
        for who in READERS:
            for by in By:
                told[who, by] = leafed(played, who, by=by, **look)
                assert told[who, by] == asked(played, who, by=by, **look), (who, by)
            assert any(of_each_stage(played, who))
    assert {len(one.rows) > 2 for one in told.values()} == {True, False}
    assert played.office.store.reader.kept.sheets


def test_what_a_line_hangs_on_brings_it_forward_without_being_written_itself(
    one_hand: Hands, one_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounted, "LEAST", 0)
    make(one_hand)
    reader, run = one_office.store.reader, SimpleNamespace(office=one_office)

    def told() -> dict[tuple[str, By], Statement]:
        found = {(who, by): leafed(run, who, by=by) for who in READERS for by in By}
        moved = [of_each_stage(run, who) for who in READERS]
        held, reader.kept = reader.kept, Kept()
        assert {(who, by): leafed(run, who, by=by) for who in READERS for by in By} == found
        assert [of_each_stage(run, who) for who in READERS] == moved
        reader.kept = held
        return found

    def changed(record: Any, **fields: Any) -> None:
        kind = type(record)
        one_hand("county.head").do(
            lambda d: Answer(body=d.unit.change(d.unit.get(kind, record.id), **fields))
        )

    first = told()
    other, one = sorted(
        (p for p in reader.find(Presence, COUNTY) if p.request_id), key=lambda p: p.area_path
    )[-1:-3:-1]
    place = {"organisation_id": other.organisation_id, "area_id": other.area_id}
    changed(one, **place, area_path=other.area_path)
    moved = told()
    assert moved["auditor", By.COMMUNITY].rows != first["auditor", By.COMMUNITY].rows
    admitted = [d for d in reader.find(Decision, COUNTY) if d.kind is DecisionKind.ADMITTED]
    changed(admitted[0], number="〇号")
    assert "〇号" in {row.code for row in told()["auditor", By.ITEM].rows}


def test_what_was_written_since_is_found_without_reading_what_was_there(
    one_hand: Hands, one_office: Office
) -> None:
    """On SQLite, which plans alike whatever a database holds."""
    reader, kept = one_office.store.reader, Kept()

    def told(connection: Connection) -> None:
        books = accounted.Accounted(kept, connection, COUNTY, Sought())
        for by in ("request_id", "presence_id"):
            books.spots(by)
        books.sums(("organisation_id", OPENING))
        books.moved()

    make(one_hand)
    with reader.moment() as connection:
        told(connection)
    case.drafted(one_hand)
    with reader.moment() as connection:
        found = plans(connection, lambda: told(connection)).splitlines()
    ways = [one for one in found if "log_head" not in one]
    assert [one for one in ways if "event_from>?" in one]
    assert [one for one in ways if "SCAN" in one or "(county=?)" in one] == []


def test_who_looks_on_of_a_period_is_told_what_was_written_in_it(
    one_hand: Hands, one_office: Office
) -> None:
    """调阅: of the whole county too, and whoever asked before."""
    make(one_hand)
    reader = one_office.store.reader
    with reader.moment() as connection:
        for before, after in ((0, 10**6), (10**6, 10**7)):
            for within in (None, (before, after)):
                sought = Sought(seen=[Scope(county=COUNTY, whole=True, within=within)])
                books = accounted.Accounted(reader.kept, connection, COUNTY, sought)
                told = within is None or before == 0
                assert bool(books.moved()) is told
                assert bool(books.sums((OPENING,))) is told
                assert bool(sums(connection, COUNTY, sought, (OPENING,))) is told


def test_who_looks_on_of_a_period_is_told_of_its_own_money_what_was_written_in_it(
    hand: Hands, office: Office
) -> None:
    """调阅: money that a body named in the letter pays is read of the period alone too, wherever
    entries are read; what is not of the period is not read for being its own."""
    make(hand)
    reader = office.store.reader
    every = (0, 10**6)
    for within, told in ((None, True), (every, True), ((10**6, 10**7), False)):
        scope = Scope(county=COUNTY, organisations=["o-990102-civil"], within=within)
        wanted = entries.Entries(seen=[scope], state=VoucherState.CONFIRMED.value)
        booked = moneyed.Wanted(booked=True, limit=9)
        journal = journalled.Wanted(COUNTY, as_of=10**6, seen=[scope])
        assert bool(list(journalled.entries(reader, journal))) is told
        with reader.moment() as connection:
            assert bool(sums(connection, COUNTY, Sought(seen=[scope]), (OPENING,))) is told
            assert bool(entries.entered(connection, COUNTY, wanted)[0]) is told
            assert bool(moneyed.with_money(connection, COUNTY, [scope], booked)) is told
            for many in (False, True):
                found = entries.entries(connection, COUNTY, wanted, (None, 9), many=many)
                assert bool(found) is told


def test_no_more_is_kept_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "MOST_GROUPS", 3)
    kept = Kept()
    for name, many in (("a", 2), ("b", 1), ("c", 2), ("d", 9)):
        kept.settled((name,), lambda many=many: {(n,): (n,) for n in range(many)})
    assert kept.sheets == 1
    kept.settled(("e",), lambda: {(0,): (0,)})
    kept.settled(("f",), lambda: {(0,): (0,)})
    assert kept.sheets == 2
