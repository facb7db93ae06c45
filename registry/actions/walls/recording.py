"""牌子、机构登记 what hangs and who sits in a community, written down by the community itself or by the
street for it. Whoever tells what is there is never refused for its being there.
"""

from datetime import date
from typing import Annotated, Any, Literal

import msgspec

from registry.actions.office import Answer, Desk
from registry.actions.walls.profiling import Wall, judged, profiled
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.people import Organisation
from registry.domain.records import Count, Fen, Ident, Line, Wire
from registry.domain.vocabulary import OrganisationKind
from registry.domain.walls import (
    HANGING,
    Board,
    Bureau,
    Centimetres,
    Form,
    Origin,
    Place,
    WallState,
)
from registry.domain.wording import normalise

COMMUNITY = declare(
    "wall.community", RefusalKind.INVALID, "只登记社区（村）的牌子和机构；{organisation}不是社区（村）",
    "Only a community's boards and offices are kept; {organisation} is none.", recorded=True,
)  # fmt: skip
TWICE = declare(
    "wall.twice", RefusalKind.CONFLICT, "这里已登记过同样的一块（个）：{wording}；确有两块的，请注明",
    "The same is on record there already: {wording}. If there are two of them, say so.",
    recorded=True,
)  # fmt: skip
FUTURE = declare(
    "wall.future", RefusalKind.INVALID, "日期 {day} 还没有到", "The day {day} has not come yet.",
)  # fmt: skip
GONE = declare(
    "wall.gone", RefusalKind.CONFLICT, "已经清除，不再更正或者研判",
    "It is gone: there is nothing to correct or to judge.", recorded=True,
)  # fmt: skip

Short = Annotated[str, msgspec.Meta(max_length=120, pattern=r"^[^\x00-\x1f\x7f]*$")]


class Measures(Wire, frozen=True, kw_only=True):
    """尺寸、制作: what is seen of a board itself; whatever nobody knows is left out."""

    orientation: Literal["vertical", "horizontal"] | None = None
    width_cm: Centimetres | None = None
    height_cm: Centimetres | None = None
    maker: Short = ""
    payer: Short = ""
    cost_fen: Fen | None = None
    since: date | None = None


class BoardFields(Measures, frozen=True, kw_only=True):
    """牌子: as it hangs."""

    form: Form
    wording: Line
    place: Place
    department_id: Ident | None = None


class BoardCommand(BoardFields, frozen=True, kw_only=True):
    """登记牌子."""

    organisation_id: Annotated[Ident, msgspec.Meta(description="the community")]
    another: Annotated[bool, msgspec.Meta(description="there really are two alike")] = False


class BureauFields(Wire, frozen=True, kw_only=True):
    """工作机构: as it is (P33)."""

    name: Line
    required_by: Short = ""
    department_id: Ident | None = None
    basis: Short = ""
    people: Count | None = None
    last_met_on: date | None = None
    meets: bool | None = None
    since: date | None = None


class BureauCommand(BureauFields, frozen=True, kw_only=True):
    """登记工作机构."""

    organisation_id: Annotated[Ident, msgspec.Meta(description="the community")]
    another: Annotated[bool, msgspec.Meta(description="there really are two alike")] = False


def record_board(desk: Desk, command: BoardCommand) -> Answer:
    """登记牌子: one that no admission brought; judged at once."""
    body = _entered(desk, "board.record", command.organisation_id)
    _known(desk, command.department_id, [command.since])
    told = _told(command)
    alike = desk.unit.find(Board, **_there(body), form=command.form.value, place=command.place)
    _single([b.wording for b in alike], command.wording, another=command.another)
    return _kept(desk, Board(**_new(desk, body, "brd"), **told))


def record_bureau(desk: Desk, command: BureauCommand) -> Answer:
    """登记工作机构: one that no admission brought; judged at once."""
    body = _entered(desk, "bureau.record", command.organisation_id)
    _known(desk, command.department_id, [command.since, command.last_met_on])
    alike = desk.unit.find(Bureau, **_there(body))
    _single([b.name for b in alike], command.name, another=command.another)
    return _kept(desk, Bureau(**_new(desk, body, "bur"), **_told(command)))


def correct_board(desk: Desk, id: str, version: int | None, command: BoardFields) -> Answer:
    """更正牌子登记: as it really hangs."""
    return _corrected(desk, held(desk, Board, id, version, act="board.correct"), command)


