"""牌子清理通知单 what must come down in one community, whose it is, by when and by which clause (M6).

Who set it up takes it down at its own cost; the community is told, and asked for nothing but its
word that it is gone.
"""

from datetime import date
from typing import Annotated

import msgspec

from registry.actions.numbering import take_paper_number
from registry.actions.office import Answer, Desk
from registry.actions.outbox import Message, heads, holders, tell
from registry.actions.walls.closing import close_findings, named_in, order_over
from registry.actions.walls.profiling import TOLD, profiled
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.notice import NoticeKind
from registry.domain.people import Organisation
from registry.domain.records import Ident, Wire
from registry.domain.serial import Paper
from registry.domain.vocabulary import OrganisationKind
from registry.domain.walls import (
    PROFILE_ZH,
    Board,
    Bureau,
    CleanupOrder,
    OrderState,
    Profile,
    WallState,
)

EMPTY = declare(
    "cleanup.nothing", RefusalKind.INVALID, "请写明要清理的牌子或者机构",
    "Name the boards or offices that must go.",
)  # fmt: skip
FOREIGN = declare(
    "cleanup.elsewhere", RefusalKind.INVALID, "{wall}不在{organisation}",
    "{wall} is not in {organisation}.", recorded=True,
)  # fmt: skip
ORDERED = declare(
    "cleanup.ordered", RefusalKind.CONFLICT, "不再通知清理{wall}：{became_zh}",
    "{wall} is not ordered down again: it {became}.", recorded=True,
)  # fmt: skip
LAWFUL = declare(
    "cleanup.stands", RefusalKind.CONFLICT, "{wall}按规则{profile}，不能通知清理",
    "By the rules {wall} may stay: it is not ordered down.", recorded=True,
)  # fmt: skip
OVER = declare(
    "cleanup.over", RefusalKind.CONFLICT, "本通知单已于{on}{state_zh}",
    "This order is {state}, since {on}.", recorded=True,
)  # fmt: skip

Why = Annotated[str, msgspec.Meta(min_length=1, max_length=20_000, pattern=r"\S")]
Several = Annotated[list[Ident], msgspec.Meta(max_length=200)]


class OrderCommand(Wire, frozen=True, kw_only=True):
    """下达清理通知单."""

    organisation_id: Annotated[Ident, msgspec.Meta(description="the community")]
    boards: Several = []
    bureaus: Several = []
    reason: Why


class CancelCommand(Wire, frozen=True, kw_only=True):
    """取消清理通知单."""

    reason: Why


def order(desk: Desk, command: OrderCommand) -> Answer:
    """下达清理通知单: by the street or the county's office, told to who must act.

    Raises:
        Refusal: ``cleanup.nothing``, ``.elsewhere``, ``.ordered``, ``.stands``.
    """
    body = desk.places.standing(command.organisation_id)
    post = desk.authorise("cleanup.order", paths=[desk.places.home(body).path])
    walls = [_orderable(desk, wall) for wall in _named(desk, body, command)]
    if not walls or body.kind is not OrganisationKind.COMMUNITY:
        raise Refusal(EMPTY)
    issuer = desk.places.organisation(post.organisation_id)
    made = issue(desk, issuer, walls, command.reason)
    desk.about(made)
    return Answer(body=made, version=made.version)


def issue(
    desk: Desk, issuer: Organisation, walls: list[Board | Bureau], reason: str
) -> CleanupOrder:
    """通知单 for what hangs in one community and must go; who may issue it was asked already."""
    whose = walls[0]
    id, (due, guessed) = desk.id("cln"), due_by(desk, desk.today)
    departments = {wall.department_id for wall in walls}
    made = desk.unit.add(
        CleanupOrder(
            county=desk.unit.county, id=id,
            number=take_paper_number(desk, Paper.CLEANUP, issuer, object_id=id),
            issuer_id=issuer.id, issuer_name=issuer.name, person_id=desk.actor.person_id,
            organisation_id=whose.organisation_id, area_path=whose.area_path,
            department_id=departments.pop() if len(departments) == 1 else None,
            boards=[w.id for w in walls if isinstance(w, Board)],
            bureaus=[w.id for w in walls if isinstance(w, Bureau)],
            reason=reason,
            clauses=list(dict.fromkeys(clause for wall in walls for clause in wall.clauses)),
            issued_on=desk.today, due_on=due, due_provisional=guessed,
        )
    )  # fmt: skip
    for wall in walls:
        desk.unit.change(wall, state=WallState.ORDERED, order_id=id)
    _tell(desk, made, walls, ("已下达牌子清理通知单", "Boards or offices must go"))
    return made


