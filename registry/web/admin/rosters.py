"""导入页 places, bodies, people and posts from a sheet: looked at first, then taken all or not at all.

Between the look and the act the sheet stands in the page itself: nothing is kept of it here.
"""

import csv
import io
from collections.abc import Callable
from itertools import islice
from typing import Any

import msgspec
from litestar.response.base import ASGIResponse

from registry.actions import sheets
from registry.actions.importing import import_areas
from registry.actions.office import HIDDEN, Answer, Desk
from registry.actions.staff import rosters
from registry.actions.staff.roster_words import taken
from registry.api.serving import aside, perform
from registry.domain import area_sheets
from registry.domain.errors import Refusal
from registry.domain.labelled_sheets import WRONG
from registry.domain.people_sheets import COLUMNS
from registry.domain.sheets import CellError
from registry.web.admin import columns
from registry.web.filing.many import Ground
from registry.web.serving import HEADERS, PLAIN, Kind, Line, shown
from registry.web.sheet import as_book
from registry.web.shell import may
from registry.web.tongue import Tongue
from registry.web.visit import Visit

LIMIT = 8 << 20
SENT = Kind(limit=LIMIT)
_SHOWN = 20
_BOM = "\ufeff"


TABLES: dict[str, columns.Table] = {
    "areas": columns.Table("admin.sheet_areas", "area.import", *area_sheets.COLUMNS),
    **{
        kind: columns.Table(f"admin.sheet_{kind}", rosters.ACT[kind], *COLUMNS[kind])
        for kind in rosters.ROSTERS
    },
}
ACTS = tuple(table.act for table in TABLES.values())


async def index(visit: Visit) -> Any:
    """``GET /admin/import``: the sheets that the person may bring in."""
    actor = visit.actor()
    open_ = {k: t for k, t in TABLES.items() if may(visit.office, actor, t.act)}
    return shown(visit, "admin/imports.html", tables=open_)


def _table(visit: Visit) -> tuple[str, columns.Table]:
    if visit.id not in TABLES:
        raise Refusal(HIDDEN)
    table = TABLES[visit.id]
    sheets.may(visit.office, visit.actor(), table.act)
    return visit.id, table


def _codes(visit: Visit, table: columns.Table) -> columns.Codes:
    return taken(table.columns, visit.office.access.roles)


async def template(visit: Visit) -> Any:
    """``GET /admin/import/{id}/template.xlsx``: to be filled in, with the words it takes."""
    return await aside(_template, visit)


def _template(visit: Visit) -> Any:
    kind, table = _table(visit)
    coded = _codes(visit, table)
    rows, how = columns.template(kind, table, coded, visit.county or visit.actor().county)
    codes = columns.code_rows(kind, coded, _NAMED[kind](Ground(visit)) if kind in _NAMED else {})
    title = Tongue("zh").t(table.word)
    pages = [(title, rows), ("填写说明", how), *([("代码表", codes)] if codes else [])]
    taken = {at: list(coded[one]) for at, one in enumerate(table.columns) if one in coded}
    return as_book(pages, f"{title}.xlsx", HEADERS, choices=taken)


def _grounds(ground: Ground) -> dict[str, list[str]]:
    return {
        "单位编号": [one.id for one in ground.bodies], "单位名称": [one.name for one in ground.bodies],
        "区划代码": [one.code for one in ground.areas], "区划名称": [one.name for one in ground.areas],
    }  # fmt: skip


_NAMED: dict[str, Callable[[Ground], dict[str, list[str]]]] = {
    "organisations": _grounds, "posts": _grounds,
}  # fmt: skip
"""Tables whose rows name bodies and places."""


async def ask(visit: Visit) -> Any:
    """``GET /admin/import/{id}``: which columns, and where to choose the file."""
    return _page(visit)


def _page(visit: Visit, status: int = 200, **told: Any) -> Any:
    kind, table = _table(visit)
    given: dict[str, Any] = {
        "rows": [], "count": 0, "text": "", "errors": [], "found": "", "refusal": None,
        "took": None,
    }  # fmt: skip
    coded = _codes(visit, table)
    given |= told | {"kind": kind, "table": table, "coded": coded}
    given["columns"] = {one: columns.called(visit.tongue, kind, one) for one in table.columns}
    given["rows"] = columns.told(given["rows"], kind, coded)
    return shown(visit, "admin/import.html", status=status, **given)


