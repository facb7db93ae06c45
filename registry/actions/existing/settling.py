"""存量处置 what becomes of a matter that was there: kept, admitted, merged or cleared (P11).

By the office of the place, once: of two that settle the same at once, the second sees the first.
"""

from collections.abc import Callable
from typing import Annotated, Any

import msgspec

from registry.actions import evidence
from registry.actions.existing.admitting import PENDING, close_findings, end_by, is_here
from registry.actions.living.apart import by_who_asks
from registry.actions.living.departing import Why, depart
from registry.actions.numbering import take_paper_number
from registry.actions.office import Answer, Desk
from registry.actions.outbox import Message, heads, tell
from registry.actions.presences import misplaced, move
from registry.actions.walls.closing import order_over
from registry.actions.walls.ordering import issue
from registry.actions.walls.profiling import LIVE, hanging_for
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.existing import LegacyReview, Settlement, Standing
from registry.domain.notice import NoticeKind
from registry.domain.people import PostView
from registry.domain.presence import Presence, PresenceState
from registry.domain.records import Ident, Wire
from registry.domain.request import Request, State
from registry.domain.serial import Paper
from registry.domain.vocabulary import Trigger

SETTLED = declare(
    "existing.settled", RefusalKind.CONFLICT, "这件存量事项已于{on}处置：{settlement_zh}",
    "This was settled on {on}: {settlement}.", recorded=True,
)  # fmt: skip
NOT_STANDING = declare(
    "existing.not_standing", RefusalKind.CONFLICT,
    "研判为「可以保留」的才能保留备案；请补办准入、合并或者清退",
    "Only what the rules let stand is kept; have it admitted, merge it or clear it.",
    recorded=True,
)  # fmt: skip
NOT_THERE = declare(
    "existing.into", RefusalKind.INVALID, "请指明同一社区中并入的那件现有事项",
    "Name the matter of the same community, still there, into which it is merged.", recorded=True,
)  # fmt: skip
NO_REQUEST = declare(
    "existing.request", RefusalKind.INVALID,
    "请指明为它补办准入的那件申请：同类、含本社区，尚未不予准入，也没有在本社区退出或者到期",
    "Name the request by which it is to be admitted: of its kind, for its community, neither "
    "refused nor over there.",
    recorded=True,
)  # fmt: skip


class SettleCommand(Wire, frozen=True, kw_only=True):
    """处置."""

    settlement: Settlement
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=20_000, pattern=r"\S")]
    into_id: Annotated[Ident, msgspec.Meta(description="merged: into which presence")] | None = None
    request_id: Annotated[Ident, msgspec.Meta(description="admitted: by which request")] | None = (
        None
    )
    document_id: Ident | None = None


def settle(desk: Desk, id: str, version: int | None, command: SettleCommand) -> Answer:
    """处置.

    Raises:
        Refusal: ``existing.settled``, ``.not_standing``, ``.into``, ``.request``.
    """
    review = desk.unit.get(LegacyReview, id, lock=True)
    desk.about(review)
    presence = desk.unit.get(Presence, review.presence_id, lock=True)
    keeps = command.settlement is Settlement.KEPT
    post = desk.authorise(
        "existing.settle", paths=[review.area_path],
        ties=by_who_asks(desk, presence) if keeps else (),
    )  # fmt: skip
    if review.settlement is not None and not _may_leave(review, command):
        raise _settled(review.settlement, review)
    desk.check_version(review, version)
    if presence.state is not PresenceState.LEGACY:
        raise misplaced(presence, "exit")
    evidence.check(desk, [command.document_id], id, presence.id)
    told = _SETTLING[command.settlement](desk, review, presence, (command, post))
    settled: dict[str, Any] = {
        "settlement": command.settlement, "settled_on": desk.today,
        "settled_by": desk.actor.person_id, "reason": command.reason,
        "document_id": command.document_id, "request_id": None,
    }  # fmt: skip
    after = desk.unit.change(review, **settled | told)
    if after.settlement is not None:
        close_findings(desk, id)
    _tell(desk, desk.unit.get(Presence, presence.id), after, command.settlement)
    desk.about(after)
    return Answer(body=after, version=after.version)


def _settled(settlement: Settlement, review: LegacyReview) -> Refusal:
    """Who comes second is told what became of it."""
    on = review.settled_on.isoformat() if review.settled_on else ""
    zh, _ = _WORDS[settlement]
    return Refusal(SETTLED, on=on, settlement=settlement.value, settlement_zh=zh)


def _may_leave(review: LegacyReview, command: SettleCommand) -> bool:
    """What was kept stays no longer than the rules, or who asks it, want it: it is the only
    settlement that another may follow."""
    kept = Settlement.KEPT
    return review.settlement is kept and command.settlement is not kept


Asked = tuple[SettleCommand, PostView]


