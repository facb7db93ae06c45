"""挂牌、设机构 the rows of what was admitted: made when work begins, corrected to what really hangs."""

from typing import Any

import msgspec
from msgspec.structs import replace

from registry.actions.granting import admitted
from registry.actions.office import Answer, Desk
from registry.actions.presences import STATE
from registry.actions.walls.laying import ON_WALLS, hang_for, rows_of
from registry.actions.walls.profiling import TOLD, judged, standing_by
from registry.actions.walls.recording import Measures, not_to_come
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.filing import Filing
from registry.domain.presence import STATE_ZH, Presence, PresenceState, admission_of
from registry.domain.request import Request
from registry.domain.walls import Board, Origin, Place

NO_BOARD = declare(
    "wall.kind", RefusalKind.INVALID, "本事项不是挂牌、制度上墙，没有要挂的牌子",
    "This matter is no board and no rule on the wall: it hangs nothing.", recorded=True,
)  # fmt: skip


class HangCommand(Measures, frozen=True, kw_only=True):
    """挂出: as it hangs; ``place`` where it is another than was admitted."""

    place: Place | None = None


_AT_WORK = frozenset({PresenceState.ACTIVE, PresenceState.SUSPENDED})


def hang(desk: Desk, id: str, version: int | None, command: HangCommand) -> Answer:
    """挂出牌子: the community tells how and since when the admitted board really hangs.

    One that hangs otherwise than it was admitted is judged as what it is; telling so is right.

    Raises:
        Refusal: ``wall.kind``; ``presence.state`` before work has begun, or once it is over.
    """
    presence = desk.unit.get(Presence, id, lock=True)
    desk.about(presence)
    desk.authorise("presence.hang", owners=[presence.organisation_id], paths=[presence.area_path])
    desk.check_version(presence, version)
    if presence.kind not in ON_WALLS:
        raise Refusal(NO_BOARD)
    request = desk.unit.get(Request, admission_of(presence))
    if presence.state not in _AT_WORK:
        state = presence.state
        raise Refusal(STATE, state=state.value, state_zh=STATE_ZH[state], act="hang", act_zh="挂牌")
    not_to_come(desk, command.since)
    hang_for(desk, request, presence)
    board = next(iter(rows_of(desk, Board, presence.id)), None)
    if board is None:
        raise Refusal(NO_BOARD)
    told = _told(command) | {"place": command.place or board.place}
    after = replace(board, **told)
    if fits(after, admitted(desk, request)):
        after = standing_by(desk, replace(after, origin=_by_right(board)), request)
    else:
        after = judged(desk, replace(after, origin=Origin.UNADMITTED))
    changed = desk.unit.change(
        board, **told, origin=after.origin, **{n: getattr(after, n) for n in TOLD}
    )
    return Answer(body=changed, version=changed.version)


def fits(board: Board, filing: Filing) -> bool:
    """Whether a board hangs as it was admitted: in its place, and no larger than was stated."""
    detail = filing.signboard
    if detail is None:
        return True
    stated = ((board.width_cm, detail.width_cm), (board.height_cm, detail.height_cm))
    larger = any(real and most and real > most for real, most in stated)
    return board.place == detail.place and not larger


def _by_right(board: Board) -> Origin:
    return Origin.LEGACY if board.origin is Origin.LEGACY else Origin.ADMITTED


def _told(command: HangCommand) -> dict[str, Any]:
    """Only what is said: a size left out keeps what was admitted."""
    fields = msgspec.structs.asdict(command)
    return {n: v for n, v in fields.items() if v not in (None, "") and n != "place"}