def correct_bureau(desk: Desk, id: str, version: int | None, command: BureauFields) -> Answer:
    """更正工作机构登记: as it really is, also whether it still meets."""
    return _corrected(desk, held(desk, Bureau, id, version, act="bureau.correct"), command)


def judge_board(desk: Desk, id: str, version: int | None) -> Answer:
    """重新研判牌子 by the rules of today."""
    return _changed(desk, held(desk, Board, id, version, act="board.judge"), {})


def judge_bureau(desk: Desk, id: str, version: int | None) -> Answer:
    """重新研判工作机构 by the rules of today."""
    return _changed(desk, held(desk, Bureau, id, version, act="bureau.judge"), {})


def held(desk: Desk, kind: type[Wall], id: str, version: int | None, *, act: str) -> Wall:
    """A row that may be acted on by its community, or by its street, in the version seen."""
    wall = desk.unit.get(kind, id, lock=True)
    desk.about(wall)
    desk.authorise(act, owners=[wall.organisation_id], paths=[wall.area_path])
    desk.check_version(wall, version)
    if wall.state is WallState.REMOVED:
        raise Refusal(GONE)
    return wall


def not_to_come(desk: Desk, *days: date | None) -> None:
    """Refuse a day that lies ahead.

    Raises:
        Refusal: ``wall.future``.
    """
    for day in days:
        if day is not None and day > desk.today:
            raise Refusal(FUTURE, day=day.isoformat())


def _entered(desk: Desk, act: str, organisation_id: str) -> Organisation:
    body = desk.places.standing(organisation_id)
    desk.authorise(act, owners=[body.id], paths=[desk.places.home(body).path])
    if body.kind is not OrganisationKind.COMMUNITY or body.county != desk.unit.county:
        raise Refusal(COMMUNITY, organisation=body.id)
    return body


def _known(desk: Desk, department_id: str | None, days: list[date | None]) -> None:
    if department_id is not None:
        desk.places.standing(department_id)
    not_to_come(desk, *days)


def _there(body: Organisation) -> dict[str, Any]:
    return {"organisation_id": body.id, "state": sorted(state.value for state in HANGING)}


def _single(there: list[str], wording: str, *, another: bool) -> None:
    if not another and normalise(wording) in {normalise(one) for one in there}:
        raise Refusal(TWICE, wording=wording)


def _new(desk: Desk, body: Organisation, prefix: str) -> dict[str, Any]:
    area = desk.places.home(body)
    return {
        "county": desk.unit.county, "id": desk.id(prefix), "organisation_id": body.id,
        "area_id": area.id, "area_path": area.path, "origin": Origin.UNADMITTED,
        "recorded_on": desk.today,
    }  # fmt: skip


def _told(command: Wire) -> dict[str, Any]:
    fields = msgspec.structs.asdict(command)
    return {n: v for n, v in fields.items() if n not in ("organisation_id", "another")}


def _kept(desk: Desk, wall: Wall) -> Answer:
    made = desk.unit.add(judged(desk, wall))
    desk.about(made)
    return Answer(body=made, version=made.version)


def _corrected(desk: Desk, wall: Wall, command: BoardFields | BureauFields) -> Answer:
    """Judged anew where what it is judged by has changed."""
    days = [command.since]
    days += [command.last_met_on] if isinstance(command, BureauFields) else []
    _known(desk, command.department_id, days)
    told = msgspec.structs.asdict(command)
    if any(getattr(wall, name) != told[name] for name in JUDGED_BY if name in told):
        return _changed(desk, wall, told | _origin(wall, told))
    changed = desk.unit.change(wall, **told)
    desk.about(changed)
    return Answer(body=changed, version=changed.version)


JUDGED_BY = ("form", "wording", "place", "name", "department_id", "basis")
"""What a verdict rests on; sizes, makers and people change none."""
_ADMITTED_AS = ("form", "wording", "place", "name")


def _origin(wall: Board | Bureau, told: dict[str, Any]) -> dict[str, Any]:
    """An admission is of this board in this place: what hangs otherwise was not admitted so."""
    other = any(getattr(wall, n) != told[n] for n in _ADMITTED_AS if n in told)
    return {"origin": Origin.UNADMITTED} if other and wall.origin is Origin.ADMITTED else {}


def _changed(desk: Desk, wall: Wall, told: dict[str, Any]) -> Answer:
    after = profiled(desk, msgspec.structs.replace(wall, **told))
    fields = {n: getattr(after, n) for n in (*told, "profile", "clauses", "why", "verdict_id")}
    changed = desk.unit.change(wall, **fields)
    desk.about(changed)
    return Answer(body=changed, version=changed.version)
