"""撤销准入 what was wrongly admitted: grounds told, the department heard, then decided (P14).

What becomes of the money is stated here and told to whoever keeps the accounts; nothing is booked.
"""

from datetime import date
from typing import Annotated, Any

import msgspec

from registry.actions import evidence
from registry.actions.afterwards.amended import running
from registry.actions.afterwards.settled import (
    check_at_rest,
    decision_of,
    open_revocations,
    pronounce,
    tell_asking,
)
from registry.actions.doubting import keeping
from registry.actions.doubting.communities import REVOKED_MONEY
from registry.actions.doubting.keeping import Seen
from registry.actions.filing import move, owners
from registry.actions.living.departing import Why as Leaving
from registry.actions.living.departing import depart
from registry.actions.office import Answer, Desk
from registry.actions.steps import clear
from registry.actions.ties import of_case
from registry.actions.views import view
from registry.domain.afterwards import MoneyEffect, Revocation, RevocationState
from registry.domain.approval import Decision, DecisionKind
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.funds import VoucherLine, totals
from registry.domain.presence import MOVES, Presence
from registry.domain.records import Ident, Line, Text, Wire
from registry.domain.request import MOVES as REQUEST_MOVES
from registry.domain.request import Request
from registry.domain.vocabulary import Trigger

NONE = declare(
    "revocation.none", RefusalKind.CONFLICT, "没有在办的撤销程序；须先告知理由并听取申请单位陈述",
    "No revocation is under way: its grounds are told and the department is heard first.",
    recorded=True,
)  # fmt: skip
UNHEARD = declare(
    "revocation.unheard", RefusalKind.CONFLICT, "尚未听取申请单位陈述申辩，且期限未满，不能撤销",
    "The department has not been heard and its time is not over: nothing is revoked yet.",
    recorded=True,
)  # fmt: skip
SILENT = declare(
    "revocation.words", RefusalKind.INVALID, "请写明陈述申辩意见，或者说明放弃陈述",
    "State what you have to say, or that you waive it.",
)  # fmt: skip
ANSWERED = declare(
    "revocation.answered", RefusalKind.CONFLICT, "本次撤销已陈述申辩，或者已经办结",
    "It has been answered already, or is over.", recorded=True,
)  # fmt: skip

Why = Annotated[str, msgspec.Meta(min_length=1, max_length=20_000, pattern=r"\S")]


class ProposeCommand(Wire, frozen=True, kw_only=True):
    """拟撤销告知: grounds, and what becomes of the money."""

    request_id: Ident
    reason: Why
    clauses: Annotated[list[Line], msgspec.Meta(max_length=50)] = []
    documents: Annotated[list[Ident], msgspec.Meta(max_length=50)] = []
    money_effect: MoneyEffect
    money_note: Text = ""


class HearCommand(Wire, frozen=True, kw_only=True):
    """陈述申辩: what the department says, or that it waives it."""

    text: Text = ""
    documents: Annotated[list[Ident], msgspec.Meta(max_length=50)] = []
    waived: bool = False


class RevokeCommand(Wire, frozen=True, kw_only=True):
    """撤销决定: its reason, after the hearing."""

    reason: Why
    revocation_id: Ident | None = None


class DropCommand(Wire, frozen=True, kw_only=True):
    """不再撤销: why."""

    reason: Why


def propose(desk: Desk, command: ProposeCommand) -> Answer:
    """告知拟撤销: by the body that decided; the department has the pack's time to be heard."""
    request = desk.unit.get(Request, command.request_id, lock=True)
    desk.about(request)
    decision = decision_of(desk, request) if request.decision_id else None
    whose = [decision.organisation_id] if decision else []
    post = desk.authorise("revocation.propose", owners=whose, ties=of_case(desk, request))
    move(request, "revoke")
    check_at_rest(desk, request)
    evidence.check(desk, command.documents, request.id)
    due = _answer_by(desk, desk.today)
    proposed = desk.unit.add(
        Revocation(
            county=desk.unit.county,
            id=desk.id("rvk"),
            request_id=request.id,
            decision_id=decision_of(desk, request).id,
            organisation_id=post.organisation_id,
            state=RevocationState.PROPOSED,
            reason=command.reason,
            clauses=command.clauses,
            documents=command.documents,
            money_effect=command.money_effect,
            money_note=command.money_note,
            proposed_by=desk.actor.person_id,
            proposed_on=desk.today,
            answer_by=due[0],
            answer_by_provisional=due[1],
        )
    )
    words = ("拟撤销准入，请陈述申辩", "To be revoked: you are asked to be heard")
    tell_asking(desk, request, words, proposed)
    desk.about(proposed)
    return Answer(body=proposed, version=proposed.version)


def _answer_by(desk: Desk, told_on: date) -> tuple[date | None, bool]:
    """The last day to be heard, by the packs of the day it was told, and whether it is a guess;
    none where they give no time."""
    rule = desk.rulebook(told_on).overlay.setting(lambda d: d.revocation)
    if rule is None or rule.answer_in is None:
        return None, False
    return desk.rulebook().calendar.due(rule.answer_in, told_on)


