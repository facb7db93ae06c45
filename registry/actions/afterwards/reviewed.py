"""复核决定 what a review comes to: 维持, 变更, or 撤销 and decided anew by others (P3)."""

from typing import Annotated

import msgspec

from registry.actions.afterwards.reviewing import OVER
from registry.actions.afterwards.settled import pronounce, tell_asking
from registry.actions.approving import ABSOLUTE
from registry.actions.between.hearing import check_heard
from registry.actions.between.relaying import lapse, relay
from registry.actions.clocks import start_clock
from registry.actions.deciding import issue
from registry.actions.doubting import keeping
from registry.actions.doubting.communities import REVOKED_MONEY
from registry.actions.filing import move
from registry.actions.granting import checked, told_in_full
from registry.actions.judging import APPROVED_AT, consulted, pass_gate
from registry.actions.living.departing import come_back
from registry.actions.office import Answer, Desk
from registry.actions.routing import open_case
from registry.actions.steps import way
from registry.actions.ties import of_review
from registry.actions.voting import check_hand, close_step
from registry.domain.afterwards import Review, ReviewResult, ReviewState, Revocation
from registry.domain.approval import (
    DECIDING,
    Decision,
    DecisionKind,
    Step,
    StepState,
    Task,
    TaskState,
)
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.grant import GrantCommand, narrowed
from registry.domain.presence import MOVES as PRESENCE_MOVES
from registry.domain.presence import Presence
from registry.domain.records import Wire
from registry.domain.request import MOVES, Request, State
from registry.domain.vocabulary import Gate

RESULT = declare(
    "review.result", RefusalKind.INVALID, "对部分准予的复核只能维持或者变更",
    "A partial admission is upheld or replaced: what it gave was not contested.", recorded=True,
)  # fmt: skip


class ReviewDecision(Wire, frozen=True, kw_only=True):
    """复核决定: its result and reason; on 变更, what is granted where that is not all."""

    result: ReviewResult
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=20_000, pattern=r"\S")]
    grant: GrantCommand | None = None


def decide(desk: Desk, id: str, version: int | None, command: ReviewDecision) -> Answer:
    """作出复核决定: by nobody who took part in the decision, in the reviewing body's name."""
    held = desk.unit.get(Review, id)
    request = desk.unit.get(Request, held.request_id, lock=True)
    review = desk.unit.get(Review, id, lock=True)
    desk.about(review)
    post = desk.authorise(
        "review.decide", owners=[review.organisation_id], ties=of_review(desk, request)
    )
    if review.state is not ReviewState.FILED:
        raise Refusal(OVER)
    desk.check_version(review, version)
    old = desk.unit.get(Decision, review.decision_id)
    task = _done(desk, review)
    match command.result:
        case ReviewResult.UPHELD:
            result = pronounce(desk, request, post.organisation_id, kind=DecisionKind.UPHELD,
                               reason=command.reason)  # fmt: skip
        case ReviewResult.REPLACED:
            result = _replace(desk, task, old, command)
        case ReviewResult.ANNULLED:
            result = pronounce(desk, request, post.organisation_id, kind=DecisionKind.ANNULLED,
                               reason=command.reason, replaces=old.id)  # fmt: skip
            _annul(desk, request, old)
    decided = desk.unit.change(
        review, state=ReviewState.DECIDED, result=command.result, result_reason=command.reason,
        result_id=result.id, decided_by=desk.actor.person_id, decided_on=desk.today,
    )  # fmt: skip
    tell_asking(desk, request, ("复核已有结果", "A review was decided"), decided)
    desk.about(decided)
    return Answer(body=decided, version=decided.version)


def _done(desk: Desk, review: Review) -> Task:
    """The task of the review is done, by whoever has it, once those asked besides were heard."""
    task = desk.unit.get(Task, review.task_id or "")
    check_hand(desk, task)
    check_heard(desk, task)
    done = desk.unit.change(task, state=TaskState.DONE)
    close_step(desk, desk.unit.get(Step, task.step_id), StepState.DONE)
    return done


