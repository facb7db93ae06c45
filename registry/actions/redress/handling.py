"""投诉办理 verified, then handled or dismissed by a body that is not concerned (P10).

Who complained is read through ``disclose`` alone, by those who handle it and by auditors; each
reading is an act in the log.
"""

from collections.abc import Callable
from typing import Annotated

import msgspec

from registry.actions.numbering import take_paper_number
from registry.actions.office import Answer, Desk
from registry.actions.outbox import Message, heads, tell
from registry.actions.redress.breaching import breach, close_unanswered
from registry.actions.redress.complaining import bodies_of, home_of, tell_handler
from registry.actions.redress.handlers import belongs, binding, handling, is_concerned
from registry.actions.redress.objecting import Clauses
from registry.actions.redress.subjects import Words
from registry.domain.document_number import folded
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.notice import NoticeKind
from registry.domain.people import Organisation, PostView
from registry.domain.records import Line, Wire
from registry.domain.redress import (
    COMPLAINT_MOVES,
    COMPLAINT_ZH,
    MEASURE_ZH,
    NUMBERED,
    Complaint,
    ComplaintSource,
    ComplaintState,
    Measure,
)
from registry.domain.serial import Paper

STATE = declare(
    "complaint.state", RefusalKind.CONFLICT, "该投诉现为「{state_zh}」，此时不能这样办理",
    "The complaint is {state}; this is not done with it now.", recorded=True,
)  # fmt: skip
MEASURE = declare(
    "complaint.measure", RefusalKind.INVALID, "规则包没有规定这种处理方式：{measure_zh}",
    "The packs name no such measure: {measure}.", recorded=True,
)  # fmt: skip
NONE_TAKEN = declare(
    "complaint.no_measure", RefusalKind.INVALID, "查实的投诉至少写明一种处理方式；不作处理的，写明理由",
    "What was established is met by one measure at least, or by the reason why by none.",
    recorded=True,
)  # fmt: skip
NUMBER = declare(
    "complaint.number", RefusalKind.INVALID, "通报、移送须有文号：请填写，或者由规则包规定编号",
    "A circular or referral needs a document number: give it, or let the packs number it.",
    recorded=True,
)  # fmt: skip
FOUND = declare(
    "complaint.found", RefusalKind.CONFLICT, "核实结论与此不符：查实的予以处理，不成立的告知不成立",
    "That is not what was found: what holds is handled, what does not is dismissed.",
    recorded=True,
)  # fmt: skip
CONCERNED = declare(
    "complaint.concerned", RefusalKind.CONFLICT, "办理单位现在是当事单位，应当转交下一办理单位",
    "The handling body is concerned itself now; it passes the complaint on.", recorded=True,
)  # fmt: skip


class VerifyCommand(Wire, frozen=True, kw_only=True):
    """核实: what was found, and whether the complaint holds."""

    established: bool
    findings: Words


class HandleCommand(Wire, frozen=True, kw_only=True):
    """处理 what was established: measures, and what the complainant is told."""

    measures: Annotated[list[Measure], msgspec.Meta(max_length=10)] = []
    unmeasured: Words | None = None
    """Why none is taken, where there is none: others read it."""
    document_number: Line | None = None
    """文号 of the circular or referral; absent = the packs' series of measures."""
    clauses: Clauses = []
    answer: Words


class DismissCommand(Wire, frozen=True, kw_only=True):
    """核实不成立: what the complainant is told."""

    answer: Words


class PassCommand(Wire, frozen=True, kw_only=True):
    """转交: why the body does not handle it itself (回避)."""

    reason: Words


def disclose(desk: Desk, id: str) -> Answer:
    """查阅投诉来源: an act in the log each time; never by those complained of."""
    held, source = desk.unit.get(Complaint, id), source_of(desk, id)
    desk.about(held)
    desk.authorise(
        "complaint.disclose", owners=[held.handler_id],
        paths=[desk.office.county_path(desk.unit.county) or "/"], ties=_ties(desk, held, None),
    )  # fmt: skip
    return Answer(body=source)


