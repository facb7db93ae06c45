"""机构变动 as the tests make it: planned, carried out as planned, and looked over to the last row."""

from datetime import date
from typing import Any

import msgspec

from registry.actions.office import Call, Office
from registry.actions.succession import planning, reorganising
from registry.actions.succession.inheriting import WAYS
from registry.actions.succession.successors import ReorganiseCommand
from registry.domain.areas import Area
from registry.domain.people import Organisation, Person
from registry.domain.records import Record
from registry.domain.request import Request, Target
from registry.domain.succession import Reorganisation, ReorganisationPlan
from registry.store.engine import open_engine
from registry.store.verify import verify
from tests.actions.case import Hands

TODAY = date(2026, 3, 2)
COUNTY = "990102"
PAPER = {"document_number": "演示政发〔2026〕2号", "document_title": "关于机构变动的批复（虚构）"}
QUOTED = ("consents", "consultations")
"""Parts of a filing that say what somebody said once: they keep the name they had."""


def told(**fields: Any) -> ReorganiseCommand:
    return msgspec.convert({**PAPER, "effective_on": "2026-03-02", **fields}, ReorganiseCommand)


def planned(hand: Hands, by: str = "county.head", **fields: Any) -> ReorganisationPlan:
    person = hand(by)
    call = Call(actor=person.actor, county=COUNTY, act="reorganisation.plan")
    plan: ReorganisationPlan = person.office.ask(
        call, lambda desk: planning.plan_answer(desk, told(**fields))
    ).body
    return plan


def carried_out(hand: Hands, **fields: Any) -> Reorganisation:
    digest = planned(hand, **fields).digest
    command = told(**fields, plan_digest=digest)
    record: Reorganisation = hand("county.head").do(lambda d: reorganising.run(d, command))
    return record


def astray(office: Office, on: date = TODAY) -> list[str]:
    """Every live record that names a body, place or person no longer in force: none may."""
    find = office.store.reader.find
    gone = {
        row.id for kind in (Organisation, Area, Person) for row in find(kind, COUNTY)
        if not row.in_force(on)
    }  # fmt: skip
    lost = {f"/{id}/" for id in gone}
    closed = {r.id for r in find(Request, COUNTY) if not WAYS[Request].live(r, on)}
    found = []
    for kind, way in WAYS.items():
        for record in find(kind, COUNTY):
            ended = isinstance(record, Target) and record.request_id in closed
            if record.id in gone or ended or not way.live(record, on):
                continue
            for word in words(record):
                if word in gone or any(path in word for path in lost):
                    found.append(f"{kind.__name__} {record.id}: {word}")
    return found


def words(record: Record) -> list[str]:
    told = msgspec.to_builtins(record)
    told.pop("id")
    if isinstance(record, Request):
        told["filing"] = {n: v for n, v in told["filing"].items() if n not in QUOTED}
    return list(_strings(told))


def _strings(value: Any) -> Any:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (s for v in value.values() for s in _strings(v))
    elif isinstance(value, list):
        yield from (s for v in value for s in _strings(v))


def sound(office: Office) -> bool:
    """The log and the rows still agree."""
    engine = open_engine(office.store.url, readonly=True)
    try:
        return verify(engine, COUNTY, files=office.store.files).fault is None
    finally:
        engine.dispose()
