"""牌子、机构前后对比 how many boards and offices there are, were, and are gone (M6, P33).

Communities stand in the order of their codes and in no other; one's own figure stands beside the
median of the county, never beside a neighbour's (P9).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from statistics import median_low
from typing import Annotated, Literal

import msgspec

from registry.actions.burden.over_time import periods
from registry.actions.office import Answer, Call, Desk, Office
from registry.actions.reading import NOT_READABLE
from registry.actions.seeing import scopes
from registry.domain.areas import Area, AreaLevel
from registry.domain.errors import Refusal
from registry.domain.people import Organisation
from registry.domain.records import Ident, Wire
from registry.domain.vocabulary import OrganisationKind
from registry.domain.walls import Board, Bureau, Origin
from registry.domain.workload import HIDES
from registry.store.walls import Hung, hung, stood

COUNTED = (
    "现有：未核实清除的；原有：指定日期（不写则为启用时存量）当日在的；已清除：社区和街道（乡镇）都核实的；"
    "中位数：全县各社区现有数，个数为双数时取较小者，不足三个社区的不给"
)
COUNTED_EN = (
    "standing: not attested as gone; before: there on the day given (none: what was there when the "
    "registry began); removed: attested by both sides; median: of all communities of the county, "
    "the lower of two middle ones, none with fewer than three"
)


class FiguresQuery(Wire, frozen=True, kw_only=True):
    """对比条件."""

    area: Ident | None = None
    """Id or code; absent = all that may be seen."""
    since: Annotated[date, msgspec.Meta(description="compare with this day")] | None = None
    trend: Literal["month", "year"] | None = None
    """How many stood at the end of the last months or years."""


class Tally(Wire, frozen=True, kw_only=True):
    """计数: old stock apart from what came after it."""

    standing: int = 0
    of_legacy: int = 0
    """Of those standing: 存量."""
    of_new: int = 0
    ordered: int = 0
    disputed: int = 0
    removed: int = 0
    before: int = 0


class Line(Wire, frozen=True, kw_only=True):
    """分类计数: by form and place, or by whether an office still meets; by origin too."""

    form: str = ""
    place: str = ""
    meets: bool | None = None
    origin: Origin
    counts: Tally


class OfCommunity(Wire, frozen=True, kw_only=True):
    """一个社区（村）的数."""

    organisation_id: str
    code: str
    name: str
    boards: Tally
    bureaus: Tally


class WallPoint(Wire, frozen=True, kw_only=True):
    """一期: what stood at the end of it; of the running one, today."""

    period: str
    """``YYYY-MM`` or ``YYYY``."""
    on: date
    boards: int
    bureaus: int


class WallFigures(Wire, frozen=True, kw_only=True):
    """牌子、机构前后对比: sums of what was asked for, its communities, and the county's median."""

    on: date
    since: date | None
    boards: Tally
    bureaus: Tally
    board_lines: list[Line]
    bureau_lines: list[Line]
    communities: list[OfCommunity]
    """In the order of their codes."""
    median_boards: int | None
    """``None`` = the county has too few communities for it to hide whose figure it is."""
    median_bureaus: int | None
    trend: list[WallPoint] = []
    """The oldest first."""
    counted: str = COUNTED
    counted_en: str = COUNTED_EN


def asked(office: Office, call: Call, query: FiguresQuery) -> WallFigures:
    """What is counted, for whoever may read the walls of an area.

    Raises:
        Refusal: ``access.reading``; ``area.unknown``.
    """
    found: WallFigures = office.ask(call, lambda desk: Answer(body=figures(desk, query))).body
    return found


def figures(desk: Desk, query: FiguresQuery) -> WallFigures:
    """The same within an act."""
    seats = _seats(desk)
    shown = _shown(desk, query, seats)
    boards = _by_body(desk, seats, hung(desk.unit.connection, desk.unit.county, Board, query.since))
    bureaus = _by_body(
        desk, seats, hung(desk.unit.connection, desk.unit.county, Bureau, query.since)
    )
    mine = [id for id, _ in shown]
    own_boards = [row for id in mine for row in boards[id]]
    own_bureaus = [row for id in mine for row in bureaus[id]]
    return WallFigures(
        on=desk.today, since=query.since, boards=tally(own_boards), bureaus=tally(own_bureaus),
        board_lines=_lines(own_boards), bureau_lines=_lines(own_bureaus),
        communities=[
            OfCommunity(
                organisation_id=id, code=area.code, name=area.name, boards=tally(boards[id]),
                bureaus=tally(bureaus[id]),
            )
            for id, area in shown
        ],
        median_boards=median_of(boards, seats), median_bureaus=median_of(bureaus, seats),
        trend=_trend(desk, query.trend, seats, set(mine)) if query.trend else [],
    )  # fmt: skip


