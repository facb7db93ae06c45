"""清理通知办结 an order is done once nothing stands under it any more: gone, or free to stay."""

from collections.abc import Collection

from registry.actions.doubting import keeping
from registry.actions.doubting.communities import WALLS_OVERDUE
from registry.actions.office import Desk
from registry.actions.walls.profiling import TOLD, Wall, hanging_for, standing_by
from registry.domain.presence import Presence, admission_of
from registry.domain.request import Request
from registry.domain.walls import (
    Board,
    Bureau,
    CleanupOrder,
    OrderState,
    WallState,
)


def lifted(desk: Desk, wall: Wall) -> Wall:
    """It may stay after all: it stands under no order any more, and whether it is gone is no
    question."""
    agreed(desk, wall)
    if wall.order_id is None and wall.state is WallState.STANDING:
        return wall
    freed = desk.unit.change(wall, state=WallState.STANDING, order_id=None)
    if wall.order_id is not None:
        close_if_done(desk, desk.unit.get(CleanupOrder, wall.order_id, lock=True))
    return freed


def agreed(desk: Desk, wall: Board | Bureau) -> None:
    """Nobody says otherwise of it any more: the finding is closed."""
    keeping.close(desk, f"{wall.id}.disputed")


def stay(desk: Desk, presence_ids: list[str]) -> None:
    """What was to go because its matter had left, may stay: the matter is there again."""
    for wall in hanging_for(desk, presence_ids):
        presence = desk.unit.get(Presence, str(wall.presence_id))
        after = standing_by(desk, wall, desk.unit.get(Request, admission_of(presence)))
        changed = desk.unit.change(wall, **{name: getattr(after, name) for name in TOLD})
        lifted(desk, changed)


def order_over(desk: Desk, wall: Board | Bureau) -> CleanupOrder | None:
    """The order it stands under, if that is open."""
    order = desk.unit.maybe(CleanupOrder, wall.order_id) if wall.order_id else None
    return order if order is not None and order.state is OrderState.OPEN else None


def named_in(desk: Desk, order: CleanupOrder) -> list[Board | Bureau]:
    """What an order names and still stands under it."""
    named: list[Board | Bureau] = []
    if order.boards:
        named += desk.unit.find(Board, id=order.boards)
    if order.bureaus:
        named += desk.unit.find(Bureau, id=order.bureaus)
    return [wall for wall in named if wall.order_id == order.id]


def close_if_done(desk: Desk, order: CleanupOrder) -> None:
    """An order is done once everything that stands under it is gone; where all of it may stay
    after all, there is nothing left to order."""
    if order.state is not OrderState.OPEN:
        return
    walls = named_in(desk, order)
    if left := [wall for wall in walls if wall.state is not WallState.REMOVED]:
        close_findings(desk, order.id, but={w.department_id or order.issuer_id for w in left})
        return
    days = [wall.removed_on for wall in walls if wall.removed_on is not None]
    if days:
        desk.unit.change(order, state=OrderState.DONE, done_on=max(days))
    else:
        desk.unit.change(
            order, state=OrderState.CANCELLED, cancelled_on=desk.today, cancelled_why=STAYS
        )
    close_findings(desk, order.id)


STAYS = "所列牌子、机构已准予保留"
"""Why an order falls away by itself."""


def close_findings(desk: Desk, order_id: str, but: Collection[str | None] = ()) -> None:
    """Nobody is late with it any more but those of whom something still hangs there."""
    for held in keeping.open_of(desk, WALLS_OVERDUE.code, object_id=order_id):
        if held.organisation_id not in but:
            keeping.close(desk, held.id)
