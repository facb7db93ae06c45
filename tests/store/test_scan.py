"""遍历: a walk tells every case by columns alone, and what it looks up is found by an index."""

from collections.abc import Callable
from typing import Any

import msgspec
from sqlalchemy.dialects import sqlite

from bench.load import fill
from registry.actions.office import Answer, Desk, Office
from registry.domain.admission import Verdict
from registry.domain.presence import Presence
from registry.domain.request import Request
from registry.store.scan import (
    IN_FORCE,
    Case,
    Range,
    in_force,
    kept,
    presences_of,
    steady,
    walk,
    wholes,
)

COUNTY = "990102"


def _walked(office: Office, size: int) -> list[Case]:
    with steady(office.store.reader) as connection:
        return [c for batch in walk(connection, COUNTY, Range(), size=size) for c in batch]


def test_a_walk_tells_of_every_case_what_its_record_and_its_verdict_tell(office: Office) -> None:
    fill(office, 90)
    find = office.store.reader.find
    requests = {r.id: r for r in find(Request, COUNTY)}
    verdicts = {v.id: v for v in find(Verdict, COUNTY)}
    cases = _walked(office, 7)
    assert [c.id for c in cases] == sorted(requests)
    assert cases == _walked(office, 1_000)
    made: dict[str, Any] = {}
    for case in cases:
        request = requests[case.id]
        assert (case.state, case.kind, case.outcome, case.applicant_id, case.verdict_id) == (
            request.state, request.kind, request.outcome, request.applicant_id, request.verdict_id
        )  # fmt: skip
        assert (case.footing is None) == (case.judged is None) == (request.verdict_id is None)
        if case.footing is not None:
            verdict = verdicts[case.verdict_id or ""]
            ground = (verdict.facts, verdict.reading)
            assert made.setdefault(case.footing, ground) == ground
    assert len(made) == len({msgspec.json.encode(ground) for ground in made.values()}) > 1


def test_what_is_read_of_a_case_is_what_its_records_say(office: Office) -> None:
    fill(office, 90)
    find = office.store.reader.find
    requests = {r.id: r for r in find(Request, COUNTY)}
    verdicts = {v.id: v for v in find(Verdict, COUNTY)}
    with steady(office.store.reader) as connection:
        told = wholes(connection, COUNTY, list(requests))
        facts = kept(connection, COUNTY, list(verdicts))
        living = in_force(connection, COUNTY, list(requests))
    assert {i: (w.title, w.applied_on, w.filing()) for i, w in told.items()} == {
        r.id: (r.title, r.applied_on, r.filing) for r in requests.values()
    }
    assert {i: (msgspec.json.decode(k.facts), k.reading) for i, k in facts.items()} == {
        v.id: (v.facts, v.reading) for v in verdicts.values()
    }
    there = [p.request_id for p in find(Presence, COUNTY) if p.state in IN_FORCE]
    assert living == {id: there.count(id) for id in there} != {}


def test_a_composite_is_met_but_not_read_for_a_verdict(
    one_office: Office, one_hand: Callable[[str], Any]
) -> None:
    fill(one_office, 3)
    first = one_office.store.reader.find(Request, COUNTY)[0]

    def parted(desk: Desk) -> Answer:
        held = desk.unit.get(Request, first.id)
        return Answer(body=desk.unit.change(held, composite=True))

    one_hand("dept.clerk").do(parted)
    ids = [c.id for c in _walked(one_office, 10)]
    assert first.id in ids
    with steady(one_office.store.reader) as connection:
        assert set(wholes(connection, COUNTY, ids)) == set(ids) - {first.id}


def test_the_presences_of_a_batch_are_looked_up_by_request(one_office: Any) -> None:
    asked = presences_of("990102", [f"req-{n}" for n in range(512)])
    said = asked.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
    with one_office.store.reader.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {said}").all()
    assert "ix_presence_request_id (county=? AND request_id=?)" in str(plan)