def _trend(desk: Desk, by: str, seats: dict[str, Area], mine: set[str]) -> list[WallPoint]:
    told = periods(desk.today, by)
    days, sums = [day for _, day in told], list[list[int]]()
    for kind in (Board, Bureau):
        held = stood(desk.unit.connection, desk.unit.county, kind, days)
        own = [many for id, many in held.items() if _heir(desk, seats, id) in mine]
        sums.append([sum(column) for column in zip(*own, strict=True)] or [0] * len(days))
    return [
        WallPoint(period=name, on=day, boards=boards, bureaus=bureaus)
        for (name, day), boards, bureaus in zip(told, *sums, strict=True)
    ]


def _heir(desk: Desk, seats: dict[str, Area], id: str) -> str:
    """The community that answers for it today: what was of one that is no more is its heir's."""
    return id if id in seats else desk.places.now(id).id


def _seats(desk: Desk) -> dict[str, Area]:
    """Every community's organisation there today, and its place, in the order of the codes."""
    areas = {a.id: a for a in desk.unit.find(Area, level=AreaLevel.COMMUNITY.value)}
    held = [
        (areas[o.area_id].code, o) for o in desk.unit.find(Organisation)
        if o.kind is OrganisationKind.COMMUNITY and o.in_force(desk.today) and o.area_id in areas
    ]  # fmt: skip
    return {o.id: areas[o.area_id] for _, o in sorted(held, key=lambda pair: (pair[0], pair[1].id))}


def _shown(desk: Desk, query: FiguresQuery, seats: dict[str, Area]) -> list[tuple[str, Area]]:
    """The communities asked for, of those that may be seen."""
    seen = scopes(desk.office, desk.actor, "wall.read", desk.unit.county)
    paths = tuple(scope.path for scope in seen if scope.path)
    whole = any(scope.whole for scope in seen)
    if not paths and not whole:
        raise Refusal(NOT_READABLE)
    below = desk.places.area(query.area, desk.today).path if query.area else "/"
    return [
        (id, area) for id, area in seats.items()
        if area.path.startswith(below) and (whole or area.path.startswith(paths))
    ]  # fmt: skip


def _by_body(desk: Desk, seats: dict[str, Area], rows: Iterable[Hung]) -> dict[str, list[Hung]]:
    """By the community that answers for it today."""
    found: dict[str, list[Hung]] = defaultdict(list)
    heirs: dict[str, str] = {}
    for row in rows:
        id = row.organisation_id
        if id not in heirs:
            heirs[id] = _heir(desk, seats, id)
        found[heirs[id]].append(row)
    return found


def tally(rows: Iterable[Hung]) -> Tally:
    """The sums of some rows."""
    kept = list(rows)

    def total(of: Callable[[Hung], int], *, legacy: bool | None = None) -> int:
        return sum(
            of(r) for r in kept if legacy is None or (r.origin is Origin.LEGACY) is legacy
        )  # fmt: skip

    return Tally(
        standing=total(lambda r: r.standing),
        of_legacy=total(lambda r: r.standing, legacy=True),
        of_new=total(lambda r: r.standing, legacy=False),
        ordered=total(lambda r: r.ordered), disputed=total(lambda r: r.disputed),
        removed=total(lambda r: r.removed), before=total(lambda r: r.before),
    )  # fmt: skip


def _lines(rows: Iterable[Hung]) -> list[Line]:
    grouped: dict[tuple[str, str, bool | None, Origin], list[Hung]] = defaultdict(list)
    for row in rows:
        grouped[row.form, row.place, row.meets, row.origin].append(row)
    return [
        Line(form=key[0], place=key[1], meets=key[2], origin=key[3], counts=tally(found))
        for key, found in sorted(grouped.items(), key=lambda item: str(item[0]))
    ]


def median_of(found: dict[str, list[Hung]], seats: Iterable[str]) -> int | None:
    """Of what stands in each community of the county, those with nothing among them."""
    every = [sum(row.standing for row in found[id]) for id in seats]
    return median_low(every) if len(every) >= HIDES else None
