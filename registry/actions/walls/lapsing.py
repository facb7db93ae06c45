"""逾期未清 what time brings to clean-up orders: late ones are told, guessed days become firm."""

from collections.abc import Callable, Iterator
from datetime import date

from registry.actions.doubting import keeping
from registry.actions.doubting.communities import WALLS_OVERDUE
from registry.actions.doubting.keeping import Seen
from registry.actions.office import Answer, Desk, Office
from registry.actions.walls.closing import named_in
from registry.actions.walls.ordering import due_by
from registry.domain.walls import Board, Bureau, CleanupOrder, OrderState, WallState

Effect = Callable[[Desk], Answer]


def lapses(office: Office, county: str, today: date) -> Iterator[tuple[str, Effect]]:
    """What the day brings about in one county's orders."""
    open_ = office.store.reader.find(CleanupOrder, county, state=OrderState.OPEN.value)
    for order in open_:
        if order.due_provisional:
            yield from _firmed(office, order, today)
        elif _late(order, today) and _hanging(office, order):
            yield "walls_overdue", _overdue(order.id)


def _late(order: CleanupOrder, today: date) -> bool:
    return order.due_on is not None and order.due_on < today and not order.overdue


def _hanging(office: Office, order: CleanupOrder) -> bool:
    """Whether anything of it hangs there beyond dispute: on words that contradict each other nobody
    is late."""
    return any(
        office.store.reader.find(
            kind, order.county, order_id=order.id, state=WallState.ORDERED.value
        )
        for kind in (Board, Bureau)
    )


def _firmed(office: Office, order: CleanupOrder, today: date) -> Iterator[tuple[str, Effect]]:
    """A day that was guessed is known once the table of its year has come."""
    rule = office.rulebooks.of(order.county, order.issued_on).overlay.setting(lambda d: d.boards)
    if rule is None:
        return
    calendar = office.rulebooks.of(order.county, today).calendar
    if not calendar.due(rule.remove_within, order.issued_on)[1]:
        yield "recomputed", _firm(order.id)


def _firm(id: str) -> Effect:
    def verb(desk: Desk) -> Answer:
        order = desk.unit.get(CleanupOrder, id, lock=True)
        desk.about(order)
        due, guessed = due_by(desk, order.issued_on)
        return Answer(body=desk.unit.change(order, due_on=due, due_provisional=guessed).id)

    return verb


def _overdue(id: str) -> Effect:
    """Late is who put it up and does not take it down: never the community."""

    def verb(desk: Desk) -> Answer:
        order = desk.unit.get(CleanupOrder, id, lock=True)
        desk.about(order)
        if order.state is not OrderState.OPEN or order.overdue:
            return Answer(body=None)
        late = desk.unit.change(order, overdue=True)
        left = [wall for wall in named_in(desk, late) if wall.state is WallState.ORDERED]
        for number, whose in enumerate(sorted({wall.department_id or "" for wall in left})):
            count = sum((wall.department_id or "") == whose for wall in left)
            keeping.tell(desk, _left_hanging(late, f"{id}.overdue{number}", (whose, count)))
        return Answer(body=late.id)

    return verb


def _left_hanging(order: CleanupOrder, id: str, left: tuple[str, int]) -> Seen:
    whose, count = left
    due = order.due_on.isoformat() if order.due_on else ""
    return Seen(
        WALLS_OVERDUE, id, order.id, whose or order.issuer_id, order.area_path,
        {"number": order.number, "due_on": due, "left": count},
    )  # fmt: skip
