"""存量清理页 what there was before the registry and what became of it, what hangs and stands in
communities, what papers were asked for month by month: each figure with its rows and as a file.

Sheets and kinds stand in their own order; no community is compared with another (P9).
"""

from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlencode

from registry.actions import reading
from registry.actions.certifying import figures as papers
from registry.actions.certifying.figures import FigureQuery
from registry.actions.existing import figures as stock
from registry.actions.office import HIDDEN
from registry.actions.querying.askable import Condition, Op
from registry.actions.walls import figures as walls
from registry.api.asking import day
from registry.api.serving import aside
from registry.domain.errors import Refusal
from registry.domain.existing import Settlement, Sheet, Standing
from registry.domain.presence import Presence
from registry.domain.records import civil
from registry.domain.walls import HANGING, Origin
from registry.web.charts import Bar, Caption, bars, line
from registry.web.county_frame import opened
from registry.web.named import Named
from registry.web.serving import HEADERS, Kind, Line
from registry.web.sheet import as_csv
from registry.web.visit import Visit

PATH = "/county/cleanup"
ASKED = Kind(parameters=frozenset({"since"}))
ROWS = Kind(parameters=frozenset({"sheet", "after"}))
MOST = 100
"""Rows of a figure on one page."""
_WORDS = {"before": "before_count", "now": "now_count", "overdue": "late_count"}
OF_WALL = ("standing", "of_legacy", "of_new", "ordered", "disputed", "removed", "before")
WALLS = ("boards", "bureaus")
_WALL_WORDS = {"standing": "standing_now", "before": "then_count"}
_HANG = ",".join(sorted(state.value for state in HANGING))
_NEW = ",".join(sorted(one.value for one in Origin if one is not Origin.LEGACY))
_REVIEWED = "/records/legacy-reviews"
_MONTHS = 12


class Cell(NamedTuple):
    """一个数字, where its rows are, and under which heading it stands."""

    head: str
    value: int
    to: str = ""


class Row(NamedTuple):
    """一行."""

    name: str
    cells: list[Cell]


async def page(visit: Visit) -> Any:
    """``GET /county/cleanup``: before and after."""
    return await aside(_page, visit)


def _page(visit: Visit) -> Any:
    t = visit.tongue
    hung = _hung(visit)
    tables = _tables(visit, hung)
    if visit.request.scope["path"].endswith(".csv"):
        return as_csv(_lines(visit, tables), "cleanup", HEADERS)
    months = _demanded(visit)
    told = "；".join(f"{one.name} {one.said}" for one in months)
    return opened(
        visit, "cleanup", tables=tables, since=visit.query.get("since", ""), months=months,
        picture=bars(Caption("demands", t.t("county.demands"), told), months),
        trends=_trends(visit, hung),
        counted=t.pair(stock.COUNTED, stock.COUNTED_EN),
    )  # fmt: skip


def _tables(visit: Visit, hung: Any) -> list[tuple[str, list[Row]]]:
    found = [
        ("cleanup_what", _stock(visit)),
        ("became", _settled(visit)),
        ("walls", _walls(visit, hung)),
    ]
    return [(word, rows) for word, rows in found if rows]


async def rows(visit: Visit) -> Any:
    """``GET /county/cleanup/{id}``: the matters that a figure of a sheet counts."""
    return await aside(_rows, visit)


def _rows(visit: Visit) -> Any:
    sheet = next((one for one in Sheet if one.value == visit.query.get("sheet")), None)
    if sheet is None or visit.id not in stock.ROWS:
        raise Refusal(HIDDEN)
    actor = visit.actor()
    call = visit.call(actor, "existing.read")
    ids = stock.rows(visit.office, call, stock.FiguresQuery(), (sheet, visit.id))
    left = [id for id in ids if id > visit.query.get("after", "")]
    where = [Condition(field="id", op=Op.IN, value=left[:MOST] or [""])]
    query = reading.ListQuery(limit=MOST, county=visit.county, where=where)
    held = reading.page(visit.office, actor, Presence, query).items
    return opened(
        visit, "rows", sheet=sheet, many=len(ids), rows=held, named=Named(visit, held),
        figure=visit.tongue.t(f"county.{_WORDS.get(visit.id, visit.id)}"),
        onward=urlencode({"sheet": sheet.value, "after": left[MOST - 1]})
        if len(left) > MOST else "",
    )  # fmt: skip


def _asked(visit: Visit, act: str, ask: Any) -> Any:
    """What is asked, or ``None`` for who may not read it."""
    try:
        return ask(visit.office, visit.call(visit.actor(), act))
    except Refusal as refusal:
        if refusal.code == "access.reading":
            return None
        raise


