"""答复居民反映 examined and answered by a body that is not concerned, within the time of the packs."""

from collections.abc import Callable, Iterator
from datetime import date

from registry.actions.doubting import keeping
from registry.actions.doubting.communities import REPORT
from registry.actions.doubting.keeping import Seen
from registry.actions.evaluating.reporting import (
    PERSONAL,
    Told,
    clock_in,
    due_of,
    next_for,
    rerouted,
)
from registry.actions.office import Answer, Desk, Office
from registry.actions.outbox import Message, heads, tell
from registry.actions.redress.breaching import close_unanswered, unanswered
from registry.actions.redress.handlers import binding, somebody_takes
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.evaluating import REPORT_MOVES, REPORT_ZH, ReportState, ResidentReport
from registry.domain.notice import NoticeKind
from registry.domain.people import PostView
from registry.domain.personal import numbered
from registry.domain.records import Text, Wire

STATE = declare(
    "report.state", RefusalKind.CONFLICT, "这件反映{state_zh}，不能这样办理",
    "The report is {state}: this cannot be done with it.", recorded=True,
)  # fmt: skip
Effect = Callable[[Desk], Answer]
_OPEN = [ReportState.REGISTERED.value, ReportState.EXAMINED.value]


class ExamineCommand(Wire, frozen=True, kw_only=True):
    """核实: whether it is as reported."""

    established: bool


class ReplyCommand(Wire, frozen=True, kw_only=True):
    """答复, which anybody reads who has the number."""

    text: Told
    ordered: Text = ""
    """责令公布: what must be published, and by when."""


def examine(desk: Desk, id: str, version: int | None, command: ExamineCommand) -> Answer:
    """核实居民反映.

    Raises:
        Refusal: ``report.state``.
    """
    held, after = _let(desk, id, version, "examine")
    return _done(desk, desk.unit.change(held, state=after, established=command.established))


def answer(desk: Desk, id: str, version: int | None, command: ReplyCommand) -> Answer:
    """答复居民反映; the body it is about is told what was ordered.

    Raises:
        Refusal: ``report.state``, ``report.personal``.
    """
    held, after = _let(desk, id, version, "answer")
    if numbered(command.text) or numbered(command.ordered):
        raise Refusal(PERSONAL)
    kept = desk.unit.change(
        held, state=after, answer=command.text, ordered=command.ordered,
        answered_on=desk.today, answered_by=desk.actor.person_id,
    )  # fmt: skip
    close_unanswered(desk, id)
    if kept.ordered and kept.against_id:
        message = Message(
            kind=NoticeKind.AFTERWARDS, text=f"居民反映 {kept.number}，责令公布：{kept.ordered}",
            text_en=f"Of report {kept.number} it is ordered to publish: {kept.ordered}",
        )  # fmt: skip
        tell(desk, heads(desk, kept.against_id), message, kept)
    return _done(desk, kept)


def _let(desk: Desk, id: str, version: int | None, word: str) -> tuple[ResidentReport, ReportState]:
    held = desk.unit.get(ResidentReport, id, lock=True)
    desk.about(held)
    against = [held.against_id] if held.against_id else []

    def ties(post: PostView) -> list[str]:
        return binding(desk, post, against, [])

    desk.authorise(f"resident_report.{word}", owners=[held.handler_id], ties=ties)
    after = REPORT_MOVES[word].get(held.state)
    if after is None:
        raise Refusal(STATE, state=held.state.value, state_zh=REPORT_ZH[held.state])
    desk.check_version(held, version)
    return held, after


def _done(desk: Desk, kept: ResidentReport) -> Answer:
    desk.about(kept)
    return Answer(body=kept, version=kept.version)


def lapses(office: Office, county: str, today: date) -> Iterator[tuple[str, Effect]]:
    """One effect for each that is late, and for each whose guessed day is known by now."""
    for held in office.store.reader.find(ResidentReport, county, state=_OPEN):
        if held.handler_id == held.against_id and somebody_takes(office, county, _next(held)):
            yield "passed_on", _rerouted(held.id)
        if held.due_on is None or held.overdue:
            continue
        if held.due_provisional:
            clock = clock_in(office.rulebooks.of(county, held.received_on))
            calendar = office.rulebooks.of(county, today).calendar
            if clock is not None and not calendar.due(clock, held.received_on)[1]:
                yield "recomputed", _firm(held.id)
        elif held.due_on < today:
            yield "unanswered", _late(held.id)


def _next(held: ResidentReport) -> Callable[[Desk], object]:
    return lambda desk: next_for(desk, held)


def _rerouted(id: str) -> Effect:
    """A body that has become the one it is about, by a merger, can do nothing with it."""

    def verb(desk: Desk) -> Answer:
        held = desk.unit.get(ResidentReport, id, lock=True)
        desk.about(held)
        if held.handler_id != held.against_id or held.state.value not in _OPEN:
            return Answer(body=None)
        try:
            return Answer(body=rerouted(desk, held).id)
        except Refusal:
            return Answer(body=None)  # nobody is left to take it: it goes on being late

    return verb


def _late(id: str) -> Effect:
    def verb(desk: Desk) -> Answer:
        held = desk.unit.get(ResidentReport, id, lock=True)
        desk.about(held)
        late = held.due_on is not None and held.due_on < desk.today and not held.due_provisional
        if held.state.value not in _OPEN or held.overdue or not late:
            return Answer(body=None)  # answered since it was looked at
        desk.unit.change(held, overdue=True)
        facts = {"due_on": str(held.due_on)}
        seen = Seen(
            REPORT, unanswered(held.id), held.id, held.handler_id, held.area_path, facts
        )  # fmt: skip
        return Answer(body=keeping.tell(desk, seen).id)

    return verb


def _firm(id: str) -> Effect:
    def verb(desk: Desk) -> Answer:
        held = desk.unit.get(ResidentReport, id, lock=True)
        desk.about(held)
        due, still = due_of(desk, held.received_on)
        if due is None or still:
            return Answer(body=None)
        return Answer(body=desk.unit.change(held, due_on=due, due_provisional=False).id)

    return verb
