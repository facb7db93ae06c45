"""逾期未答复 objections and complaints whose day has passed; a guessed day makes nobody late."""

from collections.abc import Callable, Iterator
from datetime import date

from registry.actions.doubting import keeping
from registry.actions.doubting.communities import COMPLAINT, OBJECTION
from registry.actions.doubting.keeping import Seen
from registry.actions.office import Answer, Desk, Office
from registry.actions.redress import complaining, handling, objecting
from registry.actions.redress.breaching import unanswered
from registry.actions.redress.handlers import somebody_takes
from registry.domain.errors import Refusal
from registry.domain.redress import Complaint, ComplaintState, Objection, ObjectionState

Effect = Callable[[Desk], Answer]
Waiting = Objection | Complaint
OPEN = [ComplaintState.REGISTERED.value, ComplaintState.VERIFYING.value]
_WAITING = (ObjectionState.RAISED, ComplaintState.REGISTERED, ComplaintState.VERIFYING)


def lapses(office: Office, county: str, today: date) -> Iterator[tuple[str, Effect]]:
    """One effect for each that is late, and for each whose guessed day is known by now."""
    find = office.store.reader.find
    raised = find(Objection, county, state=ObjectionState.RAISED.value)
    received = find(Complaint, county, state=OPEN)
    waiting: list[Waiting] = [*raised, *received]
    for one in waiting:
        if one.handler_id == _party(one) and somebody_takes(office, county, _next(one)):
            yield "passed_on", _rerouted(type(one), one.id)
        if one.due_on is None or one.overdue:
            continue
        if one.due_provisional:
            if _known(office, one, today):
                yield "recomputed", _firm(type(one), one.id)
        elif one.due_on < today:
            yield "unanswered", _late(type(one), one.id)


def _party(one: Waiting) -> str | None:
    """Whom it is about."""
    return one.against_id if isinstance(one, Complaint) else one.department_id


def _next(one: Waiting) -> Callable[[Desk], object]:
    if isinstance(one, Complaint):
        return lambda desk: handling.next_for(desk, one)
    return lambda desk: objecting.next_for(desk, one)


def _rerouted(kind: type[Waiting], id: str) -> Effect:
    """A body that has become the one it is about, by a merger, could do nothing with it, nor even
    see a complaint."""

    def verb(desk: Desk) -> Answer:
        held = desk.unit.get(kind, id, lock=True)
        desk.about(held)
        if held.handler_id != _party(held) or held.state not in _WAITING:
            return Answer(body=None)
        try:
            if isinstance(held, Complaint):
                return Answer(body=handling.rerouted(desk, held).id)
            return Answer(body=objecting.rerouted(desk, held).id)
        except Refusal:
            return Answer(body=None)  # nobody is left to take it: it goes on being late

    return verb


def _known(office: Office, one: Waiting, today: date) -> bool:
    """Whether the day is certain by the calendar that is there now."""
    complaint = isinstance(one, Complaint)
    begun = one.received_on if isinstance(one, Complaint) else one.raised_on
    book = office.rulebooks.of(one.county, begun)
    clock = complaining.clock_in(book) if complaint else objecting.clock_in(book)
    calendar = office.rulebooks.of(one.county, today).calendar
    return clock is not None and not calendar.due(clock, begun)[1]


def _late(kind: type[Waiting], id: str) -> Effect:
    def verb(desk: Desk) -> Answer:
        held = desk.unit.get(kind, id, lock=True)
        desk.about(held)
        late = held.due_on is not None and held.due_on < desk.today and not held.due_provisional
        if held.state not in _WAITING or held.overdue or not late:
            return Answer(body=None)  # answered, or given another day, since it was looked at
        desk.unit.change(held, overdue=True)
        return Answer(body=keeping.tell(desk, _unanswered(held)).id)

    return verb


def _unanswered(held: Waiting) -> Seen:
    """Against the body that owes the answer: nothing in it tells who complained."""
    id, facts = unanswered(held.id), {"due_on": str(held.due_on)}
    if isinstance(held, Objection):
        return Seen(OBJECTION, id, held.id, held.handler_id, held.area_path, facts)
    more = {"number": held.number, "breach": held.unanswered_is_breach}
    return Seen(COMPLAINT, id, held.id, held.handler_id, None, facts | more)


def _firm(kind: type[Waiting], id: str) -> Effect:
    def verb(desk: Desk) -> Answer:
        held = desk.unit.get(kind, id, lock=True)
        desk.about(held)
        due, still = (
            complaining.due_of(desk, held.received_on)
            if isinstance(held, Complaint)
            else objecting.due_of(desk, held.raised_on)
        )
        if due is None or still:
            return Answer(body=None)
        return Answer(body=desk.unit.change(held, due_on=due, due_provisional=False).id)

    return verb