def cancel(desk: Desk, id: str, version: int | None, command: CancelCommand) -> Answer:
    """取消清理通知单: by who issued it; what it named stands as it stood.

    Raises:
        Refusal: ``cleanup.over``.
    """
    held = desk.unit.get(CleanupOrder, id, lock=True)
    desk.about(held)
    desk.authorise("cleanup.cancel", owners=[held.issuer_id])
    if held.state is not OrderState.OPEN:
        raise _over(held)
    desk.check_version(held, version)
    walls = named_in(desk, held)
    cancelled = desk.unit.change(
        held, state=OrderState.CANCELLED, cancelled_on=desk.today, cancelled_why=command.reason
    )
    for wall in walls:
        if wall.state is WallState.ORDERED:
            desk.unit.change(wall, state=WallState.STANDING, order_id=None)
    close_findings(desk, held.id)
    _tell(desk, cancelled, walls, ("牌子清理通知单已取消", "An order to clear was cancelled"))
    desk.about(cancelled)
    return Answer(body=cancelled, version=cancelled.version)


def _over(held: CleanupOrder) -> Refusal:
    """Who comes second is told what became of it."""
    on = held.done_on or held.cancelled_on
    return Refusal(OVER, on=f"{on}", state=held.state.value, state_zh=_STATE_ZH[held.state])


_STATE_ZH = {OrderState.DONE: "办结", OrderState.CANCELLED: "取消"}


def due_by(desk: Desk, issued_on: date) -> tuple[date | None, bool]:
    """The last day of an order by the packs of its own day, and whether it is a guess; none where
    they give no time."""
    rule = desk.rulebook(issued_on).overlay.setting(lambda d: d.boards)
    if rule is None:
        return None, False
    return desk.rulebook().calendar.due(rule.remove_within, issued_on)


def _named(desk: Desk, body: Organisation, command: OrderCommand) -> list[Board | Bureau]:
    """What the command names, each in its community: of others not even the words are told."""
    named: list[tuple[type[Board | Bureau], str]] = [(Board, id) for id in command.boards]
    named += [(Bureau, id) for id in command.bureaus]
    found: list[Board | Bureau] = []
    for kind, id in dict.fromkeys(named):
        wall = desk.unit.maybe(kind, id, lock=True)
        if wall is None or wall.organisation_id != body.id:
            raise Refusal(FOREIGN, wall=id, organisation=body.name)
        found.append(wall)
    return found


def _orderable(desk: Desk, wall: Board | Bureau) -> Board | Bureau:
    """It is there, under no order, and the rules of today do not let it stay."""
    name = wall.wording if isinstance(wall, Board) else wall.name
    if wall.state is WallState.REMOVED:
        on = wall.removed_on
        raise Refusal(ORDERED, wall=name, became=f"is gone since {on}", became_zh=f"已于{on}清除")
    if over := order_over(desk, wall):
        by = over.number or over.id
        raise Refusal(ORDERED, wall=name, became=f"is ordered down by {by}",
                      became_zh=f"已由{over.issuer_name}通知清理：{by}")  # fmt: skip
    if wall.profile is not Profile.MUST_GO:
        after = profiled(desk, wall)
        wall = desk.unit.change(wall, **{field: getattr(after, field) for field in TOLD})
    if wall.profile is Profile.STANDS:
        raise Refusal(LAWFUL, wall=name, profile=PROFILE_ZH[Profile.STANDS])
    return wall


def _tell(
    desk: Desk, order: CleanupOrder, walls: list[Board | Bureau], words: tuple[str, str]
) -> None:
    """The community, and each department whose boards they are."""
    names = "、".join(w.wording if isinstance(w, Board) else w.name for w in walls)
    by = f"，{order.due_on.isoformat()}前清除" if order.due_on else ""
    until = f" by {order.due_on.isoformat()}" if order.due_on else ""
    what = order.number or order.reason
    message = Message(
        kind=NoticeKind.AFTERWARDS, text=f"{words[0]}：{what}（{names}）{by}",
        text_en=f"{words[1]}: {what}{until}",
    )  # fmt: skip
    departments = sorted({w.department_id for w in walls if w.department_id})
    people = [*heads(desk, order.organisation_id),
              *holders(desk, order.organisation_id, "board.attest")]  # fmt: skip
    for department in departments:
        people += heads(desk, department)
    tell(desk, people, message, order)