def source_of(desk: Desk, id: str) -> ComplaintSource:
    """The protected record beside a complaint: exactly one."""
    return desk.unit.find(ComplaintSource, complaint_id=id)[0]


def _ties(
    desk: Desk, held: Complaint, source: ComplaintSource | None
) -> Callable[[PostView], list[str]]:
    """What binds: who complained or entered it handles nothing, nor who belongs to those complained
    of."""
    said = [source.person_id, source.recorded_by] if source is not None else []
    return lambda post: binding(desk, post, [held.against_id], said)


def _taken(desk: Desk, id: str, act: str) -> Complaint:
    """The complaint, held, for an act of its handler."""
    held = desk.unit.get(Complaint, id, lock=True)
    desk.about(held)
    ties = _ties(desk, held, source_of(desk, id))
    desk.authorise(act, owners=[held.handler_id], ties=ties)
    return held


def _moved(held: Complaint, act: str) -> ComplaintState:
    after = COMPLAINT_MOVES[act].get(held.state)
    if after is None:
        raise Refusal(STATE, state=held.state.value, state_zh=COMPLAINT_ZH[held.state])
    return after


def _check_unconcerned(desk: Desk, held: Complaint) -> None:
    """A body that has become concerned since, by a merger or a new head, handles nothing."""
    if is_concerned(desk, desk.places.organisation(held.handler_id), [held.against_id]):
        raise Refusal(CONCERNED)


def verify(desk: Desk, id: str, version: int | None, command: VerifyCommand) -> Answer:
    """核实: by a person of the handling body who is bound to nothing in it."""
    held = _taken(desk, id, "complaint.verify")
    after = _moved(held, "verify")
    desk.check_version(held, version)
    _check_unconcerned(desk, held)
    return _kept(desk, desk.unit.change(
        held, state=after, established=command.established, findings=command.findings,
        verified_on=desk.today, verified_by=desk.actor.person_id,
    ))  # fmt: skip


def pass_on(desk: Desk, id: str, version: int | None, command: PassCommand) -> Answer:
    """转交下一办理单位: the body is concerned, and the next that is not has it from then on; its
    clock runs on."""
    held = _taken(desk, id, "complaint.pass_on")
    _moved(held, "pass-on")
    desk.check_version(held, version)
    desk.note = {"reason": command.reason}
    return _kept(desk, rerouted(desk, held))


def rerouted(desk: Desk, held: Complaint) -> Complaint:
    """The complaint with the next body that is not concerned, to be verified anew.

    Raises:
        Refusal: ``redress.no_body``.
    """
    handler, over = next_for(desk, held)
    passed = desk.unit.change(
        held, state=_moved(held, "pass-on"), handler_id=handler.id, passed_over=over,
        established=None, findings="", verified_on=None, verified_by=None,
    )  # fmt: skip
    tell_handler(desk, passed)
    return passed


def next_for(desk: Desk, held: Complaint) -> tuple[Organisation, list[str]]:
    """The body after the present one, and those passed over until then.

    Raises:
        Refusal: ``redress.no_body``.
    """
    return handling(
        desk, home_of(desk, source_of(desk, held.id)), held.against_id,
        bodies_of(desk, held.received_on), before=[*held.passed_over, held.handler_id],
    )  # fmt: skip


