"""提出异议 before a quarrel: the office examines, and answers in its own name (P10)."""

from datetime import date
from typing import Annotated, Any, NamedTuple

import msgspec

from registry.actions import evidence
from registry.actions.numbering import take_paper_number
from registry.actions.office import Answer, Desk
from registry.actions.outbox import Message, heads, holders, tell
from registry.actions.redress.breaching import breach, close_unanswered
from registry.actions.redress.handlers import answering, binding
from registry.actions.redress.subjects import AboutCommand, Subject, Words, subject_of
from registry.domain.calendar import Clock
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.notice import NoticeKind
from registry.domain.people import Organisation, PostView
from registry.domain.records import Ident, Line, Wire
from registry.domain.redress import OBJECTION_MOVES, OBJECTION_ZH, Objection, ObjectionState
from registry.domain.request import Request
from registry.domain.serial import Paper
from registry.policies.judge import Rulebook
from registry.policies.living import AnswerRule

STATE = declare(
    "objection.state", RefusalKind.CONFLICT, "该异议现为「{state_zh}」，不能再办理",
    "The objection is {state}; nothing more is done with it.", recorded=True,
)  # fmt: skip

TWICE = declare(
    "objection.twice", RefusalKind.CONFLICT, "同样的异议已经提出，正在等待答复，不再重复登记",
    "The same objection was raised already and waits for its answer.", recorded=True,
)  # fmt: skip

Clauses = Annotated[list[Line], msgspec.Meta(max_length=50)]
Papers = Annotated[list[Ident], msgspec.Meta(max_length=50)]


class ObjectCommand(AboutCommand, frozen=True, kw_only=True):
    """提出异议."""

    text: Words
    clauses: Clauses = []
    documents: Papers = []
    """Papers of the presence or request."""


class AnswerCommand(Wire, frozen=True, kw_only=True):
    """答复异议: whether it is right, why, by which clause."""

    upheld: bool
    text: Words
    clauses: Clauses = []


def raise_(desk: Desk, command: ObjectCommand) -> Answer:
    """提出异议: by the community, or entered by the street for it; it lies with the office."""
    subject, _ = subject_of(desk, command, "objection.raise")
    evidence.check(desk, command.documents, subject.presence_id, subject.request_id)
    _check_once(desk, subject, command.text)
    by = desk.actor.person_id
    said = Said(command.text, by, by if subject.recorded else None)
    raised = lodge(desk, subject, said, clauses=command.clauses, documents=command.documents)
    desk.about(raised)
    return Answer(body=raised, version=raised.version)


class Said(NamedTuple):
    """异议内容: what is said, by whom, and who entered it for them."""

    text: str
    person_id: str
    recorded_by: str | None = None


def lodge(desk: Desk, subject: Subject, said: Said, **papers: Any) -> Objection:
    """An objection with the body that answers it, and its clock; never with who is concerned.

    Raises:
        Refusal: ``redress.no_body``.
    """
    rule = _rule(desk, desk.today)
    handler = answering(desk, subject.area, subject.asking, rule.body if rule else "")
    due, provisional = due_of(desk, desk.today)
    id = desk.id("obj")
    raised = desk.unit.add(
        Objection(
            county=desk.unit.county, id=id, presence_id=subject.presence_id,
            request_id=subject.request_id, subject=subject.title,
            organisation_id=subject.community.id, area_path=subject.area.path,
            department_id=subject.department_id, handler_id=handler.id, text=said.text,
            number=take_paper_number(
                desk, Paper.OBJECTION_RAISED, subject.community, object_id=id
            ),
            raised_on=desk.today, person_id=said.person_id, due_on=due, due_provisional=provisional,
            recorded_by=said.recorded_by, **papers,
        )
    )  # fmt: skip
    _tell_handler(desk, raised)
    return raised


def _check_once(desk: Desk, subject: Subject, text: str) -> None:
    told = (subject.presence_id, subject.request_id, subject.title, subject.department_id, text)
    waiting = desk.unit.find(
        Objection, organisation_id=subject.community.id, state=ObjectionState.RAISED.value
    )
    for held in waiting:
        if told == (held.presence_id, held.request_id, held.subject, held.department_id, held.text):
            raise Refusal(TWICE)


def _rule(desk: Desk, on: date) -> AnswerRule | None:
    return desk.rulebook(on).overlay.setting(lambda d: d.objection)


def clock_in(book: Rulebook) -> Clock | None:
    """How long there is to answer; ``None`` = the packs give no time."""
    rule = book.overlay.setting(lambda d: d.objection)
    return rule.within if rule is not None else None


