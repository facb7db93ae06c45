"""决定之后 what all acts after a decision share: which decision stands, whose name the next bears."""

from typing import Any

from registry.actions.afterwards.amended import running
from registry.actions.bodies import asking
from registry.actions.numbering import take_number
from registry.actions.office import Desk
from registry.actions.outbox import Message, heads, posts_in, tell
from registry.domain.afterwards import Review, ReviewState, Revocation, RevocationState
from registry.domain.approval import Decision, DecisionKind, Task
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.notice import NoticeKind
from registry.domain.records import Record
from registry.domain.request import Request

UNDECIDED = declare(
    "decision.none", RefusalKind.CONFLICT, "本案没有有效的决定", "No decision stands in this case.",
    recorded=True,
)  # fmt: skip
PENDING = declare(
    "request.pending", RefusalKind.CONFLICT, "本案的{what_zh}尚未了结，请先办结",
    "A {what} of this case is still open; end it first.", recorded=True,
)  # fmt: skip


def decision_of(desk: Desk, request: Request) -> Decision:
    """The decision that stands in a case.

    Raises:
        Refusal: ``decision.none``.
    """
    if request.decision_id is None:
        raise Refusal(UNDECIDED)
    return desk.unit.get(Decision, request.decision_id)


def key_of(desk: Desk, request: Request, organisation_id: str) -> str:
    """The pack's key of a body in a case, by which a number of its own may be given."""
    tasks = desk.unit.find(Task, request_id=request.id)
    whose = desk.places.before(organisation_id)
    return next((t.body for t in tasks if t.organisation_id in whose and t.body), "")


def pronounce(
    desk: Desk, request: Request, body_id: str, *, kind: DecisionKind, **fields: Any
) -> Decision:
    """A further decision in a case, numbered and in the name of a body, with its way of review."""
    body = desk.places.organisation(body_id)
    key = key_of(desk, request, body_id)
    return desk.unit.add(
        Decision(
            county=desk.unit.county,
            id=desk.id("dec"),
            request_id=request.id,
            kind=kind,
            number=take_number(desk, request, body, kind=kind, key=key),
            organisation_id=body.id,
            body_name=body.name,
            person_id=desk.actor.person_id,
            on_behalf_of=desk.on_behalf_of,
            review=desk.rulebook().overlay.setting(lambda d: d.review) or "",
            issued_on=desk.today,
            **fields,
        )
    )


def tell_asking(
    desk: Desk, request: Request, said: tuple[str, str], about: Record, *,
    kind: NoticeKind = NoticeKind.AFTERWARDS,
) -> None:  # fmt: skip
    """Let the heads of those who ask, and who has the case there, know in both languages of what
    became of it."""
    whose = sorted(map(str, {*asking(request), request.recorded_by_organisation_id} - {None}))
    people = [person for id in whose for person in heads(desk, id)]
    has = request.holder_id or request.drafted_by
    people += [has for id in whose for post in posts_in(desk, id) if post.person_id == has]
    message = Message(
        kind=kind, text=f"{said[0]}：{request.title}",
        text_en=f"{said[1]}: {request.title}", request_id=request.id,
    )  # fmt: skip
    tell(desk, people, message, about)


def open_revocations(desk: Desk, request: Request) -> list[Revocation]:
    """Revocations of a case that are proposed and neither decided nor dropped."""
    under_way = [RevocationState.PROPOSED.value, RevocationState.HEARD.value]
    return desk.unit.find(Revocation, request_id=request.id, state=under_way)


def open_reviews(desk: Desk, request: Request) -> list[Review]:
    """Reviews of a case that are not decided yet."""
    return desk.unit.find(Review, request_id=request.id, state=ReviewState.FILED.value)


def check_unchanging(desk: Desk, request: Request) -> None:
    """Refuse what a change under way would find undone, or could no longer be carried out after.

    Raises:
        Refusal: ``request.pending``.
    """
    if running(desk, request):
        raise Refusal(PENDING, what_zh="变更", what="change")


def check_at_rest(desk: Desk, request: Request) -> None:
    """Refuse what may be done only where nothing is under way about the decision.

    Raises:
        Refusal: ``request.pending``.
    """
    if open_revocations(desk, request):
        raise Refusal(PENDING, what_zh="撤销程序", what="revocation")
    if open_reviews(desk, request):
        raise Refusal(PENDING, what_zh="复核", what="review")
