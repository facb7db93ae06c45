"""牌子与机构 builders: what hangs in the demo community, and the acts on it, one function each."""

from datetime import date
from typing import Any

import msgspec

from registry.actions.office import Call
from registry.actions.walls import attesting, figures, hanging, ordering, recording
from registry.domain.presence import Presence
from registry.domain.walls import Board, Bureau, CleanupOrder
from tests.actions.case import Hands
from tests.actions.decided import now
from tests.actions.lived import begun

HOME = "o-990102001001"
URBAN = "o-990102-urban"
TODAY = date(2026, 3, 2)
BOARD: dict[str, Any] = {
    "organisation_id": HOME, "form": "signboard", "wording": "垃圾分类工作站",
    "place": "outside_door", "department_id": URBAN,
}  # fmt: skip
ADMITTED: dict[str, Any] = {
    "kind": "signboard", "title": "反诈宣传站", "content": "设反诈宣传站牌子",
    "signboard": {"wording": "反诈宣传站", "place": "inside", "width_cm": 30, "height_cm": 50},
    "bases": [{"level": "statute", "title": "反电信网络诈骗法", "article": "第6条"}],
}  # fmt: skip


def hung(hand: Hands, by: str = "community.worker", **fields: Any) -> Board:
    """A board that no admission brought, as it was told."""
    command = msgspec.convert({**BOARD, **fields}, recording.BoardCommand)
    board: Board = hand(by).do(lambda d: recording.record_board(d, command))
    return board


def seated(hand: Hands, by: str = "community.worker", **fields: Any) -> Bureau:
    told = {"organisation_id": HOME, "name": "节水工作领导小组", "department_id": URBAN, **fields}
    command = msgspec.convert(told, recording.BureauCommand)
    bureau: Bureau = hand(by).do(lambda d: recording.record_bureau(d, command))
    return bureau


def ordered(hand: Hands, *walls: Board | Bureau, by: str = "street.head") -> CleanupOrder:
    command = ordering.OrderCommand(
        organisation_id=HOME, reason="未经准入挂牌",
        boards=[w.id for w in walls if isinstance(w, Board)],
        bureaus=[w.id for w in walls if isinstance(w, Bureau)],
    )  # fmt: skip
    order: CleanupOrder = hand(by).do(lambda d: ordering.order(d, command))
    return order


def attested(hand: Hands, wall: Any, by: str, removed: bool = True, **fields: Any) -> Any:
    held = now(hand, wall)
    command = msgspec.convert(
        {"removed": removed, "seen_on": TODAY, **fields}, attesting.AttestCommand
    )
    act = attesting.attest_board if isinstance(held, Board) else attesting.attest_bureau
    return hand(by).do(lambda d: act(d, held.id, held.version, command))


def gone(hand: Hands, wall: Any, **fields: Any) -> Any:
    """Both sides say so."""
    attested(hand, wall, "community.worker", **fields)
    return attested(hand, wall, "street.clerk", **fields)


def admitted_board(hand: Hands, **changes: Any) -> tuple[Presence, Board]:
    """A board with its admission, from the start of its matter."""
    presence = begun(hand, **{**ADMITTED, **changes})
    (board,) = hand("county.head").office.store.reader.find(
        Board, presence.county, presence_id=presence.id
    )
    return presence, board


def hangs(hand: Hands, presence: Presence, by: str = "community.worker", **fields: Any) -> Board:
    held = now(hand, presence)
    command = msgspec.convert(fields, hanging.HangCommand)
    board: Board = hand(by).do(lambda d: hanging.hang(d, held.id, held.version, command))
    return board


def counted(hand: Hands, by: str = "county.office", **query: Any) -> figures.WallFigures:
    person = hand(by)
    call = Call(actor=person.actor, county=person.county, act="wall.read")
    return figures.asked(person.office, call, msgspec.convert(query, figures.FiguresQuery))