def answer(desk: Desk, id: str, version: int | None, command: HearCommand) -> Answer:
    """陈述申辩: by a head of those who ask; said once, before it is decided."""
    held = desk.unit.get(Revocation, id, lock=True)
    desk.about(held)
    request = desk.unit.get(Request, held.request_id)
    desk.authorise("revocation.answer", owners=owners(request))
    if held.state is not RevocationState.PROPOSED:
        raise Refusal(ANSWERED)
    desk.check_version(held, version)
    if not command.waived and not command.text.strip():
        raise Refusal(SILENT)
    evidence.check(desk, command.documents, request.id)
    heard = desk.unit.change(
        held, state=RevocationState.HEARD, answer=command.text, waived=command.waived,
        answered_by=desk.actor.person_id, answered_on=desk.today,
        answer_documents=command.documents,
    )  # fmt: skip
    desk.about(heard)
    return Answer(body=heard, version=heard.version)


def drop(desk: Desk, id: str, version: int | None, command: DropCommand) -> Answer:
    """不再撤销: the admission stands as it was."""
    held = desk.unit.get(Revocation, id, lock=True)
    desk.about(held)
    request = desk.unit.get(Request, held.request_id)
    desk.authorise("revocation.drop", owners=[held.organisation_id], ties=of_case(desk, request))
    if held.state not in (RevocationState.PROPOSED, RevocationState.HEARD):
        raise Refusal(ANSWERED)
    desk.check_version(held, version)
    dropped = desk.unit.change(held, state=RevocationState.DROPPED, dropped_reason=command.reason)
    tell_asking(desk, request, ("不再撤销", "Not to be revoked"), dropped)
    desk.about(dropped)
    return Answer(body=dropped, version=dropped.version)


def revoke(desk: Desk, request_id: str, version: int | None, command: RevokeCommand) -> Answer:
    """撤销准入: a numbered decision of the body that admitted it, once the department was heard."""
    request = _hold(desk, request_id)
    held = open_revocations(desk, request)
    admitted = desk.unit.get(Decision, request.decision_id) if request.decision_id else None
    whose = [h.organisation_id for h in held] or ([admitted.organisation_id] if admitted else [])
    post = desk.authorise("request.revoke", owners=whose, ties=of_case(desk, request))
    after = move(request, "revoke")
    desk.check_version(request, version)
    revocation = next((h for h in held if command.revocation_id in (None, h.id)), None)
    if revocation is None:
        raise Refusal(NONE)
    if not _heard(desk, revocation):
        raise Refusal(UNHEARD)
    decision = pronounce(
        desk, request, post.organisation_id, kind=DecisionKind.REVOKED, reason=command.reason,
        clauses=revocation.clauses, verdict_id=request.verdict_id,
    )  # fmt: skip
    desk.unit.change(revocation, state=RevocationState.DECIDED, result_id=decision.id)
    _end_changes(desk, request)
    clear(desk, request)
    ended = [
        _end(desk, presence, revocation, decision)
        for presence in desk.unit.find(Presence, request_id=request.id)
    ]
    depart(desk, [p for p in ended if p.ended_by == decision.id], Leaving(
        trigger=Trigger.REVOKED, reason=command.reason, decision_id=decision.id))  # fmt: skip
    changed = desk.unit.change(request, state=after, decision_id=decision.id)
    tell_asking(desk, changed, ("已撤销准入", "The admission was revoked"), decision)
    desk.about(changed)
    return Answer(body=view(desk, changed), version=changed.version)


def _hold(desk: Desk, request_id: str) -> Request:
    """The case, held; a change of it that is under way ends with it, and is held before it, as
    whoever approves that change holds them."""
    for change in running(desk, desk.unit.get(Request, request_id)):
        desk.unit.get(Request, change.id, lock=True)
    request = desk.unit.get(Request, request_id, lock=True)
    desk.about(request)
    return request


def _end_changes(desk: Desk, request: Request) -> None:
    """A change of what is revoked has nothing left to change."""
    for change in running(desk, request):
        clear(desk, change)
        drawn = change.state in REQUEST_MOVES["terminate"]
        desk.unit.change(
            change, state=REQUEST_MOVES["terminate" if drawn else "withdraw"][change.state]
        )


def _heard(desk: Desk, held: Revocation) -> bool:
    """Whether the department has been heard, or let its time pass: a guessed day never ends it."""
    if held.state is RevocationState.HEARD:
        return True
    if held.answer_by is None:
        return False  # told without a day: no later pack sets one behind the department's back
    due, provisional = held.answer_by, held.answer_by_provisional
    if provisional:
        told, provisional = _answer_by(desk, held.proposed_on)
        due = told or due
    return not provisional and desk.today > due


def _end(desk: Desk, presence: Presence, held: Revocation, decision: Decision) -> Presence:
    """退出 of what is still there; its money is told as the revocation says."""
    after = MOVES["exit"].get(presence.state)
    if presence.share_fen and held.money_effect is not MoneyEffect.NONE:
        keeping.tell(desk, _money(desk, presence, held))
    if after is None:
        return presence
    return desk.unit.change(
            presence, state=after, ended_by=decision.id, ended_from=presence.state,
            ended_why="撤销准入",
        )  # fmt: skip


def _money(desk: Desk, presence: Presence, held: Revocation) -> Seen:
    """撤销后的经费: what was stated, and what has been ordered and paid so far, 分."""
    sums = totals(desk.unit.find(VoucherLine, presence_id=presence.id))
    paid: dict[str, Any] = {}
    for (_, _, stage), amount_fen in sums.items():
        name = f"{stage.value}_fen"
        paid[name] = paid.get(name, 0) + amount_fen
    return Seen(
        REVOKED_MONEY, f"{presence.id}.{held.id}", presence.id, presence.organisation_id,
        presence.area_path,
        {"effect": held.money_effect.value, "share_fen": presence.share_fen, **paid},
        {"revocations": [held.id]},
    )  # fmt: skip
