"""年度评估决定 what becomes of a matter after its review: it goes on, is changed, merged, or leaves.

By the office, once: of two who decide the same at once, the second sees the first. Leaving goes by
the procedure of the packs, like any leaving; what is asked of the department is told to it.
"""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

import msgspec

from registry.actions import evidence
from registry.actions.afterwards.settled import tell_asking
from registry.actions.evaluating.reviewing_years import shown
from registry.actions.existing.admitting import close_findings
from registry.actions.existing.weighing import Weighing
from registry.actions.judging import GATE, kept, pass_gate
from registry.actions.living.departing import Why, depart
from registry.actions.living.leaving import LeaveCommand, leave_decided
from registry.actions.living.renewing import RenewCommand, draft_renewal
from registry.actions.office import Answer, Desk
from registry.actions.outbox import Message, heads, tell
from registry.actions.presences import admitted_still, move
from registry.actions.ties import of_case
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.evaluating import PROPOSAL_ZH, Proposal, YearlyReview
from registry.domain.existing import LegacyReview, Settlement
from registry.domain.notice import NoticeKind
from registry.domain.presence import LEGACY, Presence, PresenceState
from registry.domain.records import Ident, Wire
from registry.domain.request import Request
from registry.domain.vocabulary import Gate, Outcome, Trigger
from registry.store.published import IN_FORCE

DECIDED = declare(
    "yearly_review.decided", RefusalKind.CONFLICT, "这一项本年度的评估已于{on}作出决定：{decided_zh}",
    "This review was decided on {on}: {decided}.", recorded=True,
)  # fmt: skip
OPINION = declare(
    "yearly_review.opinion", RefusalKind.INVALID, "决定与建议不同，或者建议待定的，须说明理由",
    "Give the reason where the decision is not what was proposed, or nothing was.", recorded=True,
)  # fmt: skip
INTO = declare(
    "yearly_review.into", RefusalKind.INVALID,
    "请指明并入的事项：同类、仍在办、不是它自己；存量须在同一社区",
    "Name what it is merged into: of its kind, in force, another; old matters in one community.",
    recorded=True,
)  # fmt: skip
OVER = declare(
    "yearly_review.over", RefusalKind.CONFLICT, "该事项已不在办，没有可以决定的",
    "The matter is not in force any more; there is nothing to decide.", recorded=True,
)  # fmt: skip


class DecideCommand(Wire, frozen=True, kw_only=True):
    """年度评估决定."""

    decision: Proposal
    opinion: Annotated[str, msgspec.Meta(max_length=20_000)] = ""
    ends_on: Annotated[
        date | None, msgspec.Meta(description="renew: drafts the renewal until this day")
    ] = None  # fmt: skip
    into_id: Annotated[
        Ident | None, msgspec.Meta(description="merge: the other request; of old matters, presence")
    ] = None  # fmt: skip
    document_id: Ident | None = None


def decide(desk: Desk, id: str, version: int | None, command: DecideCommand) -> Answer:
    """作出年度评估决定.

    Raises:
        Refusal: ``yearly_review.decided``, ``.opinion``, ``.into``, ``.over``; ``gate.refused``.
    """
    review = desk.unit.get(YearlyReview, id, lock=True)
    desk.about(review)
    request = desk.unit.get(Request, review.request_id) if review.request_id else None
    desk.authorise(
        "yearly_review.decide", paths=[desk.places.county().path],
        ties=of_case(desk, request) if request is not None else (),
    )  # fmt: skip
    if review.decided is not None:
        raise Refusal(
            DECIDED, on=f"{review.decided_on}", decided=review.decided.value,
            decided_zh=PROPOSAL_ZH[review.decided],
        )  # fmt: skip
    desk.check_version(review, version)
    if command.decision is not review.proposal and not command.opinion.strip():
        raise Refusal(OPINION)
    evidence.check(desk, [command.document_id], id, review.request_id, review.presence_id)
    become = _admitted if review.presence_id is None else _old
    told = become(desk, review, command)
    after = desk.unit.change(
        review, decided=command.decision, decided_on=desk.today,
        decided_by=desk.actor.person_id, opinion=command.opinion,
        document_id=command.document_id, **told,
    )  # fmt: skip
    desk.about(after)
    return Answer(body=shown(after), version=after.version)