def _keep(desk: Desk, review: LegacyReview, presence: Presence, asked: Asked) -> dict[str, Any]:
    """保留(备案): it stays 存量, under a number, only where the rules let it stand."""
    if review.standing is not Standing.STANDS:
        raise Refusal(NOT_STANDING)
    office = desk.places.organisation(asked[1].organisation_id)
    number = review.number or take_paper_number(desk, Paper.EXISTING, office, object_id=review.id)
    return {"number": number or review.id}


def _merge(desk: Desk, review: LegacyReview, presence: Presence, asked: Asked) -> dict[str, Any]:
    """合并: it is gone as a matter of its own; the other goes on as it is. Its board is ordered down
    where the packs speak of clearing boards."""
    command, _ = asked
    into = desk.unit.maybe(Presence, command.into_id, lock=True) if command.into_id else None
    there = into is not None and into.state in (*LIVE, PresenceState.LEGACY)
    if into is None or not there or into.id == presence.id:
        raise Refusal(NOT_THERE)
    if into.organisation_id != presence.organisation_id:
        raise Refusal(NOT_THERE)
    _leave(desk, review, presence, command)
    if desk.rulebook().overlay.setting(lambda d: d.boards) is not None:
        _order_down(desk, presence, asked)
    return {"into_id": into.id}


def _clear(desk: Desk, review: LegacyReview, presence: Presence, asked: Asked) -> dict[str, Any]:
    """清退: it leaves, and what hangs or sits there for it is ordered down."""
    _leave(desk, review, presence, asked[0])
    _order_down(desk, presence, asked)
    return {}


def _order_down(desk: Desk, presence: Presence, asked: Asked) -> None:
    """清理通知单 for what hangs or sits there for it and is under no order yet."""
    command, post = asked
    walls = [w for w in hanging_for(desk, [presence.id]) if order_over(desk, w) is None]
    if walls:
        issue(desk, desk.places.organisation(post.organisation_id), walls, command.reason)


def _leave(desk: Desk, review: LegacyReview, presence: Presence, command: SettleCommand) -> None:
    left = desk.unit.change(
        presence, state=move(presence, "exit"), ended_from=presence.state,
        ended_why=command.reason,
    )  # fmt: skip
    depart(desk, [left], Why(
        trigger=Trigger.ANNUAL_LIST, reason=command.reason, verdict_id=review.verdict_id
    ))  # fmt: skip


def _admit(desk: Desk, review: LegacyReview, presence: Presence, asked: Asked) -> dict[str, Any]:
    """补办准入: it stays 存量, and is not settled, until the request is approved; then it ends by that
    decision."""
    request = _admitting(desk, presence, asked[0].request_id or "")
    if request is None:
        raise Refusal(NO_REQUEST)
    if request.state is not State.APPROVED:
        return {"request_id": request.id, "settlement": None, "settled_on": None}
    if not end_by(desk, request, presence):
        raise Refusal(NO_REQUEST)
    return {"request_id": request.id}


def _admitting(desk: Desk, presence: Presence, id: str) -> Request | None:
    """The request meant: of a composite, which is never decided itself, its only part that fits."""
    named = desk.unit.maybe(Request, id)
    if named is None or not named.composite:
        return named if named is not None and _fits(desk, named, presence) else None
    parts = [p for p in desk.unit.find(Request, parent_id=id) if _fits(desk, p, presence)]
    return parts[0] if len(parts) == 1 else None


def _fits(desk: Desk, request: Request, presence: Presence) -> bool:
    """Of its kind and for its community, and not come to nothing."""
    if request.amends is not None or request.kind is not presence.kind:
        return False
    open_ = request.state is State.APPROVED or request.state in PENDING
    return open_ and is_here(desk, request, presence)


_SETTLING: dict[
    Settlement, Callable[[Desk, LegacyReview, Presence, Asked], dict[str, Any]]
] = {
    Settlement.KEPT: _keep, Settlement.MERGED: _merge, Settlement.CLEARED: _clear,
    Settlement.ADMITTED: _admit,
}  # fmt: skip


_WORDS = {
    Settlement.KEPT: ("保留备案", "it is kept"),
    Settlement.ADMITTED: ("补办准入，批准前不是准入事项", "it is to be admitted"),
    Settlement.MERGED: ("并入同类事项，不再单独要求", "it is merged into another"),
    Settlement.CLEARED: ("清退，社区不再承担", "it leaves, nothing of it is asked any more"),
}


_ADMITTED = ("已补办准入，今后按准入决定办理", "it is admitted, and goes on by that decision")


def _tell(desk: Desk, presence: Presence, review: LegacyReview, settlement: Settlement) -> None:
    """The community, and who asks it, where they are known here."""
    zh, en = _WORDS[settlement]
    if settlement is Settlement.ADMITTED and presence.state is PresenceState.EXITED:
        zh, en = _ADMITTED
    message = Message(
        kind=NoticeKind.AFTERWARDS, text=f"存量事项《{presence.title}》：{zh}",
        text_en=f"What was there before, {presence.title}: {en}",
    )  # fmt: skip
    people = heads(desk, presence.organisation_id)
    people += heads(desk, presence.department_id) if presence.department_id else []
    tell(desk, people, message, review)
