"""准入后的牌子、机构 the row of what was admitted, made once when work begins; what hung there before and
is admitted now becomes it.
"""

from datetime import date
from typing import Any

from msgspec.structs import replace

from registry.actions.granting import admitted
from registry.actions.living.departing import boards_down
from registry.actions.office import Desk
from registry.actions.walls.closing import lifted
from registry.actions.walls.profiling import LIVE, TOLD, Wall, standing_by
from registry.domain.filing import Filing
from registry.domain.presence import Presence
from registry.domain.request import Request
from registry.domain.vocabulary import Kind
from registry.domain.walls import HANGING, Board, Bureau, Form, Origin
from registry.domain.wording import normalise

ON_WALLS = (Kind.SIGNBOARD, Kind.WALL_NOTICE)


def hang_for(desk: Desk, request: Request, presence: Presence) -> list[Board | Bureau]:
    """What hangs or sits in a community from the start of an admitted matter: its row is made once;
    what hung there before and is admitted now, becomes its row. Nothing for other kinds."""
    if presence.kind not in (*ON_WALLS, Kind.OFFICE):
        return []
    filing = admitted(desk, request)
    made = _row(desk, presence, filing)
    if made is None or rows_of(desk, type(made), presence.id):
        return []
    there = _before(desk, made)
    if there is None:
        return [desk.unit.add(standing_by(desk, made, request))]
    after = standing_by(desk, replace(there, presence_id=presence.id), request)
    origin = Origin.LEGACY if there.origin is Origin.LEGACY else Origin.ADMITTED
    fields = {n: getattr(after, n) for n in ("presence_id", *TOLD)}
    taken = lifted(desk, desk.unit.change(there, origin=origin, **fields))
    if there.presence_id is not None:
        boards_down(desk, there.presence_id, desk.today)
    return [taken]


def rows_of(desk: Desk, kind: type[Wall], presence_id: str) -> list[Wall]:
    """What of a kind still hangs or sits there for a presence."""
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
    if detail is not None and presence.kind in ON_WALLS:
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
