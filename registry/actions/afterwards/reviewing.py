"""申请复核 asked once against a decision, answered by another person of the body the pack names (P3).

``reviewed`` carries out what a review comes to.
"""

from datetime import date
from typing import Annotated

import msgspec

from registry.actions import evidence
from registry.actions.afterwards.settled import PENDING, decision_of, open_reviews, open_revocations
from registry.actions.bodies import seats
from registry.actions.filing import move, owners
from registry.actions.office import Answer, Desk
from registry.actions.outbox import Message, holders, tell
from registry.actions.voting import close_step
from registry.domain.afterwards import Review, ReviewState
from registry.domain.approval import (
    Decision,
    DecisionKind,
    Quorum,
    Step,
    StepAct,
    StepState,
    Task,
    TaskState,
)
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.notice import NoticeKind
from registry.domain.records import Ident, Wire
from registry.domain.request import Request, State
from registry.policies.procedure import ReviewRule

NONE = declare(
    "review.none", RefusalKind.CONFLICT, "规则包没有规定申请复核",
    "The rule packs give no review.", recorded=True,
)  # fmt: skip
KIND = declare(
    "review.kind", RefusalKind.CONFLICT, "只有不予受理、不予准入、部分准予和撤销准入的决定可以申请复核",
    "A review is asked against a refusal, a partial admission or a revocation.", recorded=True,
)  # fmt: skip
ONCE = declare(
    "review.once", RefusalKind.CONFLICT, "对该决定已申请过复核，复核以一次为限",
    "A review of this decision was asked for already; there is one.", recorded=True,
)  # fmt: skip
LATE = declare(
    "review.late", RefusalKind.CONFLICT, "申请复核的期限到 {last} 为止，现已超过",
    "A review could be asked for until {last}; that is past.", recorded=True,
)  # fmt: skip
NO_BODY = declare(
    "review.body", RefusalKind.INVALID, "规则包规定的复核单位 {body} 不存在",
    "The body {body} that the pack names for reviews does not exist.", recorded=True,
)  # fmt: skip
RUNNING = declare(
    "review.time", RefusalKind.CONFLICT,
    "申请复核的期限到 {last} 为止，期满或者复核办结后才能归档",
    "A review may be asked for until {last}: it is archived after that day, or once reviewed.",
    recorded=True,
)  # fmt: skip
OVER = declare(
    "review.over", RefusalKind.CONFLICT, "该复核已办结或已撤回", "The review is over already.",
    recorded=True,
)  # fmt: skip


class ReviewCommand(Wire, frozen=True, kw_only=True):
    """申请复核: why, with what shows it."""

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=20_000, pattern=r"\S")]
    documents: Annotated[list[Ident], msgspec.Meta(max_length=50)] = []


def ask(desk: Desk, request_id: str, version: int | None, command: ReviewCommand) -> Answer:
    """申请复核: by a head of those who ask, in time, once; it lies on the reviewing body's desk."""
    request = desk.unit.get(Request, request_id, lock=True)
    desk.about(request)
    desk.authorise("review.ask", owners=owners(request))
    desk.check_version(request, version)
    decision = decision_of(desk, request)
    _check_kind(desk, request, decision)
    rule = _rule(desk)
    _check_time(desk, decision, rule)
    evidence.check(desk, command.documents, request.id)
    body, key, family = _body(desk, request, decision, rule)
    due = _decide_by(desk, rule)
    task = _lay_step(desk, request, (body, key, family), due)
    filed = desk.unit.add(
        Review(
            county=desk.unit.county,
            id=desk.id("rev"),
            request_id=request.id,
            decision_id=decision.id,
            organisation_id=body,
            applicant_id=request.applicant_id,
            state=ReviewState.FILED,
            reason=command.reason,
            documents=command.documents,
            asked_by=desk.actor.person_id,
            filed_on=desk.today,
            due_on=due[0],
            due_provisional=due[1],
            task_id=task.id,
        )
    )
    _tell_body(desk, request, filed)
    desk.about(filed)
    return Answer(body=filed, version=filed.version)


def _check_kind(desk: Desk, request: Request, decision: Decision) -> None:
    if not contestable(request, decision):
        raise Refusal(KIND)
    # What is archived can only be upheld: nobody is asked in vain.
    move(request, "replace")
    if _reviewed(desk, request, decision):
        raise Refusal(ONCE)
    if open_revocations(desk, request):
        raise Refusal(PENDING, what_zh="撤销程序", what="revocation")
    if open_reviews(desk, request):
        raise Refusal(ONCE)


def contestable(request: Request, decision: Decision) -> bool:
    """Whether a decision refuses something: all of it, a part of it, or what was admitted."""
    refusing = (DecisionKind.NOT_ADMITTED, DecisionKind.NOT_ACCEPTED, DecisionKind.REVOKED)
    partial = (
        decision.kind is DecisionKind.ADMITTED
        and decision.grant is not None and not decision.grant.whole and request.amends is None
    )  # fmt: skip
    return decision.kind in refusing or partial


def _reviewed(desk: Desk, request: Request, decision: Decision) -> bool:
    """Whether a review of it was asked for, or it came of one: there is one and no second."""
    every = desk.unit.find(Review, request_id=request.id)
    return any(decision.id in (r.decision_id, r.result_id) for r in every)