async def send(visit: Visit) -> Any:
    """``POST /admin/import/{id}``: looked at, or, once it was, taken."""
    _, table = _table(visit)
    text = visit.field("sheet")
    try:
        if file := visit.files.get("file"):
            if not file.filename:
                return _page(visit, 422)
            text = await aside(_text, file.filename, await file.read())
        rows = await aside(_read, visit.id, text)
        if not visit.field("take"):
            head = list(islice(csv.reader(io.StringIO(text)), _SHOWN + 1))
            return _page(visit, text=text, rows=head, count=_count(rows))
        answer = await _taken(visit, table, (text, rows))
    except Refusal as refusal:
        errors = refusal.facts.get("errors", [])
        found = msgspec.json.encode(errors).decode()
        return _page(visit, 422, text=text, errors=errors, found=found, refusal=refusal)
    return _page(visit, took=_counts(answer.body))


def _count(given: Any) -> int:
    return len(given.rows if isinstance(given, rosters.RosterSheet) else given)


def _text(name: str, data: bytes) -> str:
    held = sheets.as_csv(name, data)
    try:
        return held.decode("utf-8-sig")
    except UnicodeDecodeError:
        return held.decode("gb18030", "replace")


def _read(kind: str, text: str) -> Any:
    """The rows.

    Raises:
        Refusal: ``import.cells``, every bad cell.
    """
    data = text.encode("utf-8", "replace")
    if kind in rosters.ROSTERS:
        return rosters.read_roster(kind, kind, data)
    rows, errors = area_sheets.read_area_csv(data, row_limit=sheets.LIMIT_ROWS)
    sheets.sheet_refused(errors)
    return rows


async def _taken(visit: Visit, table: columns.Table, sheet: tuple[str, Any]) -> Answer:
    text, rows = sheet
    kind, call = visit.id, visit.call(visit.actor(), table.act, text)

    def verb(desk: Desk) -> Answer:
        if kind in rosters.ROSTERS:
            return rosters.import_roster(desk, kind, rows)
        return import_areas(desk, text.encode("utf-8", "replace"), "")

    return await perform(visit.office, call, verb)


def _counts(body: Any) -> dict[str, Any]:
    """What became of the rows, however the sheet tells it."""
    if isinstance(body, dict):
        return {"added": body.get("areas", body.get("added", 0)), "changed": 0, "same": 0,
                "accounts": body.get("accounts", [])}  # fmt: skip
    return {n: getattr(body, n) for n in ("added", "changed", "same", "accounts")}


async def errors(visit: Visit) -> Any:
    """``POST /admin/import/{id}/errors``: the sheet again, with what is wrong beside each row."""
    kind, _ = _table(visit)
    try:
        found = msgspec.json.decode(visit.field("found"), type=list[CellError])
    except msgspec.DecodeError:
        found = []
    name = f'attachment; filename="{kind}-errors.csv"'
    return ASGIResponse(
        body=_marked(visit, visit.field("sheet"), found).encode("utf-8"), media_type="text/csv",
        headers=HEADERS | {"content-disposition": name},
    )  # fmt: skip


def _marked(visit: Visit, text: str, found: list[CellError]) -> str:
    kind, table = _table(visit)
    said: dict[int, list[str]] = {}
    for one in found:
        name, what = (
            columns.heading(kind, one.column),
            visit.tongue.pair(one.message, one.message_en),
        )
        said.setdefault(one.row, []).append(f"{name} {what}".strip())
    spoken = columns.told(list(csv.reader(io.StringIO(text))), kind, _codes(visit, table))
    kept = [at for at, head in enumerate(spoken[0]) if head != WRONG] if spoken else []
    page = io.StringIO()
    writer = csv.writer(page)
    for number, row in enumerate(spoken, start=1):
        wrong = [WRONG] if number == 1 else []
        cells = [_plain(row[at]) for at in kept if at < len(row)]
        writer.writerow([*cells, "；".join([*wrong, *said.get(number, [])])])
    return _BOM + page.getvalue()


def _plain(cell: str) -> str:
    """A cell that a spreadsheet does not take for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t") else cell


PAGES: list[Line] = [
    ("GET", "/admin/import", index, PLAIN),
    ("GET", "/admin/import/{id:str}", ask, PLAIN),
    ("GET", "/admin/import/{id:str}/template.xlsx", template, PLAIN),
    ("POST", "/admin/import/{id:str}", send, SENT),
    ("POST", "/admin/import/{id:str}/errors", errors, SENT),
]
