"""清算异议 the community does not agree to the figures of a clearance, and says why.

Until who drew it up has answered nobody agrees to it: they draw it up anew, or let it stand; then
the body that answers objections does, which is none of theirs (P10).
"""

from typing import Annotated

import msgspec

from registry.actions import evidence
from registry.actions.living.sides import asking_side
from registry.actions.office import Answer, Desk
from registry.actions.outbox import Message, heads, tell
from registry.actions.redress.objecting import Said, lodge
from registry.actions.redress.subjects import Subject
from registry.domain.closing import Clearance, ClearanceState
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.notice import NoticeKind
from registry.domain.presence import Presence
from registry.domain.records import Ident, Wire
from registry.domain.redress import Objection, ObjectionState
from registry.domain.request import Request

DISPUTED = declare(
    "clearance.disputed", RefusalKind.CONFLICT,
    "社区对该清算的异议还没有了结：{waits_zh}（E15 双方认可后才了结）",
    "The community disputes this clearance and that is not settled: {waits} (E15).", recorded=True,
)  # fmt: skip
NOT_OPEN = declare(
    "clearance.not_open", RefusalKind.CONFLICT,
    "只对还没有同意、没有取代的清算提出一次异议，异议提出后才答复一次",
    "A clearance is disputed once, while nobody agreed to it, and answered once after that.",
    recorded=True,
)  # fmt: skip
ASKED = ("请答复清算异议", "A clearance is disputed; please answer")
STANDS = (
    "清算维持原数，异议已转请答复",
    "The clearance stands as drawn; the objection was passed on",
)
_ANSWER = ("等待草拟单位重新草拟或者维持", "who drew it up is to draw it anew or let it stand")
_PASSED = ("异议正在等待答复", "the objection waits for its answer")
_ANEW = ("异议成立，须重新草拟清算", "the objection was upheld, so it has to be drawn anew")


class DisputeCommand(Wire, frozen=True, kw_only=True):
    """对清算提出异议, or the answer that it stands."""

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=2000, pattern=r"\S")]
    documents: Annotated[list[Ident], msgspec.Meta(max_length=50)] = []
    """Papers of the matter that show it."""


def dispute(desk: Desk, id: str, version: int | None, command: DisputeCommand) -> Answer:
    """提出清算异议: by the community, once; nobody agrees to it until it is answered.

    Raises:
        Refusal: ``clearance.not_open``.
    """
    drawn = desk.unit.get(Clearance, id, lock=True)
    desk.about(drawn)
    desk.authorise("clearance.dispute", owners=[drawn.organisation_id])
    if drawn.state is not ClearanceState.DRAWN or drawn.disputed_on is not None:
        raise Refusal(NOT_OPEN)
    desk.check_version(drawn, version)
    evidence.check(desk, command.documents, drawn.presence_id, drawn.request_id)
    held = desk.unit.change(
        drawn, disputed_on=desk.today, disputed_by=desk.actor.person_id,
        disputed_why=command.reason, disputed_with=command.documents,
    )  # fmt: skip
    _tell(desk, held, [*_asking(desk, held), held.payer_id], ASKED)
    desk.about(held)
    return Answer(body=held, version=held.version)


def uphold(desk: Desk, id: str, version: int | None, command: DisputeCommand) -> Answer:
    """维持清算: the figures stand; what the community said goes to who answers objections.

    Raises:
        Refusal: ``clearance.not_open``, ``redress.no_body``.
    """
    drawn = desk.unit.get(Clearance, id, lock=True)
    desk.about(drawn)
    asking = _asking(desk, drawn)
    whose = [*asking, drawn.payer_id]
    post = desk.authorise("clearance.uphold", owners=whose, paths=[drawn.area_path])
    waits = drawn.disputed_on is not None and drawn.upheld_on is None
    if drawn.state is not ClearanceState.DRAWN or not waits:
        raise Refusal(NOT_OPEN)
    desk.check_version(drawn, version)
    evidence.check(desk, command.documents, drawn.presence_id, drawn.request_id)
    # Who let it stand answers no objection to it.
    passed = _passed_on(desk, drawn, sorted({*whose, post.organisation_id}), command.documents)
    held = desk.unit.change(
        drawn, upheld_on=desk.today, upheld_by=desk.actor.person_id, upheld_why=command.reason,
        objection_id=passed.id,
    )  # fmt: skip
    _tell(desk, held, [held.organisation_id], STANDS)
    desk.about(held)
    return Answer(body=held, version=held.version)


def _passed_on(
    desk: Desk, drawn: Clearance, concerned: list[str], documents: list[str]
) -> Objection:
    presence = desk.unit.get(Presence, drawn.presence_id)
    community = desk.places.now(drawn.organisation_id)
    subject = Subject(
        presence=presence, request=desk.unit.get(Request, drawn.request_id),
        title=f"清算：{presence.title}", community=community, area=desk.places.home(community),
        department_id=presence.department_id or drawn.payer_id, asking=concerned, recorded=False,
    )  # fmt: skip
    said = Said(drawn.disputed_why, drawn.disputed_by or "")
    papers = list(dict.fromkeys([*drawn.disputed_with, *documents]))
    return lodge(desk, subject, said, clearance_id=drawn.id, documents=papers)


def check_settled(desk: Desk, drawn: Clearance) -> None:
    """Refuse to agree while what the community said of it is open.

    Raises:
        Refusal: ``clearance.disputed``.
    """
    if drawn.disputed_on is None:
        return
    waits = _ANSWER
    if drawn.objection_id is not None:
        objection = desk.unit.get(Objection, drawn.objection_id)
        if objection.state is not ObjectionState.RAISED and not objection.upheld:
            return  # Answered that it is not right, or taken back by the community.
        waits = _PASSED if objection.state is ObjectionState.RAISED else _ANEW
    raise Refusal(DISPUTED, waits_zh=waits[0], waits=waits[1], invariant="E15")


def _asking(desk: Desk, drawn: Clearance) -> list[str]:
    presence = desk.unit.get(Presence, drawn.presence_id)
    return asking_side(desk.unit.get(Request, drawn.request_id), presence)


def _tell(desk: Desk, about: Clearance, bodies: list[str], words: tuple[str, str]) -> None:
    title = desk.unit.get(Presence, about.presence_id).title
    message = Message(
        kind=NoticeKind.AFTERWARDS, request_id=about.request_id, text=f"{words[0]}：{title}",
        text_en=f"{words[1]}: {title}",
    )  # fmt: skip
    people = [person for body in dict.fromkeys(bodies) for person in heads(desk, body)]
    tell(desk, list(dict.fromkeys(people)), message, about)