def handle(desk: Desk, id: str, version: int | None, command: HandleCommand) -> Answer:
    """处理: measures that the packs name, and no other; a circular or a referral is the head's, with
    a document number. The department is told and a finding opened against it."""
    numbered = bool(NUMBERED & set(command.measures))
    held = _taken(desk, id, "complaint.refer" if numbered else "complaint.handle")
    after = _moved(held, "handle")
    desk.check_version(held, version)
    _check_unconcerned(desk, held)
    if held.established is not True:
        raise Refusal(FOUND)
    _check_measures(desk, held, command)
    number = _number(desk, held, command) if numbered else ""
    handled = desk.unit.change(
        held, state=after, measures=list(dict.fromkeys(command.measures)), measure_number=number,
        unmeasured="" if command.measures else command.unmeasured or "",
        answer=command.answer, handled_on=desk.today, handled_by=desk.actor.person_id,
    )  # fmt: skip
    silent = desk.rulebook().overlay.setting(lambda d: d.effects.department_in_breach)
    breach(desk, handled, held.against_id, clauses=command.clauses, stated=silent is not False)
    close_unanswered(desk, id)
    _tell_complainant(desk, handled, ("已查实处理", "was established and handled"))
    _tell_against(desk, handled)
    return _kept(desk, handled)


def dismiss(desk: Desk, id: str, version: int | None, command: DismissCommand) -> Answer:
    """核实不成立: the complainant is told; nothing is said to those complained of."""
    held = _taken(desk, id, "complaint.dismiss")
    after = _moved(held, "dismiss")
    desk.check_version(held, version)
    _check_unconcerned(desk, held)
    if held.established is not False:
        raise Refusal(FOUND)
    dismissed = desk.unit.change(
        held, state=after, answer=command.answer, handled_on=desk.today,
        handled_by=desk.actor.person_id,
    )  # fmt: skip
    close_unanswered(desk, id)
    _tell_complainant(desk, dismissed, ("核实不成立", "was not established"))
    return _kept(desk, dismissed)


def _kept(desk: Desk, complaint: Complaint) -> Answer:
    desk.about(complaint)
    return Answer(body=complaint, version=complaint.version)


def _check_measures(desk: Desk, held: Complaint, command: HandleCommand) -> None:
    """Only what the packs of the day it was received name, and one at least or a reason.

    Raises:
        Refusal: ``complaint.measure``, ``complaint.no_measure``.
    """
    if not command.measures and command.unmeasured is None:
        raise Refusal(NONE_TAKEN)
    rule = desk.rulebook(held.received_on).overlay.setting(lambda d: d.complaints)
    allowed = set(rule.handling) if rule else set[str]()
    for one in command.measures:
        if one.value not in allowed:
            raise Refusal(MEASURE, measure=one.value, measure_zh=MEASURE_ZH[one])


def _number(desk: Desk, held: Complaint, command: HandleCommand) -> str:
    if command.document_number is not None:
        return folded(command.document_number)
    body = desk.places.organisation(held.handler_id)
    number = take_paper_number(desk, Paper.MEASURE, body, object_id=held.id)
    if not number:
        raise Refusal(NUMBER)
    return number


def _tell_complainant(desk: Desk, held: Complaint, said: tuple[str, str]) -> None:
    source = source_of(desk, held.id)
    people = [source.person_id] if source.person_id else []
    people += heads(desk, source.organisation_id) if source.organisation_id else []
    if (
        source.resident
        and source.recorded_by
        and not belongs(desk, source.recorded_by, held.against_id)
    ):
        people.append(source.recorded_by)  # who took the call passes the answer on
    message = Message(
        kind=NoticeKind.AFTERWARDS, text=f"投诉 {held.number} {said[0]}：{held.answer}",
        text_en=f"Complaint {held.number} {said[1]}: {held.answer}",
    )  # fmt: skip
    tell(desk, people, message, held)


def _tell_against(desk: Desk, held: Complaint) -> None:
    """What was ordered, in the register's words: nothing of who complained."""
    ordered = "、".join(MEASURE_ZH[one] for one in held.measures)
    paper = f"（{held.measure_number}）" if held.measure_number else ""
    message = Message(
        kind=NoticeKind.AFTERWARDS, text=f"投诉 {held.number} 查实：{held.subject}；{ordered}{paper}",
        text_en=f"Complaint {held.number} was established: {held.subject} {held.measure_number}",
    )  # fmt: skip
    tell(desk, heads(desk, held.against_id), message, held)
