"""时间到了 what the passing of time brings: overdue, expiry, late money, recomputed dates.

Idempotent: one event per effect, actor ``system``. A provisional date makes nothing overdue or
expired; silence never approves anything.
"""

import hashlib
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial

import msgspec

from registry.actions.auditing import issued
from registry.actions.auditing import watching as conduct_watching
from registry.actions.certifying import proposing
from registry.actions.clocks import make_firm
from registry.actions.doubting import keeping, watching
from registry.actions.doubting.cases import DECIDER
from registry.actions.doubting.glancing import Glance
from registry.actions.doubting.keeping import Seen
from registry.actions.evaluating import closing, replying
from registry.actions.existing import lapsing as existing_lapsing
from registry.actions.exporting import clearing
from registry.actions.living import maturing
from registry.actions.office import Answer, Call, Desk, Office
from registry.actions.owing import falling_due, overdue
from registry.actions.readlog.gathering import read_log
from registry.actions.reconciling import doubling, pairing
from registry.actions.redress import lateness
from registry.actions.rejudging.reevaluating import reevaluate
from registry.actions.reminding import Due, remind, reminders
from registry.actions.routing import escalate
from registry.actions.rules import expiring
from registry.actions.rules.lapsing import lapses
from registry.actions.spending import lapsing as spending_lapsing
from registry.actions.walls import lapsing as walls_lapsing
from registry.actions.years import settling
from registry.domain.approval import Step, StepState, Task, TaskState
from registry.domain.audit import Finding, canonical
from registry.domain.people import Actor, PostView
from registry.domain.records import NATION, civil
from registry.domain.request import Request, State
from registry.domain.vocabulary import Level, OrganisationKind
from registry.policies.sentinel import Difference
from registry.policies.sessions import shipped as limits
from registry.store import seats
from registry.store.marks import purge
from registry.store.unit import Unit

RUNNING = [State.ACCEPTED.value, State.IN_REVIEW.value]

Effect = Callable[[Desk], Answer]


def system_actor(county: str) -> Actor:
    """The registry itself."""
    post = PostView(
        role="system", organisation_id="system", organisation_kind=OrganisationKind.INSTITUTION,
        area_id="system", area_path="/", level=Level.NATIONAL,
    )  # fmt: skip
    return Actor(person_id="system", name="system", county=county, posts=[post])


def tick(office: Office) -> dict[str, int]:
    """Bring about everything whose time has come; returns how many effects of each kind."""
    today = civil(office.clock())
    read_log(office).settle()
    office.store.writer.submit(NATION, partial(_forget, now=office.clock())).result()
    done: dict[str, int] = {}
    for county in office.store.reader.partitions():
        for name, effect in _effects(office, county, today):
            call = Call(actor=system_actor(county), county=county, act=f"tick.{name}")
            answer = office.perform(call, _as(name, effect))
            done[name] = done.get(name, 0) + bool(answer.body)
        if anew := reevaluate(office, system_actor(county)):
            done["reevaluated"] = done.get("reevaluated", 0) + anew
    if removed := clearing.clear(office):
        done["exports_removed"] = removed
    return done


def _forget(unit: Unit, now: datetime) -> None:
    """Technical rows only: tokens that expired and idempotency keys long answered."""
    purge(unit.connection, now)
    seats.purge(unit.connection, now, now - limits().idle)


def _as(name: str, effect: Effect) -> Effect:
    def verb(desk: Desk) -> Answer:
        desk.post = desk.authorise("system.tick").role
        desk.act = f"tick.{name}"
        return effect(desk)

    return verb