def why_of(review: YearlyReview, command: DecideCommand) -> str:
    """The reason by which it leaves: the opinion given, else what the review rests on."""
    return command.opinion.strip() or "；".join(review.reasons)


# ---- 准入事项 -----------------------------------------------------------------------------------


def _admitted(desk: Desk, review: YearlyReview, command: DecideCommand) -> dict[str, Any]:
    request = desk.unit.get(Request, review.request_id or "", lock=True)
    there = desk.unit.find(Presence, request_id=request.id, state=IN_FORCE)
    if not admitted_still(desk, request) or not there:
        raise Refusal(OVER)
    told = _OF_ADMITTED[command.decision](desk, review, request, command)
    zh, en = _WORDS[command.decision]
    if told.get("draft_id"):
        zh, en = (
            f"{zh}；已代拟申请，请签发提交",
            f"{en}; an application is drafted, sign and submit it",
        )
    tell_asking(desk, request, (f"{review.year}年度评估：{zh}", f"Review of {review.year}: {en}"),
                review)  # fmt: skip
    return told


def _renew(
    desk: Desk, review: YearlyReview, request: Request, command: DecideCommand
) -> dict[str, Any]:
    """延续: where a day is given, the renewal until then is drafted for the department; else it
    asks for it itself, and is reminded of it before the end."""
    pass_gate(desk, Gate.RENEW, request, state={"decision": "approved"}, about=review)
    if command.ends_on is None:
        return {}
    drafted = draft_renewal(desk, request, RenewCommand(ends_on=command.ends_on))
    return {"draft_id": drafted.id}


def _adjust(
    _desk: Desk, _review: YearlyReview, _request: Request, _command: DecideCommand
) -> dict[str, Any]:
    """调整: the department files a change; nothing is changed in its name."""
    return {}


def _merge(
    desk: Desk, _review: YearlyReview, request: Request, command: DecideCommand
) -> dict[str, Any]:
    """合并: the other goes on as it is; the department puts this one into it by a change."""
    into = desk.unit.maybe(Request, command.into_id) if command.into_id else None
    if into is None or into.id == request.id or into.amends is not None:
        raise Refusal(INTO)
    if into.kind is not request.kind or not admitted_still(desk, into):
        raise Refusal(INTO)
    if not desk.unit.find(Presence, request_id=into.id, state=IN_FORCE):
        raise Refusal(INTO)
    return {"into_id": into.id}


def _exit(
    desk: Desk, review: YearlyReview, request: Request, command: DecideCommand
) -> dict[str, Any]:
    """退出: out at once through the gate, or by the procedure that the packs give."""
    asked = LeaveCommand(trigger=Trigger.EVALUATION, reason=why_of(review, command))
    gone = leave_decided(desk, request, asked)
    drafted = gone.request.request.id if gone.request else None
    return {"departures": [left.id for left in gone.departures], "draft_id": drafted}


_OF_ADMITTED: dict[
    Proposal, Callable[[Desk, YearlyReview, Request, DecideCommand], dict[str, Any]]
] = {
    Proposal.RENEW: _renew, Proposal.ADJUST: _adjust, Proposal.MERGE: _merge, Proposal.EXIT: _exit,
}  # fmt: skip
_WORDS = {
    Proposal.RENEW: (
        "延续，有期限的请在到期前申请续期",
        "it goes on; ask for its renewal before it ends",
    ),
    Proposal.ADJUST: ("须调整，请申请变更", "it is to be changed; file a change"),
    Proposal.MERGE: ("须并入另一事项，请申请变更或者退出", "it is to be merged into another"),
    Proposal.EXIT: ("退出社区", "it leaves the communities"),
}