def _figures(visit: Visit) -> Any:
    query = stock.FiguresQuery()
    return _asked(visit, "existing.read", lambda office, call: stock.asked(office, call, query))


def _stock(visit: Visit) -> list[Row]:
    found, t = _figures(visit), visit.tongue
    rows = []
    for one in found.sheets if found else []:
        cells = [
            Cell(t.t(f"county.{_WORDS.get(name, name)}"), getattr(one, name),
                 f"{PATH}/{name}?sheet={one.sheet.value}")
            for name in stock.ROWS
        ]  # fmt: skip
        rows.append(Row(t.code(one.sheet), cells))
    return rows


def _settled(visit: Visit) -> list[Row]:
    """What was judged and what became of it, all sheets together: as many rows as are reviewed."""
    found, t = _figures(visit), visit.tongue
    if not found:
        return []
    made = []
    for word, name, codes in (
        ("judged_as", "standing", list(Standing)), ("became", "settlement", list(Settlement)),
    ):  # fmt: skip
        held = "judged" if name == "standing" else "settled"
        cells = []
        for code in codes:
            many = sum(getattr(sheet, held).get(code, 0) for sheet in found.sheets)
            cells.append(Cell(t.code(code), many, f"{_REVIEWED}?{name}={code.value}"))
        if name == "settlement":
            late = sum(sheet.overdue for sheet in found.sheets)
            cells.append(Cell(t.t("county.late_count"), late, f"{_REVIEWED}?overdue=true"))
        made.append(Row(t.t(f"county.{word}"), cells))
    return made


def _hung(visit: Visit) -> Any:
    """What hangs and sits there, by whoever may read it."""
    query = walls.FiguresQuery(since=day(visit, "since"), trend="month")
    return _asked(visit, "wall.read", lambda office, call: walls.asked(office, call, query))


def _trends(visit: Visit, found: Any) -> list[tuple[str, Any, list[Bar]]]:
    """How many boards, and offices, stood at the end of each of the last months."""
    t, drawn = visit.tongue.t, []
    for kind in WALLS if found else ():
        points = [Bar(p.period, getattr(p, kind), str(getattr(p, kind))) for p in found.trend]
        words = "；".join(f"{one.name} {one.said}" for one in points)
        name = t(f"county.wall_{kind}")
        drawn.append((name, line(Caption(f"trend-{kind}", name, words), points), points))
    return drawn


def _walls(visit: Visit, found: Any) -> list[Row]:
    t = visit.tongue
    if not found:
        return []
    rows = []
    for resource in WALLS:
        tally = getattr(found, resource)
        at = f"/records/{resource}?"
        tos = {"standing": f"{at}state.in={_HANG}", "ordered": f"{at}state=ordered",
               "of_legacy": f"{at}origin=legacy&state.in={_HANG}",
               "of_new": f"{at}origin.in={_NEW}&state.in={_HANG}", "removed": f"{at}state=removed",
               "disputed": f"{at}state=disputed"}  # fmt: skip
        names = OF_WALL if found.since else OF_WALL[:-1]
        rows.append(Row(t.t(f"county.wall_{resource}"), [
            Cell(t.t(f"county.{_WALL_WORDS.get(name, name)}"), getattr(tally, name),
                 tos.get(name, ""))
            for name in names
        ]))  # fmt: skip
    return rows


def _demanded(visit: Visit) -> list[Bar]:
    """Papers asked for in each of the last twelve months, the oldest first."""
    last = civil(visit.office.clock())
    first = date(last.year - 1, last.month, 1)
    query = FigureQuery(by="month", first=f"{first:%Y-%m}", last=f"{last:%Y-%m}")
    actor = visit.actor()
    try:
        found = papers.figures(visit.office, actor, visit.county or actor.county, query)
    except Refusal:
        return []
    return [
        Bar(one.key, one.times, str(one.times), f"/records/certificate-demands?month={one.key}")
        for one in found.lines
    ]  # fmt: skip


def _lines(visit: Visit, tables: list[tuple[str, list[Row]]]) -> list[list[str]]:
    t = visit.tongue.t
    heads = [t("county.group"), t("county.what"), t("county.step"), t("county.many")]
    return [heads] + [
        [t(f"county.{word}"), row.name, cell.head, str(cell.value)]
        for word, rows in tables for row in rows for cell in row.cells
    ]  # fmt: skip


PAGES: list[Line] = [
    ("GET", PATH, page, ASKED),
    ("GET", PATH + ".csv", page, ASKED),
    ("GET", PATH + "/{id:str}", rows, ROWS),
]