def _effects(office: Office, county: str, today: date) -> list[tuple[str, Effect]]:
    reader = office.store.reader
    late = ("due_on", today)
    effects: list[tuple[str, Effect]] = []
    for request in reader.find(Request, county, before=late, state=RUNNING, overdue=False):
        if not request.due_provisional:
            effects.append(("overdue", _marker(Request, request.id)))
    tasks = reader.find(Task, county, before=late, state=TaskState.OPEN.value)
    steps = reader.find(Step, county, before=late, state=StepState.OPEN.value)
    waiting: list[Task | Step] = [*tasks, *steps]
    # What was sent back lies with the asking side: nobody else is late with it.
    away = {r.id for r in reader.find(Request, county, state=State.RETURNED.value)}
    effects += [
        ("overdue", _marker(type(row), row.id))
        for row in waiting
        if not (row.due_provisional or row.overdue or row.request_id in away)
    ]
    effects += maturing.effects(office, county, today)
    glance = Glance(office, county)
    effects += falling_due.effects(office, system_actor(county), glance)
    effects += overdue.effects(office, system_actor(county), glance)
    if county_waits(office, county):
        effects += _provisional(office, county)
    effects += lapses(office, county, today)
    effects += expiring.lapses(office, county, today)
    effects += walls_lapsing.lapses(office, county, today)
    effects += existing_lapsing.lapses(office, county, today)
    effects += proposing.late(office, county, today)
    effects += lateness.lapses(office, county, today)
    effects += closing.lapses(office, county, today)
    effects += settling.lapses(office, glance)
    effects += replying.lapses(office, county, today)
    effects += pairing.effects(office, glance)
    effects += doubling.effects(office, system_actor(county), glance)
    effects += spending_lapsing.lapses(office, glance)
    effects += watching.effects(office, system_actor(county), glance)
    effects += issued.effects(office, system_actor(county), glance)
    effects += conduct_watching.effects(office, system_actor(county), glance)
    effects += [("decider", _differs(d)) for d in office.rulebooks.sentinel.drain(county)]
    effects += [("reminded", _telling(batch)) for batch in reminders(office, county, today)]
    return effects


def _telling(batch: Sequence[Due]) -> Effect:
    def verb(desk: Desk) -> Answer:
        return remind(desk, batch)

    return verb


def _differs(difference: Difference) -> Effect:
    """判定差异: the two deciders do not agree; a person must look before more is decided so."""
    told = msgspec.to_builtins(difference)
    id = f"decider.{hashlib.sha256(canonical(told)).hexdigest()}"

    def verb(desk: Desk) -> Answer:
        if desk.unit.maybe(Finding, id) is not None:
            return Answer(body=None)
        finding = keeping.tell(desk, Seen(DECIDER, id, difference.county, facts=told))
        desk.about(finding)
        return Answer(body=finding.id)

    return verb


def county_waits(office: Office, county: str) -> bool:
    """Whether any case of the county carries a provisional date."""
    return any(r.due_provisional for r in office.store.reader.find(Request, county, state=RUNNING))


def _marker(kind: type[Request | Task | Step], id: str) -> Effect:
    def verb(desk: Desk) -> Answer:
        row = desk.unit.get(kind, id, lock=True)
        desk.about(row)
        late = desk.unit.change(row, overdue=True)
        if isinstance(late, Step):
            escalate(desk, late)
        return Answer(body=late.id)

    return verb


def _provisional(office: Office, county: str) -> list[tuple[str, Effect]]:
    """Dates that were guessed become firm when the year's table has come."""
    today = civil(office.clock())
    calendar = office.rulebooks.of(county, today).calendar
    effects: list[tuple[str, Effect]] = []
    for request in office.store.reader.find(Request, county, state=RUNNING):
        book = office.rulebooks.of(county, request.applied_on or today)
        clock = book.overlay.setting(lambda d: d.clock.decide_in)
        begun = request.accepted_on if clock and clock.start == "accepted" else request.applied_on
        begun = request.clock_from or begun
        if clock is None or begun is None or not request.due_provisional:
            continue
        if request.clock_days is not None:
            clock = msgspec.structs.replace(clock, days=request.clock_days, count_first_day=False)
        due, still = calendar.due(clock, begun)
        if not still:
            effects.append(("recomputed", _firm(request.id, due)))
    return effects


def _firm(id: str, due: date) -> Effect:
    def verb(desk: Desk) -> Answer:
        request = desk.unit.get(Request, id, lock=True)
        desk.about(request)
        return Answer(body=make_firm(desk, request, due).id)

    return verb
