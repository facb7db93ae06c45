"""时间到了 what the passing of time brings: overdue, expiry, late money, recomputed dates.

Idempotent: one event per effect, actor ``system``. A provisional date makes nothing overdue or
expired; silence never approves anything.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
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
from registry.actions.trying import Trying
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
    """Bring about everything whose time has come; returns how many effects of each kind, and as
    ``failed`` how many things could not be done: they hold up nothing else, and come again."""
    today, trying = civil(office.clock()), Trying(office)
    with trying("readings"):
        read_log(office).settle(trying)
    with trying("forgetting"):
        office.store.writer.submit(NATION, partial(_forget, now=office.clock())).result()
    done: dict[str, int] = {}
    for county in office.store.reader.partitions():
        for name, effect in _effects(office, county, today, trying):
            call = Call(actor=system_actor(county), county=county, act=f"tick.{name}")
            with trying(name, county):
                answer = office.perform(call, _as(name, effect))
                done[name] = done.get(name, 0) + bool(answer.body)
        with trying("reevaluated", county):
            if anew := reevaluate(office, system_actor(county)):
                done["reevaluated"] = done.get("reevaluated", 0) + anew
    with trying("exports_removed"):
        if removed := clearing.clear(office):
            done["exports_removed"] = removed
    return done | ({"failed": trying.failed} if trying.failed else {})


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


def _effects(
    office: Office, county: str, today: date, trying: Trying
) -> list[tuple[str, Effect]]:  # fmt: skip
    """What every room finds to be done; one that cannot look holds up no other."""
    effects: list[tuple[str, Effect]] = []
    with trying("glancing", county):
        for room, look in _rooms(office, county, today):
            with trying(room, county):
                effects += look()
    return effects


def _late(office: Office, county: str, today: date) -> list[tuple[str, Effect]]:
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
    return effects + [
        ("overdue", _marker(type(row), row.id))
        for row in waiting
        if not (row.due_provisional or row.overdue or row.request_id in away)
    ]


def _rooms(
    office: Office, county: str, today: date
) -> list[tuple[str, Callable[[], Iterable[tuple[str, Effect]]]]]:  # fmt: skip
    """Who is asked what is due, in this order."""
    here, who, glance = (office, county, today), system_actor(county), Glance(office, county)
    return [
        ("late", partial(_late, *here)),
        ("maturing", partial(maturing.effects, *here)),
        ("falling_due", partial(falling_due.effects, office, who, glance)),
        ("money_overdue", partial(overdue.effects, office, who, glance)),
        ("provisional", partial(_provisional, office, county)),
        ("lapses", partial(lapses, *here)),
        ("expiring", partial(expiring.lapses, *here)),
        ("walls", partial(walls_lapsing.lapses, *here)),
        ("existing", partial(existing_lapsing.lapses, *here)),
        ("proposing", partial(proposing.late, *here)),
        ("lateness", partial(lateness.lapses, *here)),
        ("closing", partial(closing.lapses, *here)),
        ("settling", partial(settling.lapses, office, glance)),
        ("replying", partial(replying.lapses, *here)),
        ("pairing", partial(pairing.effects, office, glance)),
        ("doubling", partial(doubling.effects, office, who, glance)),
        ("spending", partial(spending_lapsing.lapses, office, glance)),
        ("watching", partial(watching.effects, office, who, glance)),
        ("issued", partial(issued.effects, office, who, glance)),
        ("conduct", partial(conduct_watching.effects, office, who, glance)),
        ("deciders", partial(_differences, office, county)),
        ("reminders", partial(_reminders, *here)),
    ]


def _differences(office: Office, county: str) -> list[tuple[str, Effect]]:
    return [("decider", _differs(d)) for d in office.rulebooks.sentinel.drain(county)]


def _reminders(office: Office, county: str, today: date) -> list[tuple[str, Effect]]:
    return [("reminded", _telling(batch)) for batch in reminders(office, county, today)]


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
    if not county_waits(office, county):
        return []
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