# ---- 存量 ---------------------------------------------------------------------------------------


def _old(desk: Desk, review: YearlyReview, command: DecideCommand) -> dict[str, Any]:
    """存量: it rests on no admission, so nothing is renewed or changed; it stays, or leaves."""
    presence = desk.unit.get(Presence, review.presence_id or "", lock=True)
    if presence.state is not PresenceState.LEGACY:
        raise Refusal(OVER)
    if command.ends_on is not None:
        raise Refusal(LEGACY)
    told = _OF_OLD[command.decision](desk, review, presence, command)
    word = PROPOSAL_ZH[command.decision]
    people = heads(desk, presence.organisation_id)
    people += heads(desk, presence.department_id) if presence.department_id else []
    message = Message(
        kind=NoticeKind.AFTERWARDS, text=f"{review.year}年度评估，存量事项《{presence.title}》：{word}",
        text_en=f"Review of {review.year}, there before: {presence.title}: {command.decision}",
    )  # fmt: skip
    tell(desk, people, message, review)
    return told


def _stays(
    _desk: Desk, _review: YearlyReview, _presence: Presence, _command: DecideCommand
) -> dict[str, Any]:
    return {}


def _merged(
    desk: Desk, review: YearlyReview, presence: Presence, command: DecideCommand
) -> dict[str, Any]:
    into = desk.unit.maybe(Presence, command.into_id) if command.into_id else None
    if into is None or into.id == presence.id or into.kind is not presence.kind:
        raise Refusal(INTO)
    here = into.organisation_id == presence.organisation_id
    if not here or into.state.value not in (*IN_FORCE, PresenceState.LEGACY.value):
        raise Refusal(INTO)
    left = _gone(desk, review, presence, command)
    why = why_of(review, command)
    _settle(desk, presence, settlement=Settlement.MERGED, reason=why, into_id=into.id)
    return {"into_id": into.id, **left}


def _cleared(
    desk: Desk, review: YearlyReview, presence: Presence, command: DecideCommand
) -> dict[str, Any]:
    left = _gone(desk, review, presence, command)
    why = why_of(review, command)
    _settle(desk, presence, settlement=Settlement.CLEARED, reason=why)
    return left


def _gone(
    desk: Desk, review: YearlyReview, presence: Presence, command: DecideCommand
) -> dict[str, Any]:
    """Out, where the table lets it go."""
    stated = {"trigger": Trigger.EVALUATION.value}
    verdict = Weighing(desk, review.id, [presence]).ask(presence, Gate.EXIT, stated)
    if verdict.outcome is not Outcome.ALLOWED:
        raise Refusal(GATE, rules=verdict.rules, keep=[verdict], verdict_id=verdict.id,
                      gate=Gate.EXIT.value, object_id=presence.id)  # fmt: skip
    after = move(presence, "exit")
    left = desk.unit.change(presence, state=after, ended_from=presence.state,
                            ended_why=why_of(review, command))  # fmt: skip
    why = Why(trigger=Trigger.EVALUATION, reason=why_of(review, command),
              verdict_id=kept(desk, verdict).id)  # fmt: skip
    return {"departures": [gone.id for gone in depart(desk, [left], why)]}


def _settle(desk: Desk, presence: Presence, **settled: Any) -> None:
    """What was still to be settled of it is settled by this."""
    for held in desk.unit.find(LegacyReview, presence_id=presence.id):
        if held.settlement is None:
            desk.unit.change(
                held,
                settled_on=desk.today,
                settled_by=desk.actor.person_id,
                request_id=None,
                **settled,
            )
            close_findings(desk, held.id)


_OF_OLD: dict[
    Proposal, Callable[[Desk, YearlyReview, Presence, DecideCommand], dict[str, Any]]
] = {
    Proposal.RENEW: _stays, Proposal.ADJUST: _stays, Proposal.MERGE: _merged,
    Proposal.EXIT: _cleared,
}  # fmt: skip