def due_of(desk: Desk, raised_on: date) -> tuple[date | None, bool]:
    """The last day to answer, by the packs of the day it was raised, and whether it is a guess;
    none where they give no time."""
    clock = clock_in(desk.rulebook(raised_on))
    return (None, False) if clock is None else desk.rulebook().calendar.due(clock, raised_on)


def rerouted(desk: Desk, held: Objection) -> Objection:
    """The objection with a body that does not ask it itself; its clock runs on.

    Raises:
        Refusal: ``redress.no_body``.
    """
    passed = desk.unit.change(held, handler_id=next_for(desk, held).id)
    _tell_handler(desk, passed)
    return passed


def next_for(desk: Desk, held: Objection) -> Organisation:
    """The body that would answer it today.

    Raises:
        Refusal: ``redress.no_body``.
    """
    place = desk.places.home(desk.places.organisation(held.organisation_id))
    rule = _rule(desk, held.raised_on)
    return answering(desk, place, _parties(desk, held), rule.body if rule else "")


def _tell_handler(desk: Desk, raised: Objection) -> None:
    message = Message(
        kind=NoticeKind.HANDED, text=f"社区提出异议，请答复：{raised.subject}",
        text_en=f"A community objects; please answer: {raised.subject}",
        request_id=raised.request_id,
    )  # fmt: skip
    tell(desk, holders(desk, raised.handler_id, "objection.answer"), message, raised)


def answer(desk: Desk, id: str, version: int | None, command: AnswerCommand) -> Answer:
    """答复异议: in the office's own name and with its own number; never by who asks, nor by whom
    entered it. Where an unadmitted matter is objected to with right, the department is in breach as
    the packs say."""
    held = desk.unit.get(Objection, id, lock=True)
    desk.about(held)
    parties, said = _parties(desk, held), (held.person_id, held.recorded_by)

    def ties(post: PostView) -> list[str]:
        return binding(desk, post, parties, said)

    post = desk.authorise("objection.answer", owners=[held.handler_id], ties=ties)
    after = _moved(held, "answer")
    desk.check_version(held, version)
    body = desk.places.organisation(post.organisation_id)
    answered = desk.unit.change(
        held, state=after, upheld=command.upheld, answer=command.text,
        answer_clauses=command.clauses,
        answer_number=take_paper_number(desk, Paper.OBJECTION, body, object_id=id),
        answered_on=desk.today, answered_by=desk.actor.person_id,
    )  # fmt: skip
    unadmitted = held.presence_id is None and held.request_id is None
    if command.upheld and unadmitted and held.department_id:
        breach(
            desk,
            answered,
            held.department_id,
            clauses=command.clauses,
            path=held.area_path,
            stated=desk.rulebook().overlay.setting(lambda d: d.effects.department_in_breach),
        )
    close_unanswered(desk, id)
    _tell_parties(desk, answered, body.name, parties)
    desk.about(answered)
    return Answer(body=answered, version=answered.version)


def withdraw(desk: Desk, id: str, version: int | None) -> Answer:
    """撤回异议: by the community, while it is not answered."""
    held = desk.unit.get(Objection, id, lock=True)
    desk.about(held)
    desk.authorise("objection.withdraw", owners=[held.organisation_id])
    after = _moved(held, "withdraw")
    desk.check_version(held, version)
    withdrawn = desk.unit.change(held, state=after)
    close_unanswered(desk, id)
    desk.about(withdrawn)
    return Answer(body=withdrawn, version=withdrawn.version)


def _moved(held: Objection, act: str) -> ObjectionState:
    after = OBJECTION_MOVES[act].get(held.state)
    if after is None:
        raise Refusal(STATE, state=held.state.value, state_zh=OBJECTION_ZH[held.state])
    return after


def _parties(desk: Desk, held: Objection) -> list[str]:
    """Who asks what is objected to."""
    request = desk.unit.get(Request, held.request_id) if held.request_id else None
    asking = [a.organisation_id for a in request.filing.applicants] if request else []
    return sorted({*asking, *([held.department_id] if held.department_id else [])})


def _tell_parties(desk: Desk, answered: Objection, name: str, parties: list[str]) -> None:
    bodies = [answered.organisation_id, *parties]
    people = [answered.person_id, *(p for body in bodies for p in heads(desk, body))]
    upheld = ("异议成立", "upheld") if answered.upheld else ("异议不成立", "not upheld")
    message = Message(
        kind=NoticeKind.AFTERWARDS, text=f"{name}已答复异议（{upheld[0]}）：{answered.subject}",
        text_en=f"{name} has answered the objection ({upheld[1]}): {answered.subject}",
        request_id=answered.request_id,
    )  # fmt: skip
    tell(desk, people, message, answered)