def check_past_review(desk: Desk, request: Request) -> None:
    """Refuse to archive what those who ask may still have reviewed: a case, or a change of it that
    was refused. A guessed last day ends no time; where no text gives one, there is none to keep.

    Raises:
        Refusal: ``review.time``, ``request.pending``.
    """
    rule = desk.rulebook().overlay.setting(lambda d: d.reconsideration)
    within = rule.asked_within if rule is not None else None
    for case in (request, *desk.unit.find(Request, amends=request.id)):
        if open_reviews(desk, case):
            raise Refusal(PENDING, what_zh="复核", what="review")
        decision = desk.unit.maybe(Decision, case.decision_id) if case.decision_id else None
        if within is None or decision is None or case.state is State.CLOSED:
            continue
        if not contestable(case, decision) or _reviewed(desk, case, decision):
            continue
        last, provisional = desk.rulebook().calendar.due(within, decision.issued_on)
        if provisional or desk.today <= last:
            raise Refusal(RUNNING, last=last.isoformat())


def _rule(desk: Desk) -> ReviewRule | None:
    """What the packs say of reviews; ``None`` where they only say that there is one."""
    overlay = desk.rulebook().overlay
    rule = overlay.setting(lambda d: d.reconsideration)
    if rule is None and not overlay.setting(lambda d: d.review):
        raise Refusal(NONE)
    return rule


def _check_time(desk: Desk, decision: Decision, rule: ReviewRule | None) -> None:
    if rule is None or rule.asked_within is None:
        return
    last, provisional = desk.rulebook().calendar.due(rule.asked_within, decision.issued_on)
    if not provisional and desk.today > last:
        raise Refusal(LATE, last=last.isoformat())


def _decide_by(desk: Desk, rule: ReviewRule | None) -> tuple[date | None, bool]:
    if rule is None or rule.decide_in is None:
        return None, False
    return desk.rulebook().calendar.due(rule.decide_in, desk.today)


def _body(
    desk: Desk, request: Request, decision: Decision, rule: ReviewRule | None
) -> tuple[str, str, str]:
    """Who reviews: id, the pack's key of it, and the role family that acts there."""
    decided = desk.places.now(decision.organisation_id)
    if rule is not None and rule.body:
        named = seats(desk, request, [rule.body])
        if not named:
            raise Refusal(NO_BODY, body=rule.body)
        own = [s for s in named if s.organisation.id == decided.id]
        seat = (own or named)[0]
        return seat.organisation.id, seat.key, seat.family
    tasks = desk.unit.find(Task, request_id=request.id)
    held = next((t for t in tasks if t.organisation_id == decision.organisation_id), None)
    family = held.family if held else decided.level.value
    return decided.id, held.body if held else "", family


def _lay_step(
    desk: Desk, request: Request, whose: tuple[str, str, str], due: tuple[date | None, bool]
) -> Task:
    """复核 stands in the way of the case as a step that no flow names."""
    body, key, family = whose
    steps = desk.unit.find(Step, request_id=request.id)
    step = desk.unit.add(
        Step(
            county=desk.unit.county, id=f"{request.id}.s{len(steps)}", request_id=request.id,
            ordinal=max((s.ordinal for s in steps), default=-1) + 1, key="review", name="复核",
            act=StepAct.REVIEW, quorum=Quorum.ANY, required=False, state=StepState.OPEN,
            bodies=[key] if key else [], opened_on=desk.today, due_on=due[0],
            due_provisional=due[1],
        )
    )  # fmt: skip
    return desk.unit.add(
        Task(
            county=desk.unit.county, id=f"{step.id}.t0", request_id=request.id, step_id=step.id,
            organisation_id=body, family=family, body=key, act=StepAct.REVIEW,
            state=TaskState.OPEN, title=f"复核：{request.title}", due_on=due[0],
            due_provisional=due[1],
        )
    )  # fmt: skip


def _tell_body(desk: Desk, request: Request, review: Review) -> None:
    message = Message(
        kind=NoticeKind.AFTERWARDS, text=f"有一件复核申请：{request.title}",
        text_en=f"A review was asked for: {request.title}", request_id=request.id,
        task_id=review.task_id,
    )  # fmt: skip
    tell(desk, holders(desk, review.organisation_id, "review.decide"), message, review)


def withdraw(desk: Desk, id: str, version: int | None) -> Answer:
    """撤回复核申请: the decision stands, and is not reviewed again."""
    review = desk.unit.get(Review, id, lock=True)
    desk.about(review)
    request = desk.unit.get(Request, review.request_id)
    desk.authorise("review.withdraw", owners=owners(request))
    if review.state is not ReviewState.FILED:
        raise Refusal(OVER)
    desk.check_version(review, version)
    task = desk.unit.get(Task, review.task_id or "")
    close_step(desk, desk.unit.get(Step, task.step_id), StepState.LAPSED)
    withdrawn = desk.unit.change(review, state=ReviewState.WITHDRAWN)
    desk.about(withdrawn)
    return Answer(body=withdrawn, version=withdrawn.version)
