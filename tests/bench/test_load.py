"""造数: what the bench loads is valid, mixed, and as varied as it says."""

import msgspec
import pytest

from bench.load import county_of, fill
from bench.making import TOGETHER, made
from bench.matters import TITLES, Matters
from registry.actions.office import Office
from registry.actions.places import above
from registry.actions.ticking import tick
from registry.domain.accounts import VoucherStage
from registry.domain.admission import Verdict
from registry.domain.areas import Area
from registry.domain.funds import Voucher, VoucherState
from registry.domain.people import Organisation
from registry.domain.presence import Presence
from registry.domain.request import Request, State
from registry.policies.measuring.facts import Matter
from registry.policies.overlay import Governing
from registry.store.booked import books
from registry.store.verify import verify
from tests.policies.rulebooks import DEMO, book

COUNTY = "990102"
ROWS = 400


def test_the_log_of_a_loaded_county_verifies(office: Office) -> None:
    loaded = fill(office, ROWS)
    report = verify(office.store.reader._engine, COUNTY)
    assert report.fault is None
    assert loaded.rows > 5 * ROWS


def test_other_processes_make_what_this_one_would_have_made(
    one_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = TOGETHER + 20
    with made(one_office, COUNTY, count) as sheaves:
        here = list(sheaves)
    monkeypatch.setattr("bench.making.ALONE", 0)
    with made(one_office, COUNTY, count) as sheaves:
        assert list(sheaves) == here
    fill(one_office, count)
    assert verify(one_office.store.reader._engine, COUNTY).fault is None


def test_every_state_is_there_with_its_verdicts_refusals_and_presences(one_office: Office) -> None:
    fill(one_office, ROWS)
    find = one_office.store.reader.find
    requests = find(Request, COUNTY)
    verdicts = {v.request_id: v for v in find(Verdict, COUNTY)}
    assert {r.state for r in requests} == set(State)
    refused = [r for r in requests if r.state is State.DRAFT and r.verdict_id]
    assert refused
    assert all(verdicts[r.id].outcome == "refused" and verdicts[r.id].rules for r in refused)
    approved = {r.id for r in requests if r.state is State.APPROVED}
    assert approved <= {p.request_id for p in find(Presence, COUNTY)}
    with one_office.store.reader.connect() as connection:
        told = connection.exec_driver_sql(
            "SELECT count(*) FROM event WHERE code = 'request.refused' AND outcome = 'refused'"
        ).scalar()
    assert told == len(refused)


def test_money_is_booked_as_acts_would_have_left_it(one_office: Office) -> None:
    fill(one_office, ROWS)
    with one_office.store.reader.connect() as connection:
        told = {name: fine for name, fine, _, _ in books(connection, [COUNTY])}
    assert False not in told.values()
    vouchers = one_office.store.reader.find(Voucher, COUNTY)
    assert {v.state for v in vouchers} == {VoucherState.CONFIRMED, VoucherState.RECORDED}
    granted = {v.request_id for v in vouchers if v.stage is VoucherStage.PLEDGE}
    spent = {v.request_id for v in vouchers if v.stage is VoucherStage.EXPENDITURE}
    assert spent < granted
    assert len(spent) > len(granted) // 2
    assert all(v.recorded_by != v.confirmed_by for v in vouchers)


def test_a_kept_verdict_is_what_the_rules_say_of_its_request(one_office: Office) -> None:
    fill(one_office, 80)
    find = one_office.store.reader.find
    requests = {r.id: r for r in find(Request, COUNTY)}
    asking = {o.id: o for code in above(COUNTY) for o in find(Organisation, code)}
    verdicts = find(Verdict, COUNTY)
    for verdict in verdicts:
        filing = requests[verdict.request_id or ""].filing
        dates = msgspec.convert(verdict.governing, Governing)
        matter = Matter(
            gate=verdict.gate, filing=filing, applicant_kind=asking[filing.leading].kind,
            applicant_level=asking[filing.leading].level, applied=dates.applied,
        )  # fmt: skip
        book = one_office.rulebooks.of(COUNTY, dates.applied)
        again = book.judge(matter, dates)
        assert again.facts == verdict.facts
        assert (again.outcome, again.deciding) == (verdict.outcome, verdict.deciding)
    assert verdicts


def test_there_are_fifty_thousand_titles_and_the_same_number_gives_the_same() -> None:
    matters = Matters(book(DEMO), [], [])
    assert len({matters.title(n) for n in range(TITLES)}) >= 50_000
    assert matters.title(7) == Matters(book(DEMO), [], []).title(7)


@pytest.mark.parametrize("chosen", [0, 3])
def test_a_further_county_has_as_many_communities_as_a_real_one(
    one_office: Office, chosen: int
) -> None:
    said = county_of(one_office, "990201", chosen)
    assert len(one_office.store.reader.find(Area, "990201", level="community")) > 1
    assert said


def test_time_may_pass_over_what_was_loaded(one_office: Office) -> None:
    fill(one_office, 60)
    tick(one_office)
    assert verify(one_office.store.reader._engine, COUNTY).fault is None