def _replace(desk: Desk, task: Task, old: Decision, command: ReviewDecision) -> Decision:
    """变更: admitted in the reviewing body's name, through the same gate as any approval."""
    request = desk.unit.get(Request, task.request_id)
    move(request, "replace")
    if request.absolute:
        raise Refusal(ABSOLUTE)
    less = checked(desk, request, task, command.grant)
    grant = told_in_full(desk, request.filing, less) if less else None
    given = narrowed(request.filing, grant)
    state = {"consultation": consulted(desk, request)}
    gate = APPROVED_AT.get(request.purpose, Gate.APPROVE)
    pass_gate(desk, gate, request, state=state, about=request, filing=given)
    if old.kind is DecisionKind.REVOKED:
        _restore(desk, request, old)
    _bring_back(desk, request.amends, "reinstate")
    issued = issue(desk, task, DecisionKind.ADMITTED, command.reason, grant=grant, replaces=old.id)
    return desk.unit.get(Decision, issued.decision_id or "")


def _annul(desk: Desk, request: Request, old: Decision) -> None:
    """撤销原决定: a revocation is undone; a refusal is decided anew, by others than before."""
    if old.kind is DecisionKind.ADMITTED:
        raise Refusal(RESULT)
    after = move(request, "annul")
    if old.kind is DecisionKind.REVOKED:
        revocations = desk.unit.find(Revocation, request_id=request.id)
        before = next(r.decision_id for r in revocations if r.result_id == old.id)
        _restore(desk, request, old)
        desk.unit.change(request, state=after, decision_id=before)
        return
    _bring_back(desk, request.parent_id, "unsettle")
    _bring_back(desk, request.amends, "reinstate")
    if old.kind is DecisionKind.NOT_ACCEPTED:
        lapse(desk, way(desk, request))
        begun = desk.unit.change(
            request, state=after, decision_id=None, reopened=True, accepted_on=None, due_on=None,
            due_provisional=False, overdue=False, clock_left=None,
        )  # fmt: skip
        open_case(desk, begun)
        return
    again = desk.unit.change(
        request, state=after, decision_id=None, reopened=True, due_on=None,
        due_provisional=False, overdue=False,
    )  # fmt: skip
    # No text says how much of the time is left: it is counted anew from this day.
    for event in ("accepted", "applied"):
        again = start_clock(desk, again, event)
    relay(desk, again, min(s.ordinal for s in way(desk, again) if s.act in DECIDING))


def _bring_back(desk: Desk, id: str | None, act: str) -> None:
    """What was archived because this was settled is open again with it: the whole of which it is a
    part (``unsettle``), the admission that it would change (``reinstate``)."""
    held = desk.unit.get(Request, id, lock=True) if id else None
    after = MOVES[act].get(held.state) if held else None
    if held is None or after is None:
        return
    stands = desk.unit.maybe(Decision, held.decision_id) if held.decision_id else None
    if after is not State.APPROVED or (stands and stands.kind is DecisionKind.ADMITTED):
        desk.unit.change(held, state=after)


def _restore(desk: Desk, request: Request, old: Decision) -> None:
    """What ended by a decision that falls is as it was before it; its money is no matter then."""
    for presence in desk.unit.find(Presence, request_id=request.id):
        if presence.ended_by == old.id and presence.ended_from is not None:
            over = presence.ends_on is not None and presence.ends_on < desk.today
            if not over:
                come_back(desk, [presence.id])
            before = presence.ended_from
            state = PRESENCE_MOVES["expire"].get(before, before) if over else before
            desk.unit.change(presence, state=state, ended_by=None, ended_from=None, ended_why="")
        for told in keeping.open_of(desk, REVOKED_MONEY.code, object_id=presence.id):
            keeping.close(desk, told.id)
