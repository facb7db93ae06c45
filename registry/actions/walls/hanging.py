"""挂牌、设机构 the rows of what was admitted: made when work begins, corrected to what really hangs."""

from datetime import date
from typing import Any

import msgspec
from msgspec.structs import replace

from registry.actions.granting import admitted
from registry.actions.office import Answer, Desk
from registry.actions.presences import STATE
from registry.actions.walls.closing import lifted
from registry.actions.walls.profiling import LIVE, TOLD, Wall, judged, standing_by
from registry.actions.walls.recording import Measures, not_to_come
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.filing import Filing
from registry.domain.presence import STATE_ZH, Presence, PresenceState, admission_of
from registry.domain.request import Request
from registry.domain.vocabulary import Kind
from registry.domain.walls import HANGING, Board, Bureau, Form, Origin, Place
from registry.domain.wording import normalise

NO_BOARD = declare(
    "wall.kind", RefusalKind.INVALID, "本事项不是挂牌、制度上墙，没有要挂的牌子",
    "This matter is no board and no rule on the wall: it hangs nothing.", recorded=True,
)  # fmt: skip


class HangCommand(Measures, frozen=True, kw_only=True):
    """挂出: as it hangs; ``place`` where it is another than was admitted."""

    place: Place | None = None


_ON_WALLS = (Kind.SIGNBOARD, Kind.WALL_NOTICE)
_AT_WORK = frozenset({PresenceState.ACTIVE, PresenceState.SUSPENDED})


def hang_for(desk: Desk, request: Request, presence: Presence) -> list[Board | Bureau]:
    """What hangs or sits in a community from the start of an admitted matter: its row is made once;
    what hung there before and is admitted now, becomes its row. Nothing for other kinds."""
    if presence.kind not in (*_ON_WALLS, Kind.OFFICE):
        return []
    filing = admitted(desk, request)
    made = _row(desk, presence, filing)
    if made is None or _rows(desk, type(made), presence.id):
        return []
    there = _before(desk, made)
    if there is None:
        return [desk.unit.add(standing_by(desk, made, request))]
    after = standing_by(desk, replace(there, presence_id=presence.id), request)
    origin = Origin.LEGACY if there.origin is Origin.LEGACY else Origin.ADMITTED
    fields = {n: getattr(after, n) for n in ("presence_id", *TOLD)}
    taken = desk.unit.change(there, origin=origin, **fields)
    return [lifted(desk, taken)]


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
    if presence.kind not in _ON_WALLS:
        raise Refusal(NO_BOARD)
    request = desk.unit.get(Request, admission_of(presence))
    if presence.state not in _AT_WORK:
        state = presence.state
        raise Refusal(STATE, state=state.value, state_zh=STATE_ZH[state], act="hang")
    not_to_come(desk, command.since)
    hang_for(desk, request, presence)
    board = _rows(desk, Board, presence.id)[0]
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


def _rows(desk: Desk, kind: type[Wall], presence_id: str) -> list[Wall]:
    states = sorted(state.value for state in HANGING)
    return desk.unit.find(kind, presence_id=presence_id, state=states)


def _row(desk: Desk, presence: Presence, filing: Filing) -> Board | Bureau | None:
    common: dict[str, Any] = {
        "county": presence.county, "organisation_id": presence.organisation_id,
        "area_id": presence.area_id, "area_path": presence.area_path,
        "department_id": presence.department_id, "since": _since(desk, presence),
        "origin": Origin.ADMITTED, "presence_id": presence.id, "recorded_on": desk.today,
    }  # fmt: skip
    detail = filing.signboard
    if detail is not None and presence.kind in _ON_WALLS:
        return Board(
            id=desk.id("brd"), form=Form(presence.kind.value), wording=detail.wording,
            place=detail.place, width_cm=detail.width_cm, height_cm=detail.height_cm,
            maker=detail.maker_and_payer, **common,
        )  # fmt: skip
    if filing.office is not None and presence.kind is Kind.OFFICE:
        return Bureau(
            id=desk.id("bur"), name=filing.office.wording, people=filing.office.staff or None,
            required_by=desk.places.organisation(filing.leading).name, **common,
        )  # fmt: skip
    return None


def _since(desk: Desk, presence: Presence) -> date:
    return presence.started_on or desk.today


def _before(desk: Desk, made: Board | Bureau) -> Board | Bureau | None:
    """The row of the same thing that hung there without an admission, if there is one."""
    states = sorted(state.value for state in HANGING)
    there = desk.unit.find(type(made), organisation_id=made.organisation_id, state=states)
    return next((one for one in there if _same(one, made) and not _lives(desk, one)), None)


def _same(one: Board | Bureau, made: Board | Bureau) -> bool:
    if isinstance(one, Board) and isinstance(made, Board):
        words = normalise(one.wording) == normalise(made.wording)
        return words and (one.form, one.place) == (made.form, made.place)
    if isinstance(one, Bureau) and isinstance(made, Bureau):
        return normalise(one.name) == normalise(made.name)
    return False


def _lives(desk: Desk, wall: Board | Bureau) -> bool:
    """Whether it hangs for another admitted matter that goes on."""
    presence = desk.unit.maybe(Presence, wall.presence_id) if wall.presence_id else None
    return presence is not None and presence.request_id is not None and presence.state in LIVE


def _told(command: HangCommand) -> dict[str, Any]:
    """Only what is said: a size left out keeps what was admitted."""
    fields = msgspec.structs.asdict(command)
    return {n: v for n, v in fields.items() if v not in (None, "") and n != "place"}
